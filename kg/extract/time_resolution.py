"""What one atom of a date means, given what stands before it and when the article was published."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from kg.extract.numerals import chinese_integer
from kg.extract.time_patterns import HALF_YEAR, RELATIVE_DAY, RELATIVE_YEAR
from kg.model import Span

Granularity = Literal["day", "month", "year", "open"]


@dataclass(frozen=True, slots=True)
class PartialDate:
    """Year, month and day as far as they are known; 0 is unknown. `valid` says that the calendar has it."""

    year: int
    month: int = 0
    day: int = 0

    @property
    def valid(self) -> bool:
        """Whether the calendar has it."""
        if not self.month:
            return True
        try:
            date(self.year, self.month, self.day or 1)
        except ValueError:
            return False
        return True

    def iso(self) -> str:
        """Return it in ISO form, as far as it is known."""
        parts = [f"{self.year:04d}"]
        if self.month:
            parts.append(f"{self.month:02d}")
        if self.day:
            parts.append(f"{self.day:02d}")
        return "-".join(parts)

    @property
    def granularity(self) -> Granularity:
        """How much of it is known."""
        return "day" if self.day else "month" if self.month else "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What dates lean on: the day of publication, or only a year."""

    day: date | None
    year: int = 0

    @property
    def any_year(self) -> int:
        """The year that dates without one fall into; 0 if that is not known."""
        return self.day.year if self.day else self.year


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An atom with its first and last point (equal unless it is a quarter or a range)."""

    span: Span
    first: PartialDate | None
    last: PartialDate | None
    relative: bool
    open: bool = False


def _number(text: str | None) -> int:
    if not text:
        return 0
    text = text.rstrip("日号")
    return int(text) if text.isdecimal() else (chinese_integer(text) or 0)


def read_span(match: re.Match[str], previous: PartialDate | None, known: Known) -> Found | None:
    """Return a range of years or months that share one 年 or 月 (2023-2025年); None where it runs backwards."""
    span = Span(*match.span())
    if match["a"]:
        first, last = PartialDate(int(match["a"])), PartialDate(int(match["b"]))
        return Found(span=span, first=first, last=last, relative=False) if first.year < last.year else None
    low, high = int(match["ma"]), int(match["mb"])
    if not 1 <= low < high <= 12:
        return None
    year = previous.year if previous else known.any_year
    if not year:
        return Found(span=span, first=None, last=None, relative=True)
    return Found(span=span, first=PartialDate(year, low), last=PartialDate(year, high), relative=True)


def read_atom(
    match: re.Match[str],
    previous: PartialDate | None,
    latest: PartialDate | None,
    known: Known,
    *,
    planned: bool,
) -> Found | None:
    """Return what an atom of PATTERN means; None where it is no date after all.

    `previous` is the dated expression before it in the sentence, `latest` the last full day anywhere, `planned` says
    that the words around announce.
    """
    base = known.day
    span = Span(*match.span())
    unresolved = Found(span=span, first=None, last=None, relative=True)
    if match["open"]:
        return replace(unresolved, open=True)
    if match["iso"]:
        return _checked(
            span, PartialDate(int(match["iy"]), int(match["im"]), int(match["id"])), relative=False
        )
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
            return _checked(span, PartialDate(previous.year, month, day), relative=True)
        year = _implied_year(base, month, day, planned=planned) if base else known.year
        return _checked(span, PartialDate(year, month, day), relative=True) if year else unresolved
    if match["rm"]:
        return _relative_month(match, previous, base, span) or unresolved
    if match["rw"] or match["rd"]:
        day_of = _relative_day(match, latest, base)
        return _checked(span, day_of, relative=True) if day_of else unresolved
    return _bare_day(match, previous if base else previous or latest, base, span, planned=planned)


def _checked(span: Span, when: PartialDate, *, relative: bool) -> Found | None:
    return Found(span=span, first=when, last=when, relative=relative) if when.valid else None


def _year(match: re.Match[str], context: PartialDate | None, known: Known) -> int:
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


def _within_year(match: re.Match[str], year: int, span: Span) -> Found | None:
    relative = bool(match["ry"])
    if match["q"]:
        last_month = 3 * (int(match["q"]) if match["q"].isdecimal() else "一二三四".index(match["q"]) + 1)
        return Found(
            span=span,
            first=PartialDate(year, last_month - 2),
            last=PartialDate(year, last_month),
            relative=relative,
        )
    if match["half"]:
        first, last = (1, 6) if match["half"].startswith("上") else (7, 12)
        return Found(
            span=span, first=PartialDate(year, first), last=PartialDate(year, last), relative=relative
        )
    month, day = _number(match["m1"] or match["m1b"]), _number(match["d1"] or match["d1b"])
    found = _checked(span, PartialDate(year, month, day), relative=relative) if month <= 12 else None
    return found or _checked(Span(span.start, match.start() + 5), PartialDate(year), relative=relative)


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
    match: re.Match[str], previous: PartialDate | None, base: date | None, span: Span
) -> Found | None:
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
    return _checked(span, PartialDate(year, month, day), relative=True)


def _relative_day(match: re.Match[str], latest: PartialDate | None, base: date | None) -> PartialDate | None:
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
    return PartialDate(day.year, day.month, day.day)


def _bare_day(
    match: re.Match[str], previous: PartialDate | None, base: date | None, span: Span, *, planned: bool
) -> Found | None:
    day = _number(match["d4"])
    if not 1 <= day <= 31:
        return None
    if previous is not None and previous.month:
        return _checked(span, PartialDate(previous.year, previous.month, day), relative=True)
    if base is None:
        return Found(span=span, first=None, last=None, relative=True)
    year, month = base.year, base.month
    if day > base.day + 1 and not planned:  # a day later than the paper itself is one of the month before
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return _checked(span, PartialDate(year, month, day), relative=True)
