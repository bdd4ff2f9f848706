"""Answers as text: a table for terminals, CSV (RFC 4180), SPARQL 1.1 Query Results JSON, Turtle."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Sequence
from typing import Any, Final

import pyoxigraph as ox

from kg.errors import UsageError
from kg.query.running import Result
from kg.query.terms import XSD, Term

FORMATS: Final = ("table", "csv", "json", "turtle")
_NARROWEST: Final = 8
_BETWEEN: Final = "  "


def format_result(result: Result, form: str, *, width: int | None = None) -> str:
    """Return `result` as text that ends in a line break (CSV: CRLF).

    `width` is that of the terminal in columns, None for as wide as the cells are. Raises UsageError for a form that does
    not exist or that does not fit the result: Turtle is for graphs (CONSTRUCT, DESCRIBE), JSON for everything else.
    """
    if form not in FORMATS:
        raise UsageError(f"unknown format {form!r}; known: {', '.join(FORMATS)}")
    if form == "turtle":
        if result.triples is None:
            raise UsageError(
                "Turtle is for CONSTRUCT and DESCRIBE; this query gives rows: choose table, csv or json"
            )
        return _turtle(result)
    if form == "json":
        if result.triples is not None:
            raise UsageError("this query gives a graph: choose turtle, table or csv")
        return json.dumps(_json(result), ensure_ascii=False, indent=2) + "\n"
    columns, rows = _cells(result)
    return _csv(columns, rows) if form == "csv" else _table(columns, rows, width)


def _cells(result: Result) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    if result.answer is not None:
        return ("answer",), [(str(result.answer).lower(),)]
    if result.triples is not None:
        ends = [(t.subject, t.predicate, t.object) for t in result.triples]
        return ("subject", "predicate", "object"), sorted(tuple(map(_words, triple)) for triple in ends)
    return result.columns, [
        tuple("" if cell is None else _words(cell) for cell in row) for row in result.cells
    ]


def _words(term: Any) -> str:  # noqa: ANN401 - pyoxigraph's terms have no common type
    return str(term.value)


def _csv(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def _json(result: Result) -> dict[str, Any]:
    if result.answer is not None:
        return {"head": {}, "boolean": result.answer}
    bindings = [
        {column: _binding(cell) for column, cell in zip(result.columns, row, strict=True) if cell is not None}
        for row in result.cells
    ]
    return {"head": {"vars": list(result.columns)}, "results": {"bindings": bindings}}


def _binding(cell: Term) -> dict[str, str]:
    if isinstance(cell, ox.NamedNode):
        return {"type": "uri", "value": cell.value}
    if isinstance(cell, ox.BlankNode):
        return {"type": "bnode", "value": cell.value}
    binding = {"type": "literal", "value": cell.value}
    if cell.language:
        binding["xml:lang"] = cell.language
    elif cell.datatype.value != XSD + "string":
        binding["datatype"] = cell.datatype.value
    return binding


def _turtle(result: Result) -> str:
    """Write through pyoxigraph: rdflib writes prefixed names that the standard forbids."""
    triples = result.triples or ()
    data = "\n".join(map(str, triples))
    used = {prefix: iri for prefix, iri in result.prefixes.items() if prefix and f"<{iri}" in data}
    text = (ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=used) or b"").decode()
    # pyoxigraph writes the prefixes in the order of a hash table.
    every = text.splitlines(keepends=True)
    count = next((i for i, line in enumerate(every) if not line.startswith("@prefix ")), len(every))
    return "".join(sorted(every[:count]) + every[count:])


# ---------------------------------------------------------------- tables


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int | None) -> str:
    shown = [[_visible(cell) for cell in row] for row in rows]
    widths = [max(_width(text) for text in column) for column in zip(columns, *shown, strict=True)]
    if width is not None:
        widths = _fitted(widths, width - len(_BETWEEN) * (len(widths) - 1))
    lines = [_line(columns, widths), _line(["─" * w for w in widths], widths, fill=1)]
    lines += [_line(row, widths) for row in shown]
    return "\n".join(lines) + "\n"


def _visible(text: str) -> str:
    """Return `text` on one line, without characters that could steer a terminal."""
    return "".join(
        " " if c in "\r\n\t" else "" if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") else c
        for c in text
    )


def _fitted(widths: list[int], room: int) -> list[int]:
    """Return the widths cut down to `room`, the widest columns first and none below the narrowest."""
    fitted = list(widths)
    while sum(fitted) > room:
        widest = max(range(len(fitted)), key=lambda i: (fitted[i], i))
        if fitted[widest] <= _NARROWEST:
            break
        fitted[widest] -= 1
    return fitted


def _line(cells: Sequence[str], widths: Sequence[int], *, fill: int = 0) -> str:
    if fill:
        return _BETWEEN.join("─" * w for w in widths)
    padded = []
    for cell, width in zip(cells, widths, strict=True):
        text = _cut(cell, width)
        padded.append(text + " " * (width - _width(text)))
    return _BETWEEN.join(padded).rstrip()


def _cut(text: str, width: int) -> str:
    if _width(text) <= width:
        return text
    room, kept = width - 1, ""
    for character in text:
        room -= _width(character)
        if room < 0:
            break
        kept += character
    return kept + "…"


def _width(text: str) -> int:
    """Return the columns that `text` takes on a terminal: two for a Chinese character, none for a combining one."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )
