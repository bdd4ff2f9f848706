"""The map of a stored graph: the best connected entities, their places and communities, made when the graph is prepared."""

from __future__ import annotations

import json

import numpy as np

from kg.serialize.drawing.overview import overview
from kg.serialize.labels import label
from kg.serve.stored.survey import Survey


def map_of(found: Survey, *, most: int) -> bytes:
    """Return, as JSON, `nodes`, the `pairs` of their numbers one after the other, and what `overview` says of them.

    The nodes are the `most` best connected entities; those without neighbours have no place on a map.
    """
    held = [entity for entity in found.entities[:most] if entity.degree]
    inside = found.pairs[(found.pairs < len(held)).all(axis=1)]
    neighbours: list[list[int]] = [[] for _ in held]
    for a, b in inside.tolist():
        neighbours[a].append(b)
        neighbours[b].append(a)
    data = {
        "nodes": [
            {"id": entity.id, "name": entity.name, "label": label(entity.name), "type": entity.type}
            for entity in held
        ],
        "pairs": np.ravel(inside).tolist(),
        **overview(tuple(tuple(sorted(others)) for others in neighbours), [entity.name for entity in held]),
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
