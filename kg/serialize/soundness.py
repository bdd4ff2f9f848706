"""Whether a graph holds all that it speaks of, and its evidence is the text of its sources: asked before it is written."""

from __future__ import annotations

from kg.errors import InvariantError
from kg.model import KnowledgeGraph, Span, Support


def check(graph: KnowledgeGraph) -> None:
    """Raise InvariantError unless every evidence, span and reference of `graph` holds."""
    texts = {source.id: source.text for source in graph.sources}
    nodes = {node.id for node in graph.nodes}
    articles = {(article.source, article.index) for article in graph.articles}
    happenings = {happening.id for happening in graph.happenings}
    for article in graph.articles:
        if article.source not in texts:
            raise InvariantError(
                f"article {article.index} of {article.source}: the graph does not hold this source"
            )
    for happening in graph.happenings:
        parties = (n for those in happening.roles.values() for n in those)
        for node in (*parties, happening.place, happening.event):
            if node is not None and node not in nodes:
                raise InvariantError(f"occurrence {happening.id}: the graph has no node {node!r}")
    for edge in graph.edges:
        where = f"statement {edge.id} ({edge.subject} {edge.predicate} {edge.object})"
        if missing := [end for end in (edge.subject, edge.object) if end not in nodes]:
            raise InvariantError(f"{where}: the graph has no node {missing[0]!r}")
        if edge.occurrence is not None and edge.occurrence not in happenings:
            raise InvariantError(f"{where}: the graph has no occurrence {edge.occurrence!r}")
        if not edge.supports:
            raise InvariantError(f"{where}: evidence was expected, there is none")
        for support in edge.supports:
            if (support.source, support.article) not in articles:
                raise InvariantError(
                    f"{where}: the graph has no article {support.article} of {support.source}"
                )
            _check_support(where, support, texts[support.source])


def _check_support(where: str, support: Support, text: str) -> None:
    evidence = support.evidence
    for span in (Span(evidence.start, evidence.end), support.subject_span, support.object_span):
        if not 0 <= span.start < span.end <= len(text):
            raise InvariantError(
                f"{where}: {support.source}[{span.start}:{span.end}]: a non-empty span within its {len(text)} characters "
                "was expected"
            )
    if text[evidence.start : evidence.end] != evidence.text:
        raise InvariantError(
            f"{where}: {support.source}[{evidence.start}:{evidence.end}] is not the text of the evidence, "
            f"{evidence.text[:40]!r}; extraction and source do not belong together"
        )
