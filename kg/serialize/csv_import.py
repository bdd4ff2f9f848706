"""The graph as two CSV files with the headers of ``neo4j-admin database import``: nodes and relationships.

    neo4j-admin database import full --nodes=nodes.csv --relationships=relationships.csv --multiline-fields=true

Comma-separated, quotes doubled, UTF-8, lines end in a line feed. Lists (``string[]``) are separated by ``;``, for which that
format knows no escape: a semicolon inside a name stands as a full-width one (；). Evidence has to be exact, so its three
columns are JSON lists in the same order: texts, their IRIs, the IRIs of their articles. An empty field is no value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Final

from kg.model import KnowledgeGraph
from kg.serialize import iri
from kg.serialize.property_graph import Link, PropertyGraph, Vertex, property_graph
from kg.serialize.values import decimal
from kg.vocabulary import Vocabulary

NODES: Final = (
    "iri:ID",
    "name",
    "aliases:string[]",
    "dates:string[]",
    "amounts:string[]",
    "value:double",
    "currency",
    "code",
    ":LABEL",
)
RELATIONSHIPS: Final = (
    ":START_ID",
    ":END_ID",
    ":TYPE",
    "statement",
    "label",
    "confidence:double",
    "modality",
    "accepted:boolean",
    "qualifiers:string[]",
    "occurrence",
    "evidence",
    "evidence_at",
    "articles",
)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_SPECIAL: Final = re.compile(r'[",\r\n]|^\s|\s$')


def write_csv(
    graph: KnowledgeGraph, vocabulary: Vocabulary, *, base_iri: str = iri.DEFAULT_BASE
) -> tuple[bytes, bytes]:
    """Return nodes and relationships. Raises what :func:`kg.serialize.property_graph.property_graph` raises."""
    return to_csv(property_graph(graph, vocabulary, base_iri=base_iri))


def to_csv(graph: PropertyGraph) -> tuple[bytes, bytes]:
    """Return the nodes and the relationships of `graph` as two UTF-8 CSV files."""
    return _table(NODES, map(_node, graph.vertices)), _table(RELATIONSHIPS, map(_relationship, graph.links))


def _node(vertex: Vertex) -> Sequence[str]:
    value = decimal(vertex.value) if vertex.value else None
    return (
        vertex.id,
        vertex.name,
        _array(vertex.aliases),
        _array(vertex.dates),
        _array(vertex.amounts),
        "" if value is None else value.value,
        vertex.currency,
        vertex.code,
        ";".join(vertex.labels),
    )


def _relationship(link: Link) -> Sequence[str]:
    confidence = None if link.confidence is None else decimal(link.confidence)
    return (
        link.source,
        link.target,
        link.relation,
        link.id,
        link.label,
        "" if confidence is None else confidence.value,
        link.modality,
        "" if link.accepted is None else str(link.accepted).lower(),
        _array(f"{name}={value}" for name, value in link.qualifiers),
        link.occurrence,
        _json(quote.text for quote in link.quotes),
        _json(quote.at for quote in link.quotes),
        _json(quote.article for quote in link.quotes),
    )


def _array(values: Iterable[str]) -> str:
    return ";".join(value.replace(";", "；") for value in values)


def _json(values: Iterable[str]) -> str:
    listed = list(values)
    return json.dumps(listed, ensure_ascii=False) if listed else ""


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    # The csv module leaves a lone carriage return without quotes, and readers then end the line there.
    lines = (",".join(map(_field, row)) for row in (header, *rows))
    return "".join(f"{line}\n" for line in lines).encode()


def _field(text: str) -> str:
    plain = _SURROGATE.sub("\ufffd", text)
    if not _SPECIAL.search(plain):
        return plain
    doubled = plain.replace('"', '""')
    return f'"{doubled}"'
