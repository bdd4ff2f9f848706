"""What made the graph, in PROV-O: one activity with its settings, the program, the resources and the sources it used.

There is no clock, path or worker count in it. The IRI of the activity is a digest of everything that decides the graph, so
that the same run has the same IRI wherever it is made, and another has another.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

import pyoxigraph as ox

from kg.model import KnowledgeGraph, Run
from kg.serialize import iri
from kg.serialize.namespaces import PROV, nk
from kg.serialize.values import decimal, words
from kg.vocabulary import RDF, RDFS, SCHEMA

PROGRAM = "newskg"


def run_triples(graph: KnowledgeGraph, run: Run, base: str) -> Iterator[ox.Triple]:
    """Yield the triples that say how `run` made `graph`; `base` stands before every IRI."""
    activity = ox.NamedNode(iri.run_iri(base, run_digest(graph, run)))
    agent = ox.NamedNode(iri.software_iri(base, PROGRAM, run.version))
    resources = {ox.NamedNode(iri.resource_iri(base, d)): (name, d) for name, d in run.resources.items()}
    yield from _about(
        dataset(graph, base),
        ("type", _prov("Entity")),
        ("type", ox.NamedNode(SCHEMA + "Dataset")),
        ("generated", activity),
    )
    confidence = decimal(run.min_confidence)
    yield from _about(
        activity,
        ("type", _prov("Activity")),
        ("type", nk("Run")),
        ("layout", words(run.layout)),
        ("confidence", confidence or words(str(run.min_confidence))),
        *(("used", ox.NamedNode(iri.source_iri(base, source.id))) for source in graph.sources),
        *(("used", resource) for resource in resources),
        ("agent", agent),
    )
    yield from _about(
        agent,
        ("type", _prov("SoftwareAgent")),
        ("label", words(PROGRAM)),
        ("version", words(run.version)),
    )
    for resource, (name, digest) in sorted(resources.items(), key=lambda item: item[0].value):
        yield from _about(
            resource,
            ("type", _prov("Entity")),
            ("type", nk("Resource")),
            ("label", words(name)),
            ("digest", words(digest)),
        )


def dataset(graph: KnowledgeGraph, base: str) -> ox.NamedNode:
    """Return the IRI of the graph itself, as the product of its run."""
    return ox.NamedNode(iri.dataset_iri(base, run_digest(graph, graph.run)))


def run_digest(graph: KnowledgeGraph, run: Run | None) -> str:
    """Return 16 hexadecimal digits for everything that decides `graph`: program, settings, resources, sources."""
    content = [
        None
        if run is None
        else [run.version, run.layout, f"{run.min_confidence:.6f}", sorted(run.resources.items())],
        sorted((source.id, source.raw_sha256, source.text_sha256) for source in graph.sources),
    ]
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


_PREDICATES = {
    "type": ox.NamedNode(RDF + "type"),
    "label": ox.NamedNode(RDFS + "label"),
    "version": ox.NamedNode(SCHEMA + "softwareVersion"),
    "layout": nk("layout"),
    "confidence": nk("minConfidence"),
    "digest": nk("digest"),
    "generated": ox.NamedNode(PROV + "wasGeneratedBy"),
    "used": ox.NamedNode(PROV + "used"),
    "agent": ox.NamedNode(PROV + "wasAssociatedWith"),
}


def _prov(name: str) -> ox.NamedNode:
    return ox.NamedNode(PROV + name)


def _about(subject: ox.NamedNode, *pairs: tuple[str, ox.NamedNode | ox.Literal]) -> Iterator[ox.Triple]:
    named = sorted({(_PREDICATES[name].value, str(value)): (name, value) for name, value in pairs}.items())
    named.sort(key=lambda item: item[1][0] != "type")
    return (ox.Triple(subject, _PREDICATES[name], value) for _, (name, value) in named)
