"""The year from which a source without a date of publication speaks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marked_documents import marked

from kg.extract.attributes import attributes_of
from kg.extract.time_anchor import year_anchor
from kg.extract.time_context import article_year, document_times


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("12月2日，2031青禾产业论坛在云州举行。", "2031"),
        ("白石县举办2031年渔业发展大会。", "2031"),
        ("2031年5月8日，蓝湖公司投产。", "2031"),
        ("2031年一季度，云州市外贸增长。", "2031"),
        ("2029青禾论坛曾在此举行。去年，白石港货运增长；2031年5月8日，双方签约。", "2031"),
        ("2031青禾\n论坛举行", "2031"),
    ],
)
def test_names_and_opening_dates_tell_the_year(text, year):
    """The latest year of a name, a quarter or the date of the opening; line breaks part no name."""
    assert year_anchor(text) == year


@pytest.mark.parametrize(
    "text",
    [
        "12月2日，论坛在云州举行。",
        "自2018年以来，产量增长。",
        "蓝湖公司成立于2016年7月8日。",
        "新规自2032年1月1日起施行，有效期至2035年12月31日。",
        "力争到2035年建成。",
        "共有2000多家企业、2030人参加。",
        "2022年，全市产值增长。",
    ],
)
def test_history_plans_and_counts_tell_none(text):
    """What began long ago or lies ahead is not the present; a bare year may be any; a number is no year."""
    assert year_anchor(text) == ""


def test_plans_do_not_move_the_year():
    """A rule that comes into force next year stands in an article of this year."""
    text = "2031青禾论坛举行。办法自2032年1月1日起试行，预计2040年前投入10亿元。"
    assert year_anchor(text) == "2031"


def test_an_article_takes_the_year_of_its_page():
    """One article names the year, the other one leans on it; a date of publication goes before it."""
    article = marked("12月2日，[青禾会议|Event]在云州举行。", published="")
    page = replace(article.source, text=article.source.text + "\n2031白石论坛昨日闭幕。")
    on_page = replace(article, source=page)
    assert (article_year(article), article_year(on_page)) == ("", "2031")
    assert attributes_of(article) == {}
    assert attributes_of(on_page) == {"e1": {"date": "2031-12-02"}}
    dated = replace(on_page, article=replace(article.article, published="2030-12-05"))
    assert [t.when.value for t in document_times(dated)] == ["2030-12-02"]


def test_a_month_of_publication_gives_its_year():
    """A paper that only tells its month still tells its year."""
    document = marked("12月2日，[青禾会议|Event]举行。", published="2031-12")
    assert attributes_of(document) == {"e1": {"date": "2031-12-02"}}


@given(st.text(alphabet="20319年月日至起施行青禾论坛，。以来前", max_size=60))
def test_the_year_is_one_of_the_text(text):
    """Nothing or four digits that the text holds."""
    year = year_anchor(text)
    assert year == "" or (len(year) == 4 and year in "".join(text.split()))
