"""The ontology, its overlay and its contradictions."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from kg.errors import OntologyError, UsageError
from kg.vocabulary import load_vocabulary, ontology_folder

GOLD = Path(__file__).parents[1] / "gold"
VOCABULARY = load_vocabulary()

# relation: qualifiers, as the annotation guideline lists them
GUIDELINE = {
    "holdsPosition": {"role"},
    "hosts": set(),
    "undertakes": set(),
    "supports": set(),
    "participatesIn": set(),
    "heldAt": set(),
    "launchedAt": set(),
    "signsAgreementWith": {"agreement", "amount", "date"},
    "cooperatesWith": {"subject"},
    "establishes": {"date"},
    "publishes": {"date"},
    "partOf": set(),
    "locatedIn": set(),
    "memberOf": set(),
    "investsIn": {"amount"},
    "lendsTo": {"amount"},
    "holdsSharesIn": {"share"},
    "acquires": {"amount"},
    "donatesTo": {"amount"},
    "develops": set(),
    "carriesOut": {"amount"},
    "receivesHonor": {"date"},
    "listedOn": {"date"},
}
PREFIXES = """@prefix nk: <https://newskg.example/ontology#> .
@prefix my: <https://user.example/terms#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
"""
SUPPLIES = """
my:supplies a nk:Relation ;
    rdfs:label "供货"@zh , "supplies"@en ;
    rdfs:comment "向对方供货。"@zh , "Delivers goods to."@en ;
    rdfs:subPropertyOf nk:dealsWith ;
    schema:domainIncludes nk:Organization ;
    schema:rangeIncludes nk:Organization ;
    nk:qualifier nk:amount , nk:date ;
    nk:keyQualifier nk:date .
