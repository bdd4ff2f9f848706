"""Imports point one way: rooms know the shared values and never one another."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
KG = ROOT / "kg"
ROOMS = {"read", "split", "extract", "resolve", "assemble", "serialize", "query", "diff", "correct"}
SHARED = {"model", "errors", "vocabulary", "resources"}
WIRING = {"__main__", "building", "cli", "evaluate", "explain", "extractor", "pipeline", "serve", "train"}
FOUNDATIONS = {path.stem for path in KG.glob("*.py")} - WIRING | {"resources"}
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base"}

MODULES = sorted(KG.rglob("*.py"))


def imported(path):
    """Return the first part after ``kg.`` of everything that a module imports from the package, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("kg.")}
    return found


def part(path):
    first = path.relative_to(KG).parts[0]
    return first.removesuffix(".py")


def identify(path):
    return path.relative_to(ROOT).as_posix()


def test_the_rooms_are_there():
    """The listing of the package is the data flow; a room that is lost or renamed is noticed."""
    assert {path.name for path in KG.iterdir() if path.is_dir()} >= ROOMS


@pytest.mark.parametrize("path", [p for p in MODULES if part(p) in ROOMS], ids=identify)
def test_a_room_imports_no_other_room(path):
    strangers = imported(path) - SHARED - {part(path), "__version__"}
    assert not strangers, f"{path} imports {sorted(strangers)}"


@pytest.mark.parametrize("path", [p for p in MODULES if part(p) in FOUNDATIONS], ids=identify)
def test_a_foundation_imports_no_room(path):
    strangers = imported(path) & (ROOMS | WIRING)
    if path == KG / "__init__.py":  # the public functions import what they need when they are called
        strangers -= {"building", "pipeline", "assemble", "extract"}
    assert not strangers, f"{path} imports {sorted(strangers)}"


@pytest.mark.parametrize("path", [p for p in MODULES if part(p) == "serve"], ids=identify)
def test_the_server_knows_a_graph_and_not_how_it_was_made(path):
    strangers = imported(path) - SHARED - {"serve", "serialize", "query", "lock", "terms", "__version__"}
    assert not strangers, f"{path} imports {sorted(strangers)}"


SERVED = {
    "stored": {"stored"},
    "web": {"web"},
    "api": {"api", "stored", "web"},
    "pages": {"api", "pages", "stored", "web"},
    "sparql": {"pages", "sparql", "stored", "web"},
}
"""The rooms of the server and those that each may know."""


@pytest.mark.parametrize("room", SERVED)
def test_the_rooms_of_the_server_lead_from_the_graph_to_the_reader(room):
    for path in sorted((KG / "serve" / room).glob("*.py")):
        text = path.read_text(encoding="utf-8")
        known = set(re.findall(r"^\s*(?:from|import) kg\.serve\.(\w+)", text, re.MULTILINE))
        assert known <= SERVED[room], f"{path} imports {sorted(known - SERVED[room])}"


@pytest.mark.parametrize("path", MODULES, ids=identify)
def test_files_are_named_for_what_they_hold(path):
    assert path.stem not in VAGUE


def test_occurrence_kinds_and_roles_are_those_of_the_ontology() -> None:
    """The extractor's kinds of happenings, their predicates and roles stand in the ontology."""
    from kg.extract.occurrences import _KINDS
    from kg.vocabulary import load_vocabulary

    vocabulary = load_vocabulary()
    for predicate, kind in _KINDS.items():
        assert vocabulary.relation(predicate).occurrence == kind.name
        assert {kind.subject, kind.object} == set(vocabulary.occurrences[kind.name])
