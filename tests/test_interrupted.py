"""A build that is stopped at any moment, in any way, leaves outputs that are whole, or that the next build repairs."""

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.building import build_into
from kg.outputs import discrepancies
from kg.settings import Settings

TEXTS = [
    f"星河理工大学与青禾科技有限公司签约\n\n5月{n + 1}日，星河理工大学与第{n}青禾科技有限公司在南溪市签署合作协议。\n"
    for n in range(6)
]

BUILD = """
import os, signal, sys, time
from pathlib import Path
from kg import building, outputs, pipeline, cache
from kg.settings import Settings

out, pages, moment, how = Path(sys.argv[1]), sys.argv[2], sys.argv[3], getattr(signal, sys.argv[4])
cache._BATCH = 1
kind, _, number = moment.partition(":")
count = 0

def stop_at(name):
    global count
    if name == kind:
        count += 1
        if count == int(number):
            os.kill(os.getpid(), how)
            time.sleep(0.2)  # a signal may take its time, an action that goes on does not wait for it

class Watching(pipeline.Silent):
    def done(self, source):
        stop_at("source")
    def phase(self, name):
        stop_at("phase")

move, write = Path.replace, outputs._write

def replace(self, target):
    stop_at("move")
    return move(self, target)

def writing(path, data):
    stop_at("write")
    write(path, data)

Path.replace, outputs._write = replace, writing
building.build_into(out, [pages], Settings(workers=1), progress=Watching(), formats=sys.argv[5].split(","))
"""


def build(pages, out, **more):
    """Build here, and return what was said."""
    said = []
    built = build_into(out, [str(pages)], Settings(workers=1), warn=said.append, **more)
    return built, said


def outputs_of(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """Return a folder of pages, the outputs of a build before they changed, and what a clean build makes of them."""
    folder = tmp_path_factory.mktemp("interrupted")
    pages = folder / "pages"
    pages.mkdir()
    for n, text in enumerate(TEXTS[:5]):
        (pages / f"{n}.txt").write_text(text, encoding="utf-8")
    build(pages, folder / "out")
    (pages / "5.txt").write_text(TEXTS[5], encoding="utf-8")
    (pages / "0.txt").write_text(TEXTS[0].replace("南溪市", "海棠市"), encoding="utf-8")
    build(pages, folder / "clean", cached=False)
    return pages, folder / "out", outputs_of(folder / "clean")


def stopped(pages, out, moment, how, formats="ttl"):
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(out), str(pages), moment, how, formats],
        capture_output=True,
        check=False,
        timeout=300,
    )
    assert done.returncode != 0, f"{moment} never came"


MOMENTS = [
    *(
        (moment, "SIGKILL")
        for moment in ("source:1", "phase:1", "write:1", "write:4", "move:1", "move:3", "move:7")
    ),
    *(("source:2", how) for how in ("SIGTERM", "SIGINT")),
    *(("move:3", how) for how in ("SIGTERM", "SIGINT")),
]


@pytest.mark.parametrize(("moment", "how"), MOMENTS)
def test_a_stopped_build_leaves_whole_outputs_or_says_so(before, tmp_path, moment, how):
    pages, first, new = before
    out = tmp_path / "out"
    shutil.copytree(first, out)
    old = outputs_of(out)
    stopped(pages, out, moment, how)
    found = {name: data for name, data in outputs_of(out).items() if not name.startswith(".")}
    torn = discrepancies(out)
    assert bool(torn) == (found != old), "what is torn is noticed"
    assert bool(torn) == (moment in ("move:3", "move:7"))
    _, said = build(pages, out)
    assert outputs_of(out) == new, "the next build makes it whole, and leaves no trace"
    assert said == [f"{line}; this build replaces it" for line in torn]
    assert discrepancies(out) == ()


def test_what_was_extracted_before_the_end_is_not_extracted_again(before, tmp_path):
    pages, first, new = before
    out = tmp_path / "out"
    shutil.copytree(first, out)
    stopped(pages, out, "source:2", "SIGKILL")
    built, _ = build(pages, out)
    assert (built.extracted, built.reused) == (1, 5)
    assert outputs_of(out) == new


def test_a_format_of_a_killed_build_that_nobody_wants_any_more_is_not_left_behind(before, tmp_path):
    pages, first, new = before
    out = tmp_path / "out"
    shutil.copytree(first, out)
    stopped(pages, out, "move:7", "SIGKILL", "ttl,nt,trig")
    assert "graph.nt" in outputs_of(out)
    build(pages, out)
    assert outputs_of(out) == new


def processes_below(pid):
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and (fields := state(int(folder.name))) and int(fields[1]) == pid:
            found.append(int(folder.name))
    return found


def state(pid):
    """Return the state of a process and the number of its parent, nothing of one that has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else fields[:2]


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="looks for processes in /proc")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_the_workers_of_a_killed_build_end_with_it(tmp_path, how):
    news = tmp_path / "news.jsonl"
    with news.open("w", encoding="utf-8") as stream:
        for n in range(400):
            stream.write(
                json.dumps({"id": str(n), "text": TEXTS[n % 6] * 9 + str(n)}, ensure_ascii=False) + "\n"
            )
    with subprocess.Popen(
        [sys.executable, "-m", "kg", "build", str(news), "-o", str(tmp_path / "out"), "--workers", "2"],
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as build:
        assert "/400" in build.stderr.readline()  # the workers are at work
        workers = processes_below(build.pid)
        assert len(workers) >= 2
        build.send_signal(how)
        build.wait(timeout=60)
        patience = time.monotonic() + 60
        while any(map(state, workers)) and time.monotonic() < patience:
            time.sleep(0.05)
        assert not any(map(state, workers))
    assert not (tmp_path / "out" / "graph.ttl").exists()
