"""The protocol of the extracting stages and the check that their order makes sense.

A stage is a callable ``Document -> Document`` that says which layers of the document it reads and which it adds. Stages get
their resources when they are built; none opens a file while it runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from typing import Protocol

from kg.errors import InvariantError
from kg.model import Document


class Layer(Enum):
    """What a stage can add to a document."""

    READING = auto()
    TOKENS = auto()
    MENTIONS = auto()
    ENTITIES = auto()
    REFERENCES = auto()
    STATEMENTS = auto()
    OCCURRENCES = auto()


class Stage(Protocol):
    """One step of extraction; the members are properties so that a frozen dataclass satisfies them."""

    @property
    def name(self) -> str:
        """The name under which errors speak of the stage."""
        ...

    @property
    def needs(self) -> frozenset[Layer]:
        """The layers that must be there before the stage runs."""
        ...

    @property
    def adds(self) -> frozenset[Layer]:
        """The layers that are there afterwards."""
        ...

    def __call__(self, document: Document) -> Document:
        """Return the document with the layers added."""
        ...


def check(stages: Sequence[Stage], *, given: frozenset[Layer] = frozenset({Layer.READING})) -> None:
    """Raise InvariantError when a stage needs a layer that neither `given` nor an earlier stage provides."""
    there = set(given)
    for position, stage in enumerate(stages):
        lacking = sorted(layer.name.lower() for layer in stage.needs - there)
        if lacking:
            raise InvariantError(
                f"stage {stage.name!r} (number {position}) needs {', '.join(lacking)}, which no earlier stage adds"
            )
        there |= stage.adds


def run(stages: Sequence[Stage], document: Document) -> Document:
    """Return `document` after every stage in turn."""
    for stage in stages:
        document = stage(document)
    return document
