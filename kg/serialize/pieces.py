"""Evidence in marked and unmarked pieces: JavaScript counts UTF-16 units, so it is cut before it reaches the page."""

from __future__ import annotations

from kg.model import Support


def pieces(support: Support) -> list[list[str]]:
    """Return the evidence as [text, mark] pairs; the mark is ``s`` (subject), ``o`` (object) or empty.

    Together the pieces are the evidence without the line breaks of its column. Spans outside the evidence, as when a
    headline names the subject, mark nothing.
    """
    text, start = support.evidence.text, support.evidence.start
    marks = [""] * len(text)
    for mark, span in (("o", support.object_span), ("s", support.subject_span)):
        for i in range(max(span.start - start, 0), min(span.end - start, len(text))):
            marks[i] = mark
    found: list[list[str]] = []
    for position, (character, mark) in enumerate(zip(text, marks, strict=True)):
        shown = _unwrapped(text, position) if character in "\r\n" else character
        if not shown:
            continue
        if found and found[-1][1] == mark:
            found[-1][0] += shown
        else:
            found.append([shown, mark])
    return found


def unwrapped(text: str) -> str:
    r"""Return `text` without the line breaks of its column.

    >>> unwrapped("在杭州举\n行"), unwrapped("Hong\nKong")
    ('在杭州举行', 'Hong Kong')
    """
    return "".join(_unwrapped(text, i) if c in "\r\n" else c for i, c in enumerate(text))


def _unwrapped(text: str, position: int) -> str:
    """Return what stands for a line break: a space between Latin words, nothing between Chinese characters."""
    before, after = text[max(position - 1, 0) : position], text[position:].lstrip()[:1]
    return " " if before.isalnum() and before.isascii() and after.isalnum() and after.isascii() else ""
