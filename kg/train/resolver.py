"""Training of the weights by which names of one article are joined (``kg/resources/lexicons/name_links.tsv``).

A logistic regression over the clues of `kg.resolve.likeness` learns from annotated articles which short form belongs to
which longer name. Clues that are too rare to say something get no weight.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from kg.model import Mention
from kg.resolve.linking import pairs
from kg.resolve.surfaces import surfaces
from kg.train.annotation import Example

MIN_PAIRS = 5
STRENGTH = 1.0
HEADER = """\
# Evidence that two names of one article are one thing: the weights of a logistic regression (log-odds).
# columns: kind of thing and clue (kg/resolve/likeness.py), weight
# source: learnt by kg/train/resolver.py from the project's annotated articles
# licence: Apache-2.0
"""

Judged = tuple[Sequence[Mention], Sequence[int]]
"""Mentions of one article with the number of the entity that each names."""


def judged(example: Example) -> Judged:
    """Return the annotated mentions of an example."""
    mentions = [
        Mention(span=m.span, type=m.type, text=m.span.of(example.reading.text)) for m in example.mentions
    ]
    return mentions, [m.entity for m in example.mentions]


def learn(articles: Iterable[Judged]) -> dict[str, float]:
    """Return the weight of every clue that at least `MIN_PAIRS` pairs of names show, to three decimals."""
    rows: list[tuple[str, ...]] = []
    labels: list[bool] = []
    for mentions, entities in articles:
        names = surfaces(mentions)
        meant = [Counter(entities[n] for n in name.mentions).most_common(1)[0][0] for name in names]
        for pair in pairs(names):
            rows.append(pair.clues)
            labels.append(meant[pair.short] == meant[pair.long])
    seen = Counter(clue for row in rows for clue in row)
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([{c: 1.0 for c in row if seen[c] >= MIN_PAIRS} for row in rows])
    model = LogisticRegression(C=STRENGTH, fit_intercept=False, max_iter=5000).fit(matrix, labels)
    return {
        str(clue): round(float(weight), 3)
        for clue, weight in zip(vectorizer.get_feature_names_out(), model.coef_[0], strict=True)
    }


def write(weights: dict[str, float], target: Path) -> None:
    """Write the weights as the lexicon that the resolver reads."""
    rows = sorted(f"{clue}\t{weight:.3f}" for clue, weight in weights.items())
    target.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
