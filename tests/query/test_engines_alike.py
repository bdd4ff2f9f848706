"""Both engines give the same answers: to every shipped question on three graphs, and to hand-written tricky queries."""

from decimal import Decimal

import pyoxigraph as ox
import pytest
import region_answers
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import small_graph
from region import region

from kg.errors import UsageError
from kg.query.questions import questions
from kg.query.running import load_graph, run_query
from kg.query.syntax import outline, substituted, variables
from kg.query.terms import same_digits
from kg.serialize.turtle import write_turtle
from kg.vocabulary import load_vocabulary

TRICKY = """
@prefix : <http://e/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:a :p 0.75 ; :n 2 ; :d "2031-03-05"^^xsd:date ; :l "云"@zh-CN ; :b true ; :s "x" ; :q :b , :c .
:b :p 0.9 ; :n 1 ; :d "2031-03"^^xsd:gYearMonth ; :l "云"@zh-cn ; :s "y" ; :q :d ; :w -0.5 .
:c :p 10 ; :d "2031"^^xsd:gYear ; :s "丁" ; :q :d , :e ; :k "k" .
:d :p "十" ; :d "spring" ; :s "丙" ; :q :a .
:e :s "甲" ; :q :e ; :p 3 .
"""
PREFIX = "PREFIX : <http://e/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"

FAST = [
    "SELECT ?s ?v { ?s :p ?v }",
    "SELECT DISTINCT ?v { ?s :p ?v }",
    "SELECT ?s ?v { ?s :d ?v } ORDER BY ?v",
    "SELECT ?s ?v { ?s ?p ?v } ORDER BY DESC(?v) ?s",
    "SELECT ?s ?v { ?s :s ?v } ORDER BY ?v LIMIT 3",
    "SELECT ?s ?v { ?s :s ?v } LIMIT 2 OFFSET 1",
    'SELECT ?s { ?s :l "云"@zh-CN }',
    'SELECT ?s { ?s :l ?v FILTER (LANG(?v) = "zh-cn") }',
    'SELECT ?s ?v { ?s :d ?v FILTER (STR(?v) >= "2031-01-01") }',
    "SELECT ?s ?n { ?s :n ?n FILTER (?n > 1.50) }",
    'SELECT ?s ?v { ?s :p ?v FILTER (?v != "十") }',
    "SELECT ?s ?v { ?s :p ?v FILTER (?v = 10) }",
    "SELECT ?s ?v { ?s :q ?v FILTER (?v NOT IN (:a, :d)) }",
    "SELECT ?p (COUNT(?v) AS ?c) { ?s ?p ?v } GROUP BY ?p HAVING (COUNT(?v) > 2)",
    "SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?v) AS ?d) { ?s ?p ?x OPTIONAL { ?s :d ?v } }",
    "SELECT ?s (COUNT(?v) AS ?c) { ?s :nothing ?v } GROUP BY ?s",
    "SELECT (SUM(?v) AS ?a) (AVG(?v) AS ?b) (MIN(?v) AS ?c) (MAX(?v) AS ?d) { ?s :n ?v }",
    "SELECT (SUM(?v) AS ?c) { ?s :nothing ?v }",
    "SELECT ?s (SUM(?n) AS ?t) { ?s :q ?v BIND (0.5 AS ?n) } GROUP BY ?s",
    "SELECT DISTINCT ?x { :a :q+ ?x }",
    "SELECT DISTINCT ?s ?x { ?s :s ?y ; :q* ?x . ?x :s ?z }",
    "SELECT ?x { :a :q/:q ?x }",
    "SELECT ?s ?v { ?s :n|:s ?v }",
    'SELECT ?s { ?s :s ?v FILTER REGEX(?v, "[丁丙]") }',
    'SELECT ?s { ?s :d ?v FILTER CONTAINS(STR(?v), "03") }',
    "SELECT ?s { ?s :s ?v MINUS { ?s :d ?x } }",
    "SELECT ?s { ?s :s ?v FILTER NOT EXISTS { ?t :q ?s FILTER (?t != ?s) } }",
    'SELECT ?s ?z { ?s :s ?y OPTIONAL { ?s :q ?z FILTER (?y = "x") } }',
    "SELECT ?s ?c { VALUES ?s { :a :b UNDEF } ?s :s ?c } ORDER BY DESC(?c)",
    'SELECT ?s ?c { ?s :s ?c } VALUES ?c { "x" "y" }',
    "SELECT * { ?s :s ?c . ?s :q ?a }",
    "SELECT ?x ?n { ?x :s ?v { SELECT ?x (COUNT(?w) AS ?n) { ?x :q ?w } GROUP BY ?x } }",
    'SELECT ?s (IF(?v = "x", "ja", "nein") AS ?k) { ?s :s ?v }',
    "SELECT ?s (COALESCE(?z, ?v) AS ?k) { ?s :s ?v OPTIONAL { ?s :q ?z } }",
    "CONSTRUCT { ?v :z ?s } WHERE { ?s :q ?v }",
    "ASK { ?s :s '丙' }",
    "# a comment with SERVICE and LIMIT 1 and ?x\nSELECT ?s { ?s :s 'FROM # LIMIT 1' }",
]
"""Answered by Oxigraph."""

