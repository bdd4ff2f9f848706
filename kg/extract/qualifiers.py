"""Qualifiers of one statement: the role of a post, the amount, share, date, agreement or subject.

A qualifier is looked for in the clause that states the fact; a date also in the sentences before it in the same
paragraph. What the text does not say is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from kg.extract.agreements import agreement_in, in_kind, only_agreement, subject_in, topic_of_passive
from kg.extract.amounts import AmountExpression, ShareExpression, find_amounts, find_shares
from kg.extract.roles import role_between
from kg.extract.roles_elsewhere import role_elsewhere
from kg.extract.time_context import DATELINE, date_in, document_times, is_open, lead_date, reaches
from kg.model import Document, Span

_BACKGROUND = re.compile("曾|先后|连续|此前|历年|多次|累计|至今|目前|近年来|早在")
_AT_THE_OCCASION = re.compile(
    "(?:会|大会|论坛|仪式|现场|活动|峰会|会议|发布会|博览会)(?:上|期间|中|现场)|^(?:现场|期间|当天|当日)|宣布(?:正式)?成立|揭牌"
)
_MONEY_MOVES = re.compile("融资|投资|注资|增资|出资|作价|对价|金额|交易价|总价|收购|斥资|授信|贷款|捐")
_SUBSIDIARY = re.compile("旗下|下属|所属|的|子公司|控股")
_SHARES_HELD = re.compile(r"\d[\d.,]*(?:万|亿)?股(?![票份权东])")
_LISTED = frozenset({"、", "和", "与", "及", "以及"})
_NEAR = 16
_VERB_ONLY = 3
_HOLDS = re.compile("[^，。；、]{0,6}(?:持股|占股|持有|占比|拥有|出资)(?:比例)?(?:为|达|约)?(?:其|该公司)?")
_OTHER_SUM = re.compile(
    "(?:市值|股价|净利润?|营收|营业收入|收入|总资产|净资产|负债|估值|销售额|利润)(?:为|达|约|近|超)*$"
)
_STOCK_MOVES = re.compile("受让|转让|收购|认购|捐赠|划转")
_ASIDE = re.compile("[（(][^（()）]{0,16}")
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
def _amounts(text: str) -> tuple[AmountExpression, ...]:
    return tuple(found for found in find_amounts(text) if found.kind == "sum")


@lru_cache(maxsize=64)
def _shares(text: str) -> tuple[ShareExpression, ...]:
    return find_shares(text)


def document_amounts(document: Document) -> tuple[AmountExpression, ...]:
    """Return the sums of money of a document; prices are left out."""
    return _amounts(document.reading.text)


def _role(document: Document, subject: Span, obj: Span, clause: Span) -> str:  # noqa: ARG001 - one signature
    return role_between(document, subject, obj) or role_elsewhere(document, subject, obj)


def _amount(document: Document, subject: Span, obj: Span, clause: Span) -> str:
    text = document.reading.text
    for number, reach in enumerate(reaches(document.reading, clause)):
        if number and not _MONEY_MOVES.search(reach.of(text)):
            continue
        inside = [a for a in document_amounts(document) if reach.start <= a.span.start < reach.end]
        spans = [a.span for a in inside if not a.amount.modifier.startswith("约合")]
        spans = [s for s in spans if not _OTHER_SUM.search(text[max(reach.start, s.start - 6) : s.start])]
        spans = [
            s for k, s in enumerate(spans) if not k or not _ASIDE.fullmatch(text, spans[k - 1].end, s.start)
        ]
        spans = [
            s for k, s in enumerate(spans) if not k or not _EQUAL_SUM.match(text, spans[k - 1].end, s.end + 1)
        ]
        chosen = _share_out(document, spans, subject, obj, reach) or _nearest(document, spans, subject, obj)
        if chosen:
            beside = _EQUAL_SUM.match(text, chosen.end)
            return text[chosen.start : beside.end() if beside else chosen.end]
    counted = _SHARES_HELD.search(clause.of(text)) if _STOCK_MOVES.search(clause.of(text)) else None
    return counted[0] if counted else ""


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
        or next(
            (
                s
                for m in _mentions_of(document, subject, clause)
                for s in spans
                if _HOLDS.fullmatch(text, m.end, s.start)
            ),
            None,
        )
        or _behind_holder(document, spans, subject, obj)
        or _nearest(document, spans, subject, obj)
    )
    if chosen is None:
        counted = _SHARES_HELD.search(clause.of(text))
        return counted[0] if counted else ""
    share = next(s for s in inside if s.span == chosen)
    return "100%" if share.text == "全资" else share.text


def _behind_holder(document: Document, values: Sequence[Span], subject: Span, obj: Span) -> Span | None:
    """Return the first value behind who holds it, before anybody else is named: a row of holders gives each its own."""
    if obj.start >= subject.end:
        return None
    others = min(
        (m.span.start for m in document.mentions if m.span.start >= subject.end), default=subject.end + _NEAR
    )
    return next((v for v in values if subject.end <= v.start < min(others, subject.end + _NEAR)), None)


def _mentions_of(document: Document, span: Span, clause: Span) -> list[Span]:
    """Return the mention at `span` and, behind it, the others of its entity in the clause."""
    linked = dict(zip((m.span for m in document.mentions), document.links, strict=False))
    own = linked.get(span)
    others = [
        m
        for m, entity in linked.items()
        if entity == own and m != span and clause.start <= m.start < clause.end
    ]
    return [span, *others] if own is not None else [span]


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
        row = row[-len(listed) :] if end in row[-len(listed) :] else row  # who was named before is no holder
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
    """Return the date of the clause or before it; what is done at the occasion (会上宣布成立) has that of the report."""
    found = date_in(document, clause, max(subject.start, obj.start))
    if found or is_open(document, clause):
        return found.when.value if found else ""
    text, sentences = document.reading.text, document.reading.sentences
    sentence = next((s for s in sentences if s.start <= clause.start < s.end), clause)
    around = text[sentence.start : max(sentence.end, clause.end)]
    there = _AT_THE_OCCASION.search(around) is not None and not _BACKGROUND.search(around)
    return lead_date(document) if there else ""


def _news_date(document: Document, subject: Span, obj: Span, clause: Span) -> str:
    """Return the date of what a report tells as news: of the clause, else of the report, else the year in a name."""
    text = document.reading.text
    found = date_in(document, clause, max(subject.start, obj.start))
    if found or is_open(document, clause):
        return found.when.value if found else ""
    inside = [
        t for t in document_times(document) if clause.start <= t.span.start < clause.end and t.when.value
    ]
    named = next((t.when.value[:4] for t in inside if not DATELINE.match(text, t.span.end)), "")
    lead = lead_date(document)
    return lead if lead.startswith(named) and not _BACKGROUND.search(clause.of(text)) else named


def _agreement(document: Document, subject: Span, obj: Span, clause: Span) -> str:
    text = document.reading.text
    found = agreement_in(text, clause, after=min(subject.end, obj.end))
    if found:
        return found
    for reach in reaches(document.reading, clause)[1:]:
        found = agreement_in(text, reach, after=reach.start)
        if found:
            return found
    return only_agreement(text)


def _subject(document: Document, subject: Span, obj: Span, clause: Span) -> str:
    end = max(subject.end, obj.end)
    for mention in document.mentions:  # 甲与乙、丙合作: what they do stands behind the last of them
        joined = document.reading.text[end : mention.span.start] in _LISTED
        if mention.span.start >= end and joined and mention.type in ("Organization", "Place"):
            end = mention.span.end
    text = document.reading.text
    found = subject_in(text, clause, after=end)
    return (
        found
        if len(found) > _VERB_ONLY
        else topic_of_passive(text, min(subject.start, obj.start)) + found or found
    )


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
