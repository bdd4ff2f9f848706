"""The SPARQL 1.1 Protocol over the served graph, and the page that asks the shipped questions by it.

Everything is answered by :class:`kg.serve.sparql.workers.QueryWorkers`. A result is whole before its first byte is sent, so
its status is true; it waits in a file that nothing else can open while a slow client fetches it.
"""

from __future__ import annotations

import asyncio
import math
from typing import Any, Final

import pyoxigraph as ox
from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from kg.serialize.iri import DEFAULT_BASE
from kg.serve.sparql.limits import Limits, NotAcceptableError, QueryError, ServerBusyError
from kg.serve.sparql.protocol import FORM, QUERY, query_of
from kg.serve.sparql.query_page import query_page_router
from kg.serve.sparql.service_description import service_description
from kg.serve.sparql.workers import Answer, Query, QueryWorkers
from kg.serve.web.negotiation import Offer, best
from kg.vocabulary import Vocabulary

__all__ = ["Limits", "sparql_router"]

ROWS: Final = (
    Offer("application/sparql-results+json", "json"),
    Offer("application/sparql-results+xml", "xml"),
    Offer("text/csv", "csv", charset="utf-8"),
    Offer("text/tab-separated-values", "tsv", charset="utf-8"),
    Offer("application/json", "json", quality=0.9),
    Offer("application/xml", "xml", quality=0.5),
    Offer("text/xml", "xml", quality=0.5, charset="utf-8"),
)
GRAPHS: Final = (
    Offer("text/turtle", "turtle", charset="utf-8"),
    Offer("application/n-triples", "ntriples"),
    Offer("application/ld+json", "jsonld"),
    Offer("application/rdf+xml", "rdfxml"),
    Offer("application/x-turtle", "turtle", quality=0.9),
    Offer("text/plain", "ntriples", quality=0.5, charset="utf-8"),
    Offer("application/json", "jsonld", quality=0.5),
    Offer("application/xml", "rdfxml", quality=0.2),
)
_HTML: Final = Offer("text/html", "html")
_WRITERS: Final = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
_ALLOWED: Final = "GET, HEAD, POST, OPTIONS"
_RETRY_SECONDS: Final = 5


class AnswerResponse(Response):
    """The bytes of an answer, which is closed however the sending ends."""

    def __init__(self, answer: Answer, *, content_type: str) -> None:
        super().__init__(
            headers={"Content-Type": content_type, "Content-Length": str(answer.size), "Vary": "Accept"}
        )
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - as ASGI has it
        """Send the answer, no faster than the client takes it."""
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            pieces = self._answer.pieces() if scope["method"] != "HEAD" else iter(())
            while piece := await _next(pieces, self._answer):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            self._answer.close()


async def _next(pieces: Any, answer: Answer) -> bytes:  # noqa: ANN401 - an iterator of bytes
    if answer.file is None:
        return next(pieces, b"")
    piece: bytes = await run_in_threadpool(next, pieces, b"")
    return piece


