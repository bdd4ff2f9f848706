"""Qualifiers of one statement: the role of a post, the amount, share, date, agreement or subject.

A qualifier is looked for in the clause that states the fact; a date also in the sentences before it in the same
paragraph. What the text does not say is left out.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

from kg.extract.agreements import agreement_in, in_kind, subject_in
from kg.extract.amounts import AmountExpression, ShareExpression, find_amounts, find_shares
from kg.extract.roles import role_between
from kg.extract.time_anchor import year_anchor
from kg.extract.times import TimeExpression, find_times
from kg.model import Document, Reading, Span, When

_LOOK_BACK = 2
_DECADE = 10
_LEAD, _LEAD_REACH = 3, 240  # sentences and characters in which a report says when
_BACKGROUND = re.compile("曾|先后|连续|此前|历年|多次|累计|至今|目前|近年来|早在")
_DATELINE = re.compile("电|讯|消息")
_RECENT = re.compile("日前|近日")
_MONEY_MOVES = re.compile("融资|投资|注资|增资|出资|作价|对价|金额|交易价|总价|收购|斥资|授信|贷款|捐")
_UNTIL = re.compile("(?:截至|截止|截止到|截至到|不迟于|此前的?)$")
_SUBSIDIARY = re.compile("旗下|下属|所属|的|子公司|控股")
_SHARES_HELD = re.compile(r"\d[\d.,]*(?:万|亿)?股(?![票份权东])")
_LISTED = frozenset({"、", "和", "与", "及", "以及"})
_HOLDS = re.compile("[^，。；、]{0,6}(?:持股|占股|持有|占比|拥有|出资)(?:比例)?(?:为|达|约)?(?:其|该公司)?")
_EQUAL_SUM = re.compile("[（(](?:约合|折合|约|合)[^（()）]{2,24}[）)]")


def find_qualifiers(
    document: Document,
    relation: str,
    *,
    subject: Span,
    object: Span,  # noqa: A002 - the name of the role everywhere
    clause: Span,
) -> dict[str, str]:
    """Return the qualifiers of the statement `relation` between the mentions at `subject` and `object`.

    All spans are over ``document.reading.text``; `clause` is what states the fact (a clause or a sentence).
    Names and forms are those of the guideline: amounts and shares as written, dates in ISO form, roles joined by 、.
    """
    found: dict[str, str] = {}
    for name, find in _FINDERS.get(relation, ()):
        value = find(document, subject, object, clause)
        if value:
            found[name] = value
    return found


@lru_cache(maxsize=64)
def _times(text: str, published: str, anchor: str) -> tuple[TimeExpression, ...]:
    return find_times(text, published=published, anchor=anchor)


@lru_cache(maxsize=8)
def _anchor(source: str) -> str:
    return year_anchor(source)


def article_year(document: Document) -> str:
    """Return the year from which an article without a date of publication speaks: that of its whole source, or empty."""
    return "" if document.article.published else _anchor(document.source.text)


@lru_cache(maxsize=64)
def _amounts(text: str) -> tuple[AmountExpression, ...]:
    return tuple(found for found in find_amounts(text) if found.kind == "sum")


@lru_cache(maxsize=64)
def _shares(text: str) -> tuple[ShareExpression, ...]:
    return find_shares(text)


def document_times(document: Document) -> tuple[TimeExpression, ...]:
    """Return the expressions of time of a document, resolved against its publication or the year of its source."""
    return _times(document.reading.text, document.article.published, article_year(document))


def free_times(document: Document) -> list[TimeExpression]:
    """Return the resolved times that stand outside names and datelines (8月3日电) and end no period (截至…)."""
    text, mentions = document.reading.text, document.mentions
    starts = [m.span.start for m in mentions]
    free = []
    for time in document_times(document):
        index = bisect_right(starts, time.span.start) - 1
        named = index >= 0 and mentions[index].span.end > time.span.start
        dateline = _DATELINE.match(text, time.span.end)
        if (
            time.when.value
            and not named
            and not dateline
            and not _UNTIL.search(text[max(0, time.span.start - 4) : time.span.start])
        ):
            free.append(time)
    return free


def document_amounts(document: Document) -> tuple[AmountExpression, ...]:
    """Return the sums of money of a document; prices are left out."""
    return _amounts(document.reading.text)


def date_in(document: Document, clause: Span, near: int) -> TimeExpression | None:
    """Return the date that goes with what happens at `near`: of the clause, its sentence, or those before it.

    Dates inside names (2023年…大会) and ends of periods (截至…) are no dates of happenings; from sentences before only
    days and months are taken.
    """
    for number, reach in enumerate(_reaches(document.reading, clause)):
        inside = [
            t
            for t in free_times(document)
            if reach.start <= t.span.start
            and t.span.end <= reach.end
            and (number < 2 or t.granularity != "year")
        ]
        if inside:
            before = [t for t in inside if t.span.end <= near]
            pool = before or inside
            finest = [t for t in pool if t.granularity == "day"] or pool
            return finest[-1] if before else finest[0]
        opened = [
            t for t in document_times(document) if reach.start <= t.span.start < reach.end and _is_recent(t)
        ]
        if opened:
            return _lately(document, opened[-1])
    return None


def _is_recent(time: TimeExpression) -> bool:
    return _RECENT.fullmatch(time.when.text) is not None


def _lately(document: Document, time: TimeExpression) -> TimeExpression | None:
    """Return the month of publication for 近日 and 日前 of a paper from its second decade on: the day stays open."""
    published = document.article.published
    if not published or int(published[8:10] or 0) <= _DECADE:
        return None
    return replace(time, when=When(value=published[:7], text=time.when.text), granularity="month")


def _reaches(reading: Reading, clause: Span) -> list[Span]:
    """Return the clause, its sentence, and the sentences before it in its paragraph, nearest first."""
    index = next((k for k, s in enumerate(reading.sentences) if s.start <= clause.start < s.end), None)
    if index is None:
        return [clause]
    back = range(index - 1, max(-1, index - 1 - _LOOK_BACK), -1)
    same = [k for k in back if reading.paragraphs[k] == reading.paragraphs[index]]
    return [clause, reading.sentences[index], *(reading.sentences[k] for k in same)]


def _role(document: Document, subject: Span, obj: Span, clause: Span) -> str:  # noqa: ARG001 - one signature
    return role_between(document, subject, obj)


def _amount(document: Document, subject: Span, obj: Span, clause: Span) -> str:
    text = document.reading.text
    for number, reach in enumerate(_reaches(document.reading, clause)):
        if number and not _MONEY_MOVES.search(reach.of(text)):
            continue
        inside = [a for a in document_amounts(document) if reach.start <= a.span.start < reach.end]
        spans = [a.span for a in inside if not a.amount.modifier.startswith("约合")]
        spans = [
            s for k, s in enumerate(spans) if not k or not _EQUAL_SUM.match(text, spans[k - 1].end, s.end + 1)
        ]
        chosen = _share_out(document, spans, subject, obj, reach) or _nearest(document, spans, subject, obj)
        if chosen:
            beside = _EQUAL_SUM.match(text, chosen.end)
            return text[chosen.start : beside.end() if beside else chosen.end]
    return ""


def _gift(document: Document, subject: Span, obj: Span, clause: Span) -> str:
    inside = [a for a in document_amounts(document) if clause.start <= a.span.start < clause.end]
    kind = in_kind(document.reading.text, clause, after=max(subject.end, obj.end))
    return kind if kind and not inside else _amount(document, subject, obj, clause)


def _share(document: Document, subject: Span, obj: Span, clause: Span) -> str:
    text = document.reading.text
    inside = [s for s in _shares(text) if clause.start <= s.span.start < clause.end]
    spans = [s.span for s in inside]
    chosen = (
        _share_out(document, spans, subject, obj, clause)
        or next((s for s in spans if _HOLDS.fullmatch(text, subject.end, s.start)), None)
        or _nearest(document, spans, subject, obj)
    )
    if chosen is None:
        counted = _SHARES_HELD.search(clause.of(text))
        return counted[0] if counted else ""
    share = next(s for s in inside if s.span == chosen)
    return "100%" if share.text == "全资" else share.text


def _share_out(
    document: Document, values: Sequence[Span], subject: Span, obj: Span, clause: Span
) -> Span | None:
    """Return of A、B、C分别持股30%、20%、20% the value that belongs to the subject (or the object) of the statement."""
    if len(values) < 2 or "分别" not in clause.of(document.reading.text):
        return None
    text = document.reading.text
    split = text.find("分别", clause.start)
    listed = [v for v in values if v.start > split]
    kinds = {m.span: m.type for m in document.mentions}
    for end, other in ((subject, obj), (obj, subject)):
        row = [
            m.span
            for m in document.mentions
            if clause.start <= m.span.start < split and m.type == kinds.get(end) and m.span != other
        ]
        row = [span for span in row if not _SUBSIDIARY.match(text, span.end)]
        if end in row and len(row) == len(listed):
            return listed[row.index(end)]
    return None


def _nearest(document: Document, values: Sequence[Span], subject: Span, obj: Span) -> Span | None:
    """Return the value behind a party with no third party between, else the last one between both, else the first."""
    last, first = max(subject.end, obj.end), min(subject.end, obj.end)
    between = [v for v in values if first <= v.start < last]
    if between:
        return between[-1]
    behind = [v for v in values if v.start >= last]
    for party in (obj, subject):
        third = min((m.span.start for m in document.mentions if m.span.start >= party.end), default=None)
        own = [v for v in values if v.start >= party.end and (third is None or v.start < third)]
        if own and (party.end >= last or not behind):
            return own[0]
    return behind[0] if behind else next(iter(values), None)


def _date(document: Document, subject: Span, obj: Span, clause: Span) -> str:
    found = date_in(document, clause, max(subject.start, obj.start))
    return found.when.value if found else ""


def _news_date(document: Document, subject: Span, obj: Span, clause: Span) -> str:
    """Return the date of what a report tells as news: of the clause, else of the report, else the year in a name."""
    text = document.reading.text
    found = date_in(document, clause, max(subject.start, obj.start))
    if found or _is_open(document, clause):
        return found.when.value if found else ""
    inside = [
        t for t in document_times(document) if clause.start <= t.span.start < clause.end and t.when.value
    ]
    named = next((t.when.value[:4] for t in inside if not _DATELINE.match(text, t.span.end)), "")
    lead = lead_date(document)
    return lead if lead.startswith(named) and not _BACKGROUND.search(clause.of(text)) else named


def lead_date(document: Document) -> str:
    """Return the first day that the first sentences of the article give: what a report without another date tells of."""
    end = next(
        (s.end for k, s in enumerate(document.reading.sentences) if k >= _LEAD or s.end >= _LEAD_REACH), 0
    )
    times = (t for t in free_times(document) if t.granularity == "day" and t.span.start < end)
    return next((t.when.value for t in times), "")


def _is_open(document: Document, clause: Span) -> bool:
    return any(_is_recent(t) and clause.start <= t.span.start < clause.end for t in document_times(document))


def _agreement(document: Document, subject: Span, obj: Span, clause: Span) -> str:
    text = document.reading.text
    found = agreement_in(text, clause, after=min(subject.end, obj.end))
    if found:
        return found
    for reach in _reaches(document.reading, clause)[1:]:
        found = agreement_in(text, reach, after=reach.start)
        if found:
            return found
    return ""


def _subject(document: Document, subject: Span, obj: Span, clause: Span) -> str:
    end = max(subject.end, obj.end)
    for mention in document.mentions:  # 甲与乙、丙合作: what they do stands behind the last of them
        joined = document.reading.text[end : mention.span.start] in _LISTED
        if mention.span.start >= end and joined and mention.type in ("Organization", "Place"):
            end = mention.span.end
    return subject_in(document.reading.text, clause, after=end)


_Finder = Callable[[Document, Span, Span, Span], str]
_FINDERS: dict[str, tuple[tuple[str, _Finder], ...]] = {
    "holdsPosition": (("role", _role),),
    "signsAgreementWith": (("agreement", _agreement), ("amount", _amount), ("date", _news_date)),
    "cooperatesWith": (("subject", _subject),),
    "establishes": (("date", _date),),
    "publishes": (("date", _date),),
    "receivesHonor": (("date", _news_date),),
    "listedOn": (("date", _date),),
    "investsIn": (("amount", _amount),),
    "lendsTo": (("amount", _amount),),
    "acquires": (("amount", _amount),),
    "carriesOut": (("amount", _amount),),
    "donatesTo": (("amount", _gift),),
    "holdsSharesIn": (("share", _share),),
}
