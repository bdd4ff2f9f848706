"""Sentences as strings in which every mention and every reference is one private-use character of its type.

Outer quotation marks of a mention and brackets behind it that only give another name, a code or a note belong to
its character, so that patterns need not know about them. All other text stays as it is, with half-width
punctuation made full-width.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.model import Document, Span

FIRST = 0xE000
LAST = 0xF8FF
_QUOTES = {"“": "”", "《": "》", "‘": "’", "「": "」", '"': '"', "『": "』", "【": "】", "〈": "〉"}
_OPEN, _CLOSE = "（([", "）)]"
_BRACKET = 60  # longest bracket, in code points, that is read as a note to the name before it
_NOTE = re.compile(
    r"^(?:[^。！？；]{0,12}?(?:简称|代码|证券|股票|下称|又称|英文)|[\w.:：,，%\- ]+$)", re.ASCII
)
_PLAIN = str.maketrans({",": "，", ";": "；", ":": "：", "!": "！", "?": "？", "(": "（", ")": "）"})
_PRIVATE = re.compile("[\ue000-\uf8ff]")


@dataclass(frozen=True, slots=True)
class Item:
    """What one private-use character of a window stands for; `plural` for a reference to several entities."""

    entities: tuple[str, ...]
    span: Span
    type: str


@dataclass(frozen=True, slots=True)
class Window:
    """One sentence, encoded. ``starts[i]``, ``ends[i]`` lead from `text` to ``Reading.text``; `mask` has a bit per type."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    items: dict[int, Item]
    mask: int
    index: int
    paragraph: int

    def span(self, start: int, end: int) -> Span:
        """Return the span over ``Reading.text`` of a non-empty range of `text`."""
        return Span(self.starts[start], self.ends[end - 1])


def mention_character(index: int) -> str:
    """Return the character of a mention of the type with that index."""
    return chr(FIRST + 2 * index)


def reference_character(index: int) -> str:
    """Return the character of a reference to entities whose first is of the type with that index."""
    return chr(FIRST + 2 * index + 1)


def encode(document: Document, types: tuple[str, ...]) -> list[Window]:
    """Return the sentences of a document as windows, those without any mention or reference included.

    The place of a type in `types` decides its private-use characters.
    """
    text = document.reading.text
    number = {name: k for k, name in enumerate(types)}
    type_of = {e.id: e.type for e in document.entities}
    found: list[tuple[Span, str, Item]] = []
    for mention, link in zip(document.mentions, document.links, strict=True):
        if mention.type in number:
            item = Item((link,), mention.span, mention.type)
            found.append((mention.span, mention_character(number[mention.type]), item))
    for reference in document.references:
        kind = type_of.get(reference.entities[0], "") if reference.entities else ""
        if kind in number:
            item = Item(reference.entities, reference.span, kind)
            found.append((reference.span, reference_character(number[kind]), item))
    found.sort(key=lambda f: (f[0].start, -f[0].end))
    plain = _PRIVATE.sub("\ufffd", text).translate(_PLAIN)
    windows = []
    position = 0
    for k, sentence in enumerate(document.reading.sentences):
        inside = []
        while position < len(found) and found[position][0].start < sentence.end:
            if found[position][0].start >= sentence.start and found[position][0].end <= sentence.end:
                inside.append(found[position])
            position += 1
        paragraph = document.reading.paragraphs[k] if k < len(document.reading.paragraphs) else 0
        windows.append(_window(plain, sentence, inside, number, k, paragraph))
    return windows


def _window(
    plain: str,
    sentence: Span,
    found: list[tuple[Span, str, Item]],
    number: dict[str, int],
    index: int,
    paragraph: int,
) -> Window:
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    items: dict[int, Item] = {}
    mask = 0
    at = sentence.start
    for k, (span, character, item) in enumerate(found):
        if span.start < at:  # inside a reference, a bracket or another mention that was taken whole
            continue
        start, end = span
        if start > at and end < sentence.end and _QUOTES.get(plain[start - 1]) == plain[end]:
            start, end = start - 1, end + 1
        end = _note_end(plain, end, sentence.end, item, found[k + 1 :])
        parts.append(plain[at:start])
        starts += range(at, start)
        ends += range(at + 1, start + 1)
        items[len(starts)] = item
        mask |= 1 << number[item.type]
        parts.append(character)
        starts.append(span.start)
        ends.append(span.end)
        at = end
    parts.append(plain[at : sentence.end])
    starts += range(at, sentence.end)
    ends += range(at + 1, sentence.end + 1)
    return Window("".join(parts), tuple(starts), tuple(ends), items, mask, index, paragraph)


def _note_end(plain: str, end: int, limit: int, item: Item, later: list[tuple[Span, str, Item]]) -> int:
    """Return the end of the bracket behind a mention where it is a note to the name, else `end`."""
    if end >= limit or plain[end] not in _OPEN:
        return end
    close = plain.find("）", end, min(limit, end + _BRACKET))
    if close < 0:
        return end
    inner = plain[end + 1 : close]
    within = [other for other in later if other[0].start < close]
    same = bool(within) and all(set(other[2].entities) <= set(item.entities) for other in within)
    if same or (not within and _NOTE.match(inner)) or (len(within) == 1 and "简称" in inner):
        return close + 1
    return end
