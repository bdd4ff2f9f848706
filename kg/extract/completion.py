"""Mentions that the found ones imply: the same name elsewhere, the missed member of a list, the quoted name behind a cue.

The tagger decides character by character from what stands near. These rules look wider: at the whole article and at the
construction. What they add carries a confidence of its own, set by hand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from kg.model import Mention, Reading, Span
from kg.resources import lexicon_rows

REPEATED, LISTED, QUOTED = "again", "list", "quoted"
_SURE = 0.8
_CONFIDENCE = {REPEATED: 0.75, LISTED: 0.7, QUOTED: 0.6}
_ITEM = re.compile(r"[^，。；：！？“”《》（）()【】\s、]{2,14}")
_REPEATABLE = frozenset({"Document", "Event", "Honor", "Organization", "Person", "Place"})
_LISTABLE = frozenset({"Organization", "Person", "Place"})
_NEVER = re.compile(r"等|其中|以及|包括|\d+(?:家|个|名|位|所)|^[和与及或]")
_LETTERS = re.compile(r"[A-Za-z0-9]")


def completed(reading: Reading, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return `mentions` with those that they imply, sorted, without overlap."""
    found = list(mentions)
    taken = bytearray(len(reading.text))
    for m in found:
        taken[m.span.start : m.span.end] = b"\1" * (m.span.end - m.span.start)
    for rule in (_quoted, _listed, _repeated):
        for mention in rule(reading, found, taken):
            span = mention.span
            if not any(taken[span.start : span.end]):
                taken[span.start : span.end] = b"\1" * (span.end - span.start)
                found.append(mention)
    return tuple(sorted(found, key=lambda m: m.span))


def _mention(reading: Reading, span: Span, kind: str, rule: str) -> Mention:
    return Mention(span=span, type=kind, text=span.of(reading.text), confidence=_CONFIDENCE[rule], rule=rule)


def _repeated(reading: Reading, mentions: Sequence[Mention], taken: bytearray) -> list[Mention]:
    """Find the same string elsewhere in the article, where no other name has it."""
    text = reading.text
    kinds: dict[str, str] = {}
    for m in sorted(mentions, key=lambda m: (m.confidence, m.span)):
        if (
            m.type in _REPEATABLE
            and m.confidence >= _SURE
            and len(m.text) >= (2 if m.type == "Person" else 3)
        ):
            kinds[m.text] = m.type
    found = []
    for name in sorted(kinds, key=lambda n: (-len(n), n)):
        at = text.find(name)
        while at >= 0:
            end = at + len(name)
            free = not any(taken[at:end])
            # a Latin name is not a part of a longer one
            whole = not (_LETTERS.match(name[0]) and at and _LETTERS.match(text[at - 1])) and not (
                _LETTERS.match(name[-1]) and end < len(text) and _LETTERS.match(text[end])
            )
            if free and whole and not _inside_longer(taken, at, end):
                found.append(_mention(reading, Span(at, end), kinds[name], REPEATED))
            at = text.find(name, end)
    return found


def _inside_longer(taken: bytearray, start: int, end: int) -> bool:
    """Whether a found name touches the string on either side, so that it is rather a piece of something longer."""
    return bool((start and taken[start - 1]) or (end < len(taken) and taken[end]))


def _listed(reading: Reading, mentions: Sequence[Mention], taken: bytearray) -> list[Mention]:
    """Find the member of a list between two members of one type: 甲资本、乙资本、丙资本."""
    text = reading.text
    by_start = {m.span.start: m for m in mentions if m.type in _LISTABLE}
    by_end = {m.span.end: m for m in mentions if m.type in _LISTABLE}
    found = []
    for before in sorted(by_end):
        first = by_end[before]
        start = before
        while start < len(text) and text[start] == "、":
            item = _ITEM.match(text, start + 1)
            if item is None or any(taken[start + 1 : item.end()]) or _NEVER.search(item[0]):
                break
            end = item.end()
            if end >= len(text) or text[end] != "、":
                break
            following = by_start.get(end + 1)
            span = Span(start + 1, end)
            if following is not None and following.type == first.type and _alike(first, span, following):
                found.append(_mention(reading, span, first.type, LISTED))
            start = end
    return found


def _alike(first: Mention, span: Span, last: Mention) -> bool:
    """Whether an item has about the length of its neighbours."""
    size = span.end - span.start
    low, high = sorted((len(first.text), len(last.text)))
    if first.type == "Person":
        return 2 <= size <= max(4, high)
    return low / 2 <= size <= high * 2


@dataclass(frozen=True, slots=True)
class _Cues:
    before: re.Pattern[str]
    before_type: dict[str, str]
    after: re.Pattern[str]
    after_type: dict[str, str]


@cache
def _cues() -> _Cues:
    sides: dict[str, dict[str, str]] = {"before": {}, "after": {}}
    for word, side, kind in ((row[0], row[1], row[2]) for row in lexicon_rows("quoted_cues")):
        sides[side][word] = kind
    words = {s: "|".join(map(re.escape, sorted(w, key=lambda x: (-len(x), x)))) for s, w in sides.items()}
    return _Cues(
        re.compile(
            f"(?:{words['before']})(?:了|为|上|的|首个|首批|第[一二三四五六七八九十\\d]+[届批]|\\d{{4}}年度?)*$"
        ),
        sides["before"],
        re.compile(words["after"]),
        sides["after"],
    )


def _quoted(reading: Reading, mentions: Sequence[Mention], taken: bytearray) -> list[Mention]:  # noqa: ARG001 - one signature
    """Find quotations that the words around it call a programme, an honor, an event and so on."""
    text = reading.text
    cues = _cues()
    found = []
    at = text.find("“")
    while at >= 0:
        end = text.find("”", at + 1)
        if end < 0:
            break
        inner = Span(at + 1, end)
        inside = inner.of(text)
        if 3 <= len(inside) <= 22 and not any(taken[at : end + 1]) and not re.search("[，。！？；]", inside):
            after = cues.after.match(text, end + 1)
            before = cues.before.search(text[max(0, at - 14) : at])
            kind = ""
            if after:
                kind = cues.after_type[after[0]]
            elif before:
                kind = next(
                    cues.before_type[w]
                    for w in sorted(cues.before_type, key=lambda x: (-len(x), x))
                    if before[0].startswith(w)
                )
            if kind:
                found.append(_mention(reading, inner, kind, QUOTED))
        at = text.find("“", end + 1)
    return found
