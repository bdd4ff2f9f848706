"""The graph as networkx knows it."""

from __future__ import annotations

import networkx as nx

from kg.model import KnowledgeGraph


def to_networkx(graph: KnowledgeGraph) -> nx.MultiDiGraph[str]:
    """Return `graph` as a MultiDiGraph: entities are nodes, statements are edges with their id as key.

    Nodes carry ``type``, ``subtype``, ``name``, ``aliases``, ``dates`` and ``amounts``; edges carry ``predicate``,
    ``modality``, ``confidence``, ``qualifiers`` (the key qualifiers), ``evidence`` (the texts, without line breaks) and
    the `Edge` as ``statement``. The graph's own attribute ``min_confidence`` is the threshold of the run.
    """
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
        texts = ("".join(support.evidence.text.split()) for support in edge.supports)
        network.add_edge(
            edge.subject,
            edge.object,
            key=edge.id,
            predicate=edge.predicate,
            modality=edge.modality,
            confidence=edge.confidence,
            qualifiers=dict(edge.key),
            evidence=tuple(dict.fromkeys(texts)),
            statement=edge,
        )
    return network
