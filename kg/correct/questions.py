"""What a person may be asked about a finished build: doubtful merges, things that were nearly one, unsure statements.

Every question has two answers, each an entry of the corrections file. A question whose things or statement some entry has
settled already is not asked again.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

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
    StatementRef,
    ThingRef,
    plain,
)
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.vocabulary import Vocabulary

MARGIN: Final = 0.1
"""How far above the threshold of the build a statement is still asked about."""
_QUOTES: Final = 3
"""Pieces of evidence that are shown for a statement."""

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words of an article with where they stand; offsets count code points of the text of the source."""

    text: str
    source: str
    article: int
    title: str
    published: str
    start: int | None

    @property
    def place(self) -> str:
        """The article in words."""
        where = "" if self.start is None else f" {self.start}"
        return (
            f"{'，'.join(filter(None, (self.title, self.published)))} · {self.source}#{self.article}{where}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something to accept or reject. `one` and `other` are names, `relation` what is said to hold between them.

    `kind` is `merged` (they were taken for one thing), `apart` (they were not) or `statement`. `why` says what speaks for
    it; `confidence` is empty but for statements. `accept` and `reject` are the entries that the answers write.
    """

    id: str
    kind: str
    one: str
    relation: str
    other: str
    why: str
    confidence: str
    quotes: tuple[Quote, ...]
    accept: Entry
    reject: Entry


class Build:
    """The outputs of a build that questions come from. Raises UsageError for a folder without them."""

    def __init__(self, folder: Path) -> None:
        self.statements = _records(folder / "statements.jsonl")
        self.doubts = _records(folder / "doubts.jsonl")
        try:
            manifest = json.loads((folder / "manifest.json").read_bytes())
            self.threshold = float(manifest["settings"]["min_confidence"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UsageError(
                f"{folder}: no finished build; give the folder that kg build -o wrote"
            ) from error


def _records(path: Path) -> list[Record]:
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: cannot be read; give the folder of a finished build ({error})") from error


def questions(
    build: Build, vocabulary: Vocabulary, *, margin: float = MARGIN, kinds: Sequence[str] = ()
) -> list[Question]:
    """Return the questions of a build, settled or not: merges before statements, the most doubtful first.

    Statements are those below the threshold and up to `margin` above it, the nearest to the threshold first; what a person
    has accepted or added is none of them.
    """
    called = _called(build)
    found = [_of_doubt(doubt, called) for doubt in build.doubts]
    unsure = [s for s in build.statements if _is_unsure(s, build.threshold + margin)]
    unsure.sort(key=lambda s: (round(abs(s["confidence"] - build.threshold), 4), s["id"]))
    alike = Counter(_ends(s) for s in build.statements)
    found += [_of_statement(s, vocabulary, alone=alike[_ends(s)] == 1) for s in unsure]
    once = {question.id: question for question in reversed(found)}
    return [q for q in found if once.pop(q.id, None) is not None and (not kinds or q.kind in kinds)]


def _is_unsure(statement: Record, limit: float) -> bool:
    decided = any(support.get("corrected_by") for support in statement["evidence"])
    return not decided and bool(statement["confidence"] < limit)


def _called(build: Build) -> dict[tuple[str, str], set[str]]:
    """Return the ids of the things that bear a name, by type and name."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for statement in build.statements:
        for end in (statement["subject"], statement["object"]):
            found[end["type"], plain(end["name"])].add(end["id"])
    for doubt in build.doubts:
        for seen in (doubt["one"], doubt["other"]):
            for name in (seen["name"], seen["node"]):
                found[seen["type"], plain(name)].add(seen["id"])
    return found


def _of_doubt(doubt: Record, called: Mapping[tuple[str, str], set[str]]) -> Question:
    one, other = doubt["one"], doubt["other"]
    alone = plain(one["name"]) != plain(other["name"])  # then the names tell them apart without the articles
    things = []
    for seen in (one, other):
        mates = called[seen["type"], plain(seen["name"])] | {one["id"], other["id"]}
        global_ = alone and seen["type"] != "Person" and mates <= {one["id"], other["id"]}
        article = () if global_ else (_article(seen),)
        things.append(ThingRef(name=seen["name"], type=seen["type"], article=article))
    apart = doubt["apart"]
    accept, reject = Merge(merge=tuple(things)), KeepApart(keep_apart=tuple(things))
    return Question(
        id=_id(accept),
        kind="apart" if apart else "merged",
        one=one["name"],
        relation="=",
        other=other["name"],
        why="; ".join(filter(None, (doubt["reason"], apart))),
        confidence="",
        quotes=tuple(_quote(seen) for seen in (one, other)),
        accept=accept,
        reject=reject,
    )


def _ends(statement: Record) -> tuple[str, str, str, str]:
    ends = statement["subject"]["id"], statement["object"]["id"]
    return (*ends, statement["predicate"], statement["modality"])


def _of_statement(statement: Record, vocabulary: Vocabulary, *, alone: bool) -> Question:
    """Return the question; a statement that is not `alone` has others of its ends beside it, with other qualifiers."""
    relation = vocabulary.relations.get(statement["predicate"])
    keys = relation.key_qualifiers if relation is not None else ()
    articles = {(e["source"], e["article"]): _article(e) for e in statement["evidence"]}
    ref = StatementRef(
        subject=ThingRef(name=statement["subject"]["name"], type=statement["subject"]["type"]),
        predicate=statement["predicate"],
        object=ThingRef(name=statement["object"]["name"], type=statement["object"]["type"]),
        article=tuple(articles[key] for key in sorted(articles)),
        modality=statement["modality"],
        qualifiers={n: v for n in keys if (v := statement["qualifiers"].get(n, "")) or not alone},
    )
    accept = Accept(accept=ref)
    label = statement["label"].get("zh", statement["predicate"])
    more = [v for v in statement["qualifiers"].values() if v]
    more += [] if statement["modality"] == "stated" else [vocabulary.label(statement["modality"])]
    return Question(
        id=_id(accept),
        kind="statement",
        one=statement["subject"]["name"],
        relation=label + (f"（{'，'.join(more)}）" if more else ""),
        other=statement["object"]["name"],
        why=", ".join(statement["rules"]),
        confidence=f"{statement['confidence']:.4g}",
        quotes=tuple(_quote(evidence) for evidence in statement["evidence"][:_QUOTES]),
        accept=accept,
        reject=DropStatement(drop=ref),
    )


def _article(seen: Record) -> ArticleRef:
    """Return the article of a record by source and headline, or by its number where it has none."""
    if seen["title"]:
        return ArticleRef(source=seen["source"], title=seen["title"])
    return ArticleRef(source=seen["source"], number=str(seen["article"]))


def _quote(seen: Record) -> Quote:
    return Quote(
        text=" ".join(seen["text"].split()),
        source=seen["source"],
        article=seen["article"],
        title=seen["title"],
        published=seen["published"],
        start=seen["start"],
    )


def _id(accept: Entry) -> str:
    content = json.dumps(accept.content(), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:12]


# ---------------------------------------------------------------- what is settled


def settled(question: Question, entries: Iterable[Entry]) -> str | None:
    """Return what `entries` have decided about a question, ``accept`` or ``reject``, or None."""
    for entry in entries:
        match entry, question.accept:
            case (Merge() as merge, Merge() as asked):
                if _name_both(merge.merge, asked.merge):
                    return "accept"
            case (KeepApart() as apart, Merge() as asked):
                if _name_both(apart.keep_apart, asked.merge):
                    return "reject"
            case (Accept() as accept, Accept() as asked):
                if _same(accept.accept, accept.accept.article, asked.accept):
                    return "accept"
            case (Add() as add, Accept() as asked):
                if _same(add.add, add.article, asked.accept):
                    return "accept"
            case (DropStatement() as drop, Accept() as asked):
                if _same(drop.drop, drop.drop.article, asked.accept):
                    return "reject"
            case (DropThing() as thing, Accept() as asked):
                if _is(thing.drop, asked.accept.subject) or _is(thing.drop, asked.accept.object):
                    return "reject"
    return None


def _name_both(named: Sequence[ThingRef], asked: Sequence[ThingRef]) -> bool:
    one, other = asked
    return any(
        _is(first, one) and _is(second, other)
        for i, first in enumerate(named)
        for j, second in enumerate(named)
        if i != j
    )


def _is(named: ThingRef, asked: ThingRef) -> bool:
    return (
        plain(named.name) == plain(asked.name)
        and (not named.type or not asked.type or named.type == asked.type)
        and _meet(named.article, asked.article)
    )


def _same(said: StatementRef | NewStatement, articles: tuple[ArticleRef, ...], asked: StatementRef) -> bool:
    modality = said.modality
    return (
        said.predicate == asked.predicate
        and plain(said.subject.name) == plain(asked.subject.name)
        and plain(said.object.name) == plain(asked.object.name)
        and (modality is None or asked.modality is None or modality == asked.modality)
        and all(asked.qualifiers.get(n, v) == v for n, v in said.qualifiers.items())
        and _meet(articles, asked.article)
    )


def _meet(named: tuple[ArticleRef, ...], asked: tuple[ArticleRef, ...]) -> bool:
    """Whether two entries may speak of one article; an entry that names none speaks of all."""
    return not named or not asked or any(_fits(one, other) for one in named for other in asked)


def _fits(named: ArticleRef, asked: ArticleRef) -> bool:
    if named.any_of:
        number = f"{asked.source}#{asked.number}" if asked.number else asked.source
        return plain(named.any_of) in (plain(asked.source), plain(number), plain(asked.title))
    return named.source in ("", asked.source) and (
        not named.title or plain(named.title) == plain(asked.title)
    )


def open_questions(asked: Iterable[Question], entries: Sequence[Entry]) -> Iterator[Question]:
    """Yield the questions that `entries` have not settled."""
    return (question for question in asked if settled(question, entries) is None)
