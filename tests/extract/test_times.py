"""Expressions of time: what is found, what it resolves to, what is left alone."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.time_anchor import year_anchor
from kg.extract.times import find_times

PUBLISHED = "2023-12-19"
VALUE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?(/\d{4}(-\d\d(-\d\d)?)?)?")


def values(text: str, published: str = PUBLISHED, anchor: str = "") -> list[str]:
    return [t.when.value for t in find_times(text, published=published, anchor=anchor)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023年12月17日", ["2023-12-17"]),
        ("12月17日，双方签约", ["2023-12-17"]),
        ("会议17日闭幕", ["2023-12-17"]),
        ("７月２０日", ["2023-07-20"]),
        ("二〇二三年十二月十七日", ["2023-12-17"]),
        ("十二月十七日", ["2023-12-17"]),
        ("2023-07-31", ["2023-07-31"]),
        ("2023/7/31", ["2023-07-31"]),
        ("今年8月", ["2023-08"]),
        ("去年", ["2022"]),
        ("上月", ["2023-11"]),
        ("本月15日", ["2023-12-15"]),
        ("昨日", ["2023-12-18"]),
        ("上周五", ["2023-12-15"]),
        ("明年3月", ["2024-03"]),
        ("（7月31日）", ["2023-07-31"]),
        ("2019年5月签约，次年投产", ["2019-05", "2020"]),
        ("8月16日开幕，当日签约", ["2023-08-16", "2023-08-16"]),
    ],
)
def test_single_dates_are_resolved_against_the_publication(text, expected):
    """A date means what a reader of that day's paper takes it to mean."""
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12月2日至5日", ["2023-12-02/2023-12-05"]),
        ("12月2—5日", ["2023-12-02/2023-12-05"]),
        ("15至17日", ["2023-12-15/2023-12-17"]),
        ("2022年12月30日至2023年1月2日", ["2022-12-30/2023-01-02"]),
        ("2023-2025年", ["2023/2025"]),
        ("7月至9月", ["2023-07/2023-09"]),
        ("2023年第二季度", ["2023-04/2023-06"]),
        ("今年上半年", ["2023-01/2023-06"]),
    ],
)
def test_ranges_have_two_ends(text, expected):
    """A range is written with both its ends at one granularity."""
    assert values(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2023版",
        "2023年版",
        "电话0571-12345678",
        "3日内",
        "5日游",
        "每月15日",
        "12个月",
        "第10日",
        "9.5日",
        "2月30日",
    ],
)
def test_what_is_no_date_is_left_alone(text):
    """Editions, telephone numbers, durations and impossible days are not dates."""
    assert values(text) == []


def test_recent_days_stay_open():
    """日前 and 近日 are found but not guessed."""
    assert values("日前，两家签约；近日，又签一家") == ["", ""]


def test_the_year_around_new_year_follows_the_publication():
    """A December date in a January paper is last year's; an announced January date in December is next year's."""
    assert values("12月30日，双方签约", "2024-01-05") == ["2023-12-30"]
    assert values("大会将于1月5日举行") == ["2024-01-05"]
    assert values("1月5日，大会举行") == ["2023-01-05"]


def test_a_later_bare_day_belongs_to_the_month_before():
    """A paper of the 3rd that writes 28日 means last month, unless it announces."""
    assert values("28日，双方签约", "2023-08-03") == ["2023-07-28"]
    assert values("峰会定于28日开幕", "2023-08-03") == ["2023-08-28"]


def test_a_dateline_moves_today():
    """今天 behind a dateline is the day of the dateline, not of the paper."""
    assert values("本报云州8月10日电 今天，示范庭开庭", "2023-08-11") == ["2023-08-10", "2023-08-10"]


def test_without_publication_the_article_may_anchor_the_year():
    """Without any date of publication a year-less date stays open; an anchor gives its year, never its 昨天."""
    assert values("8月2日，展会开幕", "") == [""]
    assert values("8月2日，展会开幕", "", "2023") == ["2023-08-02"]
    assert values("昨天，展会开幕", "", "2023") == [""]
    assert year_anchor("8月2日，2023年第六次会议召开，规划到2035年") == "2023"
    assert year_anchor("自2018年以来，产量增长") == ""


ATOMS = [
    "2023年",
    "12月",
    "5日",
    "今年",
    "至",
    "—",
    "上月",
    "昨日",
    "第一季度",
    "日前",
    "3",
    "。",
    "，",
    "公司",
    "-",
    "/7/",
]


@given(
    st.lists(st.sampled_from(ATOMS), max_size=12).map("".join), st.dates(date(1990, 1, 1), date(2035, 12, 31))
)
def test_spans_slice_back_and_values_are_well_formed(text, published):
    """Whatever the text: spans are in order, give back their words, and values are ISO or open."""
    found = find_times(text, published=published.isoformat())
    end = 0
    for time in found:
        assert time.span.start >= end
        assert time.span.of(text) == time.when.text != ""
        assert time.when.value == "" or VALUE.fullmatch(time.when.value)
        end = time.span.end
        for part in filter(None, time.when.value.split("/")):
            date.fromisoformat((part + "-01-01")[:10])


@given(st.text(max_size=60))
def test_any_text_is_read(text):
    """No text makes the search fail."""
    for time in find_times(text, published="2023-12-19"):
        assert time.span.of(text) == time.when.text
