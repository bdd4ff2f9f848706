"""One pass over a store: which entities it holds, what they are called and how many neighbours they have."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyoxigraph as ox
from numpy.typing import NDArray

from kg.serialize import iri
from kg.serialize.namespaces import SKOS, nk, term
from kg.vocabulary import RDF, SCHEMA, Vocabulary

TYPE: Final = ox.NamedNode(RDF + "type")
SUBJECT: Final = ox.NamedNode(RDF + "subject")
OBJECT: Final = ox.NamedNode(RDF + "object")
LABEL: Final = ox.NamedNode(SKOS + "prefLabel")
ALIAS: Final = ox.NamedNode(SKOS + "altLabel")
TRUE: Final = ox.Literal(True)

Pairs = NDArray[np.int64]
"""Two numbers a row, the lower first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much a graph holds; `types` says how many entities of each class."""

    entities: int
    statements: int
    articles: int
    triples: int
    types: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An entity with its names, and its neighbours by accepted statements."""

    id: str
    type: str
    name: str
    aliases: tuple[str, ...]
    degree: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """All entities of a store, the best connected first, and the pairs of their numbers that accepted statements tie."""

    entities: tuple[Named, ...]
    counts: Counts
    pairs: Pairs = field(repr=False, compare=False)

    @property
    def types(self) -> Mapping[str, int]:
        """How many entities of each class there are."""
        return self.counts.types


def survey(store: ox.Store, vocabulary: Vocabulary, *, base_iri: str) -> Survey:
    """Return what the store holds. An entity is what has a class of the vocabulary and an IRI below `base_iri`."""
    known: dict[str, tuple[str, str]] = {}
    for type_ in vocabulary.entity_types:
        for quad in store.quads_for_pattern(None, TYPE, term(vocabulary, type_)):
            if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(base_iri):
                known.setdefault(
                    quad.subject.value, (iri.unescaped(quad.subject.value[len(base_iri) :]), type_)
                )
    pairs = _tied(store, {name: i for i, name in enumerate(known)})
    degrees = np.bincount(pairs.ravel(), minlength=len(known))
    entities = [
        Named(
            id=id_,
            type=type_,
            name=next(iter(_words(store, node, LABEL)), id_),
            aliases=tuple(sorted(_words(store, node, ALIAS))),
            degree=int(degrees[i]),
        )
        for i, (name, (id_, type_)) in enumerate(known.items())
        for node in (ox.NamedNode(name),)
    ]
    order = sorted(range(len(entities)), key=lambda i: (-entities[i].degree, entities[i].id))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    entities = [entities[i] for i in order]
    types = Counter(entity.type for entity in entities)
    return Survey(
        entities=tuple(entities),
        counts=Counts(
            entities=len(entities),
            statements=_count(store, nk("Statement")),
            articles=_count(store, ox.NamedNode(SCHEMA + "NewsArticle")),
            triples=len(store),
            types=dict(sorted(types.items())),
        ),
        pairs=np.sort(rank[pairs], axis=1),
    )


def _count(store: ox.Store, class_: ox.NamedNode) -> int:
    return sum(1 for _ in store.quads_for_pattern(None, TYPE, class_))


def _words(store: ox.Store, node: ox.NamedNode, predicate: ox.NamedNode) -> Iterator[str]:
    for quad in store.quads_for_pattern(node, predicate, None):
        if isinstance(quad.object, ox.Literal):
            yield quad.object.value


def _tied(store: ox.Store, number: Mapping[str, int]) -> Pairs:
    """Return the pairs of entities that accepted statements tie, each once."""
    count = max(len(number), 1)
    pairs = array("q")
    for accepted in store.quads_for_pattern(None, nk("accepted"), TRUE):
        ends = sorted(
            {
                number[quad.object.value]
                for predicate in (SUBJECT, OBJECT)
                for quad in store.quads_for_pattern(accepted.subject, predicate, None)
                if isinstance(quad.object, ox.NamedNode) and quad.object.value in number
            }
        )
        if len(ends) == 2:
            pairs.append(ends[0] * count + ends[1])
    tied = np.unique(np.asarray(pairs, dtype=np.int64))
    return np.stack([tied // count, tied % count], axis=1)
