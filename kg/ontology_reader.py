"""Turtle files -> Vocabulary, with every contradiction named by file and line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from kg.inference_reader import read_inference
from kg.ontology_checks import check_consistency, check_structure
from kg.ontology_terms import TYPE, Terms
from kg.terms import NAMESPACE, OWL, RDFS, SCHEMA, Relation, Vocabulary

LABEL = RDFS + "label"
COMMENT = RDFS + "comment"
SUBCLASS = RDFS + "subClassOf"
ENTITY = NAMESPACE + "Entity"
OCCURRENCE = NAMESPACE + "Occurrence"


def read_ontology(files: Sequence[tuple[Path, bytes]]) -> Vocabulary:
    """Return the vocabulary that the Turtle `files` (path, content) define together.

    Raises OntologyError for what cannot be parsed and for contradictions.
    """
    terms = Terms()
    for path, data in files:
        terms.add(path, data)
    check_structure(terms)
    classes = tuple(terms.children(SUBCLASS, ENTITY))
    subtypes = {sub: name for name in classes for sub in _below(terms, terms.iri(name))}
    occurrences = {
        kind: tuple(terms.names(kind, NAMESPACE + "hasRole", of="OccurrenceRole"))
        for kind in terms.children(SUBCLASS, OCCURRENCE)
    }
    qualifiers = tuple(terms.instances("Qualifier"))
    groups = {name: tuple(terms.parents(name)) for name in terms.instances("RelationGroup")}
    relations = {name: _relation(terms, name, classes, occurrences) for name in terms.instances("Relation")}
    described = (
        *classes,
        *subtypes,
        *occurrences,
        *qualifiers,
        *groups,
        *relations,
        *terms.instances("Modality"),
    )
    for name in (*described, *terms.instances("OccurrenceRole")):
        terms.text(name, LABEL, "rdfs:label")
        terms.text(name, COMMENT, "rdfs:comment")
    labelled = [name for name in terms.all_names() if terms.has_text(name, LABEL)]
    vocabulary = Vocabulary(
        entity_types=classes,
        subtypes=MappingProxyType(subtypes),
        relations=MappingProxyType(relations),
        qualifiers=qualifiers,
        occurrences=MappingProxyType(occurrences),
        modalities=tuple(terms.instances("Modality")),
        groups=MappingProxyType(groups),
        labels=MappingProxyType({name: terms.text(name, LABEL, "rdfs:label") for name in labelled}),
        comments=MappingProxyType({name: terms.text(name, COMMENT, "rdfs:comment") for name in labelled}),
        iris=MappingProxyType({name: terms.iri(name) for name in labelled}),
        inference=read_inference(terms.axioms, {terms.iri(name): name for name in labelled}, terms.fail),
        files=tuple(path for path, _ in files),
    )
    check_consistency(vocabulary, terms)
    return vocabulary


def _relation(
    terms: Terms, name: str, classes: tuple[str, ...], occurrences: Mapping[str, tuple[str, ...]]
) -> Relation:
    domains = _classes(terms, name, "domainIncludes", classes)
    ranges = _classes(terms, name, "rangeIncludes", classes)
    symmetric = OWL + "SymmetricProperty" in terms.values(name, TYPE)
    if symmetric and domains != ranges:
        terms.fail(
            name, "the same classes in schema:domainIncludes and schema:rangeIncludes (it is symmetric)"
        )
    keys = terms.names(name, NAMESPACE + "keyQualifier", of="Qualifier")
    qualifiers = terms.names(name, NAMESPACE + "qualifier", of="Qualifier")
    if not set(keys) <= set(qualifiers):
        terms.fail(name, "every nk:keyQualifier also among its nk:qualifier values")
    kind = terms.single(name, NAMESPACE + "occurrenceKind")
    roles = [terms.single(name, NAMESPACE + role) for role in ("subjectRole", "objectRole")]
    if kind is not None and kind not in occurrences:
        terms.fail(name, f"a kind of occurrence ({', '.join(occurrences)}), not {kind}")
    for role in roles:
        if (role is None) != (kind is None) or (kind is not None and role not in occurrences[kind]):
            allowed = ", ".join(occurrences[kind]) if kind else "none without nk:occurrenceKind"
            terms.fail(
                name, f"nk:subjectRole and nk:objectRole among the roles of its occurrence ({allowed})"
            )
    if symmetric and roles[0] != roles[1]:
        terms.fail(name, "the same nk:subjectRole and nk:objectRole (it is symmetric)")
    return Relation(
        name=name,
        iri=terms.iri(name),
        labels=terms.text(name, LABEL, "rdfs:label"),
        comment=terms.text(name, COMMENT, "rdfs:comment")["en"],
        domains=domains,
        ranges=ranges,
        symmetric=symmetric,
        parents=terms.parents(name),
        key_qualifiers=keys,
        qualifiers=(*keys, *(q for q in qualifiers if q not in keys)),
        occurrence=kind,
        subject_role=roles[0],
        object_role=roles[1],
    )


def _classes(terms: Terms, name: str, end: str, classes: tuple[str, ...]) -> frozenset[str]:
    found = [terms.named(value) for value in terms.values(name, SCHEMA + end)]
    unknown = [c for c in found if c not in classes]
    if unknown or not found:
        terms.fail(
            name, f"schema:{end} with classes among {', '.join(classes)}; found {', '.join(found) or 'none'}"
        )
    return frozenset(found)


def _below(terms: Terms, iri: str) -> list[str]:
    """Return the names of all classes below `iri`, each before its own children."""
    found: list[str] = []
    waiting = terms.children(SUBCLASS, iri)
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found.append(name)
            waiting += terms.children(SUBCLASS, terms.iri(name))
    return found
