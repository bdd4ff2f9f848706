"""Facts that a name states by itself, because it holds the name of another entity (甲公司灵眸芯片, 灵眸实验室揭牌仪式)."""

from __future__ import annotations

import bisect
from collections.abc import Iterator

from kg.extract.frames.encode import mention_character
from kg.extract.frames.model import Frame, FrameMatch, Frames
from kg.model import Document, Mention, Span

_STOP = "，；：！？。,;:!?"
_SHORTEST = 2  # one character alone is no name to go by


def nested_matches(document: Document, frames: Frames) -> Iterator[FrameMatch]:
    """Yield what the frames with `within` read in the names of a document, each pair once per frame, at its first place.

    The span of the inner entity is its part of the outer mention.
    """
    wanted = [frame for frame in frames.frames if frame.within]
    if not wanted:
        return
    number = {name: k for k, name in enumerate(frames.types)}
    types = frozenset().union(*(frame.within.types for frame in wanted if frame.within))
    inner = [
        (entity.id, entity.type, tuple(dict.fromkeys(_bare(n) for n in (entity.name, *entity.aliases))))
        for entity in document.entities
        if entity.type in number
    ]
    own = {entity_id: frozenset(names) for entity_id, _, names in inner}
    seen: set[tuple[str, str, str]] = set()
    for mention, link in zip(document.mentions, document.links, strict=True):
        if mention.type not in types:
            continue
        for entity_id, kind, names in inner:
            if entity_id == link:
                continue
            held = [n for n in names if len(n) >= _SHORTEST and n not in own[link] and n in mention.text]
            if not held:
                continue
            name = max(held, key=len)
            at = mention.text.find(name)
            text = f"{mention.text[:at]}{mention_character(number[kind])}{mention.text[at + len(name) :]}"
            part = Span(mention.span.start + at, mention.span.start + at + len(name))
            for frame in wanted:
                key = (frame.id, link, entity_id)
                if key not in seen and _holds(frame, mention, text):
                    seen.add(key)
                    yield _match(document, frame, mention, link, entity_id, part)


def _bare(name: str) -> str:
    return name.strip("“”《》「」\"'")


def _holds(frame: Frame, mention: Mention, text: str) -> bool:
    if frame.within is None or mention.type not in frame.within.types:
        return False
    if frame.veto and frame.veto.search(text):
        return False
    return any(pattern.regex.search(text) for pattern in frame.patterns)


def _match(
    document: Document, frame: Frame, mention: Mention, outer: str, inner: str, part: Span
) -> FrameMatch:
    subject_is_outer = frame.within is not None and frame.within.slot == "subject"
    ends = ((outer, mention.span), (inner, part))
    (subject, subject_span), (object_, object_span) = ends if subject_is_outer else ends[::-1]
    return FrameMatch(
        frame=frame.id,
        relation=frame.relation,
        subject=subject,
        object=object_,
        subject_span=subject_span,
        object_span=object_span,
        clause=_clause(document, mention.span),
        confidence=frame.confidence,
        group=f"{frame.id}@{mention.span.start}",
        modality=frame.modality or "stated",
    )


def _clause(document: Document, span: Span) -> Span:
    """Return the run between stops around a mention, within its sentence."""
    text = document.reading.text
    sentences = document.reading.sentences
    index = bisect.bisect_right([s.start for s in sentences], span.start) - 1
    limit = sentences[index] if index >= 0 else Span(0, len(text))
    start, end = span
    while start > limit.start and text[start - 1] not in _STOP:
        start -= 1
    while end < limit.end and text[end] not in _STOP:
        end += 1
    return Span(start, end)
