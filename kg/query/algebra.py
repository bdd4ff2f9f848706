"""Pieces of rdflib's algebra of a query: its patterns, variables and paths."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import rdflib
from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, SequencePath
from rdflib.plugins.sparql.parserutils import CompValue


def chain(algebra: CompValue) -> list[CompValue]:
    """Return what stands around the outermost pattern, from the outside, the pattern last."""
    return list(nested_chain(algebra.p))


def nested_chain(part: CompValue) -> Iterator[CompValue]:
    """Yield `part` and what it stands around, down to the pattern: slices, orders, projections."""
    while isinstance(part, CompValue):
        yield part
        if part.name not in ("Slice", "Distinct", "Reduced", "Project", "OrderBy"):
            return
        part = part.p


def parts(part: Any) -> Iterator[CompValue]:  # noqa: ANN401 - rdflib's algebra
    """Yield every node of the algebra below `part`, itself included."""
    if isinstance(part, CompValue):
        yield part
        for value in part.values():
            yield from parts(value)
    elif isinstance(part, list | tuple) and not isinstance(part, str):
        for value in part:
            yield from parts(value)


def arguments(expression: CompValue) -> Iterator[Any]:
    """Yield the arguments of a function or operator."""
    for name, value in expression.items():
        if name != "_vars":
            yield from value if isinstance(value, list) else [value]


def variables(part: Any) -> frozenset[Any]:  # noqa: ANN401 - rdflib's algebra
    """Return the variables that stand in the patterns of `part`, sub-selects and VALUES included."""
    found: set[Any] = set()
    for one in parts(part):
        if one.name == "BGP":
            found |= {end for triple in one.triples for end in triple if isinstance(end, rdflib.Variable)}
        elif one.name == "Extend":
            found.add(one.var)
        elif one.name.startswith("Aggregate_"):
            found.add(one.res)
        elif one.name == "values":
            found |= {name for row in one.res for name in row}
    return frozenset(found)


def repeated(path: Any) -> set[str]:  # noqa: ANN401 - rdflib's paths
    """Return which of | * + ? ! a path has."""
    if isinstance(path, MulPath):
        return {str(path.mod)} | repeated(path.path)
    if isinstance(path, AlternativePath):
        return {"|"}.union(*map(repeated, path.args))
    if isinstance(path, SequencePath):
        return set().union(*map(repeated, path.args))
    if isinstance(path, InvPath):
        return repeated(path.arg)
    return {"!"} if isinstance(path, NegatedPath) else set()


def unconnected(part: CompValue) -> bool:
    """Whether `part` is a basic graph pattern in two or more pieces that share no variable."""
    if part.name != "BGP":
        return False
    pieces: list[set[Any]] = []
    for triple in part.triples:
        own = {end for end in triple if isinstance(end, rdflib.Variable | rdflib.BNode)}
        touching = [piece for piece in pieces if piece & own]
        pieces = [piece for piece in pieces if not piece & own] + [own.union(*touching)]
    return len(pieces) > 1
