"""The triples of the ontology files by subject, and how to say where one of them is at fault."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import pyoxigraph as ox

from kg.errors import OntologyError
from kg.inference_reader import Axioms
from kg.terms import LANGUAGES, NAMESPACE, RDF, RDFS, local_name

TYPE = RDF + "type"
PARENT = RDFS + "subPropertyOf"


class Terms:
    """The triples of the files by subject, in file order, with what is needed to say where a fault is."""

    def __init__(self) -> None:
        self._properties: dict[str, dict[str, list[ox.NamedNode | ox.Literal]]] = {}
        self._iris: dict[str, str] = {}
        self._files: list[tuple[Path, str]] = []
        self._shipped: frozenset[str] = frozenset()
        self.axioms = Axioms()

    def add(self, path: Path, data: bytes) -> None:
        """Take in a file. Raises OntologyError for what is no Turtle."""
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            raise OntologyError(str(path), "UTF-8 text was expected", line=line) from error
        if len(self._files) == 1:
            self._shipped = frozenset(self._properties)
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
        """Return the IRI of a term."""
        return self._iris[name]

    def named(self, iri: str) -> str:
        """Return the name at the end of an IRI, but the whole of one that a term of these files could be mistaken for."""
        name = local_name(iri)
        return name if self._iris.get(name, iri) == iri else iri

    def defines(self, iri: str) -> bool:
        """Whether there is a term with this IRI."""
        return iri in self._properties

    def triples(self) -> Iterator[tuple[str, str, str]]:
        """Yield name of the subject, predicate and IRI of the object of every triple between IRIs."""
        for subject, properties in self._properties.items():
            for predicate, values in properties.items():
                for value in values:
                    if isinstance(value, ox.NamedNode):
                        yield local_name(subject), predicate, value.value

    def added(self, name: str) -> bool:
        """Whether a term stands in a later file alone: a user has added it."""
        return len(self._files) > 1 and self._iris[name] not in self._shipped

    def all_names(self) -> list[str]:
        """Return the names of all terms, in file order."""
        return list(self._iris)

    def values(self, name: str, predicate: str) -> list[str]:
        """Return the IRIs and texts that a term has for `predicate`."""
        return [v.value for v in self._properties[self._iris[name]].get(predicate, ())]

    def _where(self, wanted: Callable[[Mapping[str, list[ox.NamedNode | ox.Literal]]], bool]) -> list[str]:
        return [local_name(subject) for subject, properties in self._properties.items() if wanted(properties)]

    def children(self, predicate: str, iri: str) -> list[str]:
        """Return the names of the terms that point at `iri`."""
        return self._where(lambda properties: ox.NamedNode(iri) in properties.get(predicate, ()))

    def instances(self, class_name: str) -> list[str]:
        """Return the names of the terms of a class of this ontology."""
        return self.children(TYPE, NAMESPACE + class_name)

    def parents(self, name: str) -> tuple[str, ...]:
        """Return the relations and groups right above a relation or group."""
        known = {*self.instances("Relation"), *self.instances("RelationGroup")}
        return self._among(name, PARENT, known, "relations or relation groups")

    def names(self, name: str, predicate: str, *, of: str) -> tuple[str, ...]:
        """Return the values of `predicate`, which are to be instances of the class `of`."""
        return self._among(name, predicate, self.instances(of), f"instances of nk:{of}")

    def _among(self, name: str, predicate: str, known: Iterable[str], what: str) -> tuple[str, ...]:
        found = tuple(map(self.named, self.values(name, predicate)))
        names = sorted(known)
        for value in found:
            if value not in names:
                self.fail(
                    name,
                    f"{local_name(predicate)} values that are {what}, not {value}; known: {', '.join(names)}",
                )
        return found

    def single(self, name: str, predicate: str) -> str | None:
        """Return the only value of `predicate`, None if there is none."""
        found = self.values(name, predicate)
        if len(found) > 1:
            self.fail(name, f"at most one nk:{local_name(predicate)}")
        return self.named(found[0]) if found else None

    def has_text(self, name: str, predicate: str) -> bool:
        """Whether a term has a text for `predicate`."""
        return any(isinstance(v, ox.Literal) for v in self._properties[self._iris[name]].get(predicate, ()))

    def text(self, name: str, predicate: str, shown: str) -> Mapping[str, str]:
        """Return the texts of `predicate` by language, of which there is one each."""
        found: dict[str, str] = {}
        for value in self._properties[self._iris[name]].get(predicate, ()):
            if not isinstance(value, ox.Literal) or not value.language:
                continue
            if found.setdefault(value.language, value.value) != value.value:
                both = f"{found[value.language]} and {value.value}"
                self.fail(name, f"one {shown} per language, not both {both} ({value.language})")
        missing = [language for language in LANGUAGES if not found.get(language, "").strip()]
        if missing:
            self.fail(name, f"{shown} in {' and '.join(LANGUAGES)}; missing: {', '.join(missing)}")
        return MappingProxyType({language: found[language] for language in LANGUAGES})
