"""The questions of an analyst, asked of a region with signings, money, places in places, reprints and contradictions."""

import pytest
from region import FORUM, SOCIETY, region
from region_answers import ANSWERS

from kg.query.questions import question
from kg.query.running import load_graph, run_query
from kg.serialize import iri
from kg.serialize.turtle import write_turtle
from kg.vocabulary import NAMESPACE, load_vocabulary


@pytest.fixture(scope="module")
def turtle():
    return write_turtle(region(), load_vocabulary())


@pytest.fixture(scope="module")
def graph(turtle):
    return load_graph(turtle)


def ask(graph, name, *given, engine="auto"):
    asked = question(name)
    values = asked.bound(dict(g.split("=") for g in given))
    result = run_query(graph, asked.sparql, parameters=values, alike=asked.shipped, engine=engine)
    return [tuple("" if cell is None else cell.value for cell in row) for row in result.cells]


@pytest.mark.parametrize("call", ANSWERS, ids=" ".join)
def test_answer(graph, call):
    assert ask(graph, *call) == ANSWERS[call]


@pytest.mark.parametrize("place", ["岚泽", "岚泽省", "990000"])
def test_a_place_is_found_by_name_short_name_and_code(graph, place):
    found = ask(graph, "in-place", f"place={place}")
    assert (
        "Project",
        "北渡晶圆项目",
        "岚泽省",
    ) in found  # in a park, in a district, in a city, in the province


def test_containment_written_by_hand():
    loaded = load_graph(
        """
        @prefix nk: <https://newskg.example/ontology#> .
        @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        @prefix e: <https://newskg.example/id/> .
        e:p a nk:Place ; rdfs:label "望浦省" ; nk:divisionCode "980000" .
        e:c a nk:Place ; rdfs:label "安渚市" ; nk:divisionCode "980300" ; nk:within e:p .
        e:d a nk:Place ; rdfs:label "安渚市石桥县" ; nk:divisionCode "980321" ; nk:within e:c .
        e:x a nk:Place ; rdfs:label "外洲市" ; nk:divisionCode "970100" .
        e:f a nk:Organization ; rdfs:label "石桥造船厂" ; nk:locatedIn e:d .
        e:g a nk:Organization ; rdfs:label "外洲造船厂" ; nk:locatedIn e:x .
        e:h a nk:Event ; rdfs:label "安渚船展" ; nk:heldAt e:f .
        e:s1 rdf:subject e:f ; rdf:object e:d .
        e:s2 rdf:subject e:g ; rdf:object e:x .
        e:s3 rdf:subject e:h ; rdf:object e:f .
        """.encode()
    )
    expected = [
        ("Event", "安渚船展", "望浦省"),
        ("Organization", "石桥造船厂", "望浦省"),
        ("Place", "安渚市石桥县", "望浦省"),
    ]
    assert ask(loaded, "in-place", "place=望浦") == expected
    assert ask(loaded, "in-place", "place=980000", engine="rdflib") == expected


def test_derived_facts_are_asked_where_they_are_loaded(turtle):
    party, event = (iri.entity_iri(iri.DEFAULT_BASE, id_) for id_ in (SOCIETY, FORUM))
    derived = f"<{party}> <{NAMESPACE}involvedIn> <{event}> .".encode()
    loaded = load_graph(turtle, derived, names=("graph.ttl", "derived.ttl"))
    for engine in ("auto", "rdflib"):
        assert ask(loaded, "involved", "event=量子论坛", engine=engine) == [
            ("岚泽省科学技术协会", "2032岚泽量子论坛")
        ]
