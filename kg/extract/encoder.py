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
_HALF = np.float32(0.5)
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
        self._first = [_halved(embedding @ weight + bias) for weight, bias in inputs[:2]]
        self._second = [(_halved(weight), _halved(bias)) for weight, bias in inputs[2:]]
        # a sigmoid is (tanh(x / 2) + 1) / 2: the halves are taken into the weights, where they cost no rounding
        self._gate = [np.stack(gate[:2]) / 2, np.stack(gate[2:]) / 2]
        self._candidate = [np.stack(candidate[:2]) / 2, np.stack(candidate[2:]) / 2]
        count = len(self.labels)
        self._out = _array(weights / "fc_4.w_0", (256, count))
        self._out_bias = _array(weights / "fc_4.b_0", (count,))
        crf = _array(weights / "crfw", (count + 2, count))
        self._start, self._end, self._transition = crf[0], crf[1], crf[2:]
        self._onward = np.ascontiguousarray(self._transition.T)

    def encode(self, sentences: Sequence[str]) -> Encoding:
        """Encode the sentences of one article; the rows of the result run through them in order."""
        if not any(sentences):
            return Encoding(np.zeros(0, dtype=np.int64), np.zeros((0, 4 * HIDDEN), dtype=np.float32))
        sentences = [s for s in sentences if s]
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
        inputs = np.empty((2, len(flat), 3 * HIDDEN), dtype=np.float32)
        np.take(self._first[0], ids, axis=0, out=inputs[0])
        np.take(self._first[1], ids[mirror], axis=0, out=inputs[1])
        bounds = offset.tolist()
        joined = self._recur(inputs, 0, bounds, mirror)
        for direction, (weight, bias) in enumerate(self._second):
            np.matmul(joined if direction == 0 else joined[mirror], weight, out=inputs[direction])
            inputs[direction] += bias
        top = self._recur(inputs, 1, bounds, mirror)
        tags = self._viterbi(top @ self._out + self._out_bias, lengths, bounds)

        out_tags = np.empty(len(flat), dtype=np.int64)
        states = np.empty((len(flat), 4 * HIDDEN), dtype=np.float32)
        out_tags[place] = tags
        states[place, : 2 * HIDDEN] = top
        states[place, 2 * HIDDEN :] = joined
        return Encoding(out_tags, states)

    def _recur(self, inputs: Floats, layer: int, bounds: list[int], mirror: NDArray[np.int64]) -> Floats:
        """Run one layer; `inputs` has shape (2, packed characters, 3 * HIDDEN), the second direction mirrored.

        The result has shape (packed characters, 2 * HIDDEN), both directions in the order of the text.
        """
        gate, candidate = self._gate[layer], self._candidate[layer]
        width = bounds[1]
        out = np.empty((2, inputs.shape[1], HIDDEN), dtype=np.float32)
        h = np.zeros((2, width, HIDDEN), dtype=np.float32)
        gates = np.empty((2, width, 2 * HIDDEN), dtype=np.float32)
        kept, new = np.empty_like(h), np.empty_like(h)
        for a, b in pairwise(bounds):
            n = b - a
            now = inputs[:, a:b]
            if n < width:
                h, gates, kept, new = h[:, :n], gates[:, :n], kept[:, :n], new[:, :n]
                width = n
            np.matmul(h, gate, out=gates)
            gates += now[:, :, : 2 * HIDDEN]
            np.tanh(gates, out=gates)
            np.multiply(gates[:, :, HIDDEN:], h, out=kept)
            kept += h
            np.matmul(kept, candidate, out=new)
            new += now[:, :, 2 * HIDDEN :]
            np.tanh(new, out=new)
            new -= h
            np.multiply(gates[:, :, :HIDDEN], new, out=kept)
            kept += new
            kept *= _HALF
            h = np.add(h, kept, out=out[:, a:b])
        joined = np.empty((inputs.shape[1], 2 * HIDDEN), dtype=np.float32)
        joined[:, :HIDDEN] = out[0]
        np.take(out[1], mirror, axis=0, out=joined[:, HIDDEN:])
        return joined

    def _viterbi(self, scores: Floats, lengths: NDArray[np.int64], bounds: list[int]) -> NDArray[np.int64]:
        """Return the best tag of every packed character.

        Forward only the best scores are kept; which tag a score came from is looked up on the way back, for the one path.
        """
        count, width = scores.shape[1], bounds[1]
        transition = self._transition[:, None, :]
        best = np.empty_like(scores)
        np.add(scores[:width], self._start, out=best[:width])
        paths = np.empty((count, width, count), dtype=np.float32)
        before = 0
        for a, b in pairwise(bounds[1:]):
            if b - a < width:
                width = b - a
                paths = np.empty((count, width, count), dtype=np.float32)
            np.add(best[before : before + width].T[:, :, None], transition, out=paths)
            now = np.maximum.reduce(paths, axis=0, out=best[a:b])
            now += scores[a:b]
            before = a
        path = np.empty(len(scores), dtype=np.int64)
        final = np.array(bounds)[lengths - 1] + np.arange(len(lengths))
        last = (best[final] + self._end).argmax(axis=1)
        path[final] = last
        current = last[:0]
        for t in range(len(bounds) - 2, -1, -1):
            a, b = bounds[t], bounds[t + 1]
            known = len(current)
            if known:
                step = best[a : a + known] + self._onward[current]
                path[a : a + known] = step.argmax(axis=1)
            # the sentences that end here enter the walk back at their own last character
            current = path[a:b]
        return path


def _halved(gates: Floats) -> Floats:
    """Halve the columns of the two gates, and leave those of the candidate."""
    return np.concatenate([gates[..., : 2 * HIDDEN] / 2, gates[..., 2 * HIDDEN :]], axis=-1)


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
