"""Pages of HTML: templates that escape everything, words in two languages, no script."""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

import jinja2
from markupsafe import Markup
from starlette.datastructures import QueryParams
from starlette.requests import Request

from kg.resources import ROOT
from kg.vocabulary import LANGUAGES

POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""The content security policy of a page: its style sheet and nothing else, no script at all."""

STYLE_PATH: Final = "/entity.css"
_TEMPLATES: Final = ROOT / "templates"
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_STEERING: Final = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "R", "AL"})
_OPENING: Final = frozenset({"LRI", "RLI", "FSI"})
_ISOLATE: Final = re.compile("[\u2066-\u2069]")
_QUALITY: Final = re.compile(r"[01](?:\.[0-9]{0,3})?")


class Pages:
    """Renders the templates whose names begin with ``entity.``."""

    def __init__(self) -> None:
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=_enclosed,
        )
        self._environment.filters["isolated"] = isolated
        self._words: dict[str, dict[str, str]] = json.loads(_read("entity.words.json"))
        self.style = _read("entity.css").encode()

    @property
    def edition(self) -> bytes:
        """The bytes of all templates: other templates make other pages."""
        return b"\0".join(path.read_bytes() for path in sorted(_TEMPLATES.glob("entity.*")))

    def render(self, template: str, *, language: str, **values: Any) -> bytes:  # noqa: ANN401 - what the template needs
        """Return a page as UTF-8; `values` reach the template beside its words."""
        page = self._environment.get_template(f"entity.{template}.html").render(
            words=functools.partial(_filled, self.word(language)),
            language=language,
            style=STYLE_PATH,
            **values,
        )
        return _SURROGATE.sub("\ufffd", page).encode()

    def word(self, language: str) -> Mapping[str, str]:
        """Return the words of the pages in `language`."""
        return {key: both[language] for key, both in self._words.items()}


def asked_language(request: Request) -> str:
    """Return the language that the address asks for, or nothing."""
    asked = request.query_params.get("lang", "")
    return asked if asked in LANGUAGES else ""


def language_of(request: Request) -> str:
    """Return the language of the answer: what the address asks for, else what the reader prefers, else English."""
    return asked_language(request) or preferred(request.headers.get("accept-language", ""))


def preferred(header: str) -> str:
    """Return the best language of an Accept-Language header.

    >>> preferred("fr, zh-CN;q=0.8, en;q=0.5"), preferred("en-GB,zh;q=0.9"), preferred("")
    ('zh', 'en', 'en')
    """
    best, found = 0.0, "en"
    for part in header.split(","):
        name, _, parameters = part.strip().partition(";")
        quality = parameters.strip().removeprefix("q=").strip() if parameters else "1"
        if _QUALITY.fullmatch(quality) is None:
            continue
        language = name.strip().lower().partition("-")[0]
        if language in LANGUAGES and float(quality) > best:
            best, found = float(quality), language
    return found


def other_language(request: Request, language: str) -> str:
    """Return the address of the same page in the other language."""
    other = next(name for name in LANGUAGES if name != language)
    return "?" + str(QueryParams([*_without(request.query_params, "lang"), ("lang", other)]))


def isolated(text: str) -> str:
    """Return `text` for a place without markup, where its marks of direction must not reach what follows."""
    if any(unicodedata.bidirectional(character) in _STEERING for character in text):
        return f"\u2068{enclosed(text)}\u2069"
    return text


def enclosed(text: str) -> str:
    r"""Return `text` so that it cannot get out of the element around it.

    A mark that ends an isolate which nothing in `text` began would end that of its ``<bdi>``: it is left out. What is left
    open is closed.

    >>> enclosed("甲\u2069\u202e乙"), enclosed("甲\u2067乙")
    ('甲\u202e乙', '甲\u2067乙\u2069')
    """
    kept, depth = [], 0
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind == "PDI" and not depth:
            continue
        depth += (kind in _OPENING) - (kind == "PDI")
        kept.append(character)
    return "".join(kept) + "\u2069" * depth


def _enclosed(value: object) -> object:
    """Return what a template shows, enclosed where it is text that holds isolates; markup has been through this before."""
    if isinstance(value, str) and not isinstance(value, Markup) and _ISOLATE.search(value):
        return enclosed(value)
    return value


def _without(parameters: QueryParams, name: str) -> list[tuple[str, str]]:
    return [(key, value) for key, value in parameters.multi_items() if key != name]


def _filled(known: Mapping[str, str], key: str, *values: object) -> str:
    return re.sub(r"\{(\d)\}", lambda match: str(values[int(match[1])]), known[key])


def _read(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")
