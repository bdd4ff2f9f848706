"""Full names of persons without the title behind them: 林远山教授 is 林远山; 林教授 stays as it is."""

from __future__ import annotations

import functools
from dataclasses import replace

from kg.model import Mention, Span
from kg.resolve.surfaces import titles
from kg.resources import lexicon_rows

_SHORTEST_TITLE = 2
_FULL_NAME = range(2, 5)
"""How many characters a full Chinese name has."""


def without_title(mention: Mention) -> Mention:
    """Return the mention of a person without the title that ends it, if a full name is left."""
    if mention.type != "Person":
        return mention
    for length in _FULL_NAME:
        name, title = mention.text[:length], mention.text[length:]
        if len(title) >= _SHORTEST_TITLE and title in titles() and _is_full(name):
            return replace(mention, text=name, span=Span(mention.span.start, mention.span.start + length))
    return mention


def _is_full(name: str) -> bool:
    """Whether `name` is a surname with a given name of one or two characters."""
    surname = 2 if name[:2] in _surnames("compound_surnames") else 1
    known = surname == 2 or name[:1] in _surnames("surnames")
    return known and 1 <= len(name) - surname <= 2


@functools.cache
def _surnames(lexicon: str) -> frozenset[str]:
    return frozenset(row[0] for row in lexicon_rows(lexicon))
