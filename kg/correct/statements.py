"""Entries about statements (drop, accept, block a rule) -> which statements of the articles they mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from kg.correct.references import Hits, Index, Key, Unmatched
from kg.correct.schema import Block, StatementRef
from kg.model import Extraction, Member, Statement


class Place(NamedTuple):
    """A statement by its article and its number there."""

    article: Key
    number: int


class Statements:
    """The statements of all articles by relation and rule."""

    def __init__(
        self, extractions: Iterable[Extraction], index: Index, *, symmetric: Collection[str]
    ) -> None:
        self._index = index
        self._symmetric = symmetric
        self._of: dict[str, list[tuple[Place, Statement]]] = defaultdict(list)
        self._by_rule: dict[str, list[Place]] = defaultdict(list)
        for extraction in extractions:
            key = extraction.article.source, extraction.article.index
            for number, statement in enumerate(extraction.statements):
                self._of[statement.predicate].append((Place(key, number), statement))
                self._by_rule[statement.rule].append(Place(key, number))

    def find(self, ref: StatementRef) -> set[Place]:
        """Return the statements that `ref` means, at least one.

        Raises Unmatched when there is none, and when the names fit the statements of several things.
        """
        articles = self._index.articles(ref.article)
        found: set[Place] = set()
        for within in [None] if articles is None else [frozenset({article}) for article in sorted(articles)]:
            said: dict[tuple[str, str], set[Place]] = defaultdict(set)
            for pair, place in self._fitting(ref, within):
                said[pair].add(place)
            if len(said) > 1:
                listed = "; ".join(f"{subject} and {object_}" for subject, object_ in sorted(said))
                raise Unmatched(f"{ref.words} is said of several: {listed}; give types or articles")
            found.update(*said.values())
        if not found:
            raise Unmatched(f"no article says {ref.words}")
        return found

    def _fitting(
        self, ref: StatementRef, within: frozenset[Key] | None
    ) -> Iterator[tuple[tuple[str, str], Place]]:
        """Yield subject and object and the place of every statement that fits."""
        subjects, objects = (self._index.find(end, within=within) for end in (ref.subject, ref.object))
        allowed = [self._index.articles(end.article) for end in (ref.subject, ref.object)]
        for place, statement in self._of.get(ref.predicate, ()):
            if any(keys is not None and place.article not in keys for keys in (within, *allowed)):
                continue
            if ref.modality not in (None, statement.modality):
                continue
            if any(statement.qualifiers.get(name, "") != value for name, value in ref.qualifiers.items()):
                continue
            one, other = (
                self._index.thing_of((*place.article, end)) for end in (statement.subject, statement.object)
            )
            if _meet(subjects, objects, one, other):
                yield (one, other), place
            elif ref.predicate in self._symmetric and _meet(subjects, objects, other, one):
                yield (other, one), place

    def of_rule(self, block: Block) -> set[Place]:
        """Return the statements that a blocked rule found, at least one; raises Unmatched when there is none."""
        articles = self._index.articles(block.article)
        prefix = block.block.removesuffix("*")
        fitting = (
            place
            for rule, places in self._by_rule.items()
            if rule == block.block or (prefix != block.block and rule.startswith(prefix))
            for place in places
        )
        found = {place for place in fitting if articles is None or place.article in articles}
        if not found:
            raise Unmatched(f"no statement there was found by {block.block}")
        return found


def _meet(subjects: Hits, objects: Hits, one: str, other: str) -> bool:
    return one in subjects.things and other in objects.things


def in_articles(places: Iterable[Place]) -> dict[Key, set[int]]:
    """Return the numbers of the statements by article."""
    found: dict[Key, set[int]] = defaultdict(set)
    for place in places:
        found[place.article].add(place.number)
    return found


def ends(statements: Sequence[Statement], article: Key) -> set[Member]:
    """Return the entities that `statements` of an article are about."""
    return {(*article, end) for s in statements for end in (s.subject, s.object)}
