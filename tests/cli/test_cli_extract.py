"""``kg extract``: one JSON object per article on standard output and nothing else there; bad input is named and skipped."""

import json
import os
import subprocess
import sys

import pytest

BAD = {
    "empty.txt": b"",
    "blank.txt": " \n\u3000\n".encode(),
    "binary.txt": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 4,
    "undecodable.txt": b"\xff\xff\x80\x81\xfe\xfd\xff\xff" * 20,
}


def lines(done):
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def test_offsets_lead_to_the_text(kg, article):
    done = kg("extract", article.name, "--min-confidence", "0")
    assert done.returncode == 0, done.stderr.decode()
    text = article.read_text(encoding="utf-8")
    (found,) = lines(done)
    assert found["source"] == "article.txt"
    assert found["article"] == 0
    assert found["title"] == "云岭大学与青禾科技签署合作协议"
    names = {text[start:end] for entity in found["entities"] for start, end in entity["mentions"]}
    assert "云岭大学" in names
    ids = {entity["id"] for entity in found["entities"]}
    for statement in found["statements"]:
        assert {statement["subject"], statement["object"]} <= ids
        assert all(text[e["start"] : e["end"]] == e["text"] for e in statement["evidence"])


def test_standard_input_is_a_source(kg, article):
    done = kg("extract", "-", stdin=article.read_bytes())
    assert done.returncode == 0, done.stderr.decode()
    assert [found["title"] for found in lines(done)] == ["云岭大学与青禾科技签署合作协议"]


def test_records_keep_their_ids_and_their_order(kg, tmp_path):
    path = tmp_path / "news.jsonl"
    records = [
        {
            "id": f"r{n}",
            "text": f"第{n}届海棠论坛在海棠市举行。云岭大学校长林望舒出席。",
            "published": "2024-05-09",
        }
        for n in (3, 1, 2)
    ]
    path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in records), encoding="utf-8")
    serial = kg("extract", path.name, "--workers", "1")
    assert [found["source"] for found in lines(serial)] == ["r3", "r1", "r2"]
    assert {found["published"] for found in lines(serial)} == {"2024-05-09"}
    assert kg("extract", path.name, "--workers", "2").stdout == serial.stdout


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_named_and_the_rest_is_done(kg, article, tmp_path, name):
    (tmp_path / name).write_bytes(BAD[name])
    done = kg("extract", name, article.name)
    assert done.returncode == 5
    assert f"skipped {name}: " in done.stderr.decode()
    assert [found["source"] for found in lines(done)] == ["article.txt"]


@pytest.mark.parametrize("name", BAD)
def test_nothing_usable(kg, tmp_path, name):
    (tmp_path / name).write_bytes(BAD[name])
    done = kg("extract", name)
    assert done.returncode == 6
    assert done.stdout == b""
    assert name in done.stderr.decode()


def test_a_path_that_does_not_exist_is_named(kg):
    done = kg("extract", "no/such/file.txt")
    assert done.returncode == 6
    assert "no/such/file.txt" in done.stderr.decode()


def test_two_texts_under_one_id_are_both_refused(kg, article, tmp_path):
    (tmp_path / "a.jsonl").write_text('{"id": "same", "text": "云岭大学在海棠市成立。"}\n', encoding="utf-8")
    (tmp_path / "b.jsonl").write_text('{"id": "same", "text": "青禾科技在海棠市成立。"}\n', encoding="utf-8")
    done = kg("extract", "a.jsonl", "b.jsonl", article.name)
    assert done.returncode == 5
    assert "skipped same: two different texts have this id" in done.stderr.decode()
    assert [found["source"] for found in lines(done)] == ["article.txt"]


def test_a_higher_threshold_says_less(kg, article):
    everything, certain = (
        lines(kg("extract", article.name, "--min-confidence", minimum))[0]["statements"]
        for minimum in ("0", "1")
    )
    assert [s for s in certain if s["confidence"] < 1] == []
    assert [s for s in certain if s not in everything] == []


def test_a_closed_pipe_is_no_crash(article):
    """Whoever reads the output may stop at any time, as ``head`` does."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "kg", "extract", str(article)],
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writer)
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")  # noqa: PTH110
def test_a_full_output_is_an_error_with_a_reason(article):
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = subprocess.run(
            [sys.executable, "-m", "kg", "extract", str(article)],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 3
    assert "No space left" in done.stderr.decode()
    assert b"Traceback" not in done.stderr


BROKEN = {
    "lexicons/surnames.tsv": (" 王\t1\n", "surnames.tsv:1"),
    "ontology.ttl": (
        "@prefix kg: <https://newskg.example/ontology#> .\nkg:supplies a kg:Nonsense ;;; .. \n",
        "ontology.ttl",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_resource_stops_the_run_with_file_and_line(kg, article, tmp_path, name):
    content, place = BROKEN[name]
    path = tmp_path / "mine" / name
    path.parent.mkdir(parents=True)
    path.write_text(content, encoding="utf-8")
    (tmp_path / "more.txt").write_text("云岭大学在海棠市成立。", encoding="utf-8")
    for workers in ("1", "2"):
        done = kg("extract", article.name, "more.txt", "--resources", "mine", "--workers", workers)
        assert done.returncode == 3
        assert done.stdout == b""
        assert place in done.stderr.decode()
