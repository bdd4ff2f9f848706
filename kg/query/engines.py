"""The two engines: Oxigraph, which is fast, and rdflib, which all answers are measured against.

Both are given parameters as terms, fetch nothing, and return their rows in no particular order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import pyoxigraph as ox

from kg.errors import UsageError
from kg.query.order import Row
from kg.query.syntax import substituted
from kg.query.terms import from_rdflib

if TYPE_CHECKING:
    import rdflib
    from rdflib.plugins.sparql.sparql import Query

    from kg.query.loading import LoadedGraph

Engine = Literal["auto", "oxigraph", "rdflib"]
ENGINES: Final[tuple[Engine, ...]] = ("auto", "oxigraph", "rdflib")


class NotAnsweredError(Exception):
    """An engine that cannot read or run the query, with its own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an engine says: rows under columns, triples, or yes or no."""

    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    triples: frozenset[ox.Triple] | None = None
    yes: bool | None = None


def ask_oxigraph(loaded: LoadedGraph, sparql: str, values: Mapping[str, str]) -> Answer:
    """Return Oxigraph's answer; `values` stand as literals in the place of their variables.

    Raises NotAnsweredError.
    """
    try:
        text = substituted(sparql, {name: str(ox.Literal(value)) for name, value in values.items()})
        found = loaded.store.query(text, prefixes=dict(loaded.prefixes))
        if isinstance(found, ox.QueryBoolean):
            return Answer(yes=bool(found))
        if isinstance(found, ox.QueryTriples):
            return Answer(triples=frozenset(found))
        names = [variable.value for variable in found.variables]
        rows = tuple(tuple(row) for row in found)
    except (SyntaxError, RuntimeError, TypeError, ValueError, OSError) as error:
        raise NotAnsweredError(str(error)) from error
    return Answer(columns=tuple(names), rows=rows)


def prepared(sparql: str, prefixes: Mapping[str, str]) -> Query:
    """Return the query as rdflib reads it; raises UsageError that says where it cannot."""
    from rdflib.plugins.sparql import prepareQuery

    try:
        return prepareQuery(sparql, initNs=dict(prefixes))
    except Exception as error:  # the parser and the translator raise many types, plain Exception among them
        raise UsageError(f"not a SPARQL query: {error}") from error


def ask_rdflib(graph: rdflib.Graph, query: Query, values: Mapping[str, str]) -> Answer:
    """Return rdflib's answer, with `values` bound to their variables; raises NotAnsweredError."""
    import rdflib

    bindings = {name: rdflib.Literal(value) for name, value in values.items()}
    try:
        found = graph.query(query, initBindings=bindings)
        if found.type == "ASK":
            return Answer(yes=bool(found.askAnswer))
        if found.type in ("CONSTRUCT", "DESCRIBE"):
            return Answer(triples=frozenset(_triples(found.graph or rdflib.Graph())))
        names = tuple(str(variable) for variable in found.vars or ())
        keys = [rdflib.Variable(name) for name in names]
        rows = tuple(tuple(_cell(binding.get(k)) for k in keys) for binding in found.bindings)
    except Exception as error:  # a query may fail in as many ways as there are functions
        raise NotAnsweredError(str(error)) from error
    return Answer(columns=names, rows=rows)


def _cell(term: Any) -> Any:  # noqa: ANN401 - rdflib's bindings are untyped
    return None if term is None else from_rdflib(term)


def _triples(graph: rdflib.Graph) -> list[ox.Triple]:
    """Return the triples that are RDF: a template may put a literal where none can stand."""
    found = []
    for subject, predicate, object_ in graph:
        ends = from_rdflib(subject), from_rdflib(predicate), from_rdflib(object_)
        if not isinstance(ends[0], ox.Literal) and isinstance(ends[1], ox.NamedNode):
            found.append(ox.Triple(ends[0], ends[1], ends[2]))
    return found
