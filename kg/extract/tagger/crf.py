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


@dataclass(frozen=True, slots=True)
class Field:
    """A trained field. `row_of` leads from a feature number to its row of `weights` (row 0 is all zero)."""

    labels: tuple[str, ...]
    row_of: NDArray[np.int32]
    weights: Floats
    transition: Floats

    def scores(self, features: Ints) -> Floats:
        """Return the score of every label at every position, shape (characters, labels)."""
        rows = self.row_of[features]
        total = np.zeros((len(features), len(self.labels)), dtype=np.float32)
        for column in range(rows.shape[1]):
            total += self.weights[rows[:, column]]
        return total

    def marginals(self, scores: Floats, lengths: list[int]) -> Floats:
        """Return the probability of every label at every position by the forward and backward recurrences.

        `scores` holds the sentences one after another, `lengths` their lengths in characters.
        """
        order = sorted(range(len(lengths)), key=lambda i: (-lengths[i], i))
        size = np.array([lengths[i] for i in order])
        starts = np.concatenate([[0], np.cumsum(lengths)])[order]
        steps, batch, count = int(size[0]), len(order), len(self.labels)
        active = (size[None, :] > np.arange(steps)[:, None]).sum(axis=1)
        emit = np.ones((steps, batch, count), dtype=np.float64)
        exp = np.exp((scores - scores.max(axis=1, keepdims=True)).astype(np.float64))
        for column in range(batch):
            n, a = int(size[column]), int(starts[column])
            emit[:n, column] = exp[a : a + n]
        move = np.exp(self.transition.astype(np.float64))
        forward = np.zeros_like(emit)
        now = emit[0] / emit[0].sum(axis=1, keepdims=True)
        forward[0] = now
        for t in range(1, steps):
            n = int(active[t])
            now = (now[:n] @ move) * emit[t, :n]
            now /= now.sum(axis=1, keepdims=True)
            forward[t, :n] = now
        back = np.ones((batch, count), dtype=np.float64)
        for t in range(steps - 1, 0, -1):
            n = int(active[t])
            previous = (emit[t, :n] * back[:n]) @ move.T
            previous /= previous.sum(axis=1, keepdims=True)
            joint = forward[t, :n] * back[:n]
            forward[t, :n] = joint / joint.sum(axis=1, keepdims=True)
            back[:n] = previous
        joint = forward[0] * back
        forward[0] = joint / joint.sum(axis=1, keepdims=True)
        out = np.empty((len(scores), count), dtype=np.float32)
        for column in range(batch):
            n, a = int(size[column]), int(starts[column])
            out[a : a + n] = forward[:n, column]
        return out
