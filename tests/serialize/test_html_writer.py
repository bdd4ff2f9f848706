"""What the page holds before any browser opens it, and where its nodes stand."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import crowd, small_graph

from kg.model import Evidence, Span, Support
from kg.serialize.drawing.layout import layout
from kg.serialize.html import OPENING_SIZE, write_html
from kg.serialize.labels import label
from kg.serialize.opening import opening_view
from kg.serialize.pieces import pieces
from kg.vocabulary import load_vocabulary

TESTS = Path(__file__).parent.parent


def data_of(page):
    return json.loads(re.search(rb'id="data">(.*?)</script>', page, re.DOTALL)[1])


@pytest.fixture(scope="module")
def page():
    return write_html(small_graph(), load_vocabulary())


def test_nothing_may_be_fetched(page):
    policy = re.search(rb'Content-Security-Policy" content="([^"]*)"', page)[1].decode()
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert not re.search(rb'<(link|img|iframe)|\ssrc="|@import|url\(', page)


def test_the_page_tells_labels_of_the_ontology(page):
    data = data_of(page)
    assert {
        "name": "signsAgreementWith",
        "zh": "签约",
        "en": "signs agreement with",
        "iri": "https://newskg.example/ontology#signsAgreementWith",
        "symmetric": True,
    } in data["relations"]
    assert [t["name"] for t in data["types"]][:3] == ["Organization", "Person", "Event"]
    assert data["terms"]["role"]["zh"] == "职务"


def test_doubtful_statements_are_marked_for_the_page_to_hide():
    data = data_of(write_html(replace(small_graph(), min_confidence=0.75), load_vocabulary()))
    assert [s["confidence"] for s in data["statements"] if "doubtful" in s] == [0.7]
    assert data["threshold"] == 0.75
    assert len(data["statements"]) == len(small_graph().edges)


def test_the_same_bytes_for_any_hash_seed():
    code = (
        f"import sys; sys.path.insert(0, {str(TESTS)!r})\n"
        "from invented import crowd; from kg.serialize.html import write_html; from kg.vocabulary import load_vocabulary\n"
        "sys.stdout.buffer.write(write_html(crowd(200), load_vocabulary()))\n"
    )
    first, second = (
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=TESTS.parent,
        ).stdout
        for seed in ("1", "2")
    )
    assert first == second


@given(st.text(st.characters(codec=None), min_size=1, max_size=40))
def test_any_text_survives_the_page(text):
    graph = small_graph()
    named = replace(graph.nodes[0], name=text, aliases=(text,))
    page = write_html(replace(graph, nodes=(named, *graph.nodes[1:])), load_vocabulary())
    assert page.count(b"</script") == 3
    assert data_of(page)["nodes"][0]["name"] == text


def support(text, *, start=100, subject=(0, 0), object_=(0, 0)):
    return Support(
        source="s",
        article=0,
        evidence=Evidence(start=start, end=start + len(text), text=text),
        subject_span=Span(*subject),
        object_span=Span(*object_),
        confidence=1.0,
        rule="r",
    )


def test_pieces_mark_subject_and_object_through_line_breaks_and_beyond_the_basic_plane():
    text = "𠮷田公\r\n司与AI\nLab签约"
    marked = pieces(support(text, subject=(100, 106), object_=(107, 113)))
    assert marked == [["𠮷田公司", "s"], ["与", ""], ["AI Lab", "o"], ["签约", ""]]


def test_spans_outside_the_evidence_mark_nothing():
    assert pieces(support("双方签约。", subject=(3, 6), object_=(103, 400))) == [
        ["双方签", ""],
        ["约。", "o"],
    ]


@given(st.text("中文AI \n，", min_size=1), st.integers(0, 20), st.integers(0, 20))
def test_pieces_lose_nothing_but_line_breaks(text, begin, end):
    joined = "".join(p for p, _ in pieces(support(text, start=0, subject=(begin, end))))
    assert joined.replace(" ", "") == text.replace("\n", "").replace(" ", "")


def test_labels_are_short_and_without_invisible_characters():
    assert label("云泽\u202e大学\u200b") == "云泽大学"
    assert label("2031云泽机器人大会") == "2031云泽机\n器人大会"
    assert label("云泽省机器人产业技术创新战略联盟秘书处") == "云泽省机器人产业\n技术创新战略联…"


def test_a_big_graph_opens_on_whole_neighbourhoods():
    tied = [()] * 1000
    for hub in (5, 6):
        leaves = range(hub * 100, hub * 100 + 50)
        tied[hub] = tuple(leaves)
        for leaf in leaves:
            tied[leaf] = (hub,)
    view = opening_view(tuple(tied), limit=60)
    assert set(view) == {5, *range(500, 550), 6, *range(600, 608)}


def test_a_small_graph_opens_whole_but_for_nodes_that_nothing_is_stated_of():
    assert opening_view(((2,), (), (0, 3), (2,)), limit=60) == (0, 2, 3)
    doubtful = replace(small_graph(), min_confidence=0.99)
    data = data_of(write_html(doubtful, load_vocabulary()))
    assert data["network"]["nodes"] == []
    assert len(data["nodes"]) == len(doubtful.nodes)


def test_the_opening_view_is_bounded():
    data = data_of(write_html(crowd(700), load_vocabulary()))
    assert len(data["network"]["nodes"]) == OPENING_SIZE <= 300
    assert len(data["nodes"]) == 700
    assert data["network"]["options"]["physics"] == {"enabled": False}


# ---------------------------------------------------------------- layout


def tree(count):
    return [(i, (i - 1) // 4) for i in range(1, count)]


def overlapping(places, boxes):
    gap = np.abs(places[:, None] - places[None]) - (boxes[:, None] + boxes[None]) / 2
    return int(((gap < -1).all(axis=2)).sum() - len(places)) // 2


@pytest.mark.parametrize("count", [1, 2, 3, 30, 150, 600])
def test_boxes_do_not_overlap(count):
    boxes = np.array([(60 + 17 * (i % 5), 40 + 11 * (i % 3)) for i in range(count)], dtype=float)
    places = layout(count, tree(count), boxes=boxes.tolist())
    assert places.shape == (count, 2)
    assert overlapping(places, boxes) <= count // 50


def test_neighbours_stand_closer_than_strangers():
    edges = tree(200)
    places = layout(200, edges, boxes=[(80.0, 40.0)] * 200)
    near = np.mean([np.linalg.norm(places[a] - places[b]) for a, b in edges])
    far = np.mean(np.linalg.norm(places[:, None] - places[None], axis=2))
    assert near < far / 3


def test_components_have_places_of_their_own():
    boxes = np.array([(50.0, 30.0)] * 60)
    edges = [(i, i + 1) for i in range(0, 60, 3)] + [(i, i + 2) for i in range(0, 60, 3)]
    places = layout(60, edges, boxes=boxes.tolist())
    corners = [(places[i : i + 3].min(axis=0), places[i : i + 3].max(axis=0)) for i in range(0, 60, 3)]
    for a, (low, high) in enumerate(corners):
        for other_low, other_high in corners[a + 1 :]:
            assert (low > other_high).any() or (other_low > high).any()


def test_layout_ignores_loops_doubles_and_the_order_of_edges():
    edges = tree(50)
    boxes = [(60.0, 30.0)] * 50
    expected = layout(50, edges, boxes=boxes)
    changed = [(b, a) for a, b in reversed(edges)] + edges[:9] + [(3, 3)]
    assert np.array_equal(layout(50, changed, boxes=boxes), expected)
    assert layout(0, [], boxes=[]).shape == (0, 2)
