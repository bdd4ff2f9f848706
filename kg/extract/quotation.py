"""Quotation marks and book-title marks around names."""

from __future__ import annotations

from kg.model import Span

PAIRS = {"“": "”", "《": "》", "‘": "’", "「": "」", '"': '"', "『": "』", "【": "】", "〈": "〉"}


def without_quotes(text: str, span: Span) -> Span:
    """Return `span` without the marks that enclose it as a whole.

    >>> without_quotes("“星海计划”", Span(0, 6))
    Span(start=1, end=5)
    >>> without_quotes("“甲”和“乙”", Span(0, 7))
    Span(start=0, end=7)
    """
    start, end = span
    while end - start > 2 and PAIRS.get(text[start]) == text[end - 1]:
        if text[start] != text[end - 1] and text[end - 1] in text[start + 1 : end - 1]:
            break
        start, end = start + 1, end - 1
    return Span(start, end)
