"""Does a Turtle file keep the promises of the graph? SHACL shapes, then what SHACL cannot express.

The shapes are those of ``ontology/shapes.ttl``, with the relations of the vocabulary at hand (which may have a user's
overlay). Beyond them: the offsets in a string's IRI are its nif:beginIndex and nif:endIndex, the string is as long as
they say, it ends within its source, and the flat triples are those of the accepted stated statements.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

import pyoxigraph as ox

from kg.errors import InputError, OntologyError
from kg.parts import parts
from kg.shapes import shapes_turtle
from kg.vocabulary import NAMESPACE, RDF, RDFS, Vocabulary, load_vocabulary, local_name, ontology_folder

if TYPE_CHECKING:
    import rdflib

_TYPE: Final = ox.NamedNode(RDF + "type")
_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"
_NIF: Final = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"


_TOGETHER: Final = 64
"""Articles checked at once: many enough that the shapes are read rarely, few enough to keep memory flat."""


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One promise that a graph breaks: at which node, by which property, what was expected, what was found.

    `article` is the IRI of the article that the node belongs to, where it belongs to one.
    """

    focus: str
    path: str
    message: str
    value: str = ""
    article: str = ""

    def __str__(self) -> str:
        found = f" (found {self.value})" if self.value else ""
        where = f", in {self.article}" if self.article not in ("", self.focus) else ""
        return f"{self.focus} {self.path}: {self.message}{found}{where}"


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """Whether a graph conforms, and every violation, sorted."""

    conforms: bool
    violations: tuple[Violation, ...] = ()


class Known(Protocol):
    """Who knows which parts of graphs have been found to conform, by their digests."""

    def conforms(self, digest: str) -> bool:
        """Whether the part with this digest is known to conform."""
        ...

    def keep_conforming(self, digests: Iterable[str]) -> None:
        """Learn that the parts with these digests conform."""


def validate(
    turtle: bytes | Path, *, vocabulary: Vocabulary | None = None, known: Known | None = None
) -> ValidationReport:
    """Check a Turtle document against the shapes, article by article; parts that are `known` to conform are not checked.

    `turtle` is the document or its path. Raises InputError if it cannot be read or parsed, OntologyError for broken shapes.
    """
    name = str(turtle) if isinstance(turtle, Path) else "graph"
    vocabulary = vocabulary or load_vocabulary()
    try:
        data = turtle.read_bytes() if isinstance(turtle, Path) else turtle
        triples = [quad.triple for quad in ox.parse(data, format=ox.RdfFormat.TURTLE)]
    except OSError as error:
        raise InputError(name, f"a readable Turtle file was expected ({error.strerror})") from error
    except SyntaxError as error:
        raise InputError(name, f"Turtle was expected ({error.msg})") from error
    found = {
        *_by_article(triples, vocabulary, known),
        *_offsets(triples),
        *_unsupported(triples, vocabulary),
        *_twins(triples),
    }
    return ValidationReport(conforms=not found, violations=tuple(sorted(found)))


def _by_article(triples: list[ox.Triple], vocabulary: Vocabulary, known: Known | None) -> Iterator[Violation]:
    """Yield what breaks the shapes, some articles at a time, so that memory does not grow with the graph."""
    prefix = hashlib.sha256(shapes_turtle(vocabulary).encode()).hexdigest()
    relations = {relation.iri for relation in vocabulary.relations.values()}
    everything = list(parts(triples))
    homes = {_text(subject): part.name for part in everything for subject in part.focus}
    for batch in batched(everything, _TOGETHER):
        digests = [f"{prefix} {part.digest()}" for part in batch] if known is not None else [""] * len(batch)
        new = [
            (part, digest)
            for part, digest in zip(batch, digests, strict=True)
            if known is None or not known.conforms(digest)
        ]
        if not new:
            continue
        checked = {_text(s) for part, _ in new for s in (*part.focus, *part.near)} | relations
        together = dict.fromkeys(triple for part, _ in new for triple in part.triples)
        # of what stands behind the near things only the kinds are there: it is checked with its own part
        found = [
            replace(v, article=homes.get(v.focus, ""))
            for v in _shacl(together, vocabulary)
            if v.focus in checked
        ]
        yield from found
        if known is not None and not found:
            known.keep_conforming([digest for _, digest in new])


