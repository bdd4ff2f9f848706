"""Requests of the SPARQL 1.1 Protocol as they come over HTTP: the query, wherever the request has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request

from kg.serve.sparql.limits import Limits, MalformedQueryError, QueryTooLongError, UnsupportedMediaTypeError

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
_FIELDS: Final = 100


async def query_of(request: Request, *, limits: Limits, graph: str) -> str | None:
    """Return the query that is asked of the graph with the IRI `graph`, or None where none is.

    Raises a QueryError for a request that cannot be read, is too long, or wants something else.
    """
    sparql = await _query_of(request, limits=limits, graph=graph)
    if sparql is not None and len(sparql.encode("utf-8", "surrogatepass")) > limits.query_bytes:
        raise QueryTooLongError(_too_long(limits))
    return sparql


async def _query_of(request: Request, *, limits: Limits, graph: str) -> str | None:
    address = _fields(request.scope["query_string"], "the address")
    if request.method != "POST":
        return _of(address, graph)
    kind, charset = _media_type(request)
    if charset not in ("", "utf-8", "utf8", "us-ascii"):
        raise UnsupportedMediaTypeError(f"the body is in {charset}; UTF-8 was expected")
    if kind == FORM:
        return _of([*address, *_fields(await _body(request, limits), "the form")], graph)
    if kind == QUERY:
        if any(name in ("query", "update") for name, _ in address):
            raise MalformedQueryError("the query was expected in the body alone, not in the address as well")
        _check_graphs(address, graph)
        return _text(await _body(request, limits), "the body")
    if kind == _UPDATE:
        raise UnsupportedMediaTypeError(
            "updates are refused: this endpoint answers queries and changes nothing"
        )
    raise UnsupportedMediaTypeError(
        f"a body of {FORM} or {QUERY} was expected, not of {kind or 'no Content-Type'}"
    )


def _of(fields: Sequence[tuple[str, str]], graph: str) -> str | None:
    if any(name == "update" for name, _ in fields):
        raise MalformedQueryError("updates are refused: this endpoint answers queries and changes nothing")
    _check_graphs(fields, graph)
    queries = [value for name, value in fields if name == "query"]
    if len(queries) > 1:
        raise MalformedQueryError(f"one parameter 'query' was expected, not {len(queries)}")
    return queries[0] if queries else None


def _check_graphs(fields: Sequence[tuple[str, str]], graph: str) -> None:
    for name, value in fields:
        if name == "named-graph-uri" or (name == "default-graph-uri" and value != graph):
            raise MalformedQueryError(
                f"{name} <{value}> is refused: one graph is served, <{graph}>, and no other is fetched"
            )


def _media_type(request: Request) -> tuple[str, str]:
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = ""
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip().strip('"').lower()
    return kind.strip().lower(), charset


async def _body(request: Request, limits: Limits) -> bytes:
    """Return the body; one that is too long is not read to its end."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > 3 * limits.query_bytes:  # a form spends three bytes on each one of a Chinese character
            raise QueryTooLongError(_too_long(limits))
    return bytes(body)


def _too_long(limits: Limits) -> str:
    return f"a query of at most {limits.query_bytes} bytes was expected"


def _fields(data: bytes, place: str) -> list[tuple[str, str]]:
    text = _text(data, place)
    try:
        return parse_qsl(
            text, keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=_FIELDS
        )
    except UnicodeDecodeError as error:
        raise MalformedQueryError(f"{place}: percent-encoded UTF-8 was expected ({error})") from error
    except ValueError as error:
        raise MalformedQueryError(f"{place}: at most {_FIELDS} parameters were expected ({error})") from error


def _text(data: bytes, place: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedQueryError(f"{place}: UTF-8 was expected ({error})") from error
