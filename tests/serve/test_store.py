"""A graph is prepared once, found again, and made anew when it has changed or is not whole."""

import errno
import gc
import json
import os
import subprocess
import sys
from dataclasses import replace

import pyoxigraph as ox
import pytest
from invented import crowd, small_graph

from kg.errors import BusyError, InputError, OutputError, ResourceError
from kg.lock import locked
from kg.model import Run
from kg.serialize.turtle import write_turtle
from kg.serve.stored.bulk import load
from kg.serve.stored.reading import StoredGraph
from kg.serve.stored.store import prepare
from kg.vocabulary import load_vocabulary


@pytest.fixture
def out(tmp_path):
    write(tmp_path, small_graph())
    return tmp_path


def write(folder, graph):
    (folder / "graph.ttl").write_bytes(write_turtle(graph, load_vocabulary()))


def names(served):
    stored = StoredGraph(served, load_vocabulary())
    return {stored.node(id_).name for id_ in stored.best_connected(10_000)}


def test_what_is_prepared_is_only_opened_the_next_time(out):
    told = []
    first = prepare(out, report=told.append)
    assert told == [
        f"reading {out / 'graph.ttl'}",
        "compacting the store",
        "indexing names",
        "drawing the map",
    ]
    assert prepare(out, report=told.append) == first
    assert len(told) == 4
    assert first.folder == out / ".cache" / "serve" / first.digest[:16]
    graph = small_graph()
    assert names(first) == {node.name for node in graph.nodes}
    assert (first.size.entities, first.size.statements) == (len(graph.nodes), len(graph.edges))
    assert first.size.articles == len(graph.articles)
    assert first.size.types["Organization"] == 6


def test_settings_come_from_the_manifest(out):
    settings = {"base_iri": "https://kg.example/x/", "min_confidence": 0.75}
    (out / "manifest.json").write_text(json.dumps({"settings": settings}), encoding="utf-8")
    graph = write_turtle(small_graph(), load_vocabulary(), base_iri="https://kg.example/x/")
    (out / "graph.ttl").write_bytes(graph)
    served = prepare(out)
    assert (served.base_iri, served.min_confidence) == ("https://kg.example/x/", 0.75)
    assert StoredGraph(served, load_vocabulary()).node("organization:云泽大学").name == "云泽大学"
    assert served.prefixes["organization"] == "https://kg.example/x/organization:"


def test_another_graph_takes_the_place_of_the_first(out):
    old = prepare(out)
    write(out, crowd(30))
    new = prepare(out)
    assert names(new) == {node.name for node in crowd(30).nodes}
    assert new.digest != old.digest
    assert not old.folder.exists()


def test_the_same_bytes_under_a_new_date_are_not_read_again(out):
    first = prepare(out)
    os.utime(out / "graph.ttl", ns=(1, 1))
    told = []
    assert prepare(out, report=told.append) == first
    assert told == []


LOST = ["about.json", "names.sqlite", "adjacency.npz", "map.json", "triples/CURRENT", "triples/*.sst"]


@pytest.mark.parametrize("lost", LOST)
def test_what_is_not_whole_is_made_anew(out, lost):
    first = prepare(out)
    for path in first.folder.glob(lost):
        path.unlink()
    assert names(prepare(out)) == {node.name for node in small_graph().nodes}


@pytest.mark.parametrize("cut", LOST)
def test_what_is_cut_short_is_made_anew(out, cut):
    first = prepare(out)
    for path in first.folder.glob(cut):
        path.write_bytes(path.read_bytes()[:-1])
    assert names(prepare(out)) == {node.name for node in small_graph().nodes}


@pytest.mark.parametrize("name", ["names.sqlite", "adjacency.npz"])
def test_damage_that_lengths_do_not_tell_is_named(out, name):
    served = prepare(out)
    path = served.folder / name
    path.write_bytes(bytes(path.stat().st_size))
    with pytest.raises(ResourceError, match=rf"{name}.* damaged.*; remove this folder and start again"):
        StoredGraph(prepare(out), load_vocabulary())


