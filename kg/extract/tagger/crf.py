"""Inference of a linear-chain conditional random field over sparse, hashed features, in NumPy.

All sentences of one article run side by side, longest first, so that each step of a recurrence only touches those that
still run. Scores are float32; marginal probabilities are rounded before anything is compared with them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
_RESCALED = 4
"""Steps of the recurrences between two rescalings; float64 has room for many more."""


@dataclass(frozen=True, slots=True)
class Field:
    """A trained field. `row_of` leads from a feature number to its row of `weights` (row 0 is all zero)."""

    labels: tuple[str, ...]
    row_of: NDArray[np.int32]
    weights: Floats
    transition: Floats

    def scores(self, features: Ints) -> Floats:
        """Return the score of every label at every position, shape (characters, labels)."""
        rows = self.row_of[features.T]
        shape = (len(features), len(self.labels))
        total, own = np.zeros(shape, dtype=np.float32), np.empty(shape, dtype=np.float32)
        for column in rows:
            # rows are in range; "clip" only spares take a buffer
            total += np.take(self.weights, column, axis=0, out=own, mode="clip")
        return total

    def marginals(self, scores: Floats, lengths: list[int]) -> Floats:
        """Return the probability of every label at every position by the forward and backward recurrences.

        `scores` holds the sentences one after another, `lengths` their lengths in characters.
        """
        order = sorted(range(len(lengths)), key=lambda i: (-lengths[i], i))
        size = np.array([lengths[i] for i in order])
        steps = int(size[0])
        active = (size[None, :] > np.arange(steps)[:, None]).sum(axis=1)
        # packed like the encoder's batch: the characters of step 0 of all sentences, then those of step 1, and so on
        bounds = [0, *np.cumsum(active).tolist()]
        step = np.repeat(np.arange(steps), active)
        column = np.arange(bounds[-1]) - np.array(bounds)[step]
        place = np.concatenate([[0], np.cumsum(lengths)])[np.array(order)[column]] + step
        emit = np.exp((scores - scores.max(axis=1, keepdims=True))[place].astype(np.float64))
        move = np.exp(self.transition.astype(np.float64))
        forward, back = np.empty_like(emit), np.ones_like(emit)
        forward[: bounds[1]] = emit[: bounds[1]]
        previous = 0
        for t in range(1, steps):
            a, b = bounds[t], bounds[t + 1]
            now = np.matmul(forward[previous : previous + b - a], move, out=forward[a:b])
            now *= emit[a:b]
            if t % _RESCALED == 0:
                now /= now.sum(axis=1, keepdims=True)
            previous = a
        onward = np.ascontiguousarray(move.T)
        for t in range(steps - 1, 0, -1):
            a, b = bounds[t], bounds[t + 1]
            previous = bounds[t - 1]
            now = np.matmul(emit[a:b] * back[a:b], onward, out=back[previous : previous + b - a])
            if t % _RESCALED == 0:
                now /= now.sum(axis=1, keepdims=True)
        forward *= back
        forward /= forward.sum(axis=1, keepdims=True)
        out = np.empty((len(scores), len(self.labels)), dtype=np.float32)
        out[place] = forward
        return out
