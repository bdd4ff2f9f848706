"""Articles of nearly identical text: reprints of the earliest of them.

Two articles are compared by the smallest hashes of their runs of eight characters (white space and punctuation left out):
the share that these sketches have in common estimates the share of runs that the articles have in common (min-wise hashing:
A. Broder, On the resemblance and containment of documents, 1997). Only articles that share one of their very smallest
hashes are compared, so that the work grows with the number of reprints, not of pairs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from kg.model import Article, Reprint

RUN: Final = 8
"""Characters of a run."""
SKETCH: Final = 128
"""Hashes kept of an article."""
KEYS: Final = 10
"""Smallest hashes by which articles meet; two with 0.8 in common miss one another once in ten millions."""
ALIKE: Final = 0.8
"""Share of common runs from which on an article counts as a reprint."""
LEAST: Final = 80
"""Characters without which a text is too short to be told from a set phrase."""

Hashes = NDArray[np.uint64]


def reprints(articles: Sequence[Article], texts: Mapping[str, str]) -> tuple[Reprint, ...]:
    """Return the reprints among `articles`, sorted; `texts` are those of the sources by id.

    Articles of other sources are left alone. The original of a reprint is the earliest of all that are alike by date of
    publication (undated ones last), source and index; it is no reprint itself.
    """
    ordered = sorted(
        (a for a in articles if a.source in texts), key=lambda a: (a.published or "9999", a.source, a.index)
    )
    sketches = [_sketch(_plain(article, texts[article.source])) for article in ordered]
    alike: nx.Graph[int] = nx.Graph()
    meeting: dict[int, list[int]] = defaultdict(list)
    for number, sketch in enumerate(sketches):
        if sketch is None:
            continue
        keys = [int(key) for key in sketch[:KEYS]]
        for other in sorted({n for key in keys for n in meeting[key]}):
            known = sketches[other]
            if known is not None and resemblance(sketch, known) >= ALIKE:
                alike.add_edge(other, number)
        for key in keys:
            meeting[key].append(number)
    found = []
    for group in nx.connected_components(alike):
        first = ordered[min(group)]
        found += [
            Reprint(
                source=ordered[n].source,
                article=ordered[n].index,
                original_source=first.source,
                original_article=first.index,
            )
            for n in group
            if n != min(group)
        ]
    return tuple(sorted(found, key=lambda r: (r.source, r.article)))


def _plain(article: Article, text: str) -> str:
    return "".join(c for span in article.spans for c in span.of(text) if c.isalnum())


def _sketch(text: str) -> Hashes | None:
    """Return the smallest hashes of the runs of `text`, ascending; None for a text that is too short."""
    if len(text) < LEAST:
        return None
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    runs = np.zeros(len(points) - RUN + 1, dtype=np.uint64)
    for offset in range(RUN):
        runs = runs * np.uint64(0x100000001B3) + points[offset : offset + len(runs)]
    return np.unique(_mixed(runs))[:SKETCH]


def _mixed(numbers: Hashes) -> Hashes:
    """Return well-spread numbers for `numbers` (the finalizer of splitmix64; uint64 wraps around)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))


def resemblance(one: Hashes, other: Hashes) -> float:
    """Return the estimated share of runs in common: among the smallest hashes of both together, those that both have."""
    both = np.union1d(one, other)[: max(len(one), len(other), 1)]
    common = np.intersect1d(np.intersect1d(both, one, assume_unique=True), other, assume_unique=True)
    return len(common) / max(1, len(both))
