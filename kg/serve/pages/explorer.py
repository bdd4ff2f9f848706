"""The explorer over HTTP: the page of a file, but with a part of the graph in it; it asks for the rest.

Bundles are made of the same lists as the page's own, by the same code (:mod:`kg.serialize.page_data`).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, Final

from kg.model import Edge, Happening, Node
from kg.serialize.html import OPENING_SIZE, page_of
from kg.serialize.opening_network import opening_network
from kg.serialize.page_data import Terms, bundle, head, terms_of
from kg.serve.stored.paths import shortest_path
from kg.serve.stored.reading import StoredGraph
from kg.serve.stored.store import ServedGraph
from kg.vocabulary import Vocabulary

_HUB: Final = 60
"""How many statements of an entity decide what the page opens with, and how many lines it has there."""


class Explorer:
    """Makes the page and its bundles from a stored graph."""

    def __init__(
        self,
        served: ServedGraph,
        stored: StoredGraph,
        vocabulary: Vocabulary,
        *,
        prefix: str = "/id/",
    ) -> None:
        """Take a stored graph; `prefix` is the path below which its IRIs are answered."""
        self._prefix = prefix
        self._served = served
        self._stored = stored
        self._vocabulary = vocabulary
        self._terms: Terms = terms_of(vocabulary.entity_types, vocabulary.relations)

    def page(self) -> bytes:
        """Return the page with its opening view in it: the best connected entities and their neighbours."""
        chosen, edges = self._opening()
        nodes = self._nodes(chosen)
        held = self._bundle(nodes, edges)
        number = {node.id: i for i, node in enumerate(nodes)}
        pairs = sorted(
            {
                (min(a, b), max(a, b))
                for edge in edges
                if edge.confidence >= self._served.min_confidence
                and (a := number[edge.subject]) != (b := number[edge.object])
            }
        )
        size = self._served.size
        data = {
            **head(
                self._terms,
                self._vocabulary,
                counts=self._served.size.types,
                base_iri=self._served.base_iri,
                threshold=self._served.min_confidence,
            ),
            **held,
            "remote": True,
            "prefix": self._prefix,
            "size": {"nodes": size.entities, "statements": size.accepted, "articles": size.articles},
            "network": opening_network(
                nodes,
                range(len(nodes)),
                pairs=pairs,
                degrees=[self._stored.degree(node.id) for node in nodes],
                types=self._terms.types,
            ),
        }
        return page_of(data, connect=True)

    def neighbourhood(self, id_: str, *, limit: int, offset: int) -> dict[str, Any] | None:
        """Return the bundle of an entity, its statements and their other ends, or None for an unknown entity.

        ``more`` says that there are statements after these.
        """
        node = self._stored.node(id_)
        if node is None:
            return None
        edges = self._stored.edges_of(id_, limit=limit + 1, offset=offset)
        part = edges[:limit]
        return {**self.bundle_of(part, ids=[id_]), "more": len(edges) > limit}

    def path(self, start: str, goal: str) -> dict[str, Any]:
        """Return the bundle of a shortest path over accepted, stated facts; an empty one if nothing leads there.

        Raises PathTooLongError.
        """
        way = shortest_path(start, goal, neighbours=self._stored.neighbours)
        if way is None:
            return self.bundle_of([], ids=[])
        steps = [edge for one, other in pairwise(way) for edge in self._stored.edges_between(one, other)]
        return self.bundle_of(steps, ids=way)

    def statement(self, id_: str) -> dict[str, Any] | None:
        """Return the bundle of one statement, or None for an unknown one."""
        edge = self._stored.edge(id_)
        return None if edge is None else self.bundle_of([edge], ids=[])

    def happenings(self, happenings: Iterable[Happening]) -> dict[str, Any]:
        """Return the bundle of occurrences with the statements that tell of them.

        ``years`` says how many occurrences of the whole graph begin in each year.
        """
        found = list(happenings)
        edges = {edge.id: edge for h in found for edge in self._stored.edges_telling(h.id)}
        return {**self.bundle_of(list(edges.values()), ids=[]), "years": self._stored.years()}

    def bundle_of(self, edges: Iterable[Edge], *, ids: Iterable[str]) -> dict[str, Any]:
        """Return the bundle of `edges`, with the entities `ids` whether an edge names them or not."""
        listed = list(edges)
        ends = dict.fromkeys([*ids, *(end for edge in listed for end in (edge.subject, edge.object))])
        return self._bundle(self._nodes(ends), listed)

    def _nodes(self, ids: Iterable[str]) -> list[Node]:
        return [node for id_ in ids if (node := self._stored.node(id_)) is not None]

    def _bundle(self, nodes: list[Node], edges: list[Edge]) -> dict[str, Any]:
        stored = self._stored
        happened = dict.fromkeys(edge.occurrence for edge in edges if edge.occurrence is not None)
        happenings = [h for id_ in happened if (h := stored.happening(id_)) is not None]
        known = {node.id for node in nodes}
        named = dict.fromkeys(
            id_
            for h in happenings
            for id_ in (h.place, h.event, *(id_ for ids in h.roles.values() for id_ in ids))
            if id_ is not None and id_ not in known
        )
        everything = [*nodes, *self._nodes(named)]
        keys = dict.fromkeys((s.source, s.article) for edge in edges for s in edge.supports)
        return bundle(
            everything,
            edges,
            [article for key in keys if (article := stored.article(*key)) is not None],
            happenings,
            terms=self._terms,
            vocabulary=self._vocabulary,
            base_iri=self._served.base_iri,
            threshold=self._served.min_confidence,
            degrees=[stored.degree(node.id) for node in everything],
        )

    def _opening(self) -> tuple[list[str], list[Edge]]:
        """Return the entities of the opening view and the statements between them."""
        stored = self._stored
        chosen: dict[str, None] = {}
        for hub in stored.best_connected(OPENING_SIZE):
            if len(chosen) >= OPENING_SIZE:
                break
            chosen[hub] = None
            others = {
                end
                for edge in stored.edges_of(hub, limit=_HUB)
                if edge.confidence >= self._served.min_confidence
                for end in (edge.subject, edge.object)
            }
            for other in sorted(others, key=lambda id_: (-stored.degree(id_), id_)):
                if len(chosen) < OPENING_SIZE:
                    chosen[other] = None
        edges = {
            edge.id: edge
            for id_ in chosen
            for edge in stored.edges_of(id_, limit=_HUB)
            if edge.subject in chosen and edge.object in chosen
        }
        return list(chosen), [edges[id_] for id_ in sorted(edges)]
