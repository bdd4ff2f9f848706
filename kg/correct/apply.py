"""Corrections and what the articles yield -> what the articles yield, corrected, and what identity has to honour.

Extraction knows nothing of corrections, so that a changed correction extracts nothing anew. The order of entries does not
matter. Where entries turn out to contradict each other only in the articles that are there now, the more careful one holds
(two things rather than one, dropped rather than said), and the other is reported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from kg.correct.added import Added, add
from kg.correct.decide import Decisions, Outcome, decide
from kg.correct.load import Corrections
from kg.correct.references import Index, Key, Unmatched
from kg.correct.schema import Accept, Add, Block, DropStatement, Entry, ThingRef, plain
from kg.correct.statements import Place, Statements, in_articles
from kg.model import (
    Article,
    Constraints,
    Correction,
    Entity,
    Extraction,
    Identity,
    Occurrence,
    Source,
    Statement,
    Together,
)

if TYPE_CHECKING:
    from kg.vocabulary import Vocabulary


class Corrected(NamedTuple):
    """What corrections make of a run: everything that assembly needs, and what became of every entry.

    `complaints` name file and line of every entry that has no effect, or not all of it.
    """

    sources: tuple[Source, ...]
    extractions: tuple[Extraction, ...]
    constraints: Constraints = Constraints()
    corrections: tuple[Correction, ...] = ()
    complaints: tuple[str, ...] = ()


def correct(
    corrections: Corrections,
    *,
    sources: Sequence[Source],
    extractions: Sequence[Extraction],
    identities: Sequence[Identity],
    vocabulary: Vocabulary,
) -> Corrected:
    """Return sources, extractions and constraints as `corrections` want them.

    `identities` are those of `extractions` without any constraint: names are looked for among them.
    """
    entries = [located.entry for located in corrections.entries]
    index = Index(sources, extractions, identities)
    decisions = decide(entries, index, vocabulary.class_of)
    outcomes = decisions.outcomes
    statements = Statements(extractions, index, symmetric=vocabulary.symmetric)
    dropped, accepted = _chosen(entries, statements, outcomes)
    added = _added(entries, index, decisions, {s.id: s for s in sources}, vocabulary)
    for one in added:
        for entity, elsewhere in one.entities:
            if elsewhere is not None:
                members = ((*one.article, entity.id), elsewhere)
                decisions.together.append(
                    Together(members=members, reason=f"correction: {one.statement.corrected_by[0]}")
                )
    return Corrected(
        sources=(*sources, *(one.source for one in added if one.source is not None)),
        extractions=_rewritten(extractions, decisions, dropped, accepted, added, vocabulary),
        constraints=decisions.constraints(),
        corrections=tuple(
            Correction(words=words, concerned=outcome.concerned, problem=outcome.problem)
            for words, outcome in sorted(outcomes.items())
        ),
        complaints=tuple(
            f"{corrections.file}:{line}: {entry.words}: {outcomes[entry.words].problem}"
            for line, entry in corrections.entries
            if outcomes[entry.words].problem
        ),
    )


def _chosen(
    entries: Iterable[Entry], statements: Statements, outcomes: dict[str, Outcome]
) -> tuple[set[Place], dict[Place, set[str]]]:
    """Return the statements that are dropped and those that are accepted, with the words of the entries that say so.

    What is accepted is exempt from blocked rules, and what is dropped is not accepted.
    """
    dropped: set[Place] = set()
    blocked: set[Place] = set()
    accepted: dict[Place, set[str]] = defaultdict(set)
    for entry in entries:
        try:
            match entry:
                case DropStatement():
                    found = statements.find(entry.drop)
                    dropped |= found
                case Block():
                    found = statements.of_rule(entry)
                    blocked |= found
                case Accept():
                    found = statements.find(entry.accept)
                    for place in found:
                        accepted[place].add(entry.words)
                case _:
                    continue
        except Unmatched as unmatched:
            outcomes[entry.words] = Outcome(0, str(unmatched))
        else:
            outcomes[entry.words] = Outcome(len(found))
    for place in dropped & accepted.keys():
        for words in accepted.pop(place):
            before = outcomes[words].concerned
            outcomes[words] = Outcome(before - 1, "another entry drops what this one accepts; it is dropped")
    return dropped | (blocked - accepted.keys()), dict(accepted)


def _added(
    entries: Sequence[Entry],
    index: Index,
    decisions: Decisions,
    sources: Mapping[str, Source],
    vocabulary: Vocabulary,
) -> list[Added]:
    """Return what entries add, in an order of its own."""
    found = []
    wanted = sorted({e.words: e for e in entries if isinstance(e, Add)}.items())
    for number, (words, entry) in enumerate(wanted):
        try:
            one = add(entry, number=number, index=index, sources=sources, vocabulary=vocabulary)
            _not_dropped(entry, one, entries, index, decisions)
        except Unmatched as unmatched:
            decisions.outcomes[words] = Outcome(0, str(unmatched))
        else:
            found.append(one)
            decisions.outcomes[words] = Outcome(1)
    return found


def _not_dropped(
    entry: Add, added: Added, entries: Iterable[Entry], index: Index, decisions: Decisions
) -> None:
    """Raise Unmatched if another entry drops what `entry` adds, or one of its ends."""
    ends = {(*added.article, added.statement.subject), (*added.article, added.statement.object)}
    ends |= {elsewhere for _, elsewhere in added.entities if elsewhere is not None}
    if ends & decisions.dropped:
        raise Unmatched("another entry drops one of its ends")
    said = {_things(ref, index) for ref in (entry.add.subject, entry.add.object)}
    for other in entries:
        if isinstance(other, DropStatement) and other.drop.predicate == entry.add.predicate:
            there = _articles(other, index)
            if (
                said == {_things(ref, index) for ref in (other.drop.subject, other.drop.object)}
                and (there is None or added.article in there)
                and other.drop.modality in (None, entry.add.modality)
                and all(entry.add.qualifiers.get(n, "") == v for n, v in other.drop.qualifiers.items())
            ):
                raise Unmatched("another entry drops what this one adds; it is not added")


def _things(ref: ThingRef, index: Index) -> tuple[str, ...]:
    try:
        return tuple(sorted(index.find(ref).things)) or (plain(ref.name),)
    except Unmatched:
        return (plain(ref.name),)


def _articles(entry: DropStatement, index: Index) -> frozenset[Key] | None:
    try:
        return index.articles(entry.drop.article)
    except Unmatched:
        return frozenset()


def _rewritten(
    extractions: Sequence[Extraction],
    decisions: Decisions,
    dropped: Iterable[Place],
    accepted: Mapping[Place, Collection[str]],
    added: Sequence[Added],
    vocabulary: Vocabulary,
) -> tuple[Extraction, ...]:
    without = in_articles(dropped)
    more: dict[Key, list[Added]] = defaultdict(list)
    for one in added:
        more[one.article].append(one)
    found = []
    for extraction in extractions:
        key = extraction.article.source, extraction.article.index
        kept = tuple(
            _accepted(statement, accepted.get(Place(key, number)))
            for number, statement in enumerate(extraction.statements)
            if number not in without.get(key, ())
            and not {(*key, statement.subject), (*key, statement.object)} & decisions.dropped
        )
        entities = tuple(
            _retyped(entity, decisions.types.get((*key, entity.id)), vocabulary)
            for entity in extraction.entities
            if (*key, entity.id) not in decisions.dropped
        )
        new = more.pop(key, [])
        found.append(
            replace(
                extraction,
                entities=(*entities, *(entity for one in new for entity, _ in one.entities)),
                statements=(*kept, *(one.statement for one in new)),
                occurrences=_occurrences(extraction, kept, {e.id for e in entities}),
            )
        )
    for those in more.values():
        pages: list[Article] = [one.page for one in those if one.page is not None]
        entities = tuple(entity for one in those for entity, _ in one.entities)
        found.append(
            Extraction(article=pages[0], entities=entities, statements=tuple(one.statement for one in those))
        )
    return tuple(found)


def _accepted(statement: Statement, words: Collection[str] | None) -> Statement:
    if not words:
        return statement
    return replace(statement, confidence=1.0, corrected_by=tuple(sorted(words)))


def _retyped(entity: Entity, to: str | None, vocabulary: Vocabulary) -> Entity:
    if to is None:
        return entity
    type_ = vocabulary.class_of(to)
    return replace(entity, type=type_, subtype="" if type_ == to else to)


def _occurrences(
    extraction: Extraction, kept: Sequence[Statement], entities: Collection[str]
) -> tuple[Occurrence, ...]:
    """Return the occurrences that `kept` statements tell of, without the parties that only the others named."""
    before, after = _parties(extraction.statements), _parties(kept)
    found = []
    for occurrence in extraction.occurrences:
        if occurrence.id in before and occurrence.id not in after:
            continue
        gone = before.get(occurrence.id, set()) - after.get(occurrence.id, set())
        roles = {
            role: left
            for role, those in occurrence.roles.items()
            if (left := tuple(e for e in those if e in entities and e not in gone))
        }
        place = occurrence.place if occurrence.place in entities else None
        event = occurrence.event if occurrence.event in entities else None
        if roles:
            found.append(replace(occurrence, roles=roles, place=place, event=event))
    return tuple(found)


def _parties(statements: Iterable[Statement]) -> dict[str, set[str]]:
    """Return the ends of the statements of every occurrence."""
    found: dict[str, set[str]] = defaultdict(set)
    for statement in statements:
        if statement.occurrence is not None:
            found[statement.occurrence] |= {statement.subject, statement.object}
    return found
