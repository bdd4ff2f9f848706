"""The character encoder: the BiGRU tagger that ships inside the jieba package, run in NumPy.

The model is Baidu LAC's small model (Apache-2.0) as jieba 0.42.1 carries it in ``jieba/lac_small``: character
embeddings of 128, two bidirectional GRU layers of 128, and a CRF over 57 tags (parts of speech, and PER, LOC, ORG,
TIME). jieba's own loader needs a framework that is no longer on offer; the files are plain arrays.

One article is one batch, so that its figures do not depend on what stands beside it. Sentences are sorted by length and
packed: a step of the recurrence only touches those that still run.
"""

from __future__ import annotations

import hashlib
import importlib.util
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.errors import ResourceError

Floats = NDArray[np.float32]
HIDDEN = 128
DIGEST = "dcbc989f050e562fc75e7c7b6ba5a1419a372c9fde5f1542f80dabc0195f3510"
"""Of the names and contents of the tagger's files in jieba 0.42.1."""
_HALF_WIDTH = {0x3000: " ", **{c: chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)}, 0x201C: '"', 0x201D: '"'}
"""The model's dictionary knows half-width punctuation only."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """What the encoder says of one article: a tag number and both layers' states for each character.

    `tags` has shape (characters,); `states` (characters, 512): the second layer's 256, then the first layer's.
    """

    tags: NDArray[np.int64]
    states: Floats


class Encoder:
    """The tagger's network; build it once with :func:`load_encoder`."""

    def __init__(self, folder: Path) -> None:
        self._ids = {k: int(v) for v, k in _pairs(folder / "word.dic")}
        self._unknown = self._ids["OOV"]
        self.labels = tuple(name for _, name in sorted((int(k), v) for k, v in _pairs(folder / "tag.dic")))
        weights = folder / "model_baseline"
        embedding = _array(weights / "word_emb", (-1, 128))
        width = (128, 128, 256, 256)
        inputs = [
            (
                _array(weights / f"fc_{i}.w_0", (width[i], 384)),
                _array(weights / f"fc_{i}.b_0", (384,)) + _array(weights / f"gru_{i}.b_0", (-1,)),
            )
            for i in range(4)
        ]
        recurrent = [_array(weights / f"gru_{i}.w_0", (-1,)) for i in range(4)]
        gate = [w[: 2 * HIDDEN * HIDDEN].reshape(HIDDEN, 2 * HIDDEN) for w in recurrent]
        candidate = [w[2 * HIDDEN * HIDDEN :].reshape(HIDDEN, HIDDEN) for w in recurrent]
        # the first layer's input product depends on the character alone: one table per direction
        self._first = np.stack([embedding @ inputs[i][0] + inputs[i][1] for i in (0, 1)])
        self._second = np.concatenate([inputs[2][0], inputs[3][0]], axis=1)
        self._second_bias = np.concatenate([inputs[2][1], inputs[3][1]])
        self._gate = [np.stack(gate[:2]), np.stack(gate[2:])]
        self._candidate = [np.stack(candidate[:2]), np.stack(candidate[2:])]
        count = len(self.labels)
        self._out = _array(weights / "fc_4.w_0", (256, count))
        self._out_bias = _array(weights / "fc_4.b_0", (count,))
        crf = _array(weights / "crfw", (count + 2, count))
        self._start, self._end, self._transition = crf[0], crf[1], crf[2:]

    def encode(self, sentences: Sequence[str]) -> Encoding:
        """Encode the sentences of one article; the rows of the result run through them in order."""
        if not any(sentences):
            return Encoding(np.zeros(0, dtype=np.int64), np.zeros((0, 4 * HIDDEN), dtype=np.float32))
        order = sorted(range(len(sentences)), key=lambda i: (-len(sentences[i]), i))
        lengths = np.array([len(sentences[i]) for i in order], dtype=np.int64)
        steps = int(lengths[0])
        active = (lengths[None, :] > np.arange(steps)[:, None]).sum(axis=1)
        # packed: the characters of step 0 of all sentences, then those of step 1, and so on; no padding
        offset = np.concatenate([[0], np.cumsum(active)])
        step = np.repeat(np.arange(steps), active)
        column = np.arange(offset[-1]) - offset[step]
        mirror = offset[lengths[column] - 1 - step] + column
        starts = np.concatenate([[0], np.cumsum([len(s) for s in sentences])])
        place = starts[np.array(order)[column]] + step

        get, unknown = self._ids.get, self._unknown
        flat = "".join(sentences).translate(_HALF_WIDTH)
        ids = np.fromiter((get(c, unknown) for c in flat), dtype=np.int64, count=len(flat))[place]
        first = self._recur(np.stack([self._first[0][ids], self._first[1][ids[mirror]]]), 0, offset)
        joined = np.concatenate([first[0], first[1][mirror]], axis=1)
        projected = joined @ self._second + self._second_bias
        inputs = np.stack([projected[:, : 3 * HIDDEN], projected[mirror, 3 * HIDDEN :]])
        second = self._recur(inputs, 1, offset)
        top = np.concatenate([second[0], second[1][mirror]], axis=1)
        tags = self._viterbi(top @ self._out + self._out_bias, lengths, offset)

        out_tags = np.empty(len(flat), dtype=np.int64)
        states = np.empty((len(flat), 4 * HIDDEN), dtype=np.float32)
        out_tags[place] = tags
        states[place, : 2 * HIDDEN] = top
        states[place, 2 * HIDDEN :] = joined
        return Encoding(out_tags, states)

    def _recur(self, inputs: Floats, layer: int, offset: NDArray[np.int64]) -> Floats:
        """Run both directions of one layer; `inputs` has shape (2, packed characters, 3 * HIDDEN)."""
        gate, candidate = self._gate[layer], self._candidate[layer]
        out = np.empty((2, inputs.shape[1], HIDDEN), dtype=np.float32)
        state = np.zeros((2, int(offset[1]), HIDDEN), dtype=np.float32)
        for a, b in zip(offset[:-1].tolist(), offset[1:].tolist(), strict=True):
            now, h = inputs[:, a:b], state[:, : b - a]
            g = np.matmul(h, gate)
            g += now[:, :, : 2 * HIDDEN]
            np.negative(g, out=g)
            np.exp(g, out=g)
            g += 1
            np.reciprocal(g, out=g)
            c = np.matmul(g[:, :, HIDDEN:] * h, candidate)
            c += now[:, :, 2 * HIDDEN :]
            np.tanh(c, out=c)
            c -= h
            c *= g[:, :, :HIDDEN]
            h += c
            out[:, a:b] = h
        return out

    def _viterbi(
        self, scores: Floats, lengths: NDArray[np.int64], offset: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return the best tag of every packed character."""
        transition = np.ascontiguousarray(self._transition.T)  # [to, from]
        pointers = np.zeros(scores.shape, dtype=np.int64)
        bounds = offset.tolist()
        best = self._start + scores[: bounds[1]]
        for a, b in pairwise(bounds[1:]):
            paths = best[: b - a, None, :] + transition[None]
            pointers[a:b] = paths.argmax(axis=2)
            best[: b - a] = paths.max(axis=2) + scores[a:b]
        path = np.zeros(len(scores), dtype=np.int64)
        last = (best + self._end).argmax(axis=1)
        current = last.copy()
        for t in range(len(bounds) - 2, -1, -1):
            a, b = bounds[t], bounds[t + 1]
            n = b - a
            # a sentence enters the walk back at its own last character
            current[:n] = np.where(lengths[:n] - 1 == t, last[:n], current[:n])
            path[a:b] = current[:n]
            current[:n] = pointers[np.arange(a, b), current[:n]]
        return path


def _pairs(path: Path) -> list[tuple[str, str]]:
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").split("\n"))
    return [(row[0], row[1]) for row in rows if len(row) == 2]


def _array(path: Path, shape: tuple[int, ...]) -> Floats:
    """Read one parameter file: a header of 16 bytes, the length of a description, the description, then float32 values."""
    data = path.read_bytes()
    (described,) = struct.unpack("<i", data[16:20])
    return np.frombuffer(data, np.float32, offset=20 + described).reshape(shape).copy()


@cache
def load_encoder() -> Encoder:
    """Return the encoder of the installed jieba package.

    Raises ResourceError when the package does not carry the files that the shipped models were trained with.
    """
    spec = importlib.util.find_spec("jieba")
    if spec is None or spec.origin is None:
        raise ResourceError("jieba", "the package jieba 0.42.1 was expected to be installed")
    folder = Path(spec.origin).parent / "lac_small"
    digest = hashlib.sha256()
    try:
        for path in sorted([folder / "word.dic", folder / "tag.dic", *(folder / "model_baseline").iterdir()]):
            digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    except OSError as error:
        raise ResourceError(str(folder), f"the tagger of jieba 0.42.1 was expected here ({error})") from error
    if digest.hexdigest() != DIGEST:
        raise ResourceError(
            str(folder), "these are not the tagger's files of jieba 0.42.1; install that version again"
        )
    return Encoder(folder)
