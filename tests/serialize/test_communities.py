"""Communities of a graph: who belongs together, the same every time."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from invented_towns import printed, ties_of, towns

from kg.serialize.drawing.communities import communities

EDGES = st.lists(st.tuples(st.integers(0, 39), st.integers(0, 39)), max_size=90)


def reached(start, tied, inside):
    seen, queue = {start}, [start]
    while queue:
        fresh = {other for other in tied[queue.pop()] if other in inside} - seen
        seen |= fresh
        queue += fresh
    return seen


def test_invented_towns_are_three_communities():
    count, edges = towns(30, 20, 10)
    assert communities(ties_of(count, edges)) == (
        tuple(range(30)),
        tuple(range(30, 50)),
        tuple(range(50, 60)),
    )


def test_a_few_at_the_edge_of_a_town_are_not_a_community_of_their_own():
    count, edges = towns(30, 20)
    tail = [(3, count), (count, count + 1), (count + 1, count + 2)]
    found = communities(ties_of(count + 3, edges + tail))
    assert found == ((*range(30), count, count + 1, count + 2), tuple(range(30, 50)))


def test_those_who_know_nobody_stand_alone_after_all_others():
    assert communities(ties_of(5, [(1, 3), (3, 4)])) == ((1, 3, 4), (0,), (2,))
    assert communities(()) == ()


def test_the_order_in_which_edges_are_known_does_not_matter():
    count, edges = towns(25, 25, 12)
    changed = [(b, a) for a, b in reversed(edges)] + edges[:7] + [(4, 4)]
    assert communities(ties_of(count, changed)) == communities(ties_of(count, edges))


@settings(deadline=None, max_examples=60)
@given(edges=EDGES)
def test_everyone_is_in_one_connected_community_and_small_ones_are_whole_components(edges):
    tied = ties_of(40, edges)
    found = communities(tied)
    assert sorted(node for group in found for node in group) == list(range(40))
    assert list(found) == sorted(found, key=lambda group: (-len(group), group))
    for group in found:
        members = set(group)
        assert reached(group[0], tied, members) == members
        if len(group) < 6:
            assert {other for node in group for other in tied[node]} <= members


def test_communities_do_not_depend_on_how_text_is_hashed():
    code = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from invented_towns import ties_of, towns\n"
        "from kg.serialize.drawing.communities import communities\n"
        "count, edges = towns(40, 31, 22, 13)\n"
        "ring = [(i * 7 % count, i * 11 % count) for i in range(60)]\n"
        "print(communities(ties_of(count, edges + ring)))\n"
    )
    assert printed(code, seed="1") == printed(code, seed="4242")
