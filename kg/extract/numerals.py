"""Numbers as news writes them: 1.2, 1,200, 两千, 十五, 百, 3000万, 1.2万亿."""

from __future__ import annotations

import re
from decimal import Decimal

_DIGIT = {
    char: value
    for value, chars in enumerate(
        ("零〇○", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
    )
    for char in chars
}
_TEN = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIAD = {"万": 10**4, "亿": 10**8, "兆": 10**12}

ARABIC = r"\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
CHINESE = "[零〇○一壹二贰两三叁四肆五伍六陆七柒八捌九玖十拾百佰千仟]+"
SCALE = "(?:[十百千]?万亿|[十百千]?亿|[十百千]?万|[百千])"
_NUMBER = re.compile(rf"(?P<arabic>{ARABIC})?(?P<scale>{SCALE})?$")


def chinese_integer(text: str) -> int | None:
    """Return the value of a numeral in Chinese characters, 万 and 亿 included; None where it is none.

    >>> chinese_integer("两千零五十"), chinese_integer("十五"), chinese_integer("二〇二三"), chinese_integer("三亿五千万")
    (2050, 15, 2023, 350000000)
    """
    if not text:
        return None
    if all(char in _DIGIT for char in text):
        return int("".join(str(_DIGIT[char]) for char in text)) if len(text) != 2 else None
    total, section, digit = 0, 0, 0
    for char in text:
        if char in _DIGIT:
            digit = _DIGIT[char]
        elif char in _TEN:
            section += (digit or 1) * _TEN[char]
            digit = 0
        elif char in _MYRIAD:
            part = section + digit
            total = (total or 1) * _MYRIAD[char] if not part else total + part * _MYRIAD[char]
            section = digit = 0
        else:
            return None
    return total + section + digit


def decimal_of(text: str) -> Decimal | None:
    """Return the value of a number as news writes it; None where it is none.

    >>> decimal_of("1.2万亿"), decimal_of("3,000万"), decimal_of("两千万"), decimal_of("百亿")
    (Decimal('1200000000000'), Decimal('30000000'), Decimal('20000000'), Decimal('10000000000'))
    """
    found = _NUMBER.match(text)
    if found and found["arabic"]:
        value = Decimal(found["arabic"].replace(",", "").replace("，", ""))
        for char in found["scale"] or "":
            value *= _TEN.get(char) or _MYRIAD[char]
        return plain(value)
    whole = chinese_integer(text)
    return None if whole is None else Decimal(whole)


def plain(value: Decimal) -> Decimal:
    """Return `value` without trailing zeros behind the point and without an exponent."""
    value = value.normalize()
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value
