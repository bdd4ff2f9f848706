"""Values of the model as the JSON interface tells them (:mod:`kg.serve.api.schemas`)."""

from __future__ import annotations

from kg.model import Edge, Happening, Node, Support
from kg.serialize import iri
from kg.serialize.namespaces import term
from kg.serve.api import schemas
from kg.serve.stored.names import Hit
from kg.serve.stored.reading import StoredGraph
from kg.vocabulary import Vocabulary


class Presenter:
    """Looks up the names and articles that a value refers to, so that what it tells stands by itself."""

    def __init__(self, stored: StoredGraph, vocabulary: Vocabulary) -> None:
        self._stored = stored
        self._vocabulary = vocabulary
        self._base = stored.served.base_iri
        self._least = stored.served.min_confidence

    def entity(self, node: Node) -> schemas.Entity:
        """Return an entity with what is known about it apart from statements."""
        return schemas.Entity(
            id=node.id,
            iri=iri.entity_iri(self._base, node.id),
            name=node.name,
            type=node.type,
            subtype=node.subtype or None,
            aliases=list(node.aliases),
            dates=list(node.dates),
            amounts=list(node.amounts),
            merged_because=list(node.merged_because),
            corrected_by=list(node.corrected_by),
            degree=self._stored.degree(node.id),
        )

    def hit(self, hit: Hit) -> schemas.Hit:
        """Return an entity that a search found."""
        return schemas.Hit(
            id=hit.id,
            iri=iri.entity_iri(self._base, hit.id),
            name=hit.name,
            type=hit.type,
            alias=hit.alias,
            degree=hit.degree,
        )

    def statement(self, edge: Edge) -> schemas.Statement:
        """Return a statement with all its evidence."""
        relation = self._vocabulary.relation(edge.predicate)
        return schemas.Statement(
            id=edge.id,
            iri=iri.statement_iri(self._base, edge.id),
            subject=self.reference(edge.subject),
            predicate=edge.predicate,
            predicate_iri=relation.iri,
            predicate_labels=self.labels(edge.predicate),
            object=self.reference(edge.object),
            modality=edge.modality,
            confidence=edge.confidence,
            accepted=edge.confidence >= self._least,
            qualifiers=dict(sorted(edge.key.items())),
            occurrence=None if edge.occurrence is None else iri.occurrence_iri(self._base, edge.occurrence),
            evidence=[self._evidence(edge, support) for support in edge.supports],
        )

    def occurrence(self, happening: Happening) -> schemas.Occurrence:
        """Return an occurrence with those who have a part in it."""
        date = happening.date
        return schemas.Occurrence(
            id=happening.id,
            iri=iri.occurrence_iri(self._base, happening.id),
            kind=happening.kind,
            kind_labels=self.labels(happening.kind),
            date=None if date is None else date.value,
            date_text=None if date is None else date.text,
            place=None if happening.place is None else self.reference(happening.place),
            event=None if happening.event is None else self.reference(happening.event),
            agreement=happening.subject or None,
            amount=None if happening.amount is None else happening.amount.text,
            roles={
                role: [self.reference(id_) for id_ in ids] for role, ids in sorted(happening.roles.items())
            },
        )

    def type_count(self, name: str, count: int) -> schemas.TypeCount:
        """Return a class with how many entities of it there are."""
        return schemas.TypeCount(
            name=name, labels=self.labels(name), iri=term(self._vocabulary, name).value, count=count
        )

    def reference(self, id_: str) -> schemas.Reference:
        """Return an entity by its name."""
        known = self._stored.names.entity(id_)
        name, type_ = (id_, "") if known is None else (known.name, known.type)
        return schemas.Reference(id=id_, iri=iri.entity_iri(self._base, id_), name=name, type=type_)

    def labels(self, name: str) -> schemas.Labels:
        """Return the words for a term."""
        known = self._vocabulary.labels.get(name, {})
        return schemas.Labels(zh=known.get("zh", name), en=known.get("en", name))

    def _evidence(self, edge: Edge, support: Support) -> schemas.Evidence:
        article = self._stored.article(support.source, support.article)
        return schemas.Evidence(
            iri=iri.support_iri(self._base, edge.id, support),
            text=support.evidence.text,
            source=support.source,
            position=schemas.Range(start=support.evidence.start, end=support.evidence.end),
            subject=schemas.Range(start=support.subject_span.start, end=support.subject_span.end),
            object=schemas.Range(start=support.object_span.start, end=support.object_span.end),
            article=schemas.Article(
                iri=iri.article_iri(self._base, support.source, support.article),
                source=support.source,
                index=support.article,
                title="" if article is None else article.title,
                published=(article and article.published) or "",
                publisher=(article and article.publisher) or "",
            ),
            confidence=support.confidence,
            rule=support.rule,
            qualifiers=dict(sorted(support.qualifiers.items())),
            attributed_to=support.attributed_to,
            corrected_by=list(support.corrected_by),
        )
