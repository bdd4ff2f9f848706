"""The lines of a source and what each looks like on its own."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from kg.model import Span
from kg.split.reading import INVISIBLE

_LINE = re.compile(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_EDGE = " \t\u3000\xa0\x1f" + INVISIBLE + "".join(map(chr, range(0x2000, 0x200B))) + "\u202f\u205f\u1680"
_SENTENCE_END = re.compile(r"[。！？!?…；;][”’」』）)\]】\"']*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line with something on it. `span` is trimmed; `text` is what it covers; `solid` the same without white space.

    `width` counts full-width characters (two Latin letters are one); `blank` says that an empty line stands before.
    """

    span: Span
    text: str
    solid: str
    width: float
    blank: bool

    @property
    def ends_sentence(self) -> bool:
        """Whether a sentence ends with the line."""
        return _SENTENCE_END.search(self.solid) is not None


def lines_of(text: str) -> tuple[Line, ...]:
    """Return the lines of `text` that are not blank."""
    found: list[Line] = []
    before = 0
    for match in _LINE.finditer(text):
        raw = match.group()
        left = raw.lstrip(_EDGE)
        if not left:
            continue
        start = match.end() - len(left)
        trimmed = left.rstrip(_EDGE)
        newlines = text.count("\n", before, start) or text.count("\r", before, start)
        solid = "".join(trimmed.split()).translate(_DROP)
        if not solid:
            continue
        found.append(
            Line(
                span=Span(start, start + len(trimmed)),
                text=trimmed,
                solid=solid,
                width=_width(solid),
                blank=newlines > 1 or not found,
            )
        )
        before = start + len(trimmed)
    return tuple(found)


_DROP = dict.fromkeys(map(ord, INVISIBLE))


def _width(solid: str) -> float:
    if len(solid) > 200:  # only the widths of short lines are compared
        return float(len(solid))
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in solid)
