"""Terms of answers. Inside, they are pyoxigraph's, which start fast; users of the library get rdflib's."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

if TYPE_CHECKING:
    from rdflib.term import Identifier, Node

Term = ox.NamedNode | ox.BlankNode | ox.Literal

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
DIGITS: Final = 15
"""Digits after the point that computed decimals are rounded to: the engines carry 18 and 28."""

INTEGERS: Final = frozenset(
    XSD + sign + name
    for sign, names in (
        ("", ("integer", "int", "long", "short", "byte")),
        ("non", ("NegativeInteger", "PositiveInteger")),
        ("un", ("signedInt", "signedLong", "signedShort", "signedByte")),
        ("", ("positiveInteger", "negativeInteger")),
    )
    for name in names
)
NUMBERS: Final = INTEGERS | {XSD + "decimal", XSD + "double", XSD + "float"}
MOMENTS: Final = frozenset(XSD + name for name in ("date", "dateTime", "gYear", "gYearMonth"))


def to_rdflib(term: Any) -> Identifier:  # noqa: ANN401 - pyoxigraph's terms have no common type
    """Return a term of pyoxigraph as one of rdflib, digits as they are written."""
    import rdflib

    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    datatype = term.datatype.value
    plain = datatype == XSD + "string"
    return rdflib.Literal(term.value, datatype=None if plain else rdflib.URIRef(datatype), normalize=False)


def from_rdflib(term: Node) -> Term:
    """Return a term of rdflib as one of pyoxigraph. Raises ValueError for a broken IRI or blank node."""
    import rdflib

    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return ox.BlankNode(str(term))
    if not isinstance(term, rdflib.Literal):
        raise ValueError(f"an IRI, a blank node or a literal was expected, not {term!r}")
    if term.language:
        return ox.Literal(str(term), language=term.language)
    return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)) if term.datatype else None)


def same_digits(term: Term | None) -> Term | None:
    """Return a decimal in canonical form, rounded to `DIGITS`; other terms as they are.

    A sum is 1.0 to one engine and 1 to the other, a mean has 18 digits here and 28 there.
    """
    if not isinstance(term, ox.Literal) or term.datatype.value != XSD + "decimal":
        return term
    try:
        value = Decimal(term.value)
    except InvalidOperation:
        return term
    if -value.as_tuple().exponent > DIGITS:  # type: ignore[operator]  # finite: xsd:decimal has no NaN
        value = round(value, DIGITS)
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return ox.Literal("0" if text in ("-0", "") else text, datatype=term.datatype)
