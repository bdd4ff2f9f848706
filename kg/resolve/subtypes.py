"""Kinds of organization, told by the noun that closes a name."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence

from kg.resolve.abbreviations import KnownNames
from kg.resolve.forms import normal
from kg.resources import lexicon_rows

_TAIL = re.compile(r"(?:\([^()]*\)|[·\-].*)$")
_LONGEST = 12


def subtype_of(names: Sequence[str], known: KnownNames) -> str:
    """Return the subtype of an organization by its `names`, the fullest first, or an empty string.

    A known body has its known kind; else the closing noun of the first name that has one decides.

    >>> from kg.resolve.abbreviations import load_known_names
    >>> subtype_of(("清河市科学技术局",), load_known_names()), subtype_of(("云山农商行",), load_known_names())
    ('Government', 'FinancialInstitution')
    """
    keys = [normal(name) for name in names]
    for key in keys:
        if key in known.subtype:
            return known.subtype[key]
    for key in keys:
        found = _by_head(key) or _by_head(_TAIL.sub("", key))
        if found:
            return found
    return ""


def _by_head(key: str) -> str:
    heads = _heads()
    for length in range(min(_LONGEST, len(key)), 0, -1):
        found = heads.get(key[-length:])
        if found:
            return found
    return ""


@functools.cache
def _heads() -> Mapping[str, str]:
    return {row[0]: row[1] for row in lexicon_rows("organization_heads")}
