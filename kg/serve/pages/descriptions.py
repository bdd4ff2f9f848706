"""What ``graph.ttl`` says about one thing, in the syntaxes of RDF: the same triples, read from the store."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import pyoxigraph as ox

from kg.serialize.jsonld import to_jsonld
from kg.serialize.namespaces import NIF, nk
from kg.serialize.ntriples import to_ntriples
from kg.serialize.triples import Stated
from kg.serialize.turtle import to_turtle
from kg.serve.pages.things import Thing
from kg.vocabulary import RDF, SCHEMA, Vocabulary

SYNTAXES: Final[Mapping[str, str]] = {
    "turtle": "text/turtle",
    "jsonld": "application/ld+json",
    "ntriples": "application/n-triples",
}
"""The names and media types of the forms for programs."""

_TYPE: Final = RDF + "type"
_IS: Final = ox.NamedNode(_TYPE)
_EVIDENCE: Final = nk("EvidenceString")
_PLACE: Final = re.compile(r"#char=([0-9]+),([0-9]+)")
_STRINGS: Final = ("evidence", "subjectString", "objectString")
_CONTEXT: Final = ox.NamedNode(NIF + "referenceContext")
_PART_OF: Final = ox.NamedNode(SCHEMA + "isPartOf")


class Descriptions:
    """Reads the triples about things; any number of threads may ask at once."""

    def __init__(self, store: ox.Store, vocabulary: Vocabulary, *, base_iri: str) -> None:
        self._store = store
        self._vocabulary = vocabulary
        self._base = base_iri

    def exists(self, iri: str) -> bool:
        """Return whether anything is said about `iri`."""
        return next(self._about(ox.NamedNode(iri)), None) is not None

    def about(self, iri: str) -> list[ox.Triple]:
        """Return the triples whose subject is `iri`: types first, then by predicate and object."""
        return sorted(
            self._about(ox.NamedNode(iri)),
            key=lambda triple: (triple.predicate.value != _TYPE, triple.predicate.value, str(triple.object)),
        )

    def fields(self, iri: str) -> dict[str, list[str]]:
        """Return the values of `iri` by predicate, IRIs and the words of literals alike."""
        found: dict[str, list[str]] = {}
        for triple in self.about(iri):
            if isinstance(triple.object, ox.NamedNode | ox.Literal):
                found.setdefault(triple.predicate.value, []).append(triple.object.value)
        return found

    def strings_of(self, source_iri: str) -> list[str]:
        """Return the IRIs of the strings of a source that something rests on."""
        return self.pointing(_CONTEXT, source_iri)

    def evidence_in(self, source_iri: str) -> list[tuple[int, int, str]]:
        """Return start, end and IRI of the strings of a source that state something, in the order of the text."""
        found = []
        for string in self.strings_of(source_iri):
            place = _PLACE.fullmatch(string.removeprefix(source_iri))
            if place is not None and ox.Quad(ox.NamedNode(string), _IS, _EVIDENCE) in self._store:
                found.append((int(place[1]), int(place[2]), string))
        return sorted(found)

    def text_of(self, string_iri: str) -> str:
        """Return the characters of a string."""
        return "".join(self.fields(string_iri).get(NIF + "anchorOf", ()))

    def articles_of(self, source_iri: str) -> list[str]:
        """Return the IRIs of the articles of a source."""
        return self.pointing(_PART_OF, source_iri)

    def pointing(self, predicate: ox.NamedNode, iri: str) -> list[str]:
        """Return the IRIs of which `predicate` leads to `iri`, sorted."""
        quads = self._store.quads_for_pattern(None, predicate, ox.NamedNode(iri), ox.DefaultGraph())
        return sorted(_iri(quad.subject) for quad in quads)

    def of(self, thing: Thing) -> list[ox.Triple]:
        """Return what belongs to `thing`.

        To a statement belong its supports and the strings that they name, to a support its strings, and to a source the
        strings in it: their IRIs are its own with a fragment, which no client sends.
        """
        found = self.about(thing.iri)
        supports = []
        if thing.kind == "statement":
            supports = sorted(_iri(t.object) for t in found if t.predicate == nk("support"))
            for support in supports:
                found += self.about(support)
        if thing.kind in ("statement", "support"):
            links = {nk(name) for name in _STRINGS}
            for string in _distinct(_iri(t.object) for t in found if t.predicate in links):
                found += self.about(string)
        elif thing.kind == "source" and found:
            for string in self.strings_of(thing.iri):
                found += self.about(string)
        return found

    def written(self, thing: Thing, syntax: str) -> bytes:
        """Return what belongs to `thing` in one of `SYNTAXES`."""
        stated = [Stated(triple, ()) for triple in self.of(thing)]
        if syntax == "turtle":
            return to_turtle(stated, self._vocabulary, base_iri=self._base)
        if syntax == "jsonld":
            return to_jsonld(stated, self._vocabulary, base_iri=self._base)
        return to_ntriples(stated)

    def _about(self, subject: ox.NamedNode) -> Iterator[ox.Triple]:
        quads = self._store.quads_for_pattern(subject, None, None, ox.DefaultGraph())
        return (quad.triple for quad in quads)


def _iri(term: object) -> str:
    if isinstance(term, ox.NamedNode):
        return term.value
    raise TypeError(f"an IRI was expected, not {term}")


def _distinct(iris: Iterable[str]) -> list[str]:
    return sorted(set(iris))
