"""The graph as TriG: one named graph per article, named by the IRI of the article, with all that hangs on it.

The default graph holds what belongs to no article: entities with their names, divisions, sources, the run. The graph of an
article holds its description, the flat triples that it states, the statements that it supports with its own supports and
their strings, and the occurrences of these statements. What several articles state stands in the graph of each, so that

- ``DROP GRAPH <…/article/news.txt/0>`` takes away the article, its evidence and every fact that no other article states;
- ``GRAPH ?article { ?a nk:hosts ?b }`` says who states a fact;
- the union of all graphs is exactly the Turtle file.

The confidence of a statement is that of all its evidence together, also where a graph holds only a part of it.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from kg.model import KnowledgeGraph
from kg.serialize import iri
from kg.serialize.namespaces import prefixes, with_sorted_prefixes
from kg.serialize.triples import Key, Stated, triples_of
from kg.vocabulary import Vocabulary


def write_trig(graph: KnowledgeGraph, vocabulary: Vocabulary, *, base_iri: str = iri.DEFAULT_BASE) -> bytes:
    """Return `graph` as UTF-8 TriG. Raises what :func:`kg.serialize.triples.triples_of` raises."""
    return to_trig(triples_of(graph, vocabulary, base_iri=base_iri), vocabulary, base_iri=base_iri)


def to_trig(triples: Iterable[Stated], vocabulary: Vocabulary, *, base_iri: str = iri.DEFAULT_BASE) -> bytes:
    """Return `triples` as UTF-8 TriG: the default graph, then the articles by source and number."""
    base = iri.checked_base(base_iri)
    shared: list[ox.Triple] = []
    stated_by: dict[Key, list[ox.Triple]] = {}
    for triple, articles in triples:
        if not articles:
            shared.append(triple)
        for article in articles:
            stated_by.setdefault(article, []).append(triple)
    quads = [ox.Quad(t.subject, t.predicate, t.object) for t in shared]
    for (source, index), own in sorted(stated_by.items(), key=lambda item: item[0]):
        name = ox.NamedNode(iri.article_iri(base, source, index))
        quads += (ox.Quad(t.subject, t.predicate, t.object, name) for t in own)
    data = ox.serialize(quads, format=ox.RdfFormat.TRIG, prefixes=prefixes(vocabulary, base))
    return with_sorted_prefixes(data or b"")
