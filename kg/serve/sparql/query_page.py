"""The page that asks: the shipped questions with their parameters, an editor, and a table of what the endpoint answers.

Its script and its style sheet are files of this server, as its policy wants. The query that it sends is made here, from the
question and its parameters as terms, so that the page shows what it sends.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import jinja2
import pyoxigraph as ox
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from kg.errors import UsageError
from kg.query.questions import Question, question, questions
from kg.query.syntax import substituted
from kg.resources import ROOT
from kg.serve.pages.rendering import language_of
from kg.serve.pages.things import Places
from kg.serve.sparql.limits import Limits
from kg.serve.web.problems import problem_response
from kg.vocabulary import Vocabulary, load_vocabulary

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""The content security policy of the page: what this server sends and nothing else."""

_TEMPLATES: Final = ROOT / "templates"
_KEPT: Final = {"Cache-Control": "no-cache"}


def query_page_router(
    *, base_iri: str, prefixes: Mapping[str, str], limits: Limits, vocabulary: Vocabulary | None = None
) -> APIRouter:
    """Return the routes of the page, its files and its queries.

    `base_iri` is that of the graph, whose IRIs are pages of this server; `prefixes` need no declaration. `vocabulary`
    has the words for the graph's terms; without one it is the shipped one.
    """
    router = APIRouter()
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    terms = (vocabulary or load_vocabulary()).labels
    words: dict[str, Any] = json.loads(_read("query.words.json"))
    asked = questions()
    script = _read("query.terms.js") + _read("query.js")
    style = _read("graph.css") + _read("query.css")

    async def page(request: Request) -> Response:
        language = language_of(request)
        spoken = {name: both[language] for name, both in words["page"].items()}
        data = {
            "words": spoken,
            "questions": {one.name: _described(one, language, words) for one in asked},
            "prefixes": dict(sorted(prefixes.items())),
            "columns": words["columns"] if language == "zh" else {},
            "terms": {name: both[language] for name, both in sorted(terms.items())},
            "base": base_iri,
            "path": Places(base_iri).prefix,
        }
        html = environment.get_template("query.html").render(
            language=language,
            words=spoken,
            questions=_titled(asked, language),
            prefixes=data["prefixes"],
            data=data,
            seconds=f"{limits.seconds:g}",
        )
        headers = {"Content-Security-Policy": POLICY, "Vary": "Accept-Language", **_KEPT}
        return Response(html, media_type="text/html", headers=headers)

    async def text(request: Request) -> Response:
        given = dict(request.query_params)
        language = given.pop("lang", "en")
        try:
            sparql = bound_query(question(given.pop("question", "")), given, language=language)
        except UsageError as error:
            return problem_response(400, str(error))
        return PlainTextResponse(sparql.encode("utf-8", "replace"), headers=_KEPT)

    async def query_script() -> Response:
        return Response(script, media_type="text/javascript", headers=_KEPT)

    async def query_style() -> Response:
        return Response(style, media_type="text/css", headers=_KEPT)

    for path, endpoint in (
        ("/query", page),
        ("/query/text", text),
        ("/query/page.js", query_script),
        ("/query/page.css", query_style),
    ):
        router.add_api_route(
            path, endpoint, methods=["GET", "HEAD"], include_in_schema=False, response_class=Response
        )
    return router


def bound_query(asked: Question, given: Mapping[str, str], *, language: str = "en") -> str:
    """Return the query of a question with its parameters in it as terms, under its title; raises UsageError."""
    values = asked.bound(given)
    lines = asked.sparql.splitlines()
    header = next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))
    body = "\n".join(lines[header:]).strip()
    terms = {name: str(ox.Literal(value)) for name, value in values.items()}
    title = asked.titles.get(language, asked.titles["en"])
    return f"# {title}\n{substituted(body, terms)}\n"


def _titled(asked: Sequence[Question], language: str) -> list[tuple[str, str]]:
    return [(one.name, one.titles[language]) for one in asked if not one.derived.startswith("needed")]


def _described(asked: Question, language: str, words: Mapping[str, Any]) -> dict[str, Any]:
    chinese = language == "zh"
    return {
        "columns": words["columnsOf"].get(asked.name, {}) if chinese else {},
        "description": words["descriptions"].get(asked.name, asked.description)
        if chinese
        else asked.description,
        "parameters": [
            {
                "name": one.name,
                "meaning": words["meanings"].get(one.meaning, one.meaning)
                if chinese
                else one.meaning.removeprefix("true for "),
                "default": one.default,
                "switch": one.is_switch,
                "entity": "by name" in one.meaning,
            }
            for one in asked.parameters
        ],
    }


def _read(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")
