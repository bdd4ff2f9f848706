"""What a user can set for a run, checked once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from kg.errors import UsageError
from kg.model import Layout

BASE_IRI = "https://newskg.example/id/"
MIN_CONFIDENCE = 0.6
"""The confidence from which statements enter the graph unless the user says otherwise."""

SALIENT = 0.45
"""The confidence from which an entity in no statement is kept; set by hand, other values were not tried."""

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*[/#:]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a run; everything here but `workers` may change its result.

    `resources` is a folder with the user's own lexicons, frames and ontology; `workers` is the number of processes, None
    for one per core. Raises UsageError for a value that cannot be meant.

    >>> Settings(min_confidence=0.8).layout
    'auto'
    """

    resources: Path | None = None
    layout: Layout = "auto"
    min_confidence: float = MIN_CONFIDENCE
    base_iri: str = BASE_IRI
    workers: int | None = None

    def __post_init__(self) -> None:
        if self.resources is not None and not self.resources.is_dir():
            raise UsageError(
                f"{self.resources}: no such folder; --resources takes a folder that holds lexicons/, "
                "frames/ or ontology.ttl"
            )
        if self.layout not in get_args(Layout):
            raise UsageError(f"layout {self.layout!r} is unknown; known are {', '.join(get_args(Layout))}")
        if not 0 <= self.min_confidence <= 1:
            raise UsageError(
                f"a confidence is a number from 0 to 1, such as 0.7; {self.min_confidence} is not"
            )
        if not _IRI.fullmatch(self.base_iri):
            raise UsageError(
                f"base IRI {self.base_iri!r} is unusable; an absolute IRI that ends in /, # or : was expected, "
                f"such as {BASE_IRI}"
            )
        if self.workers is not None and self.workers < 1:
            raise UsageError(f"the number of workers is at least 1; {self.workers} is not")
