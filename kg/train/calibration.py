"""Fit the confidence of candidate statements on articles that neither tagger nor ranker had seen."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier

from kg.extract.relations.calibration import Calibration, from_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A candidate statement of a held-back article: its circumstances and whether the annotation has it."""

    row: Mapping[str, float]
    right: bool


def fit(judged: Sequence[Judged], *, trees: int = 150, depth: int = 4, rate: float = 0.06) -> dict[str, Any]:
    """Return bias, features and trees as they are written to a file.

    Where all candidates are right or all are wrong there is nothing to learn, and no tree is grown.
    """
    names = sorted({name for j in judged for name in j.row})
    if len({j.right for j in judged}) < 2:
        return {"bias": 0.0, "features": names, "trees": []}
    matrix = np.array([[j.row.get(name, 0.0) for name in names] for j in judged], dtype=np.float32)
    target = np.array([j.right for j in judged])
    model = GradientBoostingClassifier(
        n_estimators=trees,
        max_depth=depth,
        learning_rate=rate,
        min_samples_leaf=15,
        subsample=0.7,
        max_features=0.5,
        random_state=0,
    ).fit(matrix, target)
    share = float(target.mean())
    return {
        "bias": round(float(np.log(share / (1 - share))), 5),
        "features": names,
        "trees": [_nodes(estimator.tree_, names, rate) for estimator in model.estimators_[:, 0]],
    }


def _nodes(tree: Any, names: Sequence[str], rate: float) -> list[dict[str, Any]]:  # noqa: ANN401 - scikit-learn has no types
    nodes: list[dict[str, Any]] = []
    for k in range(tree.node_count):
        if tree.children_left[k] < 0:
            nodes.append({"value": round(rate * float(tree.value[k, 0, 0]), 5)})
        else:
            nodes.append(
                {
                    "feature": names[tree.feature[k]],
                    "threshold": float(np.float32(tree.threshold[k])),
                    "left": int(tree.children_left[k]),
                    "right": int(tree.children_right[k]),
                }
            )
    return nodes


def calibration_of(fitted: Mapping[str, Any]) -> Calibration:
    """Return the calibration of what :func:`fit` returned."""
    return from_json(fitted)


def write(fitted: Mapping[str, Any], path: Path) -> None:
    """Write a calibration, one tree per line."""
    trees = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in fitted["trees"])
    head = json.dumps(
        {"bias": fitted["bias"], "features": fitted["features"]}, ensure_ascii=False, sort_keys=True
    )
    path.write_text(head[:-1] + ', "trees": [\n' + trees + "\n]}\n", encoding="utf-8")


Scored = Sequence[tuple[float, bool]]
"""Confidence of candidates of held-back articles, and whether each is right."""


def reliability(scored: Scored, *, bins: int = 10) -> list[tuple[float, float, int]]:
    """Return (mean confidence, share that is right, number) for equal steps of confidence; empty steps are left out."""
    rows: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for confidence, right in scored:
        rows[min(int(confidence * bins), bins - 1)].append((confidence, right))
    return [
        (sum(c for c, _ in row) / len(row), sum(r for _, r in row) / len(row), len(row))
        for row in rows
        if row
    ]


def threshold_for(scored: Scored, *, precision: float) -> float:
    """Return the least confidence from which on at least `precision` of the candidates are right."""
    best, right = 1.0, 0
    for k, (confidence, correct) in enumerate(sorted(scored, reverse=True), 1):
        right += correct
        if right / k >= precision:
            best = confidence
    return round(best, 3)
