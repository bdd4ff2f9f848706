"""RDF literals for dates, amounts and other words of the text."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

import pyoxigraph as ox

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
DATE, MONTH, YEAR, DECIMAL, INTEGER, BOOLEAN = (
    ox.NamedNode(XSD + name) for name in ("date", "gYearMonth", "gYear", "decimal", "integer", "boolean")
)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def words(text: str) -> ox.Literal:
    """Return a plain literal; lone surrogates, which RDF cannot hold, become U+FFFD."""
    return ox.Literal(_SURROGATE.sub("\ufffd", text))


def integer(value: int) -> ox.Literal:
    """Return an xsd:integer."""
    return ox.Literal(str(value), datatype=INTEGER)


def boolean(value: bool) -> ox.Literal:
    """Return an xsd:boolean."""
    return ox.Literal("true" if value else "false", datatype=BOOLEAN)


def decimal(value: str | float) -> ox.Literal | None:
    """Return the canonical xsd:decimal of a number, or None for what is no finite number.

    Floating-point numbers, all of them confidences, are rounded to four places.

    >>> decimal("200000000.50").value, decimal(0.93).value, decimal("1E+9").value, decimal("许多")
    ('200000000.5', '0.93', '1000000000', None)
    """
    try:
        number = Decimal(f"{value:.4f}" if isinstance(value, float) else value)
    except InvalidOperation:
        return None
    if not number.is_finite() or number.adjusted() > 60 or number.adjusted() < -60:
        return None
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text.lstrip("+"))
    digits = digits.lstrip("0") or "0"
    digits = "0" + digits if digits.startswith(".") else digits
    return ox.Literal("0" if digits == "0" else sign + digits, datatype=DECIMAL)


def moment(value: str) -> ox.Literal | None:
    """Return an xsd:date, gYearMonth or gYear, or None for anything else, such as 30 February or a range.

    >>> moment("2023-12-16").datatype.value.rpartition("#")[2], moment("2023-12").datatype.value.rpartition("#")[2]
    ('date', 'gYearMonth')
    >>> moment("2023-02-30"), moment("2023-12-02/2023-12-05")
    (None, None)
    """
    parts = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?", value)
    if parts is None:
        return None
    year, month, day = parts.groups()
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return ox.Literal(value, datatype=DATE if day else MONTH if month else YEAR)


def period(value: str) -> tuple[ox.Literal, ox.Literal] | None:
    """Return start and end of a range such as ``2023-12-02/2023-12-05``, or None for anything else."""
    start, slash, end = value.partition("/")
    first, last = moment(start), moment(end)
    return (first, last) if slash and first is not None and last is not None else None
