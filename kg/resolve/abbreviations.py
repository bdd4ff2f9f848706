"""Short forms that need no weighing: those that the text defines, and those that everybody knows."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.model import Mention, Reading
from kg.resolve.forms import normal
from kg.resolve.likeness import subsequence
from kg.resolve.surfaces import Surface
from kg.resources import lexicon_rows

_DEFINING = re.compile(
    r"^[”’》」]?[（(,，]?"
    r"(?:以下|下文|下称|下文中|业内|俗称|也)?(?:统|合|均|又|简|缩|英文)?(?:称为|简称为|简称|缩写|下称|称)[为是作]?[:：]?[“‘「《\"]?$"
)
_OPENING = re.compile(r"^[”’》」]?[（(](?:即|英文|原|又名|又称)?[:：,，]?[“‘「《\"]?$")
_CLOSING = '”’」》"）)'


def definitions(
    names: Sequence[Surface], reading: Reading, mentions: Sequence[Mention]
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of surface numbers (short, long) that the text itself equates.

    Either words of definition stand between two names (甲公司（以下简称“乙”）), or the second stands alone in brackets
    behind the first and could be its short form or its name in Latin letters.
    """
    owner = {number: k for k, name in enumerate(names) for number in name.mentions}
    text = reading.text
    for number in range(len(mentions) - 1):
        here, there = mentions[number].span, mentions[number + 1].span
        gap = there.start - here.end
        if not 0 < gap <= 14 or number not in owner or number + 1 not in owner:
            continue
        one, other = owner[number], owner[number + 1]
        if one == other or names[one].type != names[other].type:
            continue
        between = text[here.end : there.start]
        if _DEFINING.match(between) or (
            _OPENING.match(between)
            and text[there.end : there.end + 1] in _CLOSING
            and _equates(names[one], names[other])
        ):
            short, long = sorted((one, other), key=lambda n: (not names[n].key.isascii(), names[n].order))
            yield short, long


def _equates(one: Surface, other: Surface) -> bool:
    if one.type == "Place":
        return False
    if other.key.isascii() != one.key.isascii():
        return not other.key.isdigit()
    short, long = sorted((one.key, other.key), key=len)
    return subsequence(short, long)


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Full names of well-known bodies by their short forms, and their subtypes; the keys are normal forms."""

    full: Mapping[str, str]
    subtype: Mapping[str, str]

    def of(self, name: str) -> str:
        """Return the full official name behind `name` (as the lexicon writes it), or an empty string.

        >>> load_known_names().of("上海交大"), load_known_names().of("某大")
        ('上海交通大学', '')
        """
        return self.full.get(normal(name), "")

    def allows(self, short: Surface, long: Surface) -> bool:
        """Whether `long` may be what `short` means: a known name means its body alone, not others with a longer name."""
        if short.type != "Organization" or short.key not in self.subtype:
            return True
        full = normal(self.full.get(short.key, short.key))
        return short.core == long.core or long.core == full or subsequence(long.key, full)

    def links(self, names: Sequence[Surface]) -> Iterator[tuple[int, int]]:
        """Yield (short, long) for surfaces that are short and full name of one known body."""
        meant: dict[str, int] = {}
        for number, name in enumerate(names):
            if name.type != "Organization":
                continue
            full = self.full.get(name.key) or (name.key if name.key in self.subtype else "")
            if not full:
                continue
            if full not in meant:
                meant[full] = number
                continue
            first = meant[full]
            short, long = sorted((number, first), key=lambda n: names[n].order)
            yield short, long


@functools.cache
def load_known_names() -> KnownNames:
    """Return the known names that ship with newskg."""
    full, subtype = {}, {}
    for short, name, *kinds in lexicon_rows("known_names"):
        kind = kinds[0] if kinds else ""
        full[normal(short)] = name
        subtype[normal(short)] = subtype[normal(name)] = kind
    return KnownNames(full, subtype)
