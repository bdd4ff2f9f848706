"""What the ontology declares to follow, and axioms that cannot be meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import OntologyError
from kg.vocabulary import NAMESPACE, load_vocabulary

PREFIXES = """@prefix nk: <https://newskg.example/ontology#> .
@prefix my: <https://user.example/terms#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
"""
SUPPLIES = """
my:supplies a nk:Relation ;
    rdfs:label "供货"@zh , "supplies"@en ;
    rdfs:comment "供货。"@zh , "Delivers goods to."@en ;
    rdfs:subPropertyOf nk:dealsWith ;
    schema:domainIncludes nk:Organization ;
    schema:rangeIncludes nk:Organization .

my:suppliedBy a nk:InverseRelation ;
    rdfs:label "货源"@zh , "supplied by"@en ;
    rdfs:comment "由其供货。"@zh , "Gets goods from."@en ;
    owl:inverseOf my:supplies .
"""
MY = "https://user.example/terms#"


def overlay(folder: Path, text: str) -> Path:
    (folder / "ontology.ttl").write_text(PREFIXES + text, encoding="utf-8")
    return folder


def nk(*names: str) -> set[str]:
    return {NAMESPACE + name for name in names}


def test_groups_and_inverses_are_never_asserted() -> None:
    vocabulary = load_vocabulary()
    assert nk("organizes", "involvedIn", "inside", "hasPart", "fundedBy") <= vocabulary.inference.derived
    assert not {relation.iri for relation in vocabulary.relations.values()} & vocabulary.inference.derived


def test_declared_axioms_are_read() -> None:
    inference = load_vocabulary().inference
    assert set(inference.wider[NAMESPACE + "hosts"]) == nk("organizes")
    assert set(inference.wider[NAMESPACE + "organizes"]) == nk("involvedIn")
    assert set(inference.backwards[NAMESPACE + "cooperatesWith"]) == nk("cooperatesWith")
    assert set(inference.backwards[NAMESPACE + "hasPart"]) == nk("partOf")
    assert set(inference.backwards[NAMESPACE + "partOf"]) == nk("hasPart")
    chains = {tuple(iri.removeprefix(NAMESPACE) for iri in chain) for chain in inference.chains}
    assert chains == {
        ("partOf", "partOf", "partOf"),
        ("inside", "inside", "inside"),
        ("heldAt", "inside", "heldAt"),
        ("locatedIn", "inside", "locatedIn"),
    }


def test_symmetry_is_told_alike_for_relations_and_for_inference() -> None:
    vocabulary = load_vocabulary()
    alike = {p for p, others in vocabulary.inference.backwards.items() if p in others}
    assert alike == {vocabulary.relations[name].iri for name in vocabulary.symmetric}


def test_a_user_may_declare_what_follows(tmp_path: Path) -> None:
    inference = load_vocabulary(overlay(tmp_path, SUPPLIES)).inference
    assert inference.wider[MY + "supplies"] == (NAMESPACE + "dealsWith",)
    assert inference.backwards[MY + "supplies"] == (MY + "suppliedBy",)
    assert MY + "suppliedBy" in inference.derived
    assert MY + "supplies" not in inference.derived


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("owl:inverseOf my:supplies", "rdfs:seeAlso my:supplies", "suppliedBy: expected an owl:inverseOf"),
        ("owl:inverseOf my:supplies", "owl:inverseOf my:delivers", "delivers"),
        (
            "a nk:InverseRelation",
            "a nk:InverseRelation , nk:Relation ; schema:domainIncludes nk:Person ; schema:rangeIncludes nk:Person",
            "suppliedBy: expected nk:Relation or nk:InverseRelation, not both",
        ),
        (
            "owl:inverseOf my:supplies",
            "owl:inverseOf my:supplies ; owl:propertyChainAxiom ( nk:partOf nk:partOf nk:partOf )",
            "suppliedBy: expected an owl:propertyChainAxiom of two properties",
        ),
        (
            "owl:inverseOf my:supplies",
            "owl:inverseOf my:supplies ; owl:propertyChainAxiom ( nk:partOf my:unknown )",
            "properties with labels in its axioms",
        ),
    ],
    ids=["no inverse", "unknown inverse", "asserted and not", "long chain", "unknown link"],
)
def test_axioms_that_cannot_be_meant_are_refused_with_their_line(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    assert old in SUPPLIES
    with pytest.raises(OntologyError, match=words) as caught:
        load_vocabulary(overlay(tmp_path, SUPPLIES.replace(old, new)))
    assert caught.value.file.endswith("ontology.ttl")
    assert caught.value.line is not None
