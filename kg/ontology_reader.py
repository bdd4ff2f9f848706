"""Turtle files -> Vocabulary, with every contradiction named by file and line."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import pyoxigraph as ox

from kg.errors import OntologyError
from kg.inference_reader import Axioms, read_inference
from kg.terms import LANGUAGES, NAMESPACE, OWL, RDF, RDFS, SCHEMA, Relation, Vocabulary, local_name

TYPE = RDF + "type"
LABEL = RDFS + "label"
COMMENT = RDFS + "comment"
SUBCLASS = RDFS + "subClassOf"
PARENT = RDFS + "subPropertyOf"
ENTITY = NAMESPACE + "Entity"
OCCURRENCE = NAMESPACE + "Occurrence"


def read_ontology(files: Sequence[tuple[Path, bytes]]) -> Vocabulary:
    """Return the vocabulary that the Turtle `files` (path, content) define together.

    Raises OntologyError for what cannot be parsed and for contradictions.
    """
    terms = _Terms()
    for path, data in files:
        terms.add(path, data)
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
    _check_cycles(terms, {**groups, **{name: r.parents for name, r in relations.items()}})
    labelled = [name for name in terms.all_names() if terms.has_text(name, LABEL)]
    return Vocabulary(
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


def _relation(
    terms: _Terms, name: str, classes: tuple[str, ...], occurrences: Mapping[str, tuple[str, ...]]
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


def _classes(terms: _Terms, name: str, end: str, classes: tuple[str, ...]) -> frozenset[str]:
    found = [local_name(iri) for iri in terms.values(name, SCHEMA + end)]
    unknown = [c for c in found if c not in classes]
    if unknown or not found:
        terms.fail(
            name, f"schema:{end} with classes among {', '.join(classes)}; found {', '.join(found) or 'none'}"
        )
    return frozenset(found)


def _below(terms: _Terms, iri: str) -> list[str]:
    """Return the names of all classes below `iri`, each before its own children."""
    found: list[str] = []
    waiting = terms.children(SUBCLASS, iri)
    while waiting:
        name = waiting.pop(0)
        if name in found:
            terms.fail(name, "rdfs:subClassOf without a cycle")
        found.append(name)
        waiting += terms.children(SUBCLASS, terms.iri(name))
    return found


def _check_cycles(terms: _Terms, parents: Mapping[str, tuple[str, ...]]) -> None:
    for name in parents:
        seen, waiting = set[str](), list(parents[name])
        while waiting:
            parent = waiting.pop()
            if parent == name:
                terms.fail(name, "rdfs:subPropertyOf without a cycle")
            if parent not in seen:
                seen.add(parent)
                waiting += parents[parent]


class _Terms:
    """The triples of the files by subject, in file order, with what is needed to say where a fault is."""

    def __init__(self) -> None:
        self._properties: dict[str, dict[str, list[ox.NamedNode | ox.Literal]]] = {}
        self._iris: dict[str, str] = {}
        self._files: list[tuple[Path, str]] = []
        self.axioms = Axioms()

    def add(self, path: Path, data: bytes) -> None:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            raise OntologyError(str(path), "UTF-8 text was expected", line=line) from error
        self._files.append((path, text))
        try:
            for quad in ox.parse(data, format=ox.RdfFormat.TURTLE):
                self.axioms.add(quad)
                if isinstance(quad.subject, ox.NamedNode) and isinstance(
                    quad.object, ox.NamedNode | ox.Literal
                ):
                    self._store(quad.subject.value, quad.predicate.value, quad.object)
        except SyntaxError as error:
            raise OntologyError(str(path), f"Turtle was expected ({error.msg})", line=error.lineno) from error

    def _store(self, subject: str, predicate: str, value: ox.NamedNode | ox.Literal) -> None:
        values = self._properties.setdefault(subject, defaultdict(list))[predicate]
        if value not in values:
            values.append(value)
        name = local_name(subject)
        if self._iris.setdefault(name, subject) != subject:
            self.fail(name, f"one IRI for the name {name}, not both {self._iris[name]} and {subject}")

    def fail(self, name: str, expected: str) -> None:
        """Raise OntologyError for the term `name`, at the last line that begins with it."""
        pattern = re.compile(rf"^\s*(?:[\w-]*:|<[^>]*[#/]){re.escape(name)}(?:>|\s|$)", re.MULTILINE)
        for path, text in reversed(self._files):
            found = list(pattern.finditer(text))
            if found:
                at = found[-1]
                line = text.count("\n", 0, at.end() - len(at.group().lstrip())) + 1
                raise OntologyError(str(path), f"{name}: expected {expected}", line=line)
        raise OntologyError(str(self._files[-1][0]), f"{name}: expected {expected}")

    def iri(self, name: str) -> str:
        return self._iris[name]

    def all_names(self) -> list[str]:
        return list(self._iris)

    def values(self, name: str, predicate: str) -> list[str]:
        return [v.value for v in self._properties[self._iris[name]].get(predicate, ())]

    def _where(self, wanted: Callable[[Mapping[str, list[ox.NamedNode | ox.Literal]]], bool]) -> list[str]:
        return [local_name(subject) for subject, properties in self._properties.items() if wanted(properties)]

    def children(self, predicate: str, iri: str) -> list[str]:
        return self._where(lambda properties: ox.NamedNode(iri) in properties.get(predicate, ()))

    def instances(self, class_name: str) -> list[str]:
        return self.children(TYPE, NAMESPACE + class_name)

    def parents(self, name: str) -> tuple[str, ...]:
        known = {*self.instances("Relation"), *self.instances("RelationGroup")}
        return self._among(name, PARENT, known, "relations or relation groups")

    def names(self, name: str, predicate: str, *, of: str) -> tuple[str, ...]:
        return self._among(name, predicate, self.instances(of), f"instances of nk:{of}")

    def _among(self, name: str, predicate: str, known: Iterable[str], what: str) -> tuple[str, ...]:
        found = tuple(local_name(iri) for iri in self.values(name, predicate))
        names = sorted(known)
        for value in found:
            if value not in names:
                self.fail(
                    name,
                    f"{local_name(predicate)} values that are {what}, not {value}; known: {', '.join(names)}",
                )
        return found

    def single(self, name: str, predicate: str) -> str | None:
        found = self.values(name, predicate)
        if len(found) > 1:
            self.fail(name, f"at most one nk:{local_name(predicate)}")
        return local_name(found[0]) if found else None

    def has_text(self, name: str, predicate: str) -> bool:
        return any(isinstance(v, ox.Literal) for v in self._properties[self._iris[name]].get(predicate, ()))

    def text(self, name: str, predicate: str, shown: str) -> Mapping[str, str]:
        """Return the texts of `predicate` by language; the first file's text stands."""
        found: dict[str, str] = {}
        for value in self._properties[self._iris[name]].get(predicate, ()):
            if isinstance(value, ox.Literal) and value.language:
                found.setdefault(value.language, value.value)
        missing = [language for language in LANGUAGES if not found.get(language, "").strip()]
        if missing:
            self.fail(name, f"{shown} in {' and '.join(LANGUAGES)}; missing: {', '.join(missing)}")
        return MappingProxyType({language: found[language] for language in LANGUAGES})
