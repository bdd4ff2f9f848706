"""The whole server: explorer, SPARQL endpoint, things by their IRIs and JSON interface, behind one guard."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kg import __version__
from kg.serve.api.routes import Interface
from kg.serve.api.schemas import Problem
from kg.serve.pages.contents import Contents
from kg.serve.pages.descriptions import Descriptions
from kg.serve.pages.entity_pages import EntityPages
from kg.serve.pages.explorer import Explorer
from kg.serve.pages.explorer_routes import ExplorerRoutes
from kg.serve.pages.rendering import Pages
from kg.serve.pages.things import Places
from kg.serve.sparql.endpoint import sparql_router
from kg.serve.sparql.workers import QueryWorkers
from kg.serve.stored.reading import StoredGraph
from kg.serve.web.conditional import Edition
from kg.serve.web.negotiation import Offer, best
from kg.serve.web.problems import MEDIA_TYPE, PROBLEM_SCHEMA, problem_response, title_of
from kg.serve.web.security import Guard, Hosts
from kg.vocabulary import Vocabulary

_DESCRIPTION: Final = """A knowledge graph of Chinese news: every statement comes with the sentences that state it.

`/sparql` answers the SPARQL 1.1 Protocol. Every IRI of the data answers under its path, as a page or as RDF."""
_PROBLEM, _PAGE = Offer(MEDIA_TYPE), Offer("text/html")
_PROGRAMS: Final = ("/api/", "/explorer/", "/sparql", "/health", "/openapi.json")
"""Paths that only programs ask for: what goes wrong there is never told as a page."""


class _Application(FastAPI):
    """An application whose OpenAPI document describes every error as what it is."""

    def openapi(self) -> dict[str, Any]:
        """Return the document; made once."""
        if self.openapi_schema is None:
            document = super().openapi()
            document["components"]["schemas"]["Problem"] = Problem.model_json_schema()
            for operations in document["paths"].values():
                for operation in operations.values():
                    for response in operation["responses"].values():
                        if MEDIA_TYPE in response.get("content", {}):
                            response["content"][MEDIA_TYPE] = PROBLEM_SCHEMA
        return self.openapi_schema or {}


def create_app(
    stored: StoredGraph, workers: QueryWorkers, *, vocabulary: Vocabulary, hosts: Hosts
) -> FastAPI:
    """Return the application that serves `stored`; queries are answered by `workers`, which stay the caller's to close."""
    served = stored.served
    places, pages = Places(served.base_iri), Pages()
    ontology = (path.read_bytes() for path in vocabulary.files)
    edition = Edition.of(served.digest, f"{served.min_confidence}", __version__, pages.edition, *ontology)
    descriptions = Descriptions(stored.store, vocabulary, base_iri=served.base_iri)
    things = EntityPages(
        Contents(stored, descriptions, vocabulary, places=places),
        descriptions,
        stored.names,
        places=places,
        edition=edition,
        pages=pages,
    )
    explorer = Explorer(served, stored, vocabulary, prefix=places.prefix)
    app = _Application(
        title="newskg",
        version=__version__,
        description=_DESCRIPTION,
        docs_url=None,  # they load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
    )
    app.include_router(Interface(stored, vocabulary, edition=edition).router())
    app.include_router(ExplorerRoutes(explorer, stored, edition=edition).router())
    app.include_router(
        sparql_router(workers, base_iri=served.base_iri, triples=served.size.triples, vocabulary=vocabulary)
    )
    # last: where the base IRI has no path, it takes every path that is left
    app.include_router(things.router())

    def told(request: Request, status: int, detail: str, headers: dict[str, str]) -> Response:
        path = request.url.path
        wanted = best(request.headers.get("accept"), (_PROBLEM, _PAGE))
        if wanted is not _PAGE or path.startswith(_PROGRAMS):
            return problem_response(status, detail, headers={"Vary": "Accept", **headers})
        answer = things.problem(request, status, detail)
        answer.headers.update(headers)
        return answer

    def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for no other
        headers = dict(error.headers or {})
        if error.status_code == 405 and "GET" in headers.get("Allow", ""):
            headers["Allow"] += ", HEAD"
        words = "" if error.detail == title_of(error.status_code) else error.detail
        return told(request, error.status_code, words or _WORDS.get(error.status_code, error.detail), headers)

    def unreadable(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for no other
        faults = (f"{'.'.join(map(str, e['loc'][1:]))}: {e['msg']}" for e in error.errors())
        return told(request, 400, "; ".join(faults), {})

    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(RequestValidationError, unreadable)
    app.add_middleware(Guard, hosts=hosts)
    return app


_WORDS: Final = {
    404: "There is nothing at this address; / is the explorer, /openapi.json says what programs can ask.",
    405: "This address is asked by the methods in the Allow header; nothing can be changed here.",
}
