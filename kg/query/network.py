"""A finished graph as networkx knows it, read back from ``graph.ttl`` or ``statements.jsonl``.

Both give what `kg.assemble.to_networkx` gives: nodes with ``type``, ``subtype``, ``name``, ``aliases``; edges keyed by the
id of their statement with ``predicate``, ``modality``, ``confidence``, ``qualifiers``, ``flat`` (whether it stands as a
plain fact) and ``evidence`` (dictionaries with text, source, article, start, end, title, published). Nodes of a Turtle file
are keyed by IRI.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import unquote

import networkx as nx
import pyoxigraph as ox

from kg.errors import InputError
from kg.vocabulary import NAMESPACE, RDF, SCHEMA

_NIF: Final = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
_IDENTIFIER: Final = "http://purl.org/dc/terms/identifier"

_Facts = Mapping[str, Mapping[str, list[str]]]
"""subject -> predicate -> objects, all as strings."""


def load_turtle(data: bytes, *, name: str = "graph.ttl") -> nx.MultiDiGraph[str]:
    """Return the network of a Turtle file that newskg wrote.

    Raises InputError that names `name` if it cannot be parsed, or holds no statement nodes to speak of.
    """
    try:
        facts = _facts(ox.parse(data, format=ox.RdfFormat.TURTLE))
    except SyntaxError as error:
        raise InputError(name, f"a Turtle file was expected ({error})") from error
    statements = [s for s in facts if NAMESPACE + "Statement" in facts[s].get(RDF + "type", ())]
    entities = {e for e in facts if _SKOS + "prefLabel" in facts[e]}
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for entity in sorted(entities):
        network.add_node(entity, **_entity(facts[entity]))
    try:
        for statement in sorted(statements):
            about = facts[statement]
            subject, predicate, object_ = (
                _one(about, RDF + end) for end in ("subject", "predicate", "object")
            )
            network.add_edge(
                subject,
                object_,
                key=unquote(statement.rpartition("/")[2]),
                predicate=_local(predicate),
                modality=_local(_one(about, NAMESPACE + "modality")),
                confidence=float(_one(about, NAMESPACE + "confidence")),
                qualifiers=_qualifiers(about),
                flat=_flat(about),
                evidence=_evidence(about, facts),
            )
    except (KeyError, ValueError) as error:
        raise InputError(
            name, f"a graph as `kg build` writes it was expected ({error} is not there)"
        ) from error
    return network


def _facts(quads: Iterable[ox.Quad]) -> _Facts:
    facts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        facts[_value(quad.subject)][quad.predicate.value].append(_value(quad.object))
    return {subject: dict(about) for subject, about in facts.items()}


def _value(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return str(term) if isinstance(term, ox.Triple) else term.value


def _one(about: Mapping[str, list[str]], predicate: str) -> str:
    return about[predicate][0]


def _local(iri: str) -> str:
    return iri.rpartition("#")[2]


def _entity(about: Mapping[str, list[str]]) -> dict[str, Any]:
    types = sorted(_local(t) for t in about.get(RDF + "type", ()) if t.startswith(NAMESPACE))
    body = len(types) > 1 and "Organization" in types
    return {
        "type": "Organization" if body else (types or [""])[0],
        "subtype": next(t for t in types if t != "Organization") if body else "",
        "name": _one(about, _SKOS + "prefLabel"),
        "aliases": tuple(sorted(about.get(_SKOS + "altLabel", ()))),
    }


def _flat(about: Mapping[str, list[str]]) -> bool:
    """Whether the statement stands as a plain triple: another one of the same ends may, and this one not."""
    stated = _local(_one(about, NAMESPACE + "modality")) == "stated"
    return stated and _one(about, NAMESPACE + "accepted") == "true"


_OWN = frozenset({"modality", "confidence", "accepted", "support", "occurrence"})


def _qualifiers(about: Mapping[str, list[str]]) -> dict[str, str]:
    names = (p for p in sorted(about) if p.startswith(NAMESPACE) and _local(p) not in _OWN)
    return {_local(name): about[name][0] for name in names}


def _evidence(about: Mapping[str, list[str]], facts: _Facts) -> tuple[dict[str, Any], ...]:
    found = []
    for support in about.get(NAMESPACE + "support", ()):
        string = facts[_one(facts[support], NAMESPACE + "evidence")]
        article = facts[_one(facts[support], NAMESPACE + "article")]
        source = facts[_one(string, _NIF + "referenceContext")]
        found.append(
            {
                "text": _one(string, _NIF + "anchorOf"),
                "source": _one(source, _IDENTIFIER),
                "article": int(_one(article, NAMESPACE + "articleIndex")),
                "start": int(_one(string, _NIF + "beginIndex")),
                "end": int(_one(string, _NIF + "endIndex")),
                "title": article.get(SCHEMA + "headline", [""])[0],
                "published": article.get(SCHEMA + "datePublished", [""])[0],
            }
        )
    return tuple(sorted(found, key=_place))


def _place(evidence: Mapping[str, Any]) -> tuple[Any, ...]:
    return (evidence["published"] or "9999", evidence["source"], evidence["article"], evidence["start"])


def load_statements(lines: Iterable[str], *, name: str = "statements.jsonl") -> nx.MultiDiGraph[str]:
    """Return the network of ``statements.jsonl``; entities without statements and aliases are not in that file.

    Raises InputError that names `name` and the line for a line that is not a statement.
    """
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            _add(network, json.loads(line))
        except (ValueError, KeyError, TypeError) as error:
            what = f"a statement as `kg build` writes it was expected ({type(error).__name__}: {error})"
            raise InputError(name, f"line {number}: {what}") from error
    return network


_QUOTED = ("text", "source", "article", "start", "end", "title", "published")


def _add(network: nx.MultiDiGraph[str], record: Mapping[str, Any]) -> None:
    for end in (record["subject"], record["object"]):
        about = {"type": end["type"], "subtype": end["subtype"] or "", "name": end["name"], "aliases": ()}
        network.add_node(end["id"], **about)
    network.add_edge(
        record["subject"]["id"],
        record["object"]["id"],
        key=record["id"],
        predicate=record["predicate"],
        modality=record["modality"],
        confidence=record["confidence"],
        qualifiers=dict(record["qualifiers"]),
        flat=record["flat"],
        evidence=tuple({field: quote[field] for field in _QUOTED} for quote in record["evidence"]),
    )
