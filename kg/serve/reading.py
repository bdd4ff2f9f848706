"""The graph read back from its triples: nodes, statements with evidence, articles and occurrences as they were written.

What the triples do not hold does not come back: the mentions of a node (its statements name theirs), the text of a source
beyond the strings of its evidence, and the order of names, dates and reasons, which comes back sorted.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, cast

import pyoxigraph as ox

from kg.model import Amount, Article, Edge, Evidence, Happening, Modality, Node, Span, Support, When
from kg.serialize import iri
from kg.serialize.namespaces import DCTERMS, NIF, nk, term
from kg.serve.names import NameIndex
from kg.serve.store import ServedGraph
from kg.serve.survey import ALIAS, LABEL, OBJECT, SUBJECT, TRUE, TYPE
from kg.vocabulary import RDF, SCHEMA, Vocabulary

_PREDICATE: Final = RDF + "predicate"
_REMEMBERED: Final = 4096

Properties = Mapping[str, list[ox.NamedNode | ox.Literal]]
"""The objects of a subject by the IRI of the predicate, sorted."""


class StoredGraph:
    """A prepared graph, opened for reading; several threads may read at once. Ids are those of nodes."""

    def __init__(self, served: ServedGraph, vocabulary: Vocabulary) -> None:
        """Open the store and the index of names of `served`; raises OSError if they are not there any more."""
        self.served = served
        self.names = NameIndex(served.names)
        self.store = ox.Store.read_only(str(served.triples))
        self._base = served.base_iri
        self._types = {term(vocabulary, t).value: t for t in vocabulary.entity_types}
        self._subtypes = {term(vocabulary, t).value: t for t in vocabulary.subtypes}
        self._relations = {term(vocabulary, r).value: r for r in vocabulary.relations}
        self._qualifiers = {term(vocabulary, q).value: q for q in vocabulary.qualifiers}
        self._occurrences = {term(vocabulary, o).value: o for o in vocabulary.occurrences}
        self._roles = {
            term(vocabulary, role).value: role for roles in vocabulary.occurrences.values() for role in roles
        }
        self._modalities = {nk(m).value: m for m in vocabulary.modalities}
        self._vocabulary = vocabulary
        self._article_of = lru_cache(maxsize=_REMEMBERED)(self._read_article)
        self._ranked = lru_cache(maxsize=64)(self._rank)

    # ------------------------------------------------------------ entities

    def node(self, id_: str) -> Node | None:
        """Return the entity with this id, None if there is none."""
        found = self._properties(iri.entity_iri(self._base, id_))
        types = [v.value for v in found.get(TYPE.value, ())]
        type_ = next((self._types[t] for t in types if t in self._types), None)
        if type_ is None:
            return None
        after = [self._id(v.value) for v in found.get(nk("namedAfter").value, ())]
        return Node(
            id=id_,
            type=type_,
            name=next(iter(_texts(found, LABEL.value)), id_),
            subtype=next((self._subtypes[t] for t in types if t in self._subtypes), ""),
            aliases=_texts(found, ALIAS.value),
            dates=_texts(found, nk("dateText").value),
            amounts=_texts(found, nk("amountText").value),
            merged_because=_texts(found, nk("mergedBecause").value),
            named_after=after[0] if after else "",
            corrected_by=_texts(found, nk("correctedBy").value),
        )

    def degree(self, id_: str) -> int:
        """Return how many other entities accepted statements tie this one to."""
        return self.names.degree(id_)

    def best_connected(self, limit: int) -> list[str]:
        """Return the ids of the entities with most neighbours."""
        return self.names.best_connected(limit)

    def neighbours(self, id_: str) -> list[str]:
        """Return the ids next to an entity by accepted facts that are stated, sorted."""
        node = ox.NamedNode(iri.entity_iri(self._base, id_))
        return sorted(
            {
                self._id(other.value)
                for quad in (
                    *self.store.quads_for_pattern(node, None, None),
                    *self.store.quads_for_pattern(None, None, node),
                )
                if quad.predicate.value in self._relations
                for other in (quad.subject, quad.object)
                if isinstance(other, ox.NamedNode) and other != node
            }
        )

    # ------------------------------------------------------------ statements

    def edges_of(self, id_: str, *, limit: int = 200, offset: int = 0) -> list[Edge]:
        """Return the statements of an entity from number `offset`, `limit` at most.

        Accepted and stated ones come first, then those of greater confidence, then by id.
        """
        node = ox.NamedNode(iri.entity_iri(self._base, id_))
        return [self._edge(ox.NamedNode(s)) for s in self._ranked(node)[offset : offset + limit]]

    def edge(self, id_: str) -> Edge | None:
        """Return the statement with this id, None if there is none."""
        node = ox.NamedNode(iri.statement_iri(self._base, id_))
        return self._edge(node) if self._has_type(node, "Statement") else None

    def edges_between(self, one: str, other: str) -> list[Edge]:
        """Return the accepted, stated facts that tie two entities, by id."""
        ends = [ox.NamedNode(iri.entity_iri(self._base, id_)) for id_ in (one, other)]
        found = sorted(
            {
                statement
                for subject, object_ in (ends, ends[::-1])
                for statement in self._subjects(SUBJECT, subject) & self._subjects(OBJECT, object_)
                if not self._order(statement)[0]
            }
        )
        return [self._edge(ox.NamedNode(statement)) for statement in found]

    def edges_telling(self, happening: str) -> list[Edge]:
        """Return the statements that tell of an occurrence, by id."""
        node = ox.NamedNode(iri.occurrence_iri(self._base, happening))
        return [self._edge(ox.NamedNode(s)) for s in sorted(self._subjects(nk("occurrence"), node))]

    def _rank(self, node: ox.NamedNode) -> tuple[str, ...]:
        own = self._subjects(SUBJECT, node) | self._subjects(OBJECT, node)
        return tuple(sorted(own, key=self._order))

    def _order(self, statement: str) -> tuple[bool, float, str]:
        node = ox.NamedNode(statement)
        accepted = self._has(node, nk("accepted"), TRUE) and self._has(node, nk("modality"), nk("stated"))
        confidence = next(
            (
                float(quad.object.value)
                for quad in self.store.quads_for_pattern(node, nk("confidence"), None)
                if isinstance(quad.object, ox.Literal)
            ),
            0.0,
        )
        return not accepted, -confidence, statement

    def _edge(self, statement: ox.NamedNode) -> Edge:
        found = self._properties(statement.value)
        key = self._qualified(found)
        happening = [v.value for v in found.get(nk("occurrence").value, ())]
        supports = (self._support(v.value, key) for v in found.get(nk("support").value, ()))
        return Edge(
            id=iri.unescaped(statement.value.removeprefix(f"{self._base}statement/")),
            subject=self._id(found[SUBJECT.value][0].value),
            predicate=self._relations[found[_PREDICATE][0].value],
            object=self._id(found[OBJECT.value][0].value),
            modality=cast("Modality", self._modalities[found[nk("modality").value][0].value]),
            confidence=float(found[nk("confidence").value][0].value),
            supports=tuple(
                sorted(
                    supports, key=lambda s: (s.source, s.article, s.evidence.start, s.evidence.end, s.rule)
                )
            ),
            key=key,
            occurrence=self._below("occurrence/", happening[0]) if happening else None,
        )

    def _support(self, name: str, key: Mapping[str, str]) -> Support:
        found = self._properties(name)
        article = self._article_of(found[nk("article").value][0].value)
        evidence = self._properties(found[nk("evidence").value][0].value)
        return Support(
            source=article.source,
            article=article.index,
            evidence=Evidence(
                start=_number(evidence, NIF + "beginIndex"),
                end=_number(evidence, NIF + "endIndex"),
                text=evidence[NIF + "anchorOf"][0].value,
            ),
            subject_span=self._span(found[nk("subjectString").value][0].value),
            object_span=self._span(found[nk("objectString").value][0].value),
            confidence=float(found[nk("confidence").value][0].value),
            rule=found[nk("rule").value][0].value,
            qualifiers={**key, **self._qualified(found)},
            attributed_to=next(iter(_texts(found, nk("attributedTo").value)), None),
            corrected_by=_texts(found, nk("correctedBy").value),
        )

    def _span(self, string: str) -> Span:
        start, end = string.rpartition("#char=")[2].split(",")
        return Span(int(start), int(end))

    # ------------------------------------------------------------ articles and occurrences

    def article(self, source: str, index: int) -> Article | None:
        """Return the article number `index` of a source, None if there is none; its spans do not come back."""
        name = iri.article_iri(self._base, source, index)
        is_there = self._has(ox.NamedNode(name), TYPE, ox.NamedNode(SCHEMA + "NewsArticle"))
        return self._article_of(name) if is_there else None

    def _read_article(self, name: str) -> Article:
        found = self._properties(name)
        source = self._properties(found[SCHEMA + "isPartOf"][0].value)
        return Article(
            source=source[DCTERMS + "identifier"][0].value,
            index=_number(found, nk("articleIndex").value),
            spans=(),
            passages=(),
            title=next(iter(_texts(found, SCHEMA + "headline")), ""),
            published=next(iter(_texts(found, SCHEMA + "datePublished")), ""),
            publisher=next(iter(_texts(found, SCHEMA + "publisher")), ""),
            byline=_texts(found, SCHEMA + "author"),
        )

    def happening(self, id_: str) -> Happening | None:
        """Return the occurrence with this id, None if there is none."""
        node = ox.NamedNode(iri.occurrence_iri(self._base, id_))
        return self._happening(id_, node) if self._has_type(node, "Occurrence") else None

    def happenings(
        self, *, since: str | None = None, until: str | None = None, limit: int = 500
    ) -> list[Happening]:
        """Return the dated occurrences from `since` to `until` (ISO dates, months or years), the latest first."""
        dated = []
        for predicate in ("onDate", "startDate"):
            for quad in self.store.quads_for_pattern(None, nk(predicate), None):
                node, when = quad.subject, quad.object
                if not isinstance(node, ox.NamedNode) or not isinstance(when, ox.Literal):
                    continue
                day = when.value
                if not node.value.startswith(f"{self._base}occurrence/"):
                    continue
                if (since and day < since[: len(day)]) or (until and day[: len(until)] > until):
                    continue
                dated.append((day, node.value))
        latest = sorted(dated, key=lambda pair: pair[1])
        latest.sort(key=lambda pair: pair[0], reverse=True)
        return [self._happening(self._below("occurrence/", n), ox.NamedNode(n)) for _, n in latest[:limit]]

    def _happening(self, id_: str, node: ox.NamedNode) -> Happening:
        found = self._properties(node.value)
        types = [v.value for v in found[TYPE.value]]
        roles = {
            role: tuple(self._id(v.value) for v in found[name])
            for name, role in self._roles.items()
            if name in found
        }

        def one(name: str) -> str:
            return next(iter(_texts(found, nk(name).value)), "")

        start, end = one("startDate"), one("endDate")
        value = f"{start}/{end}" if start else one("onDate")
        text = one("dateText")
        place, event = one("place"), one("atEvent")
        return Happening(
            id=id_,
            kind=next(self._occurrences[t] for t in types if t in self._occurrences),
            roles=roles,
            date=When(value=value or text, text=text) if text else None,
            place=self._id(place) if place else None,
            amount=Amount(
                value=one("amountValue"),
                currency=one("currency"),
                text=one("amountText"),
                modifier=one("amountModifier"),
            )
            if one("amountText")
            else None,
            event=self._id(event) if event else None,
            subject=one("agreement"),
        )

    # ------------------------------------------------------------ triples

    def _properties(self, name: str) -> Properties:
        found: dict[str, list[ox.NamedNode | ox.Literal]] = {}
        for quad in self.store.quads_for_pattern(ox.NamedNode(name), None, None):
            if isinstance(quad.object, ox.NamedNode | ox.Literal):
                found.setdefault(quad.predicate.value, []).append(quad.object)
        for values in found.values():
            values.sort(key=lambda value: value.value)
        return found

    def _subjects(self, predicate: ox.NamedNode, object_: ox.NamedNode) -> set[str]:
        quads = self.store.quads_for_pattern(None, predicate, object_)
        return {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}

    def _has(self, subject: ox.NamedNode, predicate: ox.NamedNode, value: ox.NamedNode | ox.Literal) -> bool:
        return ox.Quad(subject, predicate, value) in self.store

    def _has_type(self, subject: ox.NamedNode, name: str) -> bool:
        return self._has(subject, TYPE, nk(name))

    def _qualified(self, found: Properties) -> dict[str, str]:
        return {
            self._qualifiers[p]: values[0].value
            for p, values in sorted(found.items())
            if p in self._qualifiers
        }

    def _id(self, name: str) -> str:
        return iri.unescaped(name.removeprefix(self._base))

    def _below(self, folder: str, name: str) -> str:
        return iri.unescaped(name.removeprefix(self._base + folder))


def _texts(found: Properties, predicate: str) -> tuple[str, ...]:
    return tuple(value.value for value in found.get(predicate, ()))


def _number(found: Properties, predicate: str) -> int:
    return int(found[predicate][0].value)
