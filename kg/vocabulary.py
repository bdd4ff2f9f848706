"""The vocabulary: class, relation, qualifier and occurrence names, read from ``ontology/newskg.ttl``.

No other module lists these names. A user's ``ontology.ttl`` (in a ``--resources`` folder) is merged in: it may add
relations, classes and qualifiers, and further intended classes to relations that exist.

>>> vocabulary = load_vocabulary()
>>> vocabulary.relation("signsAgreementWith").labels["zh"]
'签约'
>>> vocabulary.class_of("University")
'Organization'
>>> vocabulary.allows("Person", "holdsPosition", "Organization")
True
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from kg.errors import OntologyError
from kg.terms import LANGUAGES, NAMESPACE, OWL, RDF, RDFS, SCHEMA, Inference, Relation, Vocabulary, local_name

__all__ = [
    "LANGUAGES",
    "NAMESPACE",
    "OWL",
    "RDF",
    "RDFS",
    "SCHEMA",
    "Inference",
    "Relation",
    "Vocabulary",
    "load_vocabulary",
    "local_name",
    "ontology_folder",
]


def ontology_folder() -> Path:
    """Return the folder of the ontology: ``kg/ontology`` in an installed package, ``ontology`` in a checkout."""
    here = Path(__file__).resolve().parent
    for folder in (here / "ontology", here.parent / "ontology"):
        if (folder / "newskg.ttl").is_file():
            return folder
    raise OntologyError(
        str(here / "ontology" / "newskg.ttl"), "the ontology was expected here; install newskg again"
    )


def load_vocabulary(overlay: Path | None = None) -> Vocabulary:
    """Read the ontology, with the overlay of a user merged in.

    `overlay` is a ``--resources`` folder, which may hold an ``ontology.ttl``, or such a file. Results are cached as long
    as the overlay's bytes stay the same. Raises OntologyError with file and line for a file that cannot be parsed and for
    contradictions: an unknown class, qualifier, role or parent, a missing label, a symmetric relation with different
    ends, a cycle, a key qualifier that is not allowed.
    """
    if overlay is None:
        return _shipped()
    path = overlay / "ontology.ttl" if overlay.is_dir() else overlay
    if not path.exists():
        if overlay.is_dir():
            return _shipped()
        raise OntologyError(str(path), "a readable Turtle file was expected")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise OntologyError(str(path), f"a readable Turtle file was expected ({error.strerror})") from error
    return _merged(path, data)


@cache
def _shipped() -> Vocabulary:
    from kg.ontology_reader import read_ontology

    path = ontology_folder() / "newskg.ttl"
    return read_ontology(((path, path.read_bytes()),))


@cache
def _merged(path: Path, data: bytes) -> Vocabulary:
    from kg.ontology_reader import read_ontology

    shipped = ontology_folder() / "newskg.ttl"
    return read_ontology(((shipped, shipped.read_bytes()), (path, data)))
