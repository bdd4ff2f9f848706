"""Attributes of entities: when an event takes place, how much a project or a fund comes to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.extract.amounts import AmountExpression
from kg.extract.qualifiers import date_in, document_amounts, free_times, lead_date
from kg.extract.times import find_times
from kg.model import Document, Span

_DATED = frozenset({"Event"})
_SUMMED = frozenset({"Project", "Programme", "Organization"})
_HELD = re.compile(
    "举行|举办|召开|开幕|启幕|开赛|开营|闭幕|落幕|启动|开展|拉开帷幕|进行|揭幕|开讲|开工|揭牌|举行了|收官|亮相|上演|圆满结束|顺利举行"
)
_TOTAL = re.compile("总投资|投资|总金额|造价|规模|总额|合同额|耗资|斥资|资金|募集|价值")
_SAME = re.compile("据悉|据了解|该|本|其|项目|总投资|计划|工程|基金|一期")
_NEXT = 2
_FUND = re.compile("基金|资金|计划|专项")
_NAMED_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:年|(?=[^\d]))")


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
            date = _event_date(document, (entity.name, *entity.aliases), spans[entity.id])
            if date:
                own["date"] = date
        elif entity.type in _SUMMED and (entity.type == "Project" or _FUND.search(entity.name)):
            amount = _amount_of(document, spans[entity.id])
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
        date = (
            own[0]
            if own
            else date_in(document, Span(sentence.start, held.end() if held else sentence.end), span.start)
        )
        if date is None or not date.when.value.startswith(named):
            continue
        if held:
            return date.when.value
        if not fallback and (date.granularity != "year" or date.span.end <= span.start):
            fallback = date.when.value
    if fallback:
        return fallback
    lead = lead_date(document) if mentions else ""
    return lead if lead and lead.startswith(named) else named


def _amount_of(document: Document, mentions: Sequence[Span]) -> str:
    """Return the sum that a sentence of the project, or the next one (该项目总投资…), calls its investment or size."""
    text, sentences = document.reading.text, document.reading.sentences
    for span in mentions:
        index = next((k for k, s in enumerate(sentences) if s.start <= span.start < s.end), None)
        if index is None:
            continue
        own = _totals(document, sentences[index])
        behind = [a for a in own if a.span.start > span.end] or own
        if behind:
            return _nearest(behind, span).amount.text
        for after in sentences[index + 1 : index + 1 + _NEXT]:
            if _other_project(document, after, mentions):
                break
            if _SAME.match(after.of(text)) and (told := _totals(document, after)):
                return told[0].amount.text
    return ""


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
