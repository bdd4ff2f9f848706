"""Paths found from both ends are as short as any."""

from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.serve.stored.paths import PathTooLongError, shortest_path

PAIRS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=30)


def around(graph, *, backwards=False):
    def neighbours(entity):
        return sorted(graph[entity], reverse=backwards) if entity in graph else []

    return neighbours


@given(PAIRS, st.integers(0, 12), st.integers(0, 12))
def test_as_short_as_networkx_finds_and_the_same_in_any_order(pairs, start, goal):
    graph = nx.Graph((f"e{a:02}", f"e{b:02}") for a, b in pairs)
    graph.add_nodes_from([f"e{start:02}", f"e{goal:02}"])
    ends = f"e{start:02}", f"e{goal:02}"
    way = shortest_path(*ends, neighbours=around(graph))
    assert way == shortest_path(*ends, neighbours=around(graph, backwards=True))
    if not nx.has_path(graph, *ends):
        assert way is None
    else:
        assert way[0] == ends[0]
        assert way[-1] == ends[1]
        assert all(graph.has_edge(a, b) for a, b in pairwise(way))
        assert len(way) == nx.shortest_path_length(graph, *ends) + 1


def test_a_search_gives_up_in_words():
    graph = nx.star_graph([f"e{i:03}" for i in range(51)])
    with pytest.raises(PathTooLongError, match="among 20 entities"):
        shortest_path("e001", "nowhere", neighbours=around(graph), most=20)
