"""One look at a whole graph: which entities it holds, what they are called, and what ties them."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyoxigraph as ox
from numpy.typing import NDArray

from kg.serialize import iri
from kg.serialize.namespaces import SKOS, nk, term
from kg.serialize.values import words
from kg.serve.stored.adjacency import Links, days
from kg.vocabulary import RDF, SCHEMA, Vocabulary

TYPE: Final = ox.NamedNode(RDF + "type")
SUBJECT: Final = ox.NamedNode(RDF + "subject")
OBJECT: Final = ox.NamedNode(RDF + "object")
LABEL: Final = ox.NamedNode(SKOS + "prefLabel")
ALIAS: Final = ox.NamedNode(SKOS + "altLabel")
TRUE: Final = ox.Literal(True)

_STATED: Final = nk("stated")
_STATEMENT: Final = nk("Statement").value
_ARTICLE: Final = SCHEMA + "NewsArticle"
_Object = ox.NamedNode | ox.Literal

Pairs = NDArray[np.int64]
"""Two numbers a row, the lower first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much a graph holds; `accepted` of the statements are not doubtful, `types` counts the entities of each class."""

    entities: int
    statements: int
    accepted: int
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
    """All entities of a graph, the best connected first; `pairs` are the numbers of those that accepted statements tie."""

    entities: tuple[Named, ...]
    counts: Counts
    pairs: Pairs = field(repr=False, compare=False)
    links: Links = field(repr=False, compare=False)

    @property
    def types(self) -> Mapping[str, int]:
        """How many entities of each class there are."""
        return self.counts.types


def survey(quads: Iterable[ox.Quad], vocabulary: Vocabulary, *, base_iri: str) -> Survey:
    """Return what `quads` say. An entity is what has a class of the vocabulary and an IRI below `base_iri`.

    They come from the file and not from the store, which would look up every name in its dictionary. What is kept is a
    name for every entity and statement.
    """
    seen = _Seen(vocabulary, base_iri)
    count = seen.read(quads)
    known = [name for name in seen.number if name in seen.types]
    place = np.full(len(seen.number) + 1, -1, dtype=np.int64)  # the last is for ends that are missing
    place[[seen.number[name] for name in known]] = np.arange(len(known))
    statements = _ordered(seen, place)
    ids = [iri.unescaped(name[len(base_iri) :]) for name in known]
    pairs = _distinct(statements.ends[statements.accepted], count=len(known))
    degrees = np.bincount(pairs.ravel(), minlength=len(known))
    order = sorted(range(len(known)), key=lambda i: (-int(degrees[i]), ids[i]))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    entities = tuple(
        Named(
            id=ids[i],
            type=seen.types[known[i]],
            name=min(seen.labels.get(known[i]) or (words(ids[i]).value,)),
            aliases=tuple(sorted({*seen.aliases.get(known[i], ())})),
            degree=int(degrees[i]),
        )
        for i in order
    )
    return Survey(
        entities=entities,
        counts=Counts(
            entities=len(entities),
            statements=len(statements.names),
            accepted=int(statements.accepted.sum()),
            articles=seen.articles,
            triples=count,
            types=dict(sorted(Counter(entity.type for entity in entities).items())),
        ),
        pairs=np.sort(rank[pairs], axis=1),
        links=Links(
            statements=statements.names,
            ends=rank[statements.ends],
            plain=statements.plain,
            dated=seen.dated(),
        ),
    )


class _Seen:
    """What has been read so far. Entities and ends of statements have numbers, statements have rows."""

    def __init__(self, vocabulary: Vocabulary, base_iri: str) -> None:
        self.number: dict[str, int] = {}
        self.types: dict[str, str] = {}
        self.labels: dict[str, tuple[str, ...]] = {}
        self.aliases: dict[str, tuple[str, ...]] = {}
        self.articles = 0
        self.rows: dict[str, int] = {}
        self.is_statement = bytearray()
        self.accepted = bytearray()
        self.stated = bytearray()
        self.confidence = array("d")
        self.subjects = array("q")
        self.objects = array("q")
        self._days: dict[str, dict[str, str]] = {"first": {}, "last": {}}
        self._base = base_iri
        self.statements = f"{base_iri}statement/"
        self._occurrences = f"{base_iri}occurrence/"
        self._classes = {term(vocabulary, t).value: t for t in vocabulary.entity_types}
        self._handlers: Mapping[str, Callable[[str, _Object], None]] = {
            TYPE.value: self._typed,
            LABEL.value: lambda name, value: _add(self.labels, name, value),
            ALIAS.value: lambda name, value: _add(self.aliases, name, value),
            SUBJECT.value: lambda name, value: self._end(self.subjects, name, value),
            OBJECT.value: lambda name, value: self._end(self.objects, name, value),
            nk("accepted").value: lambda name, value: self._flag(self.accepted, name, value == TRUE),
            nk("modality").value: lambda name, value: self._flag(self.stated, name, value == _STATED),
            nk("confidence").value: self._sure,
            nk("onDate").value: lambda name, value: self._day("first", name, value),
            nk("startDate").value: lambda name, value: self._day("first", name, value),
            nk("endDate").value: lambda name, value: self._day("last", name, value),
        }

    def read(self, quads: Iterable[ox.Quad]) -> int:
        """Take in `quads` and return how many there are; blank nodes and quoted triples are nothing of ours."""
        handlers, base, count = self._handlers, self._base, 0
        for quad in quads:
            count += 1
            handler = handlers.get(quad.predicate.value)
            if handler is None:
                continue
            subject, object_ = quad.subject, quad.object
            if isinstance(subject, ox.NamedNode) and isinstance(object_, ox.NamedNode | ox.Literal):
                name = subject.value
                if name.startswith(base):
                    handler(name, object_)
        return count

    def dated(self) -> list[tuple[str, tuple[int, int]]]:
        """Return the occurrences that have a date, with their first and last days."""
        last = self._days["last"]
        spans = ((name, days(start, last.get(name, ""))) for name, start in self._days["first"].items())
        return [(name[len(self._occurrences) :], span) for name, span in spans if span is not None]

    def _typed(self, name: str, value: _Object) -> None:
        class_ = value.value
        if class_ == _STATEMENT:
            if (row := self._row(name)) is not None:
                self.is_statement[row] = 1
        elif class_ == _ARTICLE:
            self.articles += 1
        elif class_ in self._classes:
            self._number(name)
            self.types.setdefault(name, self._classes[class_])

    def _number(self, name: str) -> int:
        return self.number.setdefault(name, len(self.number))

    def _row(self, name: str) -> int | None:
        """Return the row of a statement, None for what lies elsewhere."""
        row = self.rows.get(name)
        if row is None and name.startswith(self.statements):
            row = self.rows[name] = len(self.rows)
            for flags in (self.is_statement, self.accepted, self.stated):
                flags.append(0)
            self.confidence.append(0.0)
            self.subjects.append(-1)
            self.objects.append(-1)
        return row

    def _end(self, ends: array[int], name: str, value: _Object) -> None:
        if isinstance(value, ox.NamedNode) and (row := self._row(name)) is not None:
            ends[row] = self._number(value.value)

    def _flag(self, flags: bytearray, name: str, value: bool) -> None:
        if value and (row := self._row(name)) is not None:
            flags[row] = 1

    def _sure(self, name: str, value: _Object) -> None:
        if (row := self._row(name)) is not None:
            self.confidence[row] = number_of(value.value)

    def _day(self, which: str, name: str, value: _Object) -> None:
        if name.startswith(self._occurrences):
            self._days[which][name] = value.value


@dataclass(frozen=True, slots=True, kw_only=True)
class _Statements:
    """Statements in the order in which they are shown, the `plain` ones first; `ends` has a row for each."""

    names: list[str]
    ends: Pairs
    accepted: NDArray[np.bool_]
    plain: int


def _ordered(seen: _Seen, place: Pairs) -> _Statements:
    """Return the statements that tie entities: accepted and stated ones, then those of greater confidence, by id."""
    names = sorted(seen.rows)
    rows = np.asarray([seen.rows[name] for name in names], dtype=np.int64)
    ends = place[np.stack([np.asarray(seen.subjects)[rows], np.asarray(seen.objects)[rows]], axis=1)]
    accepted = np.frombuffer(seen.accepted, dtype=np.bool_)[rows]
    plain = accepted & np.frombuffer(seen.stated, dtype=np.bool_)[rows]
    whole = np.frombuffer(seen.is_statement, dtype=np.bool_)[rows] & (ends >= 0).all(axis=1)
    confidence = np.asarray(seen.confidence)[rows]
    order = np.lexsort((-confidence, ~plain))  # stable, so equals stay in the order of their names
    order = order[whole[order]]
    above = len(seen.statements)
    return _Statements(
        names=[names[i][above:] for i in order.tolist()],
        ends=ends[order],
        accepted=accepted[order],
        plain=int(plain[order].sum()),
    )


def _add(found: dict[str, tuple[str, ...]], name: str, value: _Object) -> None:
    found[name] = (*found.get(name, ()), value.value)


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
