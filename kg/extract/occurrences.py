"""Happenings with several parties, put together from the statements that tell of them.

Statements of one kind belong to one happening when the same evidence states them, or when they share what can happen
only once (the body that is founded, the document that is published, the company that goes public). A planned happening
is never one with an accomplished one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kg.extract.amounts import find_amounts
from kg.extract.time_context import date_in
from kg.model import Amount, Document, Occurrence, Reading, Span, Statement, When


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """What a predicate tells of: the roles of its ends, and which end makes the happening one (None: only the evidence)."""

    name: str
    subject: str
    object: str
    once: str | None = None
    one: str | None = None
    verb: re.Pattern[str] | None = None


_AT = re.compile("上(?![海市午下半述一级])|期间|现场|[开闭]幕式|[中内](?=[，,、])")
"""What follows the name of an event at which something happens."""
_APPOINTED = re.compile("任命|当选|出任|就任|接任|聘任|聘为|选举|获任|升任|增补|推选|受聘|聘请")
_KINDS = {
    "signsAgreementWith": _Kind(name="Signing", subject="party", object="party"),
    "investsIn": _Kind(name="Investment", subject="investor", object="recipient", one="object"),
    "lendsTo": _Kind(name="Loan", subject="lender", object="borrower", one="object"),
    "acquires": _Kind(name="Acquisition", subject="buyer", object="target", one="object"),
    "donatesTo": _Kind(name="Donation", subject="donor", object="recipient"),
    "receivesHonor": _Kind(name="Award", subject="recipient", object="honor", one="object"),
    "establishes": _Kind(name="Founding", subject="founder", object="founded", once="object", one="object"),
    "publishes": _Kind(name="Release", subject="publisher", object="released", once="object", one="object"),
    "holdsPosition": _Kind(name="Posting", subject="holder", object="body", one="subject", verb=_APPOINTED),
    "listedOn": _Kind(name="Listing", subject="issuer", object="exchange", once="subject", one="subject"),
}


def group_occurrences(
    document: Document, statements: Sequence[Statement]
) -> tuple[tuple[Occurrence, ...], tuple[Statement, ...]]:
    """Return the happenings that `statements` tell of, and the statements, in their order, with the happenings' ids.

    Ids are ``o1``, ``o2`` … in the order of the first evidence. A statement that tells of no happening (a post that
    someone simply holds) keeps None.
    """
    groups: list[list[int]] = []
    by_key: dict[tuple[object, ...], int] = {}
    for index, statement in enumerate(statements):
        keys = _keys(statement)
        if not keys:
            continue
        home = next((by_key[key] for key in keys if key in by_key), None)
        if home is None:
            home = len(groups)
            groups.append([])
        groups[home].append(index)
        for key in keys:
            by_key.setdefault(key, home)
    groups.sort(key=lambda group: (min(_start(statements[k]) for k in group), group[0]))
    ids = {index: f"o{number}" for number, group in enumerate(groups, 1) for index in group}
    occurrences = tuple(
        _occurrence(document, ids[group[0]], [statements[k] for k in group]) for group in groups
    )
    marked = tuple(replace(s, occurrence=ids.get(k)) for k, s in enumerate(statements))
    return occurrences, marked


def _start(statement: Statement) -> int:
    return min((e.start for e in statement.evidence), default=statement.subject_span.start)


def _keys(statement: Statement) -> tuple[tuple[object, ...], ...]:
    kind = _KINDS.get(statement.predicate)
    if kind is None or not statement.evidence:
        return ()
    if kind.verb and not any(kind.verb.search(e.text) for e in statement.evidence):
        return ()
    ends = {"subject": statement.subject, "object": statement.object, None: ""}
    first = statement.evidence[0]
    told = (kind.name, statement.modality, "told", first.start, first.end, ends[kind.one])
    if kind.once is None:
        return (told,)
    return (told, (kind.name, statement.modality, "once", ends[kind.once]))


def _occurrence(document: Document, occurrence_id: str, group: Sequence[Statement]) -> Occurrence:
    kind = _KINDS[group[0].predicate]
    roles: dict[str, list[str]] = {}
    for statement in group:
        roles.setdefault(kind.subject, []).append(statement.subject)
        roles.setdefault(kind.object, []).append(statement.object)
    clauses = [_to_reading(document.reading, Span(e.start, e.end)) for s in group for e in s.evidence]
    return Occurrence(
        id=occurrence_id,
        kind=kind.name,
        roles={role: tuple(dict.fromkeys(ids)) for role, ids in sorted(roles.items())},
        date=_date(document, group, clauses),
        place=next((p for clause in clauses if (p := _place(document, clause))), None),
        amount=next((a for s in group if (a := _amount(s))), None),
        event=next((e for clause in clauses if (e := _event(document, clause))), None),
        subject=next((s.qualifiers["agreement"] for s in group if s.qualifiers.get("agreement")), ""),
    )


def _to_reading(reading: Reading, span: Span) -> Span:
    return Span(bisect_left(reading.offsets, span.start), bisect_left(reading.offsets, span.end))


def _date(document: Document, group: Sequence[Statement], clauses: Sequence[Span]) -> When | None:
    for statement, clause in zip(group, clauses, strict=False):
        known = statement.qualifiers.get("date")
        near = _to_reading(document.reading, statement.object_span).start
        found = date_in(document, clause, near)
        if known:
            return When(value=known, text=found.when.text if found and found.when.value == known else known)
        if found:
            return found.when
    return None


def _place(document: Document, clause: Span) -> str | None:
    """Return the entity of the first place in the clause that 在 or 于 introduces."""
    text = document.reading.text
    for mention, entity in zip(document.mentions, document.links, strict=True):
        inside = clause.start <= mention.span.start and mention.span.end <= clause.end
        if (
            mention.type == "Place"
            and inside
            and text[mention.span.start - 1 : mention.span.start] in ("在", "于")
        ):
            return entity
    return None


def _event(document: Document, clause: Span) -> str | None:
    """Return the event at which it happened by the words of the clause's own sentences: 会上, 在2023云岭峰会期间."""
    text = document.reading.text
    around = [s for s in document.reading.sentences if s.start < clause.end and clause.start < s.end]
    for mention, entity in zip(document.mentions, document.links, strict=True):
        inside = any(s.start <= mention.span.start and mention.span.end <= s.end for s in around)
        if mention.type == "Event" and inside and mention.span.end <= clause.end:
            after = text[mention.span.end : mention.span.end + 4].lstrip("”）)")
            if mention.text.endswith("上") or _AT.match(after):
                return entity
    return None


def _amount(statement: Statement) -> Amount | None:
    """Return the sum that the statement carries, with the words of the qualifier as its text."""
    words = statement.qualifiers.get("amount", "")
    found = find_amounts(words)
    return found[0].amount if found else None
