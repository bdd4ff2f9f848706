"""The map of a whole graph as the page gets it."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import crowd
from invented_towns import printed, ties_of, towns

from kg.serialize.drawing.overview import TINTS, overview
from kg.serialize.html import page_data
from kg.vocabulary import load_vocabulary


def names_of(count):
    return [f"朗星{i}号" for i in range(count)]


def test_a_community_is_called_after_its_best_connected_member_and_the_largest_comes_first():
    count, edges = towns(10, 30, 20)
    found = overview(ties_of(count, edges), names_of(count))
    assert found["communities"] == [10, 40, 0]
    assert [found["community"][i] for i in (0, 9, 10, 39, 40, 59)] == [2, 2, 0, 0, 1, 1]
    assert len(set(found["tints"])) == 3


def test_ties_inside_the_community_count_before_all_ties_and_a_shorter_name_decides():
    square = [(0, 1), (1, 2), (2, 3), (3, 0)]
    found = overview(ties_of(4, square), ["云泽省科学技术厅", "省科技厅", "朗星机器人有限公司", "云泽大学"])
    assert found["communities"] == [1]


def test_pairs_and_lonely_nodes_are_on_the_map_but_in_no_community():
    found = overview(ties_of(6, [(0, 1), (0, 2), (3, 4)]), names_of(6))
    assert found["community"] == [0, 0, 0, -1, -1, -1]
    assert found["communities"] == [0]
    assert len(set(zip(found["x"], found["y"], strict=True))) == 6


def test_of_very_many_communities_the_largest_are_named():
    count, edges = towns(*[5] * 50, *[9] * 50, roads=False)
    found = overview(ties_of(count, edges), names_of(count))
    assert len(found["communities"]) == 60
    assert set(found["community"][250:]) == set(range(50))
    assert found["community"][:250].count(-1) == 200


def test_towns_beside_each_other_have_different_colours():
    count, edges = towns(*[40] * TINTS)
    found = overview(ties_of(count, edges), names_of(count))
    assert sorted(found["tints"]) == list(range(TINTS))


def test_names_are_needed_for_all():
    with pytest.raises(ValueError, match="1 names for 2 nodes"):
        overview(ties_of(2, [(0, 1)]), ["云泽"])


def test_an_empty_graph_has_an_empty_map():
    assert overview((), ()) == {"x": [], "y": [], "community": [], "communities": [], "tints": []}


@settings(deadline=None, max_examples=40)
@given(edges=st.lists(st.tuples(st.integers(0, 29), st.integers(0, 29)), max_size=60))
def test_every_entry_fits_the_others(edges):
    found = overview(ties_of(30, edges), names_of(30))
    assert {len(found[part]) for part in ("x", "y", "community")} == {30}
    assert len(found["communities"]) == len(found["tints"]) == len({k for k in found["community"] if k >= 0})
    for number, best in enumerate(found["communities"]):
        assert found["community"][best] == number
    sizes = [found["community"].count(number) for number in range(len(found["communities"]))]
    assert sizes == sorted(sizes, reverse=True)
    assert all(size >= 3 for size in sizes)
    assert all(0 <= tint < TINTS for tint in found["tints"])
    assert all(type(value) is int for values in found.values() for value in values)


def test_a_map_does_not_depend_on_how_text_is_hashed_or_on_the_number_of_threads():
    code = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from invented_towns import ties_of, towns\n"
        "from kg.serialize.drawing.overview import overview\n"
        "count, edges = towns(140, 90, 60, 7, 5, 4)\n"
        "far = [(i * 7 % count, i * 11 % count) for i in range(60)]\n"
        "alone = count + 9\n"
        "print(overview(ties_of(alone, edges + far), ['n'] * alone))\n"
    )
    first = printed(code, seed="1", threads="1")
    assert first == printed(code, seed="4242", threads="2")
    assert first.startswith("{'x': [")


def test_the_page_holds_the_map_of_all_its_entities():
    graph = crowd(90)
    data = page_data(graph, load_vocabulary(), base_iri="https://newskg.example/id/")
    number = {node.id: i for i, node in enumerate(graph.nodes)}
    assert [node["name"] for node in data["nodes"]] == [node.name for node in graph.nodes]
    edges = [(number[edge.subject], number[edge.object]) for edge in graph.edges]
    assert data["overview"] == overview(ties_of(90, edges), [node["name"] for node in data["nodes"]])