"""


def overlay(folder: Path, text: str) -> Path:
    (folder / "ontology.ttl").write_text(PREFIXES + text, encoding="utf-8")
    return folder


def test_classes_subtypes_and_relations_are_those_of_the_guideline() -> None:
    assert VOCABULARY.entity_types == (
        *("Person", "Organization", "Place", "Event", "Project", "Document", "Programme", "Product", "Honor"),
    )
    assert {*VOCABULARY.subtypes} == {
        *("Company", "University", "ResearchInstitute", "Government"),
        *("FinancialInstitution", "Association", "Media", "Platform"),
    }
    assert {*VOCABULARY.subtypes.values()} == {"Organization"}
    assert set(VOCABULARY.relations) == set(GUIDELINE)
    assert VOCABULARY.symmetric == {"signsAgreementWith", "cooperatesWith"}
    assert set(VOCABULARY.modalities) == {"stated", "planned", "past"}


@pytest.mark.parametrize("name", GUIDELINE)
def test_relation_allows_the_qualifiers_of_the_guideline(name: str) -> None:
    assert GUIDELINE[name] <= {*VOCABULARY.relation(name).qualifiers}


def test_keys_are_the_date_of_what_can_recur_and_the_role_of_a_post() -> None:
    keys = {name: r.key_qualifiers for name, r in VOCABULARY.relations.items() if r.key_qualifiers}
    assert keys == {
        "holdsPosition": ("role",),
        "signsAgreementWith": ("date",),
        "investsIn": ("date",),
        "lendsTo": ("date",),
        "donatesTo": ("date",),
        "receivesHonor": ("date",),
    }


def test_occurrence_roles_follow_from_the_relation() -> None:
    signing, lending = VOCABULARY.relation("signsAgreementWith"), VOCABULARY.relation("lendsTo")
    assert (signing.occurrence, signing.subject_role, signing.object_role) == ("Signing", "party", "party")
    assert (lending.occurrence, lending.subject_role, lending.object_role) == ("Loan", "lender", "borrower")
    kinds = {r.occurrence for r in VOCABULARY.relations.values()} - {None}
    assert kinds == set(VOCABULARY.occurrences)


def test_every_name_of_the_annotated_pages_is_known_and_nearly_every_pair_allowed() -> None:
    refused: Counter[str] = Counter()
    total = 0
    for path in sorted(GOLD.glob("*.json")):
        for article in json.loads(path.read_text(encoding="utf-8"))["articles"]:
            entities = {e["id"]: e for e in article["entities"]}
            for entity in entities.values():
                assert VOCABULARY.class_of(entity.get("subtype") or entity["type"]) == entity["type"]
            for fact in article["relations"]:
                ends = [entities[fact[end]]["type"] for end in ("head", "tail")]
                total += 1
                if not VOCABULARY.allows(ends[0], fact["relation"], ends[1]):
                    refused[f"{ends[0]} {fact['relation']} {ends[1]}"] += 1
                for qualifier in fact.get("qualifiers", {}):
                    assert VOCABULARY.qualifier(qualifier) in VOCABULARY.relation(fact["relation"]).qualifiers
    assert total > 300
    assert refused.total() <= total / 100, refused


def test_unknown_name_answers_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"did you mean hosts\? Known: holdsPosition, hosts"):
        VOCABULARY.relation("host")
    with pytest.raises(UsageError, match=r"unknown entity class 'Firm'.*Organization"):
        VOCABULARY.entity_type("Firm")
    with pytest.raises(UsageError, match="unknown qualifier"):
        VOCABULARY.qualifier("price")
    with pytest.raises(UsageError, match="unknown kind of occurrence"):
        VOCABULARY.occurrence("Merger")


def test_description_shows_every_name_in_aligned_rows() -> None:
    lines = VOCABULARY.describe().splitlines()
    for name in (
        *VOCABULARY.entity_types,
        *VOCABULARY.subtypes,
        *VOCABULARY.relations,
        *VOCABULARY.qualifiers,
    ):
        assert sum(line.split()[0] == name for line in lines if line) >= 1
    (row,) = (line for line in lines if line.startswith("lendsTo"))
    assert row.split() == [
        *("lendsTo", "贷款", "lends", "to", "Person|Organization|Place", "->"),
        *("Person|Organization|Place|Project|Programme", "date*", "amount", "Loan"),
    ]


def test_overlay_adds_a_relation_and_widens_another(tmp_path: Path) -> None:
    wider = "nk:listedOn schema:domainIncludes nk:Project .\n"
    found = load_vocabulary(overlay(tmp_path, SUPPLIES + wider))
    supplies = found.relation("supplies")
    assert supplies.iri == "https://user.example/terms#supplies"
    assert supplies.labels == {"zh": "供货", "en": "supplies"}
    assert (supplies.parents, supplies.qualifiers) == (("dealsWith",), ("date", "amount"))
    assert found.allows("Project", "listedOn", "Organization")
    assert not VOCABULARY.allows("Project", "listedOn", "Organization")
    assert set(found.relations) - set(VOCABULARY.relations) == {"supplies"}
    assert load_vocabulary(tmp_path / "ontology.ttl") == found


def test_folder_without_ontology_is_the_shipped_vocabulary(tmp_path: Path) -> None:
    assert load_vocabulary(tmp_path) is VOCABULARY
    with pytest.raises(OntologyError, match="readable Turtle"):
        load_vocabulary(tmp_path / "none.ttl")


def test_changed_overlay_is_read_again(tmp_path: Path) -> None:
    assert "supplies" in load_vocabulary(overlay(tmp_path, SUPPLIES)).relations
    assert (
        "delivers"
        in load_vocabulary(overlay(tmp_path, SUPPLIES.replace("my:supplies", "my:delivers"))).relations
    )


CONTRADICTIONS = [
    (
        "schema:rangeIncludes nk:Organization",
        "schema:rangeIncludes nk:Firm",
        "rangeIncludes with classes among",
    ),
    ("    schema:domainIncludes nk:Organization ;\n", "", "found none"),
    ('"供货"@zh , ', "", "rdfs:label in zh and en; missing: zh"),
    (', "Delivers goods to."@en', "", "rdfs:comment in zh and en; missing: en"),
    ("nk:keyQualifier nk:date", "nk:keyQualifier nk:price", "instances of nk:Qualifier, not price"),
    ("nk:keyQualifier nk:date", "nk:keyQualifier nk:share", "also among its nk:qualifier"),
    ("subPropertyOf nk:dealsWith", "subPropertyOf nk:knows", "relations or relation groups, not knows"),
    ("subPropertyOf nk:dealsWith", "subPropertyOf my:supplies", "without a cycle"),
    ("rangeIncludes nk:Organization", "rangeIncludes nk:Place ; a owl:SymmetricProperty", "it is symmetric"),
    ("nk:keyQualifier nk:date", "nk:occurrenceKind nk:Sale", "a kind of occurrence"),
    ("nk:keyQualifier nk:date", "nk:occurrenceKind nk:Loan", "among the roles of its occurrence"),
    ("nk:keyQualifier nk:date", "nk:subjectRole nk:lender", "none without nk:occurrenceKind"),
    ("my:supplies", "my:hosts", "one IRI for the name hosts"),
    (
        "schema:rangeIncludes nk:Organization",
        "schema:rangeIncludes schema:Organization",
        "found https://schema",
    ),
    ("schema:rangeIncludes nk:Organization", 'schema:rangeIncludes "Firm"', "found Firm"),
    ('"供货"@zh', '"签约"@zh', "a label of its own, not 签约 (zh), which is that of signsAgreementWith"),
    ('"supplies"@en', '"Develops"@en', "a label of its own, not Develops (en), which is that of develops"),
    ('"供货"@zh', '"供货"@zh , "供应"@zh', "one rdfs:label per language, not both 供货 and 供应 (zh)"),
    ("nk:qualifier nk:amount", "nk:qualifer nk:amount", "also among its nk:qualifier"),
    ("nk:keyQualifier nk:date", "nk:keyQualifer nk:date", "terms that are defined, not nk:keyQualifer"),
    ("a nk:Relation", "a nk:Relation , nk:Kind", "terms that are defined, not nk:Kind"),
    ("a nk:Relation", "a nk:Relation , nk:Qualifier", "one kind of term, not Relation and Qualifier"),
    ("a nk:Relation", "a nk:Relation , owl:Class", "one kind of term, not Relation and class"),
    ("a nk:Relation", "a nk:Relation , owl:DatatypeProperty", "no owl:DatatypeProperty"),
    ("subPropertyOf nk:dealsWith", "subPropertyOf nk:hosts", "within that of hosts, which it implies"),
]

VESSEL = """my:Vessel a owl:Class ;
    rdfs:label "船舶"@zh , "vessel"@en ;
    rdfs:comment "有名称的船。"@zh , "A named ship."@en ;
    rdfs:subClassOf nk:Product .
