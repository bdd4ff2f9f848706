"""Turtle that nobody built here: what is not there, or no such thing, is absent, and the rest is served."""

import pytest

from kg.model import Span
from kg.serve.stored.reading import StoredGraph
from kg.serve.stored.store import prepare
from kg.vocabulary import load_vocabulary

PREFIXES = """@prefix : <https://newskg.example/id/> .
@prefix nk: <https://newskg.example/ontology#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <https://schema.org/> .
@prefix nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#> .
<https://newskg.example/id/organization:甲> a nk:Organization ; skos:prefLabel "甲"@zh , "丙"@zh ; skos:altLabel 7 , [] .
<https://newskg.example/id/organization:乙> a nk:Organization , nk:Company , nk:Unknown ; nk:namedAfter "甲" .
<https://elsewhere.example/organization:丁> a nk:Organization ; skos:prefLabel "丁" .
[] a nk:Organization ; skos:prefLabel "无名" .
"""
WHOLE = """<https://newskg.example/id/statement/1> a nk:Statement ;
 rdf:subject <https://newskg.example/id/organization:甲> ; rdf:predicate nk:cooperatesWith ;
 rdf:object <https://newskg.example/id/organization:乙> ; nk:modality nk:stated ; nk:confidence 0.5 ; nk:accepted true .
"""


@pytest.fixture
def served(tmp_path):
    def make(text):
        (tmp_path / "graph.ttl").write_text(PREFIXES + text, encoding="utf-8")
        return StoredGraph(prepare(tmp_path), load_vocabulary())

    return make


def test_entities_are_what_has_a_known_class_and_an_own_name(served):
    stored = served("")
    one, two = stored.node("organization:甲"), stored.node("organization:乙")
    assert (one.name, one.aliases) == ("丙", ("7",))  # the first of several
    assert (two.name, two.subtype, two.named_after) == ("organization:乙", "Company", "")
    assert stored.best_connected(9) == ["organization:乙", "organization:甲"]
    assert [hit.id for hit in stored.names.search("乙")] == ["organization:乙"]
    assert stored.names.search("丁") == stored.names.search("无名") == []


def test_a_bare_statement_is_one_without_evidence(served):
    stored = served(WHOLE)
    (edge,) = stored.edges_of("organization:甲")
    assert (edge.id, edge.predicate, edge.confidence, edge.supports) == ("1", "cooperatesWith", 0.5, ())
    assert stored.neighbours("organization:乙") == ["organization:甲"]


@pytest.mark.parametrize(
    ("told", "instead"),
    [
        ("rdf:subject <https://newskg.example/id/organization:甲>", "rdf:subject [ ]"),
        ("rdf:subject <https://newskg.example/id/organization:甲>", 'rdf:subject "甲"'),
        ("rdf:predicate nk:cooperatesWith", "rdf:predicate nk:admires"),
        ("rdf:object <https://newskg.example/id/organization:乙>", "rdf:value 1"),
        (
            "rdf:object <https://newskg.example/id/organization:乙>",
            "rdf:object <https://elsewhere.example/x>",
        ),
        ("nk:modality nk:stated", "nk:modality nk:dreamt"),
        ("a nk:Statement", "a rdf:Statement"),
    ],
)
def test_half_a_statement_is_none(served, told, instead):
    stored = served(WHOLE.replace(told, instead))
    assert stored.edges_of("organization:甲") == []
    assert stored.edge("1") is None
    assert stored.edges_between("organization:甲", "organization:乙") == []


@pytest.mark.parametrize("confidence", ['"许多"', '"NaN"^^xsd:double', "-1", "7", "[]", "true"])
def test_a_confidence_that_is_none_is_the_lowest(served, confidence):
    text = WHOLE.replace("0.5", confidence)
    stored = served(f"@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n{text}")
    assert [edge.confidence for edge in stored.edges_of("organization:甲")] == [0.0]


def test_a_support_that_is_not_whole_is_left_out(served):
    support = """<https://newskg.example/id/support/{n}> a nk:Support ; nk:confidence 0.5 ; nk:rule "r" ; {evidence}
 nk:article <https://newskg.example/id/article/s/0> ;
 nk:subjectString <https://newskg.example/id/source/s#char=0,1> ; nk:objectString <{object}> .
"""
    string = "https://newskg.example/id/source/s#char=0,9"
    evidence = f"nk:evidence <{string}> ;"
    stored = served(
        WHOLE
        + "".join(
            f"<https://newskg.example/id/statement/1> nk:support <https://newskg.example/id/support/{n}> .\n"
            for n in range(5)
        )
        + support.format(n=0, evidence=evidence, object="https://newskg.example/id/source/s#char=2,3")
        + support.format(n=1, evidence="", object="https://newskg.example/id/source/s#char=2,3")
        + support.format(n=2, evidence=evidence, object="https://newskg.example/id/source/s")
        + support.format(n=3, evidence=evidence, object=string).replace("/article/s/0", "/article/s/1")
        + f'<{string}> nif:anchorOf "甲与乙合作。" .\n'
        + "<https://newskg.example/id/article/s/0> a schema:NewsArticle ; nk:articleIndex 0 ;"
        + " schema:isPartOf <https://newskg.example/id/source/s> .\n"
        + '<https://newskg.example/id/article/s/1> a schema:NewsArticle ; nk:articleIndex "一" .\n'
    )
    (support,) = stored.edge("1").supports
    assert (support.source, support.article, support.evidence.text) == ("s", 0, "甲与乙合作。")
    assert (support.subject_span, support.object_span) == (Span(0, 1), Span(2, 3))
    assert stored.article("s", 0).title == ""
    assert stored.article("s", 1) is None


def test_occurrences_need_a_kind_dates_need_not_be_any(served):
    stored = served(
        """<https://newskg.example/id/occurrence/a> a nk:Occurrence , nk:Signing ; nk:onDate "2031-05" ;
 nk:party <https://newskg.example/id/organization:甲> , <https://elsewhere.example/x> , "乙" .
<https://newskg.example/id/occurrence/b> a nk:Occurrence ; nk:onDate "2031" .
<https://newskg.example/id/occurrence/c> a nk:Occurrence , nk:Signing ; nk:onDate "某日" ; nk:dateText "某日" .
<https://elsewhere.example/d> a nk:Occurrence , nk:Signing ; nk:onDate "2031" .
"""
    )
    (found,) = stored.happenings()
    assert (found.id, found.roles, found.date.value) == ("a", {"party": ("organization:甲",)}, "2031-05")
    assert stored.happening("b") is None
    assert stored.happening("c").date.text == "某日"
    assert stored.happenings(since="2031-06") == stored.happenings(until="2031-04-30") == []
    assert [h.id for h in stored.happenings(since="2031-05-31", until="2031-06")] == ["a"]
    assert [h.id for h in stored.happenings(since="昨天", until="明天")] == ["a"]


def test_statements_about_statements_are_nothing_of_ours(served):
    stored = served(
        WHOLE + '<https://newskg.example/id/x> rdf:reifies <<( :a :b :c )>> ; nk:occurrence "y" .\n'
    )
    assert [edge.id for edge in stored.edges_of("organization:甲")] == ["1"]
    assert stored.edges_telling("y") == []
