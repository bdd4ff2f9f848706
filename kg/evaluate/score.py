"""Comparing what a system found with the annotation, document by document, as sets.

A system entity is the gold entity that shares a name with it; within one article a second system entity for the same
gold entity is wrong. Optional gold entities and facts are neither rewarded nor punished. Figures are sums over
documents, not averages of their scores.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import NamedTuple

from kg.evaluate.figures import Tally, f1_interval, share, total
from kg.evaluate.gold import ATTRIBUTES, End, Fact, GoldDocument, canonical
from kg.evaluate.names import fold, parts
from kg.evaluate.system import FoundArticle, FoundEntity, FoundStatement

FREE_TEXT = frozenset({"agreement", "subject"})
"""Qualifiers without one right wording: half of the characters in common is enough."""


class Note(NamedTuple):
    """One error, for a reader who wants to know why the figures are what they are."""

    document: str
    kind: str
    what: str


@dataclass(frozen=True, slots=True)
class Score:
    """All figures; `details` lists every error."""

    measures: Mapping[str, Tally]
    intervals: Mapping[str, tuple[float, float]]
    by_relation: Mapping[str, Tally]
    shares: Mapping[str, float]
    details: tuple[Note, ...]


@dataclass(slots=True)
class _Share:
    right: int = 0
    all: int = 0

    def add(self, right: bool) -> None:
        self.right += right
        self.all += 1


@dataclass(slots=True)
class _Ledger:
    """The running counts of one document."""

    document: str
    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    by_relation: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    shares: dict[str, _Share] = field(default_factory=lambda: defaultdict(_Share))
    overlaps: list[tuple[int, float]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def count(self, kind: str, *measures: str) -> None:
        for measure in measures:
            self.counts[measure][kind] += 1

    def note(self, kind: str, *what: str) -> None:
        self.notes.append(Note(self.document, kind, "\t".join(what)))

    def tally(self, measure: str) -> Tally:
        return _tally(self.counts[measure])


def score(
    documents: Sequence[GoldDocument],
    found: Iterable[FoundArticle],
    *,
    texts: Mapping[str, str],
    symmetric: frozenset[str],
) -> Score:
    """Compare `found` with the annotation of `documents`; `texts` holds every document's source text by its id."""
    by_document: dict[str, list[FoundArticle]] = defaultdict(list)
    known = {document.id for document in documents}
    for article in found:
        by_document[document_of(article.source, known=known)].append(article)
    ledgers = [
        _compare(gold, by_document.get(gold.id, []), texts[gold.id], symmetric=symmetric)
        for gold in documents
    ]
    measures = ("entity", "entity_untyped", "relation", "pair")
    per_document = {name: [ledger.tally(name) for ledger in ledgers] for name in measures}
    relations = sorted({name for ledger in ledgers for name in ledger.by_relation})
    overlaps = [pair for ledger in ledgers for pair in ledger.overlaps]
    weight = sum(n for n, _ in overlaps)
    shares = {"article_overlap": round(sum(n * best for n, best in overlaps) / weight, 4) if weight else 0.0}
    for name in ("evidence_exact", "qualifiers_right", "modality_right", "attributes_right"):
        kept = [ledger.shares[name] for ledger in ledgers]
        shares[name] = share(sum(s.right for s in kept), sum(s.all for s in kept))
    return Score(
        measures={name: total(tallies) for name, tallies in per_document.items()},
        intervals={name: f1_interval(per_document[name]) for name in ("entity", "relation")},
        by_relation={
            name: total(
                [_tally(ledger.by_relation[name]) for ledger in ledgers if name in ledger.by_relation]
            )
            for name in relations
        },
        shares=shares,
        details=tuple(note for ledger in ledgers for note in ledger.notes),
    )


def document_of(source: str, *, known: set[str]) -> str:
    """Return the document that a source id belongs to: the id itself, or the file name without its extension.

    >>> document_of("pages/a1.txt", known={"a1"})
    'a1'
    """
    return source if source in known else PurePosixPath(source).stem


def _tally(counter: Counter[str]) -> Tally:
    return Tally(counter["right"], counter["wrong"], counter["missed"])


def _compare(
    gold: GoldDocument, articles: Sequence[FoundArticle], text: str, *, symmetric: frozenset[str]
) -> _Ledger:
    ledger = _Ledger(gold.id)
    _overlaps(ledger, gold, articles, text)
    links = _entities(ledger, gold, articles)
    facts: dict[Fact, FoundStatement] = {}
    for article, ends in zip(articles, links, strict=True):
        for statement in article.statements:
            for start, end, words in statement.evidence:
                cut = text[start:end]
                ledger.shares["evidence_exact"].add(bool(cut) and cut == words)
            fact = canonical(
                ends[statement.subject], statement.predicate, ends[statement.object], symmetric=symmetric
            )
            facts.setdefault(fact, statement)
    _facts(ledger, gold, facts)
    _pairs(ledger, gold, facts)
    return ledger


