"""Loading and the shipped questions: `kg query` beside plain rdflib, one run: ``python tests/bench/query.py GRAPH|JSONL``.

GRAPH is a Turtle file that `kg build` wrote, best of about 500,000 triples; of a JSON Lines corpus a graph is built first
(3,000 news articles give that many). Values for the questions are taken from the graph: the entities with the most
statements. Both sides parse the query and order the rows each time. Ours is the best of three; rdflib is asked once, and a
question that takes longer than ``--limit`` seconds counts as that long (named under "cut").

Prints JSON: seconds of both sides, ratios, whether the answers are the same, and the geometric mean of the ratios.
"""

from __future__ import annotations

import argparse
import json
import math
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.query.questions import questions
from kg.query.running import LoadedGraph, Result, load_graph, run_query

ROUNDS = 3
ENTITY = """SELECT ?label (COUNT(DISTINCT ?statement) AS ?n) WHERE {{
  ?statement rdf:subject|rdf:object ?entity ; nk:accepted true . {pattern} ?entity a nk:{type} ; rdfs:label ?label .
}} GROUP BY ?entity ?label ORDER BY DESC(?n) ?label LIMIT 1"""
HEADLINE = (
    'SELECT ?headline { ?a schema:headline ?headline FILTER (?headline != "") } ORDER BY ?headline LIMIT 1'
)
PAIR = """SELECT ?one ?other (COUNT(?statement) AS ?n) WHERE {
  ?statement rdf:subject ?a ; rdf:object ?b ; nk:accepted true . ?a rdfs:label ?one . ?b rdfs:label ?other .
} GROUP BY ?a ?b ?one ?other ORDER BY DESC(?n) ?one ?other LIMIT 1"""


def timed(work: Callable[[], Any], rounds: int = 1) -> tuple[float, Any]:
    """Return the seconds of the fastest round, and what it gave."""
    seconds, result = [], None
    for _ in range(rounds):
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return min(seconds), result


def plain_load(data: bytes) -> tuple[float, str]:
    """Return the seconds that rdflib takes to parse the Turtle, and in which form."""
    import rdflib

    try:
        return timed(lambda: rdflib.Graph().parse(data=data, format="turtle"))[0], "Turtle as written"
    except Exception:  # rdflib cannot read every prefixed name that the standard allows
        triples = (quad.triple for quad in ox.parse(data, format=ox.RdfFormat.TURTLE))
        whole = ox.serialize(triples, format=ox.RdfFormat.TURTLE) or b""
        return timed(lambda: rdflib.Graph().parse(data=whole, format="turtle"))[0], "Turtle without prefixes"


def values(loaded: LoadedGraph) -> dict[str, str]:
    """Return a value for every parameter that must be given."""

    def top(kind: str, pattern: str = "") -> str:
        rows = run_query(loaded, ENTITY.format(type=kind, pattern=pattern), engine="oxigraph").cells
        return rows[0][0].value if rows else "-"

    headlines = run_query(loaded, HEADLINE, engine="oxigraph").cells
    headline = headlines[0][0].value if headlines else ""
    pair = run_query(loaded, PAIR, engine="oxigraph").cells[0]
    return {
        "name": top("Organization"),
        "organization": top("Organization", "?statement rdf:predicate nk:holdsPosition ."),
        "person": top("Person"),
        "place": top("Place", "?entity nk:divisionCode ?code ."),
        "event": top("Event"),
        "title": headline,
        "subject": pair[0].value,
        "object": pair[1].value,
    }


class _TooLong(Exception):  # noqa: N818
    """rdflib has had its time."""


def main(given: str, *, limit: int) -> None:
    """Measure and print."""
    source = Path(given)
    with tempfile.TemporaryDirectory() as folder:
        if source.suffix == ".jsonl":
            command = [sys.executable, "-m", "kg", "build", given, "-o", f"{folder}/out"]
            subprocess.run(command, check=False)
            source = Path(folder) / "out" / "graph.ttl"
        data = source.read_bytes()
    ours, loaded = timed(lambda: load_graph(data), ROUNDS)
    theirs, form = plain_load(data)
    figures: dict[str, Any] = {
        "triples": len(loaded.store),
        "load": {
            "rdflib_s": round(theirs, 2),
            "kg_s": round(ours, 2),
            "ratio": round(theirs / ours, 1),
            "rdflib_reads": form,
        },
        "questions": {},
        "cut": [],
    }
    bound = values(loaded)
    figures["values"] = bound
    graph = loaded.memory
    ratios = []

    def expired(*_: object) -> None:
        raise _TooLong

    signal.signal(signal.SIGALRM, expired)
    for asked in questions():
        given_values = asked.bound({p.name: bound[p.name] for p in asked.parameters if p.default is None})

        def ask(engine: str, asked: Any = asked, given_values: Any = given_values) -> Result:
            return run_query(loaded, asked.sparql, parameters=given_values, engine=engine, alike=True)  # type: ignore[arg-type]

        fast, answer = timed(lambda ask=ask: ask("auto"), ROUNDS)
        line: dict[str, Any] = {
            "rows": len(answer.cells),
            "engine": answer.engine,
            "kg_ms": round(fast * 1000, 1),
        }
        start = time.perf_counter()
        signal.alarm(limit)
        try:
            slow, other = timed(lambda ask=ask: ask("rdflib"))
            same = (other.columns, other.cells, other.triples) == (
                answer.columns,
                answer.cells,
                answer.triples,
            )
            line["same"] = same
        except Exception:  # the alarm, which rdflib's own handlers may have wrapped
            slow = time.perf_counter() - start
            figures["cut"].append(asked.name)
        finally:
            signal.alarm(0)
        ratios.append(slow / fast)
        line |= {"rdflib_ms": round(slow * 1000), "ratio": round(slow / fast, 1)}
        figures["questions"][asked.name] = line
        print(asked.name, line, file=sys.stderr, flush=True)  # noqa: T201
    del graph
    figures["questions_ratio_geometric_mean"] = round(math.exp(sum(map(math.log, ratios)) / len(ratios)), 1)
    json.dump(figures, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("graph", metavar="GRAPH|JSONL")
    parser.add_argument(
        "--limit", type=int, default=120, metavar="SECONDS", help="longest time for one question in rdflib"
    )
    args = parser.parse_args()
    main(args.graph, limit=args.limit)
