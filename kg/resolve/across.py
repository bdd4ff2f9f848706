"""Entities of all articles -> identities: which local entities are one real thing, under which id, and why.

The work is a pure function per block (`links.block_links`, `persons.block_links`: candidates that share a form of their
name) and a union-find over the links that these find (`groups.Groups`). An engine for large collections only has to group
and sort around the same functions. Input order never matters.

Decisions:

- One name, two types. A Place and an Organization of one name (高新区) are the ground and the body that runs it. They become
  one thing where the ontology lets one of the two types make all statements of both; else they stay two. Tried first is
  Place for an administrative division, else the type that more articles give. Other types never merge with one another.
- Spellings. 浙江科技厅, 浙江省科技厅 and 浙江省科学技术厅 have one key: place by its division code, short head written out.
- 市科协 belongs to the only city that its article speaks of, or else to that article alone. A name of kind alone (管委会)
  belongs to its article alone.
- An alias links only when all that bear it are one thing and it is long enough, or else (below three characters) the
  articles speak of one prefecture.
- An event of one year is not the event of another; one of which no year is known is that of the only year known.
- What a person decided (`Constraints`) holds first: what is one thing, what are two, and what a thing is called.
- Both halves of an article that goes on elsewhere count as one article: there the same name is the same thing, also for
  persons.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

from kg.model import Constraints, Extraction, Identity, Join
from kg.resolve.candidates import ArticleKey, Candidate, Ref, candidates
from kg.resolve.groups import Groups, Side, opposed, sides_of
from kg.resolve.halves import first_halves
from kg.resolve.links import CONTINUED, SAME_NAME, Link, block_links, members
from kg.resolve.naming import Thing, canonical_name, identities, ordered, with_joins
from kg.resolve.persons import Post, person_links, posts

Admits = Callable[[str, str, str], bool]
"""Whether the ontology lets a predicate (second) lead from one class to another; an empty class is any class."""


def identify(
    extractions: Sequence[Extraction], *, admits: Admits | None = None, constraints: Constraints | None = None
) -> tuple[Identity, ...]:
    """Return the identities of all entities of `extractions`, sorted by id; every local entity is a member of one.

    `admits(subject_type, predicate, object_type)` is the ontology's word on types; without it a Place and an Organization
    of one name stay two. `constraints` are decisions that come before all that names and articles say.
    """
    decided = constraints or Constraints()
    everyone = candidates(extractions, homes=first_halves(extractions))
    others = tuple(c for c in everyone if c.type != "Person")
    persons = tuple(c for c in everyone if c.type == "Person")
    things, joins = _things(others, extractions, admits, decided)
    # a person is told from namesakes by what the articles call the employer: decisions about it rename nobody
    as_told = things if constraints is None else _things(others, extractions, admits, Constraints())[0]
    names = {c.ref: canonical_name(thing) for thing in as_told for c in thing.members}
    found = identities(things, employer_of=lambda _: None, constraints=decided)
    held = posts(extractions)
    people, more_joins = _people(persons, held, _seats(found, others), others, decided)

    def employer_of(person: Candidate) -> str | None:
        return next((names[p.employer] for p in held.get(person.ref, ()) if p.employer in names), None)

    taken = [identity.id for identity in found]
    found += identities(people, employer_of=employer_of, taken=taken, constraints=decided)
    return ordered(with_joins(found, [*joins, *more_joins]))


def _things(
    others: Sequence[Candidate],
    extractions: Sequence[Extraction],
    admits: Admits | None,
    decided: Constraints,
) -> tuple[list[Thing], list[Join]]:
    links = [link for block in members(others).values() for link in block_links(block)]
    years = {c.ref: frozenset({c.year}) for c in others if c.type == "Event" and c.year}
    groups = Groups(others, ties=years, constraints=decided)
    groups.join([*links, *_continued(others), *_same_side(others, decided)])
    things = [Thing(_type(group), group, reasons) for group, reasons in groups.members()]
    if admits is not None:
        things = _one_sense(things, _uses(extractions), admits, sides_of((), decided))
    return things, groups.joins()


def _type(group: Sequence[Candidate]) -> str:
    """Return the type of a group, that of most members where a person joined things of several types."""
    counts = Counter(candidate.type for candidate in group)
    return max(counts, key=lambda type_: (counts[type_], type_))


def _people(
    persons: Sequence[Candidate],
    held: Mapping[Ref, tuple[Post, ...]],
    seats: Mapping[Ref, str],
    others: Sequence[Candidate],
    decided: Constraints,
) -> tuple[list[Thing], list[Join]]:
    mentioned: dict[ArticleKey, set[str]] = defaultdict(set)
    for candidate in others:
        if candidate.type in ("Place", "Organization") and candidate.form.sufficiency == "full":
            mentioned[candidate.home].add(seats[candidate.ref])
    links = person_links(
        persons, posts=held, things=seats, mentioned={home: frozenset(ids) for home, ids in mentioned.items()}
    )
    ties = {
        ref: frozenset(seats[p.employer] for p in those if p.employer in seats) for ref, those in held.items()
    }
    groups = Groups(persons, ties=ties, constraints=decided)
    groups.join([*links, *_continued(persons), *_same_side(persons, decided)])
    return [Thing("Person", group, reasons) for group, reasons in groups.members()], groups.joins()


def _same_side(everyone: Sequence[Candidate], decided: Constraints) -> list[Link]:
    """Return links between equal names on one side of a decision: what tied them may be on its other side."""
    candidates_by_ref = {candidate.ref: candidate for candidate in everyone}
    links = []
    for apart in decided.apart:
        for side in (apart.one, apart.other):
            named: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
            for ref in sorted(Ref(*member) for member in side):
                if (candidate := candidates_by_ref.get(ref)) is not None:
                    named[candidate.type, candidate.form.key].append(candidate)
            for first, *rest in named.values():
                reason = f"same name: {first.entity.name}"
                links += [Link(SAME_NAME, reason, first.ref, other.ref) for other in rest]
    return links


def _seats(found: Sequence[Identity], others: Sequence[Candidate]) -> dict[Ref, str]:
    """Return what every place and organization is, a division and its government and committee being the same."""
    forms = {c.ref: c.form for c in others}
    seats: dict[Ref, str] = {}
    for identity in found:
        refs = [Ref(*member) for member in identity.members]
        code = next((seat for ref in refs if (seat := forms[ref].seat)), None)
        seats.update(dict.fromkeys(refs, f"@{code}" if code else identity.id))
    return seats


def _continued(everyone: Sequence[Candidate]) -> list[Link]:
    """Return links between equal names in the halves of one article."""
    blocks: dict[tuple[ArticleKey, str, str], list[Candidate]] = defaultdict(list)
    for candidate in everyone:
        blocks[candidate.home, candidate.type, candidate.form.text].append(candidate)
    links = []
    for block in blocks.values():
        first = block[0]
        for other in block[1:]:
            if other.ref[:2] != first.ref[:2]:
                reason = f"one article on two pages: {first.entity.name}"
                links.append(Link(CONTINUED, reason, first.ref, other.ref))
    return links


Use = tuple[str, bool]
"""A predicate, and whether the entity is its subject (else its object)."""


def _uses(extractions: Sequence[Extraction]) -> dict[Ref, set[Use]]:
    uses: dict[Ref, set[Use]] = defaultdict(set)
    for extraction in extractions:
        source, article = extraction.article.source, extraction.article.index
        for statement in extraction.statements:
            uses[Ref(source, article, statement.subject)].add((statement.predicate, True))
            uses[Ref(source, article, statement.object)].add((statement.predicate, False))
    return uses


def _one_sense(
    things: Sequence[Thing], uses: Mapping[Ref, set[Use]], admits: Admits, sides: Mapping[Ref, set[Side]]
) -> list[Thing]:
    """Join places and organizations of one name where one type can say all that is said of both."""
    named: dict[str, list[Thing]] = defaultdict(list)
    for thing in things:
        if thing.type in ("Place", "Organization"):
            for key in {c.form.key for c in thing.members if c.form.sufficiency == "full"}:
                named[key].append(thing)
    gone: set[Ref] = set()
    joined: list[Thing] = []
    for key in sorted(named):
        pair = sorted(named[key], key=lambda thing: thing.type, reverse=True)
        if [thing.type for thing in pair] != ["Place", "Organization"] or any(
            t.members[0].ref in gone for t in pair
        ):
            continue
        place, body = pair
        if opposed(*({side for c in thing.members for side in sides.get(c.ref, ())} for thing in pair)):
            continue
        said = {use for thing in pair for c in thing.members for use in uses.get(c.ref, ())}
        type_ = next(
            (t for t in ("Place", "Organization") if all(_possible(use, t, admits) for use in said)), None
        )
        if type_ is None:
            continue
        reason = f"place and body of one name: {canonical_name(place)}"
        both = tuple(sorted((*place.members, *body.members), key=lambda c: c.ref))
        joined.append(Thing(type_, both, tuple(sorted({*place.reasons, *body.reasons, reason}))))
        gone |= {place.members[0].ref, body.members[0].ref}
    return [thing for thing in things if thing.members[0].ref not in gone] + joined


def _possible(use: Use, type_: str, admits: Admits) -> bool:
    predicate, subject = use
    return admits(type_, predicate, "") if subject else admits("", predicate, type_)
