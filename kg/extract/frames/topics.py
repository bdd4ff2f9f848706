"""What a clause without a subject of its own is about: the subjects of the clauses before, and the article's event."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from kg.extract.frames.encode import Item, Window
from kg.model import Document

_CLAUSE = re.compile("[^，；：！？。]+")


@dataclass(frozen=True, slots=True)
class Topic:
    """The subject of a clause: who stands at its head, in which window and where."""

    window: int
    start: int
    items: tuple[Item, ...]


def topics_of(window: Window, topic: re.Pattern[str]) -> list[Topic]:
    """Return the subjects of the clauses of one window, in order; `topic` captures the subject as its group ``topic``."""
    if not window.items:
        return []
    found = []
    for clause in _CLAUSE.finditer(window.text):
        match = topic.match(window.text, clause.start(), clause.end())
        if match:
            start, end = match.span("topic")
            kind = window.items[end - 1].type
            items = [window.items[k] for k in range(start, end) if k in window.items and window.items[k].type == kind]
            found.append(Topic(window.index, start, tuple(items)))
    return found


def carried(
    topics: list[Topic], window: Window, before: int, types: frozenset[str], sentences: int, paragraphs: dict[int, int]
) -> tuple[Item, ...]:
    """Return the latest subject of one of `types` that stands before offset `before` of the window, or nothing."""
    for topic in reversed(topics):
        if topic.window < window.index - sentences:
            break
        if topic.window == window.index and topic.start >= before:
            continue
        if paragraphs[topic.window] != window.paragraph:
            break
        if topic.items[0].type in types:
            return topic.items
    return ()


def main_event(document: Document) -> str:
    """Return the id of the event that the article is about, or an empty string.

    It is the event named most often, a headline counting twice more; of equals the one that is named first.
    """
    events = {e.id for e in document.entities if e.type == "Event"}
    if not events:
        return ""
    headline = [s for s, r in zip(document.reading.sentences, document.reading.roles, strict=False) if r == "headline"]
    weight: Counter[str] = Counter()
    for mention, link in zip(document.mentions, document.links, strict=True):
        if link in events:
            weight[link] += 3 if any(s.start <= mention.span.start < s.end for s in headline) else 1
    return max(weight, key=lambda e: weight[e]) if weight else ""
