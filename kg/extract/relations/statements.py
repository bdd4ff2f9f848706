"""From frame matches and ranked pairs to statements with evidence.

Where the ranker knows a relation, its probability (to which the frames contribute as features), the frame's prior and the
circumstances make the confidence; a frame of a relation that the ranker was not taught, such as a user's own, speaks with
its own. A statement names the frame that reads it, or else the ranker.
"""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from kg.extract.frames.model import FrameMatch
from kg.extract.relations.candidates import Instance, View
from kg.extract.relations.circumstances import Key, Voices, circumstances
from kg.extract.relations.ranker import Ranked
from kg.model import Document, Evidence, Modality, Span, Statement

RULE = "ranker"
EXCLUSIVE = (
    frozenset({"signsAgreementWith", "cooperatesWith"}),
    frozenset({"hosts", "undertakes", "supports", "participatesIn"}),
    frozenset({"partOf", "locatedIn"}),
    frozenset({"acquires", "holdsSharesIn", "investsIn"}),
)
"""Relations of which a pair mostly states one: the more probable stays unless a frame reads both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A candidate statement that did not become one, with the reason, for explanations."""

    subject: str
    predicate: str
    object: str
    confidence: float
    rule: str
    reason: str
    clause: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A candidate statement before qualifiers. Spans are over ``Reading.text``."""

    subject: str
    predicate: str
    object: str
    subject_span: Span
    object_span: Span
    clauses: tuple[Span, ...]
    confidence: float
    rule: str
    modality: Modality | None = None
    qualifiers: Mapping[str, str] = field(default_factory=dict)
    group: str = ""


def hits_of(
    document: Document, matches: Sequence[FrameMatch]
) -> dict[tuple[int, int], list[tuple[str, str, bool, int]]]:
    """Arrange frame matches as the ranker's features want them."""
    number = {e.id: k for k, e in enumerate(document.entities)}
    starts = [s.start for s in document.reading.sentences]
    hits: dict[tuple[int, int], list[tuple[str, str, bool, int]]] = defaultdict(list)
    for m in matches:
        a, b = number[m.subject], number[m.object]
        sentence = bisect.bisect_right(starts, m.clause.start) - 1
        hits[a, b].append((m.frame, m.relation, True, sentence))
        hits[b, a].append((m.frame, m.relation, False, sentence))
    return hits


def voices_of(
    view: View, matches: Sequence[FrameMatch], ranked: Sequence[Ranked], *, symmetric: frozenset[str]
) -> tuple[dict[Key, Voices], dict[Key, list[FrameMatch]]]:
    """Return what speaks for each candidate of a document, and the frame matches behind it, surest first."""
    by_key: dict[Key, list[FrameMatch]] = defaultdict(list)
    for m in matches:
        by_key[_key(view, m.subject, m.relation, m.object, symmetric)].append(m)
    for own in by_key.values():
        own.sort(key=lambda m: (-m.confidence, m.clause, m.frame))
    ids = [e.id for e in view.entities]
    best = {_key(view, ids[r.subject], r.predicate, ids[r.object], symmetric): r for r in ranked}
    voices = {}
    for key in sorted(by_key.keys() | best.keys()):
        own = by_key.get(key, [])
        r = best.get(key)
        voices[key] = Voices(
            probability=r.probability if r else 0.0,
            instance=r.instance if r else None,
            prior=own[0].confidence if own else 0.0,
            frames=len({m.frame for m in own}),
            matches=len(own),
        )
    return voices, by_key


def propose(
    view: View,
    matches: Sequence[FrameMatch],
    ranked: Sequence[Ranked],
    *,
    taught: frozenset[str],
    symmetric: frozenset[str],
    confidences_of: Callable[[Sequence[Mapping[str, float]]], Sequence[float]],
) -> tuple[list[Proposal], list[Dropped]]:
    """Join frames and ranker into one proposal per subject, predicate and object, sorted.

    `taught` names the relations that the ranker knows; `confidences_of` judges rows of circumstances.
    """
    voices, by_key = voices_of(view, matches, ranked, symmetric=symmetric)
    described = circumstances(view, voices)
    judged = dict(zip(described, confidences_of(list(described.values())), strict=True))
    found = []
    for key, voice in voices.items():
        confidence = round(judged[key] if key[1] in taught else voice.prior, 3)
        own = by_key.get(key)
        if own:
            found.append(_from_frame(key, own[0], confidence, turned=own[0].subject != key[0]))
        elif voice.instance is not None:
            found.append(_from_ranker(view, key, voice.instance, confidence))
    return _exclude(found)


