"""The annotated sentences inside frame files, and documents made from them.

``[甲公司|Organization]与[乙大学|Organization]签约。 => 甲公司 signsAgreementWith 乙大学``: facts are separated by ``；`` and
may be followed by ``name=value`` for a qualifier or ``modality=planned``. ``[双方|@甲公司,乙大学]`` is a reference,
``[甲|甲公司|Organization]`` a mention ``甲`` of the entity ``甲公司``.
"""

from __future__ import annotations

import hashlib
import re

from kg.errors import ResourceError
from kg.extract.frames.model import Example
from kg.model import Article, Document, Entity, Mention, Reading, Reference, Source, Span

_MARK = re.compile(r"\[([^\[\]|]+)\|([^\[\]]+)\]")
_SENTENCE = re.compile("[^。！？；]+[。！？；]?")


def parse_example(
    line_text: str, relations: frozenset[str], types: tuple[str, ...], *, file: str, line: int
) -> Example:
    """Return the example in `line_text`; raises ResourceError for an unknown type, relation or entity."""
    text, _, tail = line_text.partition("=>")
    text = "".join(text.split())
    names = set()
    for surface, label in _MARK.findall(text):
        if label.startswith("@"):
            continue
        name, _, kind = label.rpartition("|")
        if kind not in types:
            raise ResourceError(file, f"unknown type {kind!r}; known are {', '.join(types)}", line=line)
        names.add(name or surface)
    facts = []
    for fact in filter(None, (part.strip() for part in tail.split("；"))):
        words = fact.split()
        if len(words) < 3 or words[1] not in relations or words[0] not in names or words[2] not in names:
            raise ResourceError(
                file, f"'subject relation object' of marked names was expected, not {fact!r}", line=line
            )
        facts.append((words[0], words[1], " ".join(words[2:])))
    return Example(text=text, facts=tuple(facts), line=line)


def example_document(text: str) -> Document:
    """Return a marked sentence as a document of one article; an entity's id is its name."""
    plain: list[str] = []
    size = at = 0
    mentions: list[Mention] = []
    links: list[str] = []
    entities: dict[str, str] = {}
    references: list[Reference] = []
    for mark in _MARK.finditer(text):
        plain.append(text[at : mark.start()])
        size += mark.start() - at
        surface, label = mark.group(1), mark.group(2)
        span = Span(size, size + len(surface))
        if label.startswith("@"):
            references.append(Reference(span=span, text=surface, entities=tuple(label[1:].split(","))))
        else:
            name, _, kind = label.rpartition("|")
            mentions.append(Mention(span=span, type=kind, text=surface))
            links.append(name or surface)
            entities.setdefault(name or surface, kind)
        plain.append(surface)
        size += len(surface)
        at = mark.end()
    plain.append(text[at:])
    whole = "".join(plain)
    sentences = tuple(Span(*m.span()) for m in _SENTENCE.finditer(whole))
    digest = hashlib.sha256(whole.encode()).hexdigest()
    return Document(
        source=Source(id="example", text=whole, raw_sha256=digest, text_sha256=digest),
        article=Article(source="example", index=0, spans=(Span(0, len(whole)),), passages=()),
        reading=Reading(
            text=whole,
            offsets=tuple(range(len(whole))),
            gaps=frozenset(),
            sentences=sentences,
            roles=tuple("body" for _ in sentences),
            paragraphs=(0,) * len(sentences),
        ),
        mentions=tuple(mentions),
        links=tuple(links),
        entities=tuple(Entity(id=n, type=k, name=n) for n, k in entities.items()),
        references=tuple(references),
    )
