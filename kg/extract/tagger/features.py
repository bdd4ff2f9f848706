"""What the tagger sees of a character: hashed feature numbers, computed for a whole article at once.

A feature is a template together with the values at a few neighbouring positions (characters, words, tags, classes). Its
number is a 22-bit hash of these, so neither training nor reading keeps a dictionary of strings. Windows stop at
the ends of sentences: sentences stand in one padded array with `PAD` empty positions between them.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from ahocorasick_rs import AhoCorasick, MatchKind
from numpy.typing import NDArray

from kg.extract.encoder import Encoding
from kg.model import Reading, Token

Ints = NDArray[np.int64]
BITS = 22
PAD = 3
_OPEN = {"“": 1, "《": 2, "‘": 3, "「": 4, "（": 5, "(": 6, "【": 7}
_CLOSE = {"”": 1, "》": 2, "’": 3, "」": 4, "）": 5, ")": 6, "】": 7}
GAZETTEER_KINDS = "aslhc"


@dataclass(frozen=True, slots=True)
class Clues:
    """The resources behind the features."""

    gazetteer: Mapping[str, str]
    heads: Mapping[str, str]
    word_classes: Mapping[str, tuple[int, int, int]]
    surnames: frozenset[str]
    centroids: tuple[NDArray[np.float32], ...]
    mined: Mapping[str, int]
    matcher: AhoCorasick
    names: tuple[str, ...]
    mined_matcher: AhoCorasick
    mined_names: tuple[str, ...]

    @staticmethod
    def of(
        gazetteer: Mapping[str, str],
        heads: Mapping[str, str],
        word_classes: Mapping[str, tuple[int, int, int]],
        surnames: frozenset[str],
        centroids: tuple[NDArray[np.float32], ...],
        mined: Mapping[str, int],
    ) -> Clues:
        """Compile the matchers; `mined` gives for a name the number of its type and frequency class."""
        names, found = tuple(sorted(gazetteer)), tuple(sorted(mined))
        longest = MatchKind.LeftmostLongest
        return Clues(
            gazetteer,
            heads,
            word_classes,
            surnames,
            centroids,
            mined,
            AhoCorasick(names, matchkind=longest),
            names,
            AhoCorasick(found, matchkind=longest),
            found,
        )


@cache
def _word_number(word: str) -> int:
    return zlib.crc32(word.encode()) + 16


def _mix(template: int, *columns: Ints) -> Ints:
    """Hash columns of equal length under the number of their template; the result has `BITS` bits, never 0."""
    h = np.full(columns[0].shape, (template + 1) * 0x51_7C_C1_B7, dtype=np.uint64)
    for column in columns:
        h ^= column.astype(np.uint64)
        h *= np.uint64(0x9E37_79B9_7F4A_7C15)
        h ^= h >> np.uint64(31)
    out = (h >> np.uint64(8)) & np.uint64((1 << BITS) - 1)
    return np.maximum(out.astype(np.int64), 1)


class _Layout:
    """Where each character stands in the padded arrays."""

    def __init__(self, reading: Reading) -> None:
        n = len(reading.text)
        self.position = np.empty(n, dtype=np.int64)
        for k, sentence in enumerate(reading.sentences):
            self.position[sentence.start : sentence.end] = (
                np.arange(sentence.start, sentence.end) + (k + 1) * PAD
            )
        self.size = n + (len(reading.sentences) + 1) * PAD

    def spread(self, values: NDArray[np.generic], *, empty: int = 0) -> Ints:
        """Put one value per character into the padded array."""
        out = np.full(self.size, empty, dtype=np.int64)
        out[self.position] = values
        return out


def character_features(
    reading: Reading,
    tokens: Sequence[Token],
    encoding: Encoding,
    clues: Clues,
    *,
    label_parts: Ints,
    label_kinds: Ints,
) -> Ints:
    """Return the feature numbers of an article, shape (characters, features).

    `label_parts` and `label_kinds` split the encoder's tag numbers into begin/inside and kind.
    """
    layout = _Layout(reading)
    at = layout.position
    text = reading.text
    columns: list[Ints] = []

    def put(template: int, *values: Ints) -> None:
        columns.append(_mix(template, *values))

    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
    padded = layout.spread(codes, empty=1)
    c = {d: padded[at + d] for d in range(-3, 4)}
    put(0, np.ones_like(codes))
    for k, d in enumerate((0, -1, 1, -2, 2, 3, -3)):
        put(1 + k, c[d])
    for k, (a, b) in enumerate(((-1, 0), (0, 1), (-2, -1), (1, 2))):
        put(8 + k, c[a], c[b])
    for k, (a, b, d) in enumerate(((-1, 0, 1), (-2, -1, 0), (0, 1, 2))):
        put(12 + k, c[a], c[b], c[d])

    words = _Words(reading, tokens, clues)
    token, part = words.of_character, words.part
    w = {d: words.number[token + d] for d in range(-2, 3)}
    t = {d: words.tag[token + d] for d in range(-2, 3)}
    put(15, w[0])
    put(16, w[0], part)
    put(17, t[0], part)
    for k, d in enumerate((-1, 1, -2, 2)):
        put(18 + k, w[d])
    put(22, t[-1], t[0], part)
    put(23, t[0], t[1], part)
    put(24, t[-1], t[0], t[1])
    put(25, t[-2], part)
    put(26, t[2], part)
    h = {d: words.head[token + d] for d in (-1, 0, 1, 2)}
    put(27, h[0], part)
    put(28, h[1], part)
    put(29, h[2])
    put(30, h[-1], part)
    put(31, words.next_head[token], part)
    put(32, words.length[token], part)
    for level in range(3):
        for k, d in enumerate((-1, 0, 1)):
            put(33 + 3 * level + k, words.classes[token + d, level], part)
    put(42, words.classes[token - 2, 1], part)
    put(43, words.classes[token + 2, 1], part)
    put(44, words.classes[token - 1, 1], words.classes[token, 1], part)
    put(45, words.classes[token, 1], words.classes[token + 1, 1], part)

    quote, shape = _quotes(reading), _shapes(codes)
    shapes = layout.spread(shape, empty=9)
    put(46, quote)
    put(47, shapes[at - 1], shapes[at], shapes[at + 1])
    gap = np.zeros(len(text), dtype=np.int64)
    gap[[i for i in reading.gaps if i < len(text)]] = 1
    put(48, gap, shape)

    marks = _gazetteer_marks(text, clues)
    spread = [layout.spread(marks[:, k]) for k in range(marks.shape[1])]
    put(49, *(s[at] for s in spread))
    for k, s in enumerate(spread):
        if GAZETTEER_KINDS[k] != "l":
            put(50 + k, s[at], s[at + 1])
    surname = np.fromiter((ch in clues.surnames for ch in text), dtype=np.int64, count=len(text))
    put(56, surname, part, t[0], t[1])

    mined = layout.spread(_mined_marks(text, clues))
    put(52, mined[at])
    put(55, mined[at], mined[at + 1])
    put(77, mined[at - 1], t[0], part)

    inside = _QuoteContext(reading, words)
    put(78, inside.before, inside.part)
    put(79, inside.after, inside.part)
    put(80, inside.kind, inside.length, inside.part)
    put(81, inside.kind, inside.ending, inside.part)
    put(82, words.tag[token - 1], inside.before, inside.part)

    kinds, parts = layout.spread(label_kinds[encoding.tags] + 1), layout.spread(label_parts[encoding.tags])
    both = kinds * 2 + parts
    end = (both[at + 1] % 2 == 0).astype(np.int64)  # the next character begins a new word of the encoder
    bk = both[at] * 2 + end
    chunk = _Chunks(both, at)
    put(57, bk)
    put(58, both[at + 1], end)
    put(59, both[at - 1])
    put(60, chunk.kind(-1), bk)
    put(61, bk, chunk.kind(1))
    put(62, chunk.kind(-1), kinds[at], chunk.kind(1))
    put(63, bk, chunk.kind(2))
    put(64, chunk.kind(-2), bk)

    majority, repeated = _majority(text, both[at])
    put(83, majority, bk)
    put(84, majority, repeated, part)

    for k, (layer, centroids) in enumerate(zip((0, 0, 1, 1), clues.centroids, strict=True)):
        cluster = layout.spread(_nearest(encoding.states[:, layer * 256 : layer * 256 + 256], centroids) + 1)
        put(65 + 3 * k, cluster[at])
        put(66 + 3 * k, cluster[at + 1])
        put(67 + 3 * k, cluster[at - 1])
    return np.stack(columns, axis=1)


def _nearest(states: NDArray[np.float32], centroids: NDArray[np.float32]) -> Ints:
    """Return the number of the nearest centroid, by the expanded square (the state's own norm does not matter)."""
    distance = states @ (2 * centroids.T) - (centroids * centroids).sum(axis=1)
    return np.asarray(distance.argmax(axis=1), dtype=np.int64)


class _QuoteContext:
    """For the characters of a quotation (marks included) what stands around it; zero outside."""

    def __init__(self, reading: Reading, words: _Words) -> None:
        n = len(reading.text)
        self.before, self.after, self.kind, self.length, self.ending, self.part = (
            np.zeros(n, dtype=np.int64) for _ in range(6)
        )
        for sentence in reading.sentences:
            start, kind = -1, 0
            for i in range(sentence.start, sentence.end):
                c = reading.text[i]
                if start >= 0 and _CLOSE.get(c) == kind:
                    self._mark(reading.text, words, start, i, kind)
                    start = -1
                elif c in _OPEN and (start < 0 or kind > 4):
                    start, kind = i, _OPEN[c]

    def _mark(self, text: str, words: _Words, start: int, end: int, kind: int) -> None:
        here = slice(start, end + 1)
        self.before[here] = words.number[words.of_character[start] - 1]
        self.after[here] = words.number[words.of_character[end] + 1]
        self.kind[here] = kind
        self.length[here] = min((end - start) // 2, 9)
        self.ending[here] = _word_number(text[max(start + 1, end - 2) : end])
        self.part[start + 1 : end] = 2
        self.part[start] = 4
        self.part[end] = 5
        if end - start > 1:
            self.part[start + 1], self.part[end - 1] = 1, 3


class _Words:
    """Columns over the tokens of an article, padded like the characters; `of_character` leads from one to the other."""

    def __init__(self, reading: Reading, tokens: Sequence[Token], clues: Clues) -> None:
        n = len(reading.text)
        first = {s.start for s in reading.sentences}
        self.of_character = np.empty(n, dtype=np.int64)
        self.part = np.empty(n, dtype=np.int64)
        slots: list[Token | None] = []
        for token in tokens:
            if token.span.start in first:
                slots += [None] * PAD
            a, b = token.span
            self.of_character[a:b] = len(slots)
            self.part[a:b] = 1
            self.part[a] = 0
            self.part[b - 1] = 3 if b - a == 1 else 2
            slots.append(token)
        slots += [None] * PAD
        unknown = (-1, -1, -1)
        get_class = clues.word_classes.get
        size = len(slots)
        self.number, self.tag, self.head = (np.ones(size, dtype=np.int64) for _ in range(3))
        self.next_head, self.length = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
        self.classes = np.zeros((size, 3), dtype=np.int64)
        current, distance = 0, 0
        for k in range(size - 1, -1, -1):
            slot = slots[k]
            if slot is None:
                current, distance = 0, 0
                continue
            word, tag = slot.text, slot.tag
            self.number[k] = _word_number(word)
            self.tag[k] = _word_number(tag)
            self.length[k] = min(len(word), 5)
            self.classes[k] = [
                v + 2 for v in (get_class(word) or get_class(word[-2:]) or get_class(word[-1:]) or unknown)
            ]
            head = _head_of(word, clues.heads)
            self.head[k] = _word_number(head) if head else 2
            # the class of the next head noun within a run of content words tells what the run may name
            if tag[0] in "xucpdrf" and word not in "（）()":
                current, distance = 0, 0
            if head and (len(word) > 1 or tag[0] == "n"):
                current, distance = ord(clues.heads[head][0]), 0
            self.next_head[k] = current * 8 + min(distance, 4) if current else 0
            distance += 1


def _head_of(word: str, heads: Mapping[str, str]) -> str:
    for n in (4, 3, 2, 1):
        if len(word) >= n and word[-n:] in heads:
            return word[-n:]
    return ""


class _Chunks:
    """The encoder's own words around each character."""

    def __init__(self, both: Ints, at: Ints) -> None:
        begins = (both % 2 == 0).astype(np.int64)
        number = np.cumsum(begins)  # every padding position is a word of its own
        starts = np.flatnonzero(begins)
        self._kinds = np.concatenate([[0, 0, 0], both[starts] // 2, [0, 0, 0]])
        self._number = number[at] - 1 + 3

    def kind(self, step: int) -> Ints:
        return np.asarray(self._kinds[self._number + step], dtype=np.int64)


def _quotes(reading: Reading) -> Ints:
    """For each character the kind of the quotation it stands in and how far from its opening (0 outside)."""
    out = np.zeros(len(reading.text), dtype=np.int64)
    for sentence in reading.sentences:
        kind, distance = 0, 0
        for i in range(sentence.start, sentence.end):
            c = reading.text[i]
            if kind:
                out[i] = kind * 4 + min(distance, 3)
                distance += 1
                if _CLOSE.get(c) == kind:
                    kind = 0
            elif c in _OPEN:
                kind, distance = _OPEN[c], 0
    return out


def _shapes(codes: Ints) -> Ints:
    """1 digit, 2 Latin letter, 3 Chinese character, 4 other letter-like, and the character itself for punctuation."""
    out = codes + 16
    out[(codes >= 0x4E00) & (codes <= 0x9FFF)] = 3
    ascii_letters = ((codes >= 65) & (codes <= 90)) | ((codes >= 97) & (codes <= 122))
    out[ascii_letters] = 2
    out[((codes >= 48) & (codes <= 57)) | ((codes >= 0xFF10) & (codes <= 0xFF19))] = 1
    return out


def _mined_marks(text: str, clues: Clues) -> Ints:
    """For each character 0 outside, else the mined type and frequency class with the place within the name."""
    marks = np.zeros(len(text), dtype=np.int64)
    for number, start, end in clues.mined_matcher.find_matches_as_indexes(text):
        value = clues.mined[clues.mined_names[number]] * 4
        marks[start:end] = value + 2
        marks[start] = value + 1
        marks[end - 1] = value + 3
    return marks


def _majority(text: str, both: Ints) -> tuple[Ints, Ints]:
    """For each character the kind that the encoder mostly gives its word in this article, and how often it stands there.

    One clear context decides for the others: a name that is found once is probably a name elsewhere too.
    """
    starts = np.flatnonzero(both % 2 == 0)
    ends = np.append(starts[1:], len(text))
    counts: dict[str, dict[int, int]] = {}
    for a, b in zip(starts.tolist(), ends.tolist(), strict=True):
        own = counts.setdefault(text[a:b], {})
        kind = int(both[a]) // 2
        own[kind] = own.get(kind, 0) + 1
    majority, repeated = np.zeros(len(text), dtype=np.int64), np.zeros(len(text), dtype=np.int64)
    for a, b in zip(starts.tolist(), ends.tolist(), strict=True):
        own = counts[text[a:b]]
        majority[a:b] = max((n, -k) for k, n in own.items())[1]
        repeated[a:b] = min(sum(own.values()), 4)
    return -majority, repeated


def _gazetteer_marks(text: str, clues: Clues) -> Ints:
    """For each character and kind of name: 0 outside, 1 begins, 2 inside, 3 ends a known name."""
    marks = np.zeros((len(text), len(GAZETTEER_KINDS)), dtype=np.int64)
    for number, start, end in clues.matcher.find_matches_as_indexes(text):
        for kind in clues.gazetteer[clues.names[number]]:
            k = GAZETTEER_KINDS.index(kind)
            marks[start:end, k] = 2
            marks[start, k] = 1
            marks[end - 1, k] = 3
    return marks
