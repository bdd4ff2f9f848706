"""Entries that cannot all be meant, told from the file alone: every one is named with the line of the other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from typing import Protocol

import networkx as nx

from kg.correct.schema import (
    Accept,
    Add,
    ArticleRef,
    DropStatement,
    DropThing,
    Entry,
    KeepApart,
    Merge,
    NewStatement,
    Rename,
    Retype,
    StatementRef,
    ThingRef,
    plain,
)

Thing = tuple[str, str, tuple[str, ...]]
"""Name, type and articles as a file gives them."""


class Placed(Protocol):
    """An entry with its line."""

    @property
    def line(self) -> int:
        """The line on which it begins."""
        ...

    @property
    def entry(self) -> Entry:
        """The entry."""
        ...


def contradictions(entries: Sequence[Placed], *, symmetric: Collection[str] = ()) -> list[tuple[int, str]]:
    """Return what contradicts what: the line of the later entry, and a sentence that names the earlier one.

    `symmetric` holds the relations whose ends may change places.
    """
    one_as = _Names(entries)
    joined = _joined(entries, one_as)
    return [
        *_apart_and_one(entries, one_as, joined),
        *_called_twice(entries, one_as, joined),
        *_dropped_and_wanted(entries, one_as, joined),
        *_said_and_unsaid(entries, one_as, joined, symmetric),
    ]


class _Names:
    """Things as they are told apart: a thing without a type is the one of its name that has one, if there is only one."""

    def __init__(self, entries: Iterable[Placed]) -> None:
        types: dict[tuple[str, tuple[str, ...]], set[str]] = {}
        for placed in entries:
            for thing in _things(placed.entry):
                types.setdefault((plain(thing.name), _articles(thing.article)), set()).add(thing.type)
        self._types = {key: found - {""} for key, found in types.items()}

    def __call__(self, thing: ThingRef) -> Thing:
        key = (plain(thing.name), _articles(thing.article))
        known = self._types.get(key, set())
        type_ = thing.type or (next(iter(known)) if len(known) == 1 else "")
        return key[0], type_, key[1]


def _joined(entries: Sequence[Placed], one_as: _Names) -> nx.Graph[Thing]:
    """Return the things with an edge for every merge, which bears its line."""
    graph: nx.Graph[Thing] = nx.Graph()
    for placed in entries:
        graph.add_nodes_from(one_as(thing) for thing in _things(placed.entry))
        if isinstance(placed.entry, Merge):
            first, *others = (one_as(thing) for thing in placed.entry.merge)
            for other in others:
                if not graph.has_edge(first, other):
                    graph.add_edge(first, other, line=placed.line)
    return graph


def _apart_and_one(
    entries: Sequence[Placed], one_as: _Names, joined: nx.Graph[Thing]
) -> Iterator[tuple[int, str]]:
    for placed in entries:
        if not isinstance(placed.entry, KeepApart):
            continue
        for one, other in combinations(placed.entry.keep_apart, 2):
            first, second = one_as(one), one_as(other)
            if first == second:
                yield (
                    placed.line,
                    f"{one.words} cannot be kept apart from itself; two things, or one name in two articles, were expected",
                )
            elif nx.has_path(joined, first, second):
                path = nx.shortest_path(joined, first, second)
                lines = sorted({joined.edges[edge]["line"] for edge in pairwise(path)})
                merges = f"line{'s' * (len(lines) > 1)} {', '.join(map(str, lines))}"
                said = f"{one.words} and {other.words} are kept apart on line {placed.line}"
                yield max(placed.line, *lines), f"{said} and merged by {merges}; one of them has to go"


def _called_twice(
    entries: Sequence[Placed], one_as: _Names, joined: nx.Graph[Thing]
) -> Iterator[tuple[int, str]]:
    component = _components(joined)
    for kind, what in ((Rename, "renamed"), (Retype, "retyped")):
        first: dict[int, tuple[int, str]] = {}
        for placed in entries:
            entry = placed.entry
            if not isinstance(entry, kind):
                continue
            thing = entry.rename if isinstance(entry, Rename) else entry.retype
            line, to = first.setdefault(component[one_as(thing)], (placed.line, entry.to))
            if to != entry.to:
                yield (
                    placed.line,
                    f"{thing.words} is {what} to {entry.to} here and to {to} on line {line}; one of them has to go",
                )


def _dropped_and_wanted(
    entries: Sequence[Placed], one_as: _Names, joined: nx.Graph[Thing]
) -> Iterator[tuple[int, str]]:
    component = _components(joined)
    dropped = {
        component[one_as(placed.entry.drop)]: placed.line
        for placed in entries
        if isinstance(placed.entry, DropThing)
    }
    for placed in entries:
        if isinstance(placed.entry, DropThing | DropStatement):
            continue
        for thing in _things(placed.entry):
            line = dropped.get(component[one_as(thing)])
            if line is not None:
                later = max(line, placed.line)
                yield (
                    later,
                    f"{thing.words} is dropped on line {line} and wanted on line {placed.line}; one of them has to go",
                )


def _said_and_unsaid(
    entries: Sequence[Placed], one_as: _Names, joined: nx.Graph[Thing], symmetric: Collection[str]
) -> Iterator[tuple[int, str]]:
    component = _components(joined)

    def end(thing: ThingRef) -> set[int]:
        """Return what `thing` may be: with the type it has and, where the other entry gives none, without."""
        name, type_, articles = one_as(thing)
        without = thing.model_copy(update={"article": ()})
        return {component[key] for key in ((name, type_, articles), one_as(without)) if key in component}

    wanted: dict[str, list[tuple[int, StatementRef | NewStatement, tuple[ArticleRef, ...]]]] = {}
    for placed in entries:
        entry = placed.entry
        if isinstance(entry, Accept):
            wanted.setdefault(entry.accept.predicate, []).append(
                (placed.line, entry.accept, entry.accept.article)
            )
        elif isinstance(entry, Add):
            wanted.setdefault(entry.add.predicate, []).append((placed.line, entry.add, entry.article))
    for placed in entries:
        if not isinstance(placed.entry, DropStatement):
            continue
        drop = placed.entry.drop
        for line, said, articles in wanted.get(drop.predicate, ()):
            ends = [(said.subject, said.object)]
            ends += [(said.object, said.subject)] if drop.predicate in symmetric else []
            if (
                any(end(drop.subject) & end(one) and end(drop.object) & end(other) for one, other in ends)
                and _may_meet(drop.article, articles)
                and drop.modality in (None, said.modality or drop.modality)
                and all(said.qualifiers.get(name, value) == value for name, value in drop.qualifiers.items())
            ):
                yield (
                    max(line, placed.line),
                    f"{drop.words} is dropped on line {placed.line} and said on line {line}; one of them has to go",
                )


def _may_meet(one: tuple[ArticleRef, ...], other: tuple[ArticleRef, ...]) -> bool:
    return not one or not other or bool(set(one) & set(other))


def _components(joined: nx.Graph[Thing]) -> dict[Thing, int]:
    return {thing: number for number, those in enumerate(nx.connected_components(joined)) for thing in those}


def _things(entry: Entry) -> tuple[ThingRef, ...]:
    """Return the things that an entry names."""
    match entry:
        case Merge():
            return entry.merge
        case KeepApart():
            return entry.keep_apart
        case Rename():
            return (entry.rename,)
        case Retype():
            return (entry.retype,)
        case DropThing():
            return (entry.drop,)
        case DropStatement():
            return entry.drop.subject, entry.drop.object
        case Accept():
            return entry.accept.subject, entry.accept.object
        case Add():
            return entry.add.subject, entry.add.object
    return ()


def _articles(articles: tuple[ArticleRef, ...]) -> tuple[str, ...]:
    return tuple(sorted(article.words for article in articles))
