"""Fit the joint confidence of ranker and frames on articles that neither tagger nor ranker had seen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from kg.extract.relations.calibration import Calibration, logit


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A candidate statement of a held-back article: both voices and whether the annotation has it."""

    relation: str
    probability: float
    prior: float
    right: bool


def fit(judged: Sequence[Judged], *, strength: float = 0.3) -> Calibration:
    """Return the calibration that makes the judged candidates most likely.

    `strength` is the inverse of how strongly the biases of single relations are held near zero. Where all are right or all
    are wrong there is nothing to learn, and the ranker's own probability stands.
    """
    if len({j.right for j in judged}) < 2:
        return Calibration(weights=(0.0, 1.0, 0.0, 0.0), relations={})
    relations = sorted({j.relation for j in judged})
    matrix = np.zeros((len(judged), 3 + len(relations)))
    for k, j in enumerate(judged):
        matrix[k, 0] = logit(max(j.probability, 0.01))
        if j.prior:
            matrix[k, 1], matrix[k, 2] = 1.0, logit(j.prior)
        # scaled down, so that one penalty holds the biases tighter than the slopes
        matrix[k, 3 + relations.index(j.relation)] = math.sqrt(strength)
    model = LogisticRegression(C=1.0, max_iter=500).fit(matrix, np.array([j.right for j in judged]))
    slopes = model.coef_[0]
    return Calibration(
        weights=(
            round(float(model.intercept_[0]), 4),
            *(round(float(x), 4) for x in slopes[:3]),  # type: ignore[arg-type]
        ),
        relations={r: round(float(slopes[3 + k]) * math.sqrt(strength), 4) for k, r in enumerate(relations)},
    )


def reliability(
    judged: Sequence[Judged], calibration: Calibration, *, bins: int = 10
) -> list[tuple[float, float, int]]:
    """Return (mean confidence, share that is right, number) for equal steps of confidence; empty steps are left out."""
    rows: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for j in judged:
        c = calibration.confidence(j.relation, j.probability, j.prior)
        rows[min(int(c * bins), bins - 1)].append((c, j.right))
    return [
        (sum(c for c, _ in row) / len(row), sum(r for _, r in row) / len(row), len(row))
        for row in rows
        if row
    ]


def threshold_for(judged: Sequence[Judged], calibration: Calibration, *, precision: float) -> float:
    """Return the least confidence from which on at least `precision` of the candidates are right."""
    scored = sorted(
        ((calibration.confidence(j.relation, j.probability, j.prior), j.right) for j in judged), reverse=True
    )
    best, right = 1.0, 0
    for k, (confidence, correct) in enumerate(scored, 1):
        right += correct
        if right / k >= precision:
            best = confidence
    return round(best, 3)
