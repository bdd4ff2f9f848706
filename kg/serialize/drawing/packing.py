"""Drawings of several graphs set beside each other on one surface."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

_GAP: Final = 40.0
_SCREEN: Final = 1.25  # width to height of the room that a page gives to the drawing
_CELL: Final = 1.0  # in units of an edge
_MARGIN: Final = 1.0
_AHEAD: Final = 1000


def in_rows(frames: Points) -> Points:
    """Return the centre of each frame (width, height; largest first), packed in rows so that all fit a wide screen."""
    padded = frames + _GAP
    widest = max(float(padded[:, 0].max()), math.sqrt(float(padded.prod(axis=1).sum())))
    order = sorted(range(len(frames)), key=lambda i: (i != 0, -padded[i, 1], i))
    tries = [_rows(padded, order, widest * (1 + step / 4)) for step in range(8)]
    return min(tries, key=lambda found: max(found[1], found[2] * _SCREEN))[0]


def _rows(padded: Points, order: Sequence[int], row: float) -> tuple[Points, float, float]:
    """Return the centres in rows of at most `row`, and the width and height of all."""
    centres = np.zeros_like(padded)
    x = y = height = width = 0.0
    for number in order:
        wide, tall = float(padded[number, 0]), float(padded[number, 1])
        if x and x + wide > row:
            x, y, height = 0.0, y + height, 0.0
        centres[number] = x + wide / 2, y + tall / 2
        x += wide
        height, width = max(height, tall), max(width, x)
    return centres, width, y + height


def around(core: Points, frames: Points) -> Points:
    """Return the centres of `frames` (width, height) set close around the drawing `core`, none over it or over another.

    The surface is a grid of cells, and a frame, the largest first, takes the rectangle of cells next to the middle where
    nothing is yet, on a wide screen rather to the sides. What `core` surrounds is its own.
    Freivalds, Dogrusoz and Kikusts, Disconnected Graph Layout and the Polyomino Packing Approach, 2002.
    """
    centres = np.zeros((len(frames), 2))
    spans = np.ceil((frames + _MARGIN) / _CELL).astype(np.int64)
    room = float(spans.prod(axis=1).sum()) * _CELL**2
    if len(core):
        room += float(np.prod(np.ptp(core, axis=0) + 4 * _CELL))
    half = math.ceil(math.sqrt(room * _SCREEN) / _CELL) + int(spans.max(initial=1))
    taken = _covered(np.floor(core / _CELL).astype(np.int64) + half, half)
    shapes, shape = np.unique(spans, axis=0, return_inverse=True)
    for which in sorted(range(len(shapes)), key=lambda k: (-int(shapes[k].prod()), k)):
        wide, tall = shapes[which].tolist()
        spots = _free(taken, wide, tall, half)
        for number in np.flatnonzero(shape.ravel() == which).tolist():
            x, y = next((x, y) for x, y in spots if not taken[x : x + wide, y : y + tall].any())
            taken[x : x + wide, y : y + tall] = True
            centres[number] = (x + wide / 2 - half) * _CELL, (y + tall / 2 - half) * _CELL
    return centres


def _covered(cells: NDArray[np.int64], half: int) -> NDArray[np.bool_]:
    """Return the cells that a drawing takes: those of its nodes, those beside them and those between them."""
    taken = np.zeros((2 * half, 2 * half), dtype=bool)
    for dx in (-1, 0, 1):
        for dy in (-1, 0, 1):
            taken[cells[:, 0] + dx, cells[:, 1] + dy] = True
    between = np.ones_like(taken)
    for axis in (0, 1):
        ahead = np.maximum.accumulate(taken, axis=axis)
        behind = np.flip(np.maximum.accumulate(np.flip(taken, axis), axis=axis), axis)
        between &= ahead & behind
    return np.asarray(taken | between)


def _free(taken: NDArray[np.bool_], wide: int, tall: int, half: int) -> Iterator[list[int]]:
    """Yield the corners of the rectangles of cells that are free, those next to the middle first."""
    sums = np.pad(taken.cumsum(axis=0, dtype=np.int64).cumsum(axis=1), ((1, 0), (1, 0)))
    inside = sums[wide:, tall:] - sums[:-wide, tall:] - sums[wide:, :-tall] + sums[:-wide, :-tall]
    free = np.argwhere(inside == 0)
    away = free + np.array([wide, tall]) / 2 - half
    free = free[np.argsort((away[:, 0] / _SCREEN) ** 2 + away[:, 1] ** 2, kind="stable")]
    for start in range(0, len(free), _AHEAD):  # mostly the first ones are enough
        yield from free[start : start + _AHEAD].tolist()
