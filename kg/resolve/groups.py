"""Union-find over links that refuses to join what must stay apart.

Two groups stay apart when their subtypes exclude each other, when one article names a member of each (what a text keeps
apart is never merged by what another text says), or when both have ties and share none (a person's employers, the year of
an event).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from kg.resolve.candidates import ArticleKey, Candidate, Ref
from kg.resolve.forms import subtypes_agree
from kg.resolve.links import Link


class Groups:
    """Candidates in groups, each one real thing; joining is done surest link first, so that order does not matter."""

    def __init__(
        self, candidates: Iterable[Candidate], *, ties: Mapping[Ref, frozenset[str]] | None = None
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

    def join(self, links: Iterable[Link]) -> None:
        """Join what `links` connect, as far as nothing keeps it apart."""
        for link in sorted(set(links)):
            one, other = self._root(link.one), self._root(link.other)
            if one == other:
                continue
            if not self._compatible(one, other):
                continue
            if len(self._articles[one]) < len(self._articles[other]):
                one, other = other, one
            self._parent[other] = one
            self._subtypes[one] |= self._subtypes.pop(other)
            self._ties[one] |= self._ties.pop(other)
            for article, names in self._articles.pop(other).items():
                self._articles[one].setdefault(article, set()).update(names)
            self._reasons[one] |= self._reasons.pop(other, set()) | {link.reason}

    def members(self) -> list[tuple[tuple[Candidate, ...], tuple[str, ...]]]:
        """Return the groups with the reasons for them, members sorted by reference, groups by first member."""
        found: dict[Ref, list[Candidate]] = defaultdict(list)
        for ref in sorted(self._candidates):
            found[self._root(ref)].append(self._candidates[ref])
        return [(tuple(group), tuple(sorted(self._reasons.get(root, ())))) for root, group in found.items()]

    def roots(self) -> Mapping[Ref, Ref]:
        """Return for every candidate a reference that is the same for all of its group."""
        first: dict[Ref, Ref] = {}
        return {ref: first.setdefault(self._root(ref), ref) for ref in sorted(self._candidates)}

    def _root(self, ref: Ref) -> Ref:
        while self._parent[ref] != ref:
            self._parent[ref] = self._parent[self._parent[ref]]
            ref = self._parent[ref]
        return ref

    def _compatible(self, one: Ref, other: Ref) -> bool:
        if not all(subtypes_agree(a, b) for a in self._subtypes[one] for b in self._subtypes[other]):
            return False
        if self._ties[one] and self._ties[other] and not self._ties[one] & self._ties[other]:
            return False
        fewer, more = sorted((self._articles[one], self._articles[other]), key=len)
        return all(more[article] == names for article, names in fewer.items() if article in more)


def _own_name(candidate: Candidate) -> str:
    """Return what tells entities of one article apart: the name, for a person the entity itself."""
    return candidate.ref.entity if candidate.type == "Person" else candidate.form.key
