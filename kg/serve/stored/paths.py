"""The shortest way between two entities of a graph that is not in memory: breadth first from both ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

ENTITIES: Final = 20_000
"""How many entities a search looks at before it gives up."""


class PathTooLongError(Exception):
    """A search that gave up: there may be a path, but it leads past too many entities."""


def shortest_path(
    start: str, goal: str, *, neighbours: Callable[[str], Iterable[str]], most: int = ENTITIES
) -> list[str] | None:
    """Return the ids from `start` to `goal`, both among them, or None if nothing leads there.

    `neighbours` returns the ids next to one; ties go by id, so the path is the same whatever order it returns them in.
    Raises PathTooLongError when more than `most` entities would have to be looked at.
    """
    if start == goal:
        return [start]
    sides: tuple[dict[str, str | None], dict[str, str | None]] = ({start: None}, {goal: None})
    rims = [[start], [goal]]
    while all(rims):
        side = 0 if len(rims[0]) <= len(rims[1]) else 1
        near, far = sides[side], sides[1 - side]
        rim: list[str] = []
        met: list[tuple[str, str]] = []
        for entity in rims[side]:
            for other in sorted(set(neighbours(entity))):
                if other in far:
                    met.append((entity, other))
                if other not in near:
                    near[other] = entity
                    rim.append(other)
            if len(near) + len(far) > most and not met:
                raise PathTooLongError(f"no path was found among {most} entities around both ends")
        if met:
            return min(_joined(sides, pair if side == 0 else pair[::-1]) for pair in met)
        rims[side] = rim
    return None


def _joined(sides: tuple[dict[str, str | None], dict[str, str | None]], middle: tuple[str, str]) -> list[str]:
    """Return the whole way through the two entities in the `middle`, of which either belongs to a side."""
    way: list[str] = []
    step: str | None = middle[0]
    while step is not None:
        way.insert(0, step)
        step = sides[0][step]
    step = middle[1]
    while step is not None:
        way.append(step)
        step = sides[1][step]
    return way
