"""Every IRI of the data answers: as a page for readers, as RDF for programs, by what the client accepts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kg.serialize import iri
from kg.serialize.namespaces import nk
from kg.serve.pages.contents import Contents
from kg.serve.pages.descriptions import SYNTAXES, Descriptions
from kg.serve.pages.rendering import POLICY, Pages, asked_language, language_of, other_language
from kg.serve.pages.things import Places, Thing
from kg.serve.pages.views import Link, anchor_of
from kg.serve.stored.names import NameIndex
from kg.serve.web.conditional import Edition, conditional, headers_of, unchanged
from kg.serve.web.negotiation import Offer, best
from kg.serve.web.problems import MEDIA_TYPE, PROBLEM_SCHEMA, title_of

HITS: Final = 100
"""How many entities the search page lists."""

VARY: Final = "Accept, Accept-Language"
_QUERY_LENGTH: Final = 200
_HTML: Final = "text/html; charset=utf-8"
_OFFERS: Final = (
    Offer("text/html", "html", charset="utf-8"),
    Offer("application/xhtml+xml", "html", quality=0.5),
    *(
        Offer(media_type, syntax, charset="utf-8" if media_type.startswith("text/") else None)
        for syntax, media_type in SYNTAXES.items()
    ),
    Offer("application/json", "jsonld", quality=0.5),
    Offer("text/plain", "ntriples", quality=0.1),
)
_CONTENT_TYPES: Final = {
    syntax: next(offer.content_type for offer in _OFFERS if offer.media_type == media_type)
    for syntax, media_type in SYNTAXES.items()
}
_SHORT: Final = {"turtle": "Turtle", "jsonld": "JSON-LD", "ntriples": "N-Triples"}


class EntityPages:
    """Answers for the IRIs of one graph, and for readers who look for them."""

    def __init__(
        self,
        contents: Contents,
        descriptions: Descriptions,
        names: NameIndex,
        *,
        places: Places,
        edition: Edition,
        pages: Pages,
    ) -> None:
        self._contents = contents
        self._descriptions = descriptions
        self._names = names
        self._places = places
        self._edition = edition
        self._pages = pages

    def router(self) -> APIRouter:
        """Return the routes: things, the search page, the style sheet."""
        router = APIRouter()
        problem = {MEDIA_TYPE: PROBLEM_SCHEMA, "text/html": {}}
        forms: dict[str, Any] = {m: {"schema": {"type": "string"}} for m in ("text/html", *SYNTAXES.values())}
        router.add_api_route(
            self._places.prefix + "{name:path}",
            self.answer,
            methods=["GET"],
            tags=["things"],
            summary="The thing that an IRI of the data names",
            description="A page, or the triples about it: by the Accept header, or by the parameter `format`.",
            response_class=Response,
            responses={
                200: {"content": forms, "description": "What is known about it"},
                303: {"description": "A support is shown on the page of its statement"},
                304: {"description": "What the client has still holds"},
                404: {"content": problem, "description": "The graph holds nothing of that IRI"},
                406: {"content": problem, "description": "It has none of the forms that are accepted"},
            },
            openapi_extra={
                "parameters": [
                    {"name": "name", "in": "path", "required": True, "schema": {"type": "string"}},
                    {"name": "format", "in": "query", "schema": {"enum": ["html", *SYNTAXES]}},
                    {"name": "lang", "in": "query", "schema": {"enum": ["zh", "en"]}},
                    {"name": "offset", "in": "query", "schema": {"type": "integer", "minimum": 0}},
                ]
            },
        )
        router.add_api_route("/search", self.search, methods=["GET"], include_in_schema=False)
        router.add_api_route("/entity.css", self.style, methods=["GET"], include_in_schema=False)
        return router

    def answer(self, request: Request) -> Response:
        """Answer for the IRI whose path is asked for."""
        thing = self._places.thing(request.scope["raw_path"])
        if thing is None or not self._descriptions.exists(thing.iri):
            raise HTTPException(404, "The graph holds no entity, statement, article or source of this IRI.")
        form, language = _form(request), language_of(request)
        headers = {"Link": self._links(thing)}
        tag = self._edition.tag(form, language if form == "html" else "")
        if unchanged(request, tag):
            return Response(status_code=304, headers={**headers_of(tag, vary=VARY), **headers})
        if form != "html":
            body = self._descriptions.written(thing, form)
            return conditional(
                request, body, media_type=_CONTENT_TYPES[form], tag=tag, vary=VARY, headers=headers
            )
        if thing.kind == "support":
            return self._to_statement(thing)
        values = self._contents.of(request, thing, language=language, words=self._pages.word(language))
        return self._page(request, values, language=language, iri=thing.iri, headers=headers)

    def search(self, request: Request) -> Response:
        """Answer a search with a page that needs no script."""
        language = language_of(request)
        words = self._pages.word(language)
        viewer = self._contents.viewer(request, language=language, words=words)
        query = request.query_params.get("q", "")[:_QUERY_LENGTH].strip()
        groups: dict[str, list[Link]] = {}
        for hit in self._names.search(query, limit=HITS) if query else ():
            href = viewer.href(iri.entity_iri(self._places.base, hit.id))
            link = Link(href=href, text=hit.name, note=hit.alias or "")
            groups.setdefault(viewer.label(hit.type), []).append(link)
        values = {
            "template": "search",
            "title": f"{words['find']} {query}".strip(),
            "query": query,
            "groups": list(groups.items()),
        }
        return self._page(request, values, language=language)

    def style(self, request: Request) -> Response:
        """Return the style sheet of the pages."""
        tag = self._edition.tag("css")
        return conditional(request, self._pages.style, media_type="text/css; charset=utf-8", tag=tag)

    def problem(self, request: Request, status: int, detail: str) -> Response:
        """Return the page that says what is wrong, with a way to search on."""
        language = language_of(request)
        words = self._pages.word(language)
        thing = self._places.thing(request.scope.get("raw_path") or b"")
        query = thing.id.rpartition(":")[2][:50] if thing is not None and thing.kind == "entity" else ""
        body = self._rendered(
            request,
            {
                "template": "problem",
                "status": f"{status} {title_of(status)}",
                "title": words["notFound" if status == 404 else "wrong"],
                "detail": words["notFoundHint"] if status == 404 else detail,
                "search": "/search?" + urlencode({"q": query, **_lang(request)}, errors="replace"),
                "query": query,
            },
            language=language,
        )
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Vary": VARY}
        return Response(body, status_code=status, media_type=_HTML, headers=headers)

    def _to_statement(self, thing: Thing) -> Response:
        statements = self._descriptions.pointing(nk("support"), thing.iri)
        if not statements:
            raise HTTPException(404, "No statement of the graph has this support.")
        target = self._places.path(statements[0]) + "#" + anchor_of(thing.iri)
        return Response(status_code=303, headers={"Location": target, "Vary": VARY})

    def _links(self, thing: Thing) -> str:
        path = self._places.path(thing.iri)
        forms = {"html": "text/html", **SYNTAXES}
        return ", ".join(f'<{path}?format={s}>; rel="alternate"; type="{m}"' for s, m in forms.items())

    def _page(
        self,
        request: Request,
        values: Mapping[str, Any],
        *,
        language: str,
        iri: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        more = {
            "Content-Security-Policy": POLICY,
            "Content-Language": "zh-CN" if language == "zh" else "en",
            **(headers or {}),
        }
        body = self._rendered(request, values, language=language, iri=iri)
        tag = self._edition.tag("html", language)
        return conditional(request, body, media_type=_HTML, tag=tag, vary=VARY, headers=more)

    def _rendered(
        self, request: Request, values: Mapping[str, Any], *, language: str, iri: str = ""
    ) -> bytes:
        forms = [Link(href=f"?format={s}", text=_SHORT[s], note=m) for s, m in SYNTAXES.items()]
        known = {
            "iri": iri,
            "forms": forms if iri else [],
            "query": "",
            "asked_language": asked_language(request),
            "other_language": other_language(request, language),
        }
        rest = {key: value for key, value in values.items() if key != "template"}
        return self._pages.render(values["template"], language=language, **{**known, **rest})


def _lang(request: Request) -> dict[str, str]:
    asked = asked_language(request)
    return {"lang": asked} if asked else {}


def _form(request: Request) -> str:
    """Return the form of the answer that is asked for."""
    asked = request.query_params.get("format")
    if asked is not None:
        if asked != "html" and asked not in SYNTAXES:
            raise HTTPException(406, f"format: one of html, {', '.join(SYNTAXES)} was expected.")
        return asked
    offer = best(request.headers.get("accept"), _OFFERS)
    if offer is None:
        raise HTTPException(406, f"One of text/html, {', '.join(SYNTAXES.values())} was expected in Accept.")
    return offer.format
