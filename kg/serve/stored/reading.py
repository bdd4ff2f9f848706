"""A stored graph, read piece by piece: values of the model as they were written, and what stands next to what."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from kg.errors import ResourceError
from kg.model import Article, Edge, Happening, Node
from kg.serialize import iri
from kg.serialize.namespaces import nk
from kg.serve.stored.adjacency import Adjacency
from kg.serve.stored.keeping import keep
from kg.serve.stored.names import NameIndex
from kg.serve.stored.records import Records
from kg.serve.stored.store import ServedGraph
from kg.vocabulary import Vocabulary


class StoredGraph:
    """A prepared graph, opened for reading; several threads may read at once. Ids are those of the model.

    As long as it lives, nobody removes the files that it reads.
    """

    def __init__(self, served: ServedGraph, vocabulary: Vocabulary) -> None:
        """Open the store and the indexes of `served`; raises ResourceError if they are not there any more or damaged."""
        keep(served.folder, self)
        self.served = served
        self._base = served.base_iri
        try:
            self.names = NameIndex(served.names)
            self.store = ox.Store.read_only(str(served.triples))
            self._adjacency = Adjacency(served.adjacency)
        except OSError as error:
            raise ResourceError(
                str(served.folder),
                f"a prepared graph was expected ({error}); remove this folder and start again",
            ) from error
        self._records = Records(self.store, vocabulary, base_iri=served.base_iri)

    def node(self, id_: str) -> Node | None:
        """Return the entity with this id, None if there is none."""
        return self._records.node(id_)

    def degree(self, id_: str) -> int:
        """Return how many other entities accepted statements tie this one to."""
        return self.names.degree(id_)

    def best_connected(self, limit: int) -> list[str]:
        """Return the ids of the entities with most neighbours."""
        return self.names.best_connected(limit)

    def neighbours(self, id_: str) -> list[str]:
        """Return the ids next to an entity by accepted facts that are stated, sorted."""
        number = self.names.number(id_)
        return [] if number is None else sorted(self.names.ids(self._adjacency.neighbours(number)))

    def edges_of(self, id_: str, *, limit: int = 200, offset: int = 0) -> list[Edge]:
        """Return the statements of an entity from number `offset`, `limit` at most.

        Accepted and stated ones come first, then those of greater confidence, then by id.
        """
        number = self.names.number(id_)
        if number is None:
            return []
        return self._edges(self._adjacency.statements(number, limit=limit, offset=offset))

    def edge(self, id_: str) -> Edge | None:
        """Return the statement with this id, None if there is none."""
        return self._records.edge(iri.escaped(id_))

    def edges_between(self, one: str, other: str) -> list[Edge]:
        """Return the accepted, stated facts that tie two entities, by id."""
        numbers = [self.names.number(id_) for id_ in (one, other)]
        if numbers[0] is None or numbers[1] is None:
            return []
        return self._edges(sorted(self._adjacency.between(numbers[0], numbers[1])))

    def edges_telling(self, happening: str) -> list[Edge]:
        """Return the statements that tell of an occurrence, by id."""
        node = ox.NamedNode(iri.occurrence_iri(self._base, happening))
        folder = f"{self._base}statement/"
        telling = {
            quad.subject.value.removeprefix(folder)
            for quad in self.store.quads_for_pattern(None, nk("occurrence"), node)
            if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(folder)
        }
        return self._edges(sorted(telling))

    def article(self, source: str, index: int) -> Article | None:
        """Return the article number `index` of a source, None if there is none; its spans do not come back."""
        return self._records.article(iri.article_iri(self._base, source, index))

    def happening(self, id_: str) -> Happening | None:
        """Return the occurrence with this id, None if there is none."""
        return self._records.happening(iri.escaped(id_))

    def happenings(
        self, *, since: str | None = None, until: str | None = None, limit: int = 500
    ) -> list[Happening]:
        """Return the dated occurrences from `since` to `until` (ISO dates, months or years), the latest first."""
        names = self._adjacency.occurrences(since=since, until=until, limit=limit)
        return [found for name in names if (found := self._records.happening(name)) is not None]

    def years(self) -> dict[int, int]:
        """Return how many occurrences begin in each year, the earliest year first."""
        return self._adjacency.years()

    def _edges(self, names: Iterable[str]) -> list[Edge]:
        return [edge for name in names if (edge := self._records.edge(name)) is not None]
