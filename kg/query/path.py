"""How two entities are connected: the shortest way over statements, each with its evidence.

Statements are walked in both directions. Of several shortest ways the one with the surer statements is taken.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

import networkx as nx

from kg.errors import UsageError

_LISTED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A statement on the way, in its own direction; `subject` and `object` are names."""

    id: str
    subject: str
    predicate: str
    object: str
    modality: str
    confidence: float
    qualifiers: Mapping[str, str]
    evidence: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """From one entity (node keys) to the next, with all statements between the two, the surest first."""

    start: str
    end: str
    statements: tuple[Stated, ...]


def find_path(
    network: nx.MultiDiGraph[str], start: str, end: str, *, doubtful: bool = False
) -> tuple[Step, ...] | None:
    """Return the steps from `start` to `end`, or None when nothing connects them.

    Entities are given by name, alias, id (``organization:浙江大学``) or IRI. Plain facts are walked; with `doubtful` also
    plans, former states and statements below the threshold. Raises UsageError for a name that nothing or more than
    one thing has, with the nearest ones.
    """
    one, other = find_entity(network, start), find_entity(network, end)
    ways: nx.Graph[str] = nx.Graph()
    ways.add_nodes_from((one, other))
    edges = sorted(network.edges(keys=True, data=True), key=lambda e: (e[0], e[1], e[2]))
    for subject, object_, _, data in edges:
        if doubtful or data["flat"]:
            cost = 1.0 + round(1.0 - data["confidence"], 4) / 1000
            known = ways.get_edge_data(subject, object_)
            if known is None or cost < known["cost"]:
                ways.add_edge(subject, object_, cost=cost)
    try:
        nodes: list[str] = nx.dijkstra_path(ways, one, other, weight="cost")
    except nx.NetworkXNoPath:
        return None
    return tuple(
        Step(start=a, end=b, statements=_between(network, a, b, doubtful=doubtful))
        for a, b in pairwise(nodes)
    )


def _between(network: nx.MultiDiGraph[str], one: str, other: str, *, doubtful: bool) -> tuple[Stated, ...]:
    found = []
    for subject, object_ in ((one, other), (other, one)):
        for key, data in (network.get_edge_data(subject, object_) or {}).items():
            if doubtful or data["flat"]:
                found.append(
                    Stated(
                        id=str(key),
                        subject=network.nodes[subject]["name"],
                        predicate=data["predicate"],
                        object=network.nodes[object_]["name"],
                        modality=data["modality"],
                        confidence=data["confidence"],
                        qualifiers=data["qualifiers"],
                        evidence=tuple(data["evidence"]),
                    )
                )
    return tuple(sorted(found, key=lambda s: (-s.confidence, s.id)))


def find_entity(network: nx.MultiDiGraph[str], wanted: str) -> str:
    """Return the node that `wanted` (name, alias, id or IRI) means.

    An id goes before a name, a name before an alias. Raises UsageError when nothing or more than one thing is meant.
    """
    if wanted in network:
        return wanted
    meanings: tuple[Callable[[str], bool], ...] = (
        lambda node: _id(node) == wanted,
        lambda node: network.nodes[node]["name"] == wanted,
        lambda node: wanted in network.nodes[node]["aliases"],
        lambda node: _id(node).partition(":")[2] == wanted,
        lambda node: _plain(network.nodes[node]["name"]) == _plain(wanted),
    )
    for meant in meanings:
        found = sorted(filter(meant, network))
        if len(found) == 1:
            return found[0]
        if found:
            listed = ", ".join(_id(node) for node in found[:_LISTED])
            raise UsageError(f"{wanted!r} names {len(found)} things; give one of their ids: {listed}")
    raise UsageError(f"nothing in the graph is called {wanted!r}{_nearest(network, wanted)}")


def _id(node: str) -> str:
    """Return the id at the end of an entity's IRI, or the id itself."""
    return unquote(node.rpartition("/")[2]) if "://" in node else node


def _plain(name: str) -> str:
    return "".join(c for c in name if c not in "“”\"‘’'「」《》 ").casefold()


def _nearest(network: nx.MultiDiGraph[str], wanted: str) -> str:
    names = sorted(
        {name for _, data in network.nodes(data=True) for name in (data["name"], *data["aliases"])}
    )
    near = [name for name in names if wanted and wanted in name][:_LISTED]
    near += [name for name in difflib.get_close_matches(wanted, names, n=_LISTED) if name not in near]
    return f"; near are: {', '.join(near[:_LISTED])}" if near else ""


def describe(steps: tuple[Step, ...], *, labels: Callable[[str], str] = str) -> str:
    """Return the way as lines of text: every statement, and below it where it stands.

    `labels` gives the words for a predicate or qualifier.
    """
    lines = []
    for number, step in enumerate(steps, 1):
        for stated in step.statements:
            key = "".join(f"，{labels(n)}：{v}" for n, v in sorted(stated.qualifiers.items()))
            modality = "" if stated.modality == "stated" else f"（{labels(stated.modality)}）"
            lines.append(
                f"{number}. {stated.subject} —{labels(stated.predicate)}{modality}→ {stated.object}{key}"
                f"  [{stated.confidence:.2f}]"
            )
            for quote in stated.evidence[:1]:
                lines.append(f"   “{_joined(quote['text'])}”")
                where = [
                    quote["title"],
                    quote["published"],
                    f"{quote['source']} {quote['start']}–{quote['end']}",
                ]
                lines.append("   " + "，".join(filter(None, where)))
    return "\n".join(lines) + "\n" if lines else ""


def _joined(text: str) -> str:
    """Return evidence on one line; the line breaks of a newspaper column are not its words."""
    return "".join(line.strip() for line in text.splitlines())