def test_what_is_served_is_not_removed(out):
    old = prepare(out)
    stored = StoredGraph(old, load_vocabulary())
    write(out, crowd(30))
    new = prepare(out)
    assert names(new) == {node.name for node in crowd(30).nodes}
    assert names(old) == {node.name for node in small_graph().nodes}  # a worker that starts only now finds it
    assert stored.node("organization:云泽大学").name == "云泽大学"
    del stored
    gc.collect()
    write(out, crowd(31))
    prepare(out)
    assert not old.folder.exists()


def test_another_base_iri_makes_it_anew_another_threshold_does_not(out):
    def say(**more):
        (out / "manifest.json").write_text(json.dumps({"settings": more}), encoding="utf-8")

    first = prepare(out)
    say(base_iri="https://newskg.example/id/", min_confidence=0.7)
    assert prepare(out) == replace(first, min_confidence=0.7)
    say(base_iri="https://kg.example/x/", min_confidence=0.7)
    second = prepare(out)
    assert second.base_iri == "https://kg.example/x/"
    assert second.size.entities == 0  # none of the IRIs of graph.ttl is below it


def test_an_ontology_with_other_classes_makes_it_anew(out):
    prepare(out)
    vocabulary = load_vocabulary()
    vessel = replace(vocabulary, entity_types=(*vocabulary.entity_types, "Vessel"))
    told = []
    prepare(out, vocabulary=vessel, report=told.append)
    assert "indexing names" in told
    told.clear()
    prepare(out, vocabulary=vessel, report=told.append)
    assert told == []


def test_without_a_manifest_the_graph_says_what_it_was_built_with(out):
    run = Run(version="9.9", layout="auto", min_confidence=0.55)
    graph = replace(small_graph(), run=run, min_confidence=0.55)
    text = write_turtle(graph, load_vocabulary(), base_iri="https://kg.example/x/")
    (out / "graph.ttl").write_bytes(text)
    served = prepare(out)
    assert (served.base_iri, served.min_confidence) == ("https://kg.example/x/", 0.55)
    assert served.size.entities == len(graph.nodes)


