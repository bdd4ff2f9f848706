"""What the tagger sees of a character: hashed feature numbers, computed for a whole article at once.

A feature is a template together with the values at a few neighbouring positions (characters, words, tags, classes). Its
number is a 22-bit hash of these, so neither training nor reading keeps a dictionary of strings. Windows stop at
the ends of sentences: sentences stand in one padded array with `PAD` empty positions between them.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain

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
_MARKS = re.compile(f"[{re.escape(''.join({**_OPEN, **_CLOSE}))}]")
_WORD = struct.Struct("7q")
_KNOWN_WORDS = 100_000
"""Words whose columns are kept; a corpus has more, but few of them return."""


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
    nearest: tuple[tuple[NDArray[np.float32], NDArray[np.float32], int], ...]
    known: dict[tuple[str, str], tuple[bytes, int, bool]] = field(default_factory=dict)

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
            tuple(_joined(*centroids[k : k + 2]) for k in range(0, len(centroids), 2)),
        )


def _joined(
    coarse: NDArray[np.float32], fine: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32], int]:
    """Return twice the centroids of both grains as columns, their squared norms, and how many are coarse."""
    both = np.concatenate([coarse, fine])
    return np.ascontiguousarray(2 * both.T), (both * both).sum(axis=1), len(coarse)


@cache
def _word_number(word: str) -> int:
    return zlib.crc32(word.encode()) + 16


def _mix(templates: Sequence[tuple[int, tuple[Ints, ...]]], size: int) -> Ints:
    """Hash the columns of every template under its number; a row per template of `BITS` bits, never 0.

    The templates with equally many columns are hashed at once.
    """
    out = np.empty((len(templates), size), dtype=np.int64)
    by_width: dict[int, list[int]] = {}
    for row, (_, columns) in enumerate(templates):
        by_width.setdefault(len(columns), []).append(row)
    for width, rows in by_width.items():
        h = np.empty((len(rows), size), dtype=np.uint64)
        h[:] = np.array([[(templates[row][0] + 1) * 0x51_7C_C1_B7] for row in rows], dtype=np.uint64)
        shifted = np.empty_like(h)
        for k in range(width):
            for own, row in enumerate(rows):
                h[own] ^= templates[row][1][k].view(np.uint64)
            h *= np.uint64(0x9E37_79B9_7F4A_7C15)
            np.right_shift(h, np.uint64(31), out=shifted)
            h ^= shifted
        h >>= np.uint64(8)
        h &= np.uint64((1 << BITS) - 1)
        out[rows] = h.view(np.int64)
    return np.maximum(out, 1, out=out)


class _Layout:
    """Where each character stands in the padded arrays."""

    def __init__(self, reading: Reading) -> None:
        n = len(reading.text)
        lengths = [s.end - s.start for s in reading.sentences]
        number = np.repeat(np.arange(1, len(lengths) + 1), lengths)  # sentences cover the text
        self.position: Ints = np.arange(n) + PAD * number
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
    templates: list[tuple[int, tuple[Ints, ...]]] = []

    def put(template: int, *values: Ints) -> None:
        templates.append((template, values))

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
            put(33 + 3 * level + k, words.classes[level][token + d], part)
    middle = words.classes[1]
    put(42, middle[token - 2], part)
    put(43, middle[token + 2], part)
    put(44, middle[token - 1], middle[token], part)
    put(45, middle[token], middle[token + 1], part)

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
    surname = np.fromiter(map(clues.surnames.__contains__, text), dtype=np.int64, count=len(text))
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

    k = 65
    for layer, (doubled, norms, coarse) in enumerate(clues.nearest):
        # the nearest centroid by the expanded square: the state's own norm does not matter
        nearness = encoding.states[:, layer * 256 : layer * 256 + 256] @ doubled
        nearness -= norms
        for grain in (nearness[:, :coarse], nearness[:, coarse:]):
            cluster = layout.spread(grain.argmax(axis=1) + 1)
            put(k, cluster[at])
            put(k + 1, cluster[at + 1])
            put(k + 2, cluster[at - 1])
            k += 3
    return _mix(templates, len(text)).T


def _quotation_marks(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    return ((m.start(), m[0]) for m in _MARKS.finditer(text, start, end))


class _QuoteContext:
    """For the characters of a quotation (marks included) what stands around it; zero outside."""

    def __init__(self, reading: Reading, words: _Words) -> None:
        n = len(reading.text)
        self.before, self.after, self.kind, self.length, self.ending, self.part = (
            np.zeros(n, dtype=np.int64) for _ in range(6)
        )
        for sentence in reading.sentences:
            start, kind = -1, 0
            for i, c in _quotation_marks(reading.text, *sentence):
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
        first = {s.start for s in reading.sentences}
        known = clues.known
        if len(known) > _KNOWN_WORDS:
            known.clear()
        padding = [_EMPTY] * PAD
        slots: list[tuple[bytes, int, bool]] = []
        places: list[int] = []
        for token in tokens:
            key = (token.text, token.tag)
            word = known.get(key)
            if word is None:
                word = known[key] = _word(*key, clues)
            if token.span.start in first:
                slots += padding
            places.append(len(slots))
            slots.append(word)
        slots += padding
        columns = np.frombuffer(b"".join([w[0] for w in slots]), dtype=np.int64).reshape(-1, 7)
        self.number, self.tag, self.head, self.length, *self.classes = np.ascontiguousarray(columns.T)
        # the class of the next head noun within a run of content words tells what the run may name
        current, distance = 0, 0
        following = []
        for _, head, breaks in reversed(slots):
            if breaks:
                current = distance = 0
            if head:
                current, distance = head * 8, 0
            following.append(current + min(distance, 4) if current else 0)
            distance += 1
        self.next_head = np.array(following[::-1], dtype=np.int64)

        sizes = np.fromiter((len(token.text) for token in tokens), dtype=np.int64, count=len(tokens))
        ends = np.cumsum(sizes)
        self.of_character = np.repeat(np.array(places, dtype=np.int64), sizes)
        self.part = np.ones(len(reading.text), dtype=np.int64)
        self.part[ends - sizes] = 0
        self.part[ends - 1] = np.where(sizes == 1, 3, 2)


_EMPTY = (_WORD.pack(1, 1, 1, 0, 0, 0, 0), 0, True)
"""The columns of a place between sentences."""


def _word(word: str, tag: str, clues: Clues) -> tuple[bytes, int, bool]:
    """Return what the features say of a word: columns, the class of its head noun if any, whether a run ends here."""
    get_class = clues.word_classes.get
    classes = get_class(word) or get_class(word[-2:]) or get_class(word[-1:]) or (-1, -1, -1)
    head = _head_of(word, clues.heads)
    columns = _WORD.pack(
        _word_number(word),
        _word_number(tag),
        _word_number(head) if head else 2,
        min(len(word), 5),
        *(v + 2 for v in classes),
    )
    leads = bool(head) and (len(word) > 1 or tag[0] == "n")
    breaks = tag[0] in "xucpdrf" and word not in "（）()"
    return columns, ord(clues.heads[head][0]) if leads else 0, breaks


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
        kind, start = 0, 0
        for i, c in chain(_quotation_marks(reading.text, *sentence), [(sentence.end - 1, "")]):
            if kind and (_CLOSE.get(c) == kind or not c):
                out[start : i + 1] = kind * 4 + 3
                out[start : min(start + 3, i + 1)] -= _NEAR[: i + 1 - start]
                kind = 0
            elif not kind and c in _OPEN:
                kind, start = _OPEN[c], i + 1
    return out


_NEAR = np.array([3, 2, 1])


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
    words = [text[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
    best: dict[str, tuple[int, int]] = {}
    total: Counter[str] = Counter()
    for (word, kind), n in Counter(zip(words, (both[starts] // 2).tolist(), strict=True)).items():
        best[word] = max(best.get(word, (0, 0)), (n, -kind))
        total[word] += n
    out = np.zeros((2, len(text)), dtype=np.int64)
    if words:
        facts = [(-best[word][1], min(total[word], 4)) for word in words]
        out[:, starts[0] :] = np.repeat(np.array(facts, dtype=np.int64).T, ends - starts, axis=1)
    return out[0], out[1]


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
