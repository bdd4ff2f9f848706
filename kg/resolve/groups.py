"""Union-find over links that refuses to join what must stay apart.

Two groups stay apart when their subtypes exclude each other, when one article names a member of each (what a text keeps
apart is never merged by what another text says), or when both have ties and share none (a person's employers, the year of
an event). What a person decided comes before all that: groups with a member on either side of a decision stay apart, also
when a third would tie them, and what a person joins is one thing whatever speaks against it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from kg.model import Constraints, Join
from kg.resolve.candidates import ArticleKey, Candidate, Ref
from kg.resolve.forms import subtypes_agree
from kg.resolve.links import DECIDED, Link

Side = tuple[int, int]
"""A decision that two things are two, by its number, and the side of it."""


class Groups:
    """Candidates in groups, each one real thing; joining is done surest link first, so that order does not matter."""

    def __init__(
        self,
        candidates: Iterable[Candidate],
        *,
        ties: Mapping[Ref, frozenset[str]] | None = None,
        constraints: Constraints | None = None,
    ) -> None:
        self._candidates: dict[Ref, Candidate] = {c.ref: c for c in candidates}
        self._parent: dict[Ref, Ref] = {ref: ref for ref in self._candidates}
        self._subtypes: dict[Ref, set[str]] = {
            ref: {c.entity.subtype} - {""} for ref, c in self._candidates.items()
        }
        self._articles: dict[Ref, dict[ArticleKey, set[str]]] = {
            ref: {ref[:2]: {_own_name(c)}} for ref, c in self._candidates.items()
        }
        self._ties: dict[Ref, frozenset[str]] = {
            ref: (ties or {}).get(ref, frozenset()) for ref in self._candidates
        }
        self._reasons: dict[Ref, set[str]] = defaultdict(set)
        self._joins: list[Join] = []
        self._decisions = [_decided(t.members, t.reason) for t in (constraints or Constraints()).together]
        self._sides: dict[Ref, set[Side]] = sides_of(self._candidates, constraints or Constraints())

    def join(self, links: Iterable[Link]) -> None:
        """Join what `links` connect, as far as nothing keeps it apart, and then what was decided to be one thing."""
        for link in sorted(set(links)):
            one, other = self._root(link.one), self._root(link.other)
            if one == other:
                continue
            obstacle = self._obstacle(one, other)
            self._joins.append(
                Join(reason=link.reason, rank=link.rank, one=link.one, other=link.other, apart=obstacle)
            )
            if not obstacle:
                self._unite(one, other, link.reason)
        for link in sorted(link for decision in self._decisions for link in decision):
            if link.one in self._candidates and link.other in self._candidates:
                one, other = self._root(link.one), self._root(link.other)
                if one == other:
                    self._reasons[one].add(link.reason)
                elif not opposed(self._sides[one], self._sides[other]):
                    self._unite(one, other, link.reason)

    def _unite(self, one: Ref, other: Ref, reason: str) -> None:
        if len(self._articles[one]) < len(self._articles[other]):
            one, other = other, one
        self._parent[other] = one
        self._subtypes[one] |= self._subtypes.pop(other)
        self._ties[one] |= self._ties.pop(other)
        self._sides[one] |= self._sides.pop(other)
        for article, names in self._articles.pop(other).items():
            self._articles[one].setdefault(article, set()).update(names)
        self._reasons[one] |= self._reasons.pop(other, set()) | {reason}

    def members(self) -> list[tuple[tuple[Candidate, ...], tuple[str, ...]]]:
        """Return the groups with the reasons for them, members sorted by reference, groups by first member."""
        found: dict[Ref, list[Candidate]] = defaultdict(list)
        for ref in sorted(self._candidates):
            found[self._root(ref)].append(self._candidates[ref])
        return [(tuple(group), tuple(sorted(self._reasons.get(root, ())))) for root, group in found.items()]

    def joins(self) -> list[Join]:
        """Return the links that joined, and those that were refused between what are now two groups."""
        return [j for j in self._joins if not j.apart or self._root(Ref(*j.one)) != self._root(Ref(*j.other))]

    def roots(self) -> Mapping[Ref, Ref]:
        """Return for every candidate a reference that is the same for all of its group."""
        first: dict[Ref, Ref] = {}
        return {ref: first.setdefault(self._root(ref), ref) for ref in sorted(self._candidates)}

    def _root(self, ref: Ref) -> Ref:
        while self._parent[ref] != ref:
            self._parent[ref] = self._parent[self._parent[ref]]
            ref = self._parent[ref]
        return ref

    def _obstacle(self, one: Ref, other: Ref) -> str:
        """Return what keeps two groups apart, an empty string if nothing does."""
        if opposed(self._sides[one], self._sides[other]):
            return "a correction keeps them apart"
        pairs = sorted(
            (a, b) for a in self._subtypes[one] for b in self._subtypes[other] if not subtypes_agree(a, b)
        )
        if pairs:
            return f"one is {pairs[0][0]}, the other {pairs[0][1]}"
        if self._ties[one] and self._ties[other] and not self._ties[one] & self._ties[other]:
            return "nothing in common of employer or year"
        fewer, more = sorted((self._articles[one], self._articles[other]), key=len)
        if all(more[article] == names for article, names in fewer.items() if article in more):
            return ""
        return "one article names both"


def sides_of(refs: Iterable[Ref], constraints: Constraints) -> dict[Ref, set[Side]]:
    """Return on which sides of the decisions `refs` stand; what is decided to be one thing stands on the same sides."""
    sides: dict[Ref, set[Side]] = {ref: set() for ref in refs}
    for number, apart in enumerate(constraints.apart):
        for side, members in enumerate((apart.one, apart.other)):
            for member in members:
                sides.setdefault(Ref(*member), set()).add((number, side))
    todo = [[Ref(*member) for member in together.members] for together in constraints.together]
    changed = True
    while changed:
        changed = False
        for refs_of_one in todo:
            joined = set().union(*(sides.get(ref, set()) for ref in refs_of_one))
            for ref in refs_of_one:
                if sides.setdefault(ref, set()) != joined:
                    sides[ref] = set(joined)
                    changed = True
    return sides


def opposed(one: Iterable[Side], other: Iterable[Side]) -> bool:
    """Whether a decision has `one` on one side and `other` on the other.

    >>> opposed({(0, 1), (3, 0)}, {(3, 1)}), opposed({(0, 1)}, {(0, 1), (1, 0)})
    (True, False)
    """
    opposite = {(number, 1 - side) for number, side in other}
    return any(side in opposite for side in one)


def _decided(members: Sequence[tuple[str, int, str]], reason: str) -> list[Link]:
    first, *others = sorted(Ref(*member) for member in members)
    return [Link(DECIDED, reason, first, other) for other in others]


def _own_name(candidate: Candidate) -> str:
    """Return what tells entities of one article apart: the name, for a person the entity itself."""
    return candidate.ref.entity if candidate.type == "Person" else candidate.form.key
