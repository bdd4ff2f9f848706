"""Who reports a fact: 据新华社报道, 林知远表示, 公告显示."""

from __future__ import annotations

import re

from kg.model import Reading, Span

_WHO = r"[一-鿿A-Za-z0-9·（）()“”《》]{2,24}?"
_ACCORDING = re.compile(
    rf"(?:据|根据|援引|引述)(?P<who>{_WHO})(?:的)?(?:报道|消息|通报|公告|介绍|披露|透露|统计|数据|发布的?|公布的?|表示|称|记者|报告)"
)
_SAYING = re.compile(
    rf"(?:^|[，。；：“”])(?P<who>{_WHO})(?:\d{{1,2}}日)?(?:在[^，。；]{{2,16}}(?:上|中|时))?"
    r"(?:表示|称|介绍说?|透露|指出|告诉[^，。]{0,12}记者|说|认为|宣布|强调|坦言|通报)(?:[，：,:]|$)"
)
_PAPERS = "公告|年报|报告|通报|通知|文件|数据|财报|招股书|公示|信息"
_DOCUMENT = re.compile(rf"(?:^|[，。；])(?P<who>{_WHO}(?:{_PAPERS}))(?:显示|称|指出|披露)")
_EMPTY = frozenset(
    ["悉", "了解", "介绍", "统计", "报道", "记者", "本报", "他", "她", "其", "数据", "不完全统计", "公开资料"]
)
_VAGUE = re.compile(
    "^(?:他|她|它|这|那|有(?!限)|也|总的|换句话|大家|其|该|此|本|双方|记者|会议|历史数据|公开)"
)
_LEAD = re.compile("^(?:对此|同时|此外|另外|其中|近日|日前|昨日|今日|随后|当日|目前|会上)[，]?")
_ADVERB = re.compile(
    "(?:还|也|曾|则|均|都|在|近日|日前|此前|今日|昨日|当天|明确|公开|进一步|再次|纷纷|补充|发表讲话|接受[^，]{0,12}采访时?)+$"
)


def attribution_of(reading: Reading, clause: Span) -> str | None:
    """Return who is said to report what `clause` (over ``reading.text``) states, or None where the article itself does.

    Looked at is the sentence of the clause; what is quoted in it belongs to its speaker.

    >>> from kg.model import Reading, Span
    >>> text = "林知远表示，蓝湖公司已签约。"
    >>> reading = Reading(text=text, offsets=tuple(range(14)), gaps=frozenset(), sentences=(Span(0, 14),),
    ...                   roles=("body",), paragraphs=(0,))
    >>> attribution_of(reading, Span(6, 13))
    '林知远'
    """
    sentence = next((s for s in reading.sentences if s.start <= clause.start < s.end), clause)
    words = sentence.of(reading.text)
    until = clause.start - sentence.start
    for pattern in (_ACCORDING, _DOCUMENT, _SAYING):
        for match in pattern.finditer(words):
            who = _ADVERB.sub("", _LEAD.sub("", match["who"])).strip("“”，")
            inside = match.start() <= until or match.end() <= until or match.start("who") <= until
            if inside and len(who) >= 2 and who not in _EMPTY and not _VAGUE.match(who):
                return who
    return None
