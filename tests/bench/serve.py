"""Preparing, opening, searching and reading a large graph: ``python tests/bench/serve.py [--statements N] [FOLDER]``.

FOLDER is what `kg build` wrote; without one a graph of invented news is written, with a hub of ten thousand statements.
Every step runs in a process of its own; a million statements take 7 GB of the temporary folder. Prints JSON: seconds,
milliseconds, bytes and the most memory held; beside them, as ratios, how long it takes to do without: parsing the file
alone, and asking SPARQL for a part of a name.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox
from large_turtle import HUB, write_folder

from kg.serve.stored.reading import StoredGraph
from kg.serve.stored.store import prepare
from kg.vocabulary import load_vocabulary

ROUNDS: Final = 20
WORDS: Final = ("青岚", "朗星有限公司", "州", "大学", "博棠行业协会3", "没有这个名字", "y")
SCAN: Final = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?e ?n {{ ?e skos:prefLabel|skos:altLabel ?n FILTER (CONTAINS(?n, "{word}")) }} LIMIT 30"""


def seconds(work: Callable[[], Any]) -> float:
    """Return how long `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def milliseconds(work: Callable[[], Any]) -> dict[str, float]:
    """Return the first, the middle and the longest of some rounds."""
    taken = [1000 * seconds(work) for _ in range(ROUNDS)]
    return {name: round(value, 2) for name, value in _summary(taken).items()}


def _summary(taken: list[float]) -> dict[str, float]:
    return {"first": taken[0], "median": statistics.median(taken), "max": max(taken)}


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def preparing(folder: Path) -> dict[str, Any]:
    """Prepare the graph of `folder`."""
    told: list[tuple[float, str]] = []
    start = time.perf_counter()
    served = prepare(folder, report=lambda words: told.append((time.perf_counter() - start, words)))
    taken = time.perf_counter() - start
    ends = [*(at for at, _ in told[1:]), taken]
    steps: dict[str, float] = {}
    for (at, words), end in zip(told, ends, strict=True):
        step = "reading" if "read" in words else words
        steps[step] = round(steps.get(step, 0.0) + end - at, 1)
    graph = (folder / "graph.ttl").stat().st_size
    return {
        "seconds": round(taken, 1),
        "steps": steps,
        "entities": served.size.entities,
        "statements": served.size.statements,
        "triples": served.size.triples,
        "graph.ttl MB": graph >> 20,
        "prepared MB": _bytes(served.folder) >> 20,
        "prepared / graph.ttl": round(_bytes(served.folder) / graph, 2),
    }


def parsing(folder: Path) -> dict[str, Any]:
    """Parse the file and forget it."""
    parser = ox.parse(path=folder / "graph.ttl", format=ox.RdfFormat.TURTLE)
    return {"seconds": round(seconds(lambda: sum(1 for _ in parser)), 1)}


def serving(folder: Path) -> dict[str, Any]:
    """Open what is prepared and ask it what the explorer asks."""
    vocabulary = load_vocabulary()
    opened: list[StoredGraph] = []
    opening = seconds(lambda: opened.append(StoredGraph(prepare(folder), vocabulary)))
    stored = opened[0]
    hub = HUB if stored.node(HUB) else stored.best_connected(1)[0]
    middle = stored.best_connected(100_000)[-1]
    found = len(stored.edges_of(hub, limit=1_000_000))
    return {
        "opening seconds": round(opening, 3),
        "search ms": {word: milliseconds(lambda w=word: _search(stored, w)) for word in WORDS},
        "hub": {
            "statements": found,
            "neighbours": len(stored.neighbours(hub)),
            "first 200 ms": milliseconds(lambda: stored.edges_of(hub, limit=200)),
            "200 from 5000 ms": milliseconds(lambda: stored.edges_of(hub, limit=200, offset=5000)),
            "neighbours ms": milliseconds(lambda: stored.neighbours(hub)),
        },
        "an entity": {
            "all statements ms": milliseconds(lambda: stored.edges_of(middle, limit=200)),
            "node ms": milliseconds(lambda: stored.node(middle)),
        },
        "500 occurrences ms": milliseconds(lambda: stored.happenings(since="2015", until="2018-06")),
        "scan with SPARQL / search": round(
            seconds(lambda: list(stored.store.query(SCAN.format(word="没有这个名字"))))  # type: ignore[call-overload]
            / seconds(lambda: _search(stored, "没有这样的名字")),
            1,
        ),
    }


def _search(stored: StoredGraph, word: str) -> None:
    stored.names._found.cache_clear()  # what is remembered would be measured otherwise
    stored.names.search(word)
    stored.names.counts(word)


STEPS: Final = {"preparing": preparing, "parsing alone": parsing, "serving": serving}


def _measured(step: str, folder: Path) -> dict[str, Any]:
    """Run a step in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--step", step, str(folder)], stdout=subprocess.PIPE, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--statements", type=int, default=100_000)
    parser.add_argument("--step", choices=list(STEPS))
    given = parser.parse_args()
    if given.step:
        found = STEPS[given.step](given.folder)
        found["most memory MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        sys.stdout.write(json.dumps(found, ensure_ascii=False))
        return
    with tempfile.TemporaryDirectory(prefix="newskg-bench-") as name:
        folder = Path(name)
        if given.folder is None:
            write_folder(folder, given.statements, entities=given.statements * 2 // 5)
        else:
            shutil.copyfile(given.folder / "graph.ttl", folder / "graph.ttl")
            shutil.copyfile(given.folder / "manifest.json", folder / "manifest.json")
        report = {step: _measured(step, folder) for step in STEPS}
    report["ratios"] = {
        "preparing / parsing alone": round(
            report["preparing"]["seconds"] / max(report["parsing alone"]["seconds"], 0.1), 2
        ),
        "preparing / opening": round(
            report["preparing"]["seconds"] / report["serving"]["opening seconds"], 1
        ),
    }
    sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    main()
