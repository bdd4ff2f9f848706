"""Whether Oxigraph answers a query as rdflib does: known for the forms below, and for nothing else.

Where the engines were found to differ (tests/query/test_engines_alike.py has each case): comparisons of values of unlike
types (rdflib compares their datatypes), arithmetic, how often a path with | * + ? leads to the same place, paths of no steps
from a term that the graph does not hold, regular expressions beyond plain ones, GROUP_CONCAT and SAMPLE (they take rows as
they come), aggregates over mixed values, DESCRIBE, sub-selects and OPTIONAL whose variables mean something else outside.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import rdflib
from rdflib.paths import AlternativePath, Path
from rdflib.plugins.sparql.parserutils import CompValue

from kg.query.algebra import arguments, chain, nested_chain, parts, repeated, unconnected, variables
from kg.query.terms import INTEGERS, MOMENTS, NUMBERS, XSD

if TYPE_CHECKING:
    from rdflib.plugins.sparql.sparql import Query

    from kg.query.loading import LoadedGraph

_TEXT: Final = frozenset({"STR", "STRAFTER", "STRBEFORE", "LCASE", "SUBSTR", "CONCAT", "LANG"})
_TRUTH: Final = frozenset(
    {"BOUND", "CONTAINS", "STRSTARTS", "STRENDS", "isIRI", "isURI", "isLITERAL", "isNUMERIC", "LANGMATCHES"}
)
_CALLS: Final = frozenset(
    f"Builtin_{name}"
    for name in _TEXT | _TRUTH | {"STRLEN", "IF", "COALESCE", "DATATYPE", "REGEX", "EXISTS", "NOTEXISTS"}
) | {"ConditionalAndExpression", "ConditionalOrExpression", "UnaryNot", "TrueFilter"}
_PLAIN_PATTERN: Final = re.compile(
    r"\^?(?:[\w ，。、：“”《》（）-]|\.[*+?]?|\[[\w]+\]|\||[*+?](?![*+?])|[()](?!\?))*"
)
_NUMBERS_AS_WRITTEN: Final = re.compile(r"0|-?[1-9][0-9]*|-?(?:0|[1-9][0-9]*)\.[0-9]*[1-9]")


class _Unlike(Exception):  # noqa: N818 - it is a finding, not an error
    """Carries why the engines may differ."""


def difference(loaded: LoadedGraph, query: Query, parameters: Mapping[str, str]) -> str | None:
    """Return why Oxigraph's answer may not be rdflib's, or None where the two are known to agree."""
    try:
        _Walk(loaded, query.algebra, frozenset(parameters)).check()
    except _Unlike as found:
        return str(found)
    return None


class _Walk:
    """One pass over the algebra of a query."""

    def __init__(self, loaded: LoadedGraph, algebra: CompValue, parameters: frozenset[str]) -> None:
        self._loaded = loaded
        self._top = algebra
        self._parameters = frozenset(map(rdflib.Variable, parameters))
        every = list(parts(algebra))
        self._sources: dict[rdflib.Variable, set[str]] = {}
        self._given: dict[rdflib.Variable, list[Any]] = {}
        self._bound: set[rdflib.Variable] = set()
        self._distinct = algebra.name != "SelectQuery" or any(p.name == "Distinct" for p in chain(algebra))
        for part in every:
            if part.name == "BGP":
                self._note(part)
            elif part.name == "Extend":
                self._given.setdefault(part.var, []).append(part.expr)
            elif part.name.startswith("Aggregate_"):
                self._given.setdefault(part.res, []).append(part)

    def _note(self, bgp: CompValue) -> None:
        for subject, predicate, object_ in bgp.triples:
            plain = isinstance(predicate, rdflib.URIRef)
            for end in (subject, predicate):
                if isinstance(end, rdflib.Variable):
                    self._sources.setdefault(end, set()).add("iri" if plain or end is not subject else "?")
                    self._bound |= {end} if not isinstance(predicate, Path) else set()
            if isinstance(object_, rdflib.Variable):
                self._sources.setdefault(object_, set()).add(str(predicate) if plain else "?")
                self._bound |= {object_} if not isinstance(predicate, Path) else set()

    def check(self) -> None:
        top = self._top
        if top.name not in ("SelectQuery", "AskQuery", "ConstructQuery"):
            raise _Unlike(f"the engines describe things differently ({top.name})")
        for triple in top.template or ():
            if any(isinstance(end, rdflib.BNode) for end in triple):
                raise _Unlike("new blank nodes have other names in each engine")
        around = chain(top)
        if top.name == "SelectQuery" and self._parameters & set(top.PV or ()):
            raise _Unlike("a parameter is a column")
        slices = [part for part in around if part.name == "Slice"]
        if slices and top.name != "SelectQuery":
            raise _Unlike("which triples LIMIT leaves depends on the engine")
        self._part(around[-1] if around else top.p, frozenset())

    # ------------------------------------------------------------ patterns

    def _part(self, part: CompValue, outside: frozenset[Any]) -> None:
        """Check one pattern; `outside` are the variables that stand in the rest of the query's patterns."""
        match part.name:
            case "BGP":
                self._bgp(part)
            case "Join" | "Union":
                if part.name == "Join" and any(map(unconnected, (part.p1, part.p2))):
                    raise _Unlike(
                        "patterns after a BIND, OPTIONAL or { } that nothing but those connects are slow"
                    )
                for one, other in ((part.p1, part.p2), (part.p2, part.p1)):
                    self._part(one, outside | (variables(other) if part.name == "Join" else frozenset()))
            case "LeftJoin":
                left, right = variables(part.p1), variables(part.p2)
                if loose := (right - left) & outside:
                    raise _Unlike(f"?{min(loose)} of an OPTIONAL stands elsewhere, too")
                self._expression(part.expr, left | right)
                self._part(part.p1, outside | right)
                self._part(part.p2, outside | left)
            case "Minus":
                self._part(part.p1, outside | variables(part.p2))
                self._part(part.p2, variables(part.p1) | outside)
            case "Filter":
                self._expression(part.expr, variables(part.p))
                self._part(part.p, outside)
            case "Extend":
                self._expression(part.expr, variables(part.p))
                self._part(part.p, outside)
            case "ToMultiSet":
                self._multiset(part, outside)
            case "AggregateJoin":
                self._aggregates(part)
                self._part(part.p.p, frozenset())
            case "Project" | "Distinct" | "OrderBy":
                self._part(part.p, outside)
            case _:
                raise _Unlike(f"{part.name} is not known to be answered alike")

    def _bgp(self, part: CompValue) -> None:
        for triple in part.triples:
            for end in triple:
                if isinstance(end, rdflib.Literal):
                    self._constant(end)
            if isinstance(triple[1], Path):
                self._path(triple[0], triple[1], triple[2])

    def _path(self, subject: Any, path: Path, object_: Any) -> None:  # noqa: ANN401 - rdflib's nodes
        modifiers = repeated(path)
        if modifiers and not (self._distinct or (modifiers == {"|"} and self._apart(path))):
            raise _Unlike("a path with | * + ? leads to a place more than once in one engine; use DISTINCT")
        if modifiers & {"*", "?"} and not {subject, object_} <= self._bound:
            raise _Unlike("a path that may have no steps, from or to what no plain triple names")

    def _apart(self, path: Path) -> bool:
        """Whether no two things are joined by two of the alternatives, so that each is found once."""
        steps = list(path.args) if isinstance(path, AlternativePath) else []
        if not steps or not all(isinstance(step, rdflib.URIRef) for step in steps):
            return False
        pairs = [(a, b) for i, a in enumerate(steps) for b in steps[i + 1 :]]
        return all(
            a != b and not self._loaded.store.query(f"ASK {{ ?s <{a}> ?o ; <{b}> ?o }}") for a, b in pairs
        )

    def _multiset(self, part: CompValue, outside: frozenset[Any]) -> None:
        inner = part.p
        if inner is None or inner.name == "values":
            for row in (inner or part).res or ():
                for term in row.values():
                    if isinstance(term, rdflib.Literal):
                        self._constant(term)
            return
        projected = next((p for p in nested_chain(inner) if p.name == "Project"), None)
        if projected is None:
            raise _Unlike("a sub-select of a form that is not known")
        if any(p.name == "Slice" for p in nested_chain(inner)):
            raise _Unlike("which rows LIMIT leaves in a sub-select depends on the engine")
        hidden = variables(inner) - set(projected.PV)
        if leaking := hidden & (outside - self._parameters):
            raise _Unlike(
                f"?{min(leaking)} of a sub-select stands outside of it, too, and rdflib takes both for one"
            )
        self._part(projected.p, frozenset())

    def _aggregates(self, part: CompValue) -> None:
        group = part.p
        keys = list(group.expr or ())
        often = any(
            repeated(t[1])
            for p in parts(group)
            if p.name == "BGP"
            for t in p.triples
            if isinstance(t[1], Path)
        )
        for aggregate in part.A:
            kind = aggregate.name.removeprefix("Aggregate_")
            if kind == "Sample" and aggregate.vars in keys:
                continue  # rdflib's way to write a column that is grouped by
            if kind not in ("Count", "Min", "Max", "Sum", "Avg"):
                raise _Unlike(f"{kind.upper()} takes rows as they come")
            if often and not aggregate.distinct and kind not in ("Min", "Max"):
                raise _Unlike("a path with | * + ? leads to a place more than once in one engine")
            if kind == "Count":
                continue
            of = self._kind(aggregate.vars)
            if of != "number" and (kind in ("Sum", "Avg") or of in ("", "iri")):
                raise _Unlike(f"{kind.upper()} of values that may be of several types")

    # ------------------------------------------------------------ expressions

    def _expression(self, expression: Any, known: frozenset[Any]) -> None:  # noqa: ANN401 - rdflib's expressions
        if isinstance(expression, rdflib.Variable):
            if expression not in known | self._parameters:
                raise _Unlike(f"?{expression} of an expression has no value in its group")
        elif isinstance(expression, rdflib.Literal):
            self._constant(expression)
        elif isinstance(expression, CompValue):
            self._call(expression, known)

    def _call(self, expression: CompValue, known: frozenset[Any]) -> None:
        name = expression.name
        function = name.removeprefix("Builtin_")
        if name == "RelationalExpression":
            self._comparison(expression, known)
            return
        if function in ("EXISTS", "NOTEXISTS"):
            self._part(expression.graph, known)
            return
        if name == "Builtin_REGEX":
            pattern, flags = expression.pattern, expression.flags
            if flags or not (isinstance(pattern, rdflib.Literal) and _is_plain(pattern)):
                raise _Unlike("regular expressions of this form are read differently")
        elif name not in _CALLS:
            raise _Unlike(f"{function} is not known to be answered alike")
        for argument in arguments(expression):
            self._expression(argument, known)

    def _comparison(self, expression: CompValue, known: frozenset[Any]) -> None:
        others = expression.other if isinstance(expression.other, list) else [expression.other]
        for side in (expression.expr, *others):
            if isinstance(side, rdflib.Literal) and expression.op not in ("IN", "NOT IN"):
                if str(side.datatype or XSD + "string") not in NUMBERS - {XSD + "double", XSD + "float"}:
                    self._constant(side)
            else:
                self._expression(side, known)
        if expression.op in ("=", "!=", "IN", "NOT IN"):
            return
        one, other = self._kind(expression.expr), self._kind(others[0])
        if one != other or one in ("", "iri"):
            raise _Unlike(
                f"{expression.op} between values that may be of several types; compare STR(…) instead"
            )

    def _constant(self, literal: rdflib.Literal) -> None:
        datatype = str(literal.datatype or XSD + "string")
        if datatype in NUMBERS and not (
            datatype in {*INTEGERS, XSD + "decimal"} and _NUMBERS_AS_WRITTEN.fullmatch(str(literal))
        ):
            raise _Unlike(f"{literal} is written differently by each engine")
        if datatype.startswith(XSD) and datatype not in NUMBERS | MOMENTS | {XSD + "string", XSD + "boolean"}:
            raise _Unlike(f"values of {datatype} are not known to be treated alike")

    def _kind(self, expression: Any) -> str:  # noqa: ANN401 - rdflib's expressions
        """Return number, iri, or the datatype that all values of the expression have, or "" where unknown."""
        if isinstance(expression, rdflib.Variable):
            if expression in self._parameters:
                return XSD + "string"
            kinds = {self._loaded_kind(source) for source in self._sources.get(expression, ())}
            kinds |= {self._kind(given) for given in self._given.get(expression, ())}
            return kinds.pop() if len(kinds) == 1 else ""
        if isinstance(expression, rdflib.Literal):
            datatype = str(expression.datatype or XSD + "string")
            return "" if expression.language else "number" if datatype in NUMBERS else datatype
        if not isinstance(expression, CompValue):
            return ""
        if expression.name in ("Aggregate_Count", "Aggregate_Sum", "Builtin_STRLEN"):
            return "number"
        if expression.name in ("Aggregate_Min", "Aggregate_Max", "Aggregate_Sample"):
            return self._kind(expression.vars)
        if expression.name == "Builtin_STR":
            return XSD + "string"
        return ""

    def _loaded_kind(self, source: str) -> str:
        if source in ("iri", "?"):
            return "iri" if source == "iri" else ""
        found = self._loaded.store.query(
            f"SELECT DISTINCT ?k {{ ?s <{source}> ?o BIND(IF(isLiteral(?o), IF(isNumeric(?o), 'number', "
            "CONCAT(STR(DATATYPE(?o)), LANG(?o))), 'iri') AS ?k) } LIMIT 2"
        )
        kinds = [row[0].value for row in found]  # type: ignore[union-attr]
        return kinds[0] if len(kinds) == 1 else "" if kinds else "number"


def _is_plain(pattern: str) -> bool:
    """Whether a regular expression is one that Python and Rust read alike: $, backslashes, look-around are not."""
    try:
        return bool(_PLAIN_PATTERN.fullmatch(pattern) and re.compile(pattern))
    except re.error:
        return False
