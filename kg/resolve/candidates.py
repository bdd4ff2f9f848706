"""The entities of all articles as candidates for identity: what each is called, where its article is, what it is near."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kg.model import Article, Entity, Extraction
from kg.resolve.abbreviations import load_known_names
from kg.resolve.divisions import divisions
from kg.resolve.forms import Form, form_of, normal

_KINDS = ("省", "市", "区", "县", "旗", "州", "盟")

_NUMBERED = re.compile(
    r"(?:19|20)\d\d|第[一二三四五六七八九十百零〇\d]+[届次轮季]|[一二三四五六七八九十]+大$"
)

ArticleKey = tuple[str, int]
"""Source and index of an article."""


class Ref(NamedTuple):
    """An entity of one article: source, index of the article, local id."""

    source: str
    article: int
    entity: str


class Moment(NamedTuple):
    """Where evidence stands in time and place; the earliest comes first, undated articles last.

    `source` and `article` are those of the first half of an article in two, `later` marks the other half.
    """

    published: str
    source: str
    article: int
    later: bool
    start: int
    entity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One entity of one article, ready to be compared.

    `name` is the official name of a well-known body, else what the article calls the entity; `form` is that of `name`.
    `year` is the year of the entity's own date, else of publication, empty where the name itself tells one meeting from the
    next (第三届, 2023); `home` is the article, or the first half of an
    article that goes on elsewhere; `context` holds the codes of the divisions that the article speaks of.
    """

    ref: Ref
    entity: Entity
    name: str
    form: Form
    alias_forms: tuple[Form, ...]
    context: frozenset[str]
    home: ArticleKey
    moment: Moment
    year: str
    article: Article

    @property
    def type(self) -> str:
        """The class of the entity."""
        return self.entity.type


def candidates(
    extractions: Sequence[Extraction], *, homes: Mapping[ArticleKey, ArticleKey]
) -> tuple[Candidate, ...]:
    """Return the candidates of all `extractions`, sorted by reference."""
    contexts: dict[ArticleKey, set[str]] = {}
    for extraction in extractions:
        key = article_key(extraction.article)
        contexts.setdefault(homes.get(key, key), set()).update(_divisions_of(extraction))
    found = []
    for extraction in extractions:
        key = article_key(extraction.article)
        home = homes.get(key, key)
        context = frozenset(contexts[home])
        found += [_candidate(e, extraction.article, home, context) for e in extraction.entities]
    return tuple(sorted(found, key=lambda c: c.ref))


def article_key(article: Article) -> ArticleKey:
    """Return source and index of `article`."""
    return article.source, article.index


def _candidate(entity: Entity, article: Article, home: ArticleKey, context: frozenset[str]) -> Candidate:
    official = load_known_names().of(entity.name) if entity.type == "Organization" else ""
    name = official or entity.name
    form = form_of(name, entity.type, context=context)
    aliases = {normal(alias): alias for alias in entity.aliases if normal(alias) != form.text}
    start = min((span.start for span in entity.mentions), default=0)
    return Candidate(
        ref=Ref(article.source, article.index, entity.id),
        entity=entity,
        name=name,
        form=form,
        alias_forms=tuple(form_of(aliases[a], entity.type, context=context) for a in sorted(aliases)),
        context=context,
        home=home,
        moment=Moment(article.published or "9999", *home, home != article_key(article), start, entity.id),
        year="" if _NUMBERED.search(form.text) else (entity.date or article.published)[:4],
        article=article,
    )


def _divisions_of(extraction: Extraction) -> set[str]:
    """Return the codes of divisions that an article speaks of beyond doubt.

    These are its places and publisher, and the places that bodies are of (杭州市科协, not 北京大学).
    """
    openings = [divisions().opening(normal(extraction.article.publisher)).codes]
    for entity in extraction.entities:
        if entity.type in ("Place", "Organization"):
            for name in map(normal, (entity.name, *entity.aliases)):
                codes, rest = divisions().opening(name)
                opening = name.removesuffix(rest) if rest else name
                if opening.endswith(_KINDS) or (not rest and entity.type == "Place"):
                    openings.append(codes)
    sure = {codes[0] for codes in openings if len(codes) == 1}
    chosen = {divisions().choose(codes, frozenset(sure)) for codes in openings if codes}
    return sure | {code for code in chosen if code is not None}
