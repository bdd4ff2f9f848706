"""A newspaper page becomes articles: furniture out, lines to blocks, blocks to articles, articles with their parts named."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.model import Article, Passage, Role, Source, Span
from kg.split.blocks import CONTINUED, CONTINUES, START, Block, blocks_of
from kg.split.credits import byline_names, is_byline, trailing_credit
from kg.split.dates import date_stated, publisher_stated
from kg.split.furniture import furniture_of
from kg.split.lines import Line
from kg.split.segments import segments_of

_LEAD = re.compile(
    r"^本报讯\s*[（(]?((?:[\u4e00-\u9fff]{2,3}\s+){0,4}?(?:本报)?(?:记者|通讯员)\s*[^）)，。]{2,24}?)(?:报道|[）)])"
)
_NAMED_BYLINE = re.compile(r"^[□◎○■●]|记者|通讯员")


def looks_like_page(lines: Sequence[Line]) -> bool:
    """Return whether the lines are those of a page with several articles, and not of one article."""
    if len(lines) < 6:
        return False
    starts = sum(bool(START.match(line.solid) or CONTINUED.match(line.solid)) for line in lines)
    bylines = sum(is_byline(line.solid) and bool(_NAMED_BYLINE.search(line.solid)) for line in lines)
    ends = sum(trailing_credit(line.text) is not None or bool(CONTINUES.search(line.solid)) for line in lines)
    masthead = len(furniture_of(lines))
    if max(starts, bylines) >= 2 or starts + bylines + ends >= 3:
        return True
    widths = sorted(line.width for line in lines)
    wrapped = widths[len(widths) // 2] <= 30 and len(lines) >= 15
    return wrapped and (masthead >= 2 or starts + bylines + ends >= 2)


def page_articles(source: Source, lines: Sequence[Line]) -> tuple[Article, ...]:
    """Return the articles of a page in the order in which their first lines stand in the source."""
    segments = segments_of(blocks_of(lines))
    heads = [line.text for line in lines]
    published = source.published or date_stated(heads)
    publisher = publisher_stated(heads[:20], rest=heads[20:])
    ordered = sorted(
        segments, key=lambda part: min(line.span.start for block in part for line in block.lines)
    )
    return tuple(_article(source, number, part, published, publisher) for number, part in enumerate(ordered))


def _article(source: Source, index: int, part: list[Block], published: str, publisher: str) -> Article:
    front, inner, back = _parts(part)
    opening = [block for block in (*front, *back) if block.kind == "head"]
    passages = [
        Passage(role="headline" if k == 0 else "deck", spans=tuple(line.span for line in block.lines))
        for k, block in enumerate(opening)
    ]
    names: list[str] = []
    rest = [block for block in front if block.kind != "head"] + inner + [b for b in back if b.kind != "head"]
    body: list[Block] = []
    for block in rest:
        if block.kind == "byline":
            names += byline_names(" ".join(line.text for line in block.lines))
        passages += _passages(block)
        if block.kind == "body":
            body.append(block)
            if lead := _LEAD.match(block.lines[0].text):
                names += byline_names(lead[1])
            last = block.lines[-1].text
            if (at := trailing_credit(last)) is not None:
                names += byline_names(last[at:])
    return Article(
        source=source.id,
        index=index,
        spans=tuple(sorted(line.span for block in part for line in block.lines)),
        passages=tuple(passages),
        title="".join(_title(block) for block in opening[:1]),
        published=published,
        publisher=publisher,
        byline=tuple(dict.fromkeys(names)),
        continues=any(CONTINUES.search(block.text) for block in body),
        continued=any(CONTINUED.match(block.text) for block in body),
    )


def _passages(block: Block) -> list[Passage]:
    """Return the passages of one block: a signature at the end of a paragraph is a byline of its own."""
    spans = [line.span for line in block.lines]
    if block.kind == "body" and (at := trailing_credit(block.lines[-1].text)) is not None:
        start, end = spans[-1]
        own = [Span(start, start + len(block.lines[-1].text[:at].rstrip()))]
        body = (*spans[:-1], *(s for s in own if s.end > s.start))
        signature = Passage(role="byline", spans=(Span(start + at, end),))
        return [Passage(role="body", spans=body), signature] if body else [signature]
    role: Role = "deck" if block.kind == "head" else block.kind
    return [Passage(role=role, spans=tuple(spans))]


def _parts(part: list[Block]) -> tuple[list[Block], list[Block], list[Block]]:
    bodies = [k for k, block in enumerate(part) if block.kind == "body"]
    return part[: bodies[0]], part[bodies[0] : bodies[-1] + 1], part[bodies[-1] + 1 :]


def _title(block: Block) -> str:
    if len(block.lines) == 1:
        return block.lines[0].text
    return block.text
