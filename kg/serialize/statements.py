"""``statements.jsonl``: one assembled statement per line, with final ids, labels and all its evidence.

Offsets of evidence count code points of the text of its source. `flat` says whether the statement stands as a plain triple
in the Turtle, too: only what is stated as a fact and not below the threshold of the run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.model import Article, Edge, KnowledgeGraph, Node, Support
from kg.serialize.jsonlines import line

if TYPE_CHECKING:
    from kg.vocabulary import Vocabulary


def write_statements(graph: KnowledgeGraph, vocabulary: Vocabulary) -> bytes:
    """Return all statements of `graph` as JSON Lines in UTF-8, sorted by subject, predicate, object and id."""
    nodes = {node.id: node for node in graph.nodes}
    articles = {(article.source, article.index): article for article in graph.articles}
    edges = sorted(graph.edges, key=lambda e: (e.subject, e.predicate, e.object, e.id))
    lines = (line(_record(edge, graph, nodes, articles, vocabulary)) for edge in edges)
    return "".join(lines).encode()


def _record(
    edge: Edge,
    graph: KnowledgeGraph,
    nodes: dict[str, Node],
    articles: dict[tuple[str, int], Article],
    vocabulary: Vocabulary,
) -> dict[str, Any]:
    return {
        "id": edge.id,
        "subject": _end(nodes[edge.subject]),
        "predicate": edge.predicate,
        "label": dict(sorted(vocabulary.relations[edge.predicate].labels.items())),
        "object": _end(nodes[edge.object]),
        "modality": edge.modality,
        "qualifiers": dict(sorted(edge.key.items())),
        "confidence": edge.confidence,
        "flat": edge.modality == "stated" and edge.confidence >= graph.min_confidence,
        "occurrence": edge.occurrence,
        "rules": sorted({support.rule for support in edge.supports}),
        "evidence": [_support(s, articles[s.source, s.article]) for s in edge.supports],
    }


def _end(node: Node) -> dict[str, Any]:
    return {"id": node.id, "type": node.type, "subtype": node.subtype or None, "name": node.name}


def _support(support: Support, article: Article) -> dict[str, Any]:
    return {
        "source": support.source,
        "article": support.article,
        "title": article.title,
        "published": article.published,
        "publisher": article.publisher,
        "start": support.evidence.start,
        "end": support.evidence.end,
        "text": support.evidence.text,
        "subject_span": list(support.subject_span),
        "object_span": list(support.object_span),
        "qualifiers": dict(sorted(support.qualifiers.items())),
        "attributed_to": support.attributed_to,
        "confidence": support.confidence,
        "rule": support.rule,
        **({"corrected_by": list(support.corrected_by)} if support.corrected_by else {}),
    }
