"""A score as text for people and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from kg.evaluate.figures import Tally
from kg.evaluate.score import Score


def as_text(score: Score, *, details: bool = False) -> str:
    """Return the figures as lines; with `details` one tab-separated line per error follows."""
    return "\n".join(_lines(score, details=details)) + "\n"


def _lines(score: Score, *, details: bool) -> Iterator[str]:
    for name, tally in score.measures.items():
        low_high = "  [{:.3f}, {:.3f}]".format(*score.intervals[name]) if name in score.intervals else ""
        yield (
            f"{name:15s} P {tally.precision:.3f}  R {tally.recall:.3f}  F1 {tally.f1:.3f}{low_high}"
            f"  (gold {tally.right + tally.missed}, system {tally.right + tally.wrong})"
        )
    for name, tally in score.by_relation.items():
        yield (
            f"  {name:20s} P {tally.precision:.2f}  R {tally.recall:.2f}  F1 {tally.f1:.2f}"
            f"  (gold {tally.right + tally.missed}, system {tally.right + tally.wrong})"
        )
    for name, value in score.shares.items():
        yield f"{name:20s} {value:.3f}"
    if details:
        yield from ("\t".join(note) for note in score.details)


def as_json(score: Score, *, details: bool = False) -> str:
    """Return the figures as one JSON object."""
    record: dict[str, Any] = {name: _figures(tally) for name, tally in score.measures.items()}
    for name, (low, high) in score.intervals.items():
        record[name]["f1_interval"] = [low, high]
    record["by_relation"] = {name: _figures(tally) for name, tally in score.by_relation.items()}
    record |= score.shares
    if details:
        record["details"] = ["\t".join(note) for note in score.details]
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def _figures(tally: Tally) -> dict[str, float]:
    return {
        "precision": tally.precision,
        "recall": tally.recall,
        "f1": tally.f1,
        "gold": tally.right + tally.missed,
        "system": tally.right + tally.wrong,
    }
