"""Running SPARQL over a loaded graph.

Oxigraph answers where its answer is known to be rdflib's, and rdflib itself does elsewhere (`Result.engine` and
`Result.reason` say which and why). Parameters are bound as terms, never pasted into the query. Nothing is fetched: SERVICE
and FROM are refused. Rows come in a defined order, whatever the engine: as the query orders them, then by all columns; LIMIT
and OFFSET cut after that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.errors import UsageError
from kg.query.engines import Answer, Engine, NotAnsweredError, ask_oxigraph, ask_rdflib, prepared
from kg.query.loading import LoadedGraph, load_graph
from kg.query.order import Row, named, ordered
from kg.query.syntax import Outline, calls_service, outline, variables, words
from kg.query.terms import same_digits, to_rdflib

if TYPE_CHECKING:
    import rdflib
    from rdflib.plugins.sparql.sparql import Query
    from rdflib.term import Identifier

__all__ = ["LoadedGraph", "Result", "load_graph", "run_query"]


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a query answers: rows under columns (SELECT), triples (CONSTRUCT, DESCRIBE) or yes or no (ASK).

    `cells` and `triples` hold pyoxigraph's terms; `rows` and `graph` are the same for users of rdflib. `reason` says why
    `engine` is rdflib where it was not asked for.
    """

    columns: tuple[str, ...] = ()
    cells: tuple[Row, ...] = ()
    triples: tuple[ox.Triple, ...] | None = None
    answer: bool | None = None
    engine: str = "oxigraph"
    reason: str | None = None
    prefixes: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def rows(self) -> tuple[tuple[Identifier | None, ...], ...]:
        """The rows in rdflib's terms."""
        return tuple(tuple(None if t is None else to_rdflib(t) for t in row) for row in self.cells)

    @cached_property
    def graph(self) -> rdflib.Graph | None:
        """The triples as a graph of rdflib with the prefixes of the graph that was asked."""
        if self.triples is None:
            return None
        import rdflib

        graph = rdflib.Graph(bind_namespaces="none")
        for prefix, namespace in sorted(self.prefixes.items()):
            graph.bind(prefix, namespace)
        for triple in self.triples:
            graph.add((to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object)))
        return graph


def run_query(
    loaded: LoadedGraph,
    sparql: str,
    *,
    parameters: Mapping[str, str] | None = None,
    engine: Engine = "auto",
    alike: bool = False,
) -> Result:
    """Answer a SPARQL query, with `parameters` bound to the variables of the same names.

    With `alike` the query is known to have one answer in both engines, as the shipped questions are, and is not looked
    at. Raises UsageError for a query that cannot be read or run, that would fetch something, or that lacks such a variable.
    """
    values = dict(parameters or {})
    _refuse(sparql, values)
    found = outline(sparql)
    if engine == "oxigraph":
        try:
            answer = ask_oxigraph(loaded, found.sparql, values)
        except NotAnsweredError as error:
            raise UsageError(f"the query cannot be answered by Oxigraph: {error}") from error
        return _result(loaded, answer, found, sparql, engine="oxigraph")
    query: Query | None = None
    reason: str | None = None
    if engine == "auto":
        reason = (
            f"the graph holds {loaded.inexact}, which Oxigraph writes differently" if loaded.inexact else None
        )
        if reason is None and found.order is None:
            reason = "the rows are ordered by what is no column"
        if reason is None and not alike:
            from kg.query.likeness import difference

            query = prepared(sparql, loaded.prefixes)
            reason = difference(loaded, query, values)
        if reason is None:
            try:
                answer = ask_oxigraph(loaded, found.sparql, values)
            except NotAnsweredError as error:
                reason = f"Oxigraph refuses the query ({error})"
            else:
                return _result(loaded, answer, found, sparql, engine="oxigraph")
    query = prepared(found.sparql, loaded.prefixes)
    if found.order is None:
        _with_columns_as_last_keys(query)
    try:
        answer = ask_rdflib(loaded.memory, query, values)
    except NotAnsweredError as error:
        raise UsageError(f"the query cannot be answered: {error}") from error
    return replace(_result(loaded, answer, found, sparql, engine="rdflib"), reason=reason)


def _refuse(sparql: str, values: Mapping[str, str]) -> None:
    found = words(sparql)
    if "SERVICE" in found or calls_service(sparql):
        raise UsageError("SERVICE is refused: nothing is fetched from other servers")
    if "FROM" in found:
        raise UsageError(
            "FROM is refused: the query is asked of the given graph only, and nothing is fetched"
        )
    known = variables(sparql)
    for name in sorted(values):
        if name not in known:
            raise UsageError(f"the query has no variable ?{name}, so this parameter cannot be used")


def _result(loaded: LoadedGraph, answer: Answer, found: Outline, sparql: str, *, engine: str) -> Result:
    if answer.yes is not None:
        return Result(answer=answer.yes, engine=engine)
    canonical = loaded.inexact is None
    if answer.triples is not None:
        ends = named(ordered(((t.subject, t.predicate, t.object) for t in answer.triples), ()))
        triples = tuple(ox.Triple(*end) for end in ends)
        return Result(triples=triples, engine=engine, prefixes=loaded.prefixes)
    columns, rows = answer.columns, answer.rows
    if found.star:  # the engines take the variables of * from a set
        place = {name: i for i, name in enumerate(variables(sparql))}
        order = sorted(range(len(columns)), key=lambda i: place.get(columns[i], len(place)))
        columns = tuple(columns[i] for i in order)
        rows = tuple(tuple(row[i] for i in order) for row in rows)
    if found.grouped and len(rows) == 1 and not any(rows[0]):
        rows = ()  # rdflib makes a group of nothing
    if canonical:
        rows = tuple(tuple(same_digits(t) for t in row) for row in rows)
    if found.order is not None:
        by = [(columns.index(name), descending) for name, descending in found.order if name in columns]
        cut = ordered(rows, by)[found.offset :]
        rows = tuple(cut if found.limit is None else cut[: found.limit])
    return Result(columns=columns, cells=tuple(named(rows)), engine=engine)


def _with_columns_as_last_keys(query: Query) -> None:
    """Order rows that the query's own keys leave equal by its columns."""
    from rdflib.plugins.sparql.parserutils import CompValue

    part: Any = query.algebra
    while isinstance(part, CompValue):
        if part.name == "OrderBy":
            part.expr = [
                *part.expr,
                *(CompValue("OrderCondition", expr=v, order=None) for v in query.algebra.PV),
            ]
            return
        part = part.get("p")
