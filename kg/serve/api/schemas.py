"""What the JSON interface answers: the models that its OpenAPI document describes.

Offsets are code points of the source text, as everywhere in newskg. Lists are there even when they are empty; what does not
apply is null.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Problem(_Model):
    """What went wrong, in words (RFC 9457)."""

    type: str = Field(default="about:blank", description="always about:blank: the status says it all")
    title: str = Field(description="the name of the status")
    status: int
    detail: str = Field(description="what was expected, and what to do")


class Health(_Model):
    """The server is there, and what it serves."""

    status: Literal["ok"]
    newskg: str = Field(description="version of the program")
    graph: str = Field(description="SHA-256 of graph.ttl")
    entities: int
    statements: int
    articles: int
    triples: int


class Labels(_Model):
    """The words for a term of the ontology."""

    zh: str
    en: str


class Reference(_Model):
    """An entity by its name."""

    id: str = Field(description="stable id such as organization:浙江大学")
    iri: str
    name: str
    type: str = Field(description="class of the ontology, such as Organization")


class Hit(Reference):
    """An entity that a search found."""

    alias: str | None = Field(description="the other name that was found, if it was not the name itself")
    degree: int = Field(description="how many entities accepted statements connect it with")


class Search(_Model):
    """Entities whose names hold what was asked: exact names first, then beginnings, then the rest, best connected first."""

    query: str
    hits: list[Hit]
    counts: dict[str, int] = Field(
        description="how many entities of each class were found, beyond those listed"
    )


class Entity(Reference):
    """An entity with what is known about it apart from statements."""

    subtype: str | None
    aliases: list[str]
    dates: list[str]
    amounts: list[str]
    merged_because: list[str] = Field(description="why several names are one entity")
    corrected_by: list[str] = Field(description="corrections by hand that it is subject to")
    degree: int = Field(description="how many entities accepted statements connect it with")


class Range(_Model):
    """A half-open range of code points of the source text."""

    start: int
    end: int


class Article(_Model):
    """The article in which something stands."""

    iri: str
    source: str = Field(description="id of the source, normally a relative path")
    index: int = Field(description="number of the article in its source, from 0")
    title: str
    published: str = Field(description="ISO date, or empty")
    publisher: str


class Evidence(_Model):
    """A sentence that states a statement."""

    iri: str = Field(description="of this support of the statement")
    text: str = Field(description="as it stands in the source")
    source: str
    position: Range
    subject: Range = Field(description="where the subject is named")
    object: Range = Field(description="where the object is named")
    article: Article
    confidence: float
    rule: str
    qualifiers: dict[str, str]
    attributed_to: str | None = Field(description="whom the article names as its source for it")
    corrected_by: list[str]


class Statement(_Model):
    """A statement with all sentences that state it."""

    id: str
    iri: str
    subject: Reference
    predicate: str = Field(description="relation of the ontology, such as hosts")
    predicate_iri: str
    predicate_labels: Labels
    object: Reference
    modality: Literal["stated", "planned", "past"]
    confidence: float
    accepted: bool = Field(description="whether the confidence suffices for a fact")
    qualifiers: dict[str, str] = Field(description="those that are part of its identity")
    occurrence: str | None = Field(description="IRI of the happening that it belongs to")
    evidence: list[Evidence]


class Neighbours(_Model):
    """An entity and a part of the statements about it: accepted and stated ones first, the surest first."""

    entity: Entity
    statements: list[Statement]
    limit: int
    offset: int
    more: bool = Field(description="whether there are statements after these")


class Occurrence(_Model):
    """One happening with several parties: a signing, an investment."""

    id: str
    iri: str
    kind: str
    kind_labels: Labels
    date: str | None = Field(description="ISO date, month or year, or two of them with a slash")
    date_text: str | None = Field(description="the date in the words of the article")
    place: Reference | None
    event: Reference | None
    agreement: str | None
    amount: str | None = Field(description="in the words of the article")
    roles: dict[str, list[Reference]]


class Timeline(_Model):
    """Happenings by date."""

    occurrences: list[Occurrence]
    since: str | None
    until: str | None
    limit: int


class TypeCount(_Model):
    """A class of entities and how many of it there are."""

    name: str
    labels: Labels
    iri: str
    count: int


class Overview(_Model):
    """What the graph holds."""

    entities: int
    statements: int
    articles: int
    triples: int
    base_iri: str
    min_confidence: float = Field(description="confidence from which a statement counts as a fact")
    types: list[TypeCount]
    best_connected: list[Entity]
