"""Expressions of time, resolved to days, months, years or ranges of them.

Two passes: one pattern finds the atoms (a date with what it leaves out), then a walk over them in reading order fills in
what they leave out: from the expression before it in the same sentence, else from the publication date. 日前 and 近日
stay open: they are found, with an empty value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from kg.extract.numerals import chinese_integer
from kg.extract.time_patterns import (
    AHEAD,
    DATELINE,
    HALF_YEAR,
    JOIN,
    PATTERN,
    PLAN,
    RELATIVE_DAY,
    RELATIVE_YEAR,
    SENTENCE_END,
    SINCE,
    YEAR_REACH,
    YEARS,
)
from kg.model import Span, When

Granularity = Literal["day", "month", "year", "open"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeExpression:
    """An expression of time; `span` is over the text given, `relative` says that it leans on another date.

    ``when.value`` is empty where the text leaves the date open.
    """

    span: Span
    when: When
    granularity: Granularity
    relative: bool


@dataclass(frozen=True, slots=True)
class _Date:
    """Year, month and day as far as they are known; `end` is the last point of a range."""

    year: int
    month: int = 0
    day: int = 0

    @property
    def valid(self) -> bool:
        if not self.month:
            return True
        try:
            date(self.year, self.month, self.day or 1)
        except ValueError:
            return False
        return True

    def iso(self) -> str:
        parts = [f"{self.year:04d}"]
        if self.month:
            parts.append(f"{self.month:02d}")
        if self.day:
            parts.append(f"{self.day:02d}")
        return "-".join(parts)

    @property
    def granularity(self) -> Granularity:
        return "day" if self.day else "month" if self.month else "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What dates lean on: the day of publication, or only a year."""

    day: date | None
    year: int = 0

    @property
    def any_year(self) -> int:
        return self.day.year if self.day else self.year


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """An atom with its first and last point (equal unless it is a quarter or a range)."""

    span: Span
    first: _Date | None
    last: _Date | None
    relative: bool
    open: bool = False


def find_times(text: str, *, published: str, anchor: str = "") -> tuple[TimeExpression, ...]:
    """Return the expressions of time in `text`, in order, without overlap.

    `published` is the ISO date of publication, or empty; then `anchor` (see `article_anchor`) gives the year that
    the text leaves out, and 昨日 or 本月 stay open. What leans on a date that is not known has an empty value.

    >>> [t.when.value for t in find_times("12月2日至5日，今年8月", published="2023-12-19")]
    ['2023-12-02/2023-12-05', '2023-08']
    """
    known = _Known(day=_parse_iso(published), year=int(anchor[:4]) if anchor[:4].isdecimal() else 0)
    atoms = list(_resolve(text, known))
    return tuple(_expression(text, found) for found in _joined(text, atoms))


def article_anchor(text: str) -> str:
    """Return the year, ISO, that an article without a date of publication speaks from, or empty.

    It is the latest year of the full dates that the text gives, else of its months, else of the years that stand
    before a noun (2023年第二次会议, not 2018年以来); ends of periods (到2025年) are left out.

    >>> article_anchor("2023年7月31日，双方签约，到2025年建成")
    '2023'
    """
    years: dict[str, list[str]] = {"day": [], "month": [], "year": []}
    for found in find_times(text, published=""):
        ahead = AHEAD.search(text[max(0, found.span.start - 4) : found.span.start])
        after = text[found.span.end : found.span.end + 1]
        bare = found.granularity == "year" and after in SINCE
        if found.when.value and not found.relative and not ahead and not bare:
            years[found.granularity].append(found.when.value[:4])
    return next((max(years[kind]) for kind in ("day", "month", "year") if years[kind]), "")


