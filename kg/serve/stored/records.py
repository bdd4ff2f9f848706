"""Values of the model read from the triples about one subject; what is not whole is None, as in files from elsewhere.

What the triples do not hold does not come back: the mentions of a node (its statements name theirs), the text of a source
beyond the strings of its evidence, the spans and passages of an article and whether it goes on elsewhere, the order of
aliases, dates, amounts, authors, reasons and of those who have one role (they come back sorted, each once), digits of a
confidence behind the fourth, a date or an amount that is none (its words do), and half surrogate pairs in anything
but ids (they are U+FFFD).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, cast

import pyoxigraph as ox

from kg.model import Amount, Article, Edge, Evidence, Happening, Modality, Node, Span, Support, When
from kg.serialize import iri
from kg.serialize.namespaces import NIF, nk, term
from kg.serve.stored.survey import ALIAS, LABEL, OBJECT, SUBJECT, TYPE, number_of
from kg.vocabulary import RDF, SCHEMA, Vocabulary

Properties = Mapping[str, list[str]]
"""The objects of a subject by the IRI of the predicate: IRIs and the words of literals, sorted."""

_PREDICATE: Final = RDF + "predicate"
_STRING: Final = re.compile(r"(.*)#char=([0-9]{1,15}),([0-9]{1,15})", re.DOTALL)
_ANCHOR: Final = ox.NamedNode(NIF + "anchorOf")
_REMEMBERED: Final = 4096
_LAST: Final = "9999"
"""Behind every year: where an article stands that has no date."""


class Records:
    """Reads the values of one graph; several threads may read at once."""

    def __init__(self, store: ox.Store, vocabulary: Vocabulary, *, base_iri: str) -> None:
        self._store = store
        self._base = base_iri
        self._types = {term(vocabulary, t).value: t for t in vocabulary.entity_types}
        self._subtypes = {term(vocabulary, t).value: t for t in vocabulary.subtypes}
        self._relations = {term(vocabulary, r).value: r for r in vocabulary.relations}
        self._qualifiers = {term(vocabulary, q).value: q for q in vocabulary.qualifiers}
        self._occurrences = {term(vocabulary, o).value: o for o in vocabulary.occurrences}
        self._roles = {
            term(vocabulary, role).value: role for roles in vocabulary.occurrences.values() for role in roles
        }
        self._modalities = {nk(m).value: m for m in vocabulary.modalities}
        self.article = lru_cache(maxsize=_REMEMBERED)(self._article)

    def node(self, id_: str) -> Node | None:
        """Return the entity with this id."""
        found = self._about(iri.entity_iri(self._base, id_))
        types = found.get(TYPE.value, [])
        type_ = next((self._types[t] for t in types if t in self._types), None)
        if type_ is None:
            return None
        return Node(
            id=id_,
            type=type_,
            name=_first(found, LABEL.value) or id_,
            subtype=next((self._subtypes[t] for t in types if t in self._subtypes), ""),
            aliases=_all(found, ALIAS.value),
            dates=_all(found, nk("dateText").value),
            amounts=_all(found, nk("amountText").value),
            merged_because=_all(found, nk("mergedBecause").value),
            named_after=self._id(_first(found, nk("namedAfter").value)) or "",
            corrected_by=_all(found, nk("correctedBy").value),
        )

    def edge(self, name: str) -> Edge | None:
        """Return the statement with this name below ``statement/``; a support that is not whole is left out."""
        found = self._about(f"{self._base}statement/{name}")
        subject, object_ = self._id(_first(found, SUBJECT.value)), self._id(_first(found, OBJECT.value))
        predicate = self._relations.get(_first(found, _PREDICATE))
        modality = self._modalities.get(_first(found, nk("modality").value))
        is_statement = nk("Statement").value in found.get(TYPE.value, [])
        if not is_statement or not subject or not object_ or predicate is None or modality is None:
            return None
        key = self._qualified(found)
        supports = [
            support
            for link in found.get(nk("support").value, [])
            if (support := self._support(link, key)) is not None
        ]
        return Edge(
            id=iri.unescaped(name),
            subject=subject,
            predicate=predicate,
            object=object_,
            modality=cast("Modality", modality),
            confidence=number_of(_first(found, nk("confidence").value)),
            supports=tuple(sorted(supports, key=self._order)),
            key=key,
            occurrence=self._below("occurrence/", _first(found, nk("occurrence").value)),
        )

    def _support(self, name: str, key: Mapping[str, str]) -> Support | None:
        found = self._about(name)
        article = self.article(_first(found, nk("article").value))
        string = _first(found, nk("evidence").value)
        evidence, subject, object_ = (
            _span(_first(found, nk(role).value)) if role != "evidence" else _span(string)
            for role in ("evidence", "subjectString", "objectString")
        )
        if article is None or evidence is None or subject is None or object_ is None:
            return None
        return Support(
            source=article.source,
            article=article.index,
            evidence=Evidence(start=evidence.start, end=evidence.end, text=self._text(string)),
            subject_span=subject,
            object_span=object_,
            confidence=number_of(_first(found, nk("confidence").value)),
            rule=_first(found, nk("rule").value),
            qualifiers={**key, **self._qualified(found)},
            attributed_to=_first(found, nk("attributedTo").value) or None,
            corrected_by=_all(found, nk("correctedBy").value),
        )

    def _order(self, support: Support) -> tuple[object, ...]:
        """Return what sorts supports as the graph had them: earliest article first, then place, then the rest."""
        article = self.article(iri.article_iri(self._base, support.source, support.article))
        return (
            (article.published if article else "") or _LAST,
            *(support.source, support.article),
            *(support.evidence.start, support.evidence.end, *support.subject_span, *support.object_span),
            *(support.confidence, support.rule, repr(sorted(support.qualifiers.items()))),
            *(support.attributed_to or "", support.corrected_by),
        )

    def _article(self, name: str) -> Article | None:
        """Return the article with this IRI."""
        found = self._about(name)
        source = self._below("source/", _first(found, SCHEMA + "isPartOf"))
        index = _first(found, nk("articleIndex").value)
        is_article = SCHEMA + "NewsArticle" in found.get(TYPE.value, [])
        if not is_article or source is None or not (index.isascii() and index.isdigit()):
            return None
        return Article(
            source=source,
            index=int(index),
            spans=(),
            passages=(),
            title=_first(found, SCHEMA + "headline"),
            published=_first(found, SCHEMA + "datePublished"),
            publisher=_first(found, SCHEMA + "publisher"),
            byline=_all(found, SCHEMA + "author"),
        )

    def happening(self, name: str) -> Happening | None:
        """Return the occurrence with this name below ``occurrence/``."""
        found = self._about(f"{self._base}occurrence/{name}")
        types = found.get(TYPE.value, [])
        kind = next((self._occurrences[t] for t in types if t in self._occurrences), None)
        if kind is None or nk("Occurrence").value not in types:
            return None

        def one(name: str) -> str:
            return _first(found, nk(name).value)

        start, end = one("startDate"), one("endDate")
        value = f"{start}/{end}" if start and end else start or one("onDate")
        dated = value or nk("dateText").value in found
        paid = one("amountValue") or nk("amountText").value in found
        return Happening(
            id=iri.unescaped(name),
            kind=kind,
            roles={
                role: tuple(id_ for link in found[name] if (id_ := self._id(link)) is not None)
                for name, role in self._roles.items()
                if name in found
            },
            date=When(value=value or one("dateText"), text=one("dateText")) if dated else None,
            place=self._id(one("place")),
            amount=Amount(
                value=one("amountValue"),
                currency=one("currency"),
                text=one("amountText"),
                modifier=one("amountModifier"),
            )
            if paid
            else None,
            event=self._id(one("atEvent")),
            subject=one("agreement"),
        )

    def _about(self, name: str) -> Properties:
        found: dict[str, list[str]] = {}
        for predicate, value in self._pairs(name):
            found.setdefault(predicate, []).append(value)
        for values in found.values():
            values.sort()
        return found

    def _pairs(self, name: str) -> Iterator[tuple[str, str]]:
        if not name:
            return
        for quad in self._store.quads_for_pattern(ox.NamedNode(name), None, None):
            value = quad.object
            if isinstance(value, ox.NamedNode | ox.Literal):
                yield quad.predicate.value, value.value

    def _text(self, string: str) -> str:
        texts = self._store.quads_for_pattern(ox.NamedNode(string), _ANCHOR, None)
        return min((quad.object.value for quad in texts if isinstance(quad.object, ox.Literal)), default="")

    def _qualified(self, found: Properties) -> dict[str, str]:
        return {
            self._qualifiers[p]: values[0] for p, values in sorted(found.items()) if p in self._qualifiers
        }

    def _id(self, name: str) -> str | None:
        return self._below("", name)

    def _below(self, folder: str, name: str) -> str | None:
        """Return what `name` names below a folder of the base IRI, None for what lies elsewhere."""
        above = self._base + folder
        return iri.unescaped(name[len(above) :]) if name.startswith(above) else None


def _first(found: Properties, predicate: str) -> str:
    values = found.get(predicate)
    return values[0] if values else ""


def _all(found: Properties, predicate: str) -> tuple[str, ...]:
    return tuple(found.get(predicate, ()))


def _span(string: str) -> Span | None:
    """Return the characters that the IRI of a string names."""
    match = _STRING.fullmatch(string)
    return None if match is None else Span(int(match[2]), int(match[3]))
