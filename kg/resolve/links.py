"""The links between candidates that share a form of their name: one pure function per block.

A block holds all candidates of one type that are called by one form, as name or as alias. Links are stars, not cliques: the
number of links grows with the number of candidates. A link says why it is there and how much it weighs; whether it may
join two groups is decided by `kg.resolve.groups`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from kg.resolve.candidates import Candidate, Ref
from kg.resolve.forms import Form, kind_of_body, normal

Called = Literal["name", "alias", "stem"]


class Member(NamedTuple):
    """A candidate in a block, with the form that brought it there."""

    called: Called
    candidate: Candidate
    form: Form


class Link(NamedTuple):
    """Two candidates that are one thing, with the reason. Links with a smaller `rank` are surer and joined first."""

    rank: int
    reason: str
    one: Ref
    other: Ref


SAME_NAME, CONTINUED, PLACED, ALIAS, STEM, EMPLOYER, NEIGHBOUR, TITLE = range(8)
DECIDED = -1
"""The rank of what a person decided; it is not refused for what the articles say."""

_ALIAS_LENGTH = 4
"""Characters from which an alias tells a thing from others without more."""

_LONE_ALIAS_LENGTH = 3
"""Characters from which an alias does so when only one thing is known to bear it."""


def members(candidates: Iterable[Candidate]) -> dict[tuple[str, str], list[Member]]:
    """Return the blocks, by type and key; candidates are in order within each."""
    blocks: dict[tuple[str, str], list[Member]] = defaultdict(list)
    for candidate in candidates:
        if candidate.type == "Person":
            continue
        if candidate.form.sufficiency == "full":
            blocks[candidate.type, candidate.form.key].append(Member("name", candidate, candidate.form))
            if candidate.form.stem:
                blocks[candidate.type, candidate.form.stem].append(Member("stem", candidate, candidate.form))
        for form in candidate.alias_forms:
            if form.sufficiency == "full" and form.key != candidate.form.key and not form.is_division:
                blocks[candidate.type, form.key].append(Member("alias", candidate, form))
    return blocks


def block_links(block: Sequence[Member]) -> tuple[Link, ...]:
    """Return the links within one block: equal names, then aliases and stems that name only one thing."""
    named = [m for m in block if m.called == "name"]
    links: list[Link] = []
    for group in _by_time(named):
        first = group[0]
        for member in group[1:]:
            links.append(_same(first, member))
    for called in ("alias", "stem"):
        bearers = [m for m in block if m.called == called and m.candidate.form.sufficiency == "full"]
        if bearers and named and len({m.candidate.form.key for m in bearers}) == 1:
            links += _other_names(named, bearers)
    return tuple(links)


def _by_time(named: Sequence[Member]) -> list[list[Member]]:
    """Return members that may be one by their time: events of different years are different events.

    Events of which no year is known are of the only year known, or else among themselves.
    """
    if not named or named[0].candidate.type != "Event":
        return [list(named)] if named else []
    years: dict[str, list[Member]] = defaultdict(list)
    for member in named:
        years[member.candidate.year].append(member)
    return [list(named)] if len(years.keys() - {""}) == 1 else [years[year] for year in sorted(years)]


def _same(first: Member, member: Member) -> Link:
    one, other = first.candidate, member.candidate
    if normal(one.entity.name) == normal(other.entity.name) and not (
        one.form.full_name and one.type == "Organization"
    ):
        return Link(SAME_NAME, f"same name: {one.entity.name}", one.ref, other.ref)
    if one.name == other.name and (one.name != one.entity.name or other.name != other.entity.name):
        return Link(SAME_NAME, f"known names: {one.entity.name} = {other.entity.name}", one.ref, other.ref)
    if one.form.placed:
        return Link(
            PLACED, f"same place and body: {one.entity.name} = {other.entity.name}", one.ref, other.ref
        )
    return Link(SAME_NAME, f"same name: {one.entity.name} = {other.entity.name}", one.ref, other.ref)


def _other_names(named: Sequence[Member], bearers: Sequence[Member]) -> list[Link]:
    what, rank = ("legal form", STEM) if bearers[0].called == "stem" else ("alias", ALIAS)
    years = {m.candidate.year for m in (*named, *bearers)} - {""}
    links = []
    for member in named:
        bearer = _nearest(member, bearers, years=years)
        if bearer is None or part_of_other(member.form, bearer.candidate.form):
            continue
        reason = f"{what}: {member.candidate.entity.name} = {bearer.candidate.entity.name}"
        links.append(Link(rank, reason, bearer.candidate.ref, member.candidate.ref))
    return links


def _nearest(member: Member, bearers: Sequence[Member], *, years: set[str]) -> Member | None:
    """Return the first bearer whose alias or stem is enough to name it where `member` stands; `years` are those known."""
    length = len(member.form.text)
    enough = member.form.placed or length >= _ALIAS_LENGTH
    for bearer in bearers:
        one, other = member.candidate, bearer.candidate
        if one.type == "Event" and one.year != other.year and len(years) > 1:
            continue
        if enough or bearer.called == "stem" or length >= _LONE_ALIAS_LENGTH or _share_place(one, other):
            return bearer
    return None


def _share_place(one: Candidate, other: Candidate) -> bool:
    """Whether two articles speak of one prefecture, county or municipality."""
    return bool({c[:4] for c in one.context if len(c) > 2} & {c[:4] for c in other.context if len(c) > 2})


def part_of_other(short: Form, full: Form) -> bool:
    """Whether `short` names the whole and `full` a part of it, or both name parts of different kinds.

    A bank is no alias of its branch, though the branch's article may call it so.
    """
    one, other = kind_of_body(short.text), kind_of_body(full.text)
    if one and other:
        return one != other
    if other and other not in ("government", "party"):
        return full.text.startswith(short.text)
    return False