def _parse_iso(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None


def _number(text: str | None) -> int:
    if not text:
        return 0
    text = text.rstrip("日号")
    return int(text) if text.isdecimal() else (chinese_integer(text) or 0)


def _resolve(text: str, known: _Known) -> Iterator[_Found]:
    spans = {match.start(): match for match in YEARS.finditer(text)}
    previous: _Date | None = None  # the last dated expression of this sentence
    previous_end = 0
    latest: _Date | None = None  # the last full day anywhere: what 当天 and 同年 mean
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
            found = _span_of_years(spans[start], previous, known)
            at = spans[start].end()
        else:
            planned = bool(
                PLAN.search(text, max(sentence, match.start() - 12), min(len(text), match.end() + 6))
            )
            far = previous is not None and not previous.month and match.start() - previous_end > YEAR_REACH
            found = _one(match, None if far else previous, latest, known, planned=planned)
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


def _span_of_years(match: re.Match[str], previous: _Date | None, known: _Known) -> _Found | None:
    span = Span(*match.span())
    if match["a"]:
        first, last = _Date(int(match["a"])), _Date(int(match["b"]))
        return _Found(span=span, first=first, last=last, relative=False) if first.year < last.year else None
    low, high = int(match["ma"]), int(match["mb"])
    if not 1 <= low < high <= 12:
        return None
    year = previous.year if previous else known.any_year
    if not year:
        return _Found(span=span, first=None, last=None, relative=True)
    return _Found(span=span, first=_Date(year, low), last=_Date(year, high), relative=True)


def _one(
    match: re.Match[str], previous: _Date | None, latest: _Date | None, known: _Known, *, planned: bool
) -> _Found | None:
    base = known.day
    span = Span(*match.span())
    unresolved = _Found(span=span, first=None, last=None, relative=True)
    if match["open"]:
        return replace(unresolved, open=True)
    if match["iso"]:
        return _checked(span, _Date(int(match["iy"]), int(match["im"]), int(match["id"])), relative=False)
    if match["y"] or match["yc"] or match["ry"]:
        year = _year(match, previous or latest, known)
        if not year:
            return unresolved
        return _within_year(match, year, span)
    if match["m2"]:
        month, day = _number(match["m2"]), _number(match["d2"] or match["d2b"])
        if not 1 <= month <= 12:
            return None
        if previous is not None:
            return _checked(span, _Date(previous.year, month, day), relative=True)
        year = _implied_year(base, month, day, planned=planned) if base else known.year
        return _checked(span, _Date(year, month, day), relative=True) if year else unresolved
    if match["rm"]:
        return _relative_month(match, previous, base, span) or unresolved
    if match["rw"] or match["rd"]:
        day_of = _relative_day(match, latest, base)
        return _checked(span, day_of, relative=True) if day_of else unresolved
    return _bare_day(match, previous if base else previous or latest, base, span, planned=planned)


def _checked(span: Span, when: _Date, *, relative: bool) -> _Found | None:
    return _Found(span=span, first=when, last=when, relative=relative) if when.valid else None


def _year(match: re.Match[str], context: _Date | None, known: _Known) -> int:
    if match["y"]:
        return int(match["y"])
    if match["yc"]:
        return chinese_integer(match["yc"]) or 0
    word = match["ry"]
    if word in ("同年", "当年"):
        return context.year if context else 0
    if word in ("次年", "翌年"):
        return context.year + 1 if context else 0
    return known.any_year + RELATIVE_YEAR[word] if known.any_year else 0


def _within_year(match: re.Match[str], year: int, span: Span) -> _Found | None:
    relative = bool(match["ry"])
    if match["q"]:
        last_month = 3 * (int(match["q"]) if match["q"].isdecimal() else "一二三四".index(match["q"]) + 1)
        return _Found(
            span=span, first=_Date(year, last_month - 2), last=_Date(year, last_month), relative=relative
        )
    if match["half"]:
        first, last = (1, 6) if match["half"].startswith("上") else (7, 12)
        return _Found(span=span, first=_Date(year, first), last=_Date(year, last), relative=relative)
    month, day = _number(match["m1"] or match["m1b"]), _number(match["d1"] or match["d1b"])
    found = _checked(span, _Date(year, month, day), relative=relative) if month <= 12 else None
    return found or _checked(Span(span.start, match.start() + 5), _Date(year), relative=relative)


def _implied_year(base: date, month: int, day: int, *, planned: bool) -> int:
    """News leaves the year out for the year of publication and around the turn of the year."""
    try:
        same = date(base.year, month, day or 1)
    except ValueError:
        return base.year
    if (same - base).days > HALF_YEAR:
        return base.year - 1
    if planned and (base - same).days > HALF_YEAR:
        return base.year + 1
    return base.year


def _relative_month(
    match: re.Match[str], previous: _Date | None, base: date | None, span: Span
) -> _Found | None:
    word, day = match["rm"], _number(match["d3"])
    if word in ("当月", "次月"):
        if previous is None or not previous.month:
            return None
        year, month = previous.year, previous.month + (word == "次月")
    elif base is None:
        return None
    else:
        year, month = base.year, base.month + {"本": 0, "上": -1, "下": 1}[word[0]]
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return _checked(span, _Date(year, month, day), relative=True)


def _relative_day(match: re.Match[str], latest: _Date | None, base: date | None) -> _Date | None:
    if match["rd"] in ("当天", "当日"):
        return latest
    if base is None:
        return None
    if match["rw"]:
        monday = base - timedelta(days=base.weekday())
        weeks = {"上": -1, "本": 0, "这": 0, "下": 1}[match["rw"]]
        offset = 6 if match["wd"] in "日天" else "一二三四五六".index(match["wd"])
        day = monday + timedelta(days=7 * weeks + offset)
    else:
        word = match["rd"]
        shift = {"前天": -2, "前日": -2, "后天": 2}.get(word)
        day = base + timedelta(days=RELATIVE_DAY[word[0]] if shift is None else shift)
    return _Date(day.year, day.month, day.day)


def _bare_day(
    match: re.Match[str], previous: _Date | None, base: date | None, span: Span, *, planned: bool
) -> _Found | None:
    day = _number(match["d4"])
    if not 1 <= day <= 31:
        return None
    if previous is not None and previous.month:
        return _checked(span, _Date(previous.year, previous.month, day), relative=True)
    if base is None:
        return _Found(span=span, first=None, last=None, relative=True)
    year, month = base.year, base.month
    if day > base.day + 1 and not planned:  # a day later than the paper itself is one of the month before
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return _checked(span, _Date(year, month, day), relative=True)


def _joined(text: str, atoms: list[_Found]) -> Iterator[_Found]:
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
                    found = _Found(
                        span=Span(found.span.start, after.span.end),
                        first=found.first,
                        last=last,
                        relative=found.relative,
                    )
                    index += 1
        yield found


def _expression(text: str, found: _Found) -> TimeExpression:
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
