"""Documents from marked text: ``[林知远|Person]任[蓝湖公司|Organization]董事长``; one entity per name."""

from __future__ import annotations

import re

from kg.model import Article, Document, Entity, Mention, Reading, Source, Span

MARK = re.compile(r"\[([^|\]]+)\|([A-Z][a-z]+)\]")


def marked(text: str, *, published: str = "2023-12-19") -> Document:
    """Return the document of a marked text; line breaks part paragraphs, 。 parts sentences."""
    plain, mentions = "", []
    at = 0
    breaks = []
    for match in MARK.finditer(text + "[|]"):
        for piece in re.split("(\n)", text[at : match.start()]):
            if piece == "\n":
                breaks.append(len(plain))
            else:
                plain += piece
        mentions.append(
            Mention(span=Span(len(plain), len(plain) + len(match[1])), type=match[2], text=match[1])
        )
        plain += match[1]
        at = match.end()
    for piece in re.split("(\n)", text[at:]):
        if piece == "\n":
            breaks.append(len(plain))
        else:
            plain += piece
    ends = sorted({*(m.end() for m in re.finditer("[。！？]", plain)), *breaks, len(plain)} - {0})
    sentences = tuple(Span(a, b) for a, b in zip([0, *ends], ends, strict=False))
    ids: dict[str, str] = {}
    for mention in mentions:
        ids.setdefault(mention.text, f"e{len(ids) + 1}")
    types = {m.text: m.type for m in mentions}
    return Document(
        source=Source(id="t", text=plain, raw_sha256="", text_sha256=""),
        article=Article(source="t", index=0, spans=(Span(0, len(plain)),), passages=(), published=published),
        reading=Reading(
            text=plain,
            offsets=tuple(range(len(plain))),
            gaps=frozenset(),
            sentences=sentences,
            roles=("body",) * len(sentences),
            paragraphs=tuple(sum(b <= s.start for b in breaks) for s in sentences),
        ),
        mentions=tuple(mentions),
        entities=tuple(Entity(id=i, type=types[n], name=n) for n, i in ids.items()),
        links=tuple(ids[m.text] for m in mentions),
    )


def span_of(document: Document, name: str) -> Span:
    """Return the span of the first mention of `name`."""
    return next(m.span for m in document.mentions if m.text == name)


def sentence_of(document: Document, name: str) -> Span:
    """Return the sentence of the first mention of `name`."""
    at = span_of(document, name).start
    return next(s for s in document.reading.sentences if s.start <= at < s.end)
