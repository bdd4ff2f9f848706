"""Places of the points of a map, and of boxes in many small graphs."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_towns import towns

from kg.serialize.drawing.layout import layout, scatter

EDGES = st.lists(st.tuples(st.integers(0, 29), st.integers(0, 29)), max_size=40)


def groups_of(*sizes):
    return [number for number, size in enumerate(sizes) for _ in range(size)]


def span(places):
    return places.min(axis=0), places.max(axis=0)


def test_members_of_a_group_stand_nearer_to_their_middle_than_to_any_other():
    sizes = (260, 200, 160, 120)
    count, edges = towns(*sizes)
    groups = np.asarray(groups_of(*sizes))
    places = scatter(count, edges, groups=groups.tolist())
    middles = np.stack([places[groups == k].mean(axis=0) for k in range(4)])
    nearest = np.linalg.norm(places[:, None] - middles[None], axis=2).argmin(axis=1)
    assert (nearest == groups).mean() > 0.97


def test_the_small_components_stand_around_the_largest_and_none_over_another():
    count, edges = towns(230, roads=False)
    small = [(count + 3 * k, count + 3 * k + step) for k in range(40) for step in (1, 2)]
    places = scatter(count + 120, edges + small, groups=groups_of(count, *[3] * 40))
    frames = [span(places[count + 3 * k : count + 3 * k + 3]) for k in range(40)]
    for a, (low, high) in enumerate(frames):
        for other_low, other_high in frames[a + 1 :]:
            assert (low > other_high).any() or (other_low > high).any()
    hub, dust = places[:count], places[count:]
    assert np.linalg.norm(dust - hub.mean(axis=0), axis=1).min() > np.median(
        np.linalg.norm(hub - hub.mean(axis=0), axis=1)
    )


def test_nodes_without_a_tie_have_places_of_their_own_in_a_wide_cloud():
    places = scatter(500, [], groups=list(range(500)))
    assert len({tuple(place) for place in places.tolist()}) == 500
    low, high = span(places)
    assert 1.0 < (high - low)[0] / (high - low)[1] < 1.6


def test_neighbours_on_a_ring_stay_neighbours():
    ring = [(i, (i + 1) % 24) for i in range(24)]
    places = scatter(24, ring, groups=[0] * 24)
    angle = np.unwrap(np.arctan2(places[:, 1], places[:, 0]))
    assert len({step > 0 for step in np.diff(angle)}) == 1


@settings(deadline=None, max_examples=40)
@given(edges=EDGES)
def test_no_two_points_fall_together_and_edges_are_short(edges):
    places = scatter(30, edges, groups=[0] * 30)
    assert places.shape == (30, 2)
    assert np.isfinite(places).all()
    assert (places == np.rint(places)).all()
    assert len({tuple(place) for place in places.tolist()}) == 30
    low, high = span(places)
    assert np.abs(low + high).max() <= 1


@settings(deadline=None, max_examples=25)
@given(edges=EDGES, order=st.randoms(use_true_random=False))
def test_order_direction_loops_and_doubles_of_edges_do_not_matter(edges, order):
    changed = [(b, a) for a, b in edges] + edges[:5] + [(2, 2)]
    order.shuffle(changed)
    groups = [i % 3 for i in range(30)]
    assert np.array_equal(scatter(30, changed, groups=groups), scatter(30, edges, groups=groups))
    boxes = [(60.0 + i, 30.0) for i in range(30)]
    assert np.array_equal(layout(30, changed, boxes=boxes), layout(30, edges, boxes=boxes))


@settings(deadline=None, max_examples=25)
@given(edges=EDGES)
def test_boxes_of_any_small_graph_do_not_overlap(edges):
    boxes = np.array([(60 + 17 * (i % 5), 40 + 11 * (i % 3)) for i in range(30)], dtype=float)
    places = layout(30, edges, boxes=boxes.tolist())
    gap = np.abs(places[:, None] - places[None]) - (boxes[:, None] + boxes[None]) / 2
    np.fill_diagonal(gap[:, :, 0], 0)
    assert not (gap < -1.5).all(axis=2).any()


def test_a_long_chain_of_groups_is_laid_out_in_order():
    """More groups than are compared pair by pair."""
    groups = [i // 3 for i in range(1500)]
    places = scatter(1500, [(i, i + 1) for i in range(1499)], groups=groups)
    steps = np.linalg.norm(np.diff(places, axis=0), axis=1)
    across = np.linalg.norm(places[:-750] - places[750:], axis=1)
    assert np.median(steps) < np.median(across) / 10


def test_nothing_has_no_places():
    assert scatter(0, [], groups=[]).tolist() == []
    assert scatter(1, [], groups=[0]).tolist() == [[0.0, 0.0]]
    assert all(a != b for a, b in pairwise(scatter(3, [], groups=[0, 1, 2]).tolist()))
