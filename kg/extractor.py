"""The extraction of one source: words, mentions, entities, statements, occurrences, article by article.

This is the one place where the rooms `split`, `extract` and `resolve` meet. An :class:`Extractor` holds the resources; it is
built once per process and opens nothing while it runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kg.extract.attributes import attributes_of
from kg.extract.attribution import attribution_of
from kg.extract.completion import completed
from kg.extract.frames import FrameMatch, Frames, find_matches, load_frames
from kg.extract.frames.promises import check_promises
from kg.extract.modality import modality_of
from kg.extract.occurrences import group_occurrences
from kg.extract.qualifiers import find_qualifiers
from kg.extract.relations import calibration
from kg.extract.relations.calibration import Calibration, load_calibration
from kg.extract.relations.candidates import View
from kg.extract.relations.ranker import Ranker, load_cues, load_ranker, untaught
from kg.extract.relations.statements import (
    RULE,
    Dropped,
    Proposal,
    drop,
    hits_of,
    propose,
    statement_of,
)
from kg.extract.roles import was_held
from kg.extract.salience import Salience, load_salience
from kg.extract.tagger.tagger import Tagger, load_tagger
from kg.extract.words import tokenize
from kg.model import Article, Document, Entity, Extraction, Mention, Modality, Source, Span, Statement
from kg.resolve.within import resolve_within
from kg.resources import ROOT, check_folder
from kg.split import read_through
from kg.vocabulary import Vocabulary

MENTION_THRESHOLD = 0.5
"""Least boundary probability of a mention; 0.35 and 0.4 changed the scores by less than their intervals."""
POSTS = "holdsPosition"
"""The relation whose past (原市长, 曾任) the titles around a name tell."""
FLOOR = 0.1
"""Statements below this confidence are not even written to ``kg extract``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extractor:
    """Turns the articles of a source into extractions; a pure function of text, resources and settings."""

    vocabulary: Vocabulary
    tagger: Tagger
    frames: Frames
    ranker: Ranker
    calibration: Calibration
    salience: Salience
    symmetric: frozenset[str]

    def __call__(self, source: Source, articles: tuple[Article, ...]) -> tuple[Extraction, ...]:
        """Return one extraction per article, in order."""
        return tuple(self.extract(self.document(source, article))[0] for article in articles)

    def document(
        self,
        source: Source,
        article: Article,
        mentions: Sequence[Mention] | None = None,
        *,
        complete: bool = True,
    ) -> Document:
        """Return the article with its words, mentions, entities and references.

        `mentions` (over the reading) replace the tagger's own, for training and tests; without `complete` nothing is added.
        """
        reading = read_through(source, article)
        if not reading.text:
            return Document(source=source, article=article, reading=reading)
        tokens = tokenize(reading.text, reading.sentences)
        if mentions is None:
            mentions = self.tagger.mentions(reading, tokens, threshold=MENTION_THRESHOLD)
        if complete:
            mentions = completed(reading, mentions)
        resolution = resolve_within(source.text, article, reading, tuple(mentions))
        document = Document(
            source=source,
            article=article,
            reading=reading,
            tokens=tokens,
            mentions=resolution.mentions,
            links=resolution.links,
            entities=resolution.entities,
            references=resolution.references,
        )
        return replace(document, entities=_with_attributes(document))

    def matches(self, document: Document) -> tuple[FrameMatch, ...]:
        """Return what the frames read in a document."""
        return find_matches(document, self.frames)

    def extract(self, document: Document) -> tuple[Extraction, tuple[Dropped, ...]]:
        """Return the extraction of a document and the candidates that were dropped, with reasons."""
        statements: list[Statement] = []
        dropped: list[Dropped] = []
        if document.mentions:
            matches = self.matches(document)
            view = View(document)
            ranked = self.ranker.rank(view, hits_of(document, matches))
            proposals, dropped = propose(
                view,
                matches,
                ranked,
                taught=frozenset(relation for relation, _ in self.ranker.outputs),
                symmetric=self.symmetric,
                confidences_of=self.calibration.confidences,
            )
            for proposal in proposals:
                if proposal.confidence < FLOOR:
                    dropped.append(drop(proposal, f"confidence below {FLOOR}"))
                    continue
                self._follow(document, proposal, statements, dropped)
        occurrences, grouped = group_occurrences(document, tuple(statements))
        extraction = Extraction(
            article=document.article,
            entities=self.salience.judge(document, grouped),
            statements=grouped,
            occurrences=occurrences,
        )
        return extraction, tuple(dropped)

    def _follow(
        self, document: Document, proposal: Proposal, statements: list[Statement], dropped: list[Dropped]
    ) -> None:
        modality = self._modality(document, proposal)
        if modality is None:
            dropped.append(drop(proposal, "negated, refuted or hypothetical"))
            return
        clause = Span(proposal.clauses[0].start, proposal.clauses[-1].end)
        found = find_qualifiers(
            document,
            proposal.predicate,
            subject=proposal.subject_span,
            object=proposal.object_span,
            clause=clause,
        )
        statements.append(
            statement_of(
                document,
                proposal,
                modality=modality,
                qualifiers={**proposal.qualifiers, **found},
                attributed_to=attribution_of(document.reading, clause),
            )
        )

    def _modality(self, document: Document, proposal: Proposal) -> Modality | None:
        if proposal.predicate == POSTS and was_held(document, proposal.subject_span, proposal.object_span):
            return "past"
        if proposal.rule != RULE and proposal.modality is not None:
            return proposal.modality
        start = min(proposal.subject_span.start, proposal.object_span.start)
        end = max(proposal.subject_span.end, proposal.object_span.end)
        names = [m.span for m in document.mentions if m.span.start < end and m.span.end > start]
        for clause in proposal.clauses:
            if clause.start <= start and end <= clause.end:
                return modality_of(
                    document.reading.text, Span(start, end), relation=proposal.predicate, names=names
                )
        return "stated"


