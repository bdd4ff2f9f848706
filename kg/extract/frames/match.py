"""The engine: frames tried on the encoded sentences of a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.extract.frames.encode import Item, Window, encode
from kg.extract.frames.model import Frame, FrameMatch, Frames, Pattern
from kg.extract.frames.nested import nested_matches
from kg.extract.frames.topics import Topic, carried, main_item, topics_of
from kg.model import Document, Modality, Span

_STOP = "，；：！？。"
_VETO_REACH = 10  # code points before a match in which a negation still governs it
_PLAN_REACH = 20  # the same for a plan: dates and places stand between it and the verb
Fillers = dict[str, tuple[Item, ...]]


@dataclass(slots=True)
class _Context:
    document: Document
    frames: Frames
    topics: list[Topic]
    paragraphs: dict[int, int]
    mains: dict[frozenset[str], tuple[Item, ...]]


def find_matches(document: Document, frames: Frames) -> tuple[FrameMatch, ...]:
    """Return every fact that a frame reads in the document, in text order, then by frame id.

    A frame states a pair at most once per sentence. The document needs its reading, mentions with links, entities
    and references.
    """
    context = _Context(document, frames, [], {}, {})
    found: list[FrameMatch] = []
    for window in encode(document, frames.types):
        context.paragraphs[window.index] = window.paragraph
        context.topics += topics_of(window, frames.topic)
        if window.items:
            found += _window_matches(window, context)
    found += nested_matches(document, frames)
    return tuple(sorted(found, key=_place))


def _place(match: FrameMatch) -> tuple[Span, str, Span, Span]:
    return match.clause, match.frame, match.subject_span, match.object_span


def _window_matches(window: Window, context: _Context) -> list[FrameMatch]:
    found: dict[tuple[str, str, str], FrameMatch] = {}
    wanted = 0
    for trigger, frames in context.frames.index.items():
        if trigger in window.text:
            wanted |= frames
    for k, frame in enumerate(context.frames.frames):
        if not wanted >> k & 1:
            continue
        for pattern in frame.patterns:
            if all(map(window.mask.__and__, pattern.masks)):
                for match in _frame_matches(frame, pattern, window, context):
                    pair = (match.subject, match.object)
                    found.setdefault((frame.id, *pair), match)
    return list(found.values())


def _frame_matches(frame: Frame, pattern: Pattern, window: Window, context: _Context) -> Iterator[FrameMatch]:
    at = 0
    while match := pattern.regex.search(window.text, at):
        at = match.start() + 1
        fillers = _fillers(pattern, match, window, context.frames.post)
        texts = _texts(pattern, match, window, context)
        if frame.carry and not _carry(frame, fillers, window, match.start(), context):
            continue
        yield from _emit(frame, fillers, texts, (match.start(), match.end()), window, context)
        if frame.then is None:
            continue
        end = match.end()
        while further := frame.then.regex.match(window.text, end):
            fillers = {**fillers, **_fillers(frame.then, further, window, context.frames.post)}
            texts = {**texts, **_texts(frame.then, further, window, context)}
            yield from _emit(frame, fillers, texts, (further.start(), further.end()), window, context)
            if further.end() == end:
                break
            end = further.end()


def _fillers(pattern: Pattern, match: re.Match[str], window: Window, post: re.Pattern[str]) -> Fillers:
    fillers: Fillers = {}
    for slot in pattern.slots:
        start, end = match.span(slot.name)
        inside = [k for k in range(start, end) if k in window.items and window.items[k].type in slot.types]
        if slot.many and slot.name == "subject":
            inside = [k for k in inside if not _is_post(k, window, post)]
        fillers[slot.name] = tuple(window.items[k] for k in inside)
    return fillers


def _is_post(position: int, window: Window, post: re.Pattern[str]) -> bool:
    """Return whether a member of a list only says whose officer the next person is (甲公司 in 甲公司董事长王一、…)."""
    match = post.match(window.text, position + 1)
    return match is not None and window.items[match.end() - 1].type != window.items[position].type


def _texts(pattern: Pattern, match: re.Match[str], window: Window, context: _Context) -> dict[str, str]:
    slots = {slot.name for slot in pattern.slots}
    texts = {}
    for name in match.re.groupindex:
        start, end = match.span(name)
        if name not in slots and start >= 0 and end > start:
            texts[name] = window.span(start, end).of(context.document.reading.text)
    return texts


def _carry(frame: Frame, fillers: Fillers, window: Window, before: int, context: _Context) -> bool:
    """Fill the slot that the clause leaves out; False where nothing before can fill it."""
    carry = frame.carry
    assert carry is not None  # noqa: S101 - the caller asked
    if carry.source == "subject":
        items = carried(context.topics, window, before, carry.types, carry.sentences, context.paragraphs)
    elif carry.source == "event" and any(i.type in carry.types for i in window.items.values()):
        near = [k for k, i in window.items.items() if i.type in carry.types and k < before]
        items = (window.items[max(near)],) if near else ()
    else:
        items = _main(context, carry.types)
    fillers[carry.slot] = items
    return bool(items)


def _main(context: _Context, types: frozenset[str]) -> tuple[Item, ...]:
    if types not in context.mains:
        context.mains[types] = main_item(context.document, types)
    return context.mains[types]


def _emit(
    frame: Frame,
    fillers: Fillers,
    texts: dict[str, str],
    bounds: tuple[int, int],
    window: Window,
    context: _Context,
) -> Iterator[FrameMatch]:
    pairs = list(_pairs(frame, fillers, context.document.reading.text))
    if not pairs:
        return
    start, end = bounds
    left = _clause_start(window.text, start)
    right = _clause_end(window.text, end)
    governed = window.text[max(left, start - _VETO_REACH) : end]
    if context.frames.veto.search(governed) or (frame.veto and frame.veto.search(window.text[left:right])):
        return
    modality: Modality = "stated"
    if frame.modality:
        modality = frame.modality
    elif context.frames.planned.search(window.text, max(left, start - _PLAN_REACH), end):
        modality = "planned"
    clause = window.span(left, right)
    qualifiers = dict(texts)
    for name, regex in frame.clause_qualifiers.items():
        if name not in qualifiers and (hit := regex.search(window.text, left, right)):
            qualifiers[name] = window.span(*hit.span()).of(context.document.reading.text)
    group = f"{frame.id}@{window.starts[start]}"
    for (subject, subject_span), (object_, object_span) in pairs:
        yield FrameMatch(
            frame=frame.id,
            relation=frame.relation,
            subject=subject,
            object=object_,
            subject_span=subject_span,
            object_span=object_span,
            clause=clause,
            confidence=frame.confidence,
            group=group,
            qualifiers=qualifiers,
            modality=modality,
        )


_End = tuple[str, Span]


def _pairs(frame: Frame, fillers: Fillers, text: str) -> Iterator[tuple[_End, _End]]:
    left = [(e, i.span) for i in fillers.get("subject", ()) for e in i.entities]
    right = [(e, i.span) for i in fillers.get("object", ()) for e in i.entities]
    if frame.distribution in ("pairs", "parties"):
        every = left + right
        if frame.limit and len(every) > frame.limit:
            return
        chosen = [(a, b) for k, a in enumerate(every) for b in every[k + 1 :]]
        if frame.distribution == "parties":
            chosen = _across(fillers.get("subject", ()), text) or chosen
    elif frame.distribution == "aligned" and len(left) > 1 and len(right) > 1:
        chosen = list(zip(left, right, strict=True)) if len(left) == len(right) else []
    else:
        chosen = [(a, b) for a in left for b in right]
    yield from ((a, b) for a, b in chosen if a[0] != b[0])


def _across(items: tuple[Item, ...], text: str) -> list[tuple[_End, _End]]:
    """Return the pairs over the joint of “A、B与C签约”, where A and B each sign with C; nothing without such a joint."""
    for k in range(1, len(items)):
        if any(c in "与同跟" for c in text[items[k - 1].span.end : items[k].span.start]):
            left, right = items[:k], items[k:]
            return [
                ((a, i.span), (b, j.span))
                for i in left
                for a in i.entities
                for j in right
                for b in j.entities
            ]
    return []


def _clause_start(text: str, start: int) -> int:
    while start > 0 and text[start - 1] not in _STOP:
        start -= 1
    while start < len(text) - 1 and text[start] in _STOP:
        start += 1
    return start


def _clause_end(text: str, end: int) -> int:
    while end < len(text) and text[end - 1] not in _STOP and text[end] not in _STOP:
        end += 1
    while end > 1 and text[end - 1] in _STOP:
        end -= 1
    return end
