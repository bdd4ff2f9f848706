"""The SHACL shapes of a vocabulary: the fixed part of ``ontology/shapes.ttl`` and what follows from the ontology."""

from __future__ import annotations

from typing import Final

from kg.errors import OntologyError
from kg.vocabulary import NAMESPACE, Relation, Vocabulary, ontology_folder

_MARK: Final = "# ---------------- classes, qualifiers, relations (from newskg.ttl)\n"
_DATE: Final = "date"  # the one qualifier with values of its own; its shape is in the fixed part


def shapes_turtle(vocabulary: Vocabulary) -> str:
    """Return ``shapes.ttl`` with the classes, qualifiers and relations of `vocabulary` in its last part.

    Raises OntologyError if the file is not usable.
    """
    path = ontology_folder() / "shapes.ttl"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise OntologyError(str(path), f"readable shapes were expected ({error})") from error
    fixed, mark, _ = text.partition(_MARK)
    if not mark:
        raise OntologyError(str(path), f"the line {_MARK.strip()!r} was expected before the last part")
    return f"{fixed}{mark}\n{derived_shapes(vocabulary)}"


def derived_shapes(vocabulary: Vocabulary) -> str:
    """Return the last part of the shapes as Turtle, without prefixes.

    It asks for one class per entity and one kind per occurrence, for qualifiers in words, for roles that the kind of
    occurrence has, for the classes of both ends of every relation in both layers, for key qualifiers alone on
    statements.
    """
    parts = [
        _one_of(vocabulary, "EntityClassShape", "Entity", vocabulary.entity_types, "entity class"),
        _one_of(
            vocabulary,
            "OccurrenceKindShape",
            "Occurrence",
            tuple(vocabulary.occurrences),
            "kind of occurrence",
        ),
        *(_subtype(vocabulary, subtype, parent) for subtype, parent in vocabulary.subtypes.items()),
        *(_qualifier(vocabulary, name) for name in vocabulary.qualifiers if name != _DATE),
        *(_roles(vocabulary, kind, roles) for kind, roles in vocabulary.occurrences.items()),
        *(_relation(vocabulary, relation) for relation in vocabulary.relations.values()),
    ]
    return "\n".join(parts)


def _one_of(vocabulary: Vocabulary, shape: str, target: str, names: tuple[str, ...], what: str) -> str:
    listed = " ".join(_term(vocabulary, name) for name in names)
    return f"""nk:{shape} a sh:NodeShape ;
    sh:targetClass nk:{target} ;
    sh:property [ sh:path rdf:type ; sh:qualifiedValueShape [ sh:in ( {listed} ) ] ;
            sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1 ;
            sh:message "exactly one {what} was expected" ] .
"""


def _subtype(vocabulary: Vocabulary, subtype: str, parent: str) -> str:
    return f"""<{vocabulary.iris[subtype]}.shape> a sh:NodeShape ;
    sh:targetClass {_term(vocabulary, subtype)} ;
    sh:property [ sh:path rdf:type ; sh:hasValue {_term(vocabulary, parent)} ;
            sh:message "{subtype}: the class {parent} was expected beside it" ] .
"""


def _qualifier(vocabulary: Vocabulary, name: str) -> str:
    term = _term(vocabulary, name)
    return f"""<{vocabulary.iris[name]}.shape> a sh:NodeShape ;
    sh:targetSubjectsOf {term} ;
    sh:property [ sh:path {term} ; sh:maxCount 1 ; sh:datatype xsd:string ; sh:minLength 1 ;
            sh:message "at most one {name}, a plain non-empty string, was expected" ] .
"""


def _roles(vocabulary: Vocabulary, kind: str, roles: tuple[str, ...]) -> str:
    terms = " ".join(_term(vocabulary, role) for role in roles)
    others = {role for other in vocabulary.occurrences.values() for role in other} - set(roles)
    path = f"[ sh:alternativePath ( {terms} ) ]" if len(roles) > 1 else terms
    foreign = " ".join(_term(vocabulary, role) for role in sorted(others))
    return f"""<{vocabulary.iris[kind]}.shape> a sh:NodeShape ;
    sh:targetClass {_term(vocabulary, kind)} ;
    sh:property [ sh:path {path} ; sh:minCount 1 ; sh:class nk:Entity ;
            sh:message "{kind}: at least one entity in a role among {", ".join(roles)} was expected" ] ,
        [ sh:path [ sh:alternativePath ( {foreign} ) ] ; sh:maxCount 0 ;
            sh:message "{kind}: no role but {", ".join(roles)} was expected" ] .
"""


def _relation(vocabulary: Vocabulary, relation: Relation) -> str:
    term = _term(vocabulary, relation.name)
    of_statements = "[ sh:inversePath rdf:predicate ]"
    domain = _end(vocabulary, relation, "subject", relation.domains)
    range_ = _end(vocabulary, relation, "object", relation.ranges)
    properties = [
        f"[ sh:path ( {of_statements} rdf:subject ) ;\n            sh:property {domain} ]",
        f"[ sh:path ( {of_statements} rdf:object ) ;\n            sh:property {range_} ]",
    ]
    properties += [
        f"[ sh:path ( {of_statements} {_term(vocabulary, qualifier)} ) ; sh:maxCount 0 ;\n"
        f'            sh:message "{relation.name}: no {qualifier} was expected on the statement, '
        'where only key qualifiers stand" ]'
        for qualifier in vocabulary.qualifiers
        if qualifier not in relation.key_qualifiers
    ]
    joined = " ,\n        ".join(properties)
    return f"""<{relation.iri}.statements> a sh:NodeShape ;
    sh:targetNode {term} ;
    sh:property {joined} .

<{relation.iri}.triples> a sh:NodeShape ;
    sh:targetSubjectsOf {term} ;
    sh:property {domain} ,
        [ sh:path {term} ;
            sh:property {range_} ] .
"""


def _end(vocabulary: Vocabulary, relation: Relation, end: str, classes: frozenset[str]) -> str:
    """Return the property shape that an entity at one end of `relation` must have one of `classes` as a type."""
    listed = [name for name in vocabulary.entity_types if name in classes]
    terms = " ".join(_term(vocabulary, name) for name in listed)
    return (
        f"[ sh:path rdf:type ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShape [ sh:in ( {terms} ) ] ;\n"
        f'            sh:message "{relation.name}: a {end} among {", ".join(listed)} was expected" ]'
    )


def _term(vocabulary: Vocabulary, name: str) -> str:
    iri = vocabulary.iris[name]
    return f"nk:{name}" if iri == NAMESPACE + name else f"<{iri}>"
