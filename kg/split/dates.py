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
_NAMED_SOURCE = re.compile(
    r"(?:来源|稿源)[:：]\s*([\u4e00-\u9fffA-Za-z]{2,8}?)(?=返回|流程|责任|编辑|记者|原标题|作者|客户端|频道|[^\u4e00-\u9fffA-Za-z]|$)"
)
_AGENCY = "新华社|新华网|中新社|中新网|中国新闻网|人民网|央视网|央广网|光明网|中国网|国际在线|财联社|中国台湾网|中国经济网"
_DATELINE = re.compile(
    rf"(?:(?P<agency>{_AGENCY})|^(?P<paper>[\u4e00-\u9fff]{{2,6}}(?:日报|晚报|时报|早报|商报|晨报|周报|导报|快报|都市报|消费者报|青年报)))"
    r"(?:客户端|记者)?(?:[\u4e00-\u9fff]{2,6})?(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日?(?:电|讯|消息)"
)
_OPENING, _CLOSING = 80, 60


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


def publisher_stated(lines: Sequence[str], *, rest: Sequence[str] = ()) -> str:
    """Return the paper, agency or site that one of these lines names as where the text comes from, or an empty text.

    `lines` open the text, where a line may be a masthead; of the `rest` only what a source or an account is called counts.
    """
    for line in lines:
        if found := _DATELINE.search("".join(line[:_OPENING].split())):
            return found["agency"] or found["paper"]
        if name := _named(line):
            return name
        solid = "".join(line.split())
        if len(line) <= _OPENING and _PUBLISHER.match(solid):
            return solid.strip("《》")
    return next((name for line in rest if (name := _named(line))), "")


def _named(line: str) -> str:
    """Return the source that a short line, or the end of a long one, names."""
    found = _NAMED_SOURCE.search(line if len(line) <= _OPENING else line[-_CLOSING:])
    account = _OWN_ACCOUNT.search(line) if len(line) <= _OPENING else None
    return found[1] if found else account[1] if account else ""
