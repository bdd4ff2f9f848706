"""Sums of money and shares: value, currency, and the words that blur them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.amounts import find_amounts, find_shares
from kg.extract.numerals import chinese_integer


@pytest.mark.parametrize(
    ("text", "value", "currency", "modifier"),
    [
        ("2亿元", "200000000", "CNY", ""),
        ("超1.2亿元", "120000000", "CNY", "超"),
        ("逾35亿元人民币", "3500000000", "CNY", "逾"),
        ("数百亿元", "10000000000", "CNY", "数"),
        ("2亿美元", "200000000", "USD", ""),
        ("1.2万亿元", "1200000000000", "CNY", ""),
        ("63.54亿元", "6354000000", "CNY", ""),
        ("3000万欧元", "30000000", "EUR", ""),
        ("1,200万港元", "12000000", "HKD", ""),
        ("5亿至8亿元", "500000000", "CNY", "至800000000"),
        ("5-8亿元", "500000000", "CNY", "至800000000"),
        ("百亿元", "10000000000", "CNY", ""),
        ("两千万元", "20000000", "CNY", ""),
        ("十亿元", "1000000000", "CNY", ""),
        ("3000多万元", "30000000", "CNY", "多"),
        ("2400余万元", "24000000", "CNY", "余"),
        ("10万元左右", "100000", "CNY", "左右"),
        ("不少于6万元", "60000", "CNY", "不少于"),
    ],
)
def test_sums_have_a_decimal_a_currency_and_a_modifier(text, value, currency, modifier):
    """The value counts single units of the currency; the raw words are kept whole."""
    (found,) = find_amounts(f"项目投入{text}，明年建成")
    assert (found.amount.value, found.amount.currency, found.amount.modifier) == (value, currency, modifier)
    assert found.amount.text == text
    assert found.kind == "sum"


@pytest.mark.parametrize("text", ["每股5.2元", "5.2元/股"])
def test_prices_are_told_from_sums(text):
    """What one share costs is not what the deal costs."""
    assert [(a.amount.value, a.kind) for a in find_amounts(text)] == [("5.2", "price")]


@pytest.mark.parametrize("text", ["二元结构", "一元", "多元化发展", "元旦", "三单元", "公元"])
def test_other_uses_of_yuan_are_no_money(text):
    """元 alone says nothing about money."""
    assert find_amounts(text) == ()


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("持股51%", "51%", "51"),
        ("持有约30.5%股权", "约30.5%", "30.5"),
        ("占百分之三十", "百分之三十", "30"),
        ("占百分之十二点五", "百分之十二点五", "12.5"),
        ("收购其多数股权", "多数股权", ""),
        ("由其全资持有", "全资", "100"),
    ],
)
def test_shares_are_percent(text, words, value):
    """A share keeps its words; its value is percent."""
    assert [(s.text, s.value) for s in find_shares(text)] == [(words, value)]


def test_stock_quotes_in_brackets_are_no_shares():
    """(3.52, 0.01, 0.28%) behind a company is its price of the day."""
    assert [s.text for s in find_shares("蓝湖公司(3.520,0.01,0.28%)的股东持股0.53%")] == ["0.53%"]


@given(st.decimals("0.01", "99999", places=2), st.sampled_from([("元", 1), ("万元", 10**4), ("亿元", 10**8)]))
def test_multipliers_multiply(number, scale):
    """Number and scale word give their product, without an exponent and without trailing zeros."""
    unit, factor = scale
    (found,) = find_amounts(f"投资{number}{unit}")
    assert Decimal(found.amount.value) == number * factor
    assert "E" not in found.amount.value


@given(st.integers(1, 9), st.integers(0, 9))
def test_chinese_tens(ten, one):
    """二十三 is 23, 十 is 10."""
    digits = "零一二三四五六七八九"
    word = ("" if ten == 1 else digits[ten]) + "十" + (digits[one] if one else "")
    assert chinese_integer(word) == 10 * ten + one


@given(st.text(max_size=60))
def test_spans_of_sums_and_shares_slice_back(text):
    """Whatever the text, a span gives back the words that were reported."""
    for amount in find_amounts(text):
        assert amount.span.of(text) == amount.amount.text
        Decimal(amount.amount.value)
    for share in find_shares(text):
        assert share.span.of(text) == share.text
