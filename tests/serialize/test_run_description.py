"""What made a graph stands in it as PROV-O, without clock, path or worker count, and conforms."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from foreign_readers import by_oxigraph
from turtle_graphs import sample

from kg.model import KnowledgeGraph, Run
from kg.provenance import run_of
from kg.serialize.turtle import write_turtle
from kg.settings import Settings
from kg.validate import validate
from kg.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
NK = "https://newskg.example/ontology#"
ID = "https://newskg.example/id/"
PROV = "http://www.w3.org/ns/prov#"
RUN = Run(
    version="0.1.0", layout="auto", min_confidence=0.65, resources={"weights": "a" * 64, "frames": "b" * 64}
)


def described(graph: KnowledgeGraph) -> dict[str, set[str]]:
    """Return the values of the run by predicate, and its IRI under the empty name."""
    triples = by_oxigraph("graph.ttl", write_turtle(graph, VOCABULARY))
    ((run, _, _),) = (t for t in triples if t[2] == NK + "Run")
    found: dict[str, set[str]] = {"": {run}}
    for s, p, o in triples:
        if s == run:
            found.setdefault(p.removeprefix(PROV).removeprefix(NK), set()).add(o)
    return found


def iri_of(graph: KnowledgeGraph) -> str:
    (iri,) = described(graph)[""]
    return iri


def test_the_run_used_its_sources_and_resources() -> None:
    run = described(replace(sample(), run=RUN))
    assert run["used"] == {
        f"{ID}source/页/第1版%20A%25.txt",
        f"{ID}resource/{'a' * 64}",
        f"{ID}resource/{'b' * 64}",
    }
    assert run["wasAssociatedWith"] == {f"{ID}software/newskg-0.1.0"}
    assert {value.partition("^^")[0] for value in run["minConfidence"]} == {"0.65"}


def test_the_graph_was_generated_by_the_run() -> None:
    graph = replace(sample(), run=RUN)
    triples = by_oxigraph("graph.ttl", write_turtle(graph, VOCABULARY))
    generated = {(s, o) for s, p, o in triples if p == PROV + "wasGeneratedBy"}
    assert generated == {(iri_of(graph).replace("/run/", "/dataset/"), iri_of(graph))}


@pytest.mark.parametrize(
    "other",
    [
        replace(RUN, version="0.2.0"),
        replace(RUN, layout="page"),
        replace(RUN, min_confidence=0.7),
        replace(RUN, resources={"weights": "c" * 64, "frames": "b" * 64}),
    ],
    ids=["program", "layout", "threshold", "weights"],
)
def test_another_run_has_another_iri(other: Run) -> None:
    assert iri_of(replace(sample(), run=other)) != iri_of(replace(sample(), run=RUN))


def test_other_sources_are_another_run_and_other_names_of_resources_in_another_order_are_not() -> None:
    graph = replace(sample(), run=RUN)
    (source,) = graph.sources
    changed = replace(source, raw_sha256="d" * 64)
    assert iri_of(replace(graph, sources=(changed,))) != iri_of(graph)
    turned = replace(RUN, resources=dict(reversed(RUN.resources.items())))
    assert write_turtle(replace(graph, run=turned), VOCABULARY) == write_turtle(graph, VOCABULARY)


def test_settings_decide_the_run_and_workers_do_not(tmp_path: Path) -> None:
    assert run_of(Settings(workers=1)) == run_of(Settings(workers=3))
    assert run_of(Settings(min_confidence=0.9)) != run_of(Settings())
    assert run_of(Settings(), corrections="e" * 64).resources["corrections"] == "e" * 64
    assert set(run_of(Settings()).resources) == {"frames", "lexicons", "ontology", "weights"}
    (tmp_path / "here").mkdir()
    (tmp_path / "there").mkdir()
    for folder in ("here", "there"):
        (tmp_path / folder / "ontology.ttl").write_text("", encoding="utf-8")
    here, there = (run_of(Settings(resources=tmp_path / folder)) for folder in ("here", "there"))
    assert here == there
    assert "user" in here.resources


def test_no_path_stands_in_the_description() -> None:
    run = described(replace(sample(), run=run_of(Settings())))
    words = [value for values in run.values() for value in values]
    assert not any(str(Path(__file__).parents[2]) in word for word in words)
    assert not any(re.search(r"dateTime|[0-9]{2}:[0-9]{2}", word) for word in words)


def test_the_description_conforms_and_a_broken_one_does_not() -> None:
    data = write_turtle(replace(sample(), run=RUN), VOCABULARY)
    assert validate(data).violations == ()
    for good, bad, words in (
        (b'nk:layout "auto"', b'nk:layout "wide"', "nk:layout, auto, page or article"),
        (b"nk:minConfidence 0.65", b"nk:minConfidence 1.65", "nk:minConfidence"),
        (b'schema:softwareVersion "0.1.0"', b'rdfs:comment "0.1.0"', "schema:softwareVersion"),
        (b'nk:digest "aaaa', b'nk:digest "zaaa', "64 hexadecimal digits"),
        (b"a prov:Activity , nk:Run", b"a nk:Run", "prov:Activity"),
        (b"prov:wasGeneratedBy", b"prov:wasInformedBy", "exactly one graph"),
    ):
        assert good in data, good
        assert any(words in str(v) for v in validate(data.replace(good, bad)).violations), words
