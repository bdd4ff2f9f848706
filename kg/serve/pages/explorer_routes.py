"""The explorer's own routes: its page, and the bundles with which it fills it while a reader moves."""

from __future__ import annotations

import re
import threading
from html import unescape
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kg.serve.api.routes import LONGEST, Date, Id, Limit, Offset
from kg.serve.pages.explorer import Explorer
from kg.serve.stored.paths import PathTooLongError
from kg.serve.stored.reading import StoredGraph
from kg.serve.web.conditional import Edition, conditional, conditional_json

_POLICY: Final = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')


class ExplorerRoutes:
    """Answers the explorer; programs are better served by :mod:`kg.serve.api.routes`."""

    def __init__(self, explorer: Explorer, stored: StoredGraph, *, edition: Edition) -> None:
        self._explorer = explorer
        self._stored = stored
        self._edition = edition
        self._making = threading.Lock()
        self._page: bytes | None = None

    def router(self) -> APIRouter:
        """Return the routes; they are no part of the documented interface."""
        router = APIRouter(include_in_schema=False)
        for path, answer in (
            ("/", self.page),
            ("/explorer/neighbours", self.neighbours),
            ("/explorer/path", self.path),
            ("/explorer/timeline", self.timeline),
            ("/explorer/overview", self.overview),
        ):
            router.add_api_route(path, answer, methods=["GET"])
        return router

    def page(self, request: Request) -> Response:
        """Return the page with its opening view."""
        body = self._made()
        policy = _POLICY.search(body[: 1 << 16].decode("utf-8", "replace"))
        allowed = unescape(policy[1]) if policy else "default-src 'none'"
        return conditional(
            request,
            body,
            media_type="text/html; charset=utf-8",
            tag=Edition.of(body).tag("html"),
            headers={"Content-Security-Policy": f"{allowed}; frame-ancestors 'none'"},
        )

    def neighbours(self, request: Request, id: Id, limit: Limit = 200, offset: Offset = 0) -> Response:  # noqa: A002
        """Return an entity with a part of its statements and their other ends."""
        bundle = self._explorer.neighbourhood(id, limit=limit, offset=offset)
        if bundle is None:
            raise HTTPException(404, "The graph holds no entity with this id.")
        return self._answer(request, bundle)

    def path(
        self, request: Request, start: Annotated[str, Query(alias="from", max_length=LONGEST)], to: Id
    ) -> Response:
        """Return a shortest path between two entities."""
        try:
            return self._answer(request, self._explorer.path(start, to))
        except PathTooLongError as error:
            raise HTTPException(422, f"{error}.") from error

    def timeline(
        self, request: Request, since: Date = None, until: Date = None, limit: Limit = 500
    ) -> Response:
        """Return what happened between two dates, the latest first."""
        found = self._stored.happenings(since=since, until=until, limit=limit)
        return self._answer(request, self._explorer.happenings(found))

    def overview(self, request: Request) -> Response:
        """Return the map of the best connected entities."""
        body = self._stored.served.map.read_bytes()
        return conditional(request, body, media_type="application/json", tag=self._edition.tag("map"))

    def _made(self) -> bytes:
        """Return the page, made once, by the first who asks."""
        with self._making:
            if self._page is None:
                self._page = self._explorer.page()
            return self._page

    def _answer(self, request: Request, bundle: dict[str, Any]) -> Response:
        return conditional_json(request, bundle, tag=self._edition.tag("bundle"))
