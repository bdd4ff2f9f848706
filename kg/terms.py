"""The value types of the vocabulary: relations, and what may be said of which class. :mod:`kg.vocabulary` reads them."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kg.errors import UsageError

NAMESPACE: Final = "https://newskg.example/ontology#"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
SCHEMA: Final = "https://schema.org/"
LANGUAGES: Final = ("zh", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A relation that statements may assert.

    `domains` and `ranges` hold entity classes, never subtypes of them. `parents` are the names of wider relations or
    relation groups. `key_qualifiers` are part of a statement's identity; `qualifiers` are all that it may carry, the
    keys first. `occurrence` is the kind of occurrence that its statements belong to, in which the subject and the
    object have the roles `subject_role` and `object_role`.
    """

    name: str
    iri: str
    labels: Mapping[str, str]
    comment: str
    domains: frozenset[str]
    ranges: frozenset[str]
    symmetric: bool = False
    parents: tuple[str, ...] = ()
    key_qualifiers: tuple[str, ...] = ()
    qualifiers: tuple[str, ...] = ()
    occurrence: str | None = None
    subject_role: str | None = None
    object_role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inference:
    """What follows from what, by the ontology; all properties are IRIs.

    `wider`: a p b ⇒ a q b (rdfs:subPropertyOf). `backwards`: a p b ⇒ b q a (owl:inverseOf in both directions; p itself where
    it is an owl:SymmetricProperty). `chains` are p, q, r with a p b, b q c ⇒ a r c (owl:propertyChainAxiom; p, p, p for an
    owl:TransitiveProperty). `derived` are the properties that nothing asserts: relation groups and inverse relations.
    """

    wider: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    backwards: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    chains: tuple[tuple[str, str, str], ...] = ()
    derived: frozenset[str] = frozenset()

    @property
    def properties(self) -> frozenset[str]:
        """All properties from which something follows."""
        return frozenset(
            {*self.wider, *self.backwards, *(p for first, second, _ in self.chains for p in (first, second))}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """All names that a graph may use, with their labels; collections follow the order of the ontology file."""

    entity_types: tuple[str, ...]
    subtypes: Mapping[str, str]
    relations: Mapping[str, Relation]
    qualifiers: tuple[str, ...]
    occurrences: Mapping[str, tuple[str, ...]]
    modalities: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, Mapping[str, str]]
    comments: Mapping[str, Mapping[str, str]]
    iris: Mapping[str, str]
    inference: Inference = field(default_factory=Inference)
    files: tuple[Path, ...] = field(default=(), compare=False)

    @property
    def symmetric(self) -> frozenset[str]:
        """The names of the symmetric relations."""
        return frozenset(name for name, relation in self.relations.items() if relation.symmetric)

    def relation(self, name: str) -> Relation:
        """Return the relation `name`; raises UsageError that lists the known ones."""
        return self.relations[self._known(name, self.relations, "relation")]

    def entity_type(self, name: str) -> str:
        """Return `name` if it is an entity class; raises UsageError that lists the known ones."""
        return self._known(name, self.entity_types, "entity class")

    def qualifier(self, name: str) -> str:
        """Return `name` if it is a qualifier; raises UsageError that lists the known ones."""
        return self._known(name, self.qualifiers, "qualifier")

    def occurrence(self, name: str) -> str:
        """Return `name` if it is a kind of occurrence; raises UsageError that lists the known ones."""
        return self._known(name, self.occurrences, "kind of occurrence")

    def class_of(self, name: str) -> str:
        """Return the entity class of a class or subtype name; raises UsageError that lists the known ones."""
        known = self._known(name, (*self.entity_types, *self.subtypes), "entity class or subtype")
        return self.subtypes.get(known, known)

    def allows(self, subject_type: str, relation: str, object_type: str) -> bool:
        """Return whether entities of the two classes (or subtypes) may stand in `relation`."""
        found = self.relation(relation)
        return self.class_of(subject_type) in found.domains and self.class_of(object_type) in found.ranges

    def label(self, name: str, language: str = "zh") -> str:
        """Return the label of a class, relation, qualifier or any other term; raises UsageError if there is none."""
        return self.labels[self._known(name, self.labels, "term")][language]

    def describe(self) -> str:
        """Return the classes, relations and qualifiers as aligned text."""
        kinds = [("class", "zh", "en", "meaning")]
        for name in self.entity_types:
            kinds.append((name, self.label(name), self.label(name, "en"), self.comments[name]["en"]))
            kinds += [
                ("  " + sub, self.label(sub), self.label(sub, "en"), self.comments[sub]["en"])
                for sub, parent in self.subtypes.items()
                if parent == name
            ]
        rows = [
            ("relation", "zh", "en", "subject -> object", "qualifiers (* part of the identity)", "occurrence")
        ]
        for relation in self.relations.values():
            arrow = "<->" if relation.symmetric else "->"
            ends = " ".join((self._listed(relation.domains), arrow, self._listed(relation.ranges)))
            marks = (q + "*" * (q in relation.key_qualifiers) for q in relation.qualifiers)
            labels = relation.labels["zh"], relation.labels["en"]
            rows.append((relation.name, *labels, ends, " ".join(marks), relation.occurrence or ""))
        names = [("qualifier", "zh", "en", "meaning")]
        names += [(q, self.label(q), self.label(q, "en"), self.comments[q]["en"]) for q in self.qualifiers]
        tables: list[list[tuple[str, ...]]] = [[*kinds], [*rows], [*names]]
        return "\n\n".join(map(_table, tables)) + "\n"

    def _listed(self, names: frozenset[str]) -> str:
        return "|".join(name for name in self.entity_types if name in names)

    @staticmethod
    def _known(name: str, known: Iterable[str], what: str) -> str:
        names = list(known)
        if name in names:
            return name
        near = difflib.get_close_matches(name, names, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise UsageError(f"unknown {what} {name!r}{hint} Known: {', '.join(names)}")


def local_name(iri: str) -> str:
    """Return what follows the last ``#`` or ``/`` of an IRI.

    >>> local_name("https://newskg.example/ontology#hosts")
    'hosts'
    """
    return re.split(r"[#/]", iri)[-1]


def _table(rows: list[tuple[str, ...]]) -> str:
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    )


def _width(text: str) -> int:
    """Return the columns that `text` takes on a terminal, where a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