"""
NO_CLASSES = [
    (VESSEL.replace("nk:Product", "my:Vessel"), "rdfs:subClassOf without a cycle"),
    (
        VESSEL.replace("nk:Product", "my:Ship") + "my:Ship rdfs:subClassOf my:Vessel .\n",
        "rdfs:subClassOf without a cycle",
    ),
    (VESSEL + "nk:Product rdfs:subClassOf my:Vessel .\n", "rdfs:subClassOf without a cycle"),
    (VESSEL.replace("nk:Product", "nk:Produkt"), "nk:Entity, nk:Occurrence or a class below"),
    (VESSEL.replace("    rdfs:subClassOf nk:Product .", "."), "nk:Entity, nk:Occurrence or a class below"),
    (VESSEL.replace("nk:Product", "nk:Product , nk:Place"), "one class of entities or one kind"),
    (VESSEL.replace("nk:Product", "nk:Product , nk:Entity"), "one class of entities or one kind"),
    (VESSEL.replace("nk:Product", "nk:Product , nk:Loan"), "one class of entities or one kind"),
    (VESSEL.replace("船舶", "企业"), "a label of its own, not 企业 (zh), which is that of Company"),
    (VESSEL.replace("nk:Product", "nk:Occurrence"), "at least one nk:hasRole"),
    ("nk:Company rdfs:subClassOf nk:Place .\n", "not Organization and Place"),
    ('nk:Company rdfs:label "公司"@zh .\n', "one rdfs:label per language, not both 企业 and 公司"),
]


@pytest.mark.parametrize(("text", "expected"), NO_CLASSES)
def test_a_class_that_contradicts_itself_or_others_is_named(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(OntologyError) as caught:
        load_vocabulary(overlay(tmp_path, text))
    assert expected in str(caught.value)
    assert caught.value.file == str(tmp_path / "ontology.ttl")
    assert caught.value.line in range(6, 11)


def test_a_class_below_others_is_of_the_class_above_all_of_them(tmp_path: Path) -> None:
    tug = VESSEL.replace("Vessel", "Tug").replace("vessel", "tug").replace("船舶", "拖轮")
    tug = tug.replace("nk:Product", "my:Vessel , my:Craft")
    craft = VESSEL.replace("Vessel", "Craft").replace("vessel", "craft").replace("船舶", "艇")
    found = load_vocabulary(overlay(tmp_path, tug + VESSEL + craft))
    added = set(found.subtypes.items()) - set(VOCABULARY.subtypes.items())
    assert added == {("Vessel", "Product"), ("Tug", "Product"), ("Craft", "Product")}


@pytest.mark.parametrize(("old", "new", "expected"), CONTRADICTIONS)
def test_contradiction_names_file_and_line(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in SUPPLIES
    folder = overlay(tmp_path, SUPPLIES.replace(old, new))
    with pytest.raises(OntologyError) as caught:
        load_vocabulary(folder)
    assert expected in str(caught.value)
    assert (caught.value.file, caught.value.line) == (str(folder / "ontology.ttl"), 7)


def test_unparsable_file_names_the_line(tmp_path: Path) -> None:
    with pytest.raises(OntologyError, match=r"ontology\.ttl:7: Turtle was expected"):
        load_vocabulary(overlay(tmp_path, "\nmy:supplies a ; .\n"))
    (tmp_path / "ontology.ttl").write_bytes("# 供货\n".encode("gb18030"))
    with pytest.raises(OntologyError, match=r"ontology\.ttl:1: UTF-8"):
        load_vocabulary(tmp_path)


def test_every_term_has_both_labels_and_comments() -> None:
    text = (ontology_folder() / "newskg.ttl").read_text(encoding="utf-8")
    terms = [line.split()[0].removeprefix("nk:") for line in text.splitlines() if line.startswith("nk:")]
    assert len(terms) == len(set(terms))
    for term in terms:
        assert VOCABULARY.labels[term]["zh"]
        assert VOCABULARY.comments[term]["en"]


def test_importing_the_vocabulary_loads_no_rdf_library() -> None:
    code = "import sys, kg.vocabulary; print(sorted({'rdflib', 'pyoxigraph', 'pyshacl'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
