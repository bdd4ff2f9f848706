"""The graph as triples, each with the articles that state it: the one model behind all RDF syntaxes (contract 2).

Order: the run, entities, sources, articles, occurrences, statements (by subject, predicate, object) with their supports,
strings of the sources. No blank nodes; the same graph gives the same triples in the same order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import pyoxigraph as ox

from kg.errors import InvariantError
from kg.model import Article, Edge, Happening, KnowledgeGraph, Node, PlacedDivision, Source, Support
from kg.serialize import iri
from kg.serialize.namespaces import DCTERMS, ITSRDF, NIF, SKOS, nk, term
from kg.serialize.provenance import run_triples
from kg.serialize.soundness import check
from kg.serialize.values import boolean, decimal, integer, moment, period, words
from kg.vocabulary import RDF, RDFS, SCHEMA, Vocabulary

Value = ox.NamedNode | ox.Literal
Pairs = Iterator[tuple[ox.NamedNode, Value]]
Key = tuple[str, int]
"""An article: its source and its number there."""

_TYPE = ox.NamedNode(RDF + "type")


class Stated(NamedTuple):
    """A triple and the articles that state it, sorted; none for what is true of the graph as a whole."""

    triple: ox.Triple
    articles: tuple[Key, ...]


def triples_of(
    graph: KnowledgeGraph, vocabulary: Vocabulary, *, base_iri: str = iri.DEFAULT_BASE
) -> Iterator[Stated]:
    """Return an iterator over the triples of `graph`, those of a subject together, each once.

    What hangs on an article goes with it: its description, the flat triples and the statements that it supports, its
    supports and strings, the occurrences of its statements. Entities, divisions, sources and the run belong to no article.

    Raises InvariantError if an evidence or a span is not in the text of its source, or if the graph names a node,
    article, source or occurrence that it does not hold; UsageError for a name that the vocabulary does not know and for a
    base IRI that cannot stand before ids.
    """
    base = iri.checked_base(base_iri)
    check(graph)
    return _Describer(graph, vocabulary, base).triples()


class _Describer:
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
        self._strings: dict[tuple[str, int, int], set[Key]] = {}

    def triples(self) -> Iterator[Stated]:
        graph = self._graph
        if graph.run is not None:
            for triple in run_triples(graph, graph.run, self._base):
                yield Stated(triple, ())
        flat: dict[str, list[Edge]] = {}
        happened: dict[str, set[Key]] = defaultdict(set)
        for edge in graph.edges:
            if edge.modality == "stated" and self._accepted(edge):
                flat.setdefault(edge.subject, []).append(edge)
            if edge.occurrence is not None:
                happened[edge.occurrence].update(_articles(edge.supports))
        for node in sorted([*graph.nodes, *self._unnamed()], key=lambda n: self._entity[n.id].value):
            yield from self._of_entity(node, flat.get(node.id, ()))
        for source in sorted(graph.sources, key=lambda s: s.id):
            yield from _about(self._source[source.id], self._of_source(source), ())
        for article in sorted(graph.articles, key=lambda a: (a.source, a.index)):
            key = (article.source, article.index)
            yield from _about(self._article(*key), self._of_article(article), (key,))
        for happening in sorted(graph.happenings, key=lambda h: h.id):
            where = tuple(sorted(happened[happening.id]))
            yield from _about(self._occurrence(happening.id), self._of_happening(happening), where)
        for edge in sorted(graph.edges, key=lambda e: (e.subject, e.predicate, e.object, e.id)):
            yield from self._of_edge(edge)
        for place in sorted(self._strings):
            where = tuple(sorted(self._strings[place]))
            yield from _about(self._string(place), self._of_string(place), where)

    def _accepted(self, edge: Edge) -> bool:
        return edge.confidence >= self._graph.min_confidence

    def _term(self, name: str) -> ox.NamedNode:
        return term(self._vocabulary, name)

    def _article(self, source: str, index: int) -> ox.NamedNode:
        return ox.NamedNode(iri.article_iri(self._base, source, index))

    def _occurrence(self, id_: str) -> ox.NamedNode:
        return ox.NamedNode(iri.occurrence_iri(self._base, id_))

    def _string(self, place: tuple[str, int, int]) -> ox.NamedNode:
        source, start, end = place
        return ox.NamedNode(iri.string_iri(self._source[source].value, start, end))

    def _of_entity(self, node: Node, edges: Iterable[Edge]) -> Iterator[Stated]:
        """Yield what `node` is, and its flat triples with the articles that state them."""
        subject = self._entity[node.id]
        facts: dict[tuple[ox.NamedNode, Value], set[Key]] = defaultdict(set)
        for edge in edges:
            predicate = self._term(self._vocabulary.relation(edge.predicate).name)
            facts[predicate, self._entity[edge.object]].update(_articles(edge.supports))
        for pair in _ordered({*self._of_node(node), *facts}):
            yield Stated(ox.Triple(subject, *pair), tuple(sorted(facts.get(pair, ()))))

    def _of_node(self, node: Node) -> Pairs:
        yield _TYPE, self._term(self._vocabulary.entity_type(node.type))
        if node.subtype:
            self._vocabulary.class_of(node.subtype)
            yield _TYPE, self._term(node.subtype)
        yield ox.NamedNode(RDFS + "label"), words(node.name)
        yield ox.NamedNode(SKOS + "prefLabel"), words(node.name)
        for alias in node.aliases:
            yield ox.NamedNode(SKOS + "altLabel"), words(alias)
        yield from beside_names(node, self._divisions.get(node.id), lambda id_: self._entity[id_].value)

    def _unnamed(self) -> Iterator[Node]:
        """Yield the divisions that no article names as nodes without mentions."""
        named = {node.id for node in self._graph.nodes}
        place = self._vocabulary.entity_type("Place")
        for division in self._graph.divisions:
            if division.id not in named:
                yield Node(id=division.id, type=place, name=division.name)

    def _of_source(self, source: Source) -> Pairs:
        yield _TYPE, nk("Source")
        yield _TYPE, ox.NamedNode(NIF + "Context")
        yield ox.NamedNode(DCTERMS + "identifier"), words(source.id)
        yield ox.NamedNode(DCTERMS + "format"), words(source.media_type)
        yield ox.NamedNode(NIF + "beginIndex"), integer(0)
        yield ox.NamedNode(NIF + "endIndex"), integer(len(source.text))
        yield nk("rawSha256"), words(source.raw_sha256)
        yield nk("textSha256"), words(source.text_sha256)

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
        yield nk("articleIndex"), integer(article.index)
        if reprint := self._reprints.get((article.source, article.index)):
            yield nk("reprintOf"), self._article(reprint.original_source, reprint.original_article)

    def _of_happening(self, happening: Happening) -> Pairs:
        yield _TYPE, nk("Occurrence")
        yield _TYPE, self._term(self._vocabulary.occurrence(happening.kind))
        for role, nodes in happening.roles.items():
            for node in nodes:
                yield self._term(role), self._entity[node]
        if happening.date is not None:
            yield from _date(happening.date.value, happening.date.text)
        if happening.place is not None:
            yield nk("place"), self._entity[happening.place]
        if happening.event is not None:
            yield nk("atEvent"), self._entity[happening.event]
        if happening.subject:
            yield nk("agreement"), words(happening.subject)
        if happening.amount is not None:
            amount = happening.amount
            value = decimal(amount.value)
            if value is not None:
                yield nk("amountValue"), value
                yield nk("currency"), words(amount.currency)
            if amount.modifier:
                yield nk("amountModifier"), words(amount.modifier)
            yield nk("amountText"), words(amount.text)

    def _of_edge(self, edge: Edge) -> Iterator[Stated]:
        """Yield the statement, in which each support is the word of its own article, and the supports."""
        statement = ox.NamedNode(iri.statement_iri(self._base, edge.id))
        supports = sorted({iri.support_iri(self._base, edge.id, s): s for s in edge.supports}.items())
        where = _articles(edge.supports)
        links: dict[tuple[ox.NamedNode, Value], tuple[Key, ...]] = {
            (nk("support"), ox.NamedNode(name)): ((support.source, support.article),)
            for name, support in supports
        }
        for pair in _ordered({*self._of_statement(edge), *links}):
            yield Stated(ox.Triple(statement, *pair), links.get(pair, where))
        for name, support in supports:
            key = (support.source, support.article)
            yield from _about(ox.NamedNode(name), self._of_support(edge, support), (key,))

    def _of_statement(self, edge: Edge) -> Pairs:
        yield _TYPE, nk("Statement")
        yield ox.NamedNode(RDF + "subject"), self._entity[edge.subject]
        yield ox.NamedNode(RDF + "predicate"), self._term(self._vocabulary.relation(edge.predicate).name)
        yield ox.NamedNode(RDF + "object"), self._entity[edge.object]
        yield nk("modality"), nk(edge.modality)
        yield nk("confidence"), _confidence(edge.confidence)
        yield nk("accepted"), boolean(self._accepted(edge))
        if edge.occurrence is not None:
            yield nk("occurrence"), self._occurrence(edge.occurrence)
        yield from self._qualifiers(edge.key.items())

    def _of_support(self, edge: Edge, support: Support) -> Pairs:
        evidence = (support.source, support.evidence.start, support.evidence.end)
        subject, object_ = (support.source, *support.subject_span), (support.source, *support.object_span)
        self._evidence.add(evidence)
        self._mentions.setdefault(subject, set()).add(edge.subject)
        self._mentions.setdefault(object_, set()).add(edge.object)
        for string in (evidence, subject, object_):
            self._strings.setdefault(string, set()).add((support.source, support.article))
        yield _TYPE, nk("Support")
        yield nk("evidence"), self._string(evidence)
        yield nk("article"), self._article(support.source, support.article)
        yield nk("subjectString"), self._string(subject)
        yield nk("objectString"), self._string(object_)
        yield nk("confidence"), _confidence(support.confidence)
        yield nk("rule"), words(support.rule)
        for entry in support.corrected_by:
            yield nk("correctedBy"), words(entry)
        if support.attributed_to:
            yield nk("attributedTo"), words(support.attributed_to)
        yield from self._qualifiers(pair for pair in support.qualifiers.items() if pair[0] not in edge.key)

    def _qualifiers(self, qualifiers: Iterable[tuple[str, str]]) -> Pairs:
        for name, value in qualifiers:
            yield self._term(self._vocabulary.qualifier(name)), qualifier_literal(name, value)

    def _of_string(self, place: tuple[str, int, int]) -> Pairs:
        source, start, end = place
        if place in self._evidence:
            yield _TYPE, nk("EvidenceString")
        if place in self._mentions:
            yield _TYPE, nk("MentionString")
        yield _TYPE, ox.NamedNode(NIF + "OffsetBasedString")
        yield ox.NamedNode(NIF + "anchorOf"), words(self._texts[source][start:end])
        yield ox.NamedNode(NIF + "beginIndex"), integer(start)
        yield ox.NamedNode(NIF + "endIndex"), integer(end)
        yield ox.NamedNode(NIF + "referenceContext"), self._source[source]
        for entity in self._mentions.get(place, ()):
            yield ox.NamedNode(ITSRDF + "taIdentRef"), self._entity[entity]


def beside_names(
    node: Node, division: PlacedDivision | None, entity: Callable[[str], str]
) -> Iterator[tuple[ox.NamedNode, Value]]:
    """Yield what is said of a node beside its class and its names; `entity` returns the IRI of a node id."""
    for value in node.dates:
        yield from _date(value, value)
    for amount in node.amounts:
        yield nk("amountText"), words(amount)
    for reason in node.merged_because:
        yield nk("mergedBecause"), words(reason)
    for entry in node.corrected_by:
        yield nk("correctedBy"), words(entry)
    if division is not None:
        yield nk("divisionCode"), words(division.code)
        if division.within:
            yield nk("within"), ox.NamedNode(entity(division.within))
    if node.named_after:
        yield nk("namedAfter"), ox.NamedNode(entity(node.named_after))


def qualifier_literal(name: str, value: str) -> ox.Literal:
    """Return the literal of a qualifier: a date as a date where it is one, words otherwise."""
    return (moment(value) if name == "date" else None) or words(value)


def _articles(supports: Iterable[Support]) -> tuple[Key, ...]:
    return tuple(sorted({(support.source, support.article) for support in supports}))


def _confidence(value: float) -> ox.Literal:
    literal = decimal(value)
    if literal is None:
        raise InvariantError(f"a confidence from 0 to 1 was expected, not {value}")
    return literal


def _date(value: str, text: str) -> Pairs:
    """Yield an ISO date, or start and end of a range, and the words."""
    if (point := moment(value)) is not None:
        yield nk("onDate"), point
    elif (range_ := period(value)) is not None:
        yield nk("startDate"), range_[0]
        yield nk("endDate"), range_[1]
    yield nk("dateText"), words(text)


def _about(subject: ox.NamedNode, pairs: Pairs, articles: tuple[Key, ...]) -> Iterator[Stated]:
    """Yield the triples of one subject."""
    return (Stated(ox.Triple(subject, *pair), articles) for pair in _ordered({*pairs}))


def _ordered(pairs: Iterable[tuple[ox.NamedNode, Value]]) -> list[tuple[ox.NamedNode, Value]]:
    """Return types first, then the rest by predicate and object."""
    return sorted(pairs, key=lambda pair: (pair[0].value != _TYPE.value, pair[0].value, str(pair[1])))
