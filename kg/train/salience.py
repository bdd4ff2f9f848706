"""Learn which named things a careful analyst lists, from documents whose mentions and statements were predicted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from kg.extract.salience import Salience, features_of
from kg.model import Document, Statement
from kg.train.annotation import Example
from kg.train.ranker import partners

Judged = tuple[list[str], bool]


def judged(document: Document, statements: Sequence[Statement], example: Example) -> list[Judged]:
    """Return (features, listed) for the entities of a document; optional ones are left out.

    Of several entities that the annotation has as one, and of entities with another type, only the best counts as right.
    """
    described = features_of(document, statements)
    found, seen = [], set()
    for entity, partner in zip(document.entities, partners(document, example), strict=True):
        right = False
        if partner is not None:
            gold = example.entities[partner]
            if gold.optional:
                continue
            right = entity.type in gold.types and partner not in seen
            seen.add(partner)
        found.append((described[entity.id], right))
    return found


def fit(rows: Sequence[Judged], *, strength: float = 0.3, min_count: int = 8) -> Salience:
    """Return the weights that make the judged entities most likely; none where all are right or all are wrong."""
    if len({right for _, right in rows}) < 2:
        return Salience(weights={})
    counts = Counter(f for features, _ in rows for f in set(features))
    known = {f for f, n in counts.items() if n >= min_count}
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([{f: 1.0 for f in features if f in known} for features, _ in rows])
    model = LogisticRegression(C=strength, max_iter=500, fit_intercept=False)
    model.fit(matrix, np.array([right for _, right in rows]))
    names = vectorizer.get_feature_names_out()
    weights = {
        str(n): round(float(w), 3) for n, w in zip(names, model.coef_[0], strict=True) if abs(w) >= 0.02
    }
    return Salience(weights=dict(sorted(weights.items())))


def write(salience: Salience, path: Path) -> None:
    """Write the weights as a readable file."""
    data = {"weights": dict(salience.weights)}
    path.write_text(json.dumps(data, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8")
