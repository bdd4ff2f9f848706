"""Sums of money, prices and shares, with their value and the words that make them less than exact."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal

from kg.extract.numerals import ARABIC, CHINESE, SCALE, chinese_integer, decimal_of, plain
from kg.model import Amount, Span
from kg.resources import lexicon_rows

_BEFORE = (
    "约合|大约|约|超过|超出|超|逾|近|将近|接近|不低于|不少于|不超过|不高于|至少|最高|最低"
    "|达到|高达|多达|上限为?|达|共计?|总计"
)
_VAGUE_BEFORE = "数|几|上|好几|若干"
_AFTER = "多|余|几|来"
_NUM = rf"(?:(?:{ARABIC})(?:{_AFTER})?(?:{SCALE})?|(?:{CHINESE})(?:{_AFTER})?(?:{SCALE})?)"
_RANGE = r"(?:元)?(?:至|到|[-—–~～]+)"
_BOUNDING = frozenset(_BEFORE.split("|")[:16])


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountExpression:
    """A sum of money; `span` covers its modifier (约2亿元, 2亿元左右); a price is per share or per piece."""

    span: Span
    amount: Amount
    kind: Literal["sum", "price"] = "sum"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareExpression:
    """A part of a whole; `value` is percent as a canonical decimal, empty for 多数股权 and the like."""

    span: Span
    text: str
    value: str


@cache
def _currencies() -> dict[str, str]:
    return {row[0]: row[1] for row in lexicon_rows("currencies")}


@cache
def _money() -> re.Pattern[str]:
    units = "|".join(sorted(map(re.escape, _currencies()), key=lambda word: (-len(word), word)))
    return re.compile(
        rf"(?P<before>{_BEFORE})?(?P<rmb>人民币|RMB|￥|¥)?(?P<dollar>US\$|\$)?"
        rf"(?:(?<!\d)(?P<low>{_NUM}){_RANGE})?"
        rf"(?P<number>(?:(?<![\d.])(?:{_NUM})|(?:{_VAGUE_BEFORE})(?:{SCALE})|(?<=[近超逾约过])(?:[千百]?万|亿)))"
        rf"(?P<unit>{units})(?P<tail>人民币)?(?P<after>左右|以上|以下|上下)?(?P<per>/股|/份|每股|/张|/吨)?"
    )


_COMPOUND = frozenset("化旦件素宵首老帅勋宝")  # 二元化, 元旦: not money
_PER = re.compile(r"(?:每股|每份|每张|每吨|每件|每ADS|单价|股价为?)[^，。]{0,4}$")
_SHARE = re.compile(
    rf"(?P<before>约|超过|超|逾|近|不低于|不超过)?(?:(?<![\d.,，-])(?P<number>\d+(?:\.\d+)?)[%％](?!以[上下])|百分之(?P<words>{CHINESE}(?:点{CHINESE})?))"
    r"|(?P<words_only>多数股权|少数股权|全部股权|全资(?=持有|持股|控股|收购|拥有|子公司|附属|公司))"
)


def find_amounts(text: str) -> tuple[AmountExpression, ...]:
    """Return the sums of money in `text`, in order, without overlap.

    Of a range the value is its lower end; `modifier` then reads 至 and the upper end in the same units.

    >>> [(a.amount.value, a.amount.currency, a.amount.modifier) for a in find_amounts("总投资超1.2亿元")]
    [('120000000', 'CNY', '超')]
    """
    return tuple(found for match in _money().finditer(text) if (found := _amount(text, match)))


def _amount(text: str, match: re.Match[str]) -> AmountExpression | None:
    number, unit = match["number"], match["unit"]
    if unit == "元" and (
        re.fullmatch("[一二两三四五六七八九]", number) or text[match.end() : match.end() + 1] in _COMPOUND
    ):
        return None
    value, vague = _value(number)
    if value is None:
        return None
    currency = "USD" if match["dollar"] else _currencies()[unit]
    modifier = match["before"] if match["before"] in _BOUNDING else ""
    modifier = modifier or vague or match["after"] or ""
    if match["low"]:
        low, _ = _value(match["low"])
        if (
            low is not None
            and low * _scale_of(number) <= value
            and not re.search("[十百千万亿]", match["low"])
        ):
            low *= _scale_of(number)
        if low is not None and low < value:
            value, modifier = low, f"至{_plain(value)}"
    start = match.start() if modifier == match["before"] else match.end("before")
    start = match.start() if start < 0 else start
    price = bool(match["per"]) or bool(_PER.search(text, max(0, match.start() - 10), match.start()))
    span = Span(start, match.end("per") if match["per"] else match.end())
    return AmountExpression(
        span=span,
        amount=Amount(value=_plain(value), currency=currency, text=span.of(text), modifier=modifier),
        kind="price" if price else "sum",
    )


def _value(number: str) -> tuple[Decimal | None, str]:
    """Return the value of `number` and the word in it that blurs it (数百亿 → 100亿, 数)."""
    found = re.match(rf"(?:{_VAGUE_BEFORE})(?={SCALE})", number)
    if found:
        return decimal_of(number[found.end() :]), found[0]
    inner = re.match(rf"(.+?)({_AFTER})((?:{SCALE})?)$", number)
    if inner:
        return decimal_of(inner[1] + inner[3]), inner[2]
    return decimal_of(number), ""


def _scale_of(number: str) -> Decimal:
    scale = re.search(rf"{SCALE}$", number)
    value = decimal_of("1" + scale[0]) if scale else None
    return value or Decimal(1)


def _plain(value: Decimal) -> str:
    return f"{plain(value):f}"


def find_shares(text: str) -> tuple[ShareExpression, ...]:
    """Return percentages and 多数股权, 全资 in `text`, in order.

    >>> [(s.text, s.value) for s in find_shares("持有约30.5%股权，余下百分之三十归员工")]
    [('约30.5%', '30.5'), ('百分之三十', '30')]
    """
    shares = []
    for match in _SHARE.finditer(text):
        value = ""
        if match["number"]:
            value = _plain(Decimal(match["number"]))
        elif match["words"]:
            whole, _, fraction = match["words"].partition("点")
            parsed = chinese_integer(whole)
            digits = "".join(str(chinese_integer(char)) for char in fraction)
            value = "" if parsed is None else f"{parsed}.{digits}" if digits else str(parsed)
        elif match["words_only"] == "全资":
            value = "100"
        shares.append(ShareExpression(span=Span(*match.span()), text=match[0], value=value))
    return tuple(shares)
