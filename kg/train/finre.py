"""FinRE (MIT): company relations in sentences of financial news, as further examples for the ranker.

Li et al. (2019), "Chinese Relation Extraction with Multi-Grained Information and External Linguistic Knowledge". A line
holds two names, a label and the sentence, separated by tabs; numbers are masked. Only the labels with a counterpart in the
ontology are judged; of a pair with another close label nothing is said.
"""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.extract.frames import FrameMatch
from kg.extract.relations.candidates import View, instances
from kg.extract.relations.circumstances import circumstances
from kg.extract.relations.features import Cues, Describer
from kg.extract.relations.ranker import Ranker
from kg.extract.relations.statements import hits_of, voices_of
from kg.extractor import Extractor
from kg.model import Article, Document, Mention, Passage, Source, Span
from kg.train.calibration import Judged
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


Pairs = Mapping[tuple[int, int], frozenset[str]]
"""Labels of (subject, object) by the numbers of their entities; labels that say it the other way round are turned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A sentence as a document with its frame matches and the labels of its pairs."""

    document: Document
    matches: tuple[FrameMatch, ...]
    pairs: Pairs


def cases(path: Path, extractor: Extractor) -> list[Case]:
    """Return the sentences of a file that name two companies or more, in a fixed order."""
    found = []
    for labelled in read(path):
        document = document_of(labelled, extractor)
        if len(document.entities) < 2:
            continue
        number_of = {n: k for k, e in enumerate(document.entities) for n in (e.name, *e.aliases)}
        labels: dict[tuple[int, int], set[str]] = defaultdict(set)
        for head, label, tail in labelled.labels:
            if label.startswith("被") and label[1:] in COUNTERPARTS:
                head, label, tail = tail, label[1:], head
            if head in number_of and tail in number_of:
                labels[number_of[head], number_of[tail]].add(label)
        pairs = {pair: frozenset(own) for pair, own in sorted(labels.items())}
        found.append(Case(document=document, matches=extractor.matches(document), pairs=pairs))
    return found


def rows(case: Case, extractor: Extractor, cues: Cues) -> list[Row]:
    """Return the instances of the judged pairs."""
    view = View(case.document)
    describer = Describer(view, cues, hits_of(case.document, case.matches))
    every = {r + d for r in extractor.vocabulary.relations for d in "<>"}
    found = []
    for place in instances(view):
        forward = case.pairs.get((place.first, place.second))
        backward = case.pairs.get((place.second, place.first))
        if forward is None and backward is None:
            continue
        holds = {COUNTERPARTS[x] + ">" for x in forward or () if x in COUNTERPARTS}
        holds |= {
            COUNTERPARTS[x] + ("<" if COUNTERPARTS[x] not in extractor.symmetric else ">")
            for x in backward or ()
            if x in COUNTERPARTS
        }
        judged = set() if _close(forward, backward) else {r + d for r in COUNTERPARTS.values() for d in "<>"}
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


def _close(*labels: frozenset[str] | None) -> bool:
    """Whether a pair has a label close to the counterparts (拥有, 重组 …), so that nothing is said of those."""
    return any(x not in NOTHING and x not in COUNTERPARTS for own in labels for x in own or ())


def judge(model: Ranker, case: Case) -> list[Judged]:
    """Return the candidates of the judged pairs and whether they are right."""
    view = View(case.document)
    ranked = model.rank(view, hits_of(case.document, case.matches))
    voices, _ = voices_of(view, case.matches, ranked, symmetric=model.symmetric)
    number = {e.id: k for k, e in enumerate(case.document.entities)}
    known = frozenset(COUNTERPARTS.values())
    found = []
    for (subject, relation, object_), row in circumstances(view, voices).items():
        forward = case.pairs.get((number[subject], number[object_]))
        backward = case.pairs.get((number[object_], number[subject]))
        if relation not in known or (forward is None and backward is None):
            continue
        stated = {*(forward or ()), *((backward or ()) if relation in model.symmetric else ())}
        right = any(COUNTERPARTS.get(x) == relation for x in stated)
        if right or not _close(forward, backward):
            found.append(Judged(row=row, right=right))
    return found
