"""Help, usage errors and what is imported when."""

import re
import subprocess
import sys

import pytest

from kg.cli.main import COMMANDS

HEAVY = (
    "numpy",
    "networkx",
    "rdflib",
    "pyoxigraph",
    "pyshacl",
    "pyvis",
    "jieba",
    "rjieba",
    "yaml",
    "pydantic",
    "tqdm",
)


def test_help_names_every_command_and_every_exit_code(kg):
    done = kg("--help")
    text = done.stdout.decode()
    assert done.returncode == 0
    assert done.stderr == b""
    assert [name for name in COMMANDS if not re.search(rf"^    {name} ", text, re.MULTILINE)] == []
    assert re.findall(r"^  (\d+)  ?\w", text, re.MULTILINE) == ["0", "1", "2", "3", "4", "5", "6", "70"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_examples(kg, command):
    done = kg(command, "--help")
    text = done.stdout.decode()
    assert done.returncode == 0
    assert f"usage: kg {command}" in text
    assert "examples:" in text
    assert f"  kg {command}" in text.partition("examples:")[2]


def test_help_imports_nothing_heavy():
    """What makes the start slow is imported only where it is used."""
    code = f"import sys, kg.cli.main as m; m.parser().format_help(); print([n for n in {HEAVY!r} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("words", "known"),
    [
        (["biuld"], "build"),
        (["extract", "-", "--layout", "columns"], "auto"),
        (["extract", "-", "--format", "xml"], "jsonl"),
        (["extract"], "INPUT"),
        (["extract", "-", "--min-confidence", "2"], "0 to 1"),
        (["extract", "-", "--workers", "0"], "at least 1"),
        (["extract", "-", "--resources", "no/such/folder"], "no such folder"),
        (["build", "-", "--base-iri", "nonsense"], "absolute IRI"),
        (["ontology", "signsAgrementWith"], "signsAgreementWith"),
        ([], "COMMAND"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_does_not_exist_is_answered_with_what_does(kg, words, known):
    done = kg(*words)
    assert done.returncode == 2
    assert done.stdout == b""
    assert known in done.stderr.decode()


def test_version(kg):
    import kg as package

    assert kg("--version").stdout.decode() == f"newskg {package.__version__}\n"


def test_ontology_lists_classes_and_relations(kg):
    done = kg("ontology")
    text = done.stdout.decode()
    assert done.returncode == 0
    for name in ("Person", "University", "signsAgreementWith", "签约"):
        assert name in text


def test_ontology_shows_one_term(kg):
    text = kg("ontology", "signsAgreementWith").stdout.decode()
    assert "symmetric" in text
    assert "subject: " in text


def test_ontology_prints_the_file_itself(kg):
    import pyoxigraph

    turtle = kg("ontology", "--turtle").stdout
    assert sum(1 for _ in pyoxigraph.parse(turtle, pyoxigraph.RdfFormat.TURTLE)) > 100
