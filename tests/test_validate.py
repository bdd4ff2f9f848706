"""A conforming graph conforms; a graph that breaks one promise is refused with the promise named."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import OWL

sys.path.insert(0, str(Path(__file__).parent / "serialize"))

from turtle_graphs import sample

from kg.errors import InputError
from kg.model import Run
from kg.parts import parts
from kg.serialize.turtle import write_turtle
from kg.shapes import shapes_turtle
from kg.validate import validate
from kg.vocabulary import load_vocabulary, ontology_folder

VOCABULARY = load_vocabulary()
GOOD = write_turtle(sample(), VOCABULARY).decode()


def test_written_graph_conforms() -> None:
    report = validate(GOOD.encode())
    assert report.violations == ()
    assert report.conforms


# old text, new text, words of a violation
BROKEN = [
    ("place:南溪市 a nk:Place", "place:南溪市 a nk:Place , nk:Person", "exactly one entity class"),
    ("place:南溪市 a nk:Place", "place:南溪市 a nk:University", "University: the class Organization"),
    ('rdfs:label "周一鸣" ;', "", "exactly one rdfs:label"),
    ('skos:prefLabel "周一鸣"', 'skos:prefLabel "周二鸣"', "skos:prefLabel equal"),
    ('skos:altLabel "云大"', 'skos:altLabel "云岭大学"', "other than the label"),
    ('nk:mergedBecause "同名，同一任职单位"', 'nk:mergedBecause ""', "a reason in words"),
    ('nk:endDate "2023-12-05"^^xsd:date ;', "", "nk:endDate"),
    (
        'nk:onDate "2023-12"^^xsd:gYearMonth',
        'nk:onDate "2023年12月"',
        "xsd:gYearMonth or xsd:gYear was expected",
    ),
    (
        'nk:onDate "2023-12"^^xsd:gYearMonth',
        'nk:onDate "2023-13"^^xsd:gYearMonth',
        "xsd:gYearMonth or xsd:gYear",
    ),
    ('nk:dateText "昨日" ;', "", "the words of the date"),
    ('nk:dateText "2023-12" , "2023-12-02/2023-12-05" ;', "", "the words of the date"),
    ("a nif:Context , nk:Source", "a nk:Source", "nif:Context"),
    ('dcterms:identifier "页/第1版 A%.txt" ;', "", "dcterms:identifier"),
    ('dcterms:format "text/plain"', 'dcterms:format "plain"', "a media type"),
    ('nk:rawSha256 "', 'nk:rawSha256 "X', "64 hexadecimal digits"),
    ('nk:textSha256 "', 'nk:textSha256 "X', "64 hexadecimal digits"),
    ("nif:endIndex 46 ;", "nif:endIndex 30 ;", "within the 30 characters"),
    ("nk:articleIndex 0 ;", "", "nk:articleIndex"),
    ('schema:headline "校院\\"牵手\\"签约" ;', "", "schema:headline"),
    ('schema:datePublished "2023-12-17"^^xsd:date', 'schema:datePublished "昨天"', "schema:datePublished"),
    ('schema:publisher "南溪日报"', 'schema:publisher "南溪日报" , "云岭晚报"', "schema:publisher"),
    ('schema:author "吴言"', 'schema:author ""', "an author"),
    ("schema:isPartOf <", "schema:isPartOf place:南溪市 , <", "schema:isPartOf"),
    (
        "a nk:Occurrence , nk:Signing",
        "a nk:Occurrence , nk:Signing , nk:Loan",
        "exactly one kind of occurrence",
    ),
    ("nk:party ", "nk:investor ", "Signing: at least one entity in a role among party"),
    ("nk:place place:南溪市", 'nk:place "南溪"', "nk:place"),
    ('nk:amountValue "200000000"^^xsd:decimal ;', "", "nk:amountValue was expected beside"),
    ('nk:amountValue "200000000"^^xsd:decimal ;', 'nk:amountValue "2亿" ;', "an xsd:decimal from 0"),
    ('nk:currency "CNY"', 'nk:currency "元"', "an ISO 4217 code"),
    ('nk:currency "CNY" ;', "", "nk:currency was expected beside"),
    ('nk:amountText "约2亿元" ;', "", "the words of the amount"),
    ("rdf:predicate nk:holdsPosition", "rdf:predicate nk:holdsOffice", "a relation of the ontology"),
    ("rdf:object organization:云岭大学 ;", "", "exactly one rdf:object"),
    ("rdf:subject person:周一鸣（云岭大学）", "rdf:subject organization:云岭大学", "other than the object"),
    (
        "rdf:subject person:周一鸣（云岭大学）",
        "rdf:subject place:南溪市",
        "holdsPosition: a subject among Person",
    ),
    ("rdf:predicate nk:memberOf", "rdf:predicate nk:hosts", "hosts: a object among Event, Programme"),
    (
        "nk:signsAgreementWith <",
        "nk:signsAgreementWith event:2023云岭峰会 , <",
        "signsAgreementWith: a object among",
    ),
    ("nk:signsAgreementWith <", "nk:cooperatesWith <", "an accepted stated nk:Statement was expected"),
    ("nk:modality nk:past", "nk:modality nk:perhaps", "nk:stated, nk:planned or nk:past"),
    ("nk:modality nk:stated", "nk:modality nk:planned", "an accepted stated nk:Statement was expected"),
    ("nk:signsAgreementWith <", "nk:cooperatesWith <", "the triple of an accepted stated nk:Statement"),
    ("nk:accepted true", "nk:accepted false", "an accepted stated nk:Statement was expected"),
    ("nk:accepted true", 'nk:accepted "yes"', "exactly one nk:accepted"),
    ("nk:accepted true ;", "", "exactly one nk:accepted"),
    ("nk:confidence 0.93", "nk:confidence 1.93", "from 0 to 1"),
    ("nk:confidence 0.93 ;", "", "exactly one nk:confidence"),
    ("nk:occurrence occurrence:", "nk:occurrence place:", "nk:Occurrence"),
    ('nk:role "校长、教授"', 'nk:role "校长" , "教授"', "at most one role"),
    ('nk:role "校长、教授"', 'nk:amount "两元"', "holdsPosition: no amount"),
    ('nk:date "2023-12-16"^^xsd:date', 'nk:date ""', "at most one nk:date"),
    (
        " ;\n\tnk:support support:1a1b2c3d4e5f6072-",
        " ;\n\tnk:other support:1a1b2c3d4e5f6072-",
        "evidence was expected",
    ),
    (
        " ;\n\tnk:support support:1a1b2c3d4e5f6072-",
        " ;\n\tnk:other support:1a1b2c3d4e5f6072-",
        "exactly one statement",
    ),
    ("nk:evidence <", "nk:proof <", "exactly one nk:evidence"),
    ("nk:subjectString <", "nk:subjectSpan <", "exactly one nk:subjectString"),
    ("nk:objectString <", "nk:objectSpan <", "exactly one nk:objectString"),
    ("nk:article <", "nk:page <", "exactly one nk:article"),
    ('nk:rule "post.plain"', 'nk:rule ""', "exactly one nk:rule"),
    ('nk:attributedTo "南溪日报"', 'nk:attributedTo ""', "nk:attributedTo"),
    ("#char=3,27> a", "#chars=3,27> a", "RFC 5147"),
    ("a nif:OffsetBasedString , nk:EvidenceString", "a nif:OffsetBasedString", "nk:EvidenceString"),
    (
        "nif:beginIndex 3 ;\n\tnif:endIndex 27",
        "nif:beginIndex 4 ;\n\tnif:endIndex 27",
        "the offsets of the IRI",
    ),
    (
        "nif:beginIndex 3 ;\n\tnif:endIndex 27",
        "nif:beginIndex 30 ;\n\tnif:endIndex 27",
        "less than nif:endIndex",
    ),
    ("nif:beginIndex 3 ;\n\tnif:endIndex 27", "nif:beginIndex 3", "exactly one nif:endIndex"),
    ('nif:anchorOf "周一鸣"', 'nif:anchorOf "周一"', "3 characters were expected"),
    ('nif:anchorOf "周一鸣" ;', "", "exactly one nif:anchorOf"),
    ("nif:referenceContext <", "nif:referenceContext place:南溪市 , <", "nif:referenceContext"),
    ("itsrdf:taIdentRef person:周一鸣（云岭大学）", 'itsrdf:taIdentRef "周"', "what the string stands for"),
    (" ;\n\titsrdf:taIdentRef person:周一鸣（云岭大学）", "", "the entity that the string stands for"),
]


@pytest.mark.parametrize(("old", "new", "named"), BROKEN)
def test_broken_graph_is_named(old: str, new: str, named: str) -> None:
    assert old in GOOD, "the case no longer breaks anything"
    report = validate(GOOD.replace(old, new, 1).encode())
    assert not report.conforms
    assert any(named in violation.message for violation in report.violations), [*map(str, report.violations)]


def test_violations_are_sorted_and_say_where() -> None:
    report = validate(GOOD.replace('nk:rule "post.plain"', 'nk:rule ""').encode())
    (violation,) = report.violations
    assert "/support/1a1b2c3d4e5f6072-" in violation.focus
    assert violation.path == "rule"
    assert str(violation).startswith(violation.focus + " rule: exactly one nk:rule")


def test_unparsable_turtle_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="line 1"):
        validate(b"this is no Turtle")
    with pytest.raises(InputError, match="readable"):
        validate(tmp_path / "missing.ttl")


def test_path_and_bytes_agree(tmp_path: Path) -> None:
    path = tmp_path / "graph.ttl"
    path.write_text(GOOD, encoding="utf-8")
    assert validate(path) == validate(GOOD.encode())


def test_shapes_file_is_what_follows_from_the_ontology() -> None:
    path = Path(__file__).parents[1] / "ontology" / "shapes.ttl"
    assert path.read_text(encoding="utf-8") == shapes_turtle(VOCABULARY)


def test_relation_of_an_overlay_is_written_and_checked(tmp_path: Path) -> None:
    (tmp_path / "ontology.ttl").write_text(
        """@prefix nk: <https://newskg.example/ontology#> .
