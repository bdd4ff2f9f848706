"""A graph is prepared once, found again, and made anew when it has changed or is not whole."""

import json
import os

import pytest
from invented import crowd, small_graph

from kg.errors import BusyError, InputError
from kg.lock import locked
from kg.serialize.turtle import write_turtle
from kg.serve.reading import StoredGraph
from kg.serve.store import prepare
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
    assert told == [f"reading {out / 'graph.ttl'}", "indexing names", "drawing the map"]
    assert prepare(out, report=told.append) == first
    assert len(told) == 3
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


@pytest.mark.parametrize("lost", ["about.json", "names.sqlite", "map.json", "triples/CURRENT"])
def test_what_is_not_whole_is_made_anew(out, lost):
    first = prepare(out)
    (first.folder / lost).unlink()
    again = prepare(out)
    assert names(again) == {node.name for node in small_graph().nodes}


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
    blocked = out / ".cache"
    blocked.write_text("a file stands where the folder should be", encoding="utf-8")
    monkeypatch.setattr("kg.serve.store.os.access", lambda *_: False)
    private = tmp_path_factory.mktemp("private")
    monkeypatch.setattr("kg.serve.store.tempfile.mkdtemp", lambda **_: str(private))
    told = []
    served = prepare(out, report=told.append)
    assert served.folder.parent == private
    assert told[0] == f"{out} cannot be written; the graph is prepared in {private}, and again the next time"
    assert names(served) == {node.name for node in small_graph().nodes}
