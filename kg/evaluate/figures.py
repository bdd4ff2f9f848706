"""Precision, recall, F1 and their bootstrap intervals."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

ROUNDS = 400
"""Resamplings behind an interval."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Right answers, wrong answers and misses.

    >>> Tally(6, 2, 4).f1
    0.6667
    """

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float:
        """The share of answers that are right; 0 without answers."""
        return share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """The share of what was to be found that was found; 0 when there was nothing to find."""
        return share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall, to four decimals."""
        return share(2 * self.right, 2 * self.right + self.wrong + self.missed)


def share(part: int, whole: int) -> float:
    """Return ``part / whole`` to four decimals, 0 for an empty whole."""
    return round(part / whole, 4) if whole else 0.0


def total(tallies: Sequence[Tally]) -> Tally:
    """Return the sum of `tallies`."""
    return Tally(sum(t.right for t in tallies), sum(t.wrong for t in tallies), sum(t.missed for t in tallies))


def f1_interval(documents: Sequence[Tally], *, rounds: int = ROUNDS) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of F1 over documents; (0, 0) without documents.

    The resampling starts from a fixed seed, so that the same tallies give the same interval.
    """
    if not documents:
        return 0.0, 0.0
    dice = random.Random(1)  # noqa: S311 - resampling, not secrets; the seed makes it repeatable
    values = sorted(total(dice.choices(documents, k=len(documents))).f1 for _ in range(rounds))
    return values[int(rounds * 0.025)], values[int(rounds * 0.975)]
