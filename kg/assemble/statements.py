"""Statements of all articles -> edges: equal statements are one edge whose evidence accumulates.

A statement's identity is subject, predicate, object, modality and the key qualifiers that the ontology declares for the
predicate. What the ontology forbids, and what says something of a thing and itself, is refused and reported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from kg.assemble.confidence import joined
from kg.assemble.identity import NodeOf, digest
from kg.errors import InvariantError
from kg.model import (
    Article,
    Edge,
    Evidence,
    Extraction,
    Identity,
    Modality,
    Skipped,
    Source,
    Statement,
    Support,
)

if TYPE_CHECKING:
    from kg.vocabulary import Relation, Vocabulary

Key = tuple[str, str, str, str, tuple[tuple[str, str], ...]]
"""Subject, predicate, object, modality, key qualifiers."""


@dataclass(slots=True)
class Ledger:
    """Takes in the statements of articles one by one; order does not matter."""

    vocabulary: Vocabulary
    nodes: Mapping[str, Identity]
    node_of: NodeOf
    sources: Mapping[str, Source]
    happening_of: Mapping[tuple[str, int, str], str]
    original_of: Mapping[tuple[str, int], tuple[str, int]] = field(default_factory=dict)
    refused: list[Skipped] = field(default_factory=list)
    _supports: dict[Key, set[_Entry]] = field(default_factory=lambda: defaultdict(set))

    def enter(self, extraction: Extraction) -> None:
        """Enter all statements of one article.

        Raises InvariantError for evidence whose text is not what stands in the source.
        """
        for statement in extraction.statements:
            reason = self._refusal(extraction.article, statement)
            if reason:
                self.refused.append(Skipped(source=extraction.article.source, reason=reason))
            else:
                self._enter(extraction.article, statement)

    def _refusal(self, article: Article, statement: Statement) -> str:
        subject = self.nodes[self.node_of(article, statement.subject)]
        object_ = self.nodes[self.node_of(article, statement.object)]
        said = f"article {article.index}: {subject.name} {statement.predicate} {object_.name}"
        relation = self.vocabulary.relations.get(statement.predicate)
        if relation is None:
            return f"{said}: the ontology has no relation of this name"
        if subject.id == object_.id:
            return f"{said}: subject and object are one thing"
        if not admits(relation, subject.type, object_.type):
            return f"{said}: the ontology has no {statement.predicate} from {subject.type} to {object_.type}"
        return ""

    def _enter(self, article: Article, statement: Statement) -> None:
        relation = self.vocabulary.relations[statement.predicate]
        subject, object_ = self.node_of(article, statement.subject), self.node_of(article, statement.object)
        spans = statement.subject_span, statement.object_span
        if relation.symmetric and object_ < subject:
            subject, object_, spans = object_, subject, (spans[1], spans[0])
        qualifiers = {name: value for name, value in sorted(statement.qualifiers.items()) if value}
        key_items = tuple((n, v) for n, v in qualifiers.items() if n in relation.key_qualifiers)
        key = (subject, statement.predicate, object_, statement.modality, key_items)
        occurrence = None
        if statement.occurrence is not None:
            occurrence = self.happening_of.get((article.source, article.index, statement.occurrence))
        for evidence in statement.evidence:
            self._check(article, evidence)
            support = Support(
                source=article.source,
                article=article.index,
                evidence=evidence,
                subject_span=spans[0],
                object_span=spans[1],
                confidence=statement.confidence,
                rule=statement.rule,
                qualifiers=qualifiers,
                attributed_to=statement.attributed_to,
                corrected_by=statement.corrected_by,
            )
            self._supports[key].add(_Entry(_order(article, support), support, occurrence))

    def _check(self, article: Article, evidence: Evidence) -> None:
        source = self.sources.get(article.source)
        if source is not None and source.text[evidence.start : evidence.end] != evidence.text:
            raise InvariantError(
                f"{article.source}, article {article.index}: the evidence at {evidence.start}..{evidence.end} is not the "
                "text of the source there; extraction and source do not belong together"
            )

    def edges(self) -> tuple[Edge, ...]:
        """Return what was entered, sorted by id."""
        return tuple(
            sorted((self._edge(key, those) for key, those in self._supports.items()), key=lambda e: e.id)
        )

    def _edge(self, key: Key, those: set[_Entry]) -> Edge:
        subject, predicate, object_, modality, key_items = key
        entries = sorted(those, key=lambda entry: (entry.order, entry.occurrence or ""))
        supports = tuple({entry.order: entry.support for entry in entries}.values())
        return Edge(
            id=digest([subject, predicate, object_, modality, [list(item) for item in key_items]]),
            subject=subject,
            predicate=predicate,
            object=object_,
            modality=cast("Modality", modality),
            confidence=joined(supports, original_of=self.original_of),
            supports=supports,
            key=dict(key_items),
            occurrence=next((entry.occurrence for entry in entries if entry.occurrence), None),
        )


@dataclass(frozen=True, slots=True)
class _Entry:
    """A support on its way into an edge; `order` holds all that it says."""

    order: tuple[str, ...]
    support: Support = field(compare=False)
    occurrence: str | None = None


def _order(article: Article, support: Support) -> tuple[str, ...]:
    """Return what sorts supports: earliest article first, then place, then everything else."""
    numbers = (
        support.article,
        support.evidence.start,
        support.evidence.end,
        *support.subject_span,
        *support.object_span,
    )
    return (
        article.published or "9999",
        support.source,
        *(f"{number:012d}" for number in numbers),
        f"{support.confidence:.6f}",
        support.rule,
        repr(sorted(support.qualifiers.items())),
        support.attributed_to or "",
        *support.corrected_by,
    )


def admits(relation: Relation, subject_type: str, object_type: str) -> bool:
    """Whether the ontology lets `relation` lead from one class to the other; where none is declared, any will do."""
    return _among(subject_type, relation.domains) and _among(object_type, relation.ranges)


def _among(type_: str, classes: Collection[str]) -> bool:
    return not classes or type_ in classes
