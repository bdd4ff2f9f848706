"""A force model that places the nodes of connected graphs: springs along the edges, repulsion between all nodes.

Large graphs are moved one by one, with repulsion as one convolution on a grid, so that no pair of nodes is ever looked
at. Small ones, of which a graph may hold thousands, are moved many at a time with every pair counted. Nothing is drawn by
lot, and after every step the places are rounded, so that the last bits of a sum do not decide where a node ends up.

Fruchterman and Reingold, Graph Drawing by Force-Directed Placement, 1991.
Brandes and Pich, Eigensolver Methods for Progressive Multidimensional Scaling of Large Data, 2006.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Points = NDArray[np.float64]
Links = NDArray[np.int64]

FEW: Final = 192
"""Graphs of up to so many nodes are moved together with others."""

_ROUNDS: Final = 100
_PIVOTS: Final = 24
_STEPS: Final = 40
_GOLDEN_ANGLE: Final = math.pi * (3 - math.sqrt(5))
_BUCKETS: Final = (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, FEW)
_TOGETHER: Final = 1_000_000  # pairs of nodes that are looked at together
_DIGITS: Final = 5  # of a place, of which an edge is about 1 long
_FINEST, _COARSEST = 32, 384  # cells of the grid along a side


@dataclass(frozen=True, slots=True, kw_only=True)
class Forces:
    """What moves the nodes. The two gravities against each other say how much of the drawing is room between groups."""

    gravity: float = 0.8  # draws to the middle of the graph
    within: float = 0.0  # draws to the middle of the own group
    between: float = 1.0  # strength of a spring that leads from one group to another


def spiral(count: int) -> Points:
    """Return `count` places that fill a disc of radius 1 evenly, from the middle outwards."""
    angle = np.arange(count) * _GOLDEN_ANGLE
    return (
        np.stack([np.cos(angle), np.sin(angle)], axis=1) * np.sqrt(np.arange(count) / max(count, 1))[:, None]
    )


# ---------------------------------------------------------------- one large graph


def pivot_places(links: Links, count: int) -> Points:
    """Return first places in units of one edge. Nodes that no pivot tells apart are set around each other on a spiral."""
    neighbours = _adjacent(links, count)
    pivot = max(range(count), key=lambda i: (len(neighbours[i]), -i))
    columns: list[Floats] = []
    nearest = np.full(count, np.inf)
    for _ in range(min(_PIVOTS, count)):
        columns.append(_distances(neighbours, pivot))
        nearest = np.minimum(nearest, columns[-1])
        pivot = int(nearest.argmax())
    flat = _scaled(np.stack(columns, axis=1)[None])[0]
    spread = math.sqrt(count) / max(float(np.abs(flat).max()), 1e-9)
    return np.asarray(flat * spread * 0.5 + spiral(count) * math.sqrt(count) * 0.35)


def relax(start: Points, links: Links, *, forces: Forces, groups: Links | None = None) -> Points:
    """Return `start` after the forces have moved the nodes; springs have length 1."""
    count = len(start)
    left, right = links[:, 0], links[:, 1]
    degree = np.bincount(links.ravel(), minlength=count).astype(np.float64)
    # A spring between two hubs is weak, so that their neighbourhoods come apart.
    stiffness = 1 / np.sqrt(np.minimum(degree[left], degree[right]))
    if groups is not None:
        stiffness = stiffness * np.where(groups[left] == groups[right], 1.0, forces.between)
        members = np.maximum(np.bincount(groups), 1)
    mass = 1 + np.sqrt(degree) * 0.5
    field = _Grid(count)
    heat = max(math.sqrt(count) * 0.15, 0.5)
    places = start
    for step in range(_ROUNDS):
        force = field.repulsion(places, mass)
        along = places[right] - places[left]
        pull = along * (np.hypot(along[:, 0], along[:, 1]) * stiffness)[:, None]
        for axis in range(2):
            force[:, axis] += np.bincount(left, pull[:, axis], minlength=count)
            force[:, axis] -= np.bincount(right, pull[:, axis], minlength=count)
        force -= (places - places.mean(axis=0)) * forces.gravity
        if groups is not None:
            for axis in range(2):
                middles = np.bincount(groups, places[:, axis]) / members
                force[:, axis] -= (places[:, axis] - middles[groups]) * forces.within
        length = np.hypot(force[:, 0], force[:, 1])[:, None]
        places = places + force / np.maximum(length, 1e-9) * np.minimum(length, heat * (1 - step / _ROUNDS))
        places = np.round(places, _DIGITS)
    return places


class _Grid:
    """The repelling forces of many nodes, as a convolution of their masses on a grid of squares."""

    def __init__(self, count: int) -> None:
        self._cells = int(min(_COARSEST, max(_FINEST, 2 * math.sqrt(count))))
        self._width = self._cells + 1
        self._padded = 2 * self._width
        offset = np.fft.fftfreq(self._padded, 1 / self._padded)
        squared = offset[:, None] ** 2 + offset[None, :] ** 2 + 0.25
        # The force of a mass one cell away; on a grid of other cells it is the same over their size.
        self._kernels = [np.fft.rfft2(offset[:, None] / squared), np.fft.rfft2(offset[None, :] / squared)]

    def repulsion(self, places: Points, mass: Floats) -> Points:
        """Return the force on every node."""
        width, padded = self._width, self._padded
        low = places.min(axis=0)
        side = float((places.max(axis=0) - low).max()) or 1.0
        cell = side / (self._cells - 1.001)
        spot = (places - low) / cell
        corner = spot.astype(np.int64)
        share = spot - corner
        weights = [
            (
                (corner[:, 0] + dx) * width + corner[:, 1] + dy,
                np.abs(1 - dx - share[:, 0]) * np.abs(1 - dy - share[:, 1]),
            )
            for dx in (0, 1)
            for dy in (0, 1)
        ]
        density = np.zeros(width * width)
        for place, weight in weights:
            density += np.bincount(place, weight * mass, minlength=width * width)
        spectrum = np.fft.rfft2(density.reshape(width, width), (padded, padded))
        force = np.zeros_like(places)
        for axis, kernel in enumerate(self._kernels):
            field = np.fft.irfft2(spectrum * kernel, (padded, padded))[:width, :width].ravel()
            for place, weight in weights:
                force[:, axis] += field[place] * weight
        return force * (mass * (0.5 / cell))[:, None]


def _adjacent(links: Links, count: int) -> list[list[int]]:
    neighbours: list[list[int]] = [[] for _ in range(count)]
    for a, b in links.tolist():
        neighbours[a].append(b)
        neighbours[b].append(a)
    return neighbours


def _distances(neighbours: Sequence[Sequence[int]], start: int) -> Floats:
    steps = [-1.0] * len(neighbours)
    steps[start] = 0.0
    queue = deque([start])
    while queue:
        node = queue.popleft()
        for other in neighbours[node]:
            if steps[other] < 0:
                steps[other] = steps[node] + 1
                queue.append(other)
    return np.asarray(steps)


# ---------------------------------------------------------------- many small graphs


def small_places(links: Links, sizes: Sequence[int], *, forces: Forces) -> Points:
    """Return the places of graphs of at most `FEW` nodes each, of which one of size n has the next n numbers."""
    ends = np.cumsum(np.asarray(sizes, dtype=np.int64))
    starts = ends - np.asarray(sizes, dtype=np.int64)
    places = np.zeros((int(ends[-1]) if len(ends) else 0, 2))
    owner = np.repeat(np.arange(len(sizes)), sizes)
    order = np.argsort(owner[links[:, 0]], kind="stable")
    links = links[order]
    bounds = np.searchsorted(owner[links[:, 0]], np.arange(len(sizes) + 1))
    for bucket, room in enumerate(_BUCKETS):
        least = _BUCKETS[bucket - 1] if bucket else 1
        wanted = [k for k, size in enumerate(sizes) if least < size <= room]
        some = max(1, _TOGETHER // room**2)
        for at in range(0, len(wanted), some):
            batch = wanted[at : at + some]
            tied = np.zeros((len(batch), room, room), dtype=bool)
            there = np.zeros((len(batch), room), dtype=bool)
            for row, k in enumerate(batch):
                own = links[bounds[k] : bounds[k + 1]] - starts[k]
                tied[row, own[:, 0], own[:, 1]] = tied[row, own[:, 1], own[:, 0]] = True
                there[row, : sizes[k]] = True
            found = _relax_together(tied, there, forces)
            for row, k in enumerate(batch):
                places[starts[k] : ends[k]] = found[row, : sizes[k]]
    return places


def _relax_together(tied: NDArray[np.bool_], there: NDArray[np.bool_], forces: Forces) -> Points:
    """Return the places of the nodes of many graphs, (graph, node, axis); those that are not `there` count for nothing."""
    count = there.sum(axis=1)
    hops = _hops(tied, there)
    flat = _scaled(hops) * there[:, :, None]
    spread = np.sqrt(count) / np.maximum(np.abs(flat).max(axis=(1, 2)), 1e-9)
    turns = spiral(there.shape[1])[None] * np.sqrt(there.shape[1] / count)[:, None, None]
    places = (flat * 0.5 * spread[:, None, None] + turns * (0.35 * np.sqrt(count))[:, None, None]) * there[
        :, :, None
    ]
    degree = tied.sum(axis=2).astype(np.float64)
    springs = tied / np.sqrt(np.maximum(np.minimum(degree[:, :, None], degree[:, None, :]), 1))
    mass = (1 + np.sqrt(degree) * 0.5) * there
    repelling = mass[:, :, None] * mass[:, None, :] * 0.5
    heat = np.maximum(np.sqrt(count) * 0.15, 0.5)[:, None]
    for step in range(_ROUNDS):
        away = places[:, :, None, :] - places[:, None, :, :]
        squared = (away**2).sum(axis=3)
        force = (away * (repelling / (squared + 0.01) - springs * np.sqrt(squared))[:, :, :, None]).sum(
            axis=2
        )
        middle = places.sum(axis=1) / count[:, None]
        force -= (places - middle[:, None, :]) * forces.gravity
        length = np.hypot(force[:, :, 0], force[:, :, 1])
        moved = np.minimum(length, heat * (1 - step / _ROUNDS)) / np.maximum(length, 1e-9) * there
        places = np.round(places + force * moved[:, :, None], _DIGITS)
    return np.asarray(places)


def _hops(tied: NDArray[np.bool_], there: NDArray[np.bool_]) -> Floats:
    """Return the distances between all nodes of each graph, all graphs one step at a time."""
    count = tied.shape[1]
    reached = tied | np.eye(count, dtype=bool)[None]
    hops = np.where(np.eye(count, dtype=bool)[None], 0.0, np.where(tied, 1.0, 0.0)) * np.ones(
        (len(tied), 1, 1)
    )
    paths = tied.astype(np.float32)
    for step in range(2, count):
        further = (np.matmul(reached.astype(np.float32), paths) > 0) & ~reached
        if not further.any():
            break
        hops[further] = step
        reached |= further
    return hops * (there[:, :, None] & there[:, None, :])


def _scaled(hops: Floats) -> Points:
    """Return two axes for each graph (graph, node, pivot) from the distances between nodes and pivots."""
    squared = hops**2
    centred = squared - squared.mean(axis=1, keepdims=True) - squared.mean(axis=2, keepdims=True)
    centred += squared.mean(axis=(1, 2), keepdims=True)
    product = np.einsum("gnp,gnq->gpq", centred, centred)
    axes, value = _axes(product)
    flat = np.einsum("gnp,gpa->gna", centred, axes) / -2
    return np.asarray(flat / np.sqrt(np.maximum(np.sqrt(value), 1.0))[:, None, None])


def _axes(product: Floats) -> tuple[Floats, Floats]:
    """Return the two main axes of symmetric matrices and the square of the first's length, by iteration from fixed vectors.

    Where a graph is symmetric its axes are not determined; then the vectors that the iteration starts from decide, the same
    on every machine.
    """
    graphs, size, _ = product.shape
    turn = np.arange(size) * _GOLDEN_ANGLE
    first = np.broadcast_to(np.cos(turn) + 0.3, (graphs, size)).copy()
    second = np.broadcast_to(np.sin(turn * 0.7) - 0.2, (graphs, size)).copy()
    value = np.zeros(graphs)
    for _ in range(_STEPS):
        first = np.einsum("gpq,gq->gp", product, first)
        value = np.sqrt((first**2).sum(axis=1))
        first /= np.maximum(value, 1e-12)[:, None]
        second = np.einsum("gpq,gq->gp", product, second)
        second -= (second * first).sum(axis=1, keepdims=True) * first
        second /= np.maximum(np.sqrt((second**2).sum(axis=1, keepdims=True)), 1e-12)
    return np.round(np.stack([first, second], axis=2), _DIGITS), value
