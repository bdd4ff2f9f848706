"""What stands on a page without belonging to an article: mastheads, running heads, addresses, page numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from kg.split.credits import is_byline, is_caption
from kg.split.lines import Line

_FURNITURE = re.compile(
    r"邮发代号|国内统一|连续出版物号|CN\d\d[-—]\d{4}|ISSN|热线[:：]?\d|新闻热线|官方微[信博]|微信公众号[:：]|数字报|网址|https?:|www\.|"
    r"总?第\d{2,6}期|农历|今日\d+版|出版[:：]|^(?:社址|地址|电话|邮编|传真|邮箱|电子信箱|印刷|零售价?|定价)[:：]?|"
    r"(?:责任?编|编辑|版式|美编|校对|责任编辑|值班[\u4e00-\u9fff]{0,4}|组版)[:：]|主管主办|主管单位"
)
_DATE = re.compile(r"(?:19|20)\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日")
_WEEKDAY = re.compile(r"星期[一二三四五六日天]")
_NUMBER = re.compile(r"^[-—–·.]*第?[A-Z]?\d{1,3}[A-Za-z]{0,2}版?[-—–·.]*$")
_SECTION = re.compile(
    r"^(?:【[\u4e00-\u9fff·]{2,6}】|[A-Z]?\d{1,2}版?[\u4e00-\u9fff]{2,4}|(?:要闻|综合|国内|国际|经济|科技|副刊|广告|时评|头版)版?)$"
)
_LATIN_ONLY = re.compile(r"^[A-Za-z&.\-:'|/ ]{6,}$")
_SPACED = re.compile(r"^(?:[\u4e00-\u9fff][ \u3000]+){4,}[\u4e00-\u9fff]$")
_PAPER = re.compile(r"^[\u4e00-\u9fff]{2,8}(?:日报|晚报|时报|早报|商报|晨报|周报|导报|快报)$")
_HEAD_LINES = 14


def furniture_of(lines: Sequence[Line]) -> frozenset[int]:
    """Return the numbers of the lines that belong to the page and not to an article."""
    counts = Counter(line.solid for line in lines if line.width <= 30)
    marks = {k for k, line in enumerate(lines) if _is_furniture(line)}
    marks |= {k for k, line in enumerate(lines) if counts[line.solid] > 1 and _is_running_head(line)}
    found = set(marks)
    for k, line in enumerate(lines):  # slogans stand alone between the lines of a masthead
        near = sum(other in marks for other in range(k - 3, k + 4) if other != k)
        alone = line.blank and (k + 1 == len(lines) or lines[k + 1].blank)
        if k in marks or not alone or line.ends_sentence or line.width > 14:
            continue
        below = any(other in marks for other in range(k + 1, k + 3))
        if near >= 2 and (below or _SPACED.match(line.text) or len(line.solid) <= 8):
            found.add(k)
    return frozenset(found)


def _is_running_head(line: Line) -> bool:
    """Return whether a line that stands on the page more than once may be a running head."""
    if not 4 <= len(line.solid) <= 16 or line.ends_sentence or not line.blank:
        return False
    return not is_byline(line.solid) and not is_caption(line.solid)


def _is_furniture(line: Line) -> bool:
    solid = line.solid
    if line.width > 45 or "。" in solid or "，" in solid:
        return False
    if _NUMBER.match(solid) or _SECTION.match(solid) or _PAPER.match(solid):
        return not solid.isdigit() or len(solid) < 4
    if _FURNITURE.search(solid) or _LATIN_ONLY.match(line.text):
        return True
    return bool(_DATE.search(line.text) and (_WEEKDAY.search(solid) or line.width <= 12))
