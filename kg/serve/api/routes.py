"""The JSON interface: search, entities, statements and happenings, described by the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kg import __version__
from kg.serve.api import schemas
from kg.serve.api.presenting import Presenter
from kg.serve.stored.reading import StoredGraph
from kg.serve.web.conditional import Edition, conditional_json
from kg.serve.web.problems import MEDIA_TYPE, PROBLEM_SCHEMA
from kg.vocabulary import Vocabulary

DATE: Final = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
BEST: Final = 20
LONGEST: Final = 2000

Text = Annotated[str, Query(max_length=LONGEST)]
Id = Annotated[str, Query(max_length=LONGEST, description="id of an entity, such as organization:浙江大学")]
Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]
Date = Annotated[
    str | None, Query(pattern=DATE, description="a year, a month or a day: 2023, 2023-12, 2023-12-16")
]


class Interface:
    """Answers questions of programs about one graph."""

    def __init__(self, stored: StoredGraph, vocabulary: Vocabulary, *, edition: Edition) -> None:
        self._stored = stored
        self._vocabulary = vocabulary
        self._edition = edition
        self._present = Presenter(stored, vocabulary)

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(tags=["data"])
        for path, answer, model in (
            ("/health", self.health, schemas.Health),
            ("/api/search", self.search, schemas.Search),
            ("/api/node", self.node, schemas.Entity),
            ("/api/neighbours", self.neighbours, schemas.Neighbours),
            ("/api/statement/{id}", self.statement, schemas.Statement),
            ("/api/timeline", self.timeline, schemas.Timeline),
            ("/api/overview", self.overview, schemas.Overview),
        ):
            router.add_api_route(path, answer, methods=["GET"], **_documented(model))
        return router

    def health(self, request: Request) -> Response:
        """Tell that the server is there, and what it serves."""
        size = self._stored.served.size
        return self._answer(
            request,
            schemas.Health(
                status="ok",
                newskg=__version__,
                graph=self._stored.served.digest,
                entities=size.entities,
                statements=size.statements,
                articles=size.articles,
                triples=size.triples,
            ),
        )

    def search(
        self,
        request: Request,
        q: Text = "",
        type: Annotated[list[str] | None, Query(description="only entities of these classes")] = None,  # noqa: A002
        limit: Limit = 30,
    ) -> Response:
        """Find entities by any part of a name or an alias."""
        if strangers := sorted(set(type or ()) - set(self._vocabulary.entity_types)):
            known = ", ".join(self._vocabulary.entity_types)
            raise HTTPException(400, f"type: one of {known} was expected, not {strangers[0]!r}.")
        found = self._stored.names.search(q, limit=limit, types=frozenset(type) if type else None)
        counts = self._stored.names.counts(q)
        return self._answer(
            request,
            schemas.Search(
                query=q,
                hits=[self._present.hit(hit) for hit in found],
                counts={name: count for name, count in counts.items() if not type or name in type},
            ),
        )

    def node(self, request: Request, id: Id) -> Response:  # noqa: A002
        """Tell what is known about an entity apart from statements."""
        node = self._stored.node(id)
        if node is None:
            raise HTTPException(404, f"{_NO_ENTITY} {_shown(id)}.")
        return self._answer(request, self._present.entity(node))

    def neighbours(self, request: Request, id: Id, limit: Limit = 50, offset: Offset = 0) -> Response:  # noqa: A002
        """Tell the statements about an entity, those that point to it as well."""
        node = self._stored.node(id)
        if node is None:
            raise HTTPException(404, f"{_NO_ENTITY} {_shown(id)}.")
        edges = self._stored.edges_of(id, limit=limit + 1, offset=offset)
        return self._answer(
            request,
            schemas.Neighbours(
                entity=self._present.entity(node),
                statements=[self._present.statement(edge) for edge in edges[:limit]],
                limit=limit,
                offset=offset,
                more=len(edges) > limit,
            ),
        )

    def statement(self, request: Request, id: Annotated[str, Path(max_length=LONGEST)]) -> Response:  # noqa: A002
        """Tell a statement with every sentence that states it."""
        edge = self._stored.edge(id)
        if edge is None:
            raise HTTPException(404, f"The graph holds no statement with the id {_shown(id)}.")
        return self._answer(request, self._present.statement(edge))

    def timeline(
        self, request: Request, since: Date = None, until: Date = None, limit: Limit = 500
    ) -> Response:
        """Tell what happened between two dates, the latest first."""
        found = self._stored.happenings(since=since, until=until, limit=limit)
        return self._answer(
            request,
            schemas.Timeline(
                occurrences=[self._present.occurrence(happening) for happening in found],
                since=since,
                until=until,
                limit=limit,
            ),
        )

    def overview(self, request: Request) -> Response:
        """Tell how much of what the graph holds, and its best connected entities."""
        served = self._stored.served
        best = [node for id_ in self._stored.best_connected(BEST) if (node := self._stored.node(id_))]
        return self._answer(
            request,
            schemas.Overview(
                entities=served.size.entities,
                statements=served.size.statements,
                articles=served.size.articles,
                triples=served.size.triples,
                base_iri=served.base_iri,
                min_confidence=served.min_confidence,
                types=[self._present.type_count(name, n) for name, n in served.size.types.items()],
                best_connected=[self._present.entity(node) for node in best],
            ),
        )

    def _answer(self, request: Request, content: BaseModel) -> Response:
        return conditional_json(request, content.model_dump(), tag=self._edition.tag("json"))


_NO_ENTITY: Final = "The graph holds no entity with the id"


def _shown(given: str) -> str:
    return repr(given if len(given) <= 80 else given[:80] + "…")


def _documented(model: type[BaseModel]) -> dict[str, Any]:
    problem = {"content": {MEDIA_TYPE: PROBLEM_SCHEMA}}
    return {
        "response_model": model,
        "responses": {
            304: {"description": "What the client has still holds"},
            400: {**problem, "description": "A parameter is missing or cannot be read"},
            404: {**problem, "description": "The graph does not hold it"},
            "default": {**problem, "description": "Anything else that keeps the server from answering"},
        },
    }
