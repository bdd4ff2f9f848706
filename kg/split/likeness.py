"""How much two pieces of a page speak of the same thing: pairs of characters, the rarer on the page the weightier."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

Bag = Mapping[str, float]
_BREAK = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9]+")


class Likeness:
    """Compares texts of one page; `texts` are its blocks."""

    def __init__(self, texts: Sequence[str]) -> None:
        seen: Counter[str] = Counter()
        for text in texts:
            seen.update(set(_pairs(text)))
        self._weights = {pair: math.log((1 + len(texts)) / n) for pair, n in seen.items()}

    def bag(self, texts: Iterable[str]) -> Bag:
        """Return the weighted pairs of some texts taken together."""
        counts = Counter(pair for text in texts for pair in _pairs(text))
        return {pair: self._weights.get(pair, 0.0) * (1 + math.log(n)) for pair, n in counts.items()}

    def share(self, head: Bag, body: Bag) -> float:
        """Return which part of the weight of `head` is found in `body`, from 0 to 1."""
        whole = math.fsum(head.values())
        return math.fsum(w for pair, w in head.items() if pair in body) / whole if whole else 0.0

    def cosine(self, one: Bag, other: Bag) -> float:
        """Return the cosine between two bags."""
        product = math.fsum(w * other[pair] for pair, w in one.items() if pair in other)
        norms = math.sqrt(math.fsum(w * w for w in one.values()) * math.fsum(w * w for w in other.values()))
        return product / norms if norms else 0.0


def _pairs(text: str) -> list[str]:
    return [part[k : k + 2] for part in _BREAK.split(text) for k in range(len(part) - 1)]
