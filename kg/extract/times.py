"""Expressions of time, resolved to days, months, years or ranges of them.

Two passes: one pattern finds the atoms (a date with what it leaves out), then a walk over them in reading order fills in
what they leave out: from the expression before it in the same sentence, else from the publication date. 日前 and 近日
stay open: they are found, with an empty value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from kg.extract.time_patterns import (
    DATELINE,
    JOIN,
    PATTERN,
    PLAN,
    SENTENCE_END,
    YEAR_REACH,
    YEARS,
)
from kg.extract.time_resolution import Found, Granularity, Known, PartialDate, read_atom, read_span
from kg.model import Span, When


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeExpression:
    """An expression of time; `span` is over the text given, `relative` says that it leans on another date.

    ``when.value`` is empty where the text leaves the date open.
    """

    span: Span
    when: When
    granularity: Granularity
    relative: bool


def find_times(text: str, *, published: str, anchor: str = "") -> tuple[TimeExpression, ...]:
    """Return the expressions of time in `text`, in order, without overlap.

    `published` is the ISO date of publication, or empty; then `anchor` (see `kg.extract.time_anchor`) gives the year that
    the text leaves out, and 昨日 or 本月 stay open. What leans on a date that is not known has an empty value.

    >>> [t.when.value for t in find_times("12月2日至5日，今年8月", published="2023-12-19")]
    ['2023-12-02/2023-12-05', '2023-08']
    """
    known = Known(day=_parse_iso(published), year=int(anchor[:4]) if anchor[:4].isdecimal() else 0)
    atoms = list(_resolve(text, known))
    return tuple(_expression(text, found) for found in _joined(text, atoms))


def _parse_iso(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None


def _resolve(text: str, known: Known) -> Iterator[Found]:
    spans = {match.start(): match for match in YEARS.finditer(text)}
    previous: PartialDate | None = None  # the last dated expression of this sentence
    previous_end = 0
    latest: PartialDate | None = None  # the last full day anywhere: what 当天 and 同年 mean
    at = sentence = 0
    while match := PATTERN.search(text, at):
        start = min(
            (s for s in spans if at <= s <= match.start() and spans[s].end() > match.start()), default=-1
        )
        ends = [k for k in range(at, match.start()) if text[k] in SENTENCE_END]
        if ends:
            previous = None
            sentence = ends[-1] + 1
        if start >= 0:
            found = read_span(spans[start], previous, known)
            at = spans[start].end()
        else:
            planned = bool(
                PLAN.search(text, max(sentence, match.start() - 12), min(len(text), match.end() + 6))
            )
            far = previous is not None and not previous.month and match.start() - previous_end > YEAR_REACH
            found = read_atom(match, None if far else previous, latest, known, planned=planned)
            at = max(match.end(), at + 1)
        if found is None:
            continue
        if found.last is not None:
            if not found.span.of(text).endswith("年度"):
                previous, previous_end = found.last, found.span.end
            if found.last.day:
                latest = found.last
        if found.last is not None and found.last.day and DATELINE.match(text, found.span.end):
            known = replace(known, day=date(found.last.year, found.last.month, found.last.day))
        yield found


def _joined(text: str, atoms: list[Found]) -> Iterator[Found]:
    """Put A至B together where nothing else stands between, and A's last point lies before B's first."""
    index = 0
    while index < len(atoms):
        found = atoms[index]
        index += 1
        if index < len(atoms) and found.first and atoms[index].last:
            after = atoms[index]
            between = text[found.span.end : after.span.start]
            last = after.last
            if last and between and len(between) <= 2 and JOIN.match(between):
                same = found.first.granularity == last.granularity
                if same and found.first.iso() < last.iso():
                    found = Found(
                        span=Span(found.span.start, after.span.end),
                        first=found.first,
                        last=last,
                        relative=found.relative,
                    )
                    index += 1
        yield found


def _expression(text: str, found: Found) -> TimeExpression:
    first, last = found.first, found.last
    value = ""
    if first is not None and last is not None:
        value = first.iso() if first == last else f"{first.iso()}/{last.iso()}"
    return TimeExpression(
        span=found.span,
        when=When(value=value, text=found.span.of(text)),
        granularity=first.granularity if first is not None else "open",
        relative=found.relative,
    )
