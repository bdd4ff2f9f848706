"""Namespaces and prefixes that the RDF writers share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pyoxigraph as ox

from kg.serialize.values import XSD
from kg.vocabulary import NAMESPACE, OWL, RDF, RDFS, SCHEMA, Vocabulary

NIF: Final = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
ITSRDF: Final = "http://www.w3.org/2005/11/its/rdf#"
DCTERMS: Final = "http://purl.org/dc/terms/"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
PROV: Final = "http://www.w3.org/ns/prov#"

COMMON: Final = {
    "nk": NAMESPACE,
    "dcterms": DCTERMS,
    "itsrdf": ITSRDF,
    "nif": NIF,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SCHEMA,
    "skos": SKOS,
    "xsd": XSD,
}
"""The prefixes of everything but the data's own IRIs."""

OF_AXIOMS: Final = {"owl": OWL}
"""The prefix that only derived facts need."""


def prefixes(vocabulary: Vocabulary, base: str) -> dict[str, str]:
    """Return the prefixes: those of the data, so that ``organization:云岭大学`` reads as the entity, and the common ones."""
    own = {name.lower(): f"{base}{name.lower()}:" for name in vocabulary.entity_types if name.isascii()}
    return {
        **own,
        "statement": f"{base}statement/",
        "support": f"{base}support/",
        "occurrence": f"{base}occurrence/",
        **COMMON,
    }


def prefix_of(iri: str, known: Mapping[str, str]) -> str:
    """Return `iri` with the prefix of `known` that it begins with, or as it is.

    >>> prefix_of("http://www.w3.org/ns/prov#used", COMMON)
    'prov:used'
    """
    for prefix, namespace in known.items():
        if iri.startswith(namespace) and not iri.startswith("//", len(namespace)):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def nk(name: str) -> ox.NamedNode:
    """Return the term `name` of the ontology."""
    return ox.NamedNode(NAMESPACE + name)


def term(vocabulary: Vocabulary, name: str) -> ox.NamedNode:
    """Return the IRI of a class, subtype, relation or qualifier, wherever it is defined."""
    return ox.NamedNode(vocabulary.iris.get(name, NAMESPACE + name))


def with_sorted_prefixes(data: bytes) -> bytes:
    """Sort the leading prefix lines: pyoxigraph writes them in the order of a hash table with a random seed."""
    lines = data.split(b"\n")
    count = next((i for i, line in enumerate(lines) if not line.startswith(b"@prefix ")), len(lines))
    return b"\n".join([*sorted(lines[:count]), *lines[count:]])
