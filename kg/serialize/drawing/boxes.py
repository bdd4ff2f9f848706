"""Boxes around the nodes of a drawing, such as labels: pushed apart where they overlap, graph by graph."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Links = NDArray[np.int64]

_PUSHES: Final = 200


def apart(places: Points, sizes: Points, owner: Links) -> Points:
    """Return `places` with overlapping boxes pushed apart, each pair along the axis on which it overlaps less.

    `owner` is the number of the drawing that each node belongs to; boxes of different drawings do not meet.
    """
    places = places.copy()
    count = len(places)
    tallest = float(sizes[:, 1].max())
    busy = np.arange(count)
    for step in range(_PUSHES):
        left, right = _near(places, busy, owner, tallest)
        gap = places[right] - places[left]
        overlap = (sizes[left] + sizes[right]) / 2 - np.abs(gap)
        hit = (overlap > 0.5).all(axis=1)
        if not hit.any():
            break
        left, right, gap, overlap = left[hit], right[hit], gap[hit], overlap[hit]
        crowded = np.zeros(int(owner.max()) + 1, dtype=bool)
        crowded[owner[left]] = True
        busy = busy[crowded[owner[busy]]]  # drawings without overlaps are done
        if step % 8 == 7:  # what does not settle needs more room
            places[busy] *= 1.04
        axis = (overlap[:, 1] <= overlap[:, 0]).astype(np.int64)
        rows = np.arange(len(axis))
        sign = np.where(gap[rows, axis] >= 0, 1.0, -1.0)
        push = overlap[rows, axis] * sign * 0.5
        # In a crowd the pushes of many neighbours add up; half of them settles faster than all.
        crowd = np.maximum(np.bincount(right, minlength=count) + np.bincount(left, minlength=count), 1)
        for which in range(2):
            amount = np.where(axis == which, push, 0.0)
            moved = np.bincount(right, amount, minlength=count) - np.bincount(left, amount, minlength=count)
            places[:, which] += moved / np.sqrt(crowd) * 1.1
    return places


def _near(places: Points, busy: Links, owner: Links, tallest: float) -> tuple[Links, Links]:
    """Return pairs of nodes of a drawing whose heights are close, by sweeping over them sorted by y."""
    heights = places[busy, 1]
    # Every drawing has a band of heights of its own, further from the next than any two boxes that meet.
    band = float(heights.max() - heights.min()) + 2 * tallest
    heights = heights - heights.min() + owner[busy] * band
    order = np.argsort(heights, kind="stable")
    heights = heights[order]
    ends = np.searchsorted(heights, heights + tallest, side="right")
    spans = ends - np.arange(len(order)) - 1
    first = np.repeat(np.arange(len(order)), spans)
    starts = np.cumsum(spans) - spans
    second = first + 1 + np.arange(len(first)) - np.repeat(starts, spans)
    return busy[order[first]], busy[order[second]]
