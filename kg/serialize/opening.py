"""Which part of a graph a page opens with: its best connected entities with their neighbours."""

from __future__ import annotations

from collections.abc import Sequence

from kg.model import Edge, Node

Ties = tuple[tuple[int, ...], ...]
"""The numbers of the neighbours of every node, sorted."""


def ties(nodes: Sequence[Node], edges: Sequence[Edge]) -> Ties:
    """Return the neighbours of every node by number; edges must lead between `nodes`."""
    number = {node.id: i for i, node in enumerate(nodes)}
    neighbours: list[set[int]] = [set() for _ in nodes]
    for edge in edges:
        a, b = number[edge.subject], number[edge.object]
        if a != b:
            neighbours[a].add(b)
            neighbours[b].add(a)
    return tuple(tuple(sorted(others)) for others in neighbours)


def best_connected(tied: Ties, *, limit: int) -> tuple[int, ...]:
    """Return the numbers, sorted, of the `limit` nodes with most neighbours."""
    return tuple(sorted(sorted(range(len(tied)), key=lambda i: (-len(tied[i]), i))[:limit]))


def opening_view(tied: Ties, *, limit: int) -> tuple[int, ...]:
    """Return the numbers, sorted, of at most `limit` nodes.

    Nodes are taken from the best connected downwards, each together with its neighbours; where they do not all fit, the
    best connected of them. A node without neighbours is never among them: search finds it.
    """
    ranked = sorted((i for i in range(len(tied)) if tied[i]), key=lambda i: (-len(tied[i]), i))
    if len(ranked) <= limit:
        return tuple(sorted(ranked))
    rank = {node: place for place, node in enumerate(ranked)}
    chosen: set[int] = set()
    for hub in ranked:
        for node in (hub, *sorted(tied[hub], key=rank.__getitem__)):
            if len(chosen) == limit:
                return tuple(sorted(chosen))
            chosen.add(node)
    return tuple(sorted(chosen))
