"""Why an article yields what it yields: mentions, references, and every candidate statement with its voices and its fate.

The extractor is asked again for each step, and frames once more without their vetoes, so that what a veto stopped is seen.
"""

from __future__ import annotations

import bisect
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from kg.errors import UsageError
from kg.explanation import (
    Candidate,
    Explained,
    Explanation,
    Fired,
    Named,
    Referring,
    Seen,
    Word,
    article_line,
)
from kg.extract.frames import FrameMatch, find_matches
from kg.extract.relations.candidates import View
from kg.extract.relations.ranker import Ranked
from kg.extract.relations.statements import Dropped, hits_of
from kg.extractor import Extractor
from kg.model import Article, Document, Entity, Source, Span, Statement
from kg.settings import SALIENT

FAINT = 0.02
"""Least probability of the ranker at which a pair that no frame reads is shown."""
NEGATED = "a negation or denial stands there (`veto` of the shared patterns)"
VETOED = "the frame's own `veto` stands in the clause"
_NEVER = re.compile("(?!)")
Key = tuple[str, str, str]


def explain(
    extractor: Extractor,
    source: Source,
    articles: Sequence[Article],
    *,
    at: int | None = None,
    article: int | None = None,
    min_confidence: float = 0.0,
) -> Explanation:
    """Explain the sentence at code point `at` of the source, or without it every sentence of an article.

    `article` is the number of the article; it may be left out with `at`, and where there is only one. White space counts
    to the sentence that comes next. Raises UsageError for an offset outside the text or all articles, and for an article
    that does not exist.
    """
    chosen = _article(source, articles, at=at, number=article)
    document = extractor.document(source, chosen)
    candidates = _Candidates(extractor, document, min_confidence=min_confidence)
    numbers = range(len(document.reading.sentences))
    shown = numbers if at is None else [_sentence_at(document, at)]
    return Explanation(
        source=source.id,
        article=chosen.index,
        title=chosen.title,
        sentences=tuple(_explained(document, k, candidates) for k in shown),
    )


def _article(source: Source, articles: Sequence[Article], *, at: int | None, number: int | None) -> Article:
    listed = "; ".join(map(article_line, articles))
    if not articles:
        raise UsageError(f"{source.id}: no article was found in it, so there is nothing to explain")
    if at is not None and not 0 <= at < len(source.text):
        raise UsageError(
            f"offset {at} is not in {source.id}: a code point from 0 to {len(source.text) - 1} was expected"
        )
    if number is not None and number not in {a.index for a in articles}:
        raise UsageError(f"{source.id} has no article {number}; it has {listed}")
    asked = [a for a in articles if number in (None, a.index)]
    if at is None:
        if len(asked) > 1:
            raise UsageError(
                f"{source.id} holds several articles; choose with --article N or --at OFFSET: {listed}"
            )
        return asked[0]
    place = next((k for k in range(at, len(source.text)) if not source.text[k].isspace()), at)
    covering = [a for a in asked if any(s.start <= place < s.end for s in a.spans)]
    if not covering:  # white space at the end
        covering = [a for a in asked if any(s.start <= at < s.end for s in a.spans)]
    if not covering:
        within = "that article" if number is not None else "any article"
        raise UsageError(f"offset {at} of {source.id} does not belong to {within}; articles are {listed}")
    return covering[0]


def _sentence_at(document: Document, at: int) -> int:
    """Return the number of the sentence at a source offset, or of the one that comes next in the source."""
    reading = document.reading
    if not reading.text:
        raise UsageError(f"offset {at}: the article there has no text that is read")
    behind = [(o, k) for k, o in enumerate(reading.offsets) if o >= at]
    index = min(behind)[1] if behind else len(reading.text) - 1
    return bisect.bisect_right([s.start for s in reading.sentences], index) - 1


def _explained(document: Document, number: int, candidates: _Candidates) -> Explained:
    reading = document.reading
    sentence = reading.sentences[number]
    names = candidates.names

    def here(span: Span) -> bool:
        return sentence.start <= span.start < sentence.end

    return Explained(
        number=number,
        role=reading.roles[number],
        spans=reading.pieces(sentence),
        text=sentence.of(reading.text),
        words=tuple(Word(text=t.text, tag=t.tag) for t in document.tokens if here(t.span)),
        mentions=tuple(
            Seen(
                span=reading.to_source(m.span),
                text=m.text,
                type=m.type,
                confidence=m.confidence,
                rule=m.rule,
                entity=names[link],
            )
            for m, link in zip(document.mentions, document.links, strict=True)
            if here(m.span)
        ),
        references=tuple(
            Referring(
                span=reading.to_source(r.span),
                text=r.text,
                entities=tuple(names[e] for e in r.entities if e in names),
            )
            for r in document.references
            if here(r.span)
        ),
        candidates=candidates.of_sentence(number),
    )


def _named(entity: Entity) -> Named:
    return Named(
        id=entity.id,
        name=entity.name,
        type=entity.subtype or entity.type,
        confidence=entity.confidence,
        listed=entity.confidence >= SALIENT,
    )


@dataclass(slots=True)
class _Voices:
    """What speaks for one candidate, and the sentences that it touches."""

    frames: list[tuple[FrameMatch, str]] = field(default_factory=list)
    ranked: Ranked | None = None
    sentences: set[int] = field(default_factory=set)


