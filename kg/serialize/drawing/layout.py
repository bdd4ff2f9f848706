"""Places for the nodes of a graph: deterministic, near-linear in nodes and edges, without random numbers.

Every connected component is laid out by itself: multidimensional scaling or the communities give the shape, a force model
refines it, and the components are packed by their size. `layout` keeps boxes such as labels apart, for a view that a reader
reads; `scatter` places points, for a map of very many.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kg.serialize.drawing.boxes import apart
from kg.serialize.drawing.forces import FEW, Forces, pivot_places, relax, small_places, spiral
from kg.serialize.drawing.packing import around, in_rows

Points = NDArray[np.float64]
Links = NDArray[np.int64]

_ASPECT: Final = 2.0  # width to height before boxes, which are wide, are pushed apart mostly up and down
_ROOM: Final = 0.7  # area of the drawing in units of what the boxes take
_WORDED: Final = 40  # up to so many lines have words on them (LINE_LABELS in graph.network.js)
_UNIT: Final = 10.0  # length of a spring of a map
_MAP: Final = Forces(gravity=0.3, within=0.9, between=0.02)
_READ: Final = Forces()
_MANY: Final = 400  # more groups than this are placed as a graph of their own, without looking at every pair
_TURNS: Final = 300


def layout(count: int, edges: Sequence[tuple[int, int]], *, boxes: Sequence[tuple[float, float]]) -> Points:
    """Return one (x, y) per node 0 … count-1, rounded to whole units, the middle of all at the origin.

    `boxes` are the width and height that each node takes with its label; neighbours end up about one box apart.
    """
    if count == 0:
        return np.zeros((0, 2))
    sizes = np.asarray(boxes, dtype=np.float64).reshape(count, 2)
    links = _links(edges)
    parts = _components(links, count)
    places, owner = _placed(links, parts, forces=_READ)
    spacious = len(links) <= _WORDED
    for number, part in enumerate(parts):
        places[part] = _sized(places[part], sizes[part], spacious=spacious) if len(part) > 1 else 0.0
        owner[part] = number
    places = apart(places, sizes, owner)
    frames = np.zeros((len(parts), 2))
    for number, part in enumerate(parts):
        low = (places[part] - sizes[part] / 2).min(axis=0)
        high = (places[part] + sizes[part] / 2).max(axis=0)
        places[part] -= (low + high) / 2
        frames[number] = high - low
    places += in_rows(frames)[owner]
    return _centred(places, places - sizes / 2, places + sizes / 2)


def scatter(count: int, edges: Sequence[tuple[int, int]], *, groups: Sequence[int]) -> Points:
    """Return one (x, y) per node 0 … count-1 of a map of points, rounded to whole units, the middle at the origin.

    Nodes of one of `groups` stand together. The largest component is in the middle, the others around it by size.
    """
    if count == 0:
        return np.zeros((0, 2))
    links = _links(edges)
    parts = _components(links, count)
    places, owner = _placed(links, parts, forces=_MAP, groups=np.asarray(groups, dtype=np.int64))
    frames = np.zeros((len(parts), 2))
    for number, part in enumerate(parts):
        low, high = places[part].min(axis=0), places[part].max(axis=0)
        places[part] -= (low + high) / 2
        frames[number] = high - low
    centres = np.zeros((len(parts), 2))
    centres[1:] = around(places[parts[0]], frames[1:])
    places = np.asarray((places + centres[owner]) * _UNIT)
    return _centred(places, places, places)


def _links(edges: Sequence[tuple[int, int]]) -> Links:
    """Return the edges without loops and doubles, sorted."""
    pairs = np.sort(np.asarray(edges, dtype=np.int64).reshape(-1, 2), axis=1)
    return np.asarray(np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)).reshape(-1, 2)


def _components(links: Links, count: int) -> list[Links]:
    """Return the connected components, the largest first, each sorted."""
    neighbours: list[list[int]] = [[] for _ in range(count)]
    for a, b in links.tolist():
        neighbours[a].append(b)
        neighbours[b].append(a)
    seen = [False] * count
    found: list[list[int]] = []
    for start in range(count):
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
    return [np.asarray(part) for part in sorted(found, key=lambda part: (-len(part), part[0]))]


def _placed(
    links: Links, parts: Sequence[Links], *, forces: Forces, groups: Links | None = None
) -> tuple[Points, Links]:
    """Return the places of the nodes in the drawing of their component, in units of an edge, and its number."""
    order = np.concatenate(parts)
    inner = np.empty(len(order), dtype=np.int64)
    inner[order] = np.arange(len(order))
    sizes = [len(part) for part in parts]
    owner = np.repeat(np.arange(len(parts)), sizes)
    own = np.sort(inner[links], axis=1)
    own = own[np.lexsort((own[:, 1], own[:, 0]))]
    bounds = np.searchsorted(owner[own[:, 0]], np.arange(len(parts) + 1))
    places = np.zeros((len(order), 2))
    at = 0
    large = sum(size > FEW for size in sizes)
    for number in range(large):
        part = own[bounds[number] : bounds[number + 1]] - at
        within = None if groups is None else groups[parts[number]]
        start = pivot_places(part, sizes[number]) if within is None else _by_groups(part, within)
        places[at : at + sizes[number]] = relax(start, part, forces=forces, groups=within)
        at += sizes[number]
    places[at:] = small_places(own[bounds[large] :] - at, sizes[large:], forces=forces)
    result, numbers = np.empty_like(places), np.empty_like(owner)
    result[order], numbers[order] = places, owner
    return result, numbers


def _by_groups(links: Links, groups: Links) -> Points:
    """Return first places for a graph: its groups as discs, tied groups near each other, their members inside."""
    _, group, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    radii = np.sqrt(sizes.astype(np.float64))
    ends = np.sort(group[links], axis=1)
    pairs, ties = np.unique(ends[ends[:, 0] != ends[:, 1]], axis=0, return_counts=True)
    middles = _discs(pairs.reshape(-1, 2), ties, radii)
    places = middles[group]
    degree = np.bincount(links.ravel(), minlength=len(groups))
    members = np.lexsort((-degree, group))  # hubs in the middle of their group
    for number, own in enumerate(np.split(members, np.cumsum(sizes)[:-1])):
        places[own] += spiral(len(own)) * radii[number] * 0.8
    return places


def _discs(pairs: Links, ties: Links, radii: NDArray[np.float64]) -> Points:
    """Return middles of discs that do not overlap much, strongly tied ones near each other."""
    count = len(radii)
    if count > _MANY:
        step = 2 * float(np.sqrt((radii**2).mean()))
        return relax(pivot_places(pairs, count), pairs, forces=_READ) * step
    places = spiral(count) * math.sqrt(float((radii**2).sum())) * 1.2
    reach = radii[:, None] + radii[None, :]
    pull = np.zeros((count, count))
    pull[pairs[:, 0], pairs[:, 1]] = ties / np.sqrt(radii[pairs[:, 0]] * radii[pairs[:, 1]])
    pull = pull + pull.T
    pull /= max(float(pull.sum(axis=1).max()), 1e-9)
    for step in range(_TURNS):
        away = places[:, None, :] - places[None, :, :]
        distance = np.sqrt((away**2).sum(axis=2)) + 1e-6
        overlap = np.maximum(reach - distance, 0) / distance * 0.25
        drawn = pull * np.maximum(distance - reach, 0) / distance * (1 - step / _TURNS)
        np.fill_diagonal(overlap, 0)
        places = places + (away * (overlap - drawn * 0.5)[:, :, None]).sum(axis=1)
        places -= (places - places.mean(axis=0)) * 0.005 * (1 - step / _TURNS)
        places = np.round(places, 4)
    return places


def _sized(places: Points, sizes: Points, *, spacious: bool) -> Points:
    """Return the drawing of a component stretched so that its boxes have about the room that they need."""
    count = len(places)
    # Words on lines need room between few nodes; pushing thousands of boxes apart takes long.
    room = 1 if 40 < count <= 300 else 6 if spacious else 4 if count > 300 else 2
    taken = float((sizes[:, 0] * sizes[:, 1]).sum()) * room * _ROOM
    spread = np.maximum(places.std(axis=0), 1e-9)
    # The drawing starts too small, so that pushing boxes apart leaves no more room than they need.
    unit = math.sqrt(taken / 12 / float(spread[0] * spread[1])) if spread.min() > spread.max() / 8 else 0.0
    unit = max(unit, math.sqrt(float((sizes[:, 0] * sizes[:, 1]).mean())) * 0.3)
    stretch = float(np.clip(np.sqrt(_ASPECT * spread[1] / spread[0]), 0.5, 2.0))
    return np.asarray(places * unit * np.array([stretch, 1 / stretch]))


def _centred(places: Points, low: Points, high: Points) -> Points:
    middle = (low.min(axis=0) + high.max(axis=0)) / 2
    return np.asarray(np.rint(places - middle), dtype=np.float64) + 0.0