@prefix my: <https://user.example/terms#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
my:supplies a nk:Relation ;
    rdfs:label "供货"@zh , "supplies"@en ;
    rdfs:comment "向对方供货。"@zh , "Delivers goods to."@en ;
    schema:domainIncludes nk:Person ;
    schema:rangeIncludes nk:Organization .
""",
        encoding="utf-8",
    )
    vocabulary = load_vocabulary(tmp_path)
    graph = sample(min_confidence=0.3)
    edges = (*graph.edges[:2], replace(graph.edges[2], predicate="supplies"))
    data = write_turtle(replace(graph, edges=edges), vocabulary)
    assert validate(data, vocabulary=vocabulary).violations == ()
    assert "a relation of the ontology" in " ".join(v.message for v in validate(data).violations)
    wrong = data.replace(
        b"rdf:predicate nk:holdsPosition", b"rdf:predicate <https://user.example/terms#supplies>"
    )
    wrong = wrong.replace(
        "rdf:subject person:周一鸣（云岭大学）".encode(), "rdf:subject place:南溪市".encode()
    )
    messages = [violation.message for violation in validate(wrong, vocabulary=vocabulary).violations]
    assert "supplies: a subject among Person was expected" in messages


def _triples(turtle: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(turtle.encode(), format=ox.RdfFormat.TURTLE)]


def test_every_subject_is_in_the_focus_of_one_part_and_parts_do_not_depend_on_the_order() -> None:
    triples = _triples(GOOD)
    found = list(parts(triples))
    focus = [subject for part in found for subject in part.focus]
    assert len(focus) == len(set(focus))
    assert set(focus) == {t.subject for t in triples}
    assert [p.digest() for p in parts(triples[::-1])] == [p.digest() for p in found]


@pytest.mark.parametrize(("old", "new", "named"), BROKEN)
def test_an_article_alone_shows_what_the_whole_graph_shows(
    old: str, new: str, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = validate(GOOD.replace(old, new, 1).encode()).violations
    monkeypatch.setattr("kg.validate._TOGETHER", 1)
    alone = validate(GOOD.replace(old, new, 1).encode()).violations
    assert [(v.focus, v.path, v.message) for v in alone] == [(v.focus, v.path, v.message) for v in together]
    assert any(named in v.message for v in alone)


MADE = write_turtle(
    replace(
        sample(),
        run=Run(version="0.1.0", layout="auto", min_confidence=0.5, resources={"lexicons": "a" * 64}),
    ),
    VOCABULARY,
).decode()


@pytest.mark.parametrize("piles", [1, 7, 5000])
def test_a_run_conforms_wherever_its_parts_are(piles: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.validate._TOGETHER", 1)
    monkeypatch.setattr("kg.parts._LEFT_OVER", piles)
    assert validate(MADE.encode()).violations == ()


BROKEN_RUNS = [
    ('nk:layout "auto"', 'nk:layout "book"', "exactly one nk:layout"),
    ('schema:softwareVersion "0.1.0"', 'schema:softwareVersion ""', "exactly one schema:softwareVersion"),
    ("nk:minConfidence 0.5", "nk:minConfidence 5.0", "nk:minConfidence"),
    ("prov:wasGeneratedBy", "prov:wasInvalidatedBy", "exactly one graph that the run generated"),
    ("prov:wasGeneratedBy ", "prov:wasGeneratedBy place:南溪市 , ", "exactly one prov:wasGeneratedBy"),
    ("prov:wasAssociatedWith", "prov:qualifiedAssociation", "exactly one prov:wasAssociatedWith"),
    ("prov:used", "prov:wasInformedBy", "prov:used was expected"),
    (f'"{"a" * 64}"', '"a"', "64 hexadecimal digits"),
    ("a prov:Activity , nk:Run", "a nk:Run", "also a prov:Activity"),
]


@pytest.mark.parametrize(("old", "new", "named"), BROKEN_RUNS)
def test_a_run_that_is_broken_is_named(old: str, new: str, named: str) -> None:
    assert old in MADE
    messages = [v.message for v in validate(MADE.replace(old, new, 1).encode()).violations]
    assert any(named in message for message in messages), messages


class Memory:
    """Who remembers what conformed."""

    def __init__(self) -> None:
        self.kept: set[str] = set()
        self.asked: list[bool] = []

    def conforms(self, digest: str) -> bool:
        self.asked.append(digest in self.kept)
        return self.asked[-1]

    def keep_conforming(self, digests: Iterable[str]) -> None:
        self.kept.update(digests)


def test_what_conformed_is_not_checked_again_and_what_did_not_is() -> None:
    memory = Memory()
    assert validate(GOOD.encode(), known=memory).conforms
    assert not any(memory.asked)
    memory.asked.clear()
    assert validate(GOOD.encode(), known=memory).conforms
    assert all(memory.asked)
    broken = GOOD.replace('nk:textSha256 "', 'nk:textSha256 "X', 1).encode()
    for _ in range(2):
        memory.asked.clear()
        assert not validate(broken, known=memory).conforms
        assert not all(memory.asked)


def test_a_violation_names_its_article() -> None:
    broken = GOOD.replace("rdf:object organization:云岭大学 ;", "", 1).encode()
    found = [v for v in validate(broken).violations if "exactly one rdf:object" in v.message]
    assert [v.article.rpartition("/")[2] for v in found] == ["0"]
    assert f"in {found[0].article}" in str(found[0])


def test_a_statement_that_stands_twice_is_named() -> None:
    block = re.search(r"^(statement:\S+) a nk:Statement ;.*?\.\n", GOOD, re.DOTALL | re.MULTILINE)
    assert block
    again = block[0].replace(block[1], "statement:again", 1)
    found = [
        v
        for v in validate((GOOD + again).encode()).violations
        if "one statement for one subject" in v.message
    ]
    assert len(found) == 1
    assert {found[0].focus.rpartition("/")[2], found[0].value.rpartition("/")[2]} == {
        "again",
        block[1].partition(":")[2],
    }


def test_every_class_and_property_of_the_ontology_has_a_shape() -> None:
    ontology = rdflib.Graph().parse(ontology_folder() / "newskg.ttl")
    shapes = {term for triple in rdflib.Graph().parse(ontology_folder() / "shapes.ttl") for term in triple}
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    terms = {str(t).rpartition("#")[2] for kind in kinds for t in ontology.subjects(rdflib.RDF.type, kind)}
    shaped = {str(t).rpartition("#")[2] for t in shapes}
    of_the_ontology_itself = {
        "InverseRelation",
        "Modality",
        "OccurrenceRole",
        "Qualifier",
        "RelationGroup",
        "hasRole",
        "keyQualifier",
        "objectRole",
        "occurrenceKind",
        "qualifier",
        "subjectRole",
    }
    assert terms - shaped == of_the_ontology_itself