def test_a_graph_that_the_manifest_does_not_describe_is_mentioned(out):
    told = []
    manifest = {"settings": {}, "outputs": {"graph.ttl": {"sha256": "0" * 64, "bytes": 1}}}
    (out / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    prepare(out, report=told.append)
    told.clear()
    prepare(out, report=told.append)
    assert told == ["graph.ttl is not the one that manifest.json describes; `kg build` makes both anew"]


@pytest.mark.parametrize("manifest", ["", "[]", '{"settings": {"base_iri": 7}}', "\\ud800"])
def test_a_manifest_that_is_none_is_no_obstacle(out, manifest):
    (out / "manifest.json").write_text(manifest, encoding="utf-8")
    assert prepare(out).base_iri == "https://newskg.example/id/"


def test_a_graph_that_changes_while_it_is_read_is_not_served(out):
    def append(_):
        with (out / "graph.ttl").open("a", encoding="utf-8") as file:
            file.write("# still being written\n")

    with pytest.raises(InputError, match=r"graph\.ttl: it changed while it was read"):
        load(ox.Store(), out / "graph.ttl", report=append, large=0)
    prepare(out)


def test_a_graph_that_is_replaced_while_it_is_prepared_is_not_served(out):
    def replaced(words):
        if words == "indexing names":
            write(out, crowd(30))

    with pytest.raises(InputError, match=r"graph\.ttl: it changed while it was read"):
        prepare(out, report=replaced)
    assert names(prepare(out)) == {node.name for node in crowd(30).nodes}


def test_reading_tells_how_far_it_is_and_can_be_stopped(out):
    told = []
    load(ox.Store(), out / "graph.ttl", report=told.append, large=0)
    assert told == [f"{n}0 % read" for n in range(1, 11)]

    def stop(words):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(ox.Store(), out / "graph.ttl", report=stop, large=0)
    with pytest.raises(KeyboardInterrupt):
        prepare(out, report=stop)
    assert list((out / ".cache" / "serve").iterdir()) == []


def test_what_a_stopped_process_left_is_removed(out):
    left = out / ".cache" / "serve" / ".preparing-1"
    left.mkdir(parents=True)
    (left / "about.json").write_text("{}", encoding="utf-8")
    served = prepare(out)
    assert [p.name for p in served.folder.parent.iterdir()] == [served.folder.name]


def test_a_graph_that_is_not_there_or_no_turtle_is_named(tmp_path):
    with pytest.raises(InputError, match=r"graph\.ttl: a graph that `kg build` wrote was expected"):
        prepare(tmp_path)
    (tmp_path / "graph.ttl").write_text("不是 Turtle。", encoding="utf-8")
    with pytest.raises(InputError, match=r"graph\.ttl: a Turtle file was expected"):
        prepare(tmp_path)
    assert list((tmp_path / ".cache" / "serve").iterdir()) == []


def test_turtle_from_elsewhere_holds_what_it_holds(tmp_path):
    text = '<https://newskg.example/id/a> <http://www.w3.org/2000/01/rdf-schema#label> "甲" .'
    (tmp_path / "graph.ttl").write_text(text, encoding="utf-8")
    served = prepare(tmp_path)
    assert (served.size.entities, served.size.statements, served.size.triples) == (0, 0, 1)
    stored = StoredGraph(served, load_vocabulary())
    assert stored.best_connected(5) == []
    assert stored.names.search("甲") == []


def test_two_do_not_prepare_at_once(out):
    with (
        locked(out / ".cache" / "serving"),
        pytest.raises(BusyError, match="another process prepares this graph"),
    ):
        prepare(out)


def test_a_folder_that_cannot_be_written_is_served_from_a_temporary_one(out, monkeypatch, tmp_path_factory):
    def refused(folder):
        cause = OSError(errno.EROFS, "Read-only file system", str(folder))
        raise OutputError("cannot be written") from cause

    private = tmp_path_factory.mktemp("private")
    monkeypatch.setattr("kg.serve.stored.store.tempfile.mkdtemp", lambda **_: str(private))
    told = []
    with monkeypatch.context() as patched:
        patched.setattr("kg.serve.stored.store.locked", refused)
        served = prepare(out, report=told.append)
    assert served.folder.parent == private
    assert told[0] == f"{out} cannot be written; the graph is prepared in {private}, and again the next time"
    assert names(served) == {node.name for node in small_graph().nodes}
    assert not (out / ".cache").exists()


def test_a_full_disk_is_said_and_leaves_nothing(out, monkeypatch):
    def full(path, arrays):
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr("kg.serve.stored.adjacency.write_arrays", full)
    with pytest.raises(OutputError, match=r"adjacency\.npz: cannot be written \(No space left on device\)"):
        prepare(out)
    assert list((out / ".cache" / "serve").iterdir()) == []


def test_several_processes_read_at_once(out):
    served = prepare(out)
    stored = StoredGraph(served, load_vocabulary())
    asked = "import sys, pyoxigraph as ox\nstore = ox.Store.read_only(sys.argv[1])\nprint(len(store))\n"
    words = [sys.executable, "-c", asked, str(served.triples)]
    readers = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [reader.communicate()[0] for reader in readers] == [f"{served.size.triples}\n"] * 2
    assert stored.node("organization:云泽大学").name == "云泽大学"


def test_indexes_are_the_same_bytes_for_any_hash_seed(tmp_path):
    asked = "import sys, pathlib, kg.serve.stored.store as s; s.prepare(pathlib.Path(sys.argv[1]))"
    made = []
    for seed in ("1", "2"):
        out = tmp_path / seed
        out.mkdir()
        write(out, crowd(60))
        env = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", asked, str(out)], check=True, env=env)
        folder = prepare(out).folder
        made.append([(folder / n).read_bytes() for n in ("names.sqlite", "adjacency.npz", "map.json")])
    assert made[0] == made[1]