def _shacl(triples: Iterable[ox.Triple], vocabulary: Vocabulary) -> Iterator[Violation]:
    import pyshacl
    from rdflib import Graph
    from rdflib.namespace import SH

    convert = _Converter()
    graph = Graph(bind_namespaces="none")
    for triple in (*triples, *_class_triples(vocabulary)):
        graph.add((convert(triple.subject), convert(triple.predicate), convert(triple.object)))
    _, report, _ = pyshacl.validate(
        graph,
        shacl_graph=_shapes_graph(vocabulary),
        inference="none",
        inplace=True,
        meta_shacl=False,
        advanced=False,
    )
    if not isinstance(report, Graph):
        raise OntologyError(str(ontology_folder() / "shapes.ttl"), f"usable shapes were expected ({report})")
    for result in report.subjects(SH.focusNode):
        paths = [str(path) for path in report.objects(result, SH.resultPath)]
        values = [str(value) for value in report.objects(result, SH.value)]
        messages = sorted(str(message) for message in report.objects(result, SH.resultMessage))
        yield Violation(
            focus=str(report.value(result, SH.focusNode)),
            path=next((local_name(path) for path in paths if ":" in path), ""),
            message="; ".join(messages),
            value=values[0] if values else "",
        )


@lru_cache(maxsize=4)
def _shapes_of(turtle: str) -> rdflib.Graph:
    from rdflib import Graph

    try:
        return _hoisted(Graph().parse(data=turtle, format="turtle"))
    except Exception as error:
        raise OntologyError(
            str(ontology_folder() / "shapes.ttl"), f"Turtle was expected ({error})"
        ) from error


def _hoisted(shapes: rdflib.Graph) -> rdflib.Graph:
    """Return `shapes` with every property shape of a node shape that has targets given the same targets itself.

    The meaning is the same. pySHACL asks a property shape below a node shape once per node, one with targets of its own once
    for all of them.
    """
    from rdflib.namespace import SH

    targets = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
    aimed = {shape for kind in targets for shape in shapes.subjects(kind)}
    for shape, property_ in [*shapes.subject_objects(SH.property)]:
        if shape in aimed:
            shapes.remove((shape, SH.property, property_))
            for kind in targets:
                for target in shapes.objects(shape, kind):
                    shapes.add((property_, kind, target))
    return shapes


def _shapes_graph(vocabulary: Vocabulary) -> rdflib.Graph:
    return _shapes_of(shapes_turtle(vocabulary))


class _Converter:
    """pyoxigraph terms -> rdflib terms, each once."""

    def __init__(self) -> None:
        self._known: dict[object, rdflib.term.Node] = {}

    def __call__(self, term: object) -> rdflib.term.Node:
        if term not in self._known:
            self._known[term] = self._convert(term)
        return self._known[term]

    def _convert(self, term: object) -> rdflib.term.Node:
        from rdflib import BNode, Literal, URIRef

        if isinstance(term, ox.NamedNode):
            return URIRef(term.value)
        if isinstance(term, ox.BlankNode):
            return BNode(term.value)
        if isinstance(term, ox.Literal):
            if term.language:
                return Literal(term.value, lang=term.language)
            plain = term.datatype.value == _STRING
            return Literal(
                term.value, datatype=None if plain else URIRef(term.datatype.value), normalize=False
            )
        raise InputError("graph", f"an IRI or literal was expected, not {term}")


def _class_triples(vocabulary: Vocabulary) -> Iterator[ox.Triple]:
    """Yield what the shapes need of the ontology: the classes above others, and which properties are relations."""
    below = [*vocabulary.subtypes.items(), *((name, "Entity") for name in vocabulary.entity_types)]
    below += [(kind, "Occurrence") for kind in vocabulary.occurrences]
    for name, parent in below:
        yield ox.Triple(_node(vocabulary, name), ox.NamedNode(RDFS + "subClassOf"), _node(vocabulary, parent))
    for relation in vocabulary.relations.values():
        yield ox.Triple(ox.NamedNode(relation.iri), _TYPE, ox.NamedNode(NAMESPACE + "Relation"))


def _node(vocabulary: Vocabulary, name: str) -> ox.NamedNode:
    return ox.NamedNode(vocabulary.iris.get(name, NAMESPACE + name))


