"""The alignments name terms that exist on both sides, and leave none of ours out."""

from __future__ import annotations

from collections import defaultdict

import pyoxigraph as ox
import pytest
from rdflib.namespace import ORG, PROV, SDO, SKOS

from kg.vocabulary import load_vocabulary, ontology_folder

NK = "https://newskg.example/ontology#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
# rdflib makes these from what is published (https://schema.org/version/latest/schemaorg-current-https.jsonld, and the files
# at http://www.w3.org/ns/org#, http://www.w3.org/ns/prov# and http://www.w3.org/2004/02/skos/core); `in` asks them.
FOREIGN = {str(vocabulary): vocabulary for vocabulary in (SDO, ORG, PROV, SKOS)}
ALIGNING = {
    *(RDFS + name for name in ("subClassOf", "subPropertyOf")),
    *(str(SKOS[f"{width}Match"]) for width in ("close", "broad", "narrow", "related")),
}
NOTE = str(SKOS.scopeNote)
TRIPLES = [
    quad.triple
    for quad in ox.parse((ontology_folder() / "alignments.ttl").read_bytes(), format=ox.RdfFormat.TURTLE)
]
OURS = {iri for iri in load_vocabulary().iris.values() if iri.startswith(NK)}


def by_subject() -> dict[str, list[ox.Triple]]:
    found = defaultdict(list)
    for triple in TRIPLES:
        found[triple.subject.value].append(triple)
    return found


def test_every_term_of_ours_is_there_and_no_other() -> None:
    assert set(by_subject()) == OURS


@pytest.mark.parametrize("term", sorted(OURS))
def test_a_term_is_aligned_or_says_why_it_has_no_counterpart(term: str) -> None:
    about = by_subject()[term]
    aligned = [t for t in about if t.predicate.value in ALIGNING]
    notes = [t.object.value for t in about if t.predicate.value == NOTE]
    assert len(aligned) + len(notes) == len(about)
    assert bool(aligned) != bool(notes)
    assert all(len(note) > len("No counterpart: ") and note.startswith("No counterpart: ") for note in notes)


def test_foreign_terms_are_real() -> None:
    asked = {t.object.value for t in TRIPLES if t.predicate.value in ALIGNING}
    for iri in asked:
        (namespace,) = (known for known in FOREIGN if iri.startswith(known))
        assert iri.removeprefix(namespace) in FOREIGN[namespace], iri
    assert {next(known for known in FOREIGN if iri.startswith(known)) for iri in asked} == set(FOREIGN)
    assert "Ogranization" not in SDO  # the lists are closed


def test_classes_go_with_classes_and_properties_with_properties() -> None:
    """In all four vocabularies a class begins with a capital letter and a property does not."""
    for triple in TRIPLES:
        predicate = triple.predicate.value
        ours, theirs = (
            iri.rpartition("#")[2].rpartition("/")[2][0].isupper() if isinstance(iri, str) else None
            for iri in (triple.subject.value, triple.object.value)
        )
        if predicate == RDFS + "subClassOf":
            assert ours and theirs
        elif predicate == RDFS + "subPropertyOf":
            assert not ours and not theirs
        elif predicate in ALIGNING and predicate != str(SKOS.relatedMatch):
            assert ours == theirs, triple
