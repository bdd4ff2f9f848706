"""Places for the nodes of a graph: deterministic, near-linear in nodes and edges, without random numbers.

Every connected component is laid out by itself: PivotMDS gives the shape, a force model refines it (springs along the
edges, repulsion as one convolution on a grid, so that no pair of nodes is ever looked at). Boxes that overlap, such as
labels, are pushed apart, and the components are packed by their size from the middle outwards.

PivotMDS: Brandes and Pich, Eigensolver Methods for Progressive Multidimensional Scaling of Large Data, 2006.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Links = NDArray[np.int64]

_GOLDEN_ANGLE: Final = math.pi * (3 - math.sqrt(5))
_PIVOTS: Final = 24
_ROUNDS: Final = 100
_PUSHES: Final = 200
_GAP: Final = 40.0
_SCREEN: Final = 1.25  # width to height of the room that a page gives to the network
_GRAVITY: Final = 0.8
_ASPECT: Final = 3.0  # width to height before boxes, which are wide, are pushed apart mostly up and down
_ROOM: Final = 0.7  # area of the drawing in units of what the boxes take


def layout(count: int, edges: Sequence[tuple[int, int]], *, boxes: Sequence[tuple[float, float]]) -> Points:
    """Return one (x, y) per node 0 … count-1, rounded to whole units, the middle of all at the origin.

    `boxes` are the width and height that each node takes with its label; neighbours end up about one box apart.
    """
    if count == 0:
        return np.zeros((0, 2))
    sizes = np.asarray(boxes, dtype=np.float64).reshape(count, 2)
    pairs = sorted({(min(a, b), max(a, b)) for a, b in edges if a != b})
    neighbours: list[list[int]] = [[] for _ in range(count)]
    for a, b in pairs:
        neighbours[a].append(b)
        neighbours[b].append(a)
    places = np.zeros((count, 2))
    frames = []
    parts = _components(neighbours)
    owner = np.empty(count, dtype=np.int64)
    inner = np.empty(count, dtype=np.int64)
    for number, part in enumerate(parts):
        owner[part] = number
        inner[part] = np.arange(len(part))
    links = np.asarray(pairs, dtype=np.int64).reshape(-1, 2)
    order = np.argsort(owner[links[:, 0]], kind="stable") if len(links) else np.zeros(0, dtype=np.int64)
    links = links[order]
    bounds = np.searchsorted(owner[links[:, 0]], np.arange(len(parts) + 1))
    for number, part in enumerate(parts):
        own = inner[links[bounds[number] : bounds[number + 1]]]
        local = _component(own, [[int(inner[j]) for j in neighbours[i]] for i in part], sizes[part])
        low = (local - sizes[part] / 2).min(axis=0)
        high = (local + sizes[part] / 2).max(axis=0)
        places[part] = local - (low + high) / 2
        frames.append(high - low)
    corners = _packed(np.asarray(frames))
    for number, part in enumerate(parts):
        places[part] += corners[number]
    middle = ((places - sizes / 2).min(axis=0) + (places + sizes / 2).max(axis=0)) / 2
    return np.asarray(np.rint(places - middle), dtype=np.float64) + 0.0


def _components(neighbours: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return the connected components, the largest first, each sorted."""
    seen = [False] * len(neighbours)
    found = []
    for start in range(len(neighbours)):
        if seen[start]:
            continue
        seen[start] = True
        part = [start]
        for node in part:
            for other in neighbours[node]:
                if not seen[other]:
                    seen[other] = True
                    part.append(other)
        found.append(sorted(part))
    return sorted(found, key=lambda part: (-len(part), part[0]))


def _component(links: Links, neighbours: Sequence[Sequence[int]], sizes: Points) -> Points:
    count = len(neighbours)
    if count == 1:
        return np.zeros((1, 2))
    places = _refined(_pivot_mds(neighbours), links, count)
    # Few nodes leave room for the words on their lines; pushing thousands of boxes apart takes long.
    room = _ROOM if 40 < count <= 300 else 4 * _ROOM
    taken = float((sizes[:, 0] * sizes[:, 1]).sum()) * room
    spread = np.maximum(places.std(axis=0), 1e-9)
    # The drawing starts too small, so that pushing boxes apart leaves no more room than they need.
    unit = math.sqrt(taken / 12 / float(spread[0] * spread[1])) if spread.min() > spread.max() / 8 else 0.0
    unit = max(unit, math.sqrt(float((sizes[:, 0] * sizes[:, 1]).mean())) * 0.3)
    stretch = float(np.clip(np.sqrt(_ASPECT * spread[1] / spread[0]), 0.5, 2.0))
    return _apart(places * unit * np.array([stretch, 1 / stretch]), sizes)


