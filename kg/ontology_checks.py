"""What an ontology must not say: contradictions, and names that nothing defines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from kg.ontology_terms import PARENT, TYPE, Terms
from kg.terms import LANGUAGES, NAMESPACE, OWL, RDFS, Vocabulary

SUBCLASS = RDFS + "subClassOf"
CLASS = OWL + "Class"
_ROOTS = (NAMESPACE + "Entity", NAMESPACE + "Occurrence")
_KINDS = ("Relation", "RelationGroup", "Qualifier", "OccurrenceRole", "Modality")


def check_structure(terms: Terms) -> None:
    """Raise OntologyError for cycles, classes that hang in the air or in two places, and terms of two kinds."""
    above: dict[str, list[str]] = defaultdict(list)
    for name, predicate, value in terms.triples():
        if predicate in (SUBCLASS, PARENT):
            above[name].append(value)
    _check_cycles(terms, above)
    for name in above:
        _check_class(terms, name, above)
    for name in terms.all_names():
        types = terms.values(name, TYPE)
        kinds = [kind for kind in _KINDS if NAMESPACE + kind in types]
        if CLASS in types:
            kinds.append("class")
        if len(kinds) > 1:
            terms.fail(name, f"one kind of term, not {' and '.join(kinds)} at once")
        if "Relation" in kinds and OWL + "DatatypeProperty" in types:
            terms.fail(name, "a relation between entities, no owl:DatatypeProperty")
        if CLASS in types and terms.added(name) and not _below_a_root(terms.iri(name), terms, above):
            terms.fail(name, "rdfs:subClassOf nk:Entity, nk:Occurrence or a class below one of them")


def _check_cycles(terms: Terms, above: Mapping[str, list[str]]) -> None:
    for name in above:
        seen, waiting = set[str](), list(above[name])
        while waiting:
            parent = terms.named(waiting.pop())
            if parent == name:
                cyclic = "rdfs:subClassOf" if terms.values(name, SUBCLASS) else "rdfs:subPropertyOf"
                terms.fail(name, f"{cyclic} without a cycle")
            if parent not in seen:
                seen.add(parent)
                waiting += above.get(parent, ())


def _check_class(terms: Terms, name: str, above: Mapping[str, list[str]]) -> None:
    """Refuse a class below two classes of entities, or of entities and occurrences: one thing would be two."""
    if not terms.values(name, SUBCLASS):
        return
    branches = {
        branch for parent in above[name] for branch in _branches(parent, terms, above, terms.iri(name))
    }
    if len(branches) > 1:
        named = " and ".join(sorted(map(terms.named, branches)))
        terms.fail(name, f"rdfs:subClassOf one class of entities or one kind of occurrences, not {named}")


def _branches(iri: str, terms: Terms, above: Mapping[str, list[str]], below: str) -> Iterator[str]:
    """Yield the classes right below a root through which `below` reaches it by its superclass `iri`."""
    if iri in _ROOTS:
        yield below
    for parent in above.get(terms.named(iri), ()):
        yield from _branches(parent, terms, above, iri)


def _below_a_root(iri: str, terms: Terms, above: Mapping[str, list[str]]) -> bool:
    return iri in _ROOTS or any(
        _below_a_root(parent, terms, above) for parent in above.get(terms.named(iri), ())
    )


def check_consistency(vocabulary: Vocabulary, terms: Terms) -> None:
    """Raise OntologyError for what the vocabulary as a whole must not hold.

    That is names that nothing defines, labels that two terms share, kinds of occurrences without roles, and relations that
    are wider than what they imply.
    """
    for name, predicate, value in terms.triples():
        for what in (predicate, value):
            if what.startswith(NAMESPACE) and what != NAMESPACE and not terms.defines(what):
                terms.fail(name, f"terms that are defined, not nk:{what.removeprefix(NAMESPACE)}")
    for names in (
        (*vocabulary.entity_types, *vocabulary.subtypes),
        (*vocabulary.relations, *vocabulary.groups),
        vocabulary.qualifiers,
        tuple(vocabulary.occurrences),
        vocabulary.modalities,
    ):
        _check_labels(vocabulary, terms, names)
    for kind, roles in vocabulary.occurrences.items():
        if not roles:
            terms.fail(kind, "at least one nk:hasRole, for it is a kind of occurrence")
    for relation in vocabulary.relations.values():
        for parent in relation.parents:
            wider = vocabulary.relations.get(parent)
            if wider is None:
                continue
            for end, own, allowed in (
                ("domainIncludes", relation.domains, wider.domains),
                ("rangeIncludes", relation.ranges, wider.ranges),
            ):
                if own - allowed and not wider.symmetric:
                    listed = ", ".join(name for name in vocabulary.entity_types if name in own - allowed)
                    terms.fail(
                        relation.name,
                        f"schema:{end} within that of {parent}, which it implies; {listed} is not",
                    )


def _check_labels(vocabulary: Vocabulary, terms: Terms, names: tuple[str, ...]) -> None:
    """Refuse two terms of one kind under one label: nobody who reads the graph could tell them apart."""
    for language in LANGUAGES:
        bearer: dict[str, str] = {}
        for name in names:
            label = vocabulary.labels[name][language]
            other = bearer.setdefault(label.casefold(), name)
            if other != name:
                terms.fail(name, f"a label of its own, not {label} ({language}), which is that of {other}")
