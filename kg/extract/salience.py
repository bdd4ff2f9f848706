"""Which of the named things belong on a graph of the article.

A tagger finds more names than a careful analyst would note: places in passing, brands in a list, kinds that look like
names. A logistic regression over a few plain features of an entity (type, sureness, how often and where it stands, whether a
statement speaks of it) says how likely the annotation would list it. Its weights ship as a readable file.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kg.errors import ResourceError
from kg.model import Document, Entity, Statement
from kg.resources import ROOT


@dataclass(frozen=True, slots=True, kw_only=True)
class Salience:
    """Weights by feature name; unknown features weigh nothing."""

    weights: Mapping[str, float]

    def probability(self, features: Sequence[str]) -> float:
        """Return how likely a careful analyst would list an entity with these features."""
        total = math.fsum(self.weights.get(f, 0.0) for f in features)
        return round(1 / (1 + math.exp(-total)), 4)

    def judge(self, document: Document, statements: Sequence[Statement]) -> tuple[Entity, ...]:
        """Return the entities of a document with that probability as their confidence."""
        described = features_of(document, statements)
        return tuple(replace(e, confidence=self.probability(described[e.id])) for e in document.entities)


def features_of(document: Document, statements: Sequence[Statement]) -> dict[str, list[str]]:
    """Return the features of every entity of a document."""
    best: dict[str, float] = {}
    for s in statements:
        for end in (s.subject, s.object):
            best[end] = max(best.get(end, 0.0), s.confidence)
    counts = Counter(document.links)
    headline = {
        link
        for mention, link in zip(document.mentions, document.links, strict=True)
        if _in_headline(document, mention.span.start)
    }
    first: dict[str, int] = {}
    rules: dict[str, str] = {}
    for mention, link in zip(document.mentions, document.links, strict=True):
        first.setdefault(link, mention.span.start)
        rules.setdefault(link, mention.rule)
    length = max(1, len(document.reading.text))
    described = {}
    for e in document.entities:
        said = best.get(e.id, 0.0)
        name = e.name
        place = min(int(4 * first.get(e.id, 0) / length), 3)
        described[e.id] = [
            "always",
            f"{e.type}",
            f"{e.type} sure {min(int(e.confidence * 10), 9)}",
            f"sure {min(int(e.confidence * 10), 9)}",
            f"{e.type} times {min(counts[e.id], 4)}",
            f"{e.type} said {min(int(said * 5), 4)}",
            f"said {min(int(said * 10), 9)}",
            f"{e.type} headline {e.id in headline}",
            f"{e.type} part {place}",
            f"{e.type} length {min(len(name), 16) // 2}",
            f"{e.type} {e.subtype}",
            f"{e.type} aliases {min(len(e.aliases), 2)}",
            f"rule {rules.get(e.id, '')}",
            f"{e.type} ends {name[-1:]}",
            f"{e.type} ends {name[-2:]}",
            f"{e.type} latin {any(c.isascii() and c.isalpha() for c in name)}",
            f"{e.type} digit {any(c.isdigit() for c in name)}",
        ]
    return described


def _in_headline(document: Document, at: int) -> bool:
    for sentence, role in zip(document.reading.sentences, document.reading.roles, strict=True):
        if sentence.start <= at < sentence.end:
            return role in ("headline", "deck")
    return False


def load_salience(path: Path = ROOT / "weights" / "salience.json") -> Salience:
    """Load the shipped (or other) weights; raises ResourceError when they cannot be used."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Salience(weights={str(k): float(v) for k, v in data["weights"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ResourceError(str(path), f"weights by name of feature were expected ({error})") from error