def _distances(neighbours: Sequence[Sequence[int]], start: int) -> NDArray[np.float64]:
    steps = np.full(len(neighbours), -1.0)
    steps[start] = 0
    queue = deque([start])
    while queue:
        node = queue.popleft()
        for other in neighbours[node]:
            if steps[other] < 0:
                steps[other] = steps[node] + 1
                queue.append(other)
    return steps


def _pivot_mds(neighbours: Sequence[Sequence[int]]) -> Points:
    """Return places in units of one edge. Nodes that no pivot tells apart are set around each other on a spiral."""
    count = len(neighbours)
    pivot = max(range(count), key=lambda i: (len(neighbours[i]), -i))
    columns: list[NDArray[np.float64]] = []
    nearest = np.full(count, np.inf)
    for _ in range(min(_PIVOTS, count)):
        column = _distances(neighbours, pivot)
        columns.append(column)
        nearest = np.minimum(nearest, column)
        pivot = int(nearest.argmax())
    squared = np.stack(columns, axis=1) ** 2
    centred = squared - squared.mean(axis=0) - squared.mean(axis=1, keepdims=True) + squared.mean()
    values, vectors = np.linalg.eigh(centred.T @ centred)
    axes = vectors[:, ::-1][:, :2]
    if axes.shape[1] < 2:
        axes = np.pad(axes, ((0, 0), (0, 1)))
    axes = axes * np.where(axes[np.abs(axes).argmax(axis=0), np.arange(2)] < 0, -1.0, 1.0)
    flat = centred @ axes / -2 / np.sqrt(max(float(np.sqrt(max(values[-1], 0.0))), 1.0))
    spread = np.sqrt(count) / max(float(np.abs(flat).max()), 1e-9)
    angle = np.arange(count) * _GOLDEN_ANGLE
    spiral = np.stack([np.cos(angle), np.sin(angle)], axis=1) * np.sqrt(np.arange(count) / count)[:, None]
    return np.asarray(flat * spread * 0.5 + spiral * np.sqrt(count) * 0.35, dtype=np.float64)


def _refined(places: Points, links: Links, count: int) -> Points:
    """Return `places` after a force model has moved them; springs have length 1."""
    degree = np.bincount(links.ravel(), minlength=count).astype(np.float64)
    # A spring between two hubs is weak, so that their neighbourhoods come apart.
    stiffness = 1 / np.sqrt(np.minimum(degree[links[:, 0]], degree[links[:, 1]]))
    mass = 1 + np.sqrt(degree) * 0.5
    heat = max(math.sqrt(count) * 0.15, 0.5)
    for step in range(_ROUNDS):
        force = _repulsion(places, mass)
        along = places[links[:, 1]] - places[links[:, 0]]
        pull = along * (np.linalg.norm(along, axis=1) * stiffness)[:, None]
        for axis in range(2):
            force[:, axis] += np.bincount(links[:, 0], pull[:, axis], minlength=count)
            force[:, axis] -= np.bincount(links[:, 1], pull[:, axis], minlength=count)
        force -= (places - places.mean(axis=0)) * _GRAVITY
        length = np.linalg.norm(force, axis=1, keepdims=True)
        places = places + force / np.maximum(length, 1e-9) * np.minimum(length, heat * (1 - step / _ROUNDS))
    return places


