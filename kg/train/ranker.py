"""Train the ranker of candidate statements on annotated articles whose mentions were *predicted*.

Mentions of an article come from a tagger that did not see it, so that the ranker learns what wrong names look like.
Entities of a document are matched to the annotated ones by name; a pair is an example of what holds between its partners.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from kg.extract.relations.candidates import Instance, View, instances
from kg.extract.relations.features import BITS, Cues, Describer, FrameHits
from kg.model import Document, Span
from kg.train.annotation import Example

_DROPPED = frozenset("“”‘’\"'《》〈〉「」『』【】·•—–-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One instance: its features, the outputs that hold, those that may hold, those that must not be judged."""

    instance: Instance
    features: tuple[int, ...]
    kinds: tuple[str, str]
    holds: frozenset[str]
    optional: frozenset[str]
    ignored: frozenset[str]


def fold(name: str) -> str:
    """Return a name as the scorer compares it: NFKC, lower case, no white space, no marks."""
    flat = unicodedata.normalize("NFKC", name).lower()
    return "".join(c for c in flat if not c.isspace() and c not in _DROPPED)


def partners(document: Document, example: Example) -> list[int | None]:
    """Return for each entity of the document the number of the annotated entity that shares most names with it."""
    names = [{fold(n) for n in e.names} for e in example.entities]
    found: list[int | None] = []
    for entity in document.entities:
        own = {fold(n) for n in (entity.name, *entity.aliases)}
        scored = [
            (len(own & theirs) + 2 * (fold(e.name) in own) + (entity.type in e.types), -k)
            for k, (e, theirs) in enumerate(zip(example.entities, names, strict=True))
            if own & theirs
        ]
        found.append(-max(scored)[1] if scored else None)
    return found


def rows_of(
    document: Document, example: Example, cues: Cues, hits: FrameHits, symmetric: frozenset[str]
) -> list[Row]:
    """Return the instances of one document with what holds at each."""
    view = View(document)
    describer = Describer(view, cues, hits)
    partner = partners(document, example)
    facts: dict[tuple[int, int], list[tuple[str, bool, Span | None]]] = defaultdict(list)
    for fact in example.facts:
        facts[fact.subject, fact.object].append((fact.predicate, fact.optional, fact.evidence))
        if fact.predicate in symmetric:
            facts[fact.object, fact.subject].append((fact.predicate, fact.optional, fact.evidence))
    places = list(instances(view))
    by_pair: dict[frozenset[int], list[Instance]] = defaultdict(list)
    for place in places:
        by_pair[frozenset((place.first, place.second))].append(place)
    rows = []
    for place in places:
        holds, optional, ignored = set(), set(), set()
        a, b = partner[place.first], partner[place.second]
        if a is not None and b is not None and a != b:
            for pair, forward in (((a, b), True), ((b, a), False)):
                for predicate, maybe, evidence in facts.get(pair, ()):
                    if predicate in symmetric and not forward:
                        continue
                    name = predicate + (">" if forward else "<")
                    rivals = by_pair[frozenset((place.first, place.second))]
                    stated = [p for p in rivals if _meets(view, p, evidence)]
                    if stated and place not in stated:
                        ignored.add(name)
                    elif maybe:
                        optional.add(name)
                    else:
                        holds.add(name)
        rows.append(
            Row(
                instance=place,
                features=tuple(describer.numbers(place)),
                kinds=(view.entities[place.first].type, view.entities[place.second].type),
                holds=frozenset(holds),
                optional=frozenset(optional - holds),
                ignored=frozenset(ignored),
            )
        )
    return rows


def _meets(view: View, place: Instance, evidence: Span | None) -> bool:
    if evidence is None:
        return False
    left, right = view.sentences[place.left_sentence], view.sentences[place.right_sentence]
    return (left.start < evidence.end and evidence.start < left.end) or (
        right.start < evidence.end and evidence.start < right.end
    )


def type_pairs(examples: Sequence[Example], *, least: int = 2) -> dict[str, frozenset[tuple[str, str]]]:
    """Return which types of subject and object each relation was annotated with at least `least` times."""
    counts: dict[str, dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
    for example in examples:
        for fact in example.facts:
            subject, object_ = example.entities[fact.subject], example.entities[fact.object]
            for a in subject.types:
                for b in object_.types:
                    counts[fact.predicate][a, b] += 1 if fact.optional else 2
    return {r: frozenset(p for p, n in c.items() if n >= 2 * least) for r, c in sorted(counts.items())}


def fit(
    rows: Sequence[Row],
    types: Mapping[str, frozenset[tuple[str, str]]],
    symmetric: frozenset[str],
    *,
    strength: float = 1.0,
    optional_weight: float = 0.3,
    min_count: int = 2,
    extra: Sequence[Row] = (),
    extra_weight: float = 0.3,
) -> dict[str, NDArray[np.generic]]:
    """Train one logistic regression per relation and direction; return the arrays of the weight file."""
    outputs = [r + d for r in sorted(types) for d in "<>" if not (r in symmetric and d == "<")]
    every = [*rows, *extra]
    base = np.array([1.0] * len(rows) + [extra_weight] * len(extra))
    counts = np.zeros(1 << BITS, dtype=np.int64)
    for row in every:
        counts[list(row.features)] += 1
    ids = np.flatnonzero(counts >= min_count)
    column = np.full(1 << BITS, -1, dtype=np.int64)
    column[ids] = np.arange(len(ids))
    indices, indptr = [], [0]
    for row in every:
        own = column[list(row.features)]
        own = own[own >= 0]
        indices.append(own)
        indptr.append(indptr[-1] + len(own))
    matrix = sp.csr_matrix(
        (np.ones(indptr[-1], dtype=np.float64), np.concatenate(indices), indptr), shape=(len(every), len(ids))
    )
    weights = np.zeros((len(ids), len(outputs)), dtype=np.float32)
    bias = np.full(len(outputs), -12.0, dtype=np.float32)
    for k, name in enumerate(outputs):
        relation, forward = name[:-1], name[-1] == ">"
        allowed = types[relation]
        use, target, weight = [], [], []
        for i, row in enumerate(every):
            if name in row.ignored or (row.kinds if forward else row.kinds[::-1]) not in allowed:
                continue
            use.append(i)
            maybe = name in row.optional
            target.append(name in row.holds or maybe)
            weight.append(base[i] * (optional_weight if maybe else 1.0))
        if sum(target) < 3 or all(target):
            continue
        model = LogisticRegression(C=strength, solver="liblinear", max_iter=200, random_state=0)
        keep = np.array(weight) > 0
        picked = np.array(use)[keep]
        model.fit(matrix[picked], np.array(target)[keep], sample_weight=np.array(weight)[keep])
        weights[:, k], bias[k] = model.coef_[0], model.intercept_[0]
    at, out = np.nonzero(np.abs(weights) >= 0.01)
    return {
        "outputs": np.array(outputs),
        "types": np.array([f"{r} {a} {b}" for r in sorted(types) for a, b in sorted(types[r])]),
        "ids": ids.astype(np.uint32),
        "feature": at.astype(np.uint32),
        "output": out.astype(np.uint8),
        "values": weights[at, out].astype(np.float16),
        "bias": bias,
    }
