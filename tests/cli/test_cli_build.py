"""``kg build``: the outputs, their repeatability, and what stays when something goes wrong."""

import json
import os
import signal
import subprocess
import sys

import pytest

NAMES = [
    "derived.ttl",
    "doubts.jsonl",
    "graph.html",
    "graph.ttl",
    "manifest.json",
    "report.md",
    "statements.jsonl",
]


def contents(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


@pytest.fixture
def pages(tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    texts = {
        "a.txt": "云岭大学与青禾科技签约\n\n5月8日，云岭大学与青禾科技有限公司签署战略合作协议。\n",
        "b.txt": "海棠论坛举行\n\n5月9日，由云岭大学主办的2024海棠论坛在海棠市举行。云岭大学校长林望舒出席论坛。\n",
        "c.txt": "青禾科技获投资\n\n海棠银行向青禾科技有限公司贷款3亿元。海棠银行行长顾明远出席签约仪式。\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_all_outputs_are_there_and_the_manifest_describes_them(kg, pages, tmp_path):
    from kg.outputs import discrepancies

    done = kg("build", "pages", "-o", "out")
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout == b""
    assert sorted(contents(tmp_path / "out")) == NAMES
    assert discrepancies(tmp_path / "out") == ()
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert [entry["source"] for entry in manifest["inputs"]] == ["pages/a.txt", "pages/b.txt", "pages/c.txt"]
    assert str(tmp_path) not in json.dumps(manifest)


def test_same_bytes_for_any_hash_seed_worker_count_and_order(kg, pages, tmp_path):
    runs = [
        ("1", "1", ["pages"]),
        ("2", "2", ["pages"]),
        ("3", "2", ["pages/c.txt", "pages/a.txt", "pages/b.txt"]),
    ]
    built = []
    for number, (seed, workers, inputs) in enumerate(runs):
        out = tmp_path / f"out{number}"
        done = kg(
            "build", *inputs, "-o", out.name, "--workers", workers, environment={"PYTHONHASHSEED": seed}
        )
        assert done.returncode == 0, done.stderr.decode()
        built.append(contents(out))
    assert built[0] == built[1] == built[2]


def test_bad_inputs_are_in_the_report_and_the_rest_is_built(kg, pages, tmp_path):
    (pages / "d.txt").write_bytes(b"")
    done = kg("build", "pages", "-o", "out")
    assert done.returncode == 5
    assert "skipped pages/d.txt: " in done.stderr.decode()
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert [entry["source"] for entry in manifest["inputs"]] == ["pages/a.txt", "pages/b.txt", "pages/c.txt"]
    assert [entry["source"] for entry in manifest["skipped"]] == ["pages/d.txt"]
    assert "d.txt" in (tmp_path / "out" / "report.md").read_text(encoding="utf-8")


def test_without_usable_input_the_old_output_stays(kg, pages, tmp_path):
    out = tmp_path / "out"
    assert kg("build", "pages", "-o", "out").returncode == 0
    before = contents(out)
    (tmp_path / "empty.txt").write_bytes(b"")
    done = kg("build", "empty.txt", "-o", "out")
    assert done.returncode == 6
    assert contents(out) == before


LIMITED = """
import resource, signal, sys
from kg.cli.main import run
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
sys.exit(run(sys.argv[1:]))
"""


def test_a_full_disk_leaves_the_old_output_and_names_the_reason(kg, pages, tmp_path):
    out = tmp_path / "out"
    assert kg("build", "pages", "-o", "out").returncode == 0
    before = contents(out)
    words = ["build", str(pages / "a.txt"), "-o", str(out), "--workers", "1"]
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert "cannot be written" in done.stderr
    assert contents(out) == before


def test_an_interrupted_build_leaves_the_old_output(kg, pages, tmp_path):
    out = tmp_path / "out"
    assert kg("build", "pages", "-o", "out").returncode == 0
    before = contents(out)
    words = [
        sys.executable,
        "-u",
        "-m",
        "kg",
        "build",
        str(pages),
        "-o",
        str(out),
        "--layout",
        "page",
        "--workers",
        "1",
    ]
    running = subprocess.Popen(words, stderr=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    running.stderr.readline()  # the first sign of progress
    running.send_signal(signal.SIGKILL)
    running.communicate()
    after = contents(out)
    assert {name: after[name] for name in before} == before


def test_a_graph_that_does_not_conform_is_not_moved_into_place(monkeypatch, pages, tmp_path):
    """A graph that breaks its shapes is a bug that must not reach anybody's folder: exit 4, the old output stays."""
    import kg.validate
    from kg.cli.main import run
    from kg.validate import ValidationReport, Violation

    out = tmp_path / "out"
    words = ["build", str(pages), "-o", str(out), "--workers", "1"]
    assert run(words) == 0
    before = contents(out)
    broken = ValidationReport(
        conforms=False, violations=(Violation("x", "rdfs:label", "a label was expected"),)
    )
    monkeypatch.setattr(kg.validate, "validate", lambda *_, **__: broken)
    assert run(words) == 4
    assert contents(out) == before


def test_the_python_way_gives_the_same_graph(kg, pages, tmp_path):
    import networkx

    import kg as package

    graph = package.build(pages)
    assert isinstance(graph, networkx.MultiDiGraph)
    assert kg("build", "pages", "-o", "out").returncode == 0
    lines = (tmp_path / "out" / "statements.jsonl").read_text(encoding="utf-8").splitlines()
    assert sorted(key for _, _, key in graph.edges(keys=True)) == sorted(
        json.loads(line)["id"] for line in lines
    )


def test_the_python_way_warns_about_what_it_skips(pages):
    import kg as package
    from kg.errors import InputError

    (pages / "d.txt").write_bytes(b"")
    with pytest.warns(RuntimeWarning, match=r"skipped pages/d\.txt"):
        found = list(package.extractions(pages))
    assert [extraction.article.source for extraction in found] == [
        "pages/a.txt",
        "pages/b.txt",
        "pages/c.txt",
    ]
    with pytest.raises(InputError, match="nothing could be used"):
        package.build(pages / "d.txt")
