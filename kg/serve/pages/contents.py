"""What the page of every kind of thing shows, as values for its template."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request

from kg.serialize.namespaces import DCTERMS, NIF, nk, prefix_of, prefixes
from kg.serialize.pieces import unwrapped
from kg.serve.pages.descriptions import Descriptions
from kg.serve.pages.rendering import asked_language
from kg.serve.pages.things import Places, Thing
from kg.serve.pages.views import SENTENCES, Line, Link, Viewer
from kg.serve.stored.reading import StoredGraph
from kg.vocabulary import NAMESPACE, Vocabulary

PAGE_SIZE: Final = 50
"""How many statements one page of a well connected entity shows."""

SENTENCES_PER_PAGE: Final = 200
PASSAGES_PER_PAGE: Final = 1000
LISTED: Final = 100
"""How many things a page lists that lead to its own by something else than a statement."""

LAST_OFFSET: Final = 10_000_000

Values = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which part of a long list a page shows, with the addresses of its neighbours."""

    first: int
    last: int
    previous: str
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A page that is asked for: of which thing, from which place of a long list on, in which language."""

    request: Request
    thing: Thing
    offset: int
    viewer: Viewer
    words: Mapping[str, str]


class Contents:
    """Puts pages together; ``template`` among the values is the name of their template."""

    def __init__(
        self, stored: StoredGraph, descriptions: Descriptions, vocabulary: Vocabulary, *, places: Places
    ) -> None:
        self._stored = stored
        self._descriptions = descriptions
        self._vocabulary = vocabulary
        self._places = places
        self._least = stored.served.min_confidence
        self._makers: Mapping[str, Callable[[Asked], Values | None]] = {
            "entity": self._entity,
            "statement": self._statement,
            "article": self._article,
            "occurrence": self._occurrence,
            "source": self._source,
        }

    def viewer(self, request: Request, *, language: str, words: Mapping[str, str]) -> Viewer:
        """Return what makes views in `language`; they keep to it if the address asks for it."""
        asked = asked_language(request)
        return Viewer(
            self._stored,
            self._vocabulary,
            self._places,
            language=language,
            untitled=words["untitled"],
            query=f"?lang={asked}" if asked else "",
        )

    def of(self, request: Request, thing: Thing, *, language: str, words: Mapping[str, str]) -> Values:
        """Return what the page of `thing` shows; raises HTTPException for an offset that is none."""
        asked = Asked(
            request=request,
            thing=thing,
            offset=_offset(request),
            viewer=self.viewer(request, language=language, words=words),
            words=words,
        )
        return self._makers.get(thing.kind, self._other)(asked) or self._other(asked)

    def _entity(self, asked: Asked) -> Values | None:
        id_, viewer, words = asked.thing.id, asked.viewer, asked.words
        node = self._stored.node(id_)
        if node is None:
            return None
        about = self._descriptions.fields(asked.thing.iri)
        related = [("namedAfter", node.named_after)]
        related += [("within", self._id(found)) for found in about.get(nk("within").value, ())]
        edges = self._stored.edges_of(id_, limit=PAGE_SIZE + 1, offset=asked.offset)
        return {
            "template": "node",
            "title": node.name,
            "node": node,
            "type": viewer.type_of(node),
            "explore": _explorer(entity=id_),
            "degree": self._stored.degree(id_),
            "related": [(words[name], viewer.entity(other)) for name, other in related if other],
            "division_code": "".join(about.get(nk("divisionCode").value, ())),
            "groups": viewer.groups(id_, edges[:PAGE_SIZE]),
            "part": _part(asked, PAGE_SIZE, found=len(edges)),
            "pointing": self._pointing(asked),
        }

    def _pointing(self, asked: Asked) -> list[tuple[str, list[Link], int]]:
        """Return what leads to an entity beside statements, each kind with its name and how many there are."""
        if asked.offset:
            return []
        target = asked.thing.iri
        happened = {
            iri
            for name in ("place", "atEvent")
            for iri in self._descriptions.pointing(nk(name), target)
            if iri.startswith(f"{self._places.base}occurrence/")
        }
        found = [
            ("occurrences", sorted(happened), asked.viewer.occurrence),
            ("parts", self._descriptions.pointing(nk("within"), target), asked.viewer.entity),
            ("bearers", self._descriptions.pointing(nk("namedAfter"), target), asked.viewer.entity),
        ]
        return [
            (asked.words[word], [link(self._id(iri)) for iri in iris[:LISTED]], len(iris))
            for word, iris, link in found
        ]

    def _statement(self, asked: Asked) -> Values | None:
        edge = self._stored.edge(asked.thing.id)
        if edge is None:
            return None
        line = asked.viewer.line(edge, most=SENTENCES_PER_PAGE, start=asked.offset)
        return {
            "template": "statement",
            "title": f"{line.subject.text} {line.relation} {line.object.text}",
            "line": line,
            "modality": asked.viewer.label(edge.modality),
            "explore": _explorer(entity=edge.subject, **{"with": edge.object}),
            "part": _part(asked, SENTENCES_PER_PAGE, found=line.total - asked.offset),
        }

    def _article(self, asked: Asked) -> Values | None:
        article = self._stored.article(asked.thing.id, asked.thing.index)
        if article is None:
            return None
        supports = self._descriptions.pointing(nk("article"), asked.thing.iri)
        statements = {s for support in supports for s in self._descriptions.pointing(nk("support"), support)}
        originals = self._descriptions.fields(asked.thing.iri).get(nk("reprintOf").value, ())
        return {
            "template": "article",
            "title": article.title or asked.words["untitled"],
            "article": article,
            "source": asked.viewer.source(article.source),
            "originals": self._articles(originals, asked.viewer),
            "reprints": self._articles(
                self._descriptions.pointing(nk("reprintOf"), asked.thing.iri), asked.viewer
            ),
            **self._told(asked, sorted(statements)),
        }

    def _occurrence(self, asked: Asked) -> Values | None:
        happening = self._stored.happening(asked.thing.id)
        if happening is None:
            return None
        viewer, words = asked.viewer, asked.words
        kind = viewer.label(happening.kind)
        return {
            "template": "occurrence",
            "title": kind if happening.date is None else f"{kind} {happening.date.value}",
            "kind": kind,
            "happening": happening,
            "parties": viewer.parties(happening),
            "related": [
                (words[name], viewer.entity(id_))
                for name, id_ in (("place", happening.place), ("event", happening.event))
                if id_ is not None
            ],
            **self._told(asked, self._descriptions.pointing(nk("occurrence"), asked.thing.iri)),
        }

    def _source(self, asked: Asked) -> Values:
        about = self._descriptions.fields(asked.thing.iri)
        facts = (
            ("format", DCTERMS + "format"),
            ("length", NIF + "endIndex"),
            ("digest", nk("rawSha256").value),
            ("textDigest", nk("textSha256").value),
        )
        passages = self._descriptions.evidence_in(asked.thing.iri)
        return {
            "template": "source",
            "title": asked.thing.id,
            "facts": [(asked.words[word], "".join(about.get(name, ()))) for word, name in facts],
            "articles": self._articles(self._descriptions.articles_of(asked.thing.iri), asked.viewer),
            "strings": [
                Link(
                    href=string.partition("#")[2],
                    text=unwrapped(self._descriptions.text_of(string)),
                    note=f"{start}–{end}",
                )
                for start, end, string in passages[asked.offset : asked.offset + PASSAGES_PER_PAGE]
            ],
            "part": _part(asked, PASSAGES_PER_PAGE, found=len(passages) - asked.offset),
        }

    def _other(self, asked: Asked) -> Values:
        """Show the triples themselves."""
        known = prefixes(self._vocabulary, self._places.base)
        facts: dict[str, list[Link]] = {}
        for name, values in self._descriptions.fields(asked.thing.iri).items():
            own = name.startswith(NAMESPACE)
            label = asked.viewer.label(name.removeprefix(NAMESPACE)) if own else prefix_of(name, known)
            facts[label] = [
                Link(
                    href=asked.viewer.href(value) if value.startswith(self._places.base) else "",
                    text=prefix_of(value, known),
                )
                for value in values
            ]
        return {"template": "other", "title": prefix_of(asked.thing.iri, known), "facts": list(facts.items())}

    def _told(self, asked: Asked, statements: Sequence[str]) -> Values:
        """Return a page of the statements with these IRIs, the surest of the page first."""
        ids = [self._id(iri) for iri in statements[asked.offset : asked.offset + PAGE_SIZE]]
        edges = [edge for id_ in ids if (edge := self._stored.edge(id_)) is not None]
        edges.sort(key=lambda e: (e.confidence < self._least, e.modality != "stated", -e.confidence, e.id))
        lines: list[Line] = [asked.viewer.line(edge, most=SENTENCES) for edge in edges]
        return {"lines": lines, "part": _part(asked, PAGE_SIZE, found=len(statements) - asked.offset)}

    def _articles(self, iris: Sequence[str], viewer: Viewer) -> list[Link]:
        things = [self._places.thing(self._places.path(iri).encode()) for iri in iris]
        found = [self._stored.article(thing.id, thing.index) for thing in things if thing is not None]
        there = sorted((a for a in found if a is not None), key=lambda a: (a.source, a.index))
        return [viewer.article(article) for article in there]

    def _id(self, iri: str) -> str:
        thing = self._places.thing(self._places.path(iri).encode())
        return "" if thing is None else thing.id


def _explorer(**fields: str) -> str:
    return "/#" + urlencode(fields, errors="replace")


def _offset(request: Request) -> int:
    given = request.query_params.get("offset", "0")
    if not given.isascii() or not given.isdecimal() or len(given) > 8:
        raise HTTPException(400, f"offset: a number from 0 to {LAST_OFFSET} was expected.")
    return min(int(given), LAST_OFFSET)


def _part(asked: Asked, size: int, *, found: int) -> Part:
    offset, shown = asked.offset, max(min(found, size), 0)
    return Part(
        first=offset + 1 if shown else offset,
        last=offset + shown,
        previous=_at(asked.request, max(offset - size, 0)) if offset else "",
        next=_at(asked.request, offset + size) if found > size else "",
    )


def _at(request: Request, offset: int) -> str:
    others = [(key, value) for key, value in request.query_params.multi_items() if key != "offset"]
    return "?" + urlencode([*others, ("offset", str(offset))], errors="replace")
