"""FinRE (MIT): company relations in sentences of financial news, as further examples for the ranker.

Li et al. (2019), "Chinese Relation Extraction with Multi-Grained Information and External Linguistic Knowledge". A line
holds two names, a label and the sentence, separated by tabs; numbers are masked. Only the labels with a counterpart in the
ontology are judged; of a pair with another close label nothing is said.
"""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.extract.frames import find_matches
from kg.extract.relations.candidates import View, instances
from kg.extract.relations.features import Cues, Describer
from kg.extract.relations.statements import hits_of
from kg.extractor import Extractor
from kg.model import Article, Document, Mention, Passage, Source, Span
from kg.train.ranker import Row

COUNTERPARTS = {
    "签约": "signsAgreementWith",
    "合作": "cooperatesWith",
    "收购": "acquires",
    "拟收购": "acquires",
    "持股": "holdsSharesIn",
    "增持": "holdsSharesIn",
    "注资": "investsIn",
    "入股": "investsIn",
    "成立": "establishes",
}
NOTHING = frozenset({"unknown", "自己", "竞争", "纠纷", "分析"})
"""Labels under which none of the counterparts holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A sentence with the names in it and (subject, label, object) for the pairs that were judged."""

    text: str
    names: tuple[str, ...]
    labels: tuple[tuple[str, str, str], ...]


def read(path: Path) -> Iterator[Labelled]:
    """Yield the sentences of a file in a fixed order."""
    found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            fields = line.rstrip("\n").split("\t")
            if len(fields) == 4:
                head, tail, label, text = ("".join(f.replace("<N>", "3").split()) for f in fields)
                if head != tail:
                    found[text].append((head, label, tail))
    for text in sorted(found):
        names = sorted({name for head, _, tail in found[text] for name in (head, tail)})
        yield Labelled(text=text, names=tuple(names), labels=tuple(found[text]))


def document_of(labelled: Labelled, extractor: Extractor) -> Document:
    """Return the sentence as an article whose mentions are the given names."""
    text = labelled.text
    whole = Span(0, len(text))
    source = Source(id="finre", text=text, raw_sha256="", text_sha256="", single=True)
    article = Article(
        source="finre", index=0, spans=(whole,), passages=(Passage(role="body", spans=(whole,)),)
    )
    taken = [False] * len(text)
    mentions = []
    for name in sorted(labelled.names, key=lambda n: (-len(n), n)):
        at = text.find(name)
        while at >= 0:
            if not any(taken[at : at + len(name)]):
                taken[at : at + len(name)] = [True] * len(name)
                span = Span(at, at + len(name))
                mentions.append(Mention(span=span, type="Organization", text=name))
            at = text.find(name, at + 1)
    return extractor.document(source, article, sorted(mentions, key=lambda m: m.span), complete=False)


def rows(path: Path, extractor: Extractor, cues: Cues) -> list[Row]:
    """Return the instances of the judged pairs."""
    found = []
    for labelled in read(path):
        document = document_of(labelled, extractor)
        if len(document.entities) < 2:
            continue
        view = View(document)
        describer = Describer(view, cues, hits_of(document, find_matches(document, extractor.frames)))
        labels: dict[tuple[str, str], set[str]] = defaultdict(set)
        for head, label, tail in labelled.labels:
            if label.startswith("被") and label[1:] in COUNTERPARTS:
                head, label, tail = tail, label[1:], head
            labels[head, tail].add(label)
        number_of = {n: k for k, e in enumerate(document.entities) for n in (e.name, *e.aliases)}
        by_pair: dict[tuple[int, int], set[str]] = defaultdict(set)
        for (head, tail), own in labels.items():
            if head in number_of and tail in number_of:
                by_pair[number_of[head], number_of[tail]] |= own
        for place in instances(view):
            forward = by_pair.get((place.first, place.second))
            backward = by_pair.get((place.second, place.first))
            if forward is None and backward is None:
                continue
            holds = {COUNTERPARTS[x] + ">" for x in forward or () if x in COUNTERPARTS}
            holds |= {
                COUNTERPARTS[x] + ("<" if COUNTERPARTS[x] not in extractor.symmetric else ">")
                for x in backward or ()
                if x in COUNTERPARTS
            }
            close = any(
                x not in NOTHING and x not in COUNTERPARTS for x in {*(forward or ()), *(backward or ())}
            )
            judged = {r + d for r in set(COUNTERPARTS.values()) for d in "<>"} if not close else set()
            every = {r + d for r in extractor.vocabulary.relations for d in "<>"}
            found.append(
                Row(
                    instance=place,
                    features=tuple(describer.numbers(place)),
                    kinds=("Organization", "Organization"),
                    holds=frozenset(holds),
                    optional=frozenset(),
                    ignored=frozenset(every - judged - holds),
                )
            )
    return found
