"""``kg eval``: the scorer for users, with the output of ``kg extract`` or of any system."""

import json

import pytest

TEXT = "云岭大学与青禾科技签约。\n"
GOLD = {
    "doc": "p1",
    "articles": [
        {
            "lines": [[1, 1]],
            "entities": [
                {"id": "e1", "type": "Organization", "name": "云岭大学"},
                {"id": "e2", "type": "Organization", "name": "青禾科技"},
            ],
            "relations": [{"head": "e1", "relation": "signsAgreementWith", "tail": "e2"}],
        }
    ],
}
FOUND = {
    "source": "texts/p1.txt",
    "spans": [[0, 12]],
    "entities": [
        {"id": "a", "type": "Organization", "name": "青禾科技"},
        {"id": "b", "type": "Organization", "name": "云岭大学"},
    ],
    "statements": [
        {
            "subject": "a",
            "predicate": "signsAgreementWith",
            "object": "b",
            "evidence": [{"start": 0, "end": 12, "text": "云岭大学与青禾科技签约。"}],
        }
    ],
}


@pytest.fixture
def annotated(tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "p1.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "p1.json").write_text(json.dumps(GOLD), encoding="utf-8")
    (tmp_path / "found.jsonl").write_text(json.dumps(FOUND) + "\n", encoding="utf-8")
    (tmp_path / "news.jsonl").write_text(json.dumps({"id": "p1", "text": TEXT}), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("source", ["texts", "news.jsonl"])
def test_texts_may_be_a_folder_or_records(kg, annotated, source):
    """A relation without direction counts whichever end stands first."""
    done = kg("eval", "--gold", "p1.json", "--source", source, "--system", "found.jsonl", "--json")
    assert done.returncode == 0, done.stderr.decode()
    figures = json.loads(done.stdout)
    assert figures["relation"]["f1"] == figures["entity"]["f1"] == figures["evidence_exact"] == 1.0


def test_the_system_may_come_from_standard_input(kg, annotated):
    stdin = json.dumps({**FOUND, "statements": []}).encode()
    done = kg("eval", "--gold", "p1.json", "--source", "texts", "--system", "-", "--details", stdin=stdin)
    lines = done.stdout.decode().splitlines()
    assert "relation        P 0.000  R 0.000  F1 0.000  [0.000, 0.000]  (gold 1, system 0)" in lines
    assert lines[-1] == "p1\tmissed fact\t云岭大学\tsignsAgreementWith\t青禾科技"


def test_without_a_system_the_extractor_runs(kg, annotated):
    done = kg("eval", "--gold", "p1.json", "--source", "texts", "--json")
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout)["entity"]["gold"] == 2


def test_a_document_without_text_is_named_with_the_texts_that_are_there(kg, annotated):
    (annotated / "p1.json").write_text(json.dumps({**GOLD, "doc": "p2"}), encoding="utf-8")
    done = kg("eval", "--gold", "p1.json", "--source", "texts", "--system", "found.jsonl")
    assert done.returncode == 2
    assert "holds no text for p2; it holds texts/p1.txt" in done.stderr.decode()


def test_broken_annotation_stops_the_run_with_its_place(kg, annotated):
    (annotated / "p1.json").write_text('{"doc": "p1"}', encoding="utf-8")
    done = kg("eval", "--gold", "p1.json", "--source", "texts", "--system", "found.jsonl")
    assert done.returncode == 3
    assert "p1.json: gold annotation was expected" in done.stderr.decode()


def test_broken_system_output_stops_the_run_with_its_line(kg, annotated):
    done = kg("eval", "--gold", "p1.json", "--source", "texts", "--system", "-", stdin=b"{}\n")
    assert done.returncode == 3
    assert "standard input:1: one article as `kg extract` writes it was expected" in done.stderr.decode()
