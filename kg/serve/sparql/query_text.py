"""What is said of the text of a query: why it is refused, what its author forgot, the words of the parser."""

from __future__ import annotations

import itertools
import re
from typing import Final

from kg.query.syntax import calls_service, tokens, variables, words

_UPDATES: Final = frozenset(
    "INSERT DELETE LOAD CLEAR CREATE DROP COPY MOVE ADD WITH".split()  # noqa: SIM905 - as the standard lists them
)
_FORMS: Final = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
WORDS: Final = 1000
"""How many characters of somebody else's words are passed on."""
_CHARACTERS: Final = re.compile(r",?\s*(?<!\")\[(?:'[^']*'|[^\]'])*\]")
_PLACE: Final = re.compile(r"error at (\d+):(\d+)")
_READ: Final = 30


def refusal(sparql: str) -> str | None:
    """Return why the text is not given to the engine at all, or None."""
    first = (t.text.upper() for t in tokens(sparql) if t.kind == "word" and t.braces == 0)
    form = next((word for word in first if word in _UPDATES | _FORMS), "")
    if form in _UPDATES:
        return f"{form} is refused: this endpoint answers queries and changes nothing"
    if calls_service(sparql):
        return "SERVICE is refused: nothing is fetched from other servers"
    if "FROM" in words(sparql):
        return "FROM is refused: the query is asked of the one graph that is served, and nothing is fetched"
    return None


def undeclared(sparql: str, known: frozenset[str]) -> list[str]:
    """Return the prefixes that the text uses and nobody declares, in order; the parser does not name them."""
    every = list(tokens(sparql))
    declared = {
        token.text
        for before, token in itertools.pairwise(every)
        if token.kind == "name" and before.kind == "word" and before.text.upper() == "PREFIX"
    }
    used = (t.text.partition(":")[0] for t in every if t.kind == "name" and not t.text.startswith("_:"))
    return [p for p in dict.fromkeys(used) if p + ":" not in declared and p not in known]


def with_columns(sparql: str, known: frozenset[str]) -> str:
    """Return a SELECT * with its columns in the order of the text; the engine takes them by the alphabet."""
    every = [token for token in tokens(sparql) if token.braces == 0]
    star = next((i for i, t in enumerate(every) if t.text == "*" and t.kind == "other"), 0)
    if not star or every[star - 1].text.upper() not in ("SELECT", "DISTINCT", "REDUCED"):
        return sparql
    columns = " ".join("?" + name for name in variables(sparql) if name in known)
    place = every[star]
    return f"{sparql[: place.start]} {columns} {sparql[place.end :]}" if columns else sparql


def parser_words(sparql: str, error: SyntaxError) -> str:
    """Return what the parser says and what it read last, without the sets of characters that could have gone on there."""
    text = " ".join(_CHARACTERS.sub("", str(error)).split())
    text = re.sub(r"expected(?: one of)?\s*,?\s*$", "something else was expected", text)
    head, expected, listed = text.partition("expected one of ")
    spoken = [item for item in listed.split(", ") if " " in item and item[0].isalpha()]
    text = head + (
        "; ".join(spoken) if spoken else expected + listed
    )  # a reason says more than what could stand there
    place = _PLACE.match(text)
    if place is None:
        return text[:WORDS]
    before = re.split(r"\r\n|\n|\r", sparql)[: int(place[1])][-1][: int(place[2]) - 1].strip()
    read = f" after {before[-_READ:]!r}" if before else ""
    return f"{place[0]}{read}{text[place.end() :]}"[:WORDS]
