"""The graph as networkx knows it."""

from __future__ import annotations

from typing import Any

import networkx as nx

from kg.model import Article, KnowledgeGraph, Support


def to_networkx(graph: KnowledgeGraph) -> nx.MultiDiGraph[str]:
    """Return `graph` as a MultiDiGraph: entities are nodes, statements are edges with their id as key.

    Nodes carry ``type``, ``subtype``, ``name``, ``aliases``, ``dates`` and ``amounts``. Edges carry ``predicate``,
    ``modality``, ``confidence``, ``qualifiers`` (the key qualifiers), ``flat`` (whether the statement is a plain fact:
    stated, and not below the threshold), ``evidence`` (dictionaries with text, source, article, start, end, title,
    published) and the `Edge` as ``statement``. The graph's own attribute ``min_confidence`` is the threshold of the run.
    """
    articles = {(article.source, article.index): article for article in graph.articles}
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph(min_confidence=graph.min_confidence)
    for node in graph.nodes:
        network.add_node(
            node.id,
            type=node.type,
            subtype=node.subtype,
            name=node.name,
            aliases=node.aliases,
            dates=node.dates,
            amounts=node.amounts,
        )
    for edge in graph.edges:
        network.add_edge(
            edge.subject,
            edge.object,
            key=edge.id,
            predicate=edge.predicate,
            modality=edge.modality,
            confidence=edge.confidence,
            qualifiers=dict(edge.key),
            flat=edge.modality == "stated" and edge.confidence >= graph.min_confidence,
            evidence=tuple(
                _quote(support, articles[support.source, support.article]) for support in edge.supports
            ),
            statement=edge,
        )
    return network


def _quote(support: Support, article: Article) -> dict[str, Any]:
    return {
        "text": support.evidence.text,
        "source": support.source,
        "article": support.article,
        "start": support.evidence.start,
        "end": support.evidence.end,
        "title": article.title,
        "published": article.published,
    }
