"""Commands about a finished graph: ``kg validate`` and ``kg path``."""

import json

import pytest
from three_names import load_fake

from kg.building import build_into
from kg.settings import Settings


@pytest.fixture
def out(tmp_path, monkeypatch):
    """Return the folder of a graph in which 云岭大学 has signed with 青禾科技, and that with 海棠银行, less surely."""
    monkeypatch.chdir(tmp_path)
    text = "云岭大学与青禾科技签约\n\n5月8日，云岭大学、青禾科技、海棠银行签约。\n"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    build_into(tmp_path / "out", ["a.txt"], Settings(workers=1), loader=load_fake)
    return tmp_path / "out"


@pytest.mark.parametrize("graph", ["out", "out/graph.ttl"])
def test_a_built_graph_conforms(kg, out, graph):
    done = kg("validate", graph)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"the graph conforms\n", b"")


def test_a_graph_may_come_from_standard_input(kg, out):
    assert kg("validate", "-", stdin=(out / "graph.ttl").read_bytes()).returncode == 0


def test_violations_are_listed_and_set_the_exit_code(kg, out):
    turtle = (out / "graph.ttl").read_text(encoding="utf-8").replace("nk:signsAgreementWith", "nk:heldAt")
    (out.parent / "bad.ttl").write_text(turtle, encoding="utf-8")
    done = kg("validate", "bad.ttl")
    assert done.returncode == 4
    assert "heldAt" in done.stdout.decode()


def test_what_is_no_turtle_is_named(kg, out):
    (out.parent / "bad.ttl").write_text("这不是图", encoding="utf-8")
    done = kg("validate", "bad.ttl")
    assert done.returncode == 6
    assert b"Traceback" not in done.stderr


def test_a_missing_graph_is_named_with_what_was_expected(kg):
    done = kg("path", "nowhere.ttl", "甲", "乙")
    assert done.returncode == 2
    assert "nowhere.ttl: no such file; a graph in Turtle was expected" in done.stderr.decode()


def test_a_graph_at_odds_with_its_manifest_is_said_so(kg, out):
    with (out / "graph.ttl").open("ab") as stream:
        stream.write(b"# edited\n")
    done = kg("validate", "out")
    assert done.returncode == 0
    assert "is not the file that manifest.json describes; build again to repair it" in done.stderr.decode()


def test_a_path_shows_the_sentence_that_states_it(kg, out):
    done = kg("path", "out", "云岭大学", "青禾科技")
    text = done.stdout.decode()
    assert done.returncode == 0, done.stderr.decode()
    assert "云岭大学 —签约→ 青禾科技" in text or "青禾科技 —签约→ 云岭大学" in text
    assert "“云岭大学与青禾科技”" in text


def test_doubtful_facts_are_walked_when_asked_for(kg, out):
    plain = kg("path", "out", "云岭大学", "海棠银行")
    assert (plain.returncode, plain.stdout) == (0, b"")
    assert "nothing connects" in plain.stderr.decode()
    steps = json.loads(kg("path", "out", "云岭大学", "海棠银行", "--doubtful", "--json").stdout)
    assert len(steps) == 2


def test_an_unknown_name_is_answered_with_near_ones(kg, out):
    done = kg("path", "out", "云岭学院", "青禾科技")
    assert done.returncode == 2
    assert "云岭大学" in done.stderr.decode()
