"""Entries that add a statement -> statements with evidence: words of an article, or a source made of the entry itself.

What is quoted has to stand in an article, white space aside; its offsets are those of the article's source. A statement
that rests on something outside of the articles gets a source of its own, whose text says just that: what is claimed, where
it is said to stand, and who added it. Its evidence is exact, too, and nobody can take it for an article.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kg.correct.references import Index, Key, Unmatched
from kg.correct.schema import Add, EndRef, Outside
from kg.model import CORRECTION, Article, Entity, Evidence, Member, Passage, Source, Span, Statement

if TYPE_CHECKING:
    from kg.vocabulary import Vocabulary

RULE = "correction"
"""The rule that added statements give."""


class Added(NamedTuple):
    """A statement with the entities that its article lacks, each with an entity elsewhere that it is, if there is one."""

    article: Key
    statement: Statement
    entities: tuple[tuple[Entity, Member | None], ...]
    source: Source | None = None
    page: Article | None = None


class _Place(NamedTuple):
    """Evidence in a source, with the article that it belongs to."""

    key: Key
    text: str
    span: Span


class _End(NamedTuple):
    """An end of a statement: its class and subtype, its entity if its article has it, and an entity of another article."""

    type: str
    subtype: str
    here: Member | None
    elsewhere: Member | None
    names: tuple[str, ...]


def add(
    entry: Add, *, number: int, index: Index, sources: Mapping[str, Source], vocabulary: Vocabulary
) -> Added:
    """Return what `entry` adds; `number` sets its new entities apart from those of other entries.

    Raises Unmatched when the quote, or what the statement is about, is not there.
    """
    if entry.source is not None:
        return _from_outside(entry, entry.source, number=number, index=index, vocabulary=vocabulary)
    place = _quoted(entry, index, sources)
    return _stated(entry, place, number=number, index=index, vocabulary=vocabulary)


def _quoted(entry: Add, index: Index, sources: Mapping[str, Source]) -> _Place:
    chosen = index.articles(entry.article)
    keys = index.all_articles() if chosen is None else sorted(chosen)
    found = [
        _Place(key, sources[key[0]].text, span)
        for key in keys
        if (span := quoted(entry.quote, sources[key[0]].text, index.article(key).spans)) is not None
    ]
    if not found:
        raise Unmatched(f"“{entry.quote}” stands in none of the articles meant")
    if len(found) > 1:
        listed = ", ".join(f"{source}#{n}" for (source, n), _, _ in found)
        raise Unmatched(f"“{entry.quote}” stands in several articles: {listed}; give the article")
    return found[0]


def quoted(quote: str, text: str, spans: Sequence[Span]) -> Span | None:
    r"""Return where `quote` first stands in `text` within `spans`, white space aside; None where it does not.

    >>> quoted("甲与乙 签约", "标题\n甲与\n乙签约。", [Span(0, 10)])
    Span(start=3, end=9)
    """
    wanted = "".join(quote.split())
    offsets = [i for i, c in enumerate(text) if not c.isspace()]
    packed = "".join(text[i] for i in offsets)
    at = packed.find(wanted)
    while at >= 0:
        taken = offsets[at : at + len(wanted)]
        if all(any(span.start <= i < span.end for span in spans) for i in taken):
            return Span(taken[0], taken[-1] + 1)
        at = packed.find(wanted, at + 1)
    return None


def _stated(entry: Add, place: _Place, *, number: int, index: Index, vocabulary: Vocabulary) -> Added:
    said = entry.add
    ends = [_end(end, place.key, index, vocabulary) for end in (said.subject, said.object)]
    if not vocabulary.allows(ends[0].type, said.predicate, ends[1].type):
        raise Unmatched(f"{said.predicate} does not lead from {ends[0].type} to {ends[1].type}")
    ids, spans, new = [], [], []
    for position, (ref, end) in enumerate(zip((said.subject, said.object), ends, strict=True)):
        span = _named(ref, end, place, index)
        spans.append(span)
        if end.here is not None:
            ids.append(end.here[2])
            continue
        id_ = f"correction{number}.{position}"
        entity = Entity(id=id_, type=end.type, subtype=end.subtype, name=ref.name, mentions=(span,))
        ids.append(id_)
        new.append((entity, end.elsewhere))
    if ids[0] == ids[1]:
        raise Unmatched("both ends are one thing")
    statement = Statement(
        subject=ids[0],
        predicate=said.predicate,
        object=ids[1],
        subject_span=spans[0],
        object_span=spans[1],
        evidence=(Evidence(start=place.span.start, end=place.span.end, text=place.span.of(place.text)),),
        confidence=1.0,
        rule=RULE,
        qualifiers=dict(sorted(said.qualifiers.items())),
        modality=said.modality,
        corrected_by=(entry.words,),
    )
    return Added(place.key, statement, tuple(new))


def _end(ref: EndRef, article: Key, index: Index, vocabulary: Vocabulary) -> _End:
    """Return what `ref` names: in the article, else in the others, else something new of the type given."""
    near = index.find(ref, within=frozenset({article})).things
    found = near or index.find(ref).things
    if not found:
        if not ref.type:
            raise Unmatched(f"nothing is called {ref.words}; give the type of what is new")
        type_ = vocabulary.class_of(ref.type)
        return _End(type_, "" if type_ == ref.type else ref.type, None, None, (ref.name,))
    if len(found) > 1:
        raise Unmatched(
            f"several things are called {ref.words}: {', '.join(sorted(found))}; give type or article"
        )
    member = next(iter(found.values()))[0]
    entity = index.entities[member]
    names = (ref.name, entity.name, *entity.aliases)
    return _End(entity.type, entity.subtype, member if near else None, None if near else member, names)


def _named(ref: EndRef, end: _End, place: _Place, index: Index) -> Span:
    """Return where the article names an end: in the quote if it does, else the mention nearest to it."""
    names = sorted({name for name in end.names if name}, key=lambda name: (-len(name), name))
    for name in [ref.as_, *names] if ref.as_ else names:
        span = quoted(name, place.text, (place.span,))
        if span is not None:
            return span
    if not ref.as_ and end.here is not None and (mentions := index.entities[end.here].mentions):
        return min(mentions, key=lambda m: (max(m.start - place.span.end, place.span.start - m.end, 0), m))
    raise Unmatched(f"the quote does not name {ref.words}; say with “as” which of its words stand for it")


def _from_outside(
    entry: Add, outside: Outside, *, number: int, index: Index, vocabulary: Vocabulary
) -> Added:
    said = entry.add
    claim = " ".join((said.subject.name, vocabulary.label(said.predicate), said.object.name))
    more = [f"{vocabulary.label(name)}：{value}" for name, value in sorted(said.qualifiers.items())]
    more += [vocabulary.label(said.modality)] if said.modality != "stated" else []
    claim += f"（{'，'.join(more)}）" if more else ""
    origin = "，".join(filter(None, (outside.title, outside.publisher, outside.date, outside.url)))
    lines = [outside.title, claim]
    lines += [f"“{outside.quote}”"] if outside.quote else []
    lines += [f"出处：{origin}"]
    lines += [f"理由：{entry.reason}"] if entry.reason else []
    lines += [f"补充：{entry.by}"] if entry.by else []
    text = "\n".join(lines) + "\n"
    whole = Span(0, len(text))
    start = len(outside.title) + 1
    evidence = Span(start, start + len(claim))
    if outside.quote and all((end.as_ or end.name) in outside.quote for end in (said.subject, said.object)):
        evidence = Span(evidence.end + 2, evidence.end + 2 + len(outside.quote))
    content = {name: value for name, value in entry.content().items() if name not in ("reason", "by")}
    digest = hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    raw = hashlib.sha256(text.encode()).hexdigest()
    source = Source(
        id=f"corrections/{digest[:16]}",
        text=text,
        raw_sha256=raw,
        text_sha256=raw,
        media_type=CORRECTION,
        single=True,
    )
    page = Article(
        source=source.id,
        index=0,
        spans=(whole,),
        passages=(Passage(role="body", spans=(whole,)),),
        title=outside.title,
        published=outside.date,
        publisher=outside.publisher,
        byline=(entry.by,) if entry.by else (),
    )
    place = _Place((source.id, 0), text, evidence)
    added = _stated(entry, place, number=number, index=index, vocabulary=vocabulary)
    return added._replace(source=source, page=page)