def _key(view: View, subject: str, predicate: str, object_: str, symmetric: frozenset[str]) -> Key:
    if predicate in symmetric:
        rank = {e.id: view.rank.get(k, 10**6) for k, e in enumerate(view.entities)}
        if (rank[subject], subject) > (rank[object_], object_):
            subject, object_ = object_, subject
    return subject, predicate, object_


def _from_frame(key: Key, match: FrameMatch, confidence: float, *, turned: bool) -> Proposal:
    ends = (match.object_span, match.subject_span) if turned else (match.subject_span, match.object_span)
    return Proposal(
        subject=key[0],
        predicate=key[1],
        object=key[2],
        subject_span=ends[0],
        object_span=ends[1],
        clauses=(match.clause,),
        confidence=confidence,
        rule=match.frame,
        modality=match.modality,
        qualifiers=match.qualifiers,
        group=match.group,
    )


def _from_ranker(view: View, key: Key, instance: Instance, confidence: float) -> Proposal:
    left = view.anchors[instance.left_sentence][instance.left]
    right = view.anchors[instance.right_sentence][instance.right]
    forward = view.entities[left.entity].id == key[0]
    first, second = view.sentences[instance.left_sentence], view.sentences[instance.right_sentence]
    if instance.together:
        clauses: tuple[Span, ...] = (first,)
    elif instance.right_sentence == instance.left_sentence + 1:
        clauses = (Span(first.start, second.end),)
    else:
        clauses = (first, second)
    return Proposal(
        subject=key[0],
        predicate=key[1],
        object=key[2],
        subject_span=left.span if forward else right.span,
        object_span=right.span if forward else left.span,
        clauses=clauses,
        confidence=confidence,
        rule=RULE,
    )


def _exclude(proposals: list[Proposal]) -> tuple[list[Proposal], list[Dropped]]:
    """Of relations that exclude each other keep the most confident per pair; of two directions keep the surer one."""
    by_pair: dict[frozenset[str], list[Proposal]] = defaultdict(list)
    for p in proposals:
        by_pair[frozenset((p.subject, p.object))].append(p)
    gone: dict[int, str] = {}
    for rivals in by_pair.values():
        for p in rivals:
            for q in rivals:
                if p is q or (q.confidence, q.rule != RULE) <= (p.confidence, p.rule != RULE):
                    continue
                if p.predicate == q.predicate:
                    gone[id(p)] = f"the other direction is more probable ({q.confidence})"
                elif p.rule == RULE and any({p.predicate, q.predicate} <= group for group in EXCLUSIVE):
                    gone[id(p)] = f"{q.predicate} is more probable for this pair ({q.confidence})"
    kept = [p for p in proposals if id(p) not in gone]
    dropped = [drop(p, gone[id(p)]) for p in proposals if id(p) in gone]
    return kept, dropped


def drop(proposal: Proposal, reason: str) -> Dropped:
    """Return the record of a proposal that is not followed."""
    return Dropped(
        subject=proposal.subject,
        predicate=proposal.predicate,
        object=proposal.object,
        confidence=proposal.confidence,
        rule=proposal.rule,
        reason=reason,
        clause=proposal.clauses[0],
    )


def evidence_of(document: Document, clauses: Sequence[Span]) -> tuple[Evidence, ...]:
    """Return the source text of spans of the reading, exact through line breaks."""
    found = []
    for clause in clauses:
        for start, end in document.reading.pieces(clause):
            found.append(Evidence(start=start, end=end, text=document.source.text[start:end]))
    return tuple(found)


def statement_of(
    document: Document,
    proposal: Proposal,
    *,
    modality: Modality,
    qualifiers: Mapping[str, str],
    attributed_to: str | None,
) -> Statement:
    """Return the statement of a proposal, with source spans."""
    to_source = document.reading.to_source
    return Statement(
        subject=proposal.subject,
        predicate=proposal.predicate,
        object=proposal.object,
        subject_span=to_source(proposal.subject_span),
        object_span=to_source(proposal.object_span),
        evidence=evidence_of(document, proposal.clauses),
        confidence=proposal.confidence,
        rule=proposal.rule,
        qualifiers=dict(sorted(qualifiers.items())),
        modality=modality,
        attributed_to=attributed_to,
    )
