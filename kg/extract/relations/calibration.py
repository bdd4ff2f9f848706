"""Confidence: how likely a candidate statement is right, given its voices and its circumstances.

Boosted regression trees over plain features (:mod:`kg.extract.relations.circumstances`), fitted on articles that neither the
tagger nor the ranker had seen, so that of statements given 0.9 nine in ten are right. They ship as a readable file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.errors import ResourceError
from kg.resources import ROOT

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
LEAF = -1


@dataclass(frozen=True, slots=True)
class Calibration:
    """Trees side by side: row t of each array is tree t, column n its node n; a leaf has the feature `LEAF`.

    A row of features goes to `left` where its value is at most `threshold`. `bias` and the values of the leaves that it
    reaches add up to the log odds.
    """

    names: tuple[str, ...]
    bias: float
    feature: Ints
    threshold: Floats
    left: Ints
    right: Ints
    value: NDArray[np.float64]

    def confidences(self, rows: Sequence[Mapping[str, float]]) -> list[float]:
        """Return the confidence of each row of named features; a feature that is not named is 0.

        Without trees (before training) a statement is as likely as its louder voice.
        """
        if not len(self.feature):
            return [round(max(row.get("probability", 0.0), row.get("prior", 0.0)), 4) for row in rows]
        if not rows:
            return []
        matrix = np.array([[row.get(name, 0.0) for name in self.names] for row in rows], dtype=np.float32)
        trees = np.arange(len(self.feature))[None, :]
        at = np.zeros((len(rows), len(self.feature)), dtype=np.int64)
        row_numbers = np.arange(len(rows))[:, None]
        while True:
            feature = self.feature[trees, at]
            inner = feature != LEAF
            if not inner.any():
                break
            low = matrix[row_numbers, np.maximum(feature, 0)] <= self.threshold[trees, at]
            at = np.where(inner, np.where(low, self.left[trees, at], self.right[trees, at]), at)
        total = self.bias + self.value[trees, at].sum(axis=1)
        return [round(float(c), 4) for c in 1 / (1 + np.exp(-total))]


def untaught() -> Calibration:
    """Return a calibration without trees."""
    nothing = np.zeros((0, 0))
    ints = nothing.astype(np.int64)
    return Calibration((), 0.0, ints, nothing.astype(np.float32), ints, ints, nothing)


def from_json(data: Mapping[str, Any]) -> Calibration:
    """Return the calibration of parsed JSON; raises KeyError, TypeError or ValueError when it does not hold together."""
    names = tuple(str(n) for n in data["features"])
    trees = [
        [
            (names.index(n["feature"]) if "feature" in n else LEAF, *_numbers(n, k, len(tree)))
            for k, n in enumerate(tree)
        ]
        for tree in data["trees"]
    ]
    if not trees or not all(trees):
        return untaught()
    width = max(map(len, trees))
    padded = [tree + [(LEAF, 0.0, 0, 0, 0.0)] * (width - len(tree)) for tree in trees]
    columns = [np.array([[node[c] for node in tree] for tree in padded]) for c in range(5)]
    return Calibration(
        names,
        float(data["bias"]),
        columns[0].astype(np.int64),
        columns[1].astype(np.float32),
        columns[2].astype(np.int64),
        columns[3].astype(np.int64),
        columns[4].astype(np.float64),
    )


def _numbers(node: Mapping[str, Any], number: int, size: int) -> tuple[float, int, int, float]:
    if "feature" not in node:
        return 0.0, 0, 0, float(node["value"])
    left, right = int(node["left"]), int(node["right"])
    if not (number < left < size and number < right < size):
        raise ValueError(f"node {number} leads to {left} and {right} of {size} nodes")
    return float(node["threshold"]), left, right, 0.0


def load_calibration(path: Path = ROOT / "weights" / "calibration.json") -> Calibration:
    """Load the shipped (or another) calibration; raises ResourceError when it cannot be used."""
    try:
        return from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ResourceError(
            str(path), f"bias, features and trees of a calibration were expected ({error})"
        ) from error
