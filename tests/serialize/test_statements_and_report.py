"""Promises of ``statements.jsonl`` and ``report.md``; all names and sentences are invented."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Article, Edge, Evidence, KnowledgeGraph, Modality, Node, Skipped, Source, Span, Support
from kg.serialize.markdown import escaped, table
from kg.serialize.report import write_report
from kg.serialize.statements import write_statements
from kg.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
TEXT = "云岭大学主办|云岭\n数字*大会。王刚任云岭大学校长。"


def edge(
    id_: str,
    subject: str,
    predicate: str,
    object_: str,
    *,
    at: tuple[int, int] = (0, 15),
    confidence: float = 0.9,
    modality: Modality = "stated",
    **key: str,
) -> Edge:
    support = Support(
        source="页_一.txt",
        article=0,
        evidence=Evidence(start=at[0], end=at[1], text=TEXT[at[0] : at[1]]),
        subject_span=Span(at[0], at[0] + 1),
        object_span=Span(at[0] + 1, at[1]),
        confidence=confidence,
        rule="test.rule",
        qualifiers=key,
    )
    return Edge(
        id=id_,
        subject=subject,
        predicate=predicate,
        object=object_,
        modality=modality,
        confidence=confidence,
        supports=(support,),
        key=key,
    )


GRAPH = KnowledgeGraph(
    sources=(Source(id="页_一.txt", text=TEXT, raw_sha256="0" * 64, text_sha256="0" * 64),),
    articles=(
        Article(
            source="页_一.txt",
            index=0,
            spans=(Span(0, 27),),
            passages=(),
            title="<b>喜讯</b>",
            published="2024-03-01",
        ),
    ),
    nodes=(
        Node(id="event:云岭数字大会", type="Event", name="云岭数字大会"),
        Node(
            id="organization:云岭大学",
            type="Organization",
            subtype="University",
            name="云岭大学",
            aliases=("云大",),
            merged_because=("same name: 云岭大学",),
        ),
        Node(id="person:王刚（云岭大学）", type="Person", name="王刚"),
    ),
    edges=(
        edge("1a", "organization:云岭大学", "hosts", "event:云岭数字大会", confidence=0.8),
        edge(
            "2b",
            "person:王刚（云岭大学）",
            "holdsPosition",
            "organization:云岭大学",
            at=(16, 27),
            role="校长",
        ),
        edge("3c", "organization:云岭大学", "undertakes", "event:云岭数字大会", confidence=0.3),
        edge(
            "4d",
            "organization:云岭大学",
            "supports",
            "event:云岭数字大会",
            confidence=0.95,
            modality="planned",
        ),
    ),
    skipped=(Skipped(source="坏|文件", reason="not text"),),
    min_confidence=0.5,
)


def records(graph: KnowledgeGraph = GRAPH) -> list[dict[str, object]]:
    return [json.loads(line) for line in write_statements(graph, VOCABULARY).decode().splitlines()]


def test_a_statement_has_ids_labels_and_all_its_evidence() -> None:
    found = next(r for r in records() if r["id"] == "2b")
    assert found == {
        "id": "2b",
        "subject": {"id": "person:王刚（云岭大学）", "type": "Person", "subtype": None, "name": "王刚"},
        "predicate": "holdsPosition",
        "label": {"en": "holds position at", "zh": "任职于"},
        "object": {
            "id": "organization:云岭大学",
            "type": "Organization",
            "subtype": "University",
            "name": "云岭大学",
        },
        "modality": "stated",
        "qualifiers": {"role": "校长"},
        "confidence": 0.9,
        "flat": True,
        "occurrence": None,
        "rules": ["test.rule"],
        "evidence": [
            {
                "source": "页_一.txt",
                "article": 0,
                "title": "<b>喜讯</b>",
                "published": "2024-03-01",
                "publisher": "",
                "start": 16,
                "end": 27,
                "text": "王刚任云岭大学校长。",
                "subject_span": [16, 17],
                "object_span": [17, 27],
                "qualifiers": {"role": "校长"},
                "attributed_to": None,
                "confidence": 0.9,
                "rule": "test.rule",
            }
        ],
    }


def test_only_certain_facts_are_flat() -> None:
    assert {r["id"]: r["flat"] for r in records()} == {"1a": True, "2b": True, "3c": False, "4d": False}


def test_order_of_edges_does_not_matter() -> None:
    turned = replace(GRAPH, edges=tuple(reversed(GRAPH.edges)))
    assert write_statements(turned, VOCABULARY) == write_statements(GRAPH, VOCABULARY)
    assert write_report(turned, VOCABULARY) == write_report(GRAPH, VOCABULARY)


@pytest.fixture(scope="module")
def sections() -> dict[str, str]:
    parts = re.split(r"^## ", write_report(GRAPH, VOCABULARY).decode(), flags=re.MULTILINE)
    return {part.partition("\n")[0].rpartition(" · ")[2]: part.partition("\n")[2] for part in parts}


def test_report_counts_by_type_and_relation(sections: dict[str, str]) -> None:
    assert "| 陈述 · statements | 3 |" in sections["Overview"]
    assert "| 其中有陈述的实体 · entities in statements | 3 |" in sections["Overview"]
    assert "| 陈述的证据 · evidence of the statements | 3 |" in sections["Overview"]
    assert "| 低于阈值的陈述 · statements below the threshold | 1 |" in sections["Overview"]
    assert "| 机构 · organization | 高校 · university | 1 | 1 |" in sections["Entities by type"]
    assert "| 主办 · hosts | 1 | 0 | 0 | 0 |" in sections["Statements by relation"]
    assert "| 支持 · supports | 0 | 1 | 0 | 0 |" in sections["Statements by relation"]
    assert "| 承办 · undertakes | 0 | 0 | 0 | 1 |" in sections["Statements by relation"]


def test_report_lists_the_best_connected_first(sections: dict[str, str]) -> None:
    rows = [line for line in sections["Best connected entities"].splitlines() if line.startswith("| ")][2:]
    assert rows[0].startswith("| 云岭大学 | 机构 · organization | 2 | 3 |")
    assert any(row.startswith("| 王刚（云岭大学） |") for row in rows)


def test_report_shows_doubts_with_their_evidence(sections: dict[str, str]) -> None:
    first = sections["Statements to check first"].split("- **")[1]
    assert first.startswith("0.80** 云岭大学 — 主办 → 云岭数字大会")
    assert "“云岭大学主办\\|云岭数字\\*大会”" in first
    assert "\\<b\\>喜讯\\</b\\>，2024-03-01" in first
    below = sections["Statements kept below the threshold"]
    assert "**0.30** 云岭大学 — 承办 → 云岭数字大会" in below
    assert "0.80" not in below


def test_report_names_merges_and_what_was_skipped(sections: dict[str, str]) -> None:
    assert (
        "| organization:云岭大学 | 云大 | same name: 云岭大学 |"
        in sections["Entities merged across articles"]
    )
    assert "| 坏\\|文件 | not text |" in sections["What was skipped and why"]


def test_report_of_an_empty_graph_says_so() -> None:
    empty = KnowledgeGraph(sources=(), articles=(), nodes=(), edges=())
    report = write_report(empty, VOCABULARY).decode()
    assert report.count("无 · none") == 4


@given(st.text())
def test_escaped_text_stays_in_its_cell(text: str) -> None:
    cell = escaped(text)
    assert len(cell.splitlines()) <= 1
    assert re.search(r"(?<!\\)(?:\\\\)*[|*_`<\[]", cell) is None
    assert table(["a", "b"], [[cell, 1]]).count("\n") == 3
