"""The map of a whole graph: a place, a community and a colour for every entity, as the page draws them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kg.serialize.drawing.communities import communities
from kg.serialize.drawing.layout import scatter
from kg.serialize.opening import Ties

TINTS: Final = 8
"""How many colours the page has for communities."""

_MOST: Final = 60
_LEAST: Final = 3
_ASIDE: Final = -1


def overview(tied: Ties, names: Sequence[str]) -> dict[str, list[int]]:
    """Return the map of a graph whose nodes have the neighbours `tied` and are called `names`.

    `x`, `y` and `community` have one entry per node. `communities` holds the best connected member of each community, the
    largest community first, and `tints` its colour, 0 … `TINTS` - 1: communities near each other have different ones. Nodes
    of communities that are too small to be named are in none: -1.
    """
    if len(names) != len(tied):
        raise ValueError(f"{len(names)} names for {len(tied)} nodes; every node has one")
    found = communities(tied)
    groups = [0] * len(tied)
    for number, members in enumerate(found):
        for node in members:
            groups[node] = number
    edges = [(a, b) for a, others in enumerate(tied) for b in others if a < b]
    places = scatter(len(tied), edges, groups=groups)
    shown = [members for members in found if len(members) >= _LEAST][:_MOST]
    return {
        "x": [int(x) for x in places[:, 0]],
        "y": [int(y) for y in places[:, 1]],
        "community": [number if number < len(shown) else _ASIDE for number in groups],
        "communities": [
            _best_connected(number, members, groups, tied, names) for number, members in enumerate(shown)
        ],
        "tints": _tints([places[list(members)] for members in shown]),
    }


def _best_connected(
    number: int, members: Sequence[int], groups: Sequence[int], tied: Ties, names: Sequence[str]
) -> int:
    """Return the member with most ties inside its community; of several the one with more ties, then the shorter name."""

    def rank(node: int) -> tuple[int, int, int, int]:
        inside = sum(groups[other] == number for other in tied[node])
        return -inside, -len(tied[node]), len(names[node]), node

    return min(members, key=rank)


def _tints(drawings: Sequence[NDArray[np.float64]]) -> list[int]:
    """Return a colour for each community, the largest first: the one that is least near it so far."""
    middles = np.asarray([places.mean(axis=0) for places in drawings]).reshape(-1, 2)
    reach = np.asarray(
        [np.sqrt(((places - places.mean(axis=0)) ** 2).sum(axis=1).mean()) for places in drawings]
    )
    tints: list[int] = []
    for number in range(len(drawings)):
        apart = ((middles[:number] - middles[number]) ** 2).sum(axis=1) + 1
        nearness = (reach[:number] + reach[number]) ** 2 / apart
        taken = np.bincount(np.asarray(tints, dtype=np.int64), nearness, minlength=TINTS)
        tints.append(int(np.round(taken, 9).argmin()))
    return tints
