"""A graph in parts that can be checked one by one: what each article states, and what no article is part of.

A part has subjects of its own, its *focus*; every subject of the graph is in the focus of one part. It also has what the
shapes ask about these: the triples of the things that they point at, the kinds of the things behind those, and what points
at a support or a run. A part that conforms today conforms in every graph that has the same part.
"""

from __future__ import annotations

import hashlib
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg.vocabulary import NAMESPACE, RDF, SCHEMA

PROV: Final = "http://www.w3.org/ns/prov#"
_TYPE: Final = ox.NamedNode(RDF + "type")
_ARTICLE: Final = ox.NamedNode(SCHEMA + "NewsArticle")
_PART_OF: Final = ox.NamedNode(SCHEMA + "isPartOf")
_IN_ARTICLE: Final = ox.NamedNode(NAMESPACE + "article")
_SUPPORT: Final = ox.NamedNode(NAMESPACE + "support")
_BACKWARDS: Final = frozenset({_SUPPORT, ox.NamedNode(PROV + "wasGeneratedBy")})
"""Properties that shapes follow from their objects to their subjects."""
_KINDS: Final = frozenset({_TYPE, ox.NamedNode(NAMESPACE + "divisionCode")})
_LEFT_OVER: Final = 32
"""Parts among which the subjects that belong to no article are dealt by a hash of their names, so that few parts change."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part; `name` is the IRI of its article, empty for what belongs to none.

    `near` are the things that its focus points at; the part has their triples, too. `triples` are sorted.
    """

    name: str
    focus: frozenset[object]
    near: frozenset[object]
    triples: tuple[ox.Triple, ...]

    def digest(self) -> str:
        """Return a digest of the part, the same for the same triples."""
        whole = hashlib.sha256(f"{len(self.focus)}\n".encode())
        whole.update("\n".join(sorted(map(str, self.focus))).encode())
        whole.update("\n".join(sorted(map(str, self.triples))).encode())
        return whole.hexdigest()


def parts(triples: Iterable[ox.Triple]) -> Iterator[Part]:
    """Yield the parts of a graph, articles first, in the order of their names."""
    about: dict[object, list[ox.Triple]] = defaultdict(list)
    pointing: dict[object, list[ox.Triple]] = defaultdict(list)
    stated_in: dict[object, list[object]] = defaultdict(list)
    articles = []
    for triple in triples:
        about[triple.subject].append(triple)
        if triple.predicate in _BACKWARDS:
            pointing[triple.object].append(triple)
        elif triple.predicate == _IN_ARTICLE:
            stated_in[triple.object].append(triple.subject)
        elif triple.object == _ARTICLE and triple.predicate == _TYPE:
            articles.append(triple.subject)
    homeless = set(about)
    for article in sorted(articles, key=str):
        focus = _own(article, about, pointing, stated_in) & homeless
        homeless -= focus
        yield _part(str(getattr(article, "value", article)), focus, about, pointing)
    dealt: dict[int, set[object]] = defaultdict(set)
    for subject in homeless:
        dealt[zlib.crc32(str(subject).encode()) % _LEFT_OVER].add(subject)
    for number in sorted(dealt):
        yield _part("", dealt[number], about, pointing)


_About = Mapping[object, Sequence[ox.Triple]]


def _own(
    article: object, about: _About, pointing: _About, stated_in: Mapping[object, Sequence[object]]
) -> set[object]:
    """Return the article, its source, the statements that it supports, and all that these point at."""
    own = {article}
    own |= {t.object for t in about[article] if t.predicate == _PART_OF}
    statements = {t.subject for s in stated_in.get(article, ()) for t in pointing.get(s, ())}
    own |= set(stated_in.get(article, ())) | statements
    supports = {t.object for s in statements for t in about[s] if t.predicate == _SUPPORT}
    own |= supports
    for subject in (*statements, *supports):
        own |= {t.object for t in about.get(subject, ()) if t.predicate != _IN_ARTICLE}
    return {subject for subject in own if subject in about}


def _part(name: str, focus: set[object], about: _About, pointing: _About) -> Part:
    near = {t.object for s in focus for t in about[s] if t.object in about} - focus
    far = {t.object for s in near for t in about[s] if t.object in about} - focus - near
    found = [t for s in (*focus, *near) for t in about[s]]
    found += [t for s in far for t in about[s] if t.predicate in _KINDS]
    found += [t for s in focus for t in pointing.get(s, ()) if t.subject not in focus | near]
    return Part(name, frozenset(focus), frozenset(near), tuple(sorted(found, key=str)))