KEPT = {
    'SELECT ?s ?v { ?s :d ?v FILTER (?v >= "2031-01-01"^^xsd:date) }': "several types",
    "SELECT ?s ?v { ?s :p ?v FILTER (?v > 1) }": "several types",
    "SELECT (MIN(?v) AS ?c) (MAX(?v) AS ?d) { ?s :d ?v }": "several types",
    "SELECT (GROUP_CONCAT(?v) AS ?c) { ?s :s ?v }": "rows as they come",
    "SELECT (SAMPLE(?v) AS ?c) { ?s :s ?v }": "rows as they come",
    "SELECT (1/3 AS ?x) (0.5*2 AS ?w) {}": "MultiplicativeExpression",
    "SELECT (0.90 AS ?a) {}": "written differently",
    'SELECT (xsd:integer("07") AS ?c) {}': "Function",
    "SELECT ?s ?x { ?s :q* ?x }": "use DISTINCT",
    "SELECT ?x { :a (:q|:q) ?x }": "use DISTINCT",
    "SELECT DISTINCT ?x { :zz :q* ?x }": "no steps",
    'SELECT ?s { ?s :s ?v FILTER REGEX(?v, "X", "i") }': "regular expressions",
    'SELECT ?s { ?s :s ?v FILTER REGEX(?v, "(?=x)") }': "regular expressions",
    'SELECT ?s { ?s :s ?v FILTER REGEX(?v, "^x$") }': "regular expressions",
    "SELECT ?s ?c { ?s :s ?y . { SELECT ?s (COUNT(?y) AS ?c) { ?s :q ?y } GROUP BY ?s } }": "sub-select",
    "SELECT ?s ?c { ?s :s ?y . { SELECT ?s { ?s :q ?c } LIMIT 1 } }": "LIMIT",
    'SELECT ?s ?z { ?s :s ?y . { ?s :q ?z FILTER (?y = "x") } }': "no value in its group",
    "SELECT ?s ?d { ?s :s ?v OPTIONAL { ?s :d ?d } OPTIONAL { ?s :q ?d } }": "stands elsewhere",
    "SELECT ?s { ?s :s ?c } ORDER BY ?c LIMIT 2": "no column",
    "SELECT ?s ?c { ?s :s ?c } ORDER BY STRLEN(?c) ?c": "no column",
    "SELECT ?s ?s { ?s :s ?c }": "Oxigraph refuses",
    "SELECT (?c AS ?c) { ?s :s ?c }": "Oxigraph refuses",
    "SELECT ?s { ?s :s ?c FILTER (:f(?c)) }": "Function",
    "DESCRIBE :a": "describe",
    "CONSTRUCT { ?s :z [] } WHERE { ?s :n ?v }": "blank nodes",
    "SELECT ?s ?n { ?x :q ?s BIND (1 AS ?n) ?s :s ?v . ?t :n ?w }": "slow",
}
"""Answered by rdflib, with a word of the reason."""


@pytest.fixture(scope="module")
def tricky():
    return load_graph(TRICKY.encode())


def whole(result):
    return result.columns, result.cells, result.triples, result.answer


def both(loaded, sparql, **more):
    auto = run_query(loaded, sparql, **more)
    plain = run_query(loaded, sparql, **{**more, "engine": "rdflib", "alike": False})
    assert plain.engine == "rdflib"
    assert whole(auto) == whole(plain)
    return auto


