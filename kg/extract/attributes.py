"""Attributes of entities: when an event takes place, how much a project or a fund comes to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from kg.extract.amounts import AmountExpression
from kg.extract.numerals import chinese_integer
from kg.extract.qualifiers import document_amounts
from kg.extract.time_context import date_in, free_times, lead_date
from kg.extract.times import find_times
from kg.model import Document, Entity, Span

_DATED = frozenset({"Event"})
_SUMMED = frozenset({"Project", "Programme", "Organization", "Place"})
_HELD = re.compile(
    "举行|举办|召开|开幕|启幕|开赛|开营|闭幕|落幕|启动(?!报名|售票|招募)|开展|拉开帷幕|进行|揭幕|开讲|开工|揭牌|举行了|收官|亮相|上演|圆满结束|顺利举行"
)
_BUILT = re.compile(
    "(?:总部|中心|基地|产业园|科技园|园区|工厂|医院|研究院|实验室|电站|水厂|数字港|科创城|大厦|综合体|校区|枢纽|码头|超级工厂)$"
)
_TO_BUILD = re.compile("总投资|投资总额|项目投资|计划投资|总造价")
_GOVERNED = re.compile(
    "(?:的[^，。；]{0,16}|(?:在[^，。；]{1,24}?)?(?:投资)?(?:建设|新建|兴建|打造|修建|扩建|改造)[^，。；]{0,8})$"
)
_TOTAL = re.compile("总投资|投资|总金额|造价|规模|总额|合同额|耗资|斥资|资金|募集|价值|拨款|投入|财政支持")
_SAME = re.compile("据悉|据了解|该|本|其|项目|总投资|计划|工程|基金|一期")
_NEXT = 2
_FUND = re.compile("基金|资金|计划|专项")
_IN_NAME = re.compile(
    r"(?:\d+(?:\.\d+)?|[一二三五两几]?[十百千])(?:亿|万亿)?(?:元|美元|欧元)?(?=级?[^\d，。]{0,10}基金)"
)
_TOPIC = 12
_AFTERWARDS = 40  # characters behind the sentence of an event in which its length is told
_FINAL = frozenset("。！？；!?;”）)")
_LASTS = re.compile(r"(?:为期|历时|持续)(?P<days>\d{1,2}|[一二两三四五六七八九十]{1,2})(?:天|日)")
_NAMED_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:年|(?!\d))")


def attributes_of(document: Document) -> dict[str, dict[str, str]]:
    """Return ``{entity id: {"date": …}}`` for events and ``{"amount": …}`` for projects and funds that have one.

    Dates are ISO (a day, a month, a year, or two of them joined by ``/``), amounts are written as in the text.
    """
    spans: dict[str, list[Span]] = {entity.id: [] for entity in document.entities}
    for mention, entity_id in zip(document.mentions, document.links, strict=True):
        spans.setdefault(entity_id, []).append(mention.span)
    found: dict[str, dict[str, str]] = {}
    for entity in document.entities:
        own: dict[str, str] = {}
        if entity.type in _DATED:
            day = _event_date(document, (entity.name, *entity.aliases), spans[entity.id])
            if day:
                own["date"] = day
        elif entity.type in _SUMMED:
            amount = _sum_of(document, entity, spans[entity.id])
            if amount:
                own["amount"] = amount
        if own:
            found[entity.id] = own
    return found


def _event_date(document: Document, names: Sequence[str], mentions: Sequence[Span]) -> str:
    """Return the date of the first sentence that says that the event takes place, else of the first that dates it."""
    text, reading = document.reading.text, document.reading
    for time in find_times(names[0], published=document.article.published):
        if time.granularity == "day" and time.when.value:
            return time.when.value
    named = next((match[1] for name in names for match in [_NAMED_YEAR.search(name)] if match), "")
    fallback = ""
    for span in mentions:
        sentence = next((s for s in reading.sentences if s.start <= span.start < s.end), None)
        if sentence is None:
            continue
        held = _HELD.search(text, span.end, min(sentence.end, span.end + 40))
        own = [
            t for t in free_times(document) if held and span.end <= t.span.start and t.span.end <= held.end()
        ]
        when = (
            own[0]
            if own
            else date_in(document, Span(sentence.start, held.end() if held else sentence.end), span.start)
        )
        if when is None or not when.when.value.startswith(named):
            continue
        if held:
            return _lasting(text, sentence, span, when.when.value)
        if not fallback and (when.granularity != "year" or when.span.end <= span.start):
            fallback = when.when.value
    if fallback:
        return fallback
    lead = lead_date(document) if mentions else ""
    return lead if lead and lead.startswith(named) else named


def _lasting(text: str, sentence: Span, event: Span, day: str) -> str:
    """Return a day as the first of several where the text says how long it goes on: 为期三天."""
    found = _LASTS.search(text, sentence.start, min(len(text), sentence.end + _AFTERWARDS))
    if found is None or len(day) != len("2023-08-16"):
        return day
    leads = text.startswith(
        "的", found.end()
    )  # 为期三天的甲展会: what stands behind lasts, else what stands before
    if leads != (found.end() < event.start <= found.end() + _TOPIC):
        return day
    days = int(found["days"]) if found["days"].isdecimal() else chinese_integer(found["days"]) or 1
    last = date.fromisoformat(day) + timedelta(days=max(0, days - 1))
    return f"{day}/{last.isoformat()}" if days > 1 else day


def _sum_of(document: Document, entity: Entity, mentions: Sequence[Span]) -> str:
    """Return what a project or a fund comes to, or what it costs to build a centre, a plant, a seat."""
    if entity.type == "Project" or (entity.type != "Place" and _FUND.search(entity.name)):
        named = _IN_NAME.search(entity.name) if entity.type == "Organization" else None
        return _amount_of(document, mentions) or (named[0] if named else "")
    return _building_sum(document, mentions) if _BUILT.search(entity.name) else ""


def _amount_of(document: Document, mentions: Sequence[Span]) -> str:
    """Return the sum that a sentence of the project, or the next one (该项目总投资…), calls its investment or size."""
    text, sentences = document.reading.text, document.reading.sentences
    for span in mentions:
        index = next((k for k, s in enumerate(sentences) if s.start <= span.start < s.end), None)
        if index is None:
            continue
        whole = _whole(document, index)
        own = _totals(document, whole)
        told = _governing(text, own, span) or _shared_out(document, whole, span)
        if told:
            return told
        behind = [a for a in own if a.span.start > span.end] or own
        if behind:
            return _nearest(behind, span).amount.text
        for after in sentences[index + 1 : index + 1 + _NEXT]:
            if _other_project(document, after, mentions):
                break
            if _SAME.match(after.of(text)) and (sums := _totals(document, after)):
                return sums[0].amount.text
    return ""


def _building_sum(document: Document, mentions: Sequence[Span]) -> str:
    """Return the total investment of what is built, where no other project or body stands nearer to it."""
    text, sentences = document.reading.text, document.reading.sentences
    for span in mentions:
        index = next((k for k, s in enumerate(sentences) if s.start <= span.start < s.end), None)
        if index is None:
            continue
        whole = _whole(document, index)
        sums = [
            a
            for a in _totals(document, whole)
            if _TO_BUILD.search(text, max(0, a.span.start - 8), a.span.start)
        ]
        if told := _governing(text, sums, span):
            return told
        for found in sums:
            rivals = [
                m.span
                for m in document.mentions
                if m.type in ("Project", "Organization") and span.end <= m.span.start < found.span.start
            ]
            if found.span.start > span.end and not rivals:
                return found.amount.text
        for after in sentences[index + 1 : index + 1 + _NEXT] if span.start - whole.start <= _TOPIC else ():
            if re.match("(?:该|本)?项目", after.of(text)) and (told_next := _totals(document, after)):
                return told_next[0].amount.text
    return ""


def _whole(document: Document, index: int) -> Span:
    """Return a sentence with what goes on behind it where its passage ends without a full stop."""
    reading = document.reading
    first = last = reading.sentences[index]
    while (
        reading.text[last.end - 1] not in _FINAL
        and (reading.roles[index] == "body" or "，" in last.of(reading.text))
        and index + 1 < len(reading.sentences)
        and reading.roles[index + 1] == "body"
    ):
        index += 1
        last = reading.sentences[index]
    return Span(first.start, last.end)


def _governing(text: str, sums: Sequence[AmountExpression], span: Span) -> str:
    """Return the sum that stands before a project as its attribute or object: 投资6亿元的甲项目, 投资6亿元建设甲项目."""
    before = [a for a in sums if a.span.end <= span.start]
    if before and _GOVERNED.fullmatch(text, before[-1].span.end, span.start):
        return before[-1].amount.text
    return ""


def _shared_out(document: Document, sentence: Span, span: Span) -> str:
    """Return the sum of one of several projects listed in the order of their sums: 甲项目、乙项目投资分别为6亿元、8亿元."""
    text = document.reading.text
    split = text.find("分别", sentence.start, sentence.end)
    if split < 0:
        return ""
    sums = [a for a in document_amounts(document) if split < a.span.start < sentence.end]
    row = [
        m.span for m in document.mentions if m.type == "Project" and sentence.start <= m.span.start < split
    ]
    return sums[row.index(span)].amount.text if span in row and len(row) == len(sums) else ""


def _totals(document: Document, sentence: Span) -> list[AmountExpression]:
    text = document.reading.text
    sums = [a for a in document_amounts(document) if sentence.start <= a.span.start < sentence.end]
    return [a for a in sums if _TOTAL.search(text[max(sentence.start, a.span.start - 8) : a.span.start])]


def _other_project(document: Document, sentence: Span, mentions: Sequence[Span]) -> bool:
    return any(
        m.type == "Project" and m.span not in mentions and sentence.start <= m.span.start < sentence.end
        for m in document.mentions
    )


def _nearest(sums: Sequence[AmountExpression], span: Span) -> AmountExpression:
    return min(sums, key=lambda a: (abs(a.span.start - span.end), a.span.start))
