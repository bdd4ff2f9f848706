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

_OPENERS = {"”": "“", "’": "‘", "」": "「", "』": "『", "》": "《", "〉": "〈"}
"""Closing quotation marks with those that open."""

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
    """Return the name at `span` as a reader would write it.

    Latin words that stood apart keep one space between them; quotation marks stand in pairs.

    >>> reading = Reading(text="华云OpenDay", offsets=(0, 1, 2, 3, 4, 5, 7, 8, 9), gaps=frozenset({6}),
    ...     sentences=(Span(0, 9),), roles=("body",), paragraphs=(0,))
    >>> spelled(reading, Span(0, 9))
    '华云Open Day'
    """
    span = _whole_quotes(reading.text, span)
    text = span.of(reading.text)
    if text.isascii() or any(_latin(c) for c in text):
        for at in range(span.end - 1, span.start, -1):
            if at in reading.gaps and _latin(reading.text[at - 1]) and _latin(reading.text[at]):
                cut = at - span.start
                text = f"{text[:cut]} {text[cut:]}"
    return _without_lone_quotes(text)


def _whole_quotes(text: str, span: Span) -> Span:
    """Return `span` with the quotation mark beside it whose other half stands inside: “甲”乙 for the span of 甲”乙."""
    lone = _lone_quotes(span.of(text))
    start, end = span
    for at in lone:
        mark = text[span.start + at]
        if start == span.start and start > 0 and text[start - 1] == _OPENERS.get(mark):
            start -= 1
        elif end == span.end and _OPENERS.get(text[end : end + 1]) == mark:
            end += 1
    return Span(start, end)


def _without_lone_quotes(text: str) -> str:
    """Return `text` without quotation marks that have no other half, and without a pair around the whole."""
    lone = set(_lone_quotes(text))
    text = "".join(c for at, c in enumerate(text) if at not in lone) or text
    whole = len(text) > 2 and text[0] == _OPENERS.get(text[-1]) and not _lone_quotes(text[1:-1])
    return text[1:-1] if whole else text


def _lone_quotes(text: str) -> list[int]:
    """Return where quotation marks stand whose other half is not in `text`."""
    lone: list[int] = []
    waiting: list[int] = []
    for at, character in enumerate(text):
        if character in _OPENERS.values():
            waiting.append(at)
        elif character in _OPENERS:
            if waiting and text[waiting[-1]] == _OPENERS[character]:
                waiting.pop()
            else:
                lone.append(at)
    return sorted(lone + waiting)


def _latin(character: str) -> bool:
    return character < "\u2e80" and (character.isalnum() or character in "&.,'-+")
