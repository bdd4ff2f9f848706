"""One article that fills its source: title first, then paragraphs; nothing is left out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.model import Article, Passage, Role, Source, Span
from kg.split.credits import byline_names, is_byline, is_caption
from kg.split.dates import date_stated, publisher_stated
from kg.split.lines import Line

_PARAGRAPH_GAP = re.compile(r"(?:[ \t\xa0]{2,}|[ \t\xa0]*\u3000{2,})\s*")
_WRAPPED = 30
_LONGEST_TITLE = 60


def single_article(source: Source, lines: Sequence[Line]) -> Article | None:
    """Return the whole source as one article, or None when nothing stands in it."""
    if not lines:
        return None
    passages: list[Passage] = []
    first = 0
    if _is_title(lines, source.title):
        passages.append(Passage(role="headline", spans=(lines[0].span,)))
        first = 1
    wrapped = _is_wrapped(lines[first:])
    names: list[str] = []
    for line in lines[first:]:
        role: Role = "body"
        if is_byline(line.solid):
            role = "byline"
            names += byline_names(line.text)
        elif is_caption(line.solid):
            role = "caption"
        last = passages[-1] if passages else None
        if wrapped and role == "body" and last and last.role == "body" and not line.blank:
            passages[-1] = Passage(role="body", spans=(*last.spans, line.span))
        elif role == "body" and not wrapped:
            passages += (Passage(role="body", spans=(piece,)) for piece in _pieces(source.text, line.span))
        else:
            passages.append(Passage(role=role, spans=(line.span,)))
    return Article(
        source=source.id,
        index=0,
        spans=(Span(lines[0].span.start, lines[-1].span.end),),
        passages=tuple(passages),
        title=source.title or (lines[0].text if first else ""),
        published=source.published or date_stated([line.text for line in lines[:6]]),
        publisher=publisher_stated(
            [line.text for line in lines[:6]], rest=[line.text for line in lines[-3:]]
        ),
        byline=tuple(dict.fromkeys(names)),
    )


def _is_title(lines: Sequence[Line], title: str | None) -> bool:
    head = lines[0]
    if title and "".join(title.split()) == head.solid:
        return True
    if len(lines) < 2 or len(head.solid) > _LONGEST_TITLE or head.solid[-1] in "。；：，、;,":
        return False
    if is_byline(head.solid) or head.solid.count("。") > 0:
        return False
    return lines[1].blank or len(head.solid) < len(lines[1].solid)


def _is_wrapped(lines: Sequence[Line]) -> bool:
    """Return whether the lines are broken to a column's width rather than one paragraph each."""
    if len(lines) < 6:
        return False
    widths = sorted(line.width for line in lines)
    open_ended = sum(not line.ends_sentence for line in lines)
    return (
        widths[len(widths) * 9 // 10] <= 2 * _WRAPPED
        and widths[len(widths) // 2] <= _WRAPPED
        and 2 * open_ended > len(lines)
    )


def _pieces(text: str, span: Span) -> list[Span]:
    """Return the paragraphs of one line: some sites set them apart by runs of spaces only."""
    pieces: list[Span] = []
    start = span.start
    for gap in _PARAGRAPH_GAP.finditer(text, span.start, span.end):
        if gap.start() > start:
            pieces.append(Span(start, gap.start()))
        start = gap.end()
    if start < span.end:
        pieces.append(Span(start, span.end))
    return pieces
