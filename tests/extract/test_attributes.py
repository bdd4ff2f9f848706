"""Attributes: dates of events, amounts of projects and funds."""

from __future__ import annotations

import pytest
from marked_documents import marked

from kg.extract.attributes import attributes_of

E = "[青禾产业大会|Event]"
P = "[白石产业园项目|Project]"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        (f"12月16日，{E}在云州举行。", "2023-12-16"),
        (f"{E}15日在云州举行。", "2023-12-15"),
        (f"12月2日至5日，{E}举办。", "2023-12-02/2023-12-05"),
        (f"{E}将于明年3月举办。", "2024-03"),
        (f"云州12月18日电 {E}17日闭幕。", "2023-12-17"),
        ("[2021青禾产业大会|Event]上，他曾获奖。", "2021"),
        ("[11月8日青禾会议|Event]之后，双方签约。", "2023-11-08"),
        (f"{E}日前在云州举行。", "2023-12"),
        (f"12月16日，{E}开幕。大会为期三天。", "2023-12-16/2023-12-18"),
        (f"12月16日，为期两天的{E}开幕。", "2023-12-16/2023-12-17"),
        (f"12月16日，{E}开幕，为期五天的展览同时举办。", "2023-12-16"),
    ],
)
def test_events_are_dated(text, date):
    """The date of the sentence that says that the event takes place, or the one in its name."""
    assert attributes_of(marked(text)) == {"e1": {"date": date}}


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        (f"{P}总投资约63.5亿元，明年建成。", "约63.5亿元"),
        (f"总投资50亿元的{P}开工。", "50亿元"),
        (f"{P}开工。该项目计划总投资8亿元。", "8亿元"),
        ("[青禾产业基金|Organization]规模10亿元。", "10亿元"),
        ("[云州百亿产业基金|Organization]揭牌。", "百亿"),
        (f"投资63亿元的{P}开工，占地总投资的一成为2亿元。", "63亿元"),
        (f"公司拟投资9亿元在白石县建设{P}，二期总投资3亿元。", "9亿元"),
        (f"{P}动工，线路长度\n5公里，总投资7亿元。", "7亿元"),
        ("[青禾数据中心|Organization]落户云州，总投资约25亿元。", "约25亿元"),
    ],
)
def test_projects_and_funds_have_their_sum(text, amount):
    """What is called an investment or a size, as written."""
    assert attributes_of(marked(text)) == {"e1": {"amount": amount}}


@pytest.mark.parametrize(
    "text",
    [
        "[青禾数据中心|Organization]启用，[蓝湖公司|Organization]另有项目总投资6亿元。",
        f"{P}开工，去年产值3亿元。",
        "[蓝湖公司|Organization]投资3亿元。",
        "[云州市|Place]开会。",
    ],
)
def test_other_sums_and_other_kinds_have_none(text):
    """A turnover is no investment; a company is no fund."""
    assert attributes_of(marked(text)) == {}


def test_sums_are_shared_out_in_the_order_of_their_projects():
    """甲项目、乙项目 … 分别为: each its own."""
    text = f"资金用于{P}、[青禾码头项目|Project]，投资分别为2亿元、5亿元。"
    assert attributes_of(marked(text)) == {"e1": {"amount": "2亿元"}, "e2": {"amount": "5亿元"}}
