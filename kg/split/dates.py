"""The date and the publisher that a page or an article states about itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})(?!\d)\s*日?")
_ABOUT_ITSELF = re.compile(
    r"星期[一二三四五六日天]|周[一二三四五六日](?!年)|农历|责任?编辑|编辑|版|总?第?\d+期|来源|发布时间|发表时间|更新时间|字号|记者|\d{1,2}:\d\d"
)
_PUBLISHER = re.compile(
    r"^[\u4e00-\u9fff《》]{2,12}(?:日报|晚报|时报|早报|商报|晨报|周报|导报|快报|都市报|周刊|报)$"
)
_OWN_ACCOUNT = re.compile(
    r"(?:微信|微博|公众号).{0,20}?(?:[:：或、 ]|^)([\u4e00-\u9fff]{2,8}(?:日报|晚报|时报|早报|商报|晨报|周报|导报|快报))"
)
_NAMED_SOURCE = re.compile(r"来源[:：]\s*([\u4e00-\u9fffA-Za-z]{2,20})")


def date_stated(lines: Sequence[str]) -> str:
    """Return the day that one of these short lines states as its own, as an ISO date, or an empty text.

    A line of prose that mentions a day states nothing about the text; a line that consists of the date, or that stands in
    a masthead with a weekday, page, editor or source, does.
    """
    for line in lines:
        if len(line) > 80:
            continue
        for found in _DAY.finditer(line):
            rest = line[: found.start()] + line[found.end() :]
            if (
                not rest.strip(" \t\u3000()（）[]【】|｜,，") or _ABOUT_ITSELF.search(rest)
            ) and not re.search("[。，]", rest):
                try:
                    return date(*map(int, found.groups())).isoformat()
                except ValueError:
                    continue
    return ""


def publisher_stated(lines: Sequence[str]) -> str:
    """Return the paper or site that one of these lines names as where the text comes from, or an empty text."""
    for line in lines:
        if len(line) > 80:
            continue
        if found := _NAMED_SOURCE.search(line) or _OWN_ACCOUNT.search(line):
            return found[1]
        solid = "".join(line.split())
        if _PUBLISHER.match(solid):
            return solid.strip("《》")
    return ""
