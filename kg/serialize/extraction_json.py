"""Contract 1: one JSON object per article, as ``kg extract --format jsonl`` writes it, and the way back.

Field names and their order are fixed. An entity has ``date`` (events) and ``amount`` (projects, funds) only where the text
gives them. Passages of the article and confidences of entities are not part of the contract: they do not come back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from kg.errors import InputError
from kg.model import (
    Amount,
    Article,
    Entity,
    Evidence,
    Extraction,
    Modality,
    Occurrence,
    Span,
    Statement,
    When,
)
from kg.serialize.jsonlines import line

_MODALITIES = ("stated", "planned", "past")


def to_line(extraction: Extraction) -> str:
    """Return `extraction` as one line of JSON, with the line feed at its end."""
    return line(to_record(extraction))


def to_record(extraction: Extraction) -> dict[str, Any]:
    """Return `extraction` as the object of contract 1."""
    article = extraction.article
    return {
        "source": article.source,
        "article": article.index,
        "title": article.title,
        "published": article.published,
        "publisher": article.publisher,
        "byline": list(article.byline),
        "continues": article.continues,
        "continued": article.continued,
        "spans": _pairs(article.spans),
        "entities": [_entity(entity) for entity in extraction.entities],
        "statements": [_statement(statement) for statement in extraction.statements],
        "occurrences": [_occurrence(occurrence) for occurrence in extraction.occurrences],
    }


def _pairs(spans: Iterable[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


def _entity(entity: Entity) -> dict[str, Any]:
    attributes = {"date": entity.date, "amount": entity.amount}
    return {
        "id": entity.id,
        "type": entity.type,
        "subtype": entity.subtype or None,
        "name": entity.name,
        "aliases": list(entity.aliases),
        "mentions": _pairs(entity.mentions),
        **{name: value for name, value in attributes.items() if value},
    }


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "subject": statement.subject,
        "predicate": statement.predicate,
        "object": statement.object,
        "subject_span": list(statement.subject_span),
        "object_span": list(statement.object_span),
        "evidence": [{"start": e.start, "end": e.end, "text": e.text} for e in statement.evidence],
        "qualifiers": dict(sorted(statement.qualifiers.items())),
        "modality": statement.modality,
        "attributed_to": statement.attributed_to,
        "confidence": statement.confidence,
        "rule": statement.rule,
        "occurrence": statement.occurrence,
    }


def _occurrence(occurrence: Occurrence) -> dict[str, Any]:
    date, amount = occurrence.date, occurrence.amount
    told: dict[str, Any] = {
        "id": occurrence.id,
        "kind": occurrence.kind,
        "roles": {role: list(those) for role, those in sorted(occurrence.roles.items())},
        "date": {"value": date.value, "text": date.text} if date else None,
        "place": occurrence.place,
        "amount": {
            "value": amount.value,
            "currency": amount.currency,
            "modifier": amount.modifier,
            "text": amount.text,
        }
        if amount
        else None,
    }
    # beyond the contract, and only where there is something to say
    more = {"event": occurrence.event, "subject": occurrence.subject}
    return told | {name: value for name, value in more.items() if value}


def read_lines(lines: Iterable[str], *, name: str) -> tuple[Extraction, ...]:
    """Return the extractions of JSON Lines; empty lines are passed over.

    Raises InputError that names `name` and the line for a line that contract 1 does not allow.
    """
    found = []
    for number, text in enumerate(lines, 1):
        if text.strip():
            try:
                found.append(from_record(json.loads(text)))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                what = f"one article as `kg extract` writes it was expected ({type(error).__name__}: {error})"
                raise InputError(name, f"line {number}: {what}") from error
    return tuple(found)


def from_record(record: Mapping[str, Any]) -> Extraction:
    """Return the extraction of an object of contract 1; raises KeyError, TypeError or ValueError if it is none."""
    return Extraction(
        article=Article(
            source=_text(record["source"]),
            index=int(record["article"]),
            spans=_spans(record["spans"]),
            passages=(),
            title=record.get("title") or "",
            published=record.get("published") or "",
            publisher=record.get("publisher") or "",
            byline=tuple(record.get("byline") or ()),
            continues=bool(record.get("continues")),
            continued=bool(record.get("continued")),
        ),
        entities=tuple(_read_entity(entity) for entity in record["entities"]),
        statements=tuple(_read_statement(statement) for statement in record["statements"]),
        occurrences=tuple(_read_occurrence(occurrence) for occurrence in record.get("occurrences") or ()),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"text was expected, {value!r} is none")
    return value


def _span(pair: Sequence[int]) -> Span:
    start, end = pair
    return Span(int(start), int(end))


def _spans(pairs: Iterable[Sequence[int]]) -> tuple[Span, ...]:
    return tuple(_span(pair) for pair in pairs)


def _read_entity(record: Mapping[str, Any]) -> Entity:
    return Entity(
        id=_text(record["id"]),
        type=_text(record["type"]),
        name=_text(record["name"]),
        subtype=record.get("subtype") or "",
        aliases=tuple(record.get("aliases") or ()),
        mentions=_spans(record.get("mentions") or ()),
        date=record.get("date") or "",
        amount=record.get("amount") or "",
    )


def _read_statement(record: Mapping[str, Any]) -> Statement:
    modality = record.get("modality", "stated")
    if modality not in _MODALITIES:
        raise ValueError(f"modality {modality!r} is none of {', '.join(_MODALITIES)}")
    return Statement(
        subject=_text(record["subject"]),
        predicate=_text(record["predicate"]),
        object=_text(record["object"]),
        subject_span=_span(record["subject_span"]),
        object_span=_span(record["object_span"]),
        evidence=tuple(
            Evidence(start=int(e["start"]), end=int(e["end"]), text=_text(e["text"]))
            for e in record["evidence"]
        ),
        qualifiers=dict(record.get("qualifiers") or {}),
        modality=cast("Modality", modality),
        attributed_to=record.get("attributed_to"),
        confidence=float(record["confidence"]),
        rule=_text(record["rule"]),
        occurrence=record.get("occurrence"),
    )


def _read_occurrence(record: Mapping[str, Any]) -> Occurrence:
    date, amount = record.get("date"), record.get("amount")
    return Occurrence(
        id=_text(record["id"]),
        kind=_text(record["kind"]),
        roles={role: tuple(those) for role, those in record["roles"].items()},
        date=When(value=date["value"], text=date["text"]) if date else None,
        place=record.get("place"),
        event=record.get("event"),
        subject=record.get("subject") or "",
        amount=Amount(
            value=amount["value"],
            currency=amount["currency"],
            text=amount["text"],
            modifier=amount.get("modifier") or "",
        )
        if amount
        else None,
    )
