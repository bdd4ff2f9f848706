"""The graph as JSON-LD 1.1: one object per subject, a line each, under a context that the document carries itself.

Terms of the ontology are bare names (``hosts``, ``confidence``), those of other vocabularies have their prefix
(``rdfs:label``), entities begin with ``id:``. The same context is written as a file of its own, for documents that refer to
it and for programs that want the meaning of the names without the data.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, Final

import pyoxigraph as ox

from kg.model import KnowledgeGraph
from kg.serialize import iri
from kg.serialize.namespaces import COMMON, ITSRDF, NIF, PROV, prefix_of
from kg.serialize.triples import Stated, triples_of
from kg.serialize.values import XSD
from kg.vocabulary import NAMESPACE, RDF, SCHEMA, Vocabulary

DATA: Final = "id"
"""The prefix of what lies under the base IRI."""
_TYPE: Final = RDF + "type"
_STRING: Final = XSD + "string"
_INTEGER: Final = XSD + "integer"
_BOOLEAN: Final = XSD + "boolean"
_DECIMAL: Final = XSD + "decimal"
_TERMS: Final = (RDF + "predicate", NAMESPACE + "modality")
"""Properties whose values are terms of the ontology."""
_LINKS: Final = (
    *(RDF + name for name in ("subject", "object")),
    *(
        NAMESPACE + name
        for name in ("article", "evidence", "namedAfter", "objectString", "occurrence", "place", "atEvent")
    ),
    *(NAMESPACE + name for name in ("reprintOf", "subjectString", "support", "within")),
    *(PROV + name for name in ("used", "wasAssociatedWith", "wasGeneratedBy")),
    NIF + "referenceContext",
    ITSRDF + "taIdentRef",
    SCHEMA + "isPartOf",
)
"""Properties, beside relations and roles, whose values are nodes."""
_NUMBERS: Final = tuple(NAMESPACE + name for name in ("confidence", "minConfidence", "amountValue"))
"""Properties whose values are decimal numbers, written as strings: JSON numbers may lose digits."""


def write_jsonld(graph: KnowledgeGraph, vocabulary: Vocabulary, *, base_iri: str = iri.DEFAULT_BASE) -> bytes:
    """Return `graph` as UTF-8 JSON-LD. Raises what :func:`kg.serialize.triples.triples_of` raises."""
    return to_jsonld(triples_of(graph, vocabulary, base_iri=base_iri), vocabulary, base_iri=base_iri)


def to_jsonld(
    triples: Iterable[Stated], vocabulary: Vocabulary, *, base_iri: str = iri.DEFAULT_BASE
) -> bytes:
    """Return `triples`, those of a subject side by side, as UTF-8 JSON-LD with its context inside."""
    context = context_of(vocabulary, base_iri=base_iri)
    writer = _Writer(context["@context"], iri.checked_base(base_iri))
    nodes = ",\n".join(map(_json, writer.nodes(stated.triple for stated in triples)))
    return f'{{"@context": {_json(context["@context"])},\n"@graph": [\n{nodes}\n]}}\n'.encode()


def write_context(vocabulary: Vocabulary, *, base_iri: str = iri.DEFAULT_BASE) -> bytes:
    """Return the context as a document of its own."""
    context = context_of(vocabulary, base_iri=base_iri)
    return (json.dumps(context, ensure_ascii=False, indent=1) + "\n").encode()


def context_of(vocabulary: Vocabulary, *, base_iri: str = iri.DEFAULT_BASE) -> dict[str, Any]:
    """Return the context: prefixes, the names of the ontology, and which values are nodes, terms or numbers."""
    prefixes = {DATA: iri.checked_base(base_iri), **COMMON}
    nodes = {vocabulary.iris[name] for name in (*vocabulary.relations, *vocabulary.groups)}
    nodes |= {vocabulary.iris[role] for roles in vocabulary.occurrences.values() for role in roles}
    kinds = {
        **dict.fromkeys((*_LINKS, *nodes), "@id"),
        **dict.fromkeys(_TERMS, "@vocab"),
        **dict.fromkeys(_NUMBERS, "xsd:decimal"),
    }
    names = {found: name for name, found in vocabulary.iris.items() if _plain(name, prefixes)}
    terms = {**{found: prefix_of(found, COMMON) for found in kinds}, **names}
    defined: dict[str, Any] = {
        name: {"@id": found, "@type": kinds[found]} if found in kinds else found
        for found, name in terms.items()
    }
    return {"@context": {"@version": 1.1, **prefixes, **dict(sorted(defined.items()))}}


def _plain(name: str, prefixes: Mapping[str, str]) -> bool:
    return name not in prefixes and not name.startswith("@") and ":" not in name


class _Writer:
    """Triples -> JSON objects under one context."""

    def __init__(self, context: Mapping[str, Any], base: str) -> None:
        self._base = base
        self._prefixes = {DATA: base, **COMMON}
        defined = {n: v for n, v in context.items() if n != "@version" and n not in self._prefixes}
        self._kinds = {v["@id"]: v["@type"] for v in defined.values() if isinstance(v, dict)}
        self._names = {v["@id"] if isinstance(v, dict) else v: name for name, v in defined.items()}

    def nodes(self, triples: Iterable[ox.Triple]) -> Iterator[dict[str, Any]]:
        for subject, own in groupby(triples, key=lambda triple: triple.subject):
            node: dict[str, Any] = {"@id": self._node(_iri(subject))}
            for predicate, values in groupby(own, key=lambda triple: triple.predicate.value):
                if predicate == _TYPE:
                    found = [self._term(_iri(triple.object)) for triple in values]
                    node["@type"] = found
                    continue
                kind = self._kinds.get(predicate, "")
                listed = [self._value(triple.object, kind) for triple in values]
                node[self._term(predicate)] = listed[0] if len(listed) == 1 else listed
            yield node

    def _value(self, value: object, kind: str) -> object:
        if isinstance(value, ox.NamedNode):
            if kind == "@vocab":
                return self._term(value.value)
            return self._node(value.value) if kind == "@id" else {"@id": self._node(value.value)}
        if not isinstance(value, ox.Literal):
            raise TypeError(f"an IRI or a literal was expected, not {value}")
        datatype = value.datatype.value
        if datatype == _STRING:
            return {"@value": value.value} if kind else value.value
        if datatype == _INTEGER and not kind and str(int(value.value)) == value.value:
            return int(value.value)
        if datatype == _BOOLEAN and not kind:
            return value.value == "true"
        if datatype == _DECIMAL and kind == "xsd:decimal":
            return value.value
        return {"@value": value.value, "@type": prefix_of(datatype, COMMON)}

    def _node(self, found: str) -> str:
        if found.startswith(self._base) and not found.startswith(self._base + "//"):
            return f"{DATA}:{found.removeprefix(self._base)}"
        return prefix_of(found, COMMON)

    def _term(self, found: str) -> str:
        return self._names.get(found) or prefix_of(found, COMMON)


def _iri(term: object) -> str:
    if isinstance(term, ox.NamedNode):
        return term.value
    raise TypeError(f"an IRI was expected, not {term}")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
