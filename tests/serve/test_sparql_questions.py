"""The shipped questions are answered over HTTP as `kg query` answers them, whatever stands in their parameters."""

import json

import pyoxigraph as ox
import pytest
from invented import small_graph
from sparql_server import awaited, prepared_store

from kg.errors import UsageError
from kg.query.questions import question, questions
from kg.query.running import load_graph, run_query
from kg.query.terms import same_digits
from kg.resources import ROOT
from kg.serialize.turtle import write_turtle
from kg.serve.sparql.query_page import bound_query
from kg.serve.sparql.workers import Query, QueryWorkers
from kg.vocabulary import load_vocabulary

VALUES = ("朗星机器人有限公司", "云泽大学", "2031云泽机器人大会", "青岚市", 'a"b\\c\n?name } #', "")


@pytest.fixture(scope="module")
def loaded():
    return load_graph(write_turtle(small_graph(), load_vocabulary()))


@pytest.fixture(scope="module")
def workers(tmp_path_factory):
    with QueryWorkers(prepared_store(tmp_path_factory.mktemp("served") / "triples", small_graph())) as both:
        yield both


def answered(workers, sparql):
    async def asked():
        found = await workers.ask(Query(sparql=sparql, rows="json", graph="ntriples"))
        try:
            return found.form, b"".join(found.pieces())
        finally:
            found.close()

    return awaited(asked())


@pytest.mark.parametrize("name", [one.name for one in questions()])
def test_a_question_has_the_answer_that_the_command_line_gives(loaded, workers, name):
    asked = question(name)
    needed = [one.name for one in asked.parameters if one.default is None]
    for value in VALUES:
        given = dict.fromkeys(needed, value)
        wanted = run_query(loaded, asked.sparql, parameters=asked.bound(given), alike=True)
        form, found = answered(workers, bound_query(asked, given))
        if form == "graph":
            triples = {quad.triple for quad in ox.parse(found, format=ox.RdfFormat.N_TRIPLES)}
            assert triples == set(wanted.triples)
            continue
        rows = ox.parse_query_results(found, format=ox.QueryResultsFormat.JSON)
        assert tuple(column.value for column in rows.variables) == wanted.columns
        assert sorted(str([same_digits(cell) for cell in row]) for row in rows) == sorted(
            str(list(row)) for row in wanted.cells
        )


def test_every_column_of_a_question_has_a_chinese_word():
    words = json.loads((ROOT / "templates" / "query.words.json").read_text(encoding="utf-8"))
    for asked in questions():
        found = ox.Store().query(asked.sparql)
        if isinstance(found, ox.QuerySolutions):
            own = words["columnsOf"].get(asked.name, {})
            columns = {column.value for column in found.variables}
            assert columns <= set(words["columns"]), asked.name
            assert set(own) <= columns, asked.name
    assert set(words["columnsOf"]) <= {asked.name for asked in questions()}
    assert set(words["descriptions"]) == {asked.name for asked in questions()}
    assert set(words["meanings"]) == {one.meaning for asked in questions() for one in asked.parameters}


def test_the_query_of_a_question_stands_under_its_title():
    text = bound_query(question("works-with"), {"name": '泽"大'}, language="zh")
    assert text.startswith(
        "# 谁与某机构合作或签约，出自何处\nPREFIX nk: <https://newskg.example/ontology#>\n"
    )
    assert '?entity rdfs:label|skos:altLabel "泽\\"大" .' in text
    assert '"false" = "true"' in text
    assert text.endswith("ORDER BY ?partner ?relation ?published ?sentence\n")


def test_what_a_question_does_not_know_is_told():
    with pytest.raises(UsageError, match="needs the parameter 'name'"):
        bound_query(question("works-with"), {})
    with pytest.raises(UsageError, match="has no parameter 'whom'"):
        bound_query(question("works-with"), {"name": "甲", "whom": "乙"})
    with pytest.raises(UsageError, match="true or false was expected for 'doubtful'"):
        bound_query(question("works-with"), {"name": "甲", "doubtful": "yes"})
