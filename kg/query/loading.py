"""A finished graph in memory: in Oxigraph's store, with rdflib's interface in front of it.

Oxigraph keeps numbers, truth values and times as values and forgets how they were written (0.90 comes back as 0.9).
`kg build` writes them as Oxigraph does, so nothing changes there; a graph from elsewhere may not be `exact`, and then
questions are answered by rdflib's own memory.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg.errors import InputError
from kg.query.terms import XSD, to_rdflib
from kg.vocabulary import NAMESPACE, RDF, RDFS, SCHEMA

if TYPE_CHECKING:
    import rdflib

PREFIXES: Final = {
    "nk": NAMESPACE,
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SCHEMA,
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
    "dcterms": "http://purl.org/dc/terms/",
    "xsd": XSD,
}
"""Prefixes that every query may use without declaring them; the graph's own come on top."""

_WORDS: Final = frozenset({XSD + "string", RDF + "langString"})
_SAFE: Final = {
    XSD + "integer": re.compile(r"0|-?[1-9][0-9]{0,17}"),
    XSD + "decimal": re.compile(r"(?!-0\Z)-?(?:0|[1-9][0-9]{0,15})(?:\.[0-9]{0,14}[1-9])?"),
    XSD + "boolean": re.compile(r"true|false"),
    XSD + "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    XSD + "gYearMonth": re.compile(r"[0-9]{4}-[0-9]{2}"),
    XSD + "gYear": re.compile(r"[0-9]{4}"),
    XSD + "dateTime": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z?"),
}
"""Datatypes whose values both engines read and write alike, in the forms where they do."""


@dataclass(frozen=True, kw_only=True)
class LoadedGraph:
    """A graph in Oxigraph's store; `inexact` is a literal that the store does not keep as written, or None."""

    name: str
    store: ox.Store = field(repr=False)
    prefixes: Mapping[str, str]
    inexact: str | None = None
    files: tuple[bytes, ...] = field(default=(), repr=False)

    @cached_property
    def graph(self) -> rdflib.Graph:
        """The graph for users of rdflib, over Oxigraph's store."""
        import rdflib
        from oxrdflib import OxigraphStore
        from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

        store = OxigraphStore(store=self.store)
        return self._bound(
            rdflib.Graph(store=store, identifier=DATASET_DEFAULT_GRAPH_ID, bind_namespaces="none")
        )

    @cached_property
    def memory(self) -> rdflib.Graph:
        """The graph in rdflib's own memory, every literal as it is written in the file."""
        import rdflib

        graph = rdflib.Graph(bind_namespaces="none")
        for data in self.files:
            graph.addN(
                (to_rdflib(q.subject), to_rdflib(q.predicate), to_rdflib(q.object), graph)
                for q in ox.parse(data, format=ox.RdfFormat.TURTLE)
            )
        return self._bound(graph)

    def _bound(self, graph: rdflib.Graph) -> rdflib.Graph:
        for prefix, namespace in sorted(self.prefixes.items()):
            graph.bind(prefix, namespace)
        return graph


def load_graph(data: bytes, *more: bytes, names: Sequence[str] = ("graph.ttl",)) -> LoadedGraph:
    """Return the graph of a Turtle file, and of more files beside it, with their prefixes.

    Raises InputError that names the file (`names`, in the order of the files) if one cannot be parsed.
    """
    store = ox.Store()
    prefixes: dict[str, str] = {}
    inexact: set[str] = set()
    files = (data, *more)
    for number, file in enumerate(files):
        name = names[min(number, len(names) - 1)]
        try:
            store.load(file, format=ox.RdfFormat.TURTLE)
            own, odd = _read_through(file)
        except (SyntaxError, ValueError) as error:
            raise InputError(name, f"a Turtle file was expected ({error})") from error
        prefixes |= own
        inexact |= odd
    return LoadedGraph(
        name=names[0],
        store=store,
        prefixes={**PREFIXES, **prefixes},
        inexact=min(inexact, default=None),
        files=files,
    )


def _read_through(data: bytes) -> tuple[dict[str, str], set[str]]:
    """Return the prefixes of a file and the literals that the engines would not treat alike."""
    parser = ox.parse(data, format=ox.RdfFormat.TURTLE)
    literal, odd, seen = ox.Literal, set(), set()
    for quad in parser:
        term = quad.object
        if term.__class__ is literal and term not in seen and term.datatype.value not in _WORDS:
            seen.add(term)
            form = _SAFE.get(term.datatype.value)
            known = form is not None or not term.datatype.value.startswith(XSD)
            if not known or (form is not None and not form.fullmatch(term.value)):
                odd.add(str(term))
    return dict(parser.prefixes), odd
