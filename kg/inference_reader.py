"""What the ontology declares about its properties -> what follows from what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

import pyoxigraph as ox

from kg.terms import NAMESPACE, OWL, RDF, RDFS, Inference, local_name

_TYPE = RDF + "type"
_CHAIN_LENGTH = 2
_NEVER_ASSERTED = (NAMESPACE + "RelationGroup", NAMESPACE + "InverseRelation")


class Axioms:
    """The triples of the ontology files that say what follows from a property."""

    def __init__(self) -> None:
        self._links: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._chains: list[tuple[str, object]] = []
        self._cells: dict[ox.BlankNode, dict[str, object]] = defaultdict(dict)

    def add(self, quad: ox.Quad) -> None:
        """Take notice of one triple."""
        subject, predicate, value = quad.subject, quad.predicate.value, quad.object
        if isinstance(subject, ox.BlankNode):
            self._cells[subject][predicate] = value
        elif isinstance(subject, ox.NamedNode) and isinstance(value, ox.NamedNode):
            self._links[predicate].append((subject.value, value.value))
        elif isinstance(subject, ox.NamedNode) and predicate == OWL + "propertyChainAxiom":
            self._chains.append((subject.value, value))

    def pairs(self, predicate: str) -> list[tuple[str, str]]:
        """Return the distinct pairs of `predicate`, in file order."""
        return list(dict.fromkeys(self._links[predicate]))

    def typed(self, class_: str) -> list[str]:
        """Return what is of `class_`, in file order."""
        return [subject for subject, found in self.pairs(_TYPE) if found == class_]

    def chains(self) -> list[tuple[str, list[str]]]:
        """Return what chains imply, each with the properties of its chain."""
        return list(map(self._chain, self._chains))

    def _chain(self, axiom: tuple[str, object]) -> tuple[str, list[str]]:
        implied, rest = axiom
        found: list[str] = []
        while isinstance(rest, ox.BlankNode) and rest in self._cells and len(found) <= _CHAIN_LENGTH:
            first = self._cells[rest].get(RDF + "first")
            found.append(first.value if isinstance(first, ox.NamedNode) else "")
            rest = self._cells[rest].get(RDF + "rest")
        return implied, found


def read_inference(axioms: Axioms, named: Mapping[str, str], fail: Callable[[str, str], None]) -> Inference:
    """Return what follows from what.

    `named` maps the IRIs of the terms that have labels to their names; `fail` raises OntologyError for a term and what was
    expected of it: an axiom about a property without labels, a chain of any length but two.
    """

    def known(about: str, properties: Iterable[str]) -> None:
        for found in (about, *properties):
            if found not in named:
                fail(
                    local_name(about), f"properties with labels in its axioms, not {found or 'anything else'}"
                )

    wider: dict[str, list[str]] = defaultdict(list)
    backwards: dict[str, list[str]] = defaultdict(list)
    chains: list[tuple[str, str, str]] = []
    for narrow, wide in axioms.pairs(RDFS + "subPropertyOf"):
        if narrow in named and wide in named:
            wider[narrow].append(wide)
    for one in axioms.typed(OWL + "SymmetricProperty"):
        known(one, ())
        backwards[one].append(one)
    for one, other in axioms.pairs(OWL + "inverseOf"):
        known(one, [other])
        for first, second in ((one, other), (other, one)):
            if second not in backwards[first]:
                backwards[first].append(second)
    for one in axioms.typed(NAMESPACE + "InverseRelation"):
        if one not in backwards:
            fail(local_name(one), "an owl:inverseOf, for it is a nk:InverseRelation")
    for one in axioms.typed(OWL + "TransitiveProperty"):
        known(one, ())
        chains.append((one, one, one))
    for implied, parts in axioms.chains():
        known(implied, parts)
        if len(parts) != _CHAIN_LENGTH:
            fail(local_name(implied), "an owl:propertyChainAxiom of two properties")
        chains.append((parts[0], parts[1], implied))
    return Inference(
        wider=_frozen(wider),
        backwards=_frozen(backwards),
        chains=tuple(dict.fromkeys(chains)),
        derived=frozenset(_derived(axioms, fail)),
    )


def _derived(axioms: Axioms, fail: Callable[[str, str], None]) -> Iterator[str]:
    asserted = set(axioms.typed(NAMESPACE + "Relation"))
    for class_ in _NEVER_ASSERTED:
        for one in axioms.typed(class_):
            if one in asserted:
                fail(local_name(one), f"nk:Relation or nk:{local_name(class_)}, not both")
            yield one


def _frozen(found: Mapping[str, list[str]]) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({name: tuple(values) for name, values in found.items() if values})
