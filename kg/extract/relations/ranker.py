"""The ranker: for every instance of a pair the probability of each relation in each direction.

One logistic regression per relation and direction over hashed features. Its weights ship as arrays; reading needs NumPy
only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.extract.relations.candidates import Instance, View, instances
from kg.extract.relations.features import BITS, Cues, Describer, FrameHits, triggers_of
from kg.resources import ROOT, lexicon_rows
from kg.resources.arrays import read_arrays, unusable

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A candidate statement between entity numbers with its probability and the instance that speaks for it most."""

    subject: int
    predicate: str
    object: int
    probability: float
    instance: Instance


@dataclass(frozen=True, slots=True)
class Ranker:
    """The trained model. Column k of `weights` judges `outputs[k]` = (relation, whether the first end is the subject)."""

    outputs: tuple[tuple[str, bool], ...]
    types: Mapping[str, frozenset[tuple[str, str]]]
    symmetric: frozenset[str]
    row_of: NDArray[np.int32]
    weights: Floats
    bias: Floats
    cues: Cues

    @property
    def judged(self) -> frozenset[tuple[str, str]]:
        """Pairs of types, in reading order, between which some relation may hold."""
        return frozenset(
            kinds if forward else kinds[::-1]
            for relation, forward in self.outputs
            for kinds in self.types[relation]
        )

    def probabilities(self, rows: Sequence[Sequence[int]]) -> Floats:
        """Return the probability of every output for each row of features, given by numbers or checksums."""
        sizes = [len(row) for row in rows]
        features = np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=sum(sizes))
        features &= (1 << BITS) - 1
        features |= np.repeat(np.arange(len(rows)) << BITS, sizes)
        # each once, in the order of their numbers: sums of floats depend on it
        features.sort()
        features = features[np.flatnonzero(np.diff(features, prepend=-1))]
        known = self.row_of[features & ((1 << BITS) - 1)]
        place, known = features[known > 0] >> BITS, known[known > 0]
        total = np.tile(self.bias, (len(rows), 1))
        starts = np.flatnonzero(np.diff(place, prepend=-1))
        if len(starts):
            total[place[starts]] += np.add.reduceat(self.weights[known], starts, axis=0)
        return np.round(1 / (1 + np.exp(-total)), 4).astype(np.float32)

    def rank(self, view: View, hits: FrameHits, *, floor: float = 0.02) -> list[Ranked]:
        """Return the best instance of every candidate statement above `floor`, in a fixed order."""
        judged = self.judged
        kind = [e.type for e in view.entities]
        places = [p for p in instances(view) if (kind[p.first], kind[p.second]) in judged]
        if not places:
            return []
        describer = Describer(view, self.cues, hits)
        rows = [describer.hashes(p) for p in places]
        best: dict[tuple[int, str, int], Ranked] = {}
        for instance, probability in zip(places, self.probabilities(rows), strict=True):
            kinds = (view.entities[instance.first].type, view.entities[instance.second].type)
            for k in np.flatnonzero(probability >= floor):
                relation, forward = self.outputs[k]
                if (kinds if forward else kinds[::-1]) not in self.types[relation]:
                    continue
                subject, object_ = (
                    (instance.first, instance.second) if forward else (instance.second, instance.first)
                )
                if relation in self.symmetric and view.rank.get(subject, 99) > view.rank.get(object_, 99):
                    subject, object_ = object_, subject
                key = (subject, relation, object_)
                p = float(probability[k])
                if key not in best or p > best[key].probability:
                    best[key] = Ranked(
                        subject=subject, predicate=relation, object=object_, probability=p, instance=instance
                    )
        return [best[key] for key in sorted(best)]


def untaught(symmetric: frozenset[str], cues: Cues) -> Ranker:
    """Return a ranker that knows no relation yet."""
    nothing = np.zeros((0, 0), dtype=np.float32)
    return Ranker((), {}, symmetric, np.zeros(0, dtype=np.int32), nothing, nothing[0:0].ravel(), cues)


def load_cues(*, extra: Path | None = None) -> Cues:
    """Read the lexicons behind the ranker's features."""
    endings = sorted((row[0], row[1]) for row in lexicon_rows("name_endings", extra=extra))
    return Cues(
        triggers_of(lexicon_rows("triggers", extra=extra)),
        tuple(sorted(endings, key=lambda e: (-len(e[0]), e[0]))),
        {row[0]: (int(row[1]), int(row[2]), int(row[3])) for row in lexicon_rows("word_classes")},
    )


def load_ranker(
    symmetric: frozenset[str], path: Path = ROOT / "weights" / "ranker.npz", *, extra: Path | None = None
) -> Ranker:
    """Load the shipped (or another trained) ranker.

    Raises ResourceError for a file that is damaged or made for other features.
    """
    writer = "python -m kg.train models"
    arrays = read_arrays(path, writer=writer)
    try:
        return ranker_of(arrays, symmetric, load_cues(extra=extra))
    except (KeyError, ValueError, IndexError, TypeError) as error:
        raise unusable(path, error, writer=writer) from error


def ranker_of(arrays: Mapping[str, NDArray[np.generic]], symmetric: frozenset[str], cues: Cues) -> Ranker:
    """Build a ranker from the arrays of a weight file; raises ValueError when they do not fit each other."""
    outputs = tuple((str(name)[:-1], str(name)[-1] == ">") for name in arrays["outputs"])
    types: dict[str, set[tuple[str, str]]] = {relation: set() for relation, _ in outputs}
    for row in arrays["types"]:
        relation, subject, object_ = str(row).split(" ")
        types[relation].add((subject, object_))
    ids = arrays["ids"].astype(np.int64)
    if ids.max(initial=0) >= 1 << BITS:
        raise ValueError(f"features of {BITS} bits were expected")
    row_of = np.zeros(1 << BITS, dtype=np.int32)
    row_of[ids] = np.arange(1, len(ids) + 1, dtype=np.int32)
    weights = np.zeros((len(ids) + 1, len(outputs)), dtype=np.float32)
    weights[arrays["feature"].astype(np.int64) + 1, arrays["output"].astype(np.int64)] = arrays[
        "values"
    ].astype(np.float32)
    bias = arrays["bias"].astype(np.float32)
    if bias.shape != (len(outputs),):
        raise ValueError(f"{len(outputs)} biases were expected")
    return Ranker(
        outputs, {r: frozenset(t) for r, t in types.items()}, symmetric, row_of, weights, bias, cues
    )
