"""The value types of the frame engine: frames as loaded, matches as found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kg.model import Modality, Span

Distribution = Literal["each", "pairs", "aligned", "parties"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place of a pattern that mentions fill: its types, and whether it takes a coordination of several."""

    name: str
    types: frozenset[str]
    many: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One compiled pattern: `regex` over an encoded window, with its slots and the line it came from.

    A window can only match that has a type of each of `masks` (one per slot, a bit per type).
    """

    regex: re.Pattern[str]
    slots: tuple[Slot, ...]
    masks: tuple[int, ...]
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Carry:
    """Where a slot that the clause leaves out is taken from.

    `source` is ``subject`` (the subject of a clause before, at most `sentences` sentences back), ``main`` (the entity
    of the types that the article is about) or ``event`` (the nearest such entity before in the sentence; the main one
    where the sentence names none).
    """

    slot: str
    source: Literal["subject", "event", "main"]
    types: frozenset[str]
    sentences: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """A frame read inside names: the name of an entity of `types`, which fills `slot`, holds the name of another."""

    slot: str
    types: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An annotated sentence of a frame; `facts` are (subject, relation, object) surfaces, empty for ``no_match``."""

    text: str
    facts: tuple[tuple[str, str, str], ...]
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A declarative pattern for one relation.

    `triggers` are literals of which a sentence must hold one before the regexes are tried. `then` is tried again and
    again behind a match; slots that it does not name keep what they held. `clause_qualifiers` are sub-patterns
    searched in the clause when the pattern itself did not capture the qualifier. `confidence` is a prior between 0 and 1.
    Where more than `limit` parties (0: no limit) would be paired with one another, the frame says nothing. With `within`
    the patterns are tried on names instead of sentences.
    """

    id: str
    relation: str
    patterns: tuple[Pattern, ...]
    confidence: float
    triggers: tuple[str, ...]
    then: Pattern | None = None
    distribution: Distribution = "each"
    limit: int = 0
    carry: Carry | None = None
    within: Within | None = None
    modality: Modality | None = None
    veto: re.Pattern[str] | None = None
    clause_qualifiers: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Frames:
    """All frames in the order of their ids, with what they share: types and the engine's own patterns.

    `veto` and `planned` are searched from a little before a match to its end, `topic` at the head of a clause, `post`
    behind a member of a list. `index` leads from each trigger to the frames that it lets try a sentence, a bit per frame.
    """

    frames: tuple[Frame, ...]
    types: tuple[str, ...]
    veto: re.Pattern[str]
    planned: re.Pattern[str]
    topic: re.Pattern[str]
    post: re.Pattern[str]
    index: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Build the index once, not for every document."""
        index: dict[str, int] = {}
        for k, frame in enumerate(self.frames):
            if frame.within is None:
                for trigger in frame.triggers:
                    index[trigger] = index.get(trigger, 0) | 1 << k
        object.__setattr__(self, "index", index)


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameMatch:
    """One fact that a frame reads in the text. Spans are over ``Reading.text``; `qualifiers` hold raw text.

    Matches that come from one happening (one match of one pattern) share `group`.
    """

    frame: str
    relation: str
    subject: str
    object: str
    subject_span: Span
    object_span: Span
    clause: Span
    confidence: float
    group: str
    qualifiers: Mapping[str, str] = field(default_factory=dict)
    modality: Modality = "stated"
