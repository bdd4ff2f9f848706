"""The paper, agency or site that a text names as its own."""

from __future__ import annotations

import pytest

from kg.split.dates import publisher_stated


@pytest.mark.parametrize(
    ("lines", "publisher"),
    [
        (["白石日报"], "白石日报"),
        (["新港开通", "新华社云州8月18日电 新港今日开通。"], "新华社"),
        (["白石日报云州8月18日讯 新港今日开通。"], "白石日报"),
        (["来源：白石时报 责任编辑：林知远"], "白石时报"),
        (["新港今日开通。" * 20 + "来源：白石网返回首页"], "白石网"),
        (["官方微信:bsrb或白石日报"], "白石日报"),
        (["记者从新华社云州分社获悉，新港开通。"], ""),
        (["资料来源于多家公司的公开说明，未经审计。"], ""),
    ],
)
def test_the_publisher_is_what_a_text_says_of_itself(lines, publisher):
    """A masthead, a dateline, a source line or an account; no paper that is only spoken of."""
    assert publisher_stated(lines) == publisher


def test_far_from_the_opening_only_sources_and_accounts_count():
    """A line that is only a paper's name may be a headline there."""
    assert publisher_stated([], rest=["白石日报"]) == ""
    assert publisher_stated([], rest=["官方微信:bsrb或白石日报"]) == "白石日报"
