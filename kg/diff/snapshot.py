"""Turtle -> what of a graph can be compared: entities and statements by ids that hold in both graphs.

An id is the end of an IRI (``organization:浙江大学``), so that graphs under different base IRIs can be compared, too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

import pyoxigraph as ox

from kg.errors import InputError
from kg.vocabulary import NAMESPACE, RDF, RDFS, Vocabulary, local_name

_SUBJECT: Final = RDF + "subject"
_PREDICATE: Final = RDF + "predicate"
_OBJECT: Final = RDF + "object"
_TYPE: Final = RDF + "type"
_LABEL: Final = RDFS + "label"
_OWN_NAMES: Final = ("label", "prefLabel")
_NIF: Final = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
_IDENTIFIER: Final = "http://purl.org/dc/terms/identifier"

Mention = tuple[str, str, int, int]
"""A mention: the id of its source, the words of an evidence, where it begins from the beginning of these, its length."""
Values = Mapping[str, frozenset[str]]
"""What is said of something, by the names of properties."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """An entity. `mentions` are those that statements rest on; they hold while a text is edited elsewhere."""

    id: str
    type: str
    subtype: str
    name: str
    values: Values
    mentions: frozenset[Mention] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Ground:
    """One evidence of a statement; `source` is the id of the source, offsets are those of its text."""

    source: str
    start: int
    end: int
    text: str
    rule: str
    confidence: str
    attributed_to: str = ""
    qualifiers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A statement; `key` are the qualifiers that are part of its identity, `happening` what is said of its occurrence."""

    id: str
    subject: str
    predicate: str
    object: str
    modality: str
    key: tuple[tuple[str, str], ...]
    confidence: str
    accepted: bool
    grounds: tuple[Ground, ...]
    happening: Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A graph as it is compared; `sources` maps the ids of its sources to the SHA-256 of their text."""

    sources: Mapping[str, str]
    things: Mapping[str, Thing]
    claims: tuple[Claim, ...]


def read_snapshot(turtle: bytes, vocabulary: Vocabulary, *, name: str = "graph") -> Snapshot:
    """Return what of a Turtle document can be compared.

    Raises InputError for what is no Turtle, and for a graph in which nothing is a source of newskg.
    """
    about: _About = defaultdict(lambda: defaultdict(list))
    try:
        for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE):
            about[_text(quad.subject)][quad.predicate.value].append(quad.object)
    except SyntaxError as error:
        raise InputError(name, f"Turtle was expected ({error.msg})") from error
    reader = _Reader(about, vocabulary)
    if about and not reader.sources:
        raise InputError(name, "a graph that `kg build` wrote was expected; there is no nk:Source in it")
    return Snapshot(sources=reader.sources, things=reader.things(), claims=reader.claims())


_About = defaultdict[str, defaultdict[str, list[object]]]


class _Reader:
    """The triples of a graph by subject and predicate, with the names that terms and things have."""

    def __init__(self, about: _About, vocabulary: Vocabulary) -> None:
        self._about = about
        self._vocabulary = vocabulary
        self._relations = {relation.iri for relation in vocabulary.relations.values()}
        self._types = {vocabulary.iris[name]: name for name in vocabulary.entity_types}
        self._subtypes = {vocabulary.iris[name]: name for name in vocabulary.subtypes}
        self._ids = {iri: self._id(iri, types) for iri in about if (types := self._all(iri, _TYPE))}
        found = {
            iri: (self._one(iri, _IDENTIFIER), self._one(iri, NAMESPACE + "textSha256"))
            for iri in about
            if NAMESPACE + "Source" in self._all(iri, _TYPE)
        }
        self._source_of = {iri: id_ for iri, (id_, _) in found.items()}
        self.sources = dict(sorted(found.values()))

    def things(self) -> dict[str, Thing]:
        """Return the entities by their ids, sorted."""
        mentions = self._mentions()
        found = {}
        for iri, id_ in self._ids.items():
            types = self._all(iri, _TYPE)
            kind = next((self._types[t] for t in types if t in self._types), "")
            if not kind:
                continue
            found[id_] = Thing(
                id=id_,
                type=kind,
                subtype=next((self._subtypes[t] for t in sorted(types) if t in self._subtypes), ""),
                name=self._one(iri, _LABEL),
                values=self._values(iri),
                mentions=frozenset(mentions.get(iri, ())),
            )
        return dict(sorted(found.items()))

    def _mentions(self) -> dict[str, set[Mention]]:
        """Return the mentions of entities, by their IRIs."""
        found: dict[str, set[Mention]] = defaultdict(set)
        for iri in list(self._about):
            for support in self._all(iri, NAMESPACE + "support"):
                evidence = self._one(support, NAMESPACE + "evidence")
                source, begin, _ = self._place(evidence)
                text = self._one(evidence, _NIF + "anchorOf")
                for end, string in ((_SUBJECT, "subjectString"), (_OBJECT, "objectString")):
                    _, start, stop = self._place(self._one(support, NAMESPACE + string))
                    mention = (self._source_of.get(source, source), text, start - begin, stop - start)
                    found[self._one(iri, end)].add(mention)
        return found

    def claims(self) -> tuple[Claim, ...]:
        """Return the statements, sorted by their ids."""
        statements = [iri for iri in list(self._about) if self._about[iri].get(_PREDICATE)]
        return tuple(sorted(map(self._claim, statements), key=lambda claim: claim.id))

    def _claim(self, iri: str) -> Claim:
        happenings = self._all(iri, NAMESPACE + "occurrence")
        return Claim(
            id=local_name(iri),
            subject=self._named(self._one(iri, _SUBJECT)),
            predicate=local_name(self._one(iri, _PREDICATE)),
            object=self._named(self._one(iri, _OBJECT)),
            modality=local_name(self._one(iri, NAMESPACE + "modality")),
            key=self._qualifiers(iri),
            confidence=self._one(iri, NAMESPACE + "confidence"),
            accepted=self._one(iri, NAMESPACE + "accepted") == "true",
            grounds=tuple(sorted(map(self._ground, self._all(iri, NAMESPACE + "support")))),
            happening=self._values(happenings[0], kind=True) if happenings else {},
        )

    def _ground(self, iri: str) -> Ground:
        evidence = self._one(iri, NAMESPACE + "evidence")
        source, start, end = self._place(evidence)
        return Ground(
            source=self._source_of.get(source, source),
            start=start,
            end=end,
            text=self._one(evidence, _NIF + "anchorOf"),
            rule=self._one(iri, NAMESPACE + "rule"),
            confidence=self._one(iri, NAMESPACE + "confidence"),
            attributed_to=self._one(iri, NAMESPACE + "attributedTo"),
            qualifiers=self._qualifiers(iri),
        )

    def _qualifiers(self, iri: str) -> tuple[tuple[str, str], ...]:
        names = ((name, self._vocabulary.iris[name]) for name in self._vocabulary.qualifiers)
        return tuple(sorted((name, value) for name, term in names for value in self._all(iri, term)))

    def _values(self, iri: str, *, kind: bool = False) -> dict[str, frozenset[str]]:
        """Return what is said of a thing besides its kind (unless `kind`), its name and its relations."""
        found = {}
        for predicate, objects in sorted(self._about[iri].items()):
            name = local_name(predicate)
            if (predicate == _TYPE and not kind) or predicate in self._relations or name in _OWN_NAMES:
                continue
            found[name] = frozenset(
                local_name(text) if predicate == _TYPE else self._named(text) for text in map(_text, objects)
            )
        return found

    def _place(self, string: str) -> tuple[str, int, int]:
        """Return the IRI of the source, start and end of a string by its IRI."""
        place = re.search(r"^(.*)#char=([0-9]+),([0-9]+)$", string, re.DOTALL)
        return (place[1], int(place[2]), int(place[3])) if place else (string, 0, 0)

    def _named(self, text: str) -> str:
        return self._ids.get(text, text)

    def _id(self, iri: str, types: Iterable[str]) -> str:
        """Return the node id at the end of the IRI of an entity, else the whole IRI."""
        kind = next((self._types[t] for t in types if t in self._types), None)
        place = None if kind is None else re.search(rf"(?<=[/:]){kind.lower()}:.*$", iri, re.DOTALL)
        return unquote(place[0]) if place else iri

    def _all(self, iri: str, predicate: str) -> list[str]:
        if iri not in self._about:
            return []
        return [_text(value) for value in self._about[iri].get(predicate, ())]

    def _one(self, iri: str, predicate: str) -> str:
        return next(iter(sorted(self._all(iri, predicate))), "")


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal) else str(term)
