"""An article as the extractors read it: its passages without white space, cut into sentences, with the way back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.model import Article, Reading, Role, Source, Span

INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
"""Characters without width that carry nothing in Chinese text."""
LONGEST_SENTENCE = 200
"""Code points above which a sentence is cut at a comma."""

_SOLID = re.compile(rf"[^\s{INVISIBLE}]+")
_END = re.compile(r"[。！？；;!?]+[”’」』）》)\]】\"']*")
_LATIN = re.compile(r"[A-Za-z0-9]")
_HARD_GAP = re.compile(r"\s{2,}|\n")
_PAUSES = ("，,", "、：:", "")


def read_through(source: Source, article: Article) -> Reading:
    """Return the passages of `article` without white space and zero-width characters, in reading order."""
    parts: list[str] = []
    offsets: list[int] = []
    gaps: set[int] = set()
    sentences: list[Span] = []
    roles: list[Role] = []
    paragraphs: list[int] = []
    text = source.text
    for number, passage in enumerate(article.passages):
        first = len(offsets)
        breaks: list[int] = []
        own: list[str] = []
        for nth, span in enumerate(passage.spans):
            end = None
            for run in _SOLID.finditer(text, span.start, span.end):
                a, b = run.span()
                between = text[end:a] if end is not None else ""
                if (end is not None and any(c.isspace() for c in between)) or (
                    end is None and nth and own and _LATIN.match(own[-1][-1]) and _LATIN.match(text[a])
                ):
                    gaps.add(len(offsets))
                if source.single and _HARD_GAP.search(between):
                    breaks.append(len(offsets) - first)
                own.append(run.group())
                offsets.extend(range(a, b))
                end = b
        if len(offsets) == first:
            continue
        if first:
            gaps.add(first)
        joined = "".join(own)
        parts.append(joined)
        for a, b in _sentences(joined, breaks):
            sentences.append(Span(first + a, first + b))
            roles.append(passage.role)
            paragraphs.append(number)
    return Reading(
        text="".join(parts),
        offsets=tuple(offsets),
        gaps=frozenset(gaps),
        sentences=tuple(sentences),
        roles=tuple(roles),
        paragraphs=tuple(paragraphs),
    )


def _sentences(text: str, breaks: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the sentences of one passage; `breaks` are positions that no sentence crosses."""
    ends = {_end_of(text, found) for found in _END.finditer(text)} | set(breaks) | {len(text)}
    start = 0
    for end in sorted(ends - {0}):
        while end - start > LONGEST_SENTENCE:
            cut = _pause(text, start)
            yield start, cut
            start = cut
        if end > start:
            yield start, end
            start = end


def _end_of(text: str, found: re.Match[str]) -> int:
    """Return where a sentence ends: a straight quote after it closes only when one was opened before."""
    for at in range(found.start(), found.end()):
        if text[at] == '"' and text.count('"', 0, at) % 2 == 0:
            return at
    return found.end()


def _pause(text: str, start: int) -> int:
    """Return where a sentence that is too long is cut: behind its last comma within the limit, else a weaker pause."""
    stop = start + LONGEST_SENTENCE
    for marks in _PAUSES:
        at = max((text.rfind(mark, start, stop) for mark in marks), default=-1)
        if at > start:
            return at + 1
    return stop
