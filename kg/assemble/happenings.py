"""Occurrences of all articles -> happenings: the same kind with the same parties on the same day is one.

An occurrence without a date joins the only dated one of its kind and parties. What else an article knows of it (place,
amount) comes from the earliest article that says it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kg.assemble.identity import NodeOf, digest
from kg.model import Article, Extraction, Happening, Occurrence

Told = tuple[str, int, str]
"""Source, article index and local id of an occurrence."""

_Parties = tuple[str, tuple[tuple[str, tuple[str, ...]], ...]]


class _Telling(NamedTuple):
    """An occurrence as one article tells it, with its parties resolved."""

    article: Article
    occurrence: Occurrence
    place: str | None
    event: str | None

    @property
    def moment(self) -> tuple[str, str, int, str]:
        a = self.article
        return a.published or "9999", a.source, a.index, self.occurrence.id


def happenings(
    extractions: Sequence[Extraction], node_of: NodeOf
) -> tuple[tuple[Happening, ...], Mapping[Told, str]]:
    """Return the happenings, sorted by id, and the happening of every local occurrence."""
    told: dict[_Parties, list[_Telling]] = defaultdict(list)
    for extraction in extractions:
        for occurrence in extraction.occurrences:
            roles = {
                role: tuple(sorted({node_of(extraction.article, e) for e in those}))
                for role, those in occurrence.roles.items()
            }
            place = node_of(extraction.article, occurrence.place) if occurrence.place else None
            event = node_of(extraction.article, occurrence.event) if occurrence.event else None
            parties = (occurrence.kind, tuple(sorted(roles.items())))
            told[parties].append(_Telling(extraction.article, occurrence, place, event))
    found: dict[str, Happening] = {}
    homes: dict[Told, str] = {}
    for parties, tellings in told.items():
        for same in _by_date(tellings):
            happening = _happening(parties, same)
            found[happening.id] = happening
            homes.update({(t.article.source, t.article.index, t.occurrence.id): happening.id for t in same})
    return tuple(found[id_] for id_ in sorted(found)), homes


def _by_date(tellings: Sequence[_Telling]) -> list[list[_Telling]]:
    dated: dict[str, list[_Telling]] = defaultdict(list)
    for telling in sorted(tellings, key=lambda t: t.moment):
        date = telling.occurrence.date
        dated[date.value if date else ""].append(telling)
    if "" in dated and len(dated) == 2:
        undated = dated.pop("")
        only = next(iter(dated))
        dated[only] = sorted([*dated[only], *undated], key=lambda t: t.moment)
    return [dated[value] for value in sorted(dated)]


def _happening(parties: _Parties, tellings: Sequence[_Telling]) -> Happening:
    kind, roles = parties
    date = next((t.occurrence.date for t in tellings if t.occurrence.date), None)
    identity = [kind, [[role, list(ids)] for role, ids in roles], date.value if date else ""]
    return Happening(
        id=f"{kind.lower()}:{digest(identity)}",
        kind=kind,
        roles=dict(roles),
        date=date,
        place=next((t.place for t in tellings if t.place), None),
        event=next((t.event for t in tellings if t.event), None),
        subject=next((t.occurrence.subject for t in tellings if t.occurrence.subject), ""),
        amount=next((t.occurrence.amount for t in tellings if t.occurrence.amount), None),
    )
