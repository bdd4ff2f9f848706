"""The entry of the room: decides whether a source is a page or one article, and hands it on."""

from __future__ import annotations

from kg.model import Article, Layout, Source
from kg.split.lines import lines_of
from kg.split.single import single_article


def split(source: Source, *, layout: Layout = "auto") -> tuple[Article, ...]:
    """Return the articles of `source` in reading order.

    `layout` ``auto`` decides between ``page`` and ``article`` by what the text looks like; a record of a JSON Lines file is
    always one article. Every article covers at least one character; a source without any yields none.
    """
    from kg.split.page import looks_like_page, page_articles

    lines = lines_of(source.text)
    if layout == "article" or (layout == "auto" and (source.single or not looks_like_page(lines))):
        article = single_article(source, lines)
        return (article,) if article else ()
    return page_articles(source, lines)
