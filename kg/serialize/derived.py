"""Facts that follow from those of the graph by the ontology, as Turtle of their own (``derived.ttl``).

From the flat triples (stated, accepted) and the containment of divisions follow, over and over: symmetric and inverse
properties, super-properties, transitive properties and property chains (containment). Nothing else, no triple from a thing
to itself, and nothing that the graph says already.

How they are marked: the file describes itself as a ``nk:DerivedGraph`` of the graph it comes from. A relation group or an
inverse relation is never asserted, so such a triple bears its mark in its predicate. A derived triple whose predicate is
otherwise asserted has a ``nk:Derivation``, which is an ``owl:Axiom`` as OWL annotates a triple, with the axiom it follows by
and the statements it follows from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import pyoxigraph as ox

from kg.model import KnowledgeGraph
from kg.serialize import iri
from kg.serialize.namespaces import OF_AXIOMS, PROV, nk, prefixes, term, with_sorted_prefixes
from kg.serialize.provenance import dataset, run_digest
from kg.vocabulary import OWL, RDF, RDFS, Inference, Vocabulary

Fact = tuple[str, str, str]
"""Subject, predicate and object, as IRIs."""

_TYPE: Final = ox.NamedNode(RDF + "type")
_SYMMETRIC: Final = OWL + "SymmetricProperty"
_INVERSE: Final = OWL + "inverseOf"
_WIDER: Final = RDFS + "subPropertyOf"
_TRANSITIVE: Final = OWL + "TransitiveProperty"
_CHAIN: Final = OWL + "propertyChainAxiom"
_ABOUT: Final = {
    "zh": "由图谱中已采信的事实按本体推导出的事实；没有自己的原文证据。",
    "en": "Facts that follow from the accepted facts of a graph by its ontology; they have no evidence of their own.",
}


class Why(NamedTuple):
    """Why a fact holds: the kind of axiom, and the facts it follows from; none for what is given."""

    axiom: str
    premises: tuple[Fact, ...]


def write_derived(
    graph: KnowledgeGraph, vocabulary: Vocabulary, *, base_iri: str = iri.DEFAULT_BASE
) -> bytes:
    """Return what follows from `graph` as UTF-8 Turtle. Raises UsageError for an unknown name or an unusable base IRI."""
    base = iri.checked_base(base_iri)
    names = {**prefixes(vocabulary, base), **OF_AXIOMS}
    data = ox.serialize(_derived(graph, vocabulary, base), format=ox.RdfFormat.TURTLE, prefixes=names)
    return with_sorted_prefixes(data or b"")


def _derived(graph: KnowledgeGraph, vocabulary: Vocabulary, base: str) -> Iterator[ox.Triple]:
    statements = _statements(graph, vocabulary, base)
    given = {*statements, *_within(graph, vocabulary, base)}
    reasons = closure(given, vocabulary.inference)
    new = sorted(fact for fact in reasons if fact not in given)
    name = ox.NamedNode(iri.derived_iri(base, run_digest(graph, graph.run)))
    yield ox.Triple(name, _TYPE, nk("DerivedGraph"))
    for language, words in _ABOUT.items():
        yield ox.Triple(name, ox.NamedNode(RDFS + "comment"), ox.Literal(words, language=language))
    yield ox.Triple(name, ox.NamedNode(PROV + "wasDerivedFrom"), dataset(graph, base))
    for fact in new:
        yield ox.Triple(*map(ox.NamedNode, fact))
    for fact in new:
        if fact[1] not in vocabulary.inference.derived:
            yield from _derivation(fact, reasons, statements, base)


def closure(given: Iterable[Fact], inference: Inference) -> dict[Fact, Why]:
    """Return all facts that follow from `given`, and these, with one of the shortest reasons each.

    The result does not depend on the order of `given`. Facts of a thing about itself do not follow.
    """
    reasons = {fact: Why("", ()) for fact in given}
    after: dict[tuple[str, str], set[str]] = defaultdict(set)
    before: dict[tuple[str, str], set[str]] = defaultdict(set)
    latest = sorted(reasons)
    while latest:
        for subject, predicate, object_ in latest:
            after[subject, predicate].add(object_)
            before[object_, predicate].add(subject)
        found: dict[Fact, Why] = {}
        for fact in latest:
            for new, why in _consequences(fact, inference, after, before):
                if new not in reasons and new[0] != new[2]:
                    found[new] = min(found.get(new, why), why)
        reasons |= found
        latest = sorted(found)
    return reasons


_Index = dict[tuple[str, str], set[str]]


def _consequences(
    fact: Fact, inference: Inference, after: _Index, before: _Index
) -> Iterator[tuple[Fact, Why]]:
    """Yield what follows from `fact` in one step, with all that is known."""
    subject, predicate, object_ = fact
    for wide in inference.wider.get(predicate, ()):
        yield (subject, wide, object_), Why(_WIDER, (fact,))
    for back in inference.backwards.get(predicate, ()):
        yield (object_, back, subject), Why(_SYMMETRIC if back == predicate else _INVERSE, (fact,))
    for first, second, implied in inference.chains:
        axiom = _TRANSITIVE if first == second == implied else _CHAIN
        if predicate == first:
            for end in after.get((object_, second), ()):
                yield (subject, implied, end), Why(axiom, (fact, (object_, second, end)))
        if predicate == second:
            for start in before.get((subject, first), ()):
                yield (start, implied, object_), Why(axiom, ((start, first, subject), fact))


def _within(graph: KnowledgeGraph, vocabulary: Vocabulary, base: str) -> Iterator[Fact]:
    """Yield what the gazetteer says of divisions, which has no statements."""
    for division in graph.divisions:
        if division.within:
            ends = iri.entity_iri(base, division.id), iri.entity_iri(base, division.within)
            yield ends[0], term(vocabulary, "within").value, ends[1]


def _statements(graph: KnowledgeGraph, vocabulary: Vocabulary, base: str) -> dict[Fact, list[str]]:
    """Return the statements behind each flat triple."""
    found: dict[Fact, list[str]] = defaultdict(list)
    for edge in graph.edges:
        if edge.modality == "stated" and edge.confidence >= graph.min_confidence:
            predicate = vocabulary.relation(edge.predicate).iri
            ends = iri.entity_iri(base, edge.subject), iri.entity_iri(base, edge.object)
            found[ends[0], predicate, ends[1]].append(iri.statement_iri(base, edge.id))
    return found


def _derivation(
    fact: Fact, reasons: dict[Fact, Why], statements: dict[Fact, list[str]], base: str
) -> Iterator[ox.Triple]:
    name = ox.NamedNode(iri.derivation_iri(base, *fact))
    yield ox.Triple(name, _TYPE, nk("Derivation"))
    yield ox.Triple(name, _TYPE, ox.NamedNode(OWL + "Axiom"))
    ends = ("annotatedSource", "annotatedProperty", "annotatedTarget")
    for part, value in zip(ends, fact, strict=True):
        yield ox.Triple(name, ox.NamedNode(OWL + part), ox.NamedNode(value))
    yield ox.Triple(name, nk("derivedBy"), ox.NamedNode(reasons[fact].axiom))
    behind = {statement for leaf in _leaves(fact, reasons) for statement in statements.get(leaf, ())}
    for statement in sorted(behind):
        yield ox.Triple(name, ox.NamedNode(PROV + "wasDerivedFrom"), ox.NamedNode(statement))


def _leaves(fact: Fact, reasons: dict[Fact, Why]) -> set[Fact]:
    """Return the given facts that `fact` follows from in the end."""
    found: set[Fact] = set()
    waiting = [fact]
    while waiting:
        one = waiting.pop()
        premises = reasons[one].premises
        waiting += premises
        if not premises:
            found.add(one)
    return found
