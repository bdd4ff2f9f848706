"""Contract 1 to the letter, and that what is written comes back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.model import (
    Amount,
    Article,
    Entity,
    Evidence,
    Extraction,
    Occurrence,
    Span,
    Statement,
    When,
)
from kg.serialize.extraction_json import read_lines, to_line

LINE = (
    '{"source": "页/一.txt", "article": 0, "title": "校企“牵手”", "published": "2024-03-01", "publisher": "云岭日报", '
    '"byline": ["周一鸣"], "continues": false, "continued": true, "spans": [[120, 840], [900, 931]], '
    '"entities": [{"id": "e1", "type": "Organization", "subtype": "University", "name": "云岭大学", "aliases": ["云大"], '
    '"mentions": [[130, 134], [300, 302]]}, {"id": "e2", "type": "Event", "subtype": null, "name": "云岭数字大会", '
    '"aliases": [], "mentions": [[140, 146]], "date": "2024-02-28"}], '
    '"statements": [{"subject": "e1", "predicate": "hosts", "object": "e2", "subject_span": [130, 134], '
    '"object_span": [140, 146], "evidence": [{"start": 128, "end": 150, "text": "云岭大学主办\\n云岭数字大会"}], '
    '"qualifiers": {"amount": "2亿元", "date": "2024-02-28"}, "modality": "stated", "attributed_to": null, '
    '"confidence": 0.93, "rule": "hosting.by", "occurrence": "o1"}], '
    '"occurrences": [{"id": "o1", "kind": "Signing", "roles": {"party": ["e1", "e2"]}, '
    '"date": {"value": "2024-02-28", "text": "2月28日"}, "place": null, '
    '"amount": {"value": "200000000", "currency": "CNY", "modifier": "约", "text": "2亿元"}}]}\n'
)

EXTRACTION = Extraction(
    article=Article(
        source="页/一.txt",
        index=0,
        spans=(Span(120, 840), Span(900, 931)),
        passages=(),
        title="校企“牵手”",
        published="2024-03-01",
        publisher="云岭日报",
        byline=("周一鸣",),
        continued=True,
    ),
    entities=(
        Entity(
            id="e1",
            type="Organization",
            subtype="University",
            name="云岭大学",
            aliases=("云大",),
            mentions=(Span(130, 134), Span(300, 302)),
        ),
        Entity(id="e2", type="Event", name="云岭数字大会", mentions=(Span(140, 146),), date="2024-02-28"),
    ),
    statements=(
        Statement(
            subject="e1",
            predicate="hosts",
            object="e2",
            subject_span=Span(130, 134),
            object_span=Span(140, 146),
            evidence=(Evidence(start=128, end=150, text="云岭大学主办\n云岭数字大会"),),
            confidence=0.93,
            rule="hosting.by",
            qualifiers={"date": "2024-02-28", "amount": "2亿元"},
            occurrence="o1",
        ),
    ),
    occurrences=(
        Occurrence(
            id="o1",
            kind="Signing",
            roles={"party": ("e1", "e2")},
            date=When(value="2024-02-28", text="2月28日"),
            amount=Amount(value="200000000", currency="CNY", text="2亿元", modifier="约"),
        ),
    ),
)


def test_fields_and_their_order_are_those_of_the_contract() -> None:
    assert to_line(EXTRACTION) == LINE


def test_what_is_written_comes_back() -> None:
    assert read_lines([LINE, "\n"], name="x.jsonl") == (EXTRACTION,)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "JSONDecodeError"),
        ("[]", "TypeError"),
        (LINE.replace('"spans"', '"span"'), "KeyError: 'spans'"),
        (LINE.replace('"stated"', '"hoped"'), "modality 'hoped' is none of stated, planned, past"),
        (LINE.replace("[130, 134]", "[130]"), "ValueError"),
        (LINE.replace('"id": "e1"', '"id": 1'), "text was expected, 1 is none"),
    ],
)
def test_a_broken_line_is_named(line: str, reason: str) -> None:
    with pytest.raises(
        InputError, match=r"x\.jsonl: line 2: one article as `kg extract` writes it"
    ) as caught:
        read_lines([LINE, line], name="x.jsonl")
    assert reason in caught.value.reason


ANY = st.text(st.characters(), max_size=20)  # lone surrogates and all kinds of line breaks among them


@given(ANY, ANY, st.floats(0, 1))
def test_any_text_survives_on_one_line(title: str, words: str, confidence: float) -> None:
    article = Article(source="甲", index=3, spans=(), passages=(), title=title)
    statement = Statement(
        subject="a",
        predicate="hosts",
        object="b",
        subject_span=Span(0, 1),
        object_span=Span(1, 2),
        evidence=(Evidence(start=0, end=len(words), text=words),),
        confidence=confidence,
        rule="",
    )
    extraction = Extraction(article=article, entities=(), statements=(statement,))
    line = to_line(extraction)
    assert line.splitlines() == [line[:-1]]
    assert line.encode().decode() == line
    assert json.loads(line)["statements"][0]["evidence"][0]["text"] == words
    assert read_lines([line], name="x") == (extraction,)
