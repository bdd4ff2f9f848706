"""``kg query``: SPARQL from everywhere, shipped questions, formats, and refusals that say what is known."""

import json

import pytest
from three_names import load_fake

from kg.building import build_into
from kg.cli.query import ENGINES, FORMATS
from kg.settings import Settings

NAMES = "SELECT ?name WHERE { ?body a nk:University ; skos:prefLabel ?name }"


@pytest.fixture
def out(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(
        "云岭大学与青禾科技签约\n\n5月8日，云岭大学、青禾科技签约。\n", encoding="utf-8"
    )
    build_into(tmp_path / "out", ["a.txt"], Settings(workers=1), loader=load_fake)
    return tmp_path / "out"


def test_formats_are_those_of_the_writers():
    from kg.query import tables

    assert tables.FORMATS == FORMATS


def test_engines_are_those_that_answer():
    from kg.query import engines

    assert engines.ENGINES == ENGINES


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_gives_the_same_answer(kg, out, engine):
    assert kg("query", "out", NAMES, "--engine", engine).stdout.decode() == "name\r\n云岭大学\r\n"


def test_verbose_says_which_engine_answered_and_why(kg, out):
    fast = kg("query", "out", NAMES, "--verbose")
    assert fast.stderr.decode() == "kg: answered by oxigraph\n"
    slow = kg("query", "out", "SELECT (SAMPLE(?b) AS ?x) WHERE { ?b a nk:University }", "--verbose")
    assert slow.stderr.decode() == "kg: answered by rdflib: SAMPLE takes rows as they come\n"


def test_derived_facts_are_asked_when_wanted(kg, out):
    question = ("query", "out", "SELECT ?x WHERE { ?x nk:dealsWith ?y }", "--derived")
    (out / "derived.ttl").unlink(missing_ok=True)
    missing = kg(*question)
    assert missing.returncode == 2
    assert "derived.ttl: no such file" in missing.stderr.decode()
    (out / "derived.ttl").write_text(
        "<a:x> <https://newskg.example/ontology#dealsWith> <a:y> .", encoding="utf-8"
    )
    assert kg(*question).stdout == b"x\r\na:x\r\n"
    assert kg(*question[:-1]).stdout == b"x\r\n"
    (out / "derived.ttl").write_text("<a:x", encoding="utf-8")
    broken = kg(*question)
    assert (broken.returncode, "derived.ttl: a Turtle file was expected" in broken.stderr.decode()) == (
        6,
        True,
    )


@pytest.mark.parametrize("graph", ["out", "out/graph.ttl"])
def test_a_query_is_answered_as_csv_where_nobody_looks(kg, out, graph):
    done = kg("query", graph, NAMES)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == "name\r\n云岭大学\r\n"


def test_a_query_may_stand_in_a_file_or_come_from_standard_input(kg, out):
    (out.parent / "q.rq").write_text(NAMES, encoding="utf-8")
    assert kg("query", "out", "q.rq").stdout == kg("query", "out", "-", stdin=NAMES.encode()).stdout != b""


def test_json_and_turtle(kg, out):
    rows = json.loads(kg("query", "out", NAMES, "--format", "json").stdout)
    assert [row["name"]["value"] for row in rows["results"]["bindings"]] == ["云岭大学"]
    turtle = kg(
        "query", "out", "CONSTRUCT { ?s a nk:University } WHERE { ?s a nk:University }"
    ).stdout.decode()
    assert "云岭大学" in turtle


def test_a_shipped_question_takes_parameters(kg, out):
    done = kg("query", "out", "--name", "signings", "--param", "name=云岭大学", "--format", "table")
    assert done.returncode == 0, done.stderr.decode()
    assert "青禾科技" in done.stdout.decode()
    nobody = kg("query", "out", "--name", "signings", "--param", "name=无此机构", "--format", "csv")
    assert len(nobody.stdout.splitlines()) == 1


def test_the_list_names_every_question_with_its_parameters(kg):
    from kg.query.questions import questions

    done = kg("query", "--list")
    assert done.returncode == 0
    lines = done.stdout.decode().splitlines()
    assert [line.split("  ")[0] for line in lines if not line.startswith(" ")] == [
        q.name for q in questions()
    ]
    assert len(questions()) >= 10


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "a GRAPH was expected"),
        (["out"], "either SPARQL or --name"),
        (["out", NAMES, "--name", "signings"], "either SPARQL or --name"),
        (["out", "--name", "signing"], "did you mean signings?"),
        (["out", "--name", "positions-of"], "needs the parameter 'person'"),
        (["out", "--name", "signings", "--param", "party=x"], "has no parameter 'party'"),
        (["out", "--name", "signings", "--param", "name"], "NAME=VALUE was expected"),
        (["out", "SELECT ?x WHERE { ?x"], "not a SPARQL query"),
        (["out", "missing.rq"], "neither a SPARQL query nor a readable file"),
        (["out", "SELECT * WHERE { SERVICE <http://a.example/> { ?s ?p ?o } }"], "SERVICE is refused"),
        (["-", "-"], "cannot both come from standard input"),
        (["out", NAMES, "--format", "xml"], "turtle"),
    ],
)
def test_what_cannot_be_asked_is_answered_with_what_can(kg, out, words, message):
    done = kg("query", *words)
    assert done.returncode == 2
    assert done.stdout == b""
    assert message in done.stderr.decode()
