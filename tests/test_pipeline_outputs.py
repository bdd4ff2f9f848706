"""A folder of outputs is replaced as a whole or not at all, and its manifest tells when it is at odds."""

import errno
import json
import signal
import subprocess
import sys

import pytest

from kg import outputs
from kg.errors import OutputError
from kg.outputs import digest, discrepancies, publish

OLD = {"graph.ttl": "旧图".encode(), "report.md": b"old"}
NEW = {"graph.ttl": "新图".encode() * 500, "report.md": b"new"}


def contents(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def test_manifest_describes_what_was_written(tmp_path):
    publish(tmp_path / "a" / "out", OLD, about={"newskg": "1"})
    manifest = json.loads((tmp_path / "a" / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest == {
        "newskg": "1",
        "outputs": {
            "graph.ttl": {"sha256": digest("旧图".encode()), "bytes": 6},
            "report.md": {"sha256": digest(b"old"), "bytes": 3},
        },
    }
    assert discrepancies(tmp_path / "a" / "out") == ()


@pytest.mark.parametrize("failing", range(3))
def test_a_failing_write_leaves_the_earlier_outputs_whole(tmp_path, monkeypatch, failing):
    """A disk that fills up at the first, second or last file changes nothing."""
    publish(tmp_path, OLD, about={})
    before = contents(tmp_path)
    calls = []

    def write(path, data):
        calls.append(path)
        if len(calls) > failing:
            path.write_bytes(data[: len(data) // 2])
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        path.write_bytes(data)

    monkeypatch.setattr(outputs, "_write", write)
    with pytest.raises(OutputError, match="No space left on device"):
        publish(tmp_path, NEW, about={})
    assert contents(tmp_path) == before


LIMITED = """
import resource, signal, sys
from pathlib import Path
from kg.outputs import publish
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
publish(Path(sys.argv[1]), {"a.txt": b"a", "graph.ttl": b"x" * 5000}, about={})
"""


def test_a_real_limit_on_file_size_leaves_the_earlier_outputs_whole(tmp_path):
    publish(tmp_path, OLD, about={})
    before = contents(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, tmp_path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "OutputError" in done.stderr
    assert "cannot be written" in done.stderr
    assert contents(tmp_path) == before


KILLED = """
import os, signal, sys
from pathlib import Path
from kg import outputs
real = outputs._write
def write(path, data):
    real(path, data)
    if path.name.startswith(".report"):
        os.kill(os.getpid(), signal.SIGKILL)
outputs._write = write
outputs.publish(Path(sys.argv[1]), {"graph.ttl": b"new", "report.md": b"new"}, about={})
"""


def test_a_killed_process_leaves_the_earlier_outputs_whole_and_the_next_build_cleans_up(tmp_path):
    publish(tmp_path, OLD, about={})
    before = contents(tmp_path)
    done = subprocess.run([sys.executable, "-c", KILLED, tmp_path], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL
    after = contents(tmp_path)
    assert {name: after[name] for name in before} == before
    assert discrepancies(tmp_path) == ()
    (tmp_path / ".mine.partial").write_bytes(b"not ours")
    publish(tmp_path, NEW, about={})
    assert sorted(contents(tmp_path)) == [".mine.partial", "graph.ttl", "manifest.json", "report.md"]


def test_what_is_at_odds_with_the_manifest_is_named(tmp_path):
    publish(tmp_path, OLD, about={})
    (tmp_path / "graph.ttl").write_bytes(b"edited")
    (tmp_path / "report.md").unlink()
    assert discrepancies(tmp_path) == (
        f"{tmp_path / 'graph.ttl'}: is not the file that manifest.json describes",
        f"{tmp_path / 'report.md'}: cannot be read (No such file or directory)",
    )
    publish(tmp_path, OLD, about={})
    assert discrepancies(tmp_path) == ()


def test_a_broken_manifest_is_named(tmp_path):
    (tmp_path / "manifest.json").write_text("[]", encoding="utf-8")
    assert discrepancies(tmp_path) == (f"{tmp_path / 'manifest.json'}: not a readable manifest (TypeError)",)


def test_a_folder_without_manifest_says_nothing(tmp_path):
    assert discrepancies(tmp_path) == ()


def test_an_output_that_cannot_be_a_folder_is_named(tmp_path):
    (tmp_path / "out").write_bytes(b"a file")
    with pytest.raises(OutputError, match="out: cannot be written"):
        publish(tmp_path / "out", OLD, about={})
