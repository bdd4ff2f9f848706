"""The value types that every room speaks.

Offsets are half-open ranges of Unicode code points of ``Source.text``. Text that the extractors read
(``Reading.text``) has its white space taken out; ``Reading.offsets`` leads back. A *mention* is text, an
*entity* is what mentions name. Ids such as ``e3`` and ``o1`` are local to one article; ids of the assembled
graph (``organization:浙江大学``) are global.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

Role = Literal["headline", "deck", "body", "caption", "byline", "dateline"]
Modality = Literal["stated", "planned", "past"]
Layout = Literal["auto", "page", "article"]


_FAR = 24
"""More white space than this between two characters of a reading is other text, not a line break or a wide gap."""


class Span(NamedTuple):
    """A half-open range of code points; of the source text unless its owner says otherwise.

    >>> Span(2, 4).of("在杭州举行")
    '州举'
    """

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the characters of `text` that this span covers."""
        return text[self.start : self.end]


CORRECTION: Final = "text/vnd.newskg.correction"
"""The media type of a source that stands for something outside of the articles, which a person added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file, or one record of a JSON Lines file, as decoded text.

    `text` is the decoded content: a leading byte-order mark is removed, newlines are as they came.
    `id` is the path relative to the input folder (POSIX separators) or the id of the record.
    `single` says that the source is known to hold one article (a JSON Lines record).
    """

    id: str
    text: str
    raw_sha256: str
    text_sha256: str
    media_type: str = "text/plain"
    title: str | None = None
    published: str | None = None
    single: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A run of text of one article with one function, such as its headline or one paragraph.

    `spans` are source spans in reading order, normally one per line of a column; a word may run on from the
    end of one span into the next.
    """

    role: Role
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article of a source.

    `spans` cover all that belongs to the article, in source order, without overlap. `passages` are its parts in
    reading order (headline first). `published` is an ISO date or empty. `continues` marks the first half of an
    article that goes on elsewhere (下转), `continued` a later half (紧接).
    """

    source: str
    index: int
    spans: tuple[Span, ...]
    passages: tuple[Passage, ...]
    title: str = ""
    published: str = ""
    publisher: str = ""
    byline: tuple[str, ...] = ()
    continues: bool = False
    continued: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An article as the extractors read it: no white space, with the way back to the source.

    `offsets[i]` is the source offset of `text[i]`; `gaps` holds every i before which white space stood in the source
    (line breaks that only wrap a column do not count); `sentences` are spans over `text`, in order, covering it;
    `roles[k]` is the passage role of sentence k and `paragraphs[k]` the number of its passage.
    """

    text: str
    offsets: tuple[int, ...]
    gaps: frozenset[int]
    sentences: tuple[Span, ...]
    roles: tuple[Role, ...]
    paragraphs: tuple[int, ...]

    def to_source(self, span: Span) -> Span:
        """Return the source span of a non-empty span of `text`.

        Where the reading order leaves the order of the source (a column that goes on elsewhere) it is the longest run
        that does not, so that start and end always enclose characters of the span.
        """
        offsets = self.offsets[span.start : span.end]
        best = run = 0
        length = 1
        for k in range(1, len(offsets)):
            if offsets[k] < offsets[k - 1] or offsets[k] - offsets[k - 1] > _FAR:
                run = k
            if k - run + 1 > length:
                best, length = run, k - run + 1
        return Span(offsets[best], offsets[best + length - 1] + 1)

    def pieces(self, span: Span) -> tuple[Span, ...]:
        """Return the source spans of a non-empty span of `text`, in reading order: one, unless it runs on elsewhere."""
        offsets = self.offsets[span.start : span.end]
        found = []
        first = 0
        for k in range(1, len(offsets) + 1):
            if k == len(offsets) or offsets[k] < offsets[k - 1] or offsets[k] - offsets[k - 1] > _FAR:
                found.append(Span(offsets[first], offsets[k - 1] + 1))
                first = k
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word with its jieba tag; `span` is over ``Reading.text``."""

    span: Span
    text: str
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A span that names something of `type`; `span` is over ``Reading.text``, without outer quotation marks."""

    span: Span
    type: str
    text: str
    confidence: float = 1.0
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A pronoun or role word that stands for entities already named (该行, 双方, 会上); `span` is over ``Reading.text``."""

    span: Span
    text: str
    entities: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A sum of money. `value` is a canonical decimal in units of `currency` (ISO 4217)."""

    value: str
    currency: str
    text: str
    modifier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A date at its own granularity: ``2023-12-17``, ``2023-12``, ``2023`` or ``2023-12-02/2023-12-05``."""

    value: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """What the mentions of one article name. `mentions` are source spans; `name` is the fullest form."""

    id: str
    type: str
    name: str
    subtype: str = ""
    aliases: tuple[str, ...] = ()
    mentions: tuple[Span, ...] = ()
    date: str = ""
    amount: str = ""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A source span that states something, with its text as it stands in the source."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Subject, predicate, object with qualifiers, as one article states it. Spans are source spans.

    `corrected_by` says in words which corrections stand behind it; the extractor leaves it empty.
    """

    subject: str
    predicate: str
    object: str
    subject_span: Span
    object_span: Span
    evidence: tuple[Evidence, ...]
    confidence: float
    rule: str
    qualifiers: Mapping[str, str] = field(default_factory=dict)
    modality: Modality = "stated"
    attributed_to: str | None = None
    occurrence: str | None = None
    corrected_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One happening with several parties: a signing, an investment. `roles` maps role names to entity ids.

    `place` and `event` are the entities where and at which it happened; `subject` is what was agreed, in the article's
    words.
    """

    id: str
    kind: str
    roles: Mapping[str, tuple[str, ...]]
    date: When | None = None
    place: str | None = None
    amount: Amount | None = None
    event: str | None = None
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """All that one article yields: contract 1, one line of ``kg extract --format jsonl``."""

    article: Article
    entities: tuple[Entity, ...]
    statements: tuple[Statement, ...]
    occurrences: tuple[Occurrence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One article on its way through the extracting stages; every stage returns a new value with one more layer.

    `links[k]` is the entity id of ``mentions[k]``. Mentions are sorted by span and do not overlap.
    """

    source: Source
    article: Article
    reading: Reading
    tokens: tuple[Token, ...] = ()
    mentions: tuple[Mention, ...] = ()
    entities: tuple[Entity, ...] = ()
    links: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    statements: tuple[Statement, ...] = ()
    occurrences: tuple[Occurrence, ...] = ()


# ---------------------------------------------------------------- the assembled graph


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionRef:
    """A mention in the assembled graph: which article of which source, and where."""

    source: str
    article: int
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """An administrative division of China: its code of six digits (GB/T 2260), and its official name.

    The name has that of the division above before it where another division bears it as well (杭州市西湖区).
    """

    code: str
    name: str


Member = tuple[str, int, str]
"""An entity of one article: source, index of the article, local id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """Why two entities of the articles were taken for one thing, or nearly were.

    `rank` says how sure the reason is, smaller being surer. `apart` says what kept the two apart, empty when nothing did.
    """

    reason: str
    rank: int
    one: Member
    other: Member
    apart: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Entities of the articles that somebody says are one thing."""

    members: tuple[Member, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Entities of the articles that somebody says are two things: none of `one` is any of `other`."""

    one: tuple[Member, ...]
    other: tuple[Member, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraints:
    """What somebody has decided about identity; the decisions do not contradict each other.

    `names` are the names of the things that the entities belong to, `corrected_by` says in words which decisions an entity
    is subject to.
    """

    together: tuple[Together, ...] = ()
    apart: tuple[Apart, ...] = ()
    names: Mapping[Member, str] = field(default_factory=dict)
    corrected_by: Mapping[Member, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One real thing across articles: which local entities are it, and why they were merged.

    `members` are source, article index and local entity id. `id` is the id of the node that it becomes.
    `local_names` are what only one article understands (市政府); they are no aliases of the node. `divisions` are the
    administrative divisions that its name begins with or names (杭州市科协: 杭州市, 浙江省), innermost first; with
    `is_division` the first of them is the thing itself. `joins` are the links between its members, `near` those from a
    member to another thing that were refused. `corrected_by` says in words which corrections it is subject to.
    """

    id: str
    type: str
    name: str
    subtype: str = ""
    members: tuple[Member, ...] = ()
    merged_because: tuple[str, ...] = ()
    local_names: tuple[str, ...] = ()
    divisions: tuple[Division, ...] = ()
    is_division: bool = False
    joins: tuple[Join, ...] = field(default=(), compare=False)
    near: tuple[Join, ...] = field(default=(), compare=False)
    corrected_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An entity of the assembled graph. `id` is ``type:name`` (``person:王刚（聊城市）``), unique and stable.

    `named_after` is the id of the administrative division that its name begins with, empty for none and for divisions.
    """

    id: str
    type: str
    name: str
    subtype: str = ""
    aliases: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()
    mentions: tuple[MentionRef, ...] = ()
    merged_because: tuple[str, ...] = ()
    named_after: str = ""
    corrected_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An entity as one article names it: `span` is one of its mentions, None where it has none."""

    node: str
    source: str
    article: int
    name: str
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A question of identity that a person may answer: two sightings that were taken for one thing, or were not.

    `apart` says why they were not, empty where they were; `rank` is that of the link, greater being more doubtful.
    """

    reason: str
    rank: int
    one: Sighting
    other: Sighting
    apart: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """An entry of a corrections file in words, with how many things or statements it concerns, or why it has no effect."""

    words: str
    concerned: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedDivision:
    """An administrative division in the graph, a place whether an article names it or not.

    `id` is that of its node; `within` is the id of the division that it lies in, empty for a province.
    """

    id: str
    code: str
    name: str
    within: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reprint:
    """An article of nearly the same text as an earlier one, its original."""

    source: str
    article: int
    original_source: str
    original_article: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """One evidence of an assembled statement: everything that may differ from article to article."""

    source: str
    article: int
    evidence: Evidence
    subject_span: Span
    object_span: Span
    confidence: float
    rule: str
    qualifiers: Mapping[str, str] = field(default_factory=dict)
    attributed_to: str | None = None
    corrected_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A statement of the assembled graph; equal statements are one edge with several supports.

    `key` holds the key qualifiers that the ontology declares for the predicate: they are part of the identity.
    """

    id: str
    subject: str
    predicate: str
    object: str
    modality: Modality
    confidence: float
    supports: tuple[Support, ...]
    key: Mapping[str, str] = field(default_factory=dict)
    occurrence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An occurrence of the assembled graph; `roles` maps role names to node ids."""

    id: str
    kind: str
    roles: Mapping[str, tuple[str, ...]]
    date: When | None = None
    place: str | None = None
    amount: Amount | None = None
    event: str | None = None
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """An input that could not be used, or a statement that was refused, with the reason."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What made a graph, apart from its sources: `resources` maps their names to SHA-256 digests."""

    version: str
    layout: Layout
    min_confidence: float
    resources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeGraph:
    """The whole graph, every collection sorted by its id (articles by source and index)."""

    sources: tuple[Source, ...]
    articles: tuple[Article, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    happenings: tuple[Happening, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    min_confidence: float = 0.0
    divisions: tuple[PlacedDivision, ...] = ()
    reprints: tuple[Reprint, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    corrections: tuple[Correction, ...] = ()
    run: Run | None = None


def covered(spans: Iterable[Span]) -> int:
    """Return how many code points the spans cover, each counted once per span."""
    return sum(s.end - s.start for s in spans)
