"""Which names of an article name one thing: every short form is joined to its best longer form, if one is good enough.

Spellings of one name, definitions in the text (以下简称…, a short form in brackets) and known names (国家发改委) join
without weighing; what the names themselves keep apart (other places, numbers, kinds of body) is never weighed either.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.errors import ResourceError
from kg.model import Mention, Reading
from kg.resolve.abbreviations import KnownNames, definitions
from kg.resolve.likeness import clues, comparable, forbidden, subsequence
from kg.resolve.spellings import spellings
from kg.resolve.surfaces import Surface
from kg.resources import lexicon_rows

THRESHOLD = 0.45


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of the clues; their sum is the log-odds that two names are one."""

    values: Mapping[str, float]

    def probability(self, found: Sequence[str]) -> float:
        """Return how likely two names with the clues `found` name one thing, to six decimals."""
        total = sum(self.values.get(clue, 0.0) for clue in found)
        return round(1.0 / (1.0 + math.exp(-total)), 6)


@functools.cache
def load_weights() -> Weights:
    """Return the weights that ship with newskg. Raises ResourceError for a weight that is no number."""
    values = {}
    for row in lexicon_rows("name_links"):
        try:
            values[row[0]] = float(row[1])
        except (IndexError, ValueError) as error:
            raise ResourceError(
                "lexicons/name_links.tsv", f"a clue and a number were expected, not {row}"
            ) from error
    return Weights(values)


@dataclass(frozen=True, slots=True)
class Pair:
    """A short form and a longer name that could be one thing, by their numbers among the surfaces."""

    short: int
    long: int
    clues: tuple[str, ...]


def pairs(names: Sequence[Surface]) -> list[Pair]:
    """Return every pair worth weighing, short forms in the order of `names`."""
    by_type: dict[str, list[int]] = {}
    for number, name in enumerate(names):
        by_type.setdefault(name.type, []).append(number)
    found = []
    for numbers in by_type.values():
        for short in numbers:
            longer = [
                n
                for n in numbers
                if n != short and names[n].order > names[short].order and comparable(names[short], names[n])
            ]
            for long in longer:
                if forbidden(names[short], names[long]):
                    continue
                rivals = sum(n != long and not _alike(names[n], names[long]) for n in longer)
                found.append(Pair(short, long, tuple(clues(names[short], names[long], rivals=rivals))))
    return found


def _alike(one: Surface, other: Surface) -> bool:
    if one.characters <= other.characters:
        return subsequence(one.key, other.key)
    return other.characters <= one.characters and subsequence(other.key, one.key)


def link(
    names: Sequence[Surface],
    reading: Reading,
    mentions: Sequence[Mention],
    *,
    weights: Weights,
    known: KnownNames,
) -> list[int]:
    """Return for every surface the number of the surface that stands for its group (its own when it is alone)."""
    root = list(range(len(names)))

    def find(n: int) -> int:
        while root[n] != n:
            n = root[n]
        return n

    def join(short: int, long: int) -> None:
        a, b = find(short), find(long)
        if a != b:
            low, high = sorted((a, b), key=lambda n: names[n].order)
            root[low] = high

    for one, other in spellings(names):
        join(one, other)
    defined: set[int] = set()
    for short, long in definitions(names, reading, mentions):
        join(short, long)
        defined.add(short)
    for short, long in known.links(names):
        join(short, long)
        defined.add(short)
    best: dict[int, tuple[float, int]] = {}
    for pair in pairs(names):
        if pair.short in defined or not known.allows(names[pair.short], names[pair.long]):
            continue
        score = weights.probability(pair.clues)
        if score > best.get(pair.short, (THRESHOLD, -1))[0]:
            best[pair.short] = (score, pair.long)
    for short, (_, long) in best.items():
        join(short, long)
    return [find(n) for n in range(len(names))]
