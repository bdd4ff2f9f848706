"""Articles written with their mentions marked, and what the resolver makes of them."""

from __future__ import annotations

import re

from kg.model import Article, Mention, Reading, Span
from kg.resolve.within import resolve_within

TYPES = {"P": "Person", "O": "Organization", "L": "Place", "E": "Event", "D": "Document", "R": "Programme"}
MARK = re.compile(r"\[([A-Z]) ([^\]]+)\]")
_END = re.compile(r"(?<=[。！？])")


def read(marked, *, publisher="", byline=()):
    """An article from text such as ``[O 云山大学]成立。``: the pieces in square brackets are its mentions."""
    text, mentions, at = "", [], 0
    for match in MARK.finditer(marked):
        text += marked[at : match.start()]
        mentions.append(
            Mention(
                span=Span(len(text), len(text) + len(match[2])),
                type=TYPES[match[1]],
                text=match[2],
                confidence=0.8,
            )
        )
        text += match[2]
        at = match.end()
    text += marked[at:]
    sentences, start = [], 0
    for piece in filter(None, _END.split(text)):
        sentences.append(Span(start, start + len(piece)))
        start += len(piece)
    n = len(sentences)
    reading = Reading(
        text=text,
        offsets=tuple(range(len(text))),
        gaps=frozenset(),
        sentences=tuple(sentences),
        roles=("body",) * n,
        paragraphs=(0,) * n,
    )
    article = Article(
        source="a.txt", index=0, spans=(Span(0, len(text)),), passages=(), publisher=publisher, byline=byline
    )
    return text, article, reading, tuple(mentions)


def resolve(marked, **more):
    return resolve_within(*read(marked, **more))


def groups(marked, **more):
    """The names of every entity, as sets, in the order of the entities."""
    found = resolve(marked, **more)
    return [
        {m.text for m, link in zip(found.mentions, found.links, strict=True) if link == entity.id}
        for entity in found.entities
    ]
