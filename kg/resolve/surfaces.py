"""The distinct names of one article, with what can be seen of each before any two are compared."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.model import Mention, Reading, Span
from kg.resolve.divisions import divisions
from kg.resolve.forms import is_bare, normal
from kg.resources import lexicon_rows

_QUOTED = re.compile(r"[“‘「『《\"]([^“”‘’「」『』《》\"]{2,})[”’」』》\"]")
_LEGAL = re.compile(r"[(（]?(?:集团)?[)）]?(?:股份|控股)?(?:有限责任公司|有限公司|公司)$|集团$")
_EDITION = re.compile(
    r"^(?:第[一二三四五六七八九十百零〇\d]+(?:届|次|批|期)|首届|首批|首次|全国首个|\d{4}(?:年度?|-\d{4}年?)?|世界|国际|全国)+"
)
_NUMBERS = re.compile(r"(第?)(\d+|(?<=第)[一二三四五六七八九十百]+)([年届期号次批]?)|首([届次批期])")
_BRACKETED = re.compile(r"\([^()]*\)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """One name as an article writes it, all its mentions taken together.

    `key` is the name in one width and case without quotation marks; `codes` and `rest` part it into the
    administrative division that it begins with and what follows. `core` is the rest without a legal form and without
    the number or year of an edition; `quoted` are the names that stand in quotation marks inside it, `numbers` its numbers
    with what they count, and `titled` says that it is a surname with a title (王教授).
    """

    key: str
    type: str
    text: str
    mentions: tuple[int, ...]
    first: int
    codes: tuple[str, ...]
    rest: str
    core: str
    quoted: tuple[str, ...]
    bare: bool
    characters: frozenset[str]
    numbers: frozenset[tuple[str, str]]
    titled: bool

    @property
    def order(self) -> tuple[bool, int, str]:
        """Short forms before longer ones; a surname with a title is a short form however long the title is."""
        return not self.titled, len(self.key), self.key

    @property
    def count(self) -> int:
        """How often the article writes the name."""
        return len(self.mentions)


@functools.lru_cache(maxsize=8192)
def _parts(text: str, type_: str) -> tuple[tuple[str, ...], str, str, tuple[str, ...], bool]:
    key = normal(text)
    opening = divisions().opening(key) if type_ != "Person" else None
    codes, rest = (opening.codes, opening.rest) if opening else ((), key)
    core = _LEGAL.sub("", rest) if type_ == "Organization" else _EDITION.sub("", _BRACKETED.sub("", rest))
    return codes, rest, core or rest, tuple(normal(q) for q in _QUOTED.findall(text)), is_bare(key)


@functools.cache
def titles() -> frozenset[str]:
    """Return what may follow a surname or a name: posts, callings and forms of address."""
    return frozenset(row[0] for row in lexicon_rows("forms_of_address")) | frozenset(
        row[0] for row in lexicon_rows("posts") if row[1] not in {"modifier", "field"}
    )


def surfaces(mentions: Sequence[Mention]) -> list[Surface]:
    """Return the surfaces of `mentions` in the order of their first mention.

    A name that is tagged with several types has the commonest, of equally common ones the first. The written form kept
    for a name is the longest of its spellings (with the quotation marks inside), of equally long ones the first.
    """
    groups: dict[str, list[int]] = {}
    for number, mention in enumerate(mentions):
        groups.setdefault(normal(mention.text), []).append(number)
    found = []
    for key, numbers in groups.items():
        types = [mentions[n].type for n in numbers]
        type_ = max(types, key=lambda t: (types.count(t), -types.index(t)))
        text = max((mentions[n].text for n in numbers), key=len)
        codes, rest, core, quoted, bare = _parts(text, type_)
        found.append(
            Surface(
                key=key,
                type=type_,
                text=text,
                mentions=tuple(numbers),
                first=mentions[numbers[0]].span.start,
                codes=codes,
                rest=rest,
                core=core,
                quoted=quoted,
                bare=bare,
                characters=frozenset(key),
                numbers=_numbers(key),
                titled=type_ == "Person" and key[1:] in titles(),
            )
        )
    return found


def _numbers(key: str) -> frozenset[tuple[str, str]]:
    """Return what the numbers in a name count, with each number: 首届 is the first of 第…届."""
    found = _NUMBERS.findall(key)
    return frozenset(("第" + first, "一") if first else (a + c, b) for a, b, c, first in found)


def spelled(reading: Reading, span: Span) -> str:
    """Return the name at `span` as a reader would write it: Latin words that stood apart keep one space between them.

    >>> reading = Reading(text="华云OpenDay", offsets=(0, 1, 2, 3, 4, 5, 7, 8, 9), gaps=frozenset({6}),
    ...     sentences=(Span(0, 9),), roles=("body",), paragraphs=(0,))
    >>> spelled(reading, Span(0, 9))
    '华云Open Day'
    """
    text = span.of(reading.text)
    if text.isascii() or any(_latin(c) for c in text):
        for at in range(span.end - 1, span.start, -1):
            if at in reading.gaps and _latin(reading.text[at - 1]) and _latin(reading.text[at]):
                cut = at - span.start
                text = f"{text[:cut]} {text[cut:]}"
    return text


def _latin(character: str) -> bool:
    return character < "\u2e80" and (character.isalnum() or character in "&.,'-+")
