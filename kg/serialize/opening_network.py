"""The network that a page opens with, laid out beforehand; pyvis builds it and its options."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any, Final

from kg.model import Node
from kg.serialize.drawing.layout import layout
from kg.serialize.labels import label, width
from kg.serialize.page_data import mark

_MARGIN: Final = 6


def opening_network(
    nodes: Sequence[Node],
    opening: Sequence[int],
    *,
    pairs: Sequence[tuple[int, int]],
    degrees: Sequence[int],
    types: Sequence[str],
) -> dict[str, Any]:
    """Return vis-network's nodes and options of the nodes whose numbers are `opening`.

    `pairs` are the neighbours among them, `degrees` the number of neighbours of every one of `nodes`. The lines between
    nodes are drawn by the page, which joins the statements of a pair and names them by language.
    """
    from pyvis.network import Network

    labels = {i: label(nodes[i].name) for i in opening}
    position = {node: i for i, node in enumerate(opening)}
    boxes = [_box(labels[i], degrees[i]) for i in opening]
    places = layout(len(opening), [(position[a], position[b]) for a, b in pairs], boxes=boxes)
    network = Network(directed=True)
    for i, (x, middle), (_, height) in zip(opening, places, boxes, strict=True):
        # The label hangs below the node, so the node stands in the upper part of its box.
        y = middle - height / 2 + _MARGIN + node_size(degrees[i])
        network.add_node(
            i,
            label=labels[i],
            group=nodes[i].type,
            x=int(x),
            y=int(y),
            size=node_size(degrees[i]),
            font={"size": font_size(degrees[i])},
            shape=mark(nodes[i].type)["shape"],
        )
    network.set_options(json.dumps(_options(types)))
    built, _, _, _, _, options = network.get_network_data()
    return {"nodes": built, "options": json.loads(options)}


def node_size(neighbours: int) -> int:
    """Return the radius of a node with so many neighbours, in units of the canvas."""
    return min(9 + round(2.2 * math.sqrt(neighbours)), 24)


def font_size(neighbours: int) -> int:
    """Return the size of a node's label: the well connected ones can be read from far away."""
    return min(13 + round(2.6 * math.sqrt(neighbours)), 28)


def _box(text: str, neighbours: int) -> tuple[float, float]:
    lines, size, font = text.split("\n"), node_size(neighbours), font_size(neighbours)
    widest = max(sum(map(width, line)) for line in lines) * font / 2
    return max(widest, 2.0 * size) + 2 * _MARGIN, 2.0 * size + len(lines) * font * 1.15 + 2 * _MARGIN + 4


def _options(types: Sequence[str]) -> dict[str, Any]:
    groups = {t: {"color": mark(t)["colour"], "shape": mark(t)["shape"]} for t in types}
    return {
        "physics": {"enabled": False},
        "layout": {"improvedLayout": False, "randomSeed": 1},
        "interaction": {
            "hover": True,
            "keyboard": {"enabled": True, "bindToWindow": False},
            "multiselect": False,
            "hideEdgesOnDrag": False,
        },
        "nodes": {
            "font": {"strokeWidth": 3},
            "scaling": {"label": {"drawThreshold": 5}},
            "borderWidth": 1,
            "borderWidthSelected": 3,
        },
        "edges": {
            "smooth": False,
            "width": 1.2,
            "selectionWidth": 2,
            "font": {"size": 12, "align": "horizontal"},
        },
        "groups": groups,
    }
