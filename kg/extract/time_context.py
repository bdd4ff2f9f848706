"""The dates that a document gives, and which of them goes with what happens somewhere in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from functools import lru_cache

from kg.extract.time_anchor import year_anchor
from kg.extract.times import TimeExpression, find_times
from kg.model import Document, Reading, Span, When

_LOOK_BACK = 2
_DECADE = 10
_LEAD, _LEAD_REACH = 3, 240  # sentences and characters in which a report says when
DATELINE = re.compile("电|讯|消息")
_RECENT = re.compile("日前|近日")
_UNTIL = re.compile("(?:截至|截止|截止到|截至到|不迟于|此前的?)$")


@lru_cache(maxsize=64)
def _times(text: str, published: str, anchor: str) -> tuple[TimeExpression, ...]:
    return find_times(text, published=published, anchor=anchor)


@lru_cache(maxsize=8)
def _anchor(source: str) -> str:
    return year_anchor(source)


def article_year(document: Document) -> str:
    """Return the year from which an article without a full date of publication speaks: its own, else that of its source."""
    published = document.article.published
    if published:
        return published[:4] if len(published) < len("2023-12-19") else ""
    return _anchor(document.source.text)


def document_times(document: Document) -> tuple[TimeExpression, ...]:
    """Return the expressions of time of a document, resolved against its publication or the year of its source."""
    return _times(document.reading.text, document.article.published, article_year(document))


def free_times(document: Document) -> list[TimeExpression]:
    """Return the resolved times that stand outside names and datelines (8月3日电) and end no period (截至…)."""
    text, mentions = document.reading.text, document.mentions
    starts = [m.span.start for m in mentions]
    free = []
    for time in document_times(document):
        index = bisect_right(starts, time.span.start) - 1
        named = index >= 0 and mentions[index].span.end > time.span.start
        dateline = DATELINE.match(text, time.span.end)
        if (
            time.when.value
            and not named
            and not dateline
            and not _UNTIL.search(text[max(0, time.span.start - 4) : time.span.start])
        ):
            free.append(time)
    return free


def date_in(document: Document, clause: Span, near: int) -> TimeExpression | None:
    """Return the date that goes with what happens at `near`: of the clause, its sentence, or those before it.

    Dates inside names (2023年…大会) and ends of periods (截至…) are no dates of happenings; from sentences before only
    days and months are taken.
    """
    for number, reach in enumerate(reaches(document.reading, clause)):
        inside = [
            t
            for t in free_times(document)
            if reach.start <= t.span.start
            and t.span.end <= reach.end
            and (number < 2 or t.granularity != "year")
        ]
        if inside:
            before = [t for t in inside if t.span.end <= near]
            pool = before or inside
            finest = [t for t in pool if t.granularity == "day"] or pool
            return finest[-1] if before else finest[0]
        opened = [
            t for t in document_times(document) if reach.start <= t.span.start < reach.end and _is_recent(t)
        ]
        if opened:
            return _lately(document, opened[-1])
    return None


def _is_recent(time: TimeExpression) -> bool:
    return _RECENT.fullmatch(time.when.text) is not None


def _lately(document: Document, time: TimeExpression) -> TimeExpression | None:
    """Return the month of publication for 近日 and 日前 of a paper from its second decade on: the day stays open."""
    published = document.article.published
    if not published or int(published[8:10] or 0) <= _DECADE:
        return None
    return replace(time, when=When(value=published[:7], text=time.when.text), granularity="month")


def reaches(reading: Reading, clause: Span) -> list[Span]:
    """Return the clause, its sentence, and the sentences before it in its paragraph, nearest first."""
    index = next((k for k, s in enumerate(reading.sentences) if s.start <= clause.start < s.end), None)
    if index is None:
        return [clause]
    back = range(index - 1, max(-1, index - 1 - _LOOK_BACK), -1)
    same = [k for k in back if reading.paragraphs[k] == reading.paragraphs[index]]
    return [clause, reading.sentences[index], *(reading.sentences[k] for k in same)]


def lead_date(document: Document) -> str:
    """Return the first day that the first sentences of the article give: what a report without another date tells of."""
    end = next(
        (s.end for k, s in enumerate(document.reading.sentences) if k >= _LEAD or s.end >= _LEAD_REACH), 0
    )
    times = (t for t in free_times(document) if t.granularity == "day" and t.span.start < end)
    return next((t.when.value for t in times), "")


def is_open(document: Document, clause: Span) -> bool:
    """Return whether `clause` says 日前 or 近日: when exactly it was, the text leaves open."""
    return any(_is_recent(t) and clause.start <= t.span.start < clause.end for t in document_times(document))
