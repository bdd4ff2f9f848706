"""Which pairs of entities may stand in a relation, and where.

An *instance* is a pair of entities at one place: two mentions (or references such as 双方) of one sentence, or the
nearest mentions in two sentences when the pair never meets in one. Over annotated news this covers some 95 % of the facts.
"""

from __future__ import annotations

import bisect
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from kg.model import Document, Entity, Span, Token

JOINTS = frozenset(
    (
        "、",
        "和",
        "与",
        "及",
        "以及",
        "暨",
        "》、《",
        "”、“",
        "”和“",
        "”与“",
        "》和《",
        "》与《",
        "》《",
        "”“",
        "》及《",
        "，以及",
    )
)
"""What stands between members of one coordination."""
MAX_INSTANCES = 4
"""Places that are looked at per pair; nearer ones first."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A mention, or a reference that stands for an entity, as an end of an instance."""

    span: Span
    entity: int
    confidence: float
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Instance:
    """Entities `first` and `second` (numbers) at anchors of sentences `left_sentence` <= `right_sentence`."""

    first: int
    second: int
    left_sentence: int
    right_sentence: int
    left: int
    right: int

    @property
    def together(self) -> bool:
        """Whether both anchors stand in one sentence."""
        return self.left_sentence == self.right_sentence


class View:
    """A document arranged for looking at pairs: anchors, words and coordination per sentence."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.reading.text
        self.sentences = document.reading.sentences
        self.entities: tuple[Entity, ...] = document.entities
        number = {e.id: k for k, e in enumerate(self.entities)}
        starts = [s.start for s in self.sentences]
        anchors: dict[int, list[Anchor]] = defaultdict(list)
        for mention, link in zip(document.mentions, document.links, strict=True):
            anchors[bisect.bisect_right(starts, mention.span.start) - 1].append(
                Anchor(mention.span, number[link], mention.confidence)
            )
        for reference in document.references:
            if len(reference.entities) == 1 and reference.entities[0] in number:
                anchors[bisect.bisect_right(starts, reference.span.start) - 1].append(
                    Anchor(reference.span, number[reference.entities[0]], 1.0, reference.text)
                )
        self.anchors = {k: sorted(v, key=lambda a: (a.span, a.entity)) for k, v in sorted(anchors.items())}
        self.words: list[list[Token]] = [[] for _ in self.sentences]
        for token in document.tokens:
            self.words[bisect.bisect_right(starts, token.span.start) - 1].append(token)
        self._bounds = [([t.span[0] for t in row], [t.span[1] for t in row]) for row in self.words]
        self.group = {k: self._coordination(v) for k, v in self.anchors.items()}
        self.frequency = Counter(a.entity for v in self.anchors.values() for a in v if not a.reference)
        first: dict[int, tuple[int, int]] = {}
        for k, row in self.anchors.items():
            for a in row:
                if not a.reference:
                    first.setdefault(a.entity, (k, a.span.start))
        self.order = sorted(first, key=lambda e: first[e])
        self.rank = {e: i for i, e in enumerate(self.order)}
        self.main, self.first_of = self._leading()

    def _coordination(self, row: list[Anchor]) -> list[int]:
        """Return for each anchor the index of the first member of its coordination."""
        group = list(range(len(row)))
        for i in range(1, len(row)):
            between = self.text[row[i - 1].span.end : row[i].span.start]
            same = self.entities[row[i].entity].type == self.entities[row[i - 1].entity].type
            if same and between in JOINTS:
                group[i] = group[i - 1]
        return group

    def _leading(self) -> tuple[dict[str, int], dict[str, int]]:
        main: dict[str, int] = {}
        first: dict[str, int] = {}
        for entity in self.order:
            kind = self.entities[entity].type
            first.setdefault(kind, entity)
            best = main.get(kind)
            if best is None or self.frequency[entity] > self.frequency[best]:
                main[kind] = entity
        return main, first

    def words_between(self, sentence: int, start: int, end: int) -> list[Token]:
        """Return the tokens of a sentence that lie within [start, end)."""
        return self.words[sentence][self.places_between(sentence, start, end)]

    def places_between(self, sentence: int, start: int, end: int) -> slice:
        """Return where the tokens that lie within [start, end) stand among the words of their sentence."""
        starts, ends = self._bounds[sentence]
        return slice(bisect.bisect_left(starts, start), bisect.bisect_right(ends, end))


def instances(view: View) -> Iterator[Instance]:
    """Yield the instances of a document in a fixed order."""
    met: set[tuple[int, int]] = set()
    places: dict[tuple[int, int], list[tuple[int, int, Instance]]] = defaultdict(list)
    for k, row in view.anchors.items():
        nearest: dict[tuple[int, int], tuple[int, int, int]] = {}
        for i in range(len(row)):
            for j in range(i + 1, len(row)):
                a, b = row[i].entity, row[j].entity
                if a == b:
                    continue
                pair = (a, b) if a < b else (b, a)
                # a name beats a reference at the same distance
                distance = (
                    row[j].span.start - row[i].span.end + 3 * bool(row[i].reference or row[j].reference)
                )
                if pair not in nearest or distance < nearest[pair][0]:
                    nearest[pair] = (distance, i, j)
        for pair, (distance, i, j) in nearest.items():
            met.add(pair)
            places[pair].append((distance, k, Instance(row[i].entity, row[j].entity, k, k, i, j)))
    for pair in sorted(places):
        for _, _, instance in sorted(places[pair], key=lambda p: p[:2])[:MAX_INSTANCES]:
            yield instance
    yield from _apart(view, met)


def _apart(view: View, met: set[tuple[int, int]]) -> Iterator[Instance]:
    """Pairs that never meet: in adjacent sentences, or farther with a leading entity of its type."""
    where: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for k, row in view.anchors.items():
        for i, anchor in enumerate(row):
            if not anchor.reference:
                where[anchor.entity].append((k, i))
    leading = {*view.main.values(), *view.first_of.values()}
    entities = sorted(where)
    for x, a in enumerate(entities):
        for b in entities[x + 1 :]:
            if (a, b) in met:
                continue
            gap, p, q = min((abs(p[0] - q[0]), p, q) for p in where[a] for q in where[b])
            if gap == 1 or a in leading or b in leading:
                first, second = (a, b) if p <= q else (b, a)
                (ka, i), (kb, j) = min(p, q), max(p, q)
                yield Instance(first, second, ka, kb, i, j)