@pytest.mark.parametrize("sparql", FAST)
def test_what_oxigraph_answers_is_what_rdflib_answers(tricky, sparql):
    result = both(tricky, PREFIX + sparql)
    assert (result.engine, result.reason) == ("oxigraph", None)


@pytest.mark.filterwarnings("ignore")  # rdflib warns of its own deprecations here
@pytest.mark.parametrize("sparql", KEPT)
def test_what_oxigraph_may_answer_differently_stays_with_rdflib_and_says_why(tricky, sparql):
    result = both(tricky, PREFIX + sparql)
    assert result.engine == "rdflib"
    assert KEPT[sparql] in result.reason


@pytest.mark.parametrize(
    "literal",
    [
        "0.90",
        "01",
        "+1",
        "1.5e0",
        '"1"^^xsd:boolean',
        '"2031-03-05Z"^^xsd:date',
        '"abc"^^xsd:integer',
        '"P1Y"^^xsd:duration',
    ],
)
def test_a_graph_whose_numbers_oxigraph_would_rewrite_stays_with_rdflib(literal):
    text = f"@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . <http://e/a> <http://e/p> {literal} , 0.9 ."
    loaded = load_graph(text.encode())
    result = run_query(loaded, "SELECT ?v { ?s ?p ?v }")
    assert result.engine == "rdflib"
    assert "Oxigraph writes differently" in result.reason
    assert literal.split("^^")[0].strip('"') in {cell.value for (cell,) in result.cells}


def test_what_kg_writes_is_kept_as_written():
    for graph in (small_graph(), region()):
        assert load_graph(write_turtle(graph, load_vocabulary())).inexact is None


GRAPHS = {"small": small_graph, "region": region}
VALUES = {
    "name": ["澄江芯源", "岚泽银行", "朗星机器人", "泽大", 'a"b\\u0022}', ""],
    "person": ["闻若川", "顾明远川"],
    "organization": ["澄江芯源有限公司", "朗星机器人"],
    "body": ["岚泽银行", "无"],
    "place": ["岚泽", "990102", "青岚市"],
    "event": ["量子论坛", "机器人大会", "无"],
    "title": ["签约", "青岚", ""],
    "subject": ["岚泽产业基金", "青岚农商银行"],
    "object": ["量子论坛", "云泽大学", "岚泽省先导企业"],
    "reporter": ["岚泽省科协", "无"],
    "since": ["2032-04-20", "2031", "2032-05"],
    "until": ["2032-05-11", "2031-06", "2032"],
    "least": ["80000000", "100000000.5", "x"],
    "below": ["0.85", "1", "x"],
    "doubtful": ["true"],
    "named": ["true"],
}


def calls(question, values):
    """Yield the question with each value of each parameter, the others at their defaults or first values."""
    first = {p.name: values[p.name][0] for p in question.parameters if p.default is None}
    yield first
    for parameter in question.parameters:
        for value in values[parameter.name]:
            yield {**first, parameter.name: value}


@pytest.mark.parametrize("graph", GRAPHS)
@pytest.mark.parametrize("shipped", questions(), ids=lambda q: q.name)
def test_shipped_questions_have_one_answer(shipped, graph):
    loaded = load_graph(write_turtle(GRAPHS[graph](), load_vocabulary()))
    assert shipped.shipped
    for given_values in calls(shipped, VALUES):
        result = both(loaded, shipped.sparql, parameters=shipped.bound(given_values), alike=True)
        assert result.engine == "oxigraph", result.reason


@pytest.fixture(scope="module")
def seeds(seeds_graph):
    return load_graph((seeds_graph / "graph.ttl").read_bytes())


SEEDS = {
    **{name: [values[0]] for name, values in VALUES.items()},
    "name": ["杭州电子科技大学"],
    "organization": ["杭州电子科技大学", "中国科协"],
    "place": ["浙江", "杭州市"],
    "event": ["2023共同富裕理论与实践创新论坛"],
    "title": ["论坛"],
    "subject": ["杭州电子科技大学"],
    "object": ["2023共同富裕理论与实践创新论坛"],
    "since": ["2023-12"],
    "until": ["2023-12"],
}


SLOW = {"chain"}
"""rdflib takes minutes for it on a graph of this size."""


