"""How the confidences of several evidences of one statement are joined.

The articles that state it are taken as independent witnesses, each as sure as its surest evidence:

    confidence = 1 - product over articles of (1 - best confidence in the article)

capped at 0.99 (unless one witness alone is surer) and rounded to four digits. A reprint is its original, and an article
that prints a sentence that another one prints, too, is no further witness.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kg.model import Support

CAP = 0.99


def joined(
    supports: Iterable[Support], *, original_of: Mapping[tuple[str, int], tuple[str, int]] | None = None
) -> float:
    """Return the confidence of a statement with these `supports`; `original_of` has the originals of reprints."""
    originals = original_of or {}
    best: dict[tuple[str, int], float] = {}
    texts: dict[tuple[str, int], set[str]] = {}
    for support in supports:
        printed_in = (support.source, support.article)
        article = originals.get(printed_in, printed_in)
        best[article] = max(best.get(article, 0.0), support.confidence)
        texts.setdefault(article, set()).add("".join(support.evidence.text.split()))
    doubt = 1.0
    printed: set[str] = set()
    for article in sorted(best, key=lambda a: (-best[a], a)):
        if not texts[article] & printed:
            doubt *= 1.0 - best[article]
        printed |= texts[article]
    surest = max(best.values(), default=0.0)
    return round(max(surest, min(CAP, 1.0 - doubt)), 4)
