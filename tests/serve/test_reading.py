"""What is read back from the triples is the graph that was written."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented import crowd, small_graph
from turtle_graphs import sample

from kg.model import PlacedDivision
from kg.serialize.turtle import write_turtle
from kg.serve.stored.reading import StoredGraph
from kg.serve.stored.store import prepare
from kg.vocabulary import load_vocabulary

TEXTS = st.text(st.characters(codec=None), min_size=1, max_size=30)


def stored(graph, folder):
    vocabulary = load_vocabulary()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "graph.ttl").write_bytes(write_turtle(graph, vocabulary))
    return StoredGraph(prepare(folder), vocabulary)


def placed():
    """Return a graph with an occurrence, a division and corrections."""
    graph = sample(min_confidence=0.5)
    town = PlacedDivision(id="place:南溪市", code="999900", name="南溪市")
    nodes = tuple(
        replace(n, named_after="place:南溪市", corrected_by=("合并：星火",)) if "星火" in n.name else n
        for n in graph.nodes
    )
    return replace(graph, nodes=nodes, divisions=(town,))


def came_back(node):
    """Return a node as triples can hold it: without mentions, what is listed in sorted order."""
    listed = ("aliases", "dates", "amounts", "merged_because", "corrected_by")
    return replace(node, mentions=(), **{name: tuple(sorted(getattr(node, name))) for name in listed})


def evidenced(edge, published):
    """Return an edge whose supports carry the key qualifiers, those of the earliest article first, as assembly has them."""
    supports = sorted(
        (replace(s, qualifiers={**edge.key, **s.qualifiers}) for s in edge.supports),
        key=lambda s: (
            published[s.source, s.article] or "9999",
            *(s.source, s.article, s.evidence.start, s.evidence.end, s.subject_span, s.object_span),
            *(s.confidence, s.rule),
        ),
    )
    return replace(edge, supports=tuple(supports))


@pytest.mark.parametrize("make", [small_graph, placed, lambda: crowd(60)])
def test_every_node_statement_article_and_occurrence_comes_back(make, tmp_path):
    graph = make()
    back = stored(graph, tmp_path)
    for node in graph.nodes:
        assert back.node(node.id) == came_back(node)
    published = {(a.source, a.index): a.published for a in graph.articles}
    for edge in graph.edges:
        assert back.edge(edge.id) == evidenced(edge, published)
    for article in graph.articles:
        found = back.article(article.source, article.index)
        assert found == replace(article, spans=(), passages=(), byline=tuple(sorted(article.byline)))
    for happening in graph.happenings:
        assert back.happening(happening.id) == happening


def test_what_is_not_there_is_none(tmp_path):
    back = stored(small_graph(), tmp_path)
    assert back.node("organization:无此机构") is None
    assert back.edge("0000000000000000") is None
    assert back.article("page-1.txt", 99) is None
    assert back.article("无此来源", 0) is None
    assert back.happening("signing:0") is None
    assert back.edges_of("organization:无此机构") == []
    assert back.neighbours("organization:无此机构") == []
    assert back.degree("organization:无此机构") == 0


def test_statements_come_in_order_and_in_parts(tmp_path):
    graph = replace(small_graph(), min_confidence=0.75)
    back = stored(graph, tmp_path)
    company = "organization:朗星机器人有限公司"
    everything = back.edges_of(company)
    own = [e for e in graph.edges if company in (e.subject, e.object)]
    expected = sorted(own, key=lambda e: (e.modality != "stated" or e.confidence < 0.75, -e.confidence, e.id))
    assert [e.id for e in everything] == [e.id for e in expected]
    parts = [back.edges_of(company, limit=2, offset=at) for at in range(0, len(own) + 2, 2)]
    assert [e.id for part in parts for e in part] == [e.id for e in expected]


def test_neighbours_and_degrees_follow_accepted_statements(tmp_path):
    graph = replace(small_graph(), min_confidence=0.75)
    back = stored(graph, tmp_path)
    for node in graph.nodes:
        ties = {
            end
            for edge in graph.edges
            if edge.confidence >= 0.75 and node.id in (edge.subject, edge.object)
            for end in (edge.subject, edge.object)
        } - {node.id}
        stated = {
            end
            for edge in graph.edges
            if edge.confidence >= 0.75
            and edge.modality == "stated"
            and node.id in (edge.subject, edge.object)
            for end in (edge.subject, edge.object)
        } - {node.id}
        assert back.degree(node.id) == len(ties)
        assert back.neighbours(node.id) == sorted(stated)
    best = back.best_connected(3)
    assert best[0] == "organization:朗星机器人有限公司"
    assert [back.degree(id_) for id_ in best] == sorted(
        (back.degree(n.id) for n in graph.nodes), reverse=True
    )[:3]


def test_the_statements_between_two_and_those_of_an_occurrence(tmp_path):
    graph = placed()
    back = stored(graph, tmp_path)
    signing = graph.edges[0]
    assert [e.id for e in back.edges_between(signing.object, signing.subject)] == [signing.id]
    assert back.edges_between(signing.subject, "person:周一鸣（云岭大学）") == []  # one is past, one doubtful
    assert [e.id for e in back.edges_telling(signing.occurrence)] == [signing.id]


def test_occurrences_by_date(tmp_path):
    back = stored(placed(), tmp_path)
    found = ["signing:1234567890abcdef"]
    for since, until, there in (
        (None, None, True),
        ("2023-12-16", None, True),
        ("2023-12-17", None, False),
        ("2023", "2023", True),
        (None, "2023-12", True),
        (None, "2023-12-15", False),
        ("2024", None, False),
    ):
        ids = [h.id for h in back.happenings(since=since, until=until)]
        assert ids == (found if there else []), (since, until)
    assert back.years() == {2023: 1}
    assert back.happenings(limit=0) == []


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=TEXTS, alias=TEXTS)
def test_odd_names_come_back(name, alias, tmp_path_factory):
    graph = small_graph()
    old = next(n for n in graph.nodes if n.name == "青岚农商银行")
    new = replace(old, id=f"organization:{name}", name=name, aliases=(alias,))
    graph = replace(
        graph,
        nodes=tuple(new if n is old else n for n in graph.nodes),
        edges=tuple(replace(e, subject=new.id) if e.subject == old.id else e for e in graph.edges),
    )
    back = stored(graph, tmp_path_factory.mktemp("graph"))
    found = back.node(new.id)
    # Half a surrogate pair is no character: RDF holds U+FFFD in its place, the id keeps it.
    written = [
        text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") for text in (name, alias)
    ]
    assert [found.id, found.name, *found.aliases] == [new.id, *written]
    assert {e.id for e in back.edges_of(new.id)} == {
        e.id for e in graph.edges if new.id in (e.subject, e.object)
    }


def test_several_threads_read_at_once(tmp_path):
    graph = crowd(60)
    back = stored(graph, tmp_path)
    ids = [n.id for n in graph.nodes]
    alone = [(back.node(id_), back.edges_of(id_), back.neighbours(id_)) for id_ in ids]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda id_: (back.node(id_), back.edges_of(id_), back.neighbours(id_)), ids))
    assert together == alone