def _overlaps(ledger: _Ledger, gold: GoldDocument, articles: Sequence[FoundArticle], text: str) -> None:
    """For every annotated article: its size in non-blank characters and the best F1 over characters."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    last = len(starts) - 1
    found = [_solid(text, article.spans) for article in articles]
    for lines in gold.lines:
        wanted = _solid(text, [(starts[a - 1], starts[min(b, last)]) for a, b in lines])
        if wanted:
            best = max((2 * len(wanted & got) / (len(wanted) + len(got)) for got in found), default=0.0)
            ledger.overlaps.append((len(wanted), best))


def _solid(text: str, spans: Iterable[tuple[int, int]]) -> set[int]:
    return {i for start, end in spans for i in range(start, min(end, len(text))) if not text[i].isspace()}


def _entities(ledger: _Ledger, gold: GoldDocument, articles: Sequence[FoundArticle]) -> list[dict[str, End]]:
    """Count entities; return, per article, what every local id stands for."""
    both = ("entity", "entity_untyped")
    typed: set[int] = set()
    untyped: set[int] = set()
    strangers: set[tuple[str, str]] = set()
    links: list[dict[str, End]] = []
    for article in articles:
        ends: dict[str, End] = {}
        links.append(ends)
        here: set[int] = set()
        for entity in article.entities:
            index = gold.find(entity.type, entity.names)
            ends[entity.id] = entity.unknown if index is None else index
            if index is None:
                if (entity.type, entity.unknown) not in strangers:
                    strangers.add((entity.type, entity.unknown))
                    ledger.count("wrong", *both)
                    ledger.note("extra entity", entity.type, entity.name)
                continue
            target = gold.entities[index]
            if target.optional:
                continue
            if index in here:
                ledger.count("wrong", *both)
                ledger.note("duplicate entity", target.label, entity.name)
                continue
            here.add(index)
            if index not in untyped:
                ledger.count("right", "entity_untyped")
                untyped.add(index)
            if entity.type not in target.types:
                ledger.count("wrong", "entity")
                ledger.note("wrong type", f"{entity.type} for {'/'.join(sorted(target.types))}", entity.name)
            elif index not in typed:
                ledger.count("right", "entity")
                typed.add(index)
            _attributes(ledger, target.attributes, entity)
    for index, target in enumerate(gold.entities):
        if not target.optional:
            if index not in typed:
                ledger.count("missed", "entity")
            if index not in untyped:
                ledger.count("missed", "entity_untyped")
                ledger.note("missed entity", "/".join(sorted(target.types)), target.label)
    return links


def _attributes(ledger: _Ledger, wanted: Mapping[str, str], entity: FoundEntity) -> None:
    for name in ATTRIBUTES:
        if name in wanted:
            got = entity.attributes.get(name, "")
            ledger.shares["attributes_right"].add(fold(got) == fold(wanted[name]))


def _facts(ledger: _Ledger, gold: GoldDocument, facts: Mapping[Fact, FoundStatement]) -> None:
    def wording(fact: Fact) -> tuple[str, str, str]:
        head, relation, tail = fact
        return _label(gold, head), relation, _label(gold, tail)

    for fact, statement in facts.items():
        wanted = gold.facts.get(fact)
        if wanted is not None:
            ledger.count("right", "relation")
            ledger.by_relation[fact[1]]["right"] += 1
            for name, value in wanted.qualifiers.items():
                right = _same_value(name, value, statement.qualifiers.get(name, ""))
                ledger.shares["qualifiers_right"].add(right)
            ledger.shares["modality_right"].add(statement.modality == wanted.modality)
        elif fact not in gold.optional:
            ledger.count("wrong", "relation")
            ledger.by_relation[fact[1]]["wrong"] += 1
            ledger.note("extra fact", *wording(fact))
    for fact in gold.facts:
        if fact not in facts:
            ledger.count("missed", "relation")
            ledger.by_relation[fact[1]]["missed"] += 1
            ledger.note("missed fact", *wording(fact))


def _label(gold: GoldDocument, end: End) -> str:
    return gold.entities[end].label if isinstance(end, int) else end


def _same_value(name: str, wanted: str, got: str) -> bool:
    """One member in common is enough for an enumeration such as several roles."""
    if name not in FREE_TEXT:
        return bool(parts(wanted) & parts(got))
    a, b = (set("".join(parts(value))) for value in (wanted, got))
    return 2 * len(a & b) >= len(a | b) > 0


def _pairs(ledger: _Ledger, gold: GoldDocument, facts: Iterable[Fact]) -> None:
    wanted, free, got = (_ends(some) for some in (gold.facts, gold.optional, facts))
    ledger.counts["pair"] = Counter(
        right=len(wanted & got), wrong=len(got - wanted - free), missed=len(wanted - got)
    )


def _ends(facts: Iterable[Fact]) -> set[frozenset[End]]:
    return {frozenset((head, tail)) for head, _, tail in facts}
