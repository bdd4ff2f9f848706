"""The wiring around the extractor, with an extractor of three names: order, failures, promises, the written folder."""

import json
from dataclasses import replace

import pytest
from three_names import NAMES, load_fake, source

from kg.building import assemble_all, build_into
from kg.errors import ConformanceError, ResourceError
from kg.pipeline import Extracted, Failure, confident, extract
from kg.settings import Settings


def load_broken(resources):
    raise ResourceError("lexicons/mine.tsv", "sorted rows were expected", line=7)


GOOD = [
    source(f"s{n}", f"云岭大学与青禾科技签约\n\n{n}日，云岭大学、青禾科技、海棠银行签约。\n")
    for n in range(6)
]


def results(sources, workers, loader=load_fake):
    return list(extract(sources, Settings(workers=workers), loader=loader))


def test_results_stand_in_the_order_of_the_sources_for_any_number_of_workers():
    serial = results(GOOD, 1)
    assert [r.source.id for r in serial] == [s.id for s in GOOD]
    assert [len(r.extractions[0].statements) for r in serial] == [2] * 6
    assert results(GOOD, 2) == serial


@pytest.mark.parametrize("workers", [1, 2])
def test_a_source_that_the_program_trips_over_is_named_with_the_place(workers):
    found = results([GOOD[0], source("bad", "云岭大学崩溃。"), GOOD[1]], workers)
    assert [type(r) for r in found] == [Extracted, Failure, Extracted]
    assert found[1].source == "bad"
    assert found[1].bug
    assert found[1].reason.startswith("newskg itself failed on it (ZeroDivisionError at three_names.py:")


def test_a_source_that_kills_its_worker_is_named_and_the_others_are_done():
    found = results([GOOD[0], source("bad", "云岭大学被杀。"), *GOOD[1:]], 2)
    assert [r.source if isinstance(r, Failure) else r.source.id for r in found] == [
        "s0",
        "bad",
        "s1",
        "s2",
        "s3",
        "s4",
        "s5",
    ]
    assert "was killed" in found[1].reason


@pytest.mark.parametrize("workers", [1, 2])
def test_a_broken_resource_stops_the_run_with_its_place(workers):
    with pytest.raises(ResourceError, match=r"^lexicons/mine\.tsv:7: sorted rows were expected$") as caught:
        results(GOOD, workers, load_broken)
    assert caught.value.line == 7


def test_evidence_that_is_not_in_the_text_never_leaves_the_worker():
    (found,) = results([source("liar", "说谎：云岭大学与青禾科技签约。")], 1)
    assert found.bug
    assert "'不在文中' does not stand at" in found.reason


def test_only_what_is_confident_enough_is_kept():
    (extraction,) = results(GOOD[:1], 1)[0].extractions
    tied = replace(extraction, statements=tuple(replace(s, occurrence="o1") for s in extraction.statements))
    assert [s.confidence for s in confident(tied, minimum=0.5).statements] == [0.9]
    assert confident(tied, minimum=0.95).statements == ()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for one in GOOD:
        (tmp_path / f"{one.id}.txt").write_text(one.text, encoding="utf-8")
    (tmp_path / "bad.txt").write_text("云岭大学崩溃。", encoding="utf-8")
    return tmp_path


def test_the_graph_does_not_depend_on_the_order_of_the_inputs(folder):
    names = [f"s{n}.txt" for n in range(6)] + ["bad.txt"]
    one, failures = assemble_all(names, Settings(workers=1), loader=load_fake)
    assert assemble_all(names[::-1], Settings(workers=2), loader=load_fake) == (one, failures)
    assert [node.name for node in one.nodes] == sorted(NAMES)
    assert [(edge.predicate, len(edge.supports)) for edge in one.edges] == [("signsAgreementWith", 6)] * 2
    assert [(f.source, f.bug) for f in failures] == [("bad.txt", True)]


def test_a_build_writes_everything_and_says_how_much(folder):
    alone = build_into(folder / "one", ["s0.txt"], Settings(workers=1, min_confidence=0.5), loader=load_fake)
    assert (alone.articles, alone.entities, alone.statements, alone.doubtful) == (1, 3, 1, 1)
    built = build_into(
        folder / "out",
        ["s0.txt", "s1.txt", "bad.txt"],
        Settings(workers=1, min_confidence=0.5),
        loader=load_fake,
    )
    assert (built.articles, built.entities, built.statements, built.doubtful) == (
        2,
        3,
        2,
        0,
    )  # two articles agree
    names = sorted(path.name for path in (folder / "out").iterdir() if path.is_file())
    assert names == [
        "derived.ttl",
        "doubts.jsonl",
        "graph.html",
        "graph.ttl",
        "manifest.json",
        "report.md",
        "statements.jsonl",
    ]
    manifest = json.loads((folder / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert [entry["source"] for entry in manifest["inputs"]] == ["s0.txt", "s1.txt"]
    assert manifest["skipped"][0]["source"] == "bad.txt"
    assert "workers" not in manifest["settings"]


def test_a_graph_that_breaks_its_shapes_stays_out_of_the_folder(folder, monkeypatch):
    import kg.validate
    from kg.validate import ValidationReport, Violation

    violation = Violation(focus="organization:云岭大学", path="rdfs:label", message="a label was expected")
    broken = ValidationReport(conforms=False, violations=(violation,))
    monkeypatch.setattr(kg.validate, "validate", lambda *_, **__: broken)
    with pytest.raises(ConformanceError) as caught:
        build_into(folder / "out", ["s0.txt"], Settings(workers=1, min_confidence=0.5), loader=load_fake)
    assert caught.value.violations == ("organization:云岭大学 rdfs:label: a label was expected",)
    assert [path.name for path in (folder / "out").iterdir()] == [".cache"]


def test_without_usable_input_nothing_is_written(folder):
    built = build_into(folder / "out", ["bad.txt"], Settings(workers=1, min_confidence=0.5), loader=load_fake)
    assert built.articles == 0
    assert [path.name for path in (folder / "out").iterdir()] == [".cache"]
