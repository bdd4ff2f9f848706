"""The graph as tools without RDF know it: nodes with properties, edges with properties (GraphML, CSV).

Nodes are entities, divisions and occurrences. Edges are statements (also doubtful, planned and past ones: `accepted` and
`modality` tell), the roles and places of occurrences, and what the gazetteer says of places. Ids are the IRIs of the RDF
formats, so that one and the same thing is found in all of them; an edge that is a statement bears its IRI.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.model import Edge, Happening, KnowledgeGraph, Node
from kg.serialize import iri
from kg.serialize.soundness import check
from kg.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Vertex:
    """An entity, a division or an occurrence; `labels` are its classes, the widest first.

    `aliases`, `dates` (ISO or as written) and `amounts` (as written) are sorted as in the graph; `value` and `currency` are
    those of an occurrence.
    """

    id: str
    name: str
    labels: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()
    value: str = ""
    currency: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A place in an article that states a statement: the text as it stands there, its IRI, that of the article."""

    text: str
    at: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A statement, or another edge between two vertices (then without confidence, modality and evidence).

    `accepted` says that the confidence of a statement reaches the threshold of the build; `qualifiers` are names and values,
    as many of a name as the articles word it in different ways.
    """

    source: str
    relation: str
    target: str
    label: str
    id: str = ""
    confidence: float | None = None
    modality: str = ""
    accepted: bool | None = None
    qualifiers: tuple[tuple[str, str], ...] = ()
    occurrence: str = ""
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyGraph:
    """Vertices sorted by id, links by their ends, relation and id."""

    vertices: tuple[Vertex, ...]
    links: tuple[Link, ...]


def property_graph(
    graph: KnowledgeGraph, vocabulary: Vocabulary, *, base_iri: str = iri.DEFAULT_BASE
) -> PropertyGraph:
    """Return `graph` with IRIs as ids.

    Raises InvariantError for evidence that is not in its source and for references to what the graph does not hold,
    UsageError for unknown names and an unusable base IRI.
    """
    base = iri.checked_base(base_iri)
    check(graph)
    links = [
        *(_statement(edge, vocabulary, base, graph.min_confidence) for edge in graph.edges),
        *(link for happening in graph.happenings for link in _roles(happening, vocabulary, base)),
        *_places(graph, vocabulary, base),
    ]
    codes = {division.id: division.code for division in graph.divisions}
    named = {node.id for node in graph.nodes}
    place = vocabulary.entity_type("Place")
    divisions = [Node(id=d.id, type=place, name=d.name) for d in graph.divisions if d.id not in named]
    vertices = [
        *(_entity(node, vocabulary, base, codes.get(node.id, "")) for node in (*graph.nodes, *divisions)),
        *(_occurrence(happening, vocabulary, base) for happening in graph.happenings),
    ]
    return PropertyGraph(
        vertices=tuple(sorted(vertices, key=lambda v: v.id)),
        links=tuple(sorted(links, key=lambda k: (k.source, k.relation, k.target, k.id))),
    )


def _entity(node: Node, vocabulary: Vocabulary, base: str, code: str) -> Vertex:
    kinds = (vocabulary.entity_type(node.type), node.subtype)
    return Vertex(
        id=iri.entity_iri(base, node.id),
        name=node.name,
        labels=("Entity", *(kind for kind in kinds if kind)),
        aliases=node.aliases,
        dates=node.dates,
        amounts=node.amounts,
        code=code,
    )


def _occurrence(happening: Happening, vocabulary: Vocabulary, base: str) -> Vertex:
    date, amount = happening.date, happening.amount
    return Vertex(
        id=iri.occurrence_iri(base, happening.id),
        name=vocabulary.label(happening.kind),
        labels=("Occurrence", vocabulary.occurrence(happening.kind)),
        dates=() if date is None else (date.value or date.text,),
        amounts=() if amount is None else (amount.text,),
        value="" if amount is None else amount.value,
        currency="" if amount is None else amount.currency,
    )


def _statement(edge: Edge, vocabulary: Vocabulary, base: str, threshold: float) -> Link:
    quotes = {
        Quote(
            text=support.evidence.text,
            at=iri.string_iri(
                iri.source_iri(base, support.source), support.evidence.start, support.evidence.end
            ),
            article=iri.article_iri(base, support.source, support.article),
        )
        for support in edge.supports
    }
    return Link(
        source=iri.entity_iri(base, edge.subject),
        relation=vocabulary.relation(edge.predicate).name,
        target=iri.entity_iri(base, edge.object),
        label=vocabulary.label(edge.predicate),
        id=iri.statement_iri(base, edge.id),
        confidence=edge.confidence,
        modality=edge.modality,
        accepted=edge.confidence >= threshold,
        qualifiers=tuple(
            sorted({*edge.key.items(), *(q for s in edge.supports for q in s.qualifiers.items())})
        ),
        occurrence="" if edge.occurrence is None else iri.occurrence_iri(base, edge.occurrence),
        quotes=tuple(sorted(quotes, key=lambda quote: (quote.article, quote.at))),
    )


def _roles(happening: Happening, vocabulary: Vocabulary, base: str) -> Iterator[Link]:
    pairs = {(role, node) for role, nodes in happening.roles.items() for node in nodes}
    if happening.place is not None:
        pairs.add(("place", happening.place))
    if happening.event is not None:
        pairs.add(("atEvent", happening.event))
    for role, node in sorted(pairs):
        yield _plain(iri.occurrence_iri(base, happening.id), role, iri.entity_iri(base, node), vocabulary)


def _places(graph: KnowledgeGraph, vocabulary: Vocabulary, base: str) -> Iterable[Link]:
    pairs = [(d.id, "within", d.within) for d in graph.divisions if d.within]
    pairs += [(n.id, "namedAfter", n.named_after) for n in graph.nodes if n.named_after]
    for one, relation, other in pairs:
        yield _plain(iri.entity_iri(base, one), relation, iri.entity_iri(base, other), vocabulary)


def _plain(source: str, relation: str, target: str, vocabulary: Vocabulary) -> Link:
    return Link(source=source, relation=relation, target=target, label=vocabulary.label(relation))
