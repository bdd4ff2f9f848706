"""The formats that a graph can be written in: their names, and the files that each is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Final

from kg.errors import UsageError
from kg.model import KnowledgeGraph
from kg.serialize import iri
from kg.serialize.csv_import import to_csv
from kg.serialize.derived import write_derived
from kg.serialize.graphml import to_graphml
from kg.serialize.jsonld import to_jsonld, write_context
from kg.serialize.ntriples import to_ntriples
from kg.serialize.property_graph import property_graph
from kg.serialize.trig import to_trig
from kg.serialize.triples import triples_of
from kg.serialize.turtle import to_turtle
from kg.vocabulary import Vocabulary

FILES: Final[Mapping[str, tuple[str, ...]]] = {
    "ttl": ("graph.ttl", "derived.ttl"),
    "trig": ("graph.trig",),
    "nt": ("graph.nt",),
    "jsonld": ("graph.jsonld", "context.jsonld"),
    "graphml": ("graph.graphml",),
    "csv": ("nodes.csv", "relationships.csv"),
}
"""The files of every format. Turtle is always written: it is what the other commands read."""


def checked_formats(names: Iterable[str]) -> tuple[str, ...]:
    """Return the formats called `names` in the order of `FILES`, Turtle among them; raises UsageError for others.

    >>> checked_formats(["nt", "trig"])
    ('ttl', 'trig', 'nt')
    """
    wanted = {name.strip() for name in names} - {""}
    if unknown := sorted(wanted - set(FILES)):
        raise UsageError(f"unknown format {unknown[0]!r}; known formats are {', '.join(FILES)}")
    return tuple(name for name in FILES if name in wanted | {"ttl"})


def write_formats(
    graph: KnowledgeGraph,
    vocabulary: Vocabulary,
    *,
    formats: Iterable[str] = ("ttl",),
    base_iri: str = iri.DEFAULT_BASE,
) -> dict[str, bytes]:
    """Return the files of `formats` and of Turtle, by name.

    Raises UsageError for an unknown format and what :func:`kg.serialize.triples.triples_of` raises.
    """
    wanted = checked_formats(formats)
    stream = triples_of(graph, vocabulary, base_iri=base_iri)
    triples = stream if wanted == ("ttl",) else tuple(stream)  # one reader needs no list
    tables = cache(lambda: to_csv(property_graph(graph, vocabulary, base_iri=base_iri)))
    writers: dict[str, Callable[[], bytes]] = {
        "graph.ttl": lambda: to_turtle(triples, vocabulary, base_iri=base_iri),
        "derived.ttl": lambda: write_derived(graph, vocabulary, base_iri=base_iri),
        "graph.trig": lambda: to_trig(triples, vocabulary, base_iri=base_iri),
        "graph.nt": lambda: to_ntriples(triples),
        "graph.jsonld": lambda: to_jsonld(triples, vocabulary, base_iri=base_iri),
        "context.jsonld": lambda: write_context(vocabulary, base_iri=base_iri),
        "graph.graphml": lambda: to_graphml(property_graph(graph, vocabulary, base_iri=base_iri)),
        "nodes.csv": lambda: tables()[0],
        "relationships.csv": lambda: tables()[1],
    }
    return {file: writers[file]() for name in wanted for file in FILES[name]}
