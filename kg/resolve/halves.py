"""Articles that go on elsewhere (下转 … 紧接 …): which later half belongs to which first half.

The halves may lie in different sources. They belong together when date and publisher do not contradict each other and
their headlines share words; a page that has one open end and one loose end joins them without that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kg.model import Article, Extraction
from kg.resolve.candidates import ArticleKey, article_key
from kg.resolve.forms import normal

_ENOUGH = 0.3
"""The share of the shorter headline's character pairs that the halves have in common at least."""


def first_halves(extractions: Sequence[Extraction]) -> dict[ArticleKey, ArticleKey]:
    """Return for every later half the first half that it continues; each half is used once.

    The closest pairs are joined first; between equally close ones source and index decide.
    """
    articles = sorted((e.article for e in extractions), key=article_key)
    firsts = [a for a in articles if a.continues and not a.continued]
    laters = [a for a in articles if a.continued]
    pairs = sorted(
        (-likeness, article_key(first), article_key(later))
        for later in laters
        for first in firsts
        if (likeness := _likeness(first, later)) >= _ENOUGH
    )
    joined: dict[ArticleKey, ArticleKey] = {}
    for _, first_key, later_key in pairs:
        if later_key not in joined and first_key not in joined.values():
            joined[later_key] = first_key
    for source in sorted({a.source for a in articles}):
        open_ends = [
            article_key(a) for a in firsts if a.source == source and article_key(a) not in joined.values()
        ]
        loose_ends = [article_key(a) for a in laters if a.source == source and article_key(a) not in joined]
        if len(open_ends) == len(loose_ends) == 1:
            joined[loose_ends[0]] = open_ends[0]
    return joined


def with_first_halves(extractions: Sequence[Extraction]) -> tuple[Extraction, ...]:
    """Return `extractions` with what a later half lacks (headline, date, publisher, byline) taken from its first half."""
    articles = {article_key(e.article): e.article for e in extractions}
    firsts = {later: articles[first] for later, first in first_halves(extractions).items()}
    return tuple(
        replace(e, article=_filled(e.article, firsts[article_key(e.article)]))
        if article_key(e.article) in firsts
        else e
        for e in extractions
    )


def _filled(later: Article, first: Article) -> Article:
    return replace(
        later,
        title=later.title or first.title,
        published=later.published or first.published,
        publisher=later.publisher or first.publisher,
        byline=later.byline or first.byline,
    )


def _likeness(first: Article, later: Article) -> float:
    """Return how alike two headlines are, from 0 to 1; 0 when date or publisher contradict."""
    for one, other in ((first.published, later.published), (first.publisher, later.publisher)):
        if one and other and one != other:
            return 0.0
    one_pairs, other_pairs = _pairs(first.title), _pairs(later.title)
    if not one_pairs or not other_pairs:
        return 0.0
    return round(len(one_pairs & other_pairs) / min(len(one_pairs), len(other_pairs)), 3)


def _pairs(title: str) -> set[str]:
    text = normal(title)
    return {text[i : i + 2] for i in range(len(text) - 1)}