@pytest.mark.parametrize("shipped", [q for q in questions() if q.name not in SLOW], ids=lambda q: q.name)
def test_shipped_questions_have_one_answer_on_the_seed_pages(seeds, shipped):
    assert seeds.inexact is None
    needed = {p.name: SEEDS[p.name][0] for p in shipped.parameters if p.default is None}
    every = {p.name: SEEDS[p.name][0] for p in shipped.parameters}
    for given_values in (needed, every):
        result = both(seeds, shipped.sparql, parameters=shipped.bound(given_values), alike=True)
        assert result.engine == "oxigraph", result.reason


def test_the_region_is_asked_every_new_question_with_rows(seeds):
    empty = {call[0] for call in region_answers.ANSWERS} - {
        call[0] for call, rows in region_answers.ANSWERS.items() if rows
    }
    assert empty == {"involved"}  # needs derived facts


def test_shipped_questions_order_by_their_columns_so_that_both_engines_can(seeds):
    for shipped in questions():
        assert outline(shipped.sparql).order is not None, shipped.name


@settings(max_examples=60, deadline=None)
@given(value=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12))
def test_any_text_is_a_parameter_and_comes_back_as_it_was(value):
    loaded = load_graph(b"")
    sparql = "SELECT ?x { BIND (CONCAT(?given, '') AS ?x) }"
    for engine in ("oxigraph", "rdflib"):
        result = run_query(loaded, sparql, parameters={"given": value}, engine=engine)
        assert [cell.value for (cell,) in result.cells] == [value]


def test_variables_in_strings_iris_and_comments_are_none():
    sparql = 'SELECT ?a { # ?b\n ?a <http://x/?c> \'?d \\\' ?e\' , """?f""" ; p:g\\?h $i }'
    assert variables(sparql) == ("a", "i")
    assert substituted("FILTER (?a = ?ab || ?a)", {"a": '"?ab"'}) == 'FILTER ("?ab" = ?ab || "?ab")'


@pytest.mark.parametrize(
    ("sparql", "order", "offset", "limit"),
    [
        ("SELECT ?a { ?a ?b ?c } ORDER BY DESC(?a) LIMIT 3 OFFSET 4", (("a", True),), 4, 3),
        ("SELECT (COUNT(?x) AS ?n) { { SELECT ?x { ?x ?y ?z } LIMIT 1 } } OFFSET 2", (), 2, None),
        ("SELECT ?a { ?a ?b ?c } ORDER BY ?c", None, 0, None),
        ("SELECT * { ?a ?b 'LIMIT 5' } ORDER BY ASC(?b) ?a # LIMIT 6", (("b", False), ("a", False)), 0, None),
    ],
)
def test_the_end_of_a_query_is_read_at_its_outermost_level(sparql, order, offset, limit):
    found = outline(sparql)
    assert (found.order, found.offset, found.limit) == (order, offset, limit)


def test_oxigraph_can_be_forced_and_then_says_what_it_cannot(tricky):
    forced = run_query(tricky, PREFIX + "SELECT (SAMPLE(?v) AS ?c) { :a :s ?v }", engine="oxigraph")
    assert (forced.engine, forced.cells) == ("oxigraph", ((ox.Literal("x"),),))
    with pytest.raises(UsageError, match="cannot be answered by Oxigraph"):
        run_query(tricky, PREFIX + "SELECT ?s ?s { ?s :s ?c }", engine="oxigraph")


def test_rdflib_is_the_interface_to_the_fast_store(tricky):
    rows = tricky.graph.query(PREFIX + "SELECT ?v { :a :s ?v }")
    assert [str(row.v) for row in rows] == ["x"]
    assert len(tricky.graph) == len(tricky.memory)


def test_new_blank_nodes_are_named_as_they_come(tricky):
    result = run_query(tricky, PREFIX + "CONSTRUCT { ?s :z [] } WHERE { ?s :n ?v }")
    assert [str(t) for t in result.triples] == [
        "<http://e/a> <http://e/z> _:b0",
        "<http://e/b> <http://e/z> _:b1",
    ]


@pytest.mark.parametrize(
    ("digits", "shown"),
    [("1.0", "1"), ("0.3333333333333333333", "0.333333333333333"), ("-0.0", "0"), ("10", "10")],
)
def test_computed_decimals_are_written_one_way(digits, shown):
    decimal = ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    assert same_digits(ox.Literal(digits, datatype=decimal)).value == shown
    assert abs(Decimal(digits) - Decimal(shown)) < Decimal("1e-14")
