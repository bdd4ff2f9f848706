"""The graph as GraphML, for networkx, Gephi, yEd and others.

Nodes have ``type`` (the narrowest class), ``name`` and ``label`` (the same, for Gephi), ``classes``, ``aliases``, ``dates``,
``amounts``, ``value``, ``currency`` and ``code``; edges have ``relation`` (the term), ``label`` (in Chinese),
``confidence``, ``modality``, ``accepted``, ``qualifiers``, ``occurrence``, ``evidence``, ``evidence_at`` and ``articles``.
What has several values has them on lines of their own. XML 1.0 cannot hold some control characters; each stands as U+FFFD.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from kg.model import KnowledgeGraph
from kg.serialize import iri
from kg.serialize.property_graph import Link, PropertyGraph, Vertex, property_graph
from kg.serialize.values import decimal
from kg.vocabulary import Vocabulary

_NODE: Final = {
    "type": "string",
    "name": "string",
    "label": "string",
    "classes": "string",
    "aliases": "string",
    "dates": "string",
    "amounts": "string",
    "value": "double",
    "currency": "string",
    "code": "string",
}
_EDGE: Final = {
    "relation": "string",
    "label": "string",
    "confidence": "double",
    "modality": "string",
    "accepted": "boolean",
    "qualifiers": "string",
    "occurrence": "string",
    "evidence": "string",
    "evidence_at": "string",
    "articles": "string",
}
_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"})
_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""


def write_graphml(
    graph: KnowledgeGraph, vocabulary: Vocabulary, *, base_iri: str = iri.DEFAULT_BASE
) -> bytes:
    """Return `graph` as UTF-8 GraphML. Raises what :func:`kg.serialize.property_graph.property_graph` raises."""
    return to_graphml(property_graph(graph, vocabulary, base_iri=base_iri))


def to_graphml(graph: PropertyGraph) -> bytes:
    """Return `graph` as UTF-8 GraphML."""
    return "".join(_lines(graph)).encode()


def _lines(graph: PropertyGraph) -> Iterator[str]:
    yield _HEAD
    for domain, fields in (("node", _NODE), ("edge", _EDGE)):
        for name, kind in fields.items():
            yield f'  <key id="{domain[0]}_{name}" for="{domain}" attr.name="{name}" attr.type="{kind}"/>\n'
    yield '  <graph edgedefault="directed">\n'
    for vertex in graph.vertices:
        yield f'    <node id="{_text(vertex.id)}">{_data("n", _of_vertex(vertex))}</node>\n'
    for number, link in enumerate(graph.links):
        ends = f'source="{_text(link.source)}" target="{_text(link.target)}"'
        id_ = _text(link.id) or f"e{number}"
        yield f'    <edge id="{id_}" {ends}>{_data("e", _of_link(link))}</edge>\n'
    yield "  </graph>\n</graphml>\n"


def _of_vertex(vertex: Vertex) -> Iterator[tuple[str, str]]:
    value = decimal(vertex.value) if vertex.value else None
    yield "type", vertex.labels[-1]
    yield "name", vertex.name
    yield "label", vertex.name
    yield "classes", _listed(vertex.labels)
    yield "aliases", _listed(vertex.aliases)
    yield "dates", _listed(vertex.dates)
    yield "amounts", _listed(vertex.amounts)
    yield "value", "" if value is None else value.value
    yield "currency", vertex.currency
    yield "code", vertex.code


def _of_link(link: Link) -> Iterator[tuple[str, str]]:
    confidence = None if link.confidence is None else decimal(link.confidence)
    yield "relation", link.relation
    yield "label", link.label
    yield "confidence", "" if confidence is None else confidence.value
    yield "modality", link.modality
    yield "accepted", "" if link.accepted is None else str(link.accepted).lower()
    yield "qualifiers", _listed(f"{name}={value}" for name, value in link.qualifiers)
    yield "occurrence", link.occurrence
    yield "evidence", _listed(quote.text for quote in link.quotes)
    yield "evidence_at", _listed(quote.at for quote in link.quotes)
    yield "articles", _listed(dict.fromkeys(quote.article for quote in link.quotes))


def _listed(values: Iterable[str]) -> str:
    return "\n".join(values)


def _data(domain: str, values: Iterable[tuple[str, str]]) -> str:
    """Return the data elements; an empty value is left out."""
    return "".join(f'<data key="{domain}_{name}">{_text(value)}</data>' for name, value in values if value)


def _text(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text).translate(_ESCAPES)