def _with_attributes(document: Document) -> tuple[Entity, ...]:
    found = attributes_of(document)
    return tuple(
        replace(e, date=found[e.id].get("date", ""), amount=found[e.id].get("amount", ""))
        if e.id in found
        else e
        for e in document.entities
    )


def load_extractor(resources: Path | None, vocabulary: Vocabulary) -> Extractor:
    """Build the extractor from the shipped resources and a user's folder of further ones.

    Weights in the user's folder (``weights/``, as ``python -m kg.train models`` writes them) stand in for the shipped ones.
    Raises ResourceError for a resource that cannot be used.
    """
    parts = load_parts(vocabulary, resources=resources, tagger=_weights("tagger.npz", resources))
    return replace(
        parts,
        ranker=load_ranker(parts.symmetric, _weights("ranker.npz", resources), extra=resources),
        calibration=load_calibration(_weights("calibration.json", resources)),
        salience=load_salience(_weights("salience.json", resources)),
    )


def _weights(name: str, resources: Path | None) -> Path:
    own = resources / "weights" / name if resources else None
    return own if own and own.exists() else ROOT / "weights" / name


def load_parts(
    vocabulary: Vocabulary, *, resources: Path | None = None, tagger: Path | None = None
) -> Extractor:
    """Build an extractor with an untaught ranker, for training; `tagger` is another weight file than the shipped one."""
    if resources is not None:
        check_folder(resources)
    symmetric = frozenset(name for name, relation in vocabulary.relations.items() if relation.symmetric)
    frames = load_frames(frozenset(vocabulary.relations), extra=resources, types=vocabulary.entity_types)
    if resources is not None:
        check_promises(frames, under=resources, symmetric=symmetric)
    return Extractor(
        vocabulary=vocabulary,
        tagger=load_tagger(tagger, extra=resources) if tagger else load_tagger(extra=resources),
        frames=frames,
        ranker=untaught(symmetric, load_cues(extra=resources)),
        calibration=calibration.untaught(),
        salience=Salience(weights={}),
        symmetric=symmetric,
    )
