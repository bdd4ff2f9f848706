"""What an explanation says, as values, and how it reads as text.

All spans are half-open ranges of code points of the source text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from kg.model import Article, Span

Outcome = Literal["statement", "doubtful", "dropped"]
"""A statement of the graph, a statement below the asked confidence, or none."""
_SIGNS = {"statement": "+", "doubtful": "?", "dropped": "-"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An entity of the article by its local id, name and finest class.

    `confidence` is how likely a careful analyst would list it; `listed` says whether it stays in the graph when no
    statement speaks of it.
    """

    id: str
    name: str
    type: str
    confidence: float
    listed: bool

    def __str__(self) -> str:
        return f"{self.id} {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A mention: which rule found it, how sure it is, and which entity it was linked to."""

    span: Span
    text: str
    type: str
    confidence: float
    rule: str
    entity: Named


@dataclass(frozen=True, slots=True, kw_only=True)
class Referring:
    """A role word or pronoun and the entities that it stands for."""

    span: Span
    text: str
    entities: tuple[Named, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word of the segmenter with its tag."""

    text: str
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """A frame that reads a candidate: where it is defined, in which clause it matched, its prior.

    `stopped` says why the match does not count, empty when it does.
    """

    frame: str
    file: str
    line: int
    clause: Span
    clause_text: str
    prior: float
    modality: str
    qualifiers: Mapping[str, str] = field(default_factory=dict)
    stopped: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A candidate statement: who speaks for it, the joint confidence and what became of it.

    `probability` is the ranker's, None where it says nothing. `confidence` is None where no proposal was made.
    """

    subject: Named
    predicate: str
    object: Named
    frames: tuple[Fired, ...]
    probability: float | None
    confidence: float | None
    outcome: Outcome
    reason: str
    rule: str = ""
    modality: str = ""
    attributed_to: str | None = None
    qualifiers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One sentence with everything that was seen in it; `spans` are its pieces in reading order."""

    number: int
    role: str
    spans: tuple[Span, ...]
    text: str
    words: tuple[Word, ...]
    mentions: tuple[Seen, ...]
    references: tuple[Referring, ...]
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What extraction saw in an article, or in the one sentence that was asked for."""

    source: str
    article: int
    title: str
    sentences: tuple[Explained, ...]


def as_text(explanation: Explanation, *, label: Callable[[str], str]) -> str:
    """Return the explanation for people; `label` gives the words for a relation.

    ``+`` marks what became a statement, ``?`` what is below the asked confidence, ``-`` what was dropped.
    """
    lines = [f"{explanation.source}, article {explanation.article}: {explanation.title or '(no headline)'}"]
    for sentence in explanation.sentences:
        lines += ["", *_sentence(sentence, label)]
    return "\n".join(lines) + "\n"


def article_line(article: Article) -> str:
    """Return one line that tells an article from the others of its source."""
    reach = Span(article.spans[0].start, article.spans[-1].end)
    return f"{article.index}: {article.title or '(no headline)'} ({_span(reach)})"


def _sentence(sentence: Explained, label: Callable[[str], str]) -> list[str]:
    lines = [f"sentence {sentence.number} ({sentence.role}) {_pieces(sentence.spans)}", f"  {sentence.text}"]
    lines.append("  words       " + " ".join(f"{w.text}/{w.tag}" for w in sentence.words))
    lines.append("  mentions" if sentence.mentions else "  mentions    none")
    for seen in sentence.mentions:
        entity = seen.entity
        aside = "" if entity.listed else f", in passing: {entity.confidence:.2f}"
        lines.append(
            f"    {_span(seen.span)} {seen.text}  {seen.type} {seen.confidence:.2f} by {seen.rule or 'hand'}"
            f" → {entity} ({entity.type}{aside})"
        )
    if sentence.references:
        lines.append("  references")
    for reference in sentence.references:
        named = ", ".join(map(str, reference.entities)) or "nothing"
        lines.append(f"    {_span(reference.span)} {reference.text} → {named}")
    lines.append("  candidates" if sentence.candidates else "  candidates  none")
    for candidate in sentence.candidates:
        lines += _candidate(candidate, label)
    return lines


def _candidate(candidate: Candidate, label: Callable[[str], str]) -> list[str]:
    predicate = candidate.predicate
    words = label(predicate)
    arrow = predicate if words == predicate else f"{predicate} {words}"
    joint = "" if candidate.confidence is None else f"  {candidate.confidence:.3f}"
    lines = [
        f"    {_SIGNS[candidate.outcome]} {candidate.subject} —{arrow}→ {candidate.object}{joint}  {_fate(candidate)}"
    ]
    for fired in candidate.frames:
        stopped = f"; stopped: {fired.stopped}" if fired.stopped else ""
        lines.append(
            f"        frame {fired.frame} ({fired.file}:{fired.line}), prior {fired.prior:g}, {fired.modality}, "
            f"reads {_span(fired.clause)} “{fired.clause_text}”{stopped}"
        )
    if candidate.probability is not None:
        lines.append(f"        ranker {candidate.probability:.4f}")
    return lines


def _fate(candidate: Candidate) -> str:
    if candidate.outcome == "dropped":
        return f"dropped: {candidate.reason}"
    said = [f"by {candidate.rule}", candidate.modality]
    if candidate.attributed_to:
        said.append(f"according to {candidate.attributed_to}")
    said += [f"{name}={value}" for name, value in sorted(candidate.qualifiers.items())]
    if candidate.outcome == "doubtful":
        said.append(f"left out: {candidate.reason}")
    return ", ".join(said)


def _pieces(spans: tuple[Span, ...]) -> str:
    return ", ".join(map(_span, spans))


def _span(span: Span) -> str:
    return f"{span.start}–{span.end}"
