"""The order of rows: the same for both engines, and for rows that a query leaves in no order.

As SPARQL orders them: nothing, blank nodes, IRIs, literals. Among literals numbers by value, truth values, moments by their
ISO text (2031, 2031-03, 2031-03-05, 2031-04), then text by code points; equal ones by language, datatype and digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import pyoxigraph as ox

from kg.query.terms import MOMENTS, NUMBERS, XSD, Term

Row = tuple[Any, ...]
"""The terms of one row; pyoxigraph's have no common type."""
Key = tuple[int, int, Decimal, str, str, str]

_ZERO: Final = Decimal(0)


def key(term: Term | None) -> Key:
    """Return what `term` is compared by."""
    if term is None:
        return (0, 0, _ZERO, "", "", "")
    if isinstance(term, ox.BlankNode):  # its name is arbitrary
        return (1, 0, _ZERO, "", "", "")
    if isinstance(term, ox.NamedNode):
        return (2, 0, _ZERO, term.value, "", "")
    datatype, text = term.datatype.value, term.value
    rest = (text, term.language or "", datatype)
    if datatype in NUMBERS and (value := _number(text)) is not None:
        return (3, 0, value, *rest)
    if datatype == XSD + "boolean":
        return (3, 1, _ZERO, *rest)
    return (3, 2 if datatype in MOMENTS else 3, _ZERO, *rest)


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def ordered(rows: Iterable[Row], by: Sequence[tuple[int, bool]]) -> list[Row]:
    """Return the rows by the columns `by` (index, descending), and rows equal in these by all columns from the left."""
    found = sorted(rows, key=lambda row: tuple(map(key, row)))
    for index, descending in reversed(by):
        found.sort(key=lambda row, i=index: key(row[i]), reverse=descending)  # type: ignore[misc]
    return found


def named(rows: Iterable[Row]) -> list[Row]:
    """Return the rows with blank nodes called b0, b1, … as they come: engines invent other names in each run."""
    names: dict[ox.BlankNode, ox.BlankNode] = {}
    return [
        tuple(
            names.setdefault(t, ox.BlankNode(f"b{len(names)}")) if isinstance(t, ox.BlankNode) else t
            for t in row
        )
        for row in rows
    ]
