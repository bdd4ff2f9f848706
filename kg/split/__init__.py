"""A source becomes articles: a newspaper page is taken apart, a single article is never cut."""

from kg.split.articles import split
from kg.split.reading import read_through

__all__ = ["read_through", "split"]
