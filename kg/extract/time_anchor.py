"""The year that a text without a date of publication speaks from.

A page or an article that does not say when it was published mostly still tells its year: in the names of what it
reports (2023年…论坛), in 2023年一季度, in the full date of its opening. Years beside them tell less: most are history
(2016年以来), and what lies ahead (自2024年1月1日起施行, 到2030年) tells nothing. So the anchor needs a telling year, and is
the latest one that is over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.extract.times import TimeExpression, find_times

_OPENING = 250
_CLAUSE = 40
_YEAR = "(?:19|20)[0-9]{2}"
_COUNTED = "[多余个家名人位项万亿千百元台套件吨米公平亩户所只辆次场条年版款型级号股份点字卷册座种页分时]"
_HAPPENING = (
    "(?:(?<!股东)大会|会议|年会|峰会|论坛|博览会|展览会|交易会|对接会|推介会|研讨会|发布会|洽谈会|推进会|座谈会|双创周|活动周|宣传周|文化节"
    "|艺术节|旅游节|购物节|大赛|竞赛|联赛|锦标赛|马拉松|世界杯|仪式|嘉年华|训练营|年度人物|活动|[观购旅文美艺啤读音电][\u4e00-\u9fff]{0,3}节)"
)
_NAMED = re.compile(
    rf"(?<![\d.\-—~～:：/+])(?P<year>{_YEAR})"
    rf"(?:年度?(?=[\u4e00-\u9fffA-Za-z“”·（(—\-]{{1,30}}{_HAPPENING})|(?!{_COUNTED})(?=[\u4e00-\u9fffA-Za-z“（(]))"
)
_CLAUSE_END = re.compile(r"[，,。；;！？!?：:]")
_AHEAD = re.compile(
    "预计|预期|预测|力争|争取|目标|规划(?!局|和|院)|展望|计划|拟|将(?!军|近)|定于|需|有望|确保|有效期|届满|到期|截止"
    "|起(?:正式)?(?:试行|施行|实施|执行|生效|适用|启用)|(?:年|月|日)(?:底|末)?(?:之?前|以后|之后)"
)
_HISTORY = re.compile(
    "以来|自|曾|成立|创办|创立|创建|建立|组建|始于|首次|此前|上一|继|历史|从|当时|早在|先后|那年|注册|出生|入选|批准"
)
_UNTIL = re.compile("(?<!截)(?:到|至|于|—|－|-|~|～)$")
_FROM = re.compile("^(?:至|到|—|－|-|~|～)")
_PART = re.compile("季度|半年")


def year_anchor(text: str) -> str:
    """Return the year that `text` (a whole source) speaks from, four digits, or an empty text where none is told.

    >>> year_anchor("12月2日，2023海洋经济论坛举行。新规自2024年1月1日起施行，到2025年建成")
    '2023'
    >>> year_anchor("公司2016年7月创办以来，产量增长")
    ''
    """
    solid = "".join(text.split())
    telling = list(_named(solid))
    beside: list[str] = []
    for time in find_times(solid, published=""):
        if not time.when.value or time.relative or _lies_ahead(solid, *time.span):
            continue
        year = time.when.value.rpartition("/")[2][:4]
        if _tells(solid, time):
            telling.append(year)
        elif time.granularity != "year":
            beside.append(year)
    return max(telling + beside) if telling else ""


def _named(text: str) -> Iterator[str]:
    for match in _NAMED.finditer(text):
        if not _UNTIL.search(text[: match.start()][-2:]):
            yield match["year"]


def _tells(text: str, time: TimeExpression) -> bool:
    """Return whether a date is one of the present of a report: a quarter, a full day in the opening."""
    first, last = _clause(text, *time.span)
    if _HISTORY.search(text, first, last):
        return False
    opening = time.granularity == "day" and time.span.start < _OPENING
    return opening or _PART.search(time.when.text) is not None


def _lies_ahead(text: str, start: int, end: int) -> bool:
    first, last = _clause(text, start, end)
    if _UNTIL.search(text[first:start]) or _FROM.match(text[end:last]):
        return True
    return _AHEAD.search(text[first:start] + text[end - 1 : last]) is not None


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the bounds of the clause around a date, at most some words to either side."""
    low = max(0, start - _CLAUSE)
    first = max((match.end() for match in _CLAUSE_END.finditer(text, low, start)), default=low)
    stop = _CLAUSE_END.search(text, end, min(len(text), end + _CLAUSE))
    return first, stop.start() if stop else min(len(text), end + _CLAUSE)
