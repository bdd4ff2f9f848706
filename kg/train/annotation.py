"""Annotated articles in the guideline's format, read for training.

A folder holds ``text/NAME.txt`` and ``gold/NAME.json``. The annotation names entities and facts; where they are
mentioned is found again here: names and aliases, longest first, from left to right.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.extract.quotation import without_quotes
from kg.model import Article, Reading, Source, Span
from kg.split import read_through, split


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldMention:
    """A mention of the annotated entity number `entity`; `span` is over ``Reading.text``."""

    span: Span
    type: str
    entity: int
    optional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldFact:
    """An annotated fact between entity numbers; `evidence` is its place in ``Reading.text`` where it was found."""

    subject: int
    predicate: str
    object: int
    optional: bool
    modality: str
    evidence: Span | None
    qualifiers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldEntity:
    """An annotated entity with all its names, without white space."""

    type: str
    types: frozenset[str]
    name: str
    names: tuple[str, ...]
    optional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One annotated article."""

    name: str
    source: Source
    article: Article
    reading: Reading
    entities: tuple[GoldEntity, ...]
    facts: tuple[GoldFact, ...]
    mentions: tuple[GoldMention, ...]


def squeeze(text: str) -> str:
    """Return `text` without white space and zero-width characters, as ``Reading.text`` has it."""
    return "".join(c for c in text if not c.isspace() and c not in "\ufeff\u200b\u200c\u200d\u2060")


def load(folder: Path, *, single: bool = True) -> list[Example]:
    """Return the annotated articles of `folder`, sorted by name."""
    examples = []
    for path in sorted((folder / "gold").glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        raw = (folder / "text" / f"{document['doc']}.txt").read_bytes()
        text = raw.decode("utf-8-sig")
        source = Source(
            id=document["doc"],
            text=text,
            raw_sha256=hashlib.sha256(raw).hexdigest(),
            text_sha256=hashlib.sha256(text.encode()).hexdigest(),
            published=document.get("published") or None,
            single=single,
        )
        (article,) = split(source, layout="article")
        examples.append(example_of(document["doc"], source, article, document["articles"][0]))
    return examples


def example_of(name: str, source: Source, article: Article, gold: Mapping[str, Any]) -> Example:
    """Return an article with its annotation, `gold` being one of the ``articles`` of the guideline's format."""
    reading = read_through(source, article)
    counted = {
        r[end] for r in gold["relations"] if not r.get("optional") for end in ("head", "tail")
    }  # what a counted fact needs is counted
    numbers = {e["id"]: k for k, e in enumerate(gold["entities"])}
    entities = tuple(
        GoldEntity(
            type=e["type"],
            types=frozenset({e["type"], *e.get("also", [])}),
            name=squeeze(e["name"]),
            names=tuple(dict.fromkeys(squeeze(n) for n in [e["name"], *e.get("aliases", [])])),
            optional=bool(e.get("optional")) and e["id"] not in counted,
        )
        for e in gold["entities"]
    )
    facts = []
    for r in gold["relations"]:
        evidence = squeeze(r["evidence"])
        at = reading.text.find(evidence)
        facts.append(
            GoldFact(
                subject=numbers[r["head"]],
                predicate=r["relation"],
                object=numbers[r["tail"]],
                optional=bool(r.get("optional")),
                modality=r.get("modality", "stated"),
                evidence=Span(at, at + len(evidence)) if at >= 0 else None,
                qualifiers={k: str(v) for k, v in r.get("qualifiers", {}).items()},
            )
        )
    return Example(
        name=name,
        source=source,
        article=article,
        reading=reading,
        entities=entities,
        facts=tuple(facts),
        mentions=tuple(_locate(reading, entities)),
    )


def _locate(reading: Reading, entities: tuple[GoldEntity, ...]) -> list[GoldMention]:
    table: dict[str, tuple[int, bool]] = {}
    for k, entity in enumerate(entities):
        for name in entity.names:
            for form in (name, Span(*without_quotes(name, Span(0, len(name)))).of(name)):
                if len(form) >= 2 and (form not in table or (table[form][1] and not entity.optional)):
                    table[form] = (k, entity.optional)
    by_first: dict[str, list[str]] = {}
    for form in sorted(table, key=lambda f: (-len(f), f)):
        by_first.setdefault(form[0], []).append(form)
    text, at = reading.text, 0
    found = []
    while at < len(text):
        here = next((f for f in by_first.get(text[at], ()) if text.startswith(f, at)), None)
        if here is None:
            at += 1
            continue
        k, optional = table[here]
        span = without_quotes(text, Span(at, at + len(here)))
        found.append(GoldMention(span=span, type=entities[k].type, entity=k, optional=optional))
        at += len(here)
    return found
