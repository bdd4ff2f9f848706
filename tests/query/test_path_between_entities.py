"""Promises of the shortest way between two entities, on a Turtle file, on ``statements.jsonl`` and in memory."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import pytest

from kg.assemble import to_networkx
from kg.errors import InputError, UsageError
from kg.model import (
    Article,
    Edge,
    Evidence,
    KnowledgeGraph,
    Modality,
    Node,
    Source,
    Span,
    Support,
)
from kg.query.network import load_statements, load_turtle
from kg.query.path import describe, find_path
from kg.serialize.statements import write_statements
from kg.serialize.turtle import write_turtle
from kg.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
TEXT = "云岭大学、江北银行、云州重工和王刚共同出席在南溪市举行的云岭数字\n大会。"


def edge(
    subject: str,
    predicate: str,
    object_: str,
    *,
    confidence: float = 0.9,
    modality: Modality = "stated",
    **key: str,
) -> Edge:
    support = Support(
        source="页/一 1.txt",
        article=0,
        evidence=Evidence(start=0, end=len(TEXT), text=TEXT),
        subject_span=Span(0, 4),
        object_span=Span(5, 9),
        confidence=confidence,
        rule="test",
        qualifiers=key,
    )
    return Edge(
        id=f"{subject}-{predicate}-{object_}".replace(":", "")[:60],
        subject=subject,
        predicate=predicate,
        object=object_,
        modality=modality,
        confidence=confidence,
        supports=(support,),
        key=key,
    )


def node(id_: str, name: str, *aliases: str, subtype: str = "") -> Node:
    return Node(id=id_, type=id_.partition(":")[0].capitalize(), name=name, aliases=aliases, subtype=subtype)


GRAPH = KnowledgeGraph(
    sources=(Source(id="页/一 1.txt", text=TEXT, raw_sha256="0" * 64, text_sha256="0" * 64),),
    articles=(
        Article(
            source="页/一 1.txt",
            index=0,
            spans=(Span(0, 9),),
            passages=(),
            title="大会召开",
            published="2024-03-01",
        ),
    ),
    nodes=tuple(
        sorted(
            (
                node("organization:云岭大学", "云岭大学", "云大", subtype="University"),
                node("organization:云州重工", "云州重工"),
                node("organization:江北银行", "江北银行"),
                node("organization:孤岛研究院", "孤岛研究院"),
                node("event:“云岭”数字大会", "“云岭”数字大会"),
                node("person:王刚（云州重工）", "王刚"),
                node("person:王刚（大会召开）", "王刚"),
                node("place:南溪市", "南溪市"),
            ),
            key=lambda n: n.id,
        )
    ),
    edges=tuple(
        sorted(
            (
                edge("organization:云岭大学", "hosts", "event:“云岭”数字大会"),
                edge("organization:江北银行", "participatesIn", "event:“云岭”数字大会"),
                edge("organization:云岭大学", "signsAgreementWith", "organization:云州重工", date="2024-02"),
                edge("person:王刚（云州重工）", "holdsPosition", "organization:云州重工", role="董事长"),
                edge("person:王刚（云州重工）", "participatesIn", "event:“云岭”数字大会", confidence=0.3),
                edge(
                    "person:王刚（大会召开）",
                    "holdsPosition",
                    "place:南溪市",
                    modality="planned",
                    role="市长",
                ),
            ),
            key=lambda e: e.id,
        )
    ),
    min_confidence=0.5,
)

NETWORKS = {
    "memory": to_networkx(GRAPH),
    "turtle": load_turtle(write_turtle(GRAPH, VOCABULARY)),
    "statements": load_statements(write_statements(GRAPH, VOCABULARY).decode().splitlines()),
}


@pytest.fixture(params=sorted(NETWORKS))
def network(request: pytest.FixtureRequest) -> nx.MultiDiGraph[str]:
    return NETWORKS[request.param]


def names(network: nx.MultiDiGraph[str], start: str, end: str, *, doubtful: bool = False) -> list[str] | None:
    steps = find_path(network, start, end, doubtful=doubtful)
    if steps is None:
        return None
    return [network.nodes[n]["name"] for n in [*(s.start for s in steps), *(s.end for s in steps[-1:])]]


def test_the_shortest_way_goes_over_statements_in_both_directions(network: nx.MultiDiGraph[str]) -> None:
    assert names(network, "江北银行", "person:王刚（云州重工）") == [
        "江北银行",
        "“云岭”数字大会",
        "云岭大学",
        "云州重工",
        "王刚",
    ]


def test_doubtful_statements_are_walked_only_when_asked(network: nx.MultiDiGraph[str]) -> None:
    assert names(network, "江北银行", "王刚（云州重工）", doubtful=True) == [
        "江北银行",
        "“云岭”数字大会",
        "王刚",
    ]
    assert names(network, "王刚（大会召开）", "南溪市", doubtful=True) == ["王刚", "南溪市"]
    assert names(network, "王刚（大会召开）", "南溪市") is None


def test_every_step_carries_its_statements_and_where_they_stand(network: nx.MultiDiGraph[str]) -> None:
    steps = find_path(network, "云州重工", "云岭大学")
    assert steps is not None
    (stated,) = steps[0].statements
    assert (stated.subject, stated.predicate, stated.object) == ("云岭大学", "signsAgreementWith", "云州重工")
    assert (stated.modality, stated.confidence, dict(stated.qualifiers)) == (
        "stated",
        0.9,
        {"date": "2024-02"},
    )
    assert [dict(quote) for quote in stated.evidence] == [
        {
            "text": TEXT,
            "source": "页/一 1.txt",
            "article": 0,
            "start": 0,
            "end": len(TEXT),
            "title": "大会召开",
            "published": "2024-03-01",
        }
    ]


def test_the_way_in_words(network: nx.MultiDiGraph[str]) -> None:
    steps = find_path(network, "云州重工", "云岭大学")
    assert steps is not None
    assert describe(steps, labels=VOCABULARY.label) == (
        "1. 云岭大学 —签约→ 云州重工，日期：2024-02  [0.90]\n"
        "   “云岭大学、江北银行、云州重工和王刚共同出席在南溪市举行的云岭数字大会。”\n"
        f"   大会召开，2024-03-01，页/一 1.txt 0–{len(TEXT)}\n"
    )


@pytest.mark.parametrize("wanted", ["云岭数字大会", "“云岭”数字大会", "event:“云岭”数字大会"])
def test_quotation_marks_need_not_be_typed(network: nx.MultiDiGraph[str], wanted: str) -> None:
    assert names(network, "云岭大学", wanted) == ["云岭大学", "“云岭”数字大会"]


@pytest.mark.parametrize("kind", ["memory", "turtle"])
def test_an_alias_will_do_and_one_thing_is_no_way_from_itself(kind: str) -> None:
    assert names(NETWORKS[kind], "云大", "云州重工") == ["云岭大学", "云州重工"]
    assert find_path(NETWORKS[kind], "云大", "云岭大学") == ()
    assert find_path(NETWORKS[kind], "云大", "孤岛研究院") is None


def test_namesakes_are_listed(network: nx.MultiDiGraph[str]) -> None:
    with pytest.raises(
        UsageError, match=r"'王刚' names 2 things.*person:王刚（云州重工）, person:王刚（大会召开）"
    ):
        find_path(network, "王刚", "云岭大学")


def test_an_unknown_name_is_answered_with_near_ones(network: nx.MultiDiGraph[str]) -> None:
    with pytest.raises(UsageError, match="nothing in the graph is called '云岭学院'; near are: 云岭大学"):
        find_path(network, "云岭学院", "云州重工")


def test_turtle_gives_the_same_edges_as_the_graph_in_memory() -> None:
    memory, turtle = NETWORKS["memory"], NETWORKS["turtle"]
    fields = ("predicate", "modality", "confidence", "qualifiers", "flat", "evidence")

    def edges(network: nx.MultiDiGraph[str]) -> dict[str, list[object]]:
        return {k: [data[f] for f in fields] for _, _, k, data in network.edges(keys=True, data=True)}

    assert edges(turtle) == edges(memory)
    kept = ("type", "subtype", "name", "aliases")
    assert sorted([n[f] for f in kept] for _, n in turtle.nodes(data=True)) == sorted(
        [n[f] for f in kept] for _, n in memory.nodes(data=True)
    )


def test_a_plain_fact_lends_no_certainty_to_a_doubtful_one_of_the_same_ends() -> None:
    sure = edge("organization:云岭大学", "signsAgreementWith", "organization:云州重工", date="2024-02")
    doubtful = replace(sure, id="doubtful", key={"date": "2024-03"}, confidence=0.2)
    planned = replace(sure, id="planned", key={"date": "2024-04"}, modality="planned")
    edges = tuple(sorted((sure, doubtful, planned), key=lambda e: e.id))
    network = load_turtle(write_turtle(replace(GRAPH, edges=edges), VOCABULARY))
    flat = {key: data["flat"] for _, _, key, data in network.edges(keys=True, data=True)}
    assert flat == {sure.id: True, "doubtful": False, "planned": False}


def test_files_that_are_no_graph_are_named() -> None:
    with pytest.raises(InputError, match=r"g\.ttl: a Turtle file was expected"):
        load_turtle("这不是图".encode(), name="g.ttl")
    with pytest.raises(InputError, match=r"s\.jsonl: line 1: a statement as `kg build` writes it"):
        load_statements(["{}"], name="s.jsonl")
