"""The graph as Turtle: a flat triple for what is plainly stated, a statement node with everything else (contract 2).

The triples and their order are those of `kg.serialize.triples`; the same graph gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from kg.model import KnowledgeGraph
from kg.serialize import iri
from kg.serialize.namespaces import prefixes, with_sorted_prefixes
from kg.serialize.triples import Stated, triples_of
from kg.vocabulary import Vocabulary


def write_turtle(graph: KnowledgeGraph, vocabulary: Vocabulary, *, base_iri: str = iri.DEFAULT_BASE) -> bytes:
    """Return `graph` as UTF-8 Turtle. Raises what :func:`kg.serialize.triples.triples_of` raises."""
    return to_turtle(triples_of(graph, vocabulary, base_iri=base_iri), vocabulary, base_iri=base_iri)


def to_turtle(
    triples: Iterable[Stated], vocabulary: Vocabulary, *, base_iri: str = iri.DEFAULT_BASE
) -> bytes:
    """Return `triples`, in their order, as UTF-8 Turtle."""
    data = ox.serialize(
        (stated.triple for stated in triples),
        format=ox.RdfFormat.TURTLE,
        prefixes=prefixes(vocabulary, iri.checked_base(base_iri)),
    )
    return with_sorted_prefixes(data or b"")
