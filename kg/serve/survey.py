"""One look at a whole store: which entities it holds, what they are called, and what ties them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyoxigraph as ox
from numpy.typing import NDArray

from kg.serialize import iri
from kg.serialize.namespaces import SKOS, nk, term
from kg.serialize.values import words
from kg.serve.adjacency import Links, days
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
    """All entities of a store, the best connected first; `pairs` are the numbers of those that accepted statements tie."""

    entities: tuple[Named, ...]
    counts: Counts
    pairs: Pairs = field(repr=False, compare=False)
    links: Links = field(repr=False, compare=False)

    @property
    def types(self) -> Mapping[str, int]:
        """How many entities of each class there are."""
        return self.counts.types


def survey(store: ox.Store, vocabulary: Vocabulary, *, base_iri: str) -> Survey:
    """Return what the store holds. An entity is what has a class of the vocabulary and an IRI below `base_iri`.

    Everything is read by predicate, from one end of the store to the other: asking for one subject after the other takes
    ten times as long. What is kept is a name for every entity and statement.
    """
    types: dict[str, str] = {}
    for type_ in vocabulary.entity_types:
        for name, _ in _pairs(store, TYPE, term(vocabulary, type_)):
            if name.startswith(base_iri):
                types.setdefault(name, type_)
    found = list(types)
    number = {name: i for i, name in enumerate(found)}
    statements = _statements(store, number, folder=f"{base_iri}statement/")
    ids = [iri.unescaped(name[len(base_iri) :]) for name in found]
    pairs = _distinct(statements.ends[statements.accepted], count=len(found))
    degrees = np.bincount(pairs.ravel(), minlength=len(found))
    order = sorted(range(len(found)), key=lambda i: (-int(degrees[i]), ids[i]))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    labels, aliases = _words(store, LABEL, number), _words(store, ALIAS, number)
    entities = tuple(
        Named(
            id=ids[i],
            type=types[found[i]],
            name=min(labels.get(i) or {words(ids[i]).value}),
            aliases=tuple(sorted(aliases.get(i, ()))),
            degree=int(degrees[i]),
        )
        for i in order
    )
    return Survey(
        entities=entities,
        counts=Counts(
            entities=len(entities),
            statements=len(statements.names),
            articles=sum(1 for _ in _pairs(store, TYPE, ox.NamedNode(SCHEMA + "NewsArticle"))),
            triples=len(store),
            types=dict(sorted(Counter(entity.type for entity in entities).items())),
        ),
        pairs=np.sort(rank[pairs], axis=1),
        links=Links(
            statements=statements.names,
            ends=rank[statements.ends],
            plain=statements.plain,
            dated=_dated(store, folder=f"{base_iri}occurrence/"),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Statements:
    """Statements in the order in which they are shown, the `plain` ones first; `ends` has a row for each."""

    names: list[str]
    ends: Pairs
    accepted: NDArray[np.bool_]
    plain: int


def _statements(store: ox.Store, number: Mapping[str, int], *, folder: str) -> _Statements:
    """Return the statements that tie known entities: accepted and stated ones, then those of greater confidence, by id."""
    names = sorted({name for name, _ in _pairs(store, TYPE, nk("Statement")) if name.startswith(folder)})
    row = {name: i for i, name in enumerate(names)}
    ends = np.full((len(names), 2), -1, dtype=np.int64)
    for column, predicate in enumerate((SUBJECT, OBJECT)):
        for name, value in _pairs(store, predicate):
            if (i := row.get(name)) is not None:
                ends[i, column] = number.get(value, -1)
    accepted, stated = np.zeros(len(names), dtype=np.bool_), np.zeros(len(names), dtype=np.bool_)
    for flags, predicate, wanted in (
        (accepted, nk("accepted"), TRUE),
        (stated, nk("modality"), nk("stated")),
    ):
        for name, _ in _pairs(store, predicate, wanted):
            if (i := row.get(name)) is not None:
                flags[i] = True
    confidence = np.zeros(len(names))
    for name, value in _pairs(store, nk("confidence")):
        if (i := row.get(name)) is not None:
            confidence[i] = number_of(value)
    plain = accepted & stated
    order = np.lexsort((-confidence, ~plain))  # stable, so equals stay in the order of their names
    order = order[(ends[order] >= 0).all(axis=1)]
    return _Statements(
        names=[names[i][len(folder) :] for i in order.tolist()],
        ends=ends[order],
        accepted=accepted[order],
        plain=int(plain[order].sum()),
    )


def number_of(text: str) -> float:
    """Return a number from 0 to 1, 0 for what is none: a file from elsewhere may hold anything."""
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return value if 0.0 <= value <= 1.0 else 0.0


def _distinct(ends: Pairs, *, count: int) -> Pairs:
    """Return the pairs of two different entities, the lower number first, each once."""
    ends = np.sort(ends[ends[:, 0] != ends[:, 1]], axis=1)
    keys = np.unique(ends[:, 0] * max(count, 1) + ends[:, 1])
    return np.stack([keys // max(count, 1), keys % max(count, 1)], axis=1)


def _words(store: ox.Store, predicate: ox.NamedNode, number: Mapping[str, int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for name, value in _pairs(store, predicate):
        if (i := number.get(name)) is not None:
            found.setdefault(i, set()).add(value)
    return found


def _dated(store: ox.Store, *, folder: str) -> list[tuple[str, tuple[int, int]]]:
    """Return the occurrences that have a date, with their first and last days."""
    starts, ends = (
        {
            name[len(folder) :]: value
            for predicate in predicates
            for name, value in _pairs(store, nk(predicate))
            if name.startswith(folder)
        }
        for predicates in (("onDate", "startDate"), ("endDate",))
    )
    spans = ((name, days(start, ends.get(name, ""))) for name, start in starts.items())
    return [(name, span) for name, span in spans if span is not None]


def _pairs(
    store: ox.Store, predicate: ox.NamedNode, value: ox.NamedNode | ox.Literal | None = None
) -> Iterator[tuple[str, str]]:
    """Yield subject and object of the triples with this predicate; blank nodes and quoted triples are nothing of ours."""
    for quad in store.quads_for_pattern(None, predicate, value, ox.DefaultGraph()):
        subject, object_ = quad.subject, quad.object
        if isinstance(subject, ox.NamedNode) and isinstance(object_, ox.NamedNode | ox.Literal):
            yield subject.value, object_.value