def _repulsion(places: Points, mass: NDArray[np.float64]) -> Points:
    """Return the repelling force on each node: exact for few nodes, by convolution on a grid for many."""
    if len(places) <= 200:
        away = places[:, None, :] - places[None, :, :]
        squared = (away**2).sum(axis=2) + 0.01
        return np.asarray((away * (mass[None, :] / squared)[:, :, None]).sum(axis=1) * mass[:, None] * 0.5)
    low = places.min(axis=0)
    side = float((places.max(axis=0) - low).max()) or 1.0
    cells = int(min(384, max(32, 2 * math.sqrt(len(places)))))
    cell = side / (cells - 1.001)
    spot = (places - low) / cell
    corner = spot.astype(np.int64)
    share = spot - corner
    weights = [
        (dx, dy, np.abs(1 - dx - share[:, 0]) * np.abs(1 - dy - share[:, 1]))
        for dx in (0, 1)
        for dy in (0, 1)
    ]
    width = cells + 1
    density = np.zeros(width * width)
    for dx, dy, weight in weights:
        density += np.bincount(
            (corner[:, 0] + dx) * width + corner[:, 1] + dy, weight * mass, minlength=width * width
        )
    padded = 2 * width
    offset = np.fft.fftfreq(padded, 1 / padded) * cell
    squared = offset[:, None] ** 2 + offset[None, :] ** 2 + max(0.01, (cell / 2) ** 2)
    spectrum = np.fft.rfft2(density.reshape(width, width), (padded, padded))
    force = np.zeros_like(places)
    for axis in range(2):
        kernel = (offset[:, None] if axis == 0 else offset[None, :]) / squared
        field = np.fft.irfft2(spectrum * np.fft.rfft2(kernel), (padded, padded))
        for dx, dy, weight in weights:
            force[:, axis] += field[corner[:, 0] + dx, corner[:, 1] + dy] * weight
    return np.asarray(force * mass[:, None] * 0.5)


def _apart(places: Points, sizes: Points) -> Points:
    """Return `places` with overlapping boxes pushed apart, each pair along the axis on which it overlaps less."""
    places = places.copy()
    count = len(places)
    tallest = float(sizes[:, 1].max())
    for step in range(_PUSHES):
        left, right = _near(places, tallest)
        gap = places[right] - places[left]
        overlap = (sizes[left] + sizes[right]) / 2 - np.abs(gap)
        hit = (overlap > 0.5).all(axis=1)
        if not hit.any():
            break
        left, right, gap, overlap = left[hit], right[hit], gap[hit], overlap[hit]
        if step % 8 == 7:  # what does not settle needs more room
            places *= 1.04
        axis = (overlap[:, 1] <= overlap[:, 0]).astype(np.int64)
        rows = np.arange(len(axis))
        sign = np.where(gap[rows, axis] >= 0, 1.0, -1.0)
        push = overlap[rows, axis] * sign * 0.5
        for which in range(2):
            amount = np.where(axis == which, push, 0.0)
            moved = np.bincount(right, amount, minlength=count) - np.bincount(left, amount, minlength=count)
            # In a crowd the pushes of many neighbours add up; half of them settles faster than all.
            crowd = np.maximum(np.bincount(right, minlength=count) + np.bincount(left, minlength=count), 1)
            places[:, which] += moved / np.sqrt(crowd) * 1.1
    return places


def _near(places: Points, tallest: float) -> tuple[Links, Links]:
    """Return pairs of nodes whose heights are close, by sweeping over nodes sorted by y."""
    order = np.argsort(places[:, 1], kind="stable")
    heights = places[order, 1]
    ends = np.searchsorted(heights, heights + tallest, side="right")
    spans = ends - np.arange(len(order)) - 1
    first = np.repeat(np.arange(len(order)), spans)
    starts = np.cumsum(spans) - spans
    second = first + 1 + np.arange(len(first)) - np.repeat(starts, spans)
    return order[first], order[second]


def _packed(frames: Points) -> Points:
    """Return the centre of each frame (width, height; largest first), packed in rows so that all fit a wide screen."""
    padded = frames + _GAP
    widest = max(float(padded[:, 0].max()), math.sqrt(float(padded.prod(axis=1).sum())))
    order = sorted(range(len(frames)), key=lambda i: (i != 0, -padded[i, 1], i))
    tries = [_in_rows(padded, order, widest * (1 + step / 4)) for step in range(8)]
    return min(tries, key=lambda found: max(found[1], found[2] * _SCREEN))[0]


def _in_rows(padded: Points, order: Sequence[int], row: float) -> tuple[Points, float, float]:
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
