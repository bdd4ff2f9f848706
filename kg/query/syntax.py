"""What must be known of a query's text without parsing it: its words, variables, and the end of its outermost level.

A SPARQL query is cut into tokens, so that nothing inside a string, an IRI or a comment is taken for a word of the query.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(
    r"""
      (?P<comment> \#[^\n\r]* )
    | (?P<iri> <[^<>"{}|^`\\\x00-\x20]*> )
    | (?P<string> \"{3}(?:[^"\\]|\\.|\"(?!\"\"))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
                | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*' )
    | (?P<variable> [?$]\w+ )
    | (?P<name> (?:[^\W\d_][\w.-]*)?:(?:[\w:.-]|%[0-9A-Fa-f]{2}|\\.)* | _:\w[\w.-]* )
    | (?P<language> @[A-Za-z]+(?:-[A-Za-z0-9]+)* )
    | (?P<number> (?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)? )
    | (?P<word> [^\W\d_]\w* )
    | (?P<space> \s+ )
    | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)

_GAP: Final = r"(?:\s|\#[^\n\r]*+[\n\r])*+"
_SERVICE: Final = re.compile(
    rf"SERVICE{_GAP}(?:SILENT{_GAP})?(?:<[^>]*+>|(?:\\.|[^\s{{}}<>\"\#\\])++){_GAP}\{{",
    re.IGNORECASE | re.ASCII,
)
_ESCAPED: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U000([0-9A-Fa-f]{5})")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text with its kind (a group of the pattern), its start, and the braces and brackets around it."""

    kind: str
    text: str
    start: int
    braces: int
    brackets: int

    @property
    def end(self) -> int:
        """Return where the token ends."""
        return self.start + len(self.text)


def tokens(sparql: str) -> Iterator[Token]:
    """Yield the tokens without spaces and comments; an opening brace counts to the outside, a closing one too."""
    braces = brackets = 0
    for match in _TOKEN.finditer(sparql):
        kind, text = match.lastgroup or "other", match[0]
        if kind in ("space", "comment"):
            continue
        if kind == "other" and text in "})":
            braces, brackets = braces - (text == "}"), brackets - (text == ")")
        yield Token(kind, text, match.start(), braces, brackets)
        if kind == "other" and text in "{(":
            braces, brackets = braces + (text == "{"), brackets + (text == "(")


def words(sparql: str) -> frozenset[str]:
    """Return the bare words of the query in capitals: keywords, names of functions."""
    return frozenset(token.text.upper() for token in tokens(sparql) if token.kind == "word")


def calls_service(sparql: str) -> bool:
    """Whether the text holds what reads as a SERVICE clause, wherever it stands.

    The tokens alone do not tell: in ``?a<'>'`` a parser may see a comparison where they show an IRI, and take for a clause
    what they show as a string. So whatever has the form of a clause counts as one, even in a string or a comment.
    """
    plain = _ESCAPED.sub(lambda match: chr(min(int(match[1] or match[2], 16), 0x10FFFF)), sparql)
    return _SERVICE.search(sparql) is not None or _SERVICE.search(plain) is not None


def variables(sparql: str) -> tuple[str, ...]:
    """Return the names of the variables in the order in which they first stand in the text."""
    return tuple(dict.fromkeys(t.text[1:] for t in tokens(sparql) if t.kind == "variable"))


def substituted(sparql: str, values: Mapping[str, str]) -> str:
    """Return the query with terms (in the syntax of SPARQL) in the place of the variables `values`."""
    pieces, last = [], 0
    for token in tokens(sparql):
        if token.kind == "variable" and token.text[1:] in values:
            pieces += [sparql[last : token.start], values[token.text[1:]]]
            last = token.end
    return "".join([*pieces, sparql[last:]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The outermost SELECT: whether it names its columns, orders and cuts its rows, and its text without doing so.

    `order` holds (variable, descending) pairs; it is None where the query orders by something that is not a column, and
    then `sparql` is the query as it was.
    """

    sparql: str
    star: bool = False
    grouped: bool = False
    order: tuple[tuple[str, bool], ...] | None = ()
    offset: int = 0
    limit: int | None = None


def outline(sparql: str) -> Outline:
    """Return the outline of a query; one that is no SELECT has neither order nor limit of rows."""
    every = [token for token in tokens(sparql) if token.braces == 0]
    select = next((i for i, t in enumerate(every) if t.kind == "word" and t.text.upper() == "SELECT"), None)
    if select is None:
        return Outline(sparql=sparql)
    head: list[Token] = []
    for token in every[select + 1 :]:
        if token.text == "{" or token.text.upper() == "WHERE":
            break
        head.append(token)
    star = any(t.text == "*" and not t.brackets for t in head)
    columns = {t.text[1:] for i, t in enumerate(head) if t.kind == "variable" and _is_column(head, i)}
    close = next((i for i, t in enumerate(every) if i > select and t.text == "}"), len(every))
    tail = every[close + 1 :]
    grouped = any(t.text.upper() == "GROUP" for t in tail)
    keys, offset, limit, cut = _tail(tail)
    if keys is None or not (star or {name for name, _ in keys} <= columns):
        return Outline(sparql=sparql, star=star, grouped=grouped, order=None)
    text = sparql
    for start, end in sorted(cut, reverse=True):
        text = text[:start] + " " + text[end:]
    return Outline(sparql=text, star=star, grouped=grouped, order=keys, offset=offset, limit=limit)


def _is_column(head: list[Token], at: int) -> bool:
    """Whether the variable is a column: outside of brackets, or after AS in those of a column's expression."""
    if not head[at].brackets:
        return True
    return head[at].brackets == 1 and at > 0 and head[at - 1].text.upper() == "AS"


def _tail(
    tail: list[Token],
) -> tuple[tuple[tuple[str, bool], ...] | None, int, int | None, list[tuple[int, int]]]:
    """Return order, offset, limit and the places of the clauses; the order is None where it is not by variables."""
    keys: list[tuple[str, bool]] = []
    numbers: dict[str, int] = {}
    cut: list[tuple[int, int]] = []
    i = 0
    while i < len(tail):
        word = tail[i].text.upper() if tail[i].kind == "word" else ""
        if word in ("LIMIT", "OFFSET") and i + 1 < len(tail) and tail[i + 1].text.isdecimal():
            numbers[word] = int(tail[i + 1].text)
            cut.append((tail[i].start, tail[i + 1].end))
            i += 2
        elif word == "ORDER" and i + 1 < len(tail) and tail[i + 1].text.upper() == "BY":
            first, i = tail[i].start, i + 2
            while i < len(tail) and not (
                tail[i].kind == "word" and tail[i].text.upper() in ("LIMIT", "OFFSET", "VALUES")
            ):
                key, i = _key(tail, i)
                if key is None:
                    return None, 0, None, []
                keys.append(key)
            if not keys:  # a mistake that the parser is to name
                return None, 0, None, []
            cut.append((first, tail[i - 1].end))
        else:
            i += 1
    return tuple(keys), numbers.get("OFFSET", 0), numbers.get("LIMIT"), cut


def _key(tail: list[Token], i: int) -> tuple[tuple[str, bool] | None, int]:
    if tail[i].kind == "variable":
        return (tail[i].text[1:], False), i + 1
    word, inside = tail[i].text.upper(), tail[i + 1 : i + 4]
    shape = [t.text if t.kind == "other" else t.kind for t in inside]
    if word in ("ASC", "DESC") and shape == ["(", "variable", ")"]:
        return (inside[1].text[1:], word == "DESC"), i + 4
    return None, i
