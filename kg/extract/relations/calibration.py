"""Confidence: the ranker's probability and the frame's prior joined into one calibrated figure.

A logistic regression over both logits, fitted on articles that neither the tagger nor the ranker had seen. It ships as a
small readable file.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.errors import ResourceError
from kg.resources import ROOT


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """`weights`: bias, logit of the ranker, whether a frame reads it, logit of its prior; `relations`: further biases."""

    weights: tuple[float, float, float, float]
    relations: Mapping[str, float]

    def confidence(self, relation: str, probability: float, prior: float) -> float:
        """Return the confidence of a statement; `prior` is 0 where no frame reads it."""
        bias, ranker, frame, framelogit = self.weights
        total = bias + ranker * logit(max(probability, 0.01)) + self.relations.get(relation, 0.0)
        if prior:
            total += frame + framelogit * logit(prior)
        return 1 / (1 + math.exp(-total))


def logit(p: float) -> float:
    """Return the log odds of a probability, kept off 0 and 1."""
    p = min(max(p, 0.005), 0.995)
    return math.log(p / (1 - p))


def load_calibration(path: Path = ROOT / "weights" / "calibration.json") -> Calibration:
    """Load the shipped (or another) calibration; raises ResourceError when it cannot be used."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        bias, ranker, frame, framelogit = map(float, data["weights"])
        relations = {str(k): float(v) for k, v in data["relations"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ResourceError(str(path), f"weights and relations were expected ({error})") from error
    return Calibration(weights=(bias, ranker, frame, framelogit), relations=relations)