def sparql_router(
    workers: QueryWorkers,
    *,
    limits: Limits | None = None,
    base_iri: str = DEFAULT_BASE,
    triples: int | None = None,
    vocabulary: Vocabulary | None = None,
) -> APIRouter:
    """Return the routes ``/sparql`` and ``/query``.

    `base_iri` is that of the served graph; it names the graph where a request names one. `triples` is its size, which the
    service description tells. `limits` bound the request; how long a query may take is up to `workers`. `vocabulary` gives
    the page its words.
    """
    bounds = limits or workers.limits
    router = APIRouter()

    async def answer(request: Request) -> Response:
        try:
            sparql = await query_of(request, limits=bounds, graph=base_iri)
            if sparql is None:
                if request.method == "POST":
                    return _problem(400, "a parameter 'query' was expected in the form")
                return _description(request, base_iri, triples)
            return await _answered(request, workers, sparql)
        except QueryError as error:
            retry = {"Retry-After": str(max(1, min(_RETRY_SECONDS, math.ceil(bounds.seconds))))}
            return _problem(error.status, str(error), retry if isinstance(error, ServerBusyError) else {})

    async def allowed(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": _ALLOWED})
        words = f"{request.method} is not answered here; GET and POST are"
        return _problem(405, words, {"Allow": _ALLOWED})

    router.add_api_route("/sparql", answer, methods=["GET"], **_documented("get"))
    router.add_api_route("/sparql", answer, methods=["POST"], **_documented("post"))
    router.add_api_route("/sparql", answer, methods=["HEAD"], include_in_schema=False)
    others = ["OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"]
    router.add_api_route("/sparql", allowed, methods=others, include_in_schema=False)
    router.include_router(
        query_page_router(base_iri=base_iri, prefixes=workers.prefixes, limits=bounds, vocabulary=vocabulary)
    )
    return router


async def _answered(request: Request, workers: QueryWorkers, sparql: str) -> Response:
    accept = _accept(request)
    rows, graph = best(accept, ROWS), best(accept, GRAPHS)
    if rows is None and graph is None:
        raise NotAcceptableError(_not_acceptable((*ROWS, *GRAPHS)))
    query = Query(sparql=sparql, rows=rows.format if rows else None, graph=graph.format if graph else None)
    try:
        answer = await _unless_gone(request, workers, query)
    except NotAcceptableError as error:
        offered = ROWS if rows is None else GRAPHS
        raise NotAcceptableError(f"{error}; {_not_acceptable(offered)}") from error
    offer = rows if answer.form == "rows" else graph
    assert offer is not None  # noqa: S101 - the process wrote what was asked for
    return AnswerResponse(answer, content_type=offer.content_type)


async def _unless_gone(request: Request, workers: QueryWorkers, query: Query) -> Answer:
    """Return the answer; a client that goes away stops the query. Raises a QueryError."""
    answering = asyncio.ensure_future(workers.ask(query))
    leaving = asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not answering.done():
            raise ServerBusyError("the client has gone")
    except BaseException:
        answering.cancel()
        (late,) = await asyncio.gather(answering, return_exceptions=True)
        if isinstance(late, Answer):
            late.close()
        raise
    finally:
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
    return answering.result()


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _description(request: Request, base_iri: str, triples: int | None) -> Response:
    offer = best(_accept(request), (*GRAPHS, _HTML))
    if offer is None:
        raise NotAcceptableError(_not_acceptable((*GRAPHS, _HTML)))
    if offer is _HTML:
        return RedirectResponse("query", status_code=303, headers={"Vary": "Accept"})
    body = service_description(
        str(request.url.replace(query="")), graph=base_iri, triples=triples, form=_WRITERS[offer.format]
    )
    return Response(body, headers={"Content-Type": offer.content_type, "Vary": "Accept"})


def _accept(request: Request) -> str | None:
    return ", ".join(request.headers.getlist("accept")) or None


def _not_acceptable(offers: tuple[Offer, ...]) -> str:
    return "offered are " + ", ".join(dict.fromkeys(offer.media_type for offer in offers))


def _problem(status: int, words: str, headers: dict[str, str] | None = None) -> Response:
    """Return the words as they are: programs that ask endpoints show the body of an error to people."""
    told = {"Vary": "Accept", "Cache-Control": "no-store", **(headers or {})}
    return PlainTextResponse(words.encode("utf-8", "replace"), status_code=status, headers=told)


# ---------------------------------------------------------------- documentation


def _documented(method: str) -> dict[str, Any]:
    """Return what OpenAPI says of a way to ask; the request is read by hand, as the protocol wants it."""
    text = {"type": "string"}
    graph = {
        "name": "default-graph-uri",
        "in": "query",
        "required": False,
        "schema": text,
        "description": "Only the served graph itself may be named.",
    }
    query = {
        "name": "query",
        "in": "query",
        "required": False,
        "schema": text,
        "description": "A SPARQL 1.1 query. Without one, the service description is answered.",
    }
    form = {"type": "object", "properties": {"query": text}, "required": ["query"]}
    request: dict[str, Any] = (
        {"parameters": [query, graph]}
        if method == "get"
        else {
            "parameters": [graph],
            "requestBody": {"required": True, "content": {FORM: {"schema": form}, QUERY: {"schema": text}}},
        }
    )
    told = {
        400: "The query or the request cannot be read, or asks for an update, SERVICE or another graph.",
        406: "The result exists in none of the accepted types.",
        413: "The query is too long.",
        500: "The process that answered the query ended.",
        503: "Too many queries are waiting; Retry-After says when to try again.",
        504: "The query was stopped at its time limit.",
        507: "The result or the memory for it went beyond its limit.",
    } | ({415: "The body is of another type."} if method == "post" else {})
    types = dict.fromkeys(offer.media_type for offer in (*ROWS, *GRAPHS))
    return {
        "operation_id": f"sparql_{method}",
        "summary": "SPARQL 1.1 Query",
        "tags": ["sparql"],
        "response_class": Response,
        "openapi_extra": request,
        "responses": {
            200: {"description": "The result.", "content": {name: {} for name in types}},
            **{
                status: {"description": words, "content": {"text/plain": {}}}
                for status, words in told.items()
            },
        },
    }
