"""Qualifiers of one statement: the role of a post, the amount, share, date, agreement or subject.

A qualifier is looked for in the clause that states the fact; a date also in the sentences before it in the same
paragraph. What the text does not say is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from kg.extract.agreements import agreement_in, in_kind, subject_in
from kg.extract.amounts import AmountExpression, ShareExpression, find_amounts, find_shares
from kg.extract.posts import posts_after, posts_before, posts_by_verb, role_of
from kg.extract.times import TimeExpression, article_anchor, find_times
from kg.model import Document, Mention, Reading, Span

_FAR = 60
_LOOK_BACK = 2
_STOP = re.compile("[。！？；]")
_BODIES = frozenset({"Organization", "Event"})


def find_qualifiers(
    document: Document, relation: str, *, subject: Span, object: Span, clause: Span
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


def role_between(document: Document, person: Span, body: Span) -> str:
    """Return all posts that `person` holds in `body`, joined by 、, or an empty string."""
    text = document.reading.text
    if body.end <= person.start:
        role = _body_first(document, person, body)
    else:
        role = _person_first(document, person, body)
    return role_of(role.of(text)) if role else ""


def _body_first(document: Document, person: Span, body: Span) -> Span | None:
    """甲公司董事长林某; 甲公司董事长、乙协会会长林某; 甲公司副总经理林某、周某."""
    text = document.reading.text
    between = _between(document.mentions, body.end, person.start)
    people = [m for m in between if m.type == "Person"]
    bodies = [m for m in between if m.type in _BODIES]
    near = person.start - body.end <= _FAR and not _STOP.search(text, body.end, person.start)
    inner = min((m.span.start for m in bodies), default=person.start)
    forward = posts_after(text, body.end, limit=inner) if near and not people else None
    after_bodies = max((m.span.end for m in [*bodies, *people]), default=body.end)
    backward = posts_before(text, person.start, limit=after_bodies)
    if forward and backward and not bodies and forward.end <= backward.start:
        return backward
    if forward:
        return forward
    own = backward if not bodies else None
    return own or _behind(document, person) or (posts_after(text, body.end) if people or bodies else backward)


def _person_first(document: Document, person: Span, body: Span) -> Span | None:
    """林某，甲公司董事长; 林某任甲公司总经理; 董事长林某表示，甲公司…."""
    text = document.reading.text
    after = posts_after(text, body.end, limit=_next_mention(document.mentions, body.end))
    if after:
        return after
    verb = posts_by_verb(text, body.end, limit=min(_sentence_end(text, body.end), body.end + _FAR))
    return posts_before(text, person.start) or _behind(document, person) or verb


def _behind(document: Document, person: Span) -> Span | None:
    """Posts behind the name: 林某教授, 林某（董事长）, 林某任董事长."""
    text = document.reading.text
    direct = posts_after(text, person.end)
    if direct and direct.start == person.end:
        return direct
    bracket = re.compile("[（(，,]").match(text, person.end)
    if bracket:
        found = posts_after(text, bracket.end())
        if found and found.start == bracket.end():
            return found
    stop = min(_sentence_end(text, person.end), person.end + _FAR)
    people = [m.span.start for m in document.mentions if m.type == "Person" and m.span.start >= person.end]
    return posts_by_verb(text, person.end, limit=min([stop, *people[:1]]))


def _between(mentions: Sequence[Mention], start: int, end: int) -> list[Mention]:
    return [m for m in mentions if start <= m.span.start and m.span.end <= end]


def _next_mention(mentions: Sequence[Mention], at: int) -> int | None:
    return min((m.span.start for m in mentions if m.span.start >= at and m.type in (*_BODIES, "Person")), default=None)


def _sentence_end(text: str, at: int) -> int:
    found = _STOP.search(text, at)
    return found.start() if found else len(text)


@lru_cache(maxsize=64)
def _times(text: str, published: str) -> tuple[TimeExpression, ...]:
    return find_times(text, published=published, anchor="" if published else article_anchor(text))


@lru_cache(maxsize=64)
def _amounts(text: str) -> tuple[AmountExpression, ...]:
    return tuple(found for found in find_amounts(text) if found.kind == "sum")


@lru_cache(maxsize=64)
def _shares(text: str) -> tuple[ShareExpression, ...]:
    return find_shares(text)


def document_times(document: Document) -> tuple[TimeExpression, ...]:
    """Return the expressions of time of a document, resolved against its publication or its own first full date."""
    return _times(document.reading.text, document.article.published)


def document_amounts(document: Document) -> tuple[AmountExpression, ...]:
    """Return the sums of money of a document; prices are left out."""
    return _amounts(document.reading.text)


def date_in(document: Document, clause: Span, near: int) -> TimeExpression | None:
    """Return the date that goes with what happens at `near`: of the clause, its sentence, or those before it."""
    dated = [t for t in document_times(document) if t.when.value]
    for reach in _reaches(document.reading, clause):
        inside = [t for t in dated if reach.start <= t.span.start and t.span.end <= reach.end]
        if inside:
            before = [t for t in inside if t.span.end <= near]
            pool = before or inside
            finest = [t for t in pool if t.granularity == "day"] or pool
            return finest[-1] if before else finest[0]
    return None


def _reaches(reading: Reading, clause: Span) -> list[Span]:
    """The clause, its sentence, and the sentences before it in its paragraph, nearest first."""
    index = next((k for k, s in enumerate(reading.sentences) if s.start <= clause.start < s.end), None)
    if index is None:
        return [clause]
    back = range(index - 1, max(-1, index - 1 - _LOOK_BACK), -1)
    same = [k for k in back if reading.paragraphs[k] == reading.paragraphs[index]]
    return [clause, reading.sentences[index], *(reading.sentences[k] for k in same)]


def _role(document: Document, subject: Span, object: Span, clause: Span) -> str:  # noqa: ARG001 - one signature
    return role_between(document, subject, object)


def _amount(document: Document, subject: Span, object: Span, clause: Span) -> str:
    inside = [a for a in document_amounts(document) if clause.start <= a.span.start < clause.end]
    spans = [a.span for a in inside]
    chosen = _share_out(document, spans, subject, object, clause) or _nearest(spans, subject, object)
    return chosen.of(document.reading.text) if chosen else ""


def _gift(document: Document, subject: Span, object: Span, clause: Span) -> str:
    return _amount(document, subject, object, clause) or in_kind(
        document.reading.text, clause, after=max(subject.end, object.end)
    )


def _share(document: Document, subject: Span, object: Span, clause: Span) -> str:
    inside = [s.span for s in _shares(document.reading.text) if clause.start <= s.span.start < clause.end]
    chosen = _share_out(document, inside, subject, object, clause) or _nearest(inside, subject, object)
    return chosen.of(document.reading.text) if chosen else ""


def _share_out(
    document: Document, values: Sequence[Span], subject: Span, object: Span, clause: Span
) -> Span | None:
    """Of A、B、C分别持股30%、20%、20% the value that belongs to the subject (or the object) of the statement."""
    if len(values) < 2 or "分别" not in clause.of(document.reading.text):
        return None
    split = document.reading.text.find("分别", clause.start)
    listed = [v for v in values if v.start > split]
    kinds = {m.span: m.type for m in document.mentions}
    for end in (subject, object):
        row = [m.span for m in document.mentions if clause.start <= m.span.start < split and m.type == kinds.get(end)]
        other = object if end is subject else subject
        row = [span for span in row if span != other]
        if end in row and len(row) == len(listed):
            return listed[row.index(end)]
    return None


def _nearest(values: Sequence[Span], subject: Span, object: Span) -> Span | None:
    """The first value behind the second party, else the last one between them, else the first."""
    last, first = max(subject.end, object.end), min(subject.end, object.end)
    behind = [v for v in values if v.start >= last]
    between = [v for v in values if first <= v.start < last]
    if between:
        return between[-1]
    return behind[0] if behind else next(iter(values), None)


def _date(document: Document, subject: Span, object: Span, clause: Span) -> str:
    found = date_in(document, clause, max(subject.start, object.start))
    return found.when.value if found else ""


def _agreement(document: Document, subject: Span, object: Span, clause: Span) -> str:
    text = document.reading.text
    found = agreement_in(text, clause, after=min(subject.end, object.end))
    if found:
        return found
    for reach in _reaches(document.reading, clause)[1:2]:
        found = agreement_in(text, reach, after=min(subject.end, object.end))
    return found


def _subject(document: Document, subject: Span, object: Span, clause: Span) -> str:
    return subject_in(document.reading.text, clause, after=max(subject.end, object.end))


_Finder = Callable[[Document, Span, Span, Span], str]
_FINDERS: dict[str, tuple[tuple[str, _Finder], ...]] = {
    "holdsPosition": (("role", _role),),
    "signsAgreementWith": (("agreement", _agreement), ("amount", _amount), ("date", _date)),
    "cooperatesWith": (("subject", _subject),),
    "establishes": (("date", _date),),
    "publishes": (("date", _date),),
    "receivesHonor": (("date", _date),),
    "listedOn": (("date", _date),),
    "investsIn": (("amount", _amount),),
    "lendsTo": (("amount", _amount),),
    "acquires": (("amount", _amount),),
    "carriesOut": (("amount", _amount),),
    "donatesTo": (("amount", _gift),),
    "holdsSharesIn": (("share", _share),),
}
