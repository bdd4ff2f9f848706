"""The graph as one HTML file that opens without a network.

vis-network is read from the installed pyvis package and set into our own page (``kg/resources/templates``), because the page
that pyvis writes fetches style sheets. A Content-Security-Policy with digests lets nothing else run and nothing be fetched.
Text of articles travels as JSON that cannot close its script element, and the page shows it through text nodes only.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from kg.model import KnowledgeGraph
from kg.resources import ROOT
from kg.serialize.drawing.overview import overview
from kg.serialize.opening import Ties, best_connected, opening_view, ties
from kg.serialize.opening_network import opening_network
from kg.serialize.page_data import bundle, head, terms_of
from kg.vocabulary import Vocabulary

OPENING_SIZE: Final = 80
"""How many nodes the page opens with at most; more than about this many labels cannot be read on one screen."""

FILE_SIZE: Final = 20_000
"""How many entities one file holds at most: those with most neighbours."""

FILE_STATEMENTS: Final = 40_000
"""How many statements one file holds at most: the surest."""

_TEMPLATES: Final = ROOT / "templates"
_VIS: Final = "lib/vis-9.1.2"
_SCRIPTS: Final = (
    "graph.js",
    "graph.data.js",
    "graph.network.js",
    "graph.panel.js",
    "graph.views.js",
    "graph.filters.js",
    "graph.table.js",
    "graph.path.js",
    "graph.turtle.js",
    "graph.map.world.js",
    "graph.map.picture.js",
    "graph.map.hands.js",
    "graph.map.list.js",
    "graph.map.js",
    "graph.timeline.js",
    "graph.search.js",
    "graph.start.js",
)
_STYLES: Final = (
    "graph.css",
    "graph.map.css",
    "graph.timeline.css",
)
_WORDS: Final = (
    "interface.json",
    "interface.map.json",
    "interface.timeline.json",
)


def write_html(
    graph: KnowledgeGraph, vocabulary: Vocabulary, *, base_iri: str = "https://newskg.example/id/"
) -> bytes:
    """Return the page, UTF-8, the same bytes for the same graph.

    Statements below its `min_confidence` are marked as doubtful: the page hides them until a reader asks for them. Of more
    than `FILE_SIZE` entities the best connected are held, of more than `FILE_STATEMENTS` statements the surest, and the
    page says how many it leaves out.
    """
    return page_of(page_data(graph, vocabulary, base_iri=base_iri))


def page_of(data: dict[str, Any], *, connect: bool = False) -> bytes:
    """Return the explorer around `data`; with `connect` it may ask the server that it came from."""
    style = _vis_style() + "\n".join(map(_template, _STYLES))
    vis = _vis_file("vis-network.min.js")
    script = "\n".join(map(_template, _SCRIPTS))
    policy = (
        "default-src 'none'; "
        f"script-src {_digest(vis)} {_digest(script)}; style-src {_digest(style)}; "
        f"connect-src '{'self' if connect else 'none'}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    text = _json({**data, "interface": _interface()})
    parts = {"policy": policy, "style": style, "vis": vis, "script": script, "data": text}
    page = re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match[1]], _template("graph.html"))
    return page.encode("utf-8")


def page_data(graph: KnowledgeGraph, vocabulary: Vocabulary, *, base_iri: str) -> dict[str, Any]:
    """Return what the page of a file knows: the terms, one bundle, the network of the opening view and the overview."""
    held, tied, degrees = _held(graph)
    terms = terms_of((node.type for node in held.nodes), (edge.predicate for edge in held.edges))
    opening = opening_view(tied, limit=OPENING_SIZE)
    inside = set(opening)
    left = {
        "nodes": len(graph.nodes) - len(held.nodes),
        "statements": len(graph.edges) - len(held.edges),
    }
    return {
        **head(
            terms,
            vocabulary,
            counts=Counter(node.type for node in held.nodes),
            base_iri=base_iri,
            threshold=graph.min_confidence,
        ),
        **({"left": left} if any(left.values()) else {}),
        **bundle(
            held.nodes,
            held.edges,
            held.articles,
            held.happenings,
            terms=terms,
            vocabulary=vocabulary,
            base_iri=base_iri,
            threshold=graph.min_confidence,
            divisions={division.id: division for division in graph.divisions},
        ),
        "network": opening_network(
            held.nodes,
            opening,
            pairs=[(a, b) for a in opening for b in tied[a] if a < b and b in inside],
            degrees=degrees,
            types=terms.types,
        ),
        "overview": overview(tied, [node.name for node in held.nodes]),
    }


def _held(graph: KnowledgeGraph) -> tuple[KnowledgeGraph, Ties, Sequence[int]]:
    """Return the part of `graph` that one file holds, its neighbours, and how many neighbours each node has there."""
    count, statements = len(graph.nodes), len(graph.edges)
    tied = ties(graph.nodes, [edge for edge in graph.edges if edge.confidence >= graph.min_confidence])
    if len(graph.nodes) > FILE_SIZE:
        kept = {graph.nodes[i].id for i in best_connected(tied, limit=FILE_SIZE)}
        nodes = tuple(node for node in graph.nodes if node.id in kept)
        edges = tuple(edge for edge in graph.edges if edge.subject in kept and edge.object in kept)
        graph = replace(graph, nodes=nodes, edges=edges)
    if len(graph.edges) > FILE_STATEMENTS:
        surest = sorted(graph.edges, key=lambda edge: (-edge.confidence, edge.id))[:FILE_STATEMENTS]
        graph = replace(graph, edges=tuple(sorted(surest, key=lambda edge: edge.id)))
    if len(graph.nodes) < count or len(graph.edges) < statements:
        edges = graph.edges
        happened = {edge.occurrence for edge in edges}
        named = {(support.source, support.article) for edge in edges for support in edge.supports}
        graph = replace(
            graph,
            articles=tuple(a for a in graph.articles if (a.source, a.index) in named),
            happenings=tuple(happening for happening in graph.happenings if happening.id in happened),
        )
        tied = ties(graph.nodes, [edge for edge in edges if edge.confidence >= graph.min_confidence])
    return graph, tied, [len(others) for others in tied]


# ---------------------------------------------------------------- files and escaping


def _interface() -> dict[str, Any]:
    """Return the words of the page; every file of them may only add."""
    words: dict[str, Any] = {}
    for name in _WORDS:
        for key, value in json.loads(_template(name)).items():
            if key in words:
                raise ValueError(f"{name}: {key!r} stands in another file of words already")
            words[key] = value
    return words


def _template(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


@functools.cache
def _vis_file(name: str) -> str:
    return Path(str(files("pyvis"))).joinpath(_VIS, name).read_text(encoding="utf-8")


def _vis_style() -> str:
    """Return the style sheet of vis-network without the rules that embed pictures of buttons we do not show."""
    rules = re.findall(
        r"[^{}]+\{[^{}]*\}", re.sub(r"/\*.*?\*/", "", _vis_file("vis-network.css"), flags=re.DOTALL)
    )
    return "".join(rule for rule in rules if "url(" not in rule and "vis-network" in rule)


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _json(data: Any) -> str:  # noqa: ANN401 - whatever JSON can hold
    """Return JSON that can stand inside a script element and in a UTF-8 file, whatever text it holds."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return re.sub("[<>&\u2028\u2029\ud800-\udfff]", lambda match: f"\\u{ord(match[0]):04x}", text)
