"""The graph as N-Triples: one triple per line, sorted, in canonical form, so that files can be compared line by line."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from kg.model import KnowledgeGraph
from kg.serialize import iri
from kg.serialize.triples import Stated, triples_of
from kg.vocabulary import Vocabulary


def write_ntriples(
    graph: KnowledgeGraph, vocabulary: Vocabulary, *, base_iri: str = iri.DEFAULT_BASE
) -> bytes:
    """Return `graph` as UTF-8 N-Triples. Raises what :func:`kg.serialize.triples.triples_of` raises."""
    return to_ntriples(triples_of(graph, vocabulary, base_iri=base_iri))


def to_ntriples(triples: Iterable[Stated]) -> bytes:
    """Return `triples` as canonical N-Triples (RDF 1.2), the lines sorted by code point, each once."""
    data = ox.serialize((stated.triple for stated in triples), format=ox.RdfFormat.N_TRIPLES) or b""
    # UTF-8 sorts as code points do, and no line feed stands within a triple: literals escape it.
    return b"".join(sorted({line + b"\n" for line in data.split(b"\n") if line}))
