"""What the pages show, put together from the graph: links with names, statements with their sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kg.model import Article, Edge, Happening, Node, Support
from kg.serialize import iri
from kg.serialize.pieces import pieces
from kg.serve.pages.things import Places
from kg.serve.stored.reading import StoredGraph
from kg.vocabulary import Vocabulary

SENTENCES: Final = 5
"""How many sentences a statement shows among others; its own page shows all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A name that leads to a page; `note` stands behind it."""

    href: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A sentence that states something: its pieces with their marks, and where it stands."""

    anchor: str
    pieces: Sequence[Sequence[str]]
    article: Link | None
    published: str
    publisher: str
    source: str
    position: Link
    confidence: str
    rule: str
    qualifiers: Sequence[tuple[str, str]]
    attributed_to: str
    corrected_by: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A statement as a page shows it."""

    href: str
    relation: str
    subject: Link
    object: Link
    modality: str
    confidence: str
    doubtful: bool
    qualifiers: Sequence[tuple[str, str]]
    occurrence: Link | None
    quotes: Sequence[Quote]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Statements of one relation in one direction."""

    relation: str
    incoming: bool
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A role of an occurrence and who has it."""

    role: str
    links: Sequence[Link]


class Viewer:
    """Makes views of the model's values in one language."""

    def __init__(
        self,
        stored: StoredGraph,
        vocabulary: Vocabulary,
        places: Places,
        *,
        language: str,
        untitled: str,
        query: str = "",
    ) -> None:
        """Take where views come from; `query` is added to every address of a page, so that a chosen language stays."""
        self._stored = stored
        self._vocabulary = vocabulary
        self._places = places
        self._least = stored.served.min_confidence
        self._language = language
        self._untitled = untitled
        self._query = query

    def href(self, iri_: str) -> str:
        """Return the address of the page of a thing."""
        path, mark, fragment = self._places.path(iri_).partition("#")
        return path + self._query + mark + fragment

    def label(self, name: str) -> str:
        """Return the word for a term of the ontology."""
        return self._vocabulary.labels.get(name, {}).get(self._language, name)

    def entity(self, id_: str) -> Link:
        """Return the link to an entity."""
        known = self._stored.names.entity(id_)
        href = self.href(iri.entity_iri(self._places.base, id_))
        if known is None:
            return Link(href=href, text=id_)
        return Link(href=href, text=known.name, note=self.label(known.type))

    def type_of(self, node: Node) -> str:
        """Return class and subtype of an entity in words."""
        names = [self.label(node.type), *([self.label(node.subtype)] if node.subtype else [])]
        return " · ".join(names)

    def occurrence(self, id_: str) -> Link:
        """Return the link to an occurrence."""
        happening = self._stored.happening(id_)
        href = self.href(iri.occurrence_iri(self._places.base, id_))
        if happening is None:
            return Link(href=href, text=id_)
        date = "" if happening.date is None else happening.date.value
        return Link(href=href, text=self.label(happening.kind), note=date)

    def article(self, article: Article) -> Link:
        """Return the link to an article."""
        href = self.href(iri.article_iri(self._places.base, article.source, article.index))
        return Link(href=href, text=article.title or self._untitled, note=article.published)

    def source(self, id_: str) -> Link:
        """Return the link to a source."""
        return Link(href=self.href(iri.source_iri(self._places.base, id_)), text=id_)

    def groups(self, id_: str, edges: Iterable[Edge]) -> list[Group]:
        """Return the statements about an entity by relation and direction, in the order in which they first come."""
        there: dict[tuple[str, bool], list[Edge]] = {}
        for edge in edges:
            incoming = edge.subject != id_ and edge.predicate not in self._vocabulary.symmetric
            there.setdefault((edge.predicate, incoming), []).append(edge)
        return [
            Group(
                relation=self.label(predicate),
                incoming=incoming,
                lines=[self.line(edge, most=SENTENCES) for edge in members],
            )
            for (predicate, incoming), members in there.items()
        ]

    def line(self, edge: Edge, *, most: int | None = None, start: int = 0) -> Line:
        """Return a statement with at most `most` of its sentences, from number `start` on."""
        shown = edge.supports[start:] if most is None else edge.supports[start : start + most]
        return Line(
            href=self.href(iri.statement_iri(self._places.base, edge.id)),
            relation=self.label(edge.predicate),
            subject=self.entity(edge.subject),
            object=self.entity(edge.object),
            modality="" if edge.modality == "stated" else self.label(edge.modality),
            confidence=percent(edge.confidence),
            doubtful=edge.confidence < self._least,
            qualifiers=self._qualifiers(edge.key),
            occurrence=None if edge.occurrence is None else self.occurrence(edge.occurrence),
            quotes=[self._quote(edge, support) for support in shown],
            total=len(edge.supports),
        )

    def parties(self, happening: Happening) -> list[Party]:
        """Return the roles of an occurrence with those who have them."""
        return [
            Party(role=self.label(role), links=[self.entity(id_) for id_ in ids])
            for role, ids in sorted(happening.roles.items())
        ]

    def _qualifiers(self, qualifiers: Mapping[str, str]) -> list[tuple[str, str]]:
        return [(self.label(name), value) for name, value in sorted(qualifiers.items())]

    def _quote(self, edge: Edge, support: Support) -> Quote:
        article = self._stored.article(support.source, support.article)
        source = iri.source_iri(self._places.base, support.source)
        string = iri.string_iri(source, support.evidence.start, support.evidence.end)
        return Quote(
            anchor=anchor_of(iri.support_iri(self._places.base, edge.id, support)),
            pieces=pieces(support),
            article=None if article is None else self.article(article),
            published=(article and article.published) or "",
            publisher=(article and article.publisher) or "",
            source=support.source,
            position=Link(href=self.href(string), text=f"{support.evidence.start}–{support.evidence.end}"),
            confidence=percent(support.confidence),
            rule=support.rule,
            qualifiers=self._qualifiers({k: v for k, v in support.qualifiers.items() if k not in edge.key}),
            attributed_to=support.attributed_to or "",
            corrected_by=support.corrected_by,
        )


def anchor_of(support_iri: str) -> str:
    """Return the name of a support within the page of its statement."""
    return "support-" + support_iri.rpartition("-")[2]


def percent(confidence: float) -> str:
    """Return a confidence as the explorer shows it.

    >>> percent(0.876), percent(0.995), percent(1.0)
    ('88%', '100%', '100%')
    """
    return f"{int(confidence * 100 + 0.5)}%"
