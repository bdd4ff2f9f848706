"""What stands next to what, as arrays: the statements of an entity in order, its neighbours, occurrences by date.

The triples say all of this, but a hub with ten thousand statements would have to read each of them to show the first fifty.
Entities go by their numbers in the index of names. Arrays of different lengths for every entity lie behind one another;
``…_at`` says where each begins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from kg.serve.stored.arrays import Array, grouped, packed, read_arrays, unpacked, write_arrays

_DAY: Final = re.compile("([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")
_ALWAYS: Final = (0, 99999999)
_ARRAYS: Final = (
    *("plain", "days", "names", "names_at", "statements", "statements_at"),
    *("neighbours", "neighbours_at", "occurrences", "occurrences_at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """The statements of a graph in their order: `ends` are the numbers of subject and object, a row for each.

    The first `plain` statements are accepted and stated. `dated` are the occurrences with their first and last days.
    """

    statements: Sequence[str]
    ends: Array
    plain: int
    dated: Sequence[tuple[str, tuple[int, int]]]


def days(start: str, end: str = "") -> tuple[int, int] | None:
    """Return first and last day of ISO dates, months or years as numbers, None for what is no date.

    >>> days("2023-12"), days("2023-12-02", "2023-12-05"), days("去年")
    ((20231201, 20231231), (20231202, 20231205), None)
    """
    first, last = _DAY.fullmatch(start), _DAY.fullmatch(end or start)
    if first is None or last is None:
        return None
    return int("".join((first[1], first[2] or "01", first[3] or "01"))), int(
        "".join((last[1], last[2] or "12", last[3] or "31"))
    )


def write_adjacency(path: Path, links: Links, *, entities: int) -> None:
    """Write what `links` says about so many entities; raises OutputError."""
    subjects, objects = links.ends.T
    rank = np.arange(len(links.ends))
    other = objects != subjects
    statements_at, statements = grouped(
        np.concatenate([subjects, objects[other]]), np.concatenate([rank, rank[other]]), count=entities
    )
    plain = links.ends[: links.plain]
    plain = plain[plain[:, 0] != plain[:, 1]]
    pairs = np.unique(np.concatenate([plain, plain[:, ::-1]]), axis=0)
    neighbours_at, neighbours = grouped(pairs[:, 0], pairs[:, 1], count=entities)
    latest = sorted(links.dated, key=lambda item: (-item[1][0], item[0]))
    spans = np.asarray([span for _, span in latest], dtype=np.int32).reshape(-1, 2)
    names, names_at = packed(links.statements)
    occurrences, occurrences_at = packed([name for name, _ in latest])
    written = {
        "plain": np.asarray([links.plain], dtype=np.int64),
        "names": names,
        "names_at": names_at,
        "statements": statements.astype(np.uint32),
        "statements_at": statements_at,
        "neighbours": neighbours.astype(np.uint32),
        "neighbours_at": neighbours_at,
        "occurrences": occurrences,
        "occurrences_at": occurrences_at,
        "days": spans,
    }
    write_arrays(path, {name: written[name] for name in _ARRAYS})


class Adjacency:
    """What `write_adjacency` wrote, opened for reading."""

    def __init__(self, path: Path) -> None:
        """Read the arrays; raises OSError if they are not there or not whole."""
        held = read_arrays(path, _ARRAYS)
        self._plain = int(held["plain"][0])
        self._names = (held["names"], held["names_at"])
        self._statements = (held["statements"], held["statements_at"])
        self._neighbours = (held["neighbours"], held["neighbours_at"])
        self._occurrences = (held["occurrences"], held["occurrences_at"])
        self._days = held["days"]

    def statements(self, entity: int, *, limit: int, offset: int) -> list[str]:
        """Return the names of the statements of an entity from number `offset` on, in their order."""
        first = max(offset, 0)
        return unpacked(*self._names, _own(self._statements, entity)[first : first + max(limit, 0)])

    def neighbours(self, entity: int) -> list[int]:
        """Return the numbers of the entities next to one by accepted statements that are stated."""
        found: list[int] = _own(self._neighbours, entity).tolist()
        return found

    def between(self, one: int, other: int) -> list[str]:
        """Return the names of the accepted, stated statements that tie two entities."""
        if one == other:
            return []
        mine, theirs = _own(self._statements, one), _own(self._statements, other)
        both = np.intersect1d(mine, theirs, assume_unique=True)
        return unpacked(*self._names, both[both < self._plain])

    def occurrences(self, *, since: str | None, until: str | None, limit: int) -> list[str]:
        """Return the names of the occurrences that touch the time from `since` to `until`, the latest first.

        A bound that is no date is none.
        """
        first = (days(since or "") or _ALWAYS)[0]
        last = (days(until or "") or _ALWAYS)[1]
        inside = np.flatnonzero((self._days[:, 1] >= first) & (self._days[:, 0] <= last))
        return unpacked(*self._occurrences, inside[: max(limit, 0)])

    def years(self) -> dict[int, int]:
        """Return how many occurrences begin in each year, the earliest year first."""
        found, counts = np.unique(self._days[:, 0] // 10_000, return_counts=True)
        return dict(zip(found.tolist(), counts.tolist(), strict=True))


def _own(values: tuple[Array, Array], entity: int) -> Array:
    at, end = values[1][entity : entity + 2]
    return values[0][at:end]
