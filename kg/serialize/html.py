"""The graph as one HTML file that opens without a network.

pyvis builds the network of the opening view and its options; vis-network itself is read from the installed pyvis package
and set into our own page (``kg/resources/templates``), because the page that pyvis writes fetches style sheets. A
Content-Security-Policy with digests lets nothing else run and nothing be fetched. Text of articles travels as JSON that
cannot close its script element, and the page shows it through text nodes only.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from kg.model import Edge, KnowledgeGraph, Node, Support
from kg.resources import ROOT
from kg.serialize import iri
from kg.serialize.labels import label, width
from kg.serialize.layout import layout
from kg.serialize.namespaces import term
from kg.serialize.opening import Ties, opening_view, ties
from kg.serialize.pieces import pieces
from kg.serialize.values import moment, words
from kg.vocabulary import LANGUAGES, NAMESPACE, Vocabulary

OPENING_SIZE: Final = 120
"""How many nodes the page opens with at most; more than about this many labels cannot be read on one screen."""

_TEMPLATES: Final = ROOT / "templates"
_VIS: Final = "lib/vis-9.1.2"
_MARGIN: Final = 6
_SCRIPTS: Final = (
    "graph.js",
    "graph.filters.js",
    "graph.table.js",
    "graph.path.js",
    "graph.turtle.js",
    "graph.start.js",
)

# Colours of Okabe and Ito, which colour-blind readers can tell apart, each with a shape of its own beside it.
_MARKS: Final = (
    ("Organization", "#0072B2", "square"),
    ("Person", "#D55E00", "dot"),
    ("Event", "#E69F00", "star"),
    ("Place", "#009E73", "triangleDown"),
    ("Project", "#CC79A7", "hexagon"),
    ("Document", "#56B4E9", "diamond"),
    ("Programme", "#8C6BB1", "triangle"),
    ("Product", "#A6761D", "dot"),
    ("Honor", "#6B6B6B", "diamond"),
)
_OTHER_MARK: Final = ("#777777", "dot")


def write_html(
    graph: KnowledgeGraph, vocabulary: Vocabulary, *, base_iri: str = "https://newskg.example/id/"
) -> bytes:
    """Return the page, UTF-8, the same bytes for the same graph.

    Statements below its `min_confidence` are marked as doubtful: the page hides them until a reader asks for them.
    """
    data = _data(graph, vocabulary, base_iri)
    style = _vis_style() + _template("graph.css")
    vis = _vis_file("vis-network.min.js")
    script = "\n".join(map(_template, _SCRIPTS))
    policy = (
        "default-src 'none'; "
        f"script-src {_digest(vis)} {_digest(script)}; style-src {_digest(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    parts = {"policy": policy, "style": style, "vis": vis, "script": script, "data": _json(data)}
    page = re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match[1]], _template("graph.html"))
    return page.encode("utf-8")


# ---------------------------------------------------------------- the data of the page


def _data(graph: KnowledgeGraph, vocabulary: Vocabulary, base_iri: str) -> dict[str, Any]:
    number = {node.id: i for i, node in enumerate(graph.nodes)}
    edges = graph.edges
    tied = ties(graph.nodes, [edge for edge in edges if edge.confidence >= graph.min_confidence])
    opening = opening_view(tied, limit=OPENING_SIZE)
    counts = Counter(node.type for node in graph.nodes)
    known = [name for name, _, _ in _MARKS if counts[name]]
    types = known + sorted(set(counts) - set(known))
    relations = sorted({edge.predicate for edge in edges})
    article_number = {(article.source, article.index): i for i, article in enumerate(graph.articles)}
    return {
        "base": base_iri,
        "namespace": NAMESPACE,
        "threshold": graph.min_confidence,
        "interface": json.loads(_template("interface.json")),
        "terms": {
            t: {**_labels(vocabulary, t), "iri": term(vocabulary, t).value}
            for t in (*vocabulary.qualifiers, *vocabulary.subtypes, *vocabulary.modalities)
            if t in vocabulary.labels
        },
        "types": [
            {
                "name": t,
                **_labels(vocabulary, t),
                "iri": term(vocabulary, t).value,
                "count": counts[t],
                **_mark(t),
            }
            for t in types
        ],
        "relations": [
            {
                "name": r,
                **_labels(vocabulary, r),
                "iri": term(vocabulary, r).value,
                **({"symmetric": True} if _symmetric(vocabulary, r) else {}),
            }
            for r in relations
        ],
        "articles": [
            _compact(title=a.title, date=a.published, publisher=a.publisher, source=a.source)
            for a in graph.articles
        ],
        "nodes": [_node(node, types.index(node.type)) for node in graph.nodes],
        "statements": [
            _statement(
                e,
                number,
                relations.index(e.predicate),
                article_number,
                doubtful=e.confidence < graph.min_confidence,
                literals=_literals(e, vocabulary),
            )
            for e in edges
        ],
        "network": _network(graph.nodes, opening, tied, types),
    }


def _compact(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever JSON can hold
    """Return `fields` without those that are empty; a zero stays."""
    return {name: value for name, value in fields.items() if value not in ("", None, [], {}, ())}


def _labels(vocabulary: Vocabulary, name: str) -> dict[str, str]:
    known = vocabulary.labels.get(name, {})
    return {language: known.get(language, name) for language in LANGUAGES}


def _symmetric(vocabulary: Vocabulary, relation: str) -> bool:
    return relation in vocabulary.relations and vocabulary.relations[relation].symmetric


def _mark(type_: str) -> dict[str, str]:
    marks = {name: (colour, shape) for name, colour, shape in _MARKS}
    colour, shape = marks.get(type_, _OTHER_MARK)
    return {"colour": colour, "shape": shape}


def _node(node: Node, type_: int) -> dict[str, Any]:
    return _compact(
        id=node.id,
        escaped=_unlike(node.id),
        name=node.name,
        label=label(node.name),
        type=type_,
        subtype=node.subtype,
        aliases=list(node.aliases),
        dates=list(node.dates),
        amounts=list(node.amounts),
    )


def _statement(
    edge: Edge,
    number: Mapping[str, int],
    relation: int,
    article_number: Mapping[tuple[str, int], int],
    *,
    doubtful: bool,
    literals: list[list[str]],
) -> dict[str, Any]:
    return _compact(
        id=edge.id,
        subject=number[edge.subject],
        relation=relation,
        object=number[edge.object],
        modality=edge.modality,
        confidence=round(edge.confidence, 4),
        doubtful=1 if doubtful else None,
        literals=literals,
        qualifiers=dict(sorted(edge.key.items())),
        supports=[_support(s, edge.id, article_number.get((s.source, s.article))) for s in edge.supports],
    )


def _literals(edge: Edge, vocabulary: Vocabulary) -> list[list[str]]:
    """Return the IRI and the literal of each key qualifier, as Turtle writes them and as `kg.serialize.triples` does."""
    return [
        [
            f"<{term(vocabulary, name).value}>",
            str((moment(value) if name == "date" else None) or words(value)),
        ]
        for name, value in sorted(edge.key.items())
    ]


def _unlike(id_: str) -> str | None:
    """Return `id_` as it stands in its IRI if that differs: only Python knows what has to be escaped."""
    name = iri.escaped(id_)
    return None if name == id_ else name


def _support(support: Support, edge: str, article: int | None) -> dict[str, Any]:
    return _compact(
        article=article,
        source=support.source if article is None else "",
        start=support.evidence.start,
        end=support.evidence.end,
        pieces=pieces(support),
        confidence=round(support.confidence, 3),
        rule=support.rule,
        digest=iri.support_iri("", edge, support).rpartition("-")[2],
        qualifiers=dict(sorted(support.qualifiers.items())),
        attributed=support.attributed_to,
    )


# ---------------------------------------------------------------- the network of the opening view


def _network(
    nodes: Sequence[Node], opening: Sequence[int], tied: Ties, types: Sequence[str]
) -> dict[str, Any]:
    from pyvis.network import Network

    inside = set(opening)
    pairs = [(a, b) for a in opening for b in tied[a] if a < b and b in inside]
    labels = {i: label(nodes[i].name) for i in opening}
    position = {node: i for i, node in enumerate(opening)}
    boxes = [_box(labels[i], len(tied[i])) for i in opening]
    places = layout(len(opening), [(position[a], position[b]) for a, b in pairs], boxes=boxes)
    network = Network(directed=True)
    for i, (x, middle), (_, height) in zip(opening, places, boxes, strict=True):
        # The label hangs below the node, so the node stands in the upper part of its box.
        y = middle - height / 2 + _MARGIN + node_size(len(tied[i]))
        network.add_node(
            i,
            label=labels[i],
            group=nodes[i].type,
            x=int(x),
            y=int(y),
            size=node_size(len(tied[i])),
            font={"size": font_size(len(tied[i]))},
            shape=_mark(nodes[i].type)["shape"],
        )
    network.set_options(json.dumps(_options(types)))
    built, _, _, _, _, options = network.get_network_data()
    # The lines between nodes are drawn by the page, which joins the statements of a pair and names them by language.
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
    groups = {t: {"color": _mark(t)["colour"], "shape": _mark(t)["shape"]} for t in types}
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
            "font": {"size": 12, "align": "middle"},
        },
        "groups": groups,
    }


# ---------------------------------------------------------------- files and escaping


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
