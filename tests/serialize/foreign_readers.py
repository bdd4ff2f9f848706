"""What readers that are not ours find in the formats: triples, and statements of property graphs."""

from __future__ import annotations

import csv
import io
import json
import warnings

import networkx as nx
import pyoxigraph as ox
import rdflib

STRING = "http://www.w3.org/2001/XMLSchema#string"
Triple = tuple[str, ...]

FORMATS = {
    "graph.ttl": (ox.RdfFormat.TURTLE, "turtle"),
    "derived.ttl": (ox.RdfFormat.TURTLE, "turtle"),
    "graph.nt": (ox.RdfFormat.N_TRIPLES, "nt"),
    "graph.trig": (ox.RdfFormat.TRIG, "trig"),
    "graph.jsonld": (ox.RdfFormat.JSON_LD, "json-ld"),
}


def by_oxigraph(name: str, data: bytes) -> set[Triple]:
    """Return the triples of a file, all graphs together, as pyoxigraph reads them (strictly)."""
    return {
        tuple(map(_ox_term, (q.subject, q.predicate, q.object)))
        for q in ox.parse(data, format=FORMATS[name][0])
    }


def graphs_by_oxigraph(data: bytes) -> dict[str, set[Triple]]:
    """Return the triples of a TriG file by graph, the default graph under the empty name."""
    found: dict[str, set[Triple]] = {}
    for q in ox.parse(data, format=ox.RdfFormat.TRIG):
        name = q.graph_name.value if isinstance(q.graph_name, ox.NamedNode) else ""
        found.setdefault(name, set()).add(tuple(map(_ox_term, (q.subject, q.predicate, q.object))))
    return found


def by_rdflib(name: str, data: bytes) -> set[Triple]:
    """Return the triples of a file, all graphs together, as rdflib reads them."""
    dataset = rdflib.Dataset(default_union=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's parsers use what rdflib deprecates
        dataset.parse(data=data, format=FORMATS[name][1])
    return {tuple(map(_rdflib_term, quad[:3])) for quad in dataset.quads()}


def _ox_term(term: object) -> str:
    if isinstance(term, ox.Literal):
        return f"{term.value}^^{term.datatype.value}@{term.language or ''}"
    assert isinstance(term, ox.NamedNode), "no blank node was expected"
    return term.value


def _rdflib_term(term: object) -> str:
    if isinstance(term, rdflib.Literal):
        kind = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString" if term.language else STRING
        return f"{term}^^{term.datatype or kind}@{term.language or ''}"
    assert isinstance(term, rdflib.URIRef), "no blank node was expected"
    return str(term)


def by_networkx(data: bytes) -> nx.MultiDiGraph:
    """Return GraphML as networkx reads it."""
    return nx.MultiDiGraph(nx.read_graphml(io.BytesIO(data), force_multigraph=True))


def by_csv(data: bytes) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    rows = list(csv.reader(io.StringIO(data.decode(), newline="")))
    assert {len(row) for row in rows} == {len(rows[0])}
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def texts(field: str) -> list[str]:
    """Return the texts of a JSON list in a CSV field."""
    return json.loads(field) if field else []
