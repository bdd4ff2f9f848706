"""Derived facts follow from the graph by the ontology, are marked, and repeat nothing."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from foreign_readers import by_oxigraph, by_rdflib
from invented import Fact, Story, graph_of, node, small_graph
from turtle_graphs import sample

from kg.model import KnowledgeGraph, PlacedDivision
from kg.serialize.derived import closure, write_derived
from kg.serialize.turtle import write_turtle
from kg.vocabulary import Inference, load_vocabulary

VOCABULARY = load_vocabulary()
NK = "https://newskg.example/ontology#"
ID = "https://newskg.example/id/"
PROV = "http://www.w3.org/ns/prov#"
OWL = "http://www.w3.org/2002/07/owl#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"


def derived(graph: KnowledgeGraph) -> set[tuple[str, ...]]:
    return by_oxigraph("derived.ttl", write_derived(graph, VOCABULARY))


def facts(graph: KnowledgeGraph) -> set[tuple[str, ...]]:
    """Return derived triples between entities, shortened."""
    names = {node.id for node in graph.nodes} | {division.id for division in graph.divisions}
    short = ((s.removeprefix(ID), p.removeprefix(NK), o.removeprefix(ID)) for s, p, o in derived(graph))
    return {t for t in short if t[0] in names and t[2] in names}


def story(*stated: tuple[str, str, str], modality: str = "stated", confidence: float = 0.9) -> list[Story]:
    return [
        Story(
            source=f"{number}.txt",
            title="要闻",
            published="2031-05-07",
            facts=[
                Fact(
                    subject=s,
                    predicate=p,
                    object=o,
                    sentence=f"据介绍，{s.partition(':')[2]}与{o.partition(':')[2]}有关。",
                    modality=modality,  # type: ignore[arg-type]
                    confidence=confidence,
                )
            ],
        )
        for number, (s, p, o) in enumerate(stated)
    ]


ONE, TWO, THREE = (f"organization:{name}" for name in ("甲研究院", "乙集团", "丙控股"))
NODES = [node("Organization", name) for name in ("甲研究院", "乙集团", "丙控股")]


def test_symmetric_relations_hold_the_other_way_round_and_their_group_both_ways() -> None:
    graph = graph_of(NODES, story((ONE, "cooperatesWith", TWO)))
    assert facts(graph) == {
        (TWO, "cooperatesWith", ONE),
        (ONE, "dealsWith", TWO),
        (TWO, "dealsWith", ONE),
    }


def test_inverse_relations_and_groups_of_groups() -> None:
    event = "event:丁论坛"
    graph = graph_of([*NODES, node("Event", "丁论坛")], story((ONE, "hosts", event), (ONE, "investsIn", TWO)))
    assert facts(graph) == {
        (ONE, "organizes", event),
        (ONE, "involvedIn", event),
        (event, "organizedBy", ONE),
        (ONE, "funds", TWO),
        (TWO, "fundedBy", ONE),
    }


def test_parts_of_parts_are_parts() -> None:
    graph = graph_of(NODES, story((ONE, "partOf", TWO), (TWO, "partOf", THREE)))
    found = facts(graph)
    assert (ONE, "partOf", THREE) in found
    assert {t for t in found if t[1] == "hasPart"} == {
        (TWO, "hasPart", ONE),
        (THREE, "hasPart", TWO),
        (THREE, "hasPart", ONE),
    }


def test_what_lies_in_a_division_lies_in_those_above_it() -> None:
    county, city, province = ("place:戊县", "place:己市", "place:庚省")
    event = "event:丁论坛"
    nodes = [*NODES, node("Place", "戊县"), node("Event", "丁论坛")]
    graph = replace(
        graph_of(nodes, story((ONE, "locatedIn", county), (event, "heldAt", county))),
        divisions=(
            PlacedDivision(id=county, code="990101", name="戊县", within=city),
            PlacedDivision(id=city, code="990100", name="己市", within=province),
            PlacedDivision(id=province, code="990000", name="庚省"),
        ),
    )
    found = facts(graph)
    assert {o for s, p, o in found if (s, p) == (county, "inside")} == {city, province}
    assert {o for s, p, o in found if (s, p) == (ONE, "locatedIn")} == {city, province}
    assert {o for s, p, o in found if (s, p) == (event, "heldAt")} == {city, province}
    assert not any(p == "within" for _, p, _ in found)


@pytest.mark.parametrize(("modality", "confidence"), [("planned", 0.9), ("past", 0.9), ("stated", 0.4)])
def test_nothing_follows_from_what_is_no_accepted_fact(modality: str, confidence: float) -> None:
    stories = story((ONE, "cooperatesWith", TWO), modality=modality, confidence=confidence)
    graph = replace(graph_of(NODES, stories), min_confidence=0.5)
    assert facts(graph) == set()
    assert not any(p == NK + "derivedBy" for _, p, _ in derived(graph))


def test_a_circle_ends_and_leaves_nothing_within_itself() -> None:
    graph = graph_of(NODES, story((ONE, "partOf", TWO), (TWO, "partOf", ONE)))
    assert {t for t in facts(graph) if t[1] in ("partOf", "hasPart")} == {
        (TWO, "hasPart", ONE),
        (ONE, "hasPart", TWO),
    }


@pytest.mark.parametrize("graph", [small_graph(), sample()], ids=["small", "occurrence"])
def test_nothing_stands_in_both_files_and_both_parsers_read_it(graph: KnowledgeGraph) -> None:
    data = write_derived(graph, VOCABULARY)
    found = by_oxigraph("derived.ttl", data)
    assert found == by_rdflib("derived.ttl", data)
    assert facts(graph)
    assert not found & by_oxigraph("graph.ttl", write_turtle(graph, VOCABULARY))


def test_a_triple_whose_predicate_is_also_asserted_says_what_it_follows_from() -> None:
    graph = graph_of(NODES, story((ONE, "partOf", TWO), (TWO, "partOf", THREE), (ONE, "cooperatesWith", TWO)))
    statements = {(e.subject, e.predicate, e.object): f"{ID}statement/{e.id}" for e in graph.edges}
    by_subject: dict[str, dict[str, set[str]]] = {}
    for s, p, o in derived(graph):
        by_subject.setdefault(s, {}).setdefault(p, set()).add(o)
    marks = {
        tuple(next(iter(v[OWL + f"annotated{end}"])) for end in ("Source", "Property", "Target")): (
            v[NK + "derivedBy"],
            v[PROV + "wasDerivedFrom"],
        )
        for s, v in by_subject.items()
        if "/derivation/" in s
    }
    assert marks == {
        (ID + ONE, NK + "partOf", ID + THREE): (
            {OWL + "TransitiveProperty"},
            {statements[ONE, "partOf", TWO], statements[TWO, "partOf", THREE]},
        ),
        (ID + TWO, NK + "cooperatesWith", ID + ONE): (
            {OWL + "SymmetricProperty"},
            {statements[ONE, "cooperatesWith", TWO]},
        ),
    }
    never_asserted = VOCABULARY.inference.derived
    asserted = {t for t in facts(graph) if NK + t[1] not in never_asserted}
    assert {(ID + s, NK + p, ID + o) for s, p, o in asserted} == set(marks)


def test_the_file_says_that_it_is_derived_and_from_what() -> None:
    graph = small_graph()
    found = derived(graph)
    ((name, _, _),) = (t for t in found if t[2] == NK + "DerivedGraph")
    ((_, _, origin),) = (t for t in found if t[0] == name and t[1] == PROV + "wasDerivedFrom")
    assert name.startswith(ID + "derived/")
    assert origin == name.replace("/derived/", "/dataset/")
    assert len([t for t in found if t[0] == name and t[1] == RDFS + "comment"]) == 2


# ---------------- the closure against a slow one

INFERENCE = Inference(
    wider={"p": ("q",), "q": ("r",)},
    backwards={"s": ("s",), "p": ("i",), "i": ("p",)},
    chains=(("t", "t", "t"), ("p", "t", "p")),
)
FACTS = st.frozensets(
    st.tuples(st.sampled_from("abcde"), st.sampled_from("pstiq"), st.sampled_from("abcde")), max_size=9
)


def slowly(given_: frozenset[tuple[str, str, str]]) -> set[tuple[str, str, str]]:
    """Apply every rule to everything until nothing is new; a thing about itself is left out unless it is given."""
    known = set(given_)
    while True:
        new = {(s, w, o) for s, p, o in known for w in INFERENCE.wider.get(p, ())}
        new |= {(o, b, s) for s, p, o in known for b in INFERENCE.backwards.get(p, ())}
        new |= {
            (s, implied, end)
            for first, second, implied in INFERENCE.chains
            for s, p, o in known
            if p == first
            for start, q, end in known
            if q == second and start == o
        }
        new = {t for t in new if t[0] != t[2]} - known
        if not new:
            return known
        known |= new


@given(FACTS)
def test_the_closure_is_all_that_follows_and_no_more(found: frozenset[tuple[str, str, str]]) -> None:
    assert set(closure(found, INFERENCE)) == slowly(found)


@given(
    st.lists(st.tuples(*map(st.sampled_from, ("abcde", "pstiq", "abcde"))), max_size=9, unique=True),
    st.randoms(),
)
def test_reasons_do_not_depend_on_the_order(found: list[tuple[str, str, str]], random) -> None:
    turned = list(found)
    random.shuffle(turned)
    assert closure(found, INFERENCE) == closure(turned, INFERENCE)
