"""The graph as Turtle: a flat triple for what is plainly stated, a statement node with everything else (contract 2).

Order: entities, sources, articles, occurrences, statements (by subject, predicate, object) with their supports, strings
of the sources. No blank nodes; the same graph gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import pyoxigraph as ox

from kg.errors import InvariantError
from kg.model import Article, Edge, Happening, KnowledgeGraph, Node, Source, Support
from kg.serialize import iri
from kg.serialize.soundness import check
from kg.serialize.values import XSD, boolean, decimal, integer, moment, period, words
from kg.vocabulary import NAMESPACE, RDF, RDFS, SCHEMA, Vocabulary

NIF: Final = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
ITSRDF: Final = "http://www.w3.org/2005/11/its/rdf#"
DCTERMS: Final = "http://purl.org/dc/terms/"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"

Value = ox.NamedNode | ox.Literal
Pairs = Iterator[tuple[ox.NamedNode, Value]]

_TYPE = ox.NamedNode(RDF + "type")
_TYPE_IRI = RDF + "type"


def write_turtle(graph: KnowledgeGraph, vocabulary: Vocabulary, *, base_iri: str = iri.DEFAULT_BASE) -> bytes:
    """Return `graph` as UTF-8 Turtle.

    Raises InvariantError if an evidence or a span is not in the text of its source, or if the graph names a node,
    article, source or occurrence that it does not hold; UsageError for a name that the vocabulary does not know and for a
    base IRI that cannot stand before ids.
    """
    base = iri.checked_base(base_iri)
    check(graph)
    writer = _Writer(graph, vocabulary, base)
    prefixes = _prefixes(vocabulary, base)
    data = ox.serialize(writer.triples(), format=ox.RdfFormat.TURTLE, prefixes=prefixes)
    return _with_sorted_prefixes(data or b"")


def _prefixes(vocabulary: Vocabulary, base: str) -> dict[str, str]:
    """Return the prefixes: those of the data, so that ``organization:云岭大学`` reads as the entity, and the common ones."""
    own = {name.lower(): f"{base}{name.lower()}:" for name in vocabulary.entity_types if name.isascii()}
    return {
        **own,
        "statement": f"{base}statement/",
        "support": f"{base}support/",
        "occurrence": f"{base}occurrence/",
        "nk": NAMESPACE,
        "dcterms": DCTERMS,
        "itsrdf": ITSRDF,
        "nif": NIF,
        "rdf": RDF,
        "rdfs": RDFS,
        "schema": SCHEMA,
        "skos": SKOS,
        "xsd": XSD,
    }


def _with_sorted_prefixes(data: bytes) -> bytes:
    """Sort the leading prefix lines: pyoxigraph writes them in the order of a hash table with a random seed."""
    lines = data.split(b"\n")
    count = next((i for i, line in enumerate(lines) if not line.startswith(b"@prefix ")), len(lines))
    return b"\n".join([*sorted(lines[:count]), *lines[count:]])


class _Writer:
    """Names everything once and yields the triples, subject by subject."""

    def __init__(self, graph: KnowledgeGraph, vocabulary: Vocabulary, base: str) -> None:
        self._graph = graph
        self._vocabulary = vocabulary
        self._base = base
        self._entity = {node.id: ox.NamedNode(iri.entity_iri(base, node.id)) for node in graph.nodes}
        self._source = {source.id: ox.NamedNode(iri.source_iri(base, source.id)) for source in graph.sources}
        self._divisions = {division.id: division for division in graph.divisions}
        self._entity |= {id_: ox.NamedNode(iri.entity_iri(base, id_)) for id_ in self._divisions}
        self._reprints = {(r.source, r.article): r for r in graph.reprints}
        self._texts = {source.id: source.text for source in graph.sources}
        self._evidence: set[tuple[str, int, int]] = set()
        self._mentions: dict[tuple[str, int, int], set[str]] = {}

    def triples(self) -> Iterator[ox.Triple]:
        graph = self._graph
        flat: dict[str, list[Edge]] = {}
        for edge in graph.edges:
            if edge.modality == "stated" and self._accepted(edge):
                flat.setdefault(edge.subject, []).append(edge)
        for node in sorted([*graph.nodes, *self._unnamed()], key=lambda n: self._entity[n.id].value):
            yield from _about(self._entity[node.id], self._of_node(node, flat.get(node.id, ())))
        for source in sorted(graph.sources, key=lambda s: s.id):
            yield from _about(self._source[source.id], self._of_source(source))
        for article in sorted(graph.articles, key=lambda a: (a.source, a.index)):
            yield from _about(self._article(article.source, article.index), self._of_article(article))
        for happening in sorted(graph.happenings, key=lambda h: h.id):
            yield from _about(self._occurrence(happening.id), self._of_happening(happening))
        for edge in sorted(graph.edges, key=lambda e: (e.subject, e.predicate, e.object, e.id)):
            supports = sorted({iri.support_iri(self._base, edge.id, s): s for s in edge.supports}.items())
            nodes = [(ox.NamedNode(name), support) for name, support in supports]
            statement = ox.NamedNode(iri.statement_iri(self._base, edge.id))
            yield from _about(statement, self._of_edge(edge, [name for name, _ in nodes]))
            for name, support in nodes:
                yield from _about(name, self._of_support(edge, support))
        for place in sorted(self._evidence | set(self._mentions)):
            yield from _about(self._string(place), self._of_string(place))

    def _accepted(self, edge: Edge) -> bool:
        return edge.confidence >= self._graph.min_confidence

    def _term(self, name: str) -> ox.NamedNode:
        """Return the IRI of a class, subtype, relation or qualifier, wherever it is defined."""
        return ox.NamedNode(self._vocabulary.iris.get(name, NAMESPACE + name))

    def _article(self, source: str, index: int) -> ox.NamedNode:
        return ox.NamedNode(iri.article_iri(self._base, source, index))

    def _occurrence(self, id_: str) -> ox.NamedNode:
        return ox.NamedNode(iri.occurrence_iri(self._base, id_))

    def _string(self, place: tuple[str, int, int]) -> ox.NamedNode:
        source, start, end = place
        return ox.NamedNode(iri.string_iri(self._source[source].value, start, end))

    def _of_node(self, node: Node, edges: Iterable[Edge]) -> Pairs:
        yield _TYPE, self._term(self._vocabulary.entity_type(node.type))
        if node.subtype:
            self._vocabulary.class_of(node.subtype)
            yield _TYPE, self._term(node.subtype)
        yield ox.NamedNode(RDFS + "label"), words(node.name)
        yield ox.NamedNode(SKOS + "prefLabel"), words(node.name)
        for alias in node.aliases:
            yield ox.NamedNode(SKOS + "altLabel"), words(alias)
        for value in node.dates:
            yield from _date(value, value)
        for amount in node.amounts:
            yield _nk("amountText"), words(amount)
        for reason in node.merged_because:
            yield _nk("mergedBecause"), words(reason)
        yield from self._placed(node)
        for edge in edges:
            yield self._term(self._vocabulary.relation(edge.predicate).name), self._entity[edge.object]

    def _unnamed(self) -> Iterator[Node]:
        """Yield the divisions that no article names as nodes without mentions."""
        named = {node.id for node in self._graph.nodes}
        place = self._vocabulary.entity_type("Place")
        for division in self._graph.divisions:
            if division.id not in named:
                yield Node(id=division.id, type=place, name=division.name)

    def _placed(self, node: Node) -> Pairs:
        if division := self._divisions.get(node.id):
            yield _nk("divisionCode"), words(division.code)
            if division.within:
                yield _nk("within"), self._entity[division.within]
        if node.named_after:
            yield _nk("namedAfter"), self._entity[node.named_after]

    def _of_source(self, source: Source) -> Pairs:
        yield _TYPE, _nk("Source")
        yield _TYPE, ox.NamedNode(NIF + "Context")
        yield ox.NamedNode(DCTERMS + "identifier"), words(source.id)
        yield ox.NamedNode(DCTERMS + "format"), words(source.media_type)
        yield ox.NamedNode(NIF + "beginIndex"), integer(0)
        yield ox.NamedNode(NIF + "endIndex"), integer(len(source.text))
        yield _nk("rawSha256"), words(source.raw_sha256)
        yield _nk("textSha256"), words(source.text_sha256)

    def _of_article(self, article: Article) -> Pairs:
        yield _TYPE, ox.NamedNode(SCHEMA + "NewsArticle")
        yield ox.NamedNode(SCHEMA + "headline"), words(article.title)
        if article.published:
            yield (
                ox.NamedNode(SCHEMA + "datePublished"),
                moment(article.published) or words(article.published),
            )
        for author in article.byline:
            yield ox.NamedNode(SCHEMA + "author"), words(author)
        if article.publisher:
            yield ox.NamedNode(SCHEMA + "publisher"), words(article.publisher)
        yield ox.NamedNode(SCHEMA + "isPartOf"), self._source[article.source]
        yield _nk("articleIndex"), integer(article.index)
        if reprint := self._reprints.get((article.source, article.index)):
            yield _nk("reprintOf"), self._article(reprint.original_source, reprint.original_article)

    def _of_happening(self, happening: Happening) -> Pairs:
        yield _TYPE, _nk("Occurrence")
        yield _TYPE, self._term(self._vocabulary.occurrence(happening.kind))
        for role, nodes in happening.roles.items():
            for node in nodes:
                yield self._term(role), self._entity[node]
        if happening.date is not None:
            yield from _date(happening.date.value, happening.date.text)
        if happening.place is not None:
            yield _nk("place"), self._entity[happening.place]
        if happening.amount is not None:
            amount = happening.amount
            value = decimal(amount.value)
            if value is not None:
                yield _nk("amountValue"), value
                yield _nk("currency"), words(amount.currency)
            if amount.modifier:
                yield _nk("amountModifier"), words(amount.modifier)
            yield _nk("amountText"), words(amount.text)

    def _of_edge(self, edge: Edge, supports: Iterable[ox.NamedNode]) -> Pairs:
        yield _TYPE, _nk("Statement")
        yield ox.NamedNode(RDF + "subject"), self._entity[edge.subject]
        yield ox.NamedNode(RDF + "predicate"), self._term(self._vocabulary.relation(edge.predicate).name)
        yield ox.NamedNode(RDF + "object"), self._entity[edge.object]
        yield _nk("modality"), _nk(edge.modality)
        yield _nk("confidence"), _confidence(edge.confidence)
        yield _nk("accepted"), boolean(self._accepted(edge))
        if edge.occurrence is not None:
            yield _nk("occurrence"), self._occurrence(edge.occurrence)
        yield from self._qualifiers(edge.key.items())
        for support in supports:
            yield _nk("support"), support

    def _of_support(self, edge: Edge, support: Support) -> Pairs:
        evidence = (support.source, support.evidence.start, support.evidence.end)
        subject, object_ = (support.source, *support.subject_span), (support.source, *support.object_span)
        self._evidence.add(evidence)
        self._mentions.setdefault(subject, set()).add(edge.subject)
        self._mentions.setdefault(object_, set()).add(edge.object)
        yield _TYPE, _nk("Support")
        yield _nk("evidence"), self._string(evidence)
        yield _nk("article"), self._article(support.source, support.article)
        yield _nk("subjectString"), self._string(subject)
        yield _nk("objectString"), self._string(object_)
        yield _nk("confidence"), _confidence(support.confidence)
        yield _nk("rule"), words(support.rule)
        if support.attributed_to:
            yield _nk("attributedTo"), words(support.attributed_to)
        yield from self._qualifiers(pair for pair in support.qualifiers.items() if pair[0] not in edge.key)

    def _qualifiers(self, qualifiers: Iterable[tuple[str, str]]) -> Pairs:
        for name, value in qualifiers:
            literal = moment(value) if name == "date" else None
            yield self._term(self._vocabulary.qualifier(name)), literal or words(value)

    def _of_string(self, place: tuple[str, int, int]) -> Pairs:
        source, start, end = place
        if place in self._evidence:
            yield _TYPE, _nk("EvidenceString")
        if place in self._mentions:
            yield _TYPE, _nk("MentionString")
        yield _TYPE, ox.NamedNode(NIF + "OffsetBasedString")
        yield ox.NamedNode(NIF + "anchorOf"), words(self._texts[source][start:end])
        yield ox.NamedNode(NIF + "beginIndex"), integer(start)
        yield ox.NamedNode(NIF + "endIndex"), integer(end)
        yield ox.NamedNode(NIF + "referenceContext"), self._source[source]
        for entity in self._mentions.get(place, ()):
            yield ox.NamedNode(ITSRDF + "taIdentRef"), self._entity[entity]


def _nk(name: str) -> ox.NamedNode:
    return ox.NamedNode(NAMESPACE + name)


def _confidence(value: float) -> ox.Literal:
    literal = decimal(value)
    if literal is None:
        raise InvariantError(f"a confidence from 0 to 1 was expected, not {value}")
    return literal


def _date(value: str, text: str) -> Pairs:
    """Yield an ISO date, or start and end of a range, and the words."""
    if (point := moment(value)) is not None:
        yield _nk("onDate"), point
    elif (range_ := period(value)) is not None:
        yield _nk("startDate"), range_[0]
        yield _nk("endDate"), range_[1]
    yield _nk("dateText"), words(text)


def _about(subject: ox.NamedNode, pairs: Pairs) -> Iterator[ox.Triple]:
    """Yield the triples of one subject: types first, then by predicate and object, each once."""
    ordered = sorted({*pairs}, key=lambda pair: (pair[0].value != _TYPE_IRI, pair[0].value, str(pair[1])))
    return (ox.Triple(subject, predicate, value) for predicate, value in ordered)
