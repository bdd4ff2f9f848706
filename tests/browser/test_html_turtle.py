"""What the page offers as Turtle is what graph.ttl says."""

from dataclasses import replace

import pyoxigraph as ox
import pytest
from invented import small_graph
from turtle_graphs import sample

from kg.model import PlacedDivision
from kg.serialize.turtle import write_turtle
from kg.vocabulary import load_vocabulary

pytestmark = pytest.mark.browser


def triples(text):
    return {quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)}


def awkward():
    """Return a graph with a name that an IRI has to escape and a literal too, and with a doubtful statement."""
    graph = small_graph()
    name = '青岚 "农商"\\银行\u200b\n100%'
    nodes = tuple(
        replace(n, name=name, aliases=(name + "甲",)) if n.name == "青岚农商银行" else n for n in graph.nodes
    )
    id_ = next(n.id for n in graph.nodes if n.name == "青岚农商银行")
    new = "organization:青岚 农商%"
    return replace(
        graph,
        min_confidence=0.75,
        nodes=tuple(replace(n, id=new) if n.id == id_ else n for n in nodes),
        edges=tuple(replace(e, subject=new) if e.subject == id_ else e for e in graph.edges),
    )


def eventful():
    """Return a graph with an occurrence, ranges of dates, reasons of merging, corrections and a division."""
    graph = sample()
    town = PlacedDivision(id="place:南溪市", code="999900", name="南溪市", within="place:云岭省")
    province = PlacedDivision(id="place:云岭省", code="990000", name="云岭省")
    nodes = tuple(
        replace(n, named_after="place:南溪市", corrected_by=("合并：星火",)) if "星火" in n.name else n
        for n in graph.nodes
    )
    return replace(graph, nodes=nodes, divisions=(province, town))


@pytest.mark.parametrize("make", [awkward, eventful])
def test_every_entity_and_statement_agrees_with_the_file(opened, make):
    graph = make()
    whole = triples(write_turtle(graph, load_vocabulary()))
    page = opened(graph)
    entities = page.evaluate("data.nodes.map((_, i) => entityTurtle(i))")
    statements = page.evaluate("data.statements.map(statementTurtle)")
    assert len(entities) == len(graph.nodes)
    own = {s for text in entities for s in (t.subject for t in triples(text))}
    copied = set().union(*map(triples, entities))
    assert copied == {t for t in whole if t.subject in own}
    named = {t.subject for text in statements for t in triples(text)} - own
    assert len(named) == len(graph.edges)
    reified = set().union(*map(triples, statements))
    assert {t for t in reified if t.subject in named} == {t for t in whole if t.subject in named}
    assert reified <= whole


def test_a_reader_copies_an_entity_and_a_statement(opened):
    graph = small_graph()
    page = opened(graph)
    page.fill("#search", "青岚农商银行")
    page.keyboard.press("Enter")
    page.wait_for_selector("#details button:has-text('复制为 Turtle')")
    page.locator("#details button:has-text('复制为 Turtle')").first.press("Enter")
    first = page.input_value("#details textarea >> nth=0")
    assert page.evaluate("getSelection().toString()") == first
    page.locator("#details details button:has-text('复制为 Turtle')").first.press("Enter")
    second = page.input_value("#details details textarea")
    whole = triples(write_turtle(graph, load_vocabulary()))
    assert triples(first) <= whole
    assert triples(second) <= whole
    assert "lendsTo" in first
    assert "statement/" in second