class _Candidates:
    """The candidate statements of one document, and its entities by id in `names`."""

    def __init__(self, extractor: Extractor, document: Document, *, min_confidence: float) -> None:
        self._document = document
        self._symmetric = extractor.symmetric
        self._minimum = min_confidence
        self._places = {f.id: (Path(f.file).name, f.line) for f in extractor.frames.frames}
        self._starts = [s.start for s in document.reading.sentences]
        voices: dict[Key, _Voices] = defaultdict(_Voices)
        if document.mentions:
            self._hear_frames(extractor, voices)
            self._hear_ranker(extractor, voices)
        extraction, dropped = extractor.extract(document)
        self.names = {e.id: _named(e) for e in extraction.entities}
        statements = {self._key(s.subject, s.predicate, s.object): s for s in extraction.statements}
        refused = {self._key(d.subject, d.predicate, d.object): d for d in dropped}
        self._found = [
            (self._candidate(key, voices[key], statements.get(key), refused.get(key)), voices[key].sentences)
            for key in sorted(voices)
        ]

    def of_sentence(self, number: int) -> tuple[Candidate, ...]:
        """Return the candidates that touch a sentence: statements first, surer ones first."""
        order = ("statement", "doubtful", "dropped")
        touching = [candidate for candidate, sentences in self._found if number in sentences]
        return tuple(
            sorted(
                touching,
                key=lambda c: (
                    order.index(c.outcome),
                    -(c.confidence or 0.0),
                    -(c.probability or 0.0),
                    c.predicate,
                    c.subject.id,
                    c.object.id,
                ),
            )
        )

    def _key(self, subject: str, predicate: str, object_: str) -> Key:
        if predicate in self._symmetric and subject > object_:
            subject, object_ = object_, subject
        return subject, predicate, object_

    def _sentence(self, at: int) -> int:
        return bisect.bisect_right(self._starts, at) - 1

    def _hear_frames(self, extractor: Extractor, voices: Mapping[Key, _Voices]) -> None:
        frames = extractor.frames
        brave = replace(frames, veto=_NEVER)
        bravest = replace(brave, frames=tuple(replace(f, veto=None) for f in frames.frames))
        heard: set[tuple[str, Key, int]] = set()
        for matches, stopped in (
            (extractor.matches(self._document), ""),
            (find_matches(self._document, brave), NEGATED),
            (find_matches(self._document, bravest), VETOED),
        ):
            for match in matches:
                key = self._key(match.subject, match.relation, match.object)
                sentence = self._sentence(match.clause.start)
                if (match.frame, key, sentence) in heard:
                    continue
                heard.add((match.frame, key, sentence))
                voices[key].frames.append((match, stopped))
                ends = (match.subject_span.start, match.object_span.start)
                voices[key].sentences |= {sentence, *map(self._sentence, ends)}

    def _hear_ranker(self, extractor: Extractor, voices: Mapping[Key, _Voices]) -> None:
        view = View(self._document)
        entities = self._document.entities
        hits = hits_of(self._document, extractor.matches(self._document))
        for ranked in extractor.ranker.rank(view, hits, floor=FAINT):
            own = voices[self._key(entities[ranked.subject].id, ranked.predicate, entities[ranked.object].id)]
            own.ranked = ranked
            own.sentences |= {ranked.instance.left_sentence, ranked.instance.right_sentence}

    def _candidate(
        self, key: Key, voices: _Voices, statement: Statement | None, dropped: Dropped | None
    ) -> Candidate:
        frames = tuple(self._fired(voices.frames))
        probability = voices.ranked.probability if voices.ranked else None
        if statement is not None:
            sure = statement.confidence >= self._minimum
            return Candidate(
                subject=self.names[statement.subject],
                predicate=statement.predicate,
                object=self.names[statement.object],
                frames=frames,
                probability=probability,
                confidence=statement.confidence,
                outcome="statement" if sure else "doubtful",
                reason="" if sure else f"confidence below --min-confidence {self._minimum:g}",
                rule=statement.rule,
                modality=statement.modality,
                attributed_to=statement.attributed_to,
                qualifiers=statement.qualifiers,
            )
        if dropped is not None:
            key = (dropped.subject, dropped.predicate, dropped.object)
        elif all(stopped for _, stopped in voices.frames) and voices.frames:
            reason = "; ".join(dict.fromkeys(f"{m.frame}: {stopped}" for m, stopped in voices.frames))
        else:
            reason = "no frame reads it, and the ranker finds it too improbable to propose"
        return Candidate(
            subject=self.names[key[0]],
            predicate=key[1],
            object=self.names[key[2]],
            frames=frames,
            probability=probability,
            confidence=dropped.confidence if dropped else None,
            outcome="dropped",
            reason=dropped.reason if dropped else reason,
            rule=dropped.rule if dropped else "",
        )

    def _fired(self, frames: Iterable[tuple[FrameMatch, str]]) -> Iterable[Fired]:
        reading = self._document.reading
        for match, stopped in sorted(frames, key=lambda f: (bool(f[1]), -f[0].confidence, f[0].clause)):
            file, line = self._places.get(match.frame, ("", 0))
            yield Fired(
                frame=match.frame,
                file=file,
                line=line,
                clause=reading.to_source(match.clause),
                clause_text=match.clause.of(reading.text),
                prior=match.confidence,
                modality=match.modality,
                qualifiers=dict(match.qualifiers),
                stopped=stopped,
            )
