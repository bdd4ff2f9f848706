"""Communities: groups of entities that are tied with each other more than with the rest.

Louvain's method as networkx has it, with a fixed seed and sorted input. What it finds is made connected, and a community
of a few is joined to the one that it has most ties with, so that a reader is not shown splinters.

Blondel, Guillaume, Lambiotte and Lefebvre, Fast unfolding of communities in large networks, 2008.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import networkx as nx

from kg.serialize.opening import Ties

_SEED: Final = 1
_LEAST: Final = 6
"""A community of fewer members is joined to another one."""


def communities(tied: Ties) -> tuple[tuple[int, ...], ...]:
    """Return the communities, the largest first, each sorted; every node is in exactly one.

    Every community is connected. One of fewer than `_LEAST` members is a whole component of the graph.
    """
    groups = [part for found in _louvain(tied) for part in _connected(found, tied)]
    owner = _owners(groups, len(tied))
    for number in sorted(range(len(groups)), key=lambda k: (len(groups[k]), groups[k])):
        group = groups[number]
        if len(group) >= _LEAST:
            continue
        beside = Counter(owner[other] for node in group for other in tied[node] if owner[other] != number)
        if beside:
            target = min(beside, key=lambda k: (-beside[k], len(groups[k]), k))
            groups[target] = [*groups[target], *group]
            groups[number] = []
            for node in group:
                owner[node] = target
    return tuple(
        sorted((tuple(sorted(group)) for group in groups if group), key=lambda group: (-len(group), group))
    )


def _louvain(tied: Ties) -> list[list[int]]:
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(node for node, others in enumerate(tied) if others)
    graph.add_edges_from(
        (node, other) for node, others in enumerate(tied) for other in others if node < other
    )
    alone = [[node] for node, others in enumerate(tied) if not others]
    if not graph:
        return alone
    found: Iterable[set[int]] = nx.community.louvain_communities(graph, seed=_SEED)
    return sorted(sorted(group) for group in found) + alone


def _connected(group: Sequence[int], tied: Ties) -> list[list[int]]:
    """Return the connected parts of a group, each sorted."""
    left = set(group)
    parts = []
    for start in group:
        if start not in left:
            continue
        left.discard(start)
        part = [start]
        for node in part:
            for other in tied[node]:
                if other in left:
                    left.discard(other)
                    part.append(other)
        parts.append(sorted(part))
    return parts


def _owners(groups: Sequence[Sequence[int]], count: int) -> list[int]:
    owner = [0] * count
    for number, group in enumerate(groups):
        for node in group:
            owner[node] = number
    return owner
