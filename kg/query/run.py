"""Running SPARQL over a finished graph, through rdflib.

Parameters are bound as literals, never pasted into the query. Nothing is fetched: SERVICE and FROM are refused. Rows of a
query without ORDER BY are sorted, so that the same question gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph as ox
import rdflib
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.algebra import traverse
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.sparql import Query
from rdflib.term import Identifier

from kg.errors import InputError, UsageError
from kg.vocabulary import NAMESPACE, RDF, RDFS, SCHEMA

PREFIXES = {
    "nk": NAMESPACE,
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SCHEMA,
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
    "dcterms": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Prefixes that every query may use without declaring them; the graph's own come on top."""

_STAR: Final = re.compile(r"\bSELECT\s+(?:DISTINCT\s+|REDUCED\s+)?\*", re.IGNORECASE)

Row = tuple[Identifier | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a query answers: rows under columns (SELECT), a graph (CONSTRUCT, DESCRIBE) or yes or no (ASK)."""

    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    graph: rdflib.Graph | None = None
    answer: bool | None = None


def load_graph(data: bytes, *, name: str = "graph.ttl") -> rdflib.Graph:
    """Return the graph of a Turtle file with its prefixes; raises InputError that names `name` if it cannot be parsed."""
    graph = rdflib.Graph(bind_namespaces="none")
    try:
        parser = ox.parse(data, format=ox.RdfFormat.TURTLE)
        triples = [(_term(q.subject), _term(q.predicate), _term(q.object), graph) for q in parser]
    except SyntaxError as error:
        raise InputError(name, f"a Turtle file was expected ({error})") from error
    graph.addN(triples)
    for prefix, namespace in sorted({**PREFIXES, **parser.prefixes}.items()):
        graph.bind(prefix, namespace)
    return graph


def _term(term: Any) -> Identifier:  # noqa: ANN401 - pyoxigraph's terms have no common type
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    datatype = term.datatype.value
    plain = datatype == "http://www.w3.org/2001/XMLSchema#string"
    return rdflib.Literal(term.value, datatype=None if plain else rdflib.URIRef(datatype), normalize=False)


def run_query(graph: rdflib.Graph, sparql: str, *, parameters: Mapping[str, str] | None = None) -> Result:
    """Answer a SPARQL query, with `parameters` bound to the variables of the same names.

    Raises UsageError for a query that cannot be read or run, that would fetch something, or that lacks such a variable.
    """
    values = dict(parameters or {})
    query = _prepared(graph, sparql)
    for name in sorted(values):
        if _first(name, sparql) < 0:
            raise UsageError(f"the query has no variable ?{name}, so this parameter cannot be used")
    bindings: dict[str, Identifier] = {name: rdflib.Literal(value) for name, value in values.items()}
    try:
        result = graph.query(query, initBindings=bindings)
        if result.type == "ASK":
            return Result(answer=bool(result.askAnswer))
        if result.type in ("CONSTRUCT", "DESCRIBE"):
            return Result(graph=_prefixed(result.graph or rdflib.Graph(), like=graph))
        columns = tuple(str(variable) for variable in result.vars or ())
        if _STAR.search(sparql):  # rdflib takes the variables of * from a set
            columns = tuple(sorted(columns, key=lambda name: _first(name, sparql)))
        rows = [tuple(binding.get(rdflib.Variable(c)) for c in columns) for binding in result.bindings]
    except Exception as error:
        raise UsageError(f"the query cannot be answered: {error}") from error
    if not _ordered(query):
        rows.sort(key=lambda row: [("", "") if cell is None else (cell.n3(), "") for cell in row])
    return Result(columns=columns, rows=tuple(rows))


def _first(variable: str, sparql: str) -> int:
    """Return where `variable` first stands in the query, or -1."""
    found = re.search(rf"[?$]{re.escape(variable)}\b", sparql)
    return found.start() if found else -1


def _prefixed(found: rdflib.Graph, *, like: rdflib.Graph) -> rdflib.Graph:
    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in like.namespaces():
        graph.bind(prefix, namespace)
    for triple in found:
        graph.add(triple)
    return graph


def _prepared(graph: rdflib.Graph, sparql: str) -> Query:
    try:
        query = prepareQuery(sparql, initNs={**PREFIXES, **{p: str(n) for p, n in graph.namespaces()}})
    except Exception as error:  # the parser and the translator raise many types, plain Exception among them
        raise UsageError(f"not a SPARQL query: {error}") from error
    if query.algebra.datasetClause:
        raise UsageError(
            "FROM is refused: the query is asked of the given graph only, and nothing is fetched"
        )

    def refuse(part: object) -> None:
        if isinstance(part, CompValue) and part.name == "ServiceGraphPattern":
            raise UsageError("SERVICE is refused: nothing is fetched from other servers")

    traverse(query.algebra, visitPre=refuse)
    return query


def _ordered(query: Query) -> bool:
    part = query.algebra
    while isinstance(part, CompValue):
        if part.name == "OrderBy":
            return True
        part = part.get("p")
    return False