def _offsets(triples: list[ox.Triple]) -> Iterator[Violation]:
    """Yield strings whose IRI, indices and characters disagree, and strings that end behind their source."""
    values: dict[str, dict[str, str]] = {}
    for triple in triples:
        if isinstance(triple.subject, ox.NamedNode) and triple.predicate.value.startswith(_NIF):
            values.setdefault(triple.subject.value, {})[triple.predicate.value[len(_NIF) :]] = _text(
                triple.object
            )
    for focus, found in values.items():
        place = re.search(r"^(.*)#char=([0-9]+),([0-9]+)$", focus)
        if place is None or "anchorOf" not in found:
            continue
        source, start, end = place.groups()
        if (found.get("beginIndex"), found.get("endIndex")) != (start, end):
            indices = f"{found.get('beginIndex')},{found.get('endIndex')}"
            yield Violation(
                focus,
                "beginIndex",
                "the offsets of the IRI were expected as nif:beginIndex and endIndex",
                indices,
            )
        if len(found["anchorOf"]) != int(end) - int(start):
            yield Violation(
                focus, "anchorOf", f"{int(end) - int(start)} characters were expected", found["anchorOf"]
            )
        if found.get("referenceContext", source) != source:
            yield Violation(
                focus, "referenceContext", "the source of the IRI was expected", found["referenceContext"]
            )
        length = values.get(source, {}).get("endIndex", "")
        if length.isdecimal() and int(end) > int(length):
            yield Violation(
                focus, "endIndex", f"an offset within the {length} characters of the source was expected", end
            )


def _unsupported(triples: list[ox.Triple], vocabulary: Vocabulary) -> Iterator[Violation]:
    """Yield flat triples that no accepted stated statement stands behind, and such statements without their triple."""
    statements: dict[object, dict[str, object]] = {}
    parts = {
        RDF + "subject",
        RDF + "predicate",
        RDF + "object",
        NAMESPACE + "modality",
        NAMESPACE + "accepted",
    }
    for triple in triples:
        if triple.predicate.value in parts:
            statements.setdefault(triple.subject, {})[local_name(triple.predicate.value)] = triple.object
    stated = {
        (found.get("subject"), found.get("predicate"), found.get("object"))
        for found in statements.values()
        if found.get("modality") == ox.NamedNode(NAMESPACE + "stated")
        and _text(found.get("accepted")) == "true"
    }
    relations = {relation.iri for relation in vocabulary.relations.values()}
    flat = {(t.subject, t.predicate, t.object): t for t in triples if t.predicate.value in relations}
    for subject, predicate, object_ in sorted(stated - set(flat), key=str):
        if predicate is not None and _text(predicate) in relations:
            yield Violation(
                _text(subject),
                local_name(_text(predicate)),
                "the triple of an accepted stated nk:Statement was expected",
                _text(object_),
            )
    for ends, triple in flat.items():
        if ends not in stated:
            yield Violation(
                _text(triple.subject),
                local_name(triple.predicate.value),
                "an accepted stated nk:Statement was expected behind the triple",
                _text(triple.object),
            )


_UNLIKE: Final = frozenset(
    NAMESPACE + name for name in ("support", "confidence", "accepted", "occurrence", "corrected")
)
"""Properties of a statement that are no part of its identity."""


def _twins(triples: list[ox.Triple]) -> Iterator[Violation]:
    """Yield statements that say what another one says: same ends, relation, modality and key qualifiers."""
    statement = ox.NamedNode(NAMESPACE + "Statement")
    said: dict[object, set[tuple[object, object]]] = {
        t.subject: set() for t in triples if t.object == statement and t.predicate == _TYPE
    }
    for triple in triples:
        if triple.subject in said and triple.predicate.value not in _UNLIKE:
            said[triple.subject].add((triple.predicate, triple.object))
    first: dict[frozenset[tuple[object, object]], object] = {}
    for subject, content in said.items():
        other = first.setdefault(frozenset(content), subject)
        if other != subject:
            yield Violation(
                _text(subject),
                "type",
                "one statement for one subject, predicate, object, modality and key qualifiers was expected",
                _text(other),
            )


_T = TypeVar("_T")


def batched(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """Yield `items` in lists of at most `size`."""
    stream = iter(items)
    while batch := list(islice(stream, size)):
        yield batch


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal) else str(term)
