"""What a clause without a subject of its own is about: the subjects of the clauses before, and what the article is about."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from kg.extract.frames.encode import Item, Window
from kg.model import Document, Span

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
            items = [
                window.items[k]
                for k in range(start, end)
                if k in window.items and window.items[k].type == kind
            ]
            found.append(Topic(window.index, start, tuple(items)))
    return found


def carried(
    topics: list[Topic],
    window: Window,
    before: int,
    types: frozenset[str],
    sentences: int,
    paragraphs: dict[int, int],
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


def main_item(document: Document, types: frozenset[str]) -> tuple[Item, ...]:
    """Return the entity of one of `types` that the article is about, at its first mention; or nothing.

    It is the one named most often, a headline counting twice more; of equals the one that is named first.
    """
    kind = {e.id: e.type for e in document.entities if e.type in types}
    roles = zip(document.reading.sentences, document.reading.roles, strict=False)
    headline = [sentence for sentence, role in roles if role == "headline"]
    weight: Counter[str] = Counter()
    first: dict[str, Span] = {}
    for mention, link in zip(document.mentions, document.links, strict=True):
        if link in kind:
            first.setdefault(link, mention.span)
            weight[link] += 3 if any(s.start <= mention.span.start < s.end for s in headline) else 1
    if not weight:
        return ()
    chosen = max(weight, key=lambda e: weight[e])
    return (Item((chosen,), first[chosen], kind[chosen]),)
