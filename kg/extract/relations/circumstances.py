"""Plain features of a candidate statement that tell how far to trust it.

They are about the voices that speak for it (ranker and frames), about its two ends, and about its rivals: another relation
of the same pair, another object of the same subject.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from kg.extract.relations.candidates import Instance, View

Key = tuple[str, str, str]
"""Subject, predicate and object of a candidate; the ends are entity ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """What speaks for a candidate: the ranker's probability at its best instance, and the frames that read it."""

    probability: float = 0.0
    instance: Instance | None = None
    prior: float = 0.0
    frames: int = 0
    matches: int = 0


def circumstances(view: View, voices: Mapping[Key, Voices]) -> dict[Key, dict[str, float]]:
    """Return the named features of every candidate of a document."""
    number = {e.id: k for k, e in enumerate(view.entities)}
    by_pair: dict[frozenset[str], list[Key]] = defaultdict(list)
    by_subject: dict[tuple[str, str], list[Key]] = defaultdict(list)
    by_object: dict[tuple[str, str], list[Key]] = defaultdict(list)
    for key in sorted(voices):
        by_pair[frozenset((key[0], key[2]))].append(key)
        by_subject[key[0], key[1]].append(key)
        by_object[key[2], key[1]].append(key)
    relations = Counter(key[1] for key in voices)
    referred = {a.entity for row in view.anchors.values() for a in row if a.reference}

    def rival(own: Key, keys: list[Key]) -> float:
        return max((voices[k].probability for k in keys if k != own), default=0.0)

    found = {}
    for key in sorted(voices):
        voice = voices[key]
        a, b = number[key[0]], number[key[2]]
        subject, object_ = view.entities[a], view.entities[b]
        place = voice.instance
        found[key] = {
            "probability": voice.probability,
            "logit": _logit(max(voice.probability, 0.01)),
            "prior": voice.prior,
            "frames": float(voice.frames),
            "matches": float(voice.matches),
            f"relation {key[1]}": 1.0,
            f"subject {subject.type}": 1.0,
            f"object {object_.type}": 1.0,
            "subject sure": subject.confidence,
            "object sure": object_.confidence,
            "subject times": float(view.frequency[a]),
            "object times": float(view.frequency[b]),
            "subject rank": float(view.rank.get(a, 30)),
            "object rank": float(view.rank.get(b, 30)),
            "subject length": float(len(subject.name)),
            "object length": float(len(object_.name)),
            "gap": float(place.right_sentence - place.left_sentence) if place else 0.0,
            "sentence": float(place.left_sentence) if place else -1.0,
            "other relation": rival(key, by_pair[frozenset((key[0], key[2]))]),
            "other object": rival(key, by_subject[key[0], key[1]]),
            "other subject": rival(key, by_object[key[2], key[1]]),
            "of this relation": float(relations[key[1]]),
            "entities": float(len(view.entities)),
            "referred": float(a in referred or b in referred),
        }
    return found


def _logit(p: float) -> float:
    p = min(max(p, 0.005), 0.995)
    return math.log(p / (1 - p))
