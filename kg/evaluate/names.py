"""When two written names are the same name for scoring."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_UNHEARD = frozenset("“”‘’\"'《》〈〉「」『』【】·•—–-")
_ENUMERATION = re.compile("[、，]")


def fold(name: str) -> str:
    """Return `name` as it sounds: NFKC, lower case, without white space, quotation marks, brackets of titles and dashes.

    >>> fold("“科创 中国”试点城区") == fold("科创中国试点城区")
    True
    """
    plain = unicodedata.normalize("NFKC", name).lower()
    return "".join(c for c in plain if c not in _UNHEARD and not c.isspace())


def folded(names: Iterable[str]) -> frozenset[str]:
    """Return the distinct folded forms of `names` that are not empty."""
    return frozenset(filter(None, map(fold, names)))


def parts(value: str) -> frozenset[str]:
    """Return the folded members of an enumeration; an empty value has one empty member.

    >>> sorted(parts("院长、书记"))
    ['书记', '院长']
    """
    return frozenset(map(fold, _ENUMERATION.split(value)))
