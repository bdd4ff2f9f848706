"""``doubts.jsonl``: questions of identity for a person, one per line, the most doubtful first.

`apart` says why two things that are nearly one stayed two; null where they were joined. Offsets count code points of the
text of the source.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kg.model import Article, Doubt, KnowledgeGraph, Node, Sighting
from kg.serialize.jsonlines import line

_AROUND: Final = 24
"""Characters quoted on either side of a name."""


def write_doubts(graph: KnowledgeGraph) -> bytes:
    """Return the questions of identity of `graph` as JSON Lines in UTF-8."""
    writer = _Writer(graph)
    return "".join(line(writer.record(doubt)) for doubt in graph.doubts).encode()


class _Writer:
    """Quotes the sources."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._texts = {source.id: source.text for source in graph.sources}
        self._nodes: Mapping[str, Node] = {node.id: node for node in graph.nodes}
        self._articles: Mapping[tuple[str, int], Article] = {(a.source, a.index): a for a in graph.articles}

    def record(self, doubt: Doubt) -> dict[str, Any]:
        return {
            "reason": doubt.reason,
            "apart": doubt.apart or None,
            "rank": doubt.rank,
            "one": self._sighting(doubt.one),
            "other": self._sighting(doubt.other),
        }

    def _sighting(self, seen: Sighting) -> dict[str, Any]:
        node = self._nodes[seen.node]
        article = self._articles[seen.source, seen.article]
        return {
            "id": node.id,
            "type": node.type,
            "node": node.name,
            "name": seen.name,
            "source": seen.source,
            "article": seen.article,
            "title": article.title,
            "published": article.published,
            "start": None if seen.span is None else seen.span.start,
            "end": None if seen.span is None else seen.span.end,
            "text": self._quote(seen),
        }

    def _quote(self, seen: Sighting) -> str:
        """Return the name with what stands around it, as it stands in the source."""
        if seen.span is None:
            return ""
        text = self._texts[seen.source]
        start, end = max(0, seen.span.start - _AROUND), seen.span.end + _AROUND
        return text[start:end]
