"""Names and ids of resolved things: ``type:name``, with a discriminator where the name alone would not do.

A person always carries one, ``person:王刚（聊城市）``: the employer in the earliest evidence, or else the article. So does a
thing whose name says only of what kind it is (市科协 of a city that the article does not tell). Where two other things share
a name, the one with the earlier evidence keeps it bare; whoever turns up later renames nobody.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from kg.model import Article, Constraints, Division, Identity, Join, Member
from kg.resolve.candidates import Candidate, Moment
from kg.resolve.divisions import divisions
from kg.resolve.forms import is_local


class Thing(NamedTuple):
    """A group of candidates that is one thing, with its type and the reasons for joining them."""

    type: str
    members: tuple[Candidate, ...]
    reasons: tuple[str, ...]

    @property
    def earliest(self) -> Candidate:
        """The member with the earliest evidence."""
        return min(self.members, key=lambda c: c.moment)


def identities(
    things: Iterable[Thing],
    *,
    employer_of: Callable[[Candidate], str | None],
    taken: Iterable[str] = (),
    constraints: Constraints | None = None,
) -> tuple[Identity, ...]:
    """Return the identities of `things`, in order of their earliest evidence, with ids that differ from `taken`.

    `employer_of` gives the name of a person's employer in one article, None where it states none. Things that `constraints`
    name come last, so that they take no id from another.
    """
    used = set(taken)
    decided = constraints or Constraints()
    found = []
    for thing in sorted(things, key=lambda t: (_given_name(t, decided) is not None, _moment(t), t.type)):
        name = _given_name(thing, decided) or canonical_name(thing)
        ids = (f"{thing.type.lower()}:{name}{mark}" for mark in _marks(thing, employer_of))
        chosen = next(id_ for id_ in ids if id_ not in used)
        used.add(chosen)
        found.append(
            Identity(
                id=chosen,
                type=thing.type,
                name=name,
                subtype=_subtype(thing),
                members=tuple((c.ref.source, c.ref.article, c.ref.entity) for c in thing.members),
                merged_because=thing.reasons,
                local_names=_local_names(thing),
                divisions=_divisions_of(thing),
                is_division=is_division(thing),
                corrected_by=tuple(
                    sorted({words for c in thing.members for words in decided.corrected_by.get(c.ref, ())})
                ),
            )
        )
    return tuple(found)


def with_joins(found: Iterable[Identity], joins: Iterable[Join]) -> tuple[Identity, ...]:
    """Return the identities with the links between their members, and the refused ones on that of their first end."""
    inside: dict[Member, list[Join]] = defaultdict(list)
    for join in joins:
        inside[join.one].append(join)
    return tuple(
        replace(
            identity,
            joins=_sorted(j for member in identity.members for j in inside.get(member, ()) if not j.apart),
            near=_sorted(j for member in identity.members for j in inside.get(member, ()) if j.apart),
        )
        for identity in found
    )


def _sorted(joins: Iterable[Join]) -> tuple[Join, ...]:
    return tuple(sorted(joins, key=lambda j: (j.rank, j.reason, j.one, j.other)))


def _given_name(thing: Thing, decided: Constraints) -> str | None:
    """Return the name that a person gave `thing`, None where nobody did."""
    given = sorted({decided.names[c.ref] for c in thing.members if c.ref in decided.names})
    return given[0] if given else None


def _moment(thing: Thing) -> Moment:
    return thing.earliest.moment


def canonical_name(thing: Thing) -> str:
    """Return the official name of a division, the name with its place where it was left out, else the usual name.

    The usual name is the one that most articles give as the fullest; of equally usual ones the longest.
    """
    official = sorted({c.form.full_name for c in thing.members if c.form.full_name})
    if thing.type == "Place" and official:
        return official[0]
    own = [c for c in thing.members if not c.form.full_name]
    if not own:
        return max(official, key=lambda name: (len(name), name))
    usual = [c for c in own if c.form.sufficiency == "full"] or own
    homes = {(c.name, c.home) for c in usual}
    counts = Counter(name for name, _ in homes)
    return max(counts, key=lambda name: (counts[name], len(name), name))


def is_division(thing: Thing) -> bool:
    """Whether `thing` is an administrative division."""
    return thing.type == "Place" and any(c.form.is_division and c.type == "Place" for c in thing.members)


def _divisions_of(thing: Thing) -> tuple[Division, ...]:
    """Return the division that the name of a place or body begins with, and those above; none where members disagree."""
    if thing.type not in ("Place", "Organization"):
        return ()
    own = [c for c in thing.members if c.form.is_division] if is_division(thing) else thing.members
    codes = {c.form.codes[0] for c in own if len(c.form.codes) == 1}
    lowest = [code for code in sorted(codes) if not any(o != code and o.startswith(code) for o in codes)]
    return divisions().chain(lowest[0]) if len(lowest) == 1 else ()


def _local_names(thing: Thing) -> tuple[str, ...]:
    """Return what only its own article understands: 市政府, 管委会."""
    called = {name for c in thing.members for name in (c.entity.name, *c.entity.aliases)}
    return tuple(sorted(name for name in called if is_local(name, thing.type)))


def _subtype(thing: Thing) -> str:
    # a thing that one article takes for a body and others for a place has the type of most; a subtype goes with its own type
    counts = Counter(
        c.entity.subtype for c in thing.members if c.entity.subtype and c.entity.type == thing.type
    )
    return max(counts, key=lambda s: (counts[s], s)) if counts else ""


def _marks(thing: Thing, employer_of: Callable[[Candidate], str | None]) -> Iterator[str]:
    """Yield discriminators, the preferred one first; one of them is always free."""
    first = thing.earliest
    always = thing.type == "Person" or all(c.form.sufficiency != "full" for c in thing.members)
    if not always:
        yield ""
        if first.entity.subtype:
            yield f"（{first.entity.subtype}）"
        if thing.type == "Event" and first.year:
            yield f"（{first.year}）"
    elif thing.type == "Person":
        employer = employer_of(first)
        if employer:
            yield f"（{employer}）"
    yield from _article_marks(first.article, first.moment)


def _article_marks(article: Article, moment: Moment) -> Iterator[str]:
    if article.title:
        yield f"（{article.title}）"
        if article.published:
            yield f"（{article.title}，{article.published}）"
    place = f"{article.source}#{article.index}"
    yield f"（{place}）"
    yield f"（{place}，{moment.start}）"
    yield f"（{place}，{moment.entity}）"


def ordered(found: Sequence[Identity]) -> tuple[Identity, ...]:
    """Return identities sorted by id."""
    return tuple(sorted(found, key=lambda identity: identity.id))
