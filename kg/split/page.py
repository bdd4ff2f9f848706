"""A newspaper page becomes articles."""

from __future__ import annotations

from collections.abc import Sequence

from kg.model import Article, Source
from kg.split.lines import Line


def looks_like_page(lines: Sequence[Line]) -> bool:
    """Return whether the lines are those of a page with several articles."""
    return False


def page_articles(source: Source, lines: Sequence[Line]) -> tuple[Article, ...]:
    """Return the articles of a page."""
    return ()
