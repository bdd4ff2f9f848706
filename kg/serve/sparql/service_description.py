"""What the endpoint says of itself where nothing is asked: the SPARQL 1.1 Service Description."""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox

_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_VOID: Final = "http://rdfs.org/ns/void#"
_FORMATS: Final = "http://www.w3.org/ns/formats/"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_WRITTEN: Final = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "JSON-LD",
    "RDF_XML",
)


def service_description(endpoint: str, *, graph: str, triples: int | None, form: ox.RdfFormat) -> bytes:
    """Return the description of the service at the IRI `endpoint`, whose one graph has the IRI `graph`."""
    service, dataset, default = ox.NamedNode(endpoint), ox.BlankNode("dataset"), ox.BlankNode("graph")
    type_ = ox.NamedNode(_RDF + "type")
    described = [
        ox.Triple(service, type_, _sd("Service")),
        ox.Triple(service, _sd("endpoint"), service),
        ox.Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        *(ox.Triple(service, _sd("resultFormat"), ox.NamedNode(_FORMATS + name)) for name in _WRITTEN),
        ox.Triple(service, _sd("defaultDataset"), dataset),
        ox.Triple(dataset, type_, _sd("Dataset")),
        ox.Triple(dataset, ox.NamedNode(_VOID + "uriSpace"), ox.Literal(graph)),
        ox.Triple(dataset, _sd("defaultGraph"), default),
        ox.Triple(default, type_, _sd("Graph")),
    ]
    if triples is not None:
        count = ox.Literal(str(triples), datatype=ox.NamedNode(_XSD + "integer"))
        described.append(ox.Triple(default, ox.NamedNode(_VOID + "triples"), count))
    prefixes = {"sd": _SD} if form == ox.RdfFormat.TURTLE else None  # several would come in no order
    return ox.serialize(described, format=form, prefixes=prefixes) or b""


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(_SD + name)
