"""Which posts a person holds in a body, told at other mentions of both than those that state the fact."""

from __future__ import annotations

from kg.extract.posts import posts_before, role_of
from kg.extract.roles import role_between
from kg.model import Document, Span


def role_elsewhere(document: Document, person: Span, body: Span) -> str:
    """Return the posts that another mention of both gives (the title stands where the person is first named), or nothing.

    What stands right before the name is taken where the body itself is left out: 市长林知远, of a report about one city.
    """
    people = _mentions_like(document, person)
    bodies = _mentions_like(document, body)
    for one in people:
        sentence = next((s for s in document.reading.sentences if s.start <= one.start < s.end), None)
        near = [b for b in bodies if sentence and sentence.start <= b.start < sentence.end]
        for other in sorted(near, key=lambda b: (abs(b.start - one.start), b)):
            if found := role_between(document, one, other):
                return found
    for one in people:
        before = max((m.span.end for m in document.mentions if m.span.end <= one.start), default=0)
        if posts := posts_before(document.reading.text, one.start, limit=before):
            return role_of(posts.of(document.reading.text))
    return ""


def _mentions_like(document: Document, span: Span) -> list[Span]:
    linked = list(zip((m.span for m in document.mentions), document.links, strict=False))
    own = next((entity for m, entity in linked if m == span), None)
    return [m for m, entity in linked if entity == own and m != span] if own is not None else []
