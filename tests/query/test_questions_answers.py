"""Every shipped question gives these answers to a graph that the Turtle writer wrote."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
import region_answers
from invented import small_graph

from kg.errors import InputError, ResourceError, UsageError
from kg.query.questions import question, questions
from kg.query.running import load_graph, run_query
from kg.query.tables import format_result
from kg.serialize.turtle import write_turtle
from kg.vocabulary import SCHEMA, load_vocabulary

EVENT = "2031云泽机器人大会"
COMPANY = "朗星机器人有限公司"
SIGNED = (COMPANY, "云泽大学", "2031-05-06", "人形机器人联合研发协议", "3亿元", "0.95")

ANSWERS = {
    ("signings",): [SIGNED],
    ("signings", "name=泽大"): [SIGNED],
    ("signings", "name=青岚农商银行"): [],
    ("organizers",): [
        (EVENT, "hosts", "云泽省科学技术厅", "2031-05-06", "0.9"),
        (EVENT, "undertakes", "青岚市人民政府", "2031-05-06", "0.9"),
    ],
    ("organizers", "event=机器人大会"): [
        (EVENT, "hosts", "云泽省科学技术厅", "2031-05-06", "0.9"),
        (EVENT, "undertakes", "青岚市人民政府", "2031-05-06", "0.9"),
    ],
    ("positions-of", "person=顾明远川"): [("顾明远川", "董事长", COMPANY, "stated", "0.9")],
    ("positions-at", "organization=朗星机器人"): [("顾明远川", "董事长", COMPANY, "stated", "0.9")],
    ("amounts",): [
        (COMPANY, "donatesTo", "云泽大学", "800万元", "planned", "0.7"),
        (COMPANY, "investsIn", "青岚智能谷项目", "12亿元", "stated", "0.9"),
        ("青岚农商银行", "lendsTo", COMPANY, "5000万元", "stated", "0.8"),
    ],
    ("amounts", "name=青岚农商银行"): [("青岚农商银行", "lendsTo", COMPANY, "5000万元", "stated", "0.8")],
    ("about", "name=泽大"): [
        (COMPANY, "donatesTo", "云泽大学", "planned", "0.7"),
        (COMPANY, "signsAgreementWith", "云泽大学", "stated", "0.95"),
    ],
    ("events-at", "place=青岚市"): [(EVENT, "2031-05-06", "青岚市", "0.9")],
    ("honors",): [(COMPANY, "云泽省创新示范企业", "", "0.9")],
    ("honors", "name=云泽省创新示范企业"): [(COMPANY, "云泽省创新示范企业", "", "0.9")],
    ("founders", "name=朗星机器人"): [(COMPANY, "朗星量子研究院", "2031-03", "stated", "0.9")],
    ("creations",): [
        (COMPANY, "develops", "朗星一号", "stated", "0.9"),
        ("云泽省科学技术厅", "publishes", "云泽省机器人产业白皮书", "stated", "0.9"),
    ],
    ("participants", "event=机器人大会"): [("顾明远川", EVENT, "stated", "0.9")],
    ("best-connected",): [
        (COMPANY, "7", "8"),
        ("云泽省科学技术厅", "2", "2"),
        ("云泽大学", "1", "2"),
        ("朗星量子研究院", "1", "1"),
        ("青岚农商银行", "1", "1"),
        ("青岚市人民政府", "1", "1"),
    ],
    ("planned",): [
        (
            COMPANY,
            "donatesTo",
            "云泽大学",
            "据省科技厅介绍，朗星机器人拟向泽大捐赠800万元。",
            "2031-04-02",
            "0.7",
        ),
    ],
    ("planned", "name=青岚市"): [],
    ("reported", "reporter=省科技厅"): [
        (
            "省科技厅",
            COMPANY,
            "donatesTo",
            "云泽大学",
            "据省科技厅介绍，朗星机器人拟向泽大捐赠800万元。",
            "0.7",
        ),
    ],
    ("article", "title=牵手"): [
        (
            "朗星拟牵手云泽大学",
            COMPANY,
            "donatesTo",
            "云泽大学",
            "据省科技厅介绍，朗星机器人拟向泽大捐赠800万元。",
            "0.7",
        ),
        (
            "朗星拟牵手云泽大学",
            COMPANY,
            "signsAgreementWith",
            "云泽大学",
            "朗星机器人与云泽大学5月6日签约。",
            "0.95",
        ),
    ],
    ("evidence", "subject=云泽大学", "object=朗星机器人"): [
        (
            "donatesTo",
            "据省科技厅介绍，朗星机器人拟向泽大捐赠800万元。",
            "朗星拟牵手云泽大学",
            "2031-04-02",
            "https://newskg.example/id/source/page-3.txt#char=10,35",
            "0.7",
            "true",
        ),
        (
            "signsAgreementWith",
            "朗星机器人与云泽大学5月6日签约。",
            "朗星拟牵手云泽大学",
            "2031-04-02",
            "https://newskg.example/id/source/page-3.txt#char=36,53",
            "0.85",
            "true",
        ),
        (
            "signsAgreementWith",
            "会上，朗星机器人与泽大签订了人形机器人联合研发协议，总金额3亿元。",
            "云泽机器人大会在青岚举行",
            "2031-05-07",
            "https://newskg.example/id/source/page-1.txt#char=55,88",
            "0.95",
            "true",
        ),
    ],
}


@pytest.fixture(scope="module")
def turtle():
    return write_turtle(small_graph(), load_vocabulary())


@pytest.fixture(scope="module")
def graph(turtle):
    return load_graph(turtle)


def ask(graph, name, *given):
    asked = question(name)
    values = asked.bound(dict(g.split("=") for g in given))
    return run_query(graph, asked.sparql, parameters=values)


@pytest.mark.parametrize("call", ANSWERS, ids=" ".join)
def test_answer(graph, call):
    rows = [tuple("" if cell is None else str(cell) for cell in row) for row in ask(graph, *call).rows]
    assert rows == ANSWERS[call]


@pytest.fixture(scope="module")
def doubted():
    """The same facts in a build whose threshold none of them reaches."""
    return load_graph(write_turtle(replace(small_graph(), min_confidence=0.99), load_vocabulary()))


@pytest.mark.parametrize("call", [c for c in ANSWERS if c[0] != "evidence"], ids=" ".join)
def test_doubtful_statements_are_left_out_unless_asked_for(doubted, call):
    assert ask(doubted, *call).rows == ()
    rows = [
        tuple("" if cell is None else str(cell) for cell in row)
        for row in ask(doubted, *call, "doubtful=true").rows
    ]
    assert rows == ANSWERS[call]


def test_evidence_of_doubtful_statements_is_marked(doubted):
    rows = ask(doubted, "evidence", "subject=云泽大学", "object=朗星机器人").rows
    assert [(str(row[0]), str(row[-1])) for row in rows] == [
        ("donatesTo", "false"),
        ("signsAgreementWith", "false"),
        ("signsAgreementWith", "false"),
    ]


def test_every_shipped_question_has_an_expected_answer():
    asked = {call[0] for call in (*ANSWERS, *region_answers.ANSWERS)} | {"describe"}
    assert {q.name for q in questions()} == asked
    assert len(asked) >= 25


def test_describe_gives_the_facts_from_and_to_an_entity_as_standard_turtle(graph):
    text = format_result(ask(graph, "describe", "name=青岚农商银行"), "turtle")
    base, nk = "https://newskg.example/id/", "https://newskg.example/ontology#"
    facts = {
        (q.subject.value, q.predicate.value, q.object.value)
        for q in ox.parse(text, format=ox.RdfFormat.TURTLE)
    }
    assert (f"{base}organization:青岚农商银行", f"{nk}lendsTo", f"{base}organization:{COMPANY}") in facts
    assert text.startswith("@prefix nk: <https://newskg.example/ontology#> .\n")
    assert "organization:青岚农商银行 a nk:FinancialInstitution" in text


@pytest.mark.parametrize("shipped", questions(), ids=lambda q: q.name)
def test_questions_name_only_terms_of_the_ontology(shipped):
    import re

    vocabulary = load_vocabulary()
    structure = {
        "modality",
        "confidence",
        "accepted",
        "support",
        "evidence",
        "article",
        "attributedTo",
        "onDate",
        "startDate",
        "reprintOf",
        "within",
        "namedAfter",
        "divisionCode",
        "mergedBecause",
        "occurrence",
        "amountValue",
        "amountText",
        "currency",
        "Statement",
    }
    names = set(re.findall(r"nk:(\w+)", shipped.sparql)) - structure
    assert names <= set(vocabulary.labels) | set(vocabulary.iris)
    assert re.findall(r"PREFIX schema: <(.*)>", shipped.sparql) in ([], [SCHEMA])
    assert shipped.titles["zh"] != shipped.titles["en"]


def test_a_value_is_a_value_and_never_a_piece_of_the_query(graph):
    hostile = '" } DROP ALL # } ?x ?y ?z . FILTER("1"="1'
    assert ask(graph, "signings", f"name={hostile.replace('=', '')}").rows == ()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (("signing",), "did you mean signings? Known: about, amounts, appointments, article"),
        (("positions-of",), "needs the parameter 'person'; its parameters: person: the person"),
        (("planned", "doubtful=yes"), "true or false was expected for 'doubtful', not 'yes'"),
        (("planned", "who=x"), "has no parameter 'who'; its parameters: name:"),
    ],
)
def test_a_wrong_call_says_what_would_be_right(graph, call, says):
    with pytest.raises(UsageError) as caught:
        ask(graph, *call)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("sparql", "says"),
    [
        ("SELECT ?x WHERE { ?x", "not a SPARQL query"),
        ("SELECT ?x WHERE { ?x unknown:p ?y }", "unknown"),
        ("SELECT ?x WHERE { SERVICE <http://127.0.0.1:9/> { ?x ?y ?z } }", "SERVICE is refused"),
        ("SELECT ?x FROM <http://127.0.0.1:9/> WHERE { ?x ?y ?z }", "FROM is refused"),
        ("INSERT DATA { <a:b> <a:c> <a:d> }", "not a SPARQL query"),
    ],
)
def test_a_query_that_cannot_be_run_is_refused(graph, sparql, says):
    with pytest.raises(UsageError, match=says):
        run_query(graph, sparql)


def test_a_parameter_without_a_variable_is_refused(graph):
    with pytest.raises(UsageError, match="no variable \\?name"):
        run_query(graph, "SELECT ?names WHERE { ?names ?p ?o }", parameters={"name": "x"})


def test_common_prefixes_need_no_declaration_and_unordered_rows_are_sorted(graph):
    found = run_query(graph, "SELECT ?l WHERE { ?e a nk:Organization ; rdfs:label ?l }")
    labels = [str(row[0]) for row in found.rows]
    assert labels == sorted(labels)
    assert len(labels) == 6


def test_ask(graph):
    assert (
        format_result(run_query(graph, "ASK { ?s a nk:Product }"), "json")
        == '{\n  "head": {},\n  "boolean": true\n}\n'
    )


def test_broken_turtle_names_the_file():
    with pytest.raises(InputError, match=r"out/graph\.ttl: a Turtle file was expected"):
        load_graph(b"<a> <b", names=("out/graph.ttl",))


def test_a_question_without_a_title_names_file_and_line(tmp_path):
    (tmp_path / "questions").mkdir()
    (tmp_path / "questions" / "mine.rq").write_text("# titel.zh: x\nASK { ?s ?p ?o }\n", encoding="utf-8")
    with pytest.raises(ResourceError, match=r"mine\.rq:1: "):
        questions(extra=tmp_path)


def test_own_questions_are_found_beside_the_shipped_ones(tmp_path):
    (tmp_path / "questions").mkdir()
    text = "# title.zh: 我的\n# title.en: Mine\n# description: d\nASK { ?s ?p ?o }\n"
    (tmp_path / "questions" / "mine.rq").write_text(text, encoding="utf-8")
    assert question("mine", extra=tmp_path).titles["zh"] == "我的"
    assert question("about", extra=tmp_path).name == "about"


def test_formats_of_rows(graph):
    result = ask(graph, "positions-of", "person=顾明远川")
    assert (
        format_result(result, "csv")
        == f"holder,role,body,modality,confidence\r\n顾明远川,董事长,{COMPANY},stated,0.9\r\n"
    )
    binding = json.loads(format_result(result, "json"))["results"]["bindings"][0]
    assert binding["confidence"] == {
        "type": "literal",
        "value": "0.9",
        "datatype": "http://www.w3.org/2001/XMLSchema#decimal",
    }
    assert format_result(result, "table").splitlines() == [
        "holder    role    body                modality  confidence",
        "────────  ──────  ──────────────────  ────────  ──────────",
        "顾明远川  董事长  朗星机器人有限公司  stated    0.9",
    ]
    assert (
        format_result(result, "table", width=50).splitlines()[2]
        == "顾明远川  董事长  朗星机器…   stated    0.9"
    )
    with pytest.raises(UsageError, match="Turtle is for"):
        format_result(result, "turtle")


def test_a_table_keeps_control_characters_from_the_terminal(graph):
    result = run_query(graph, 'SELECT ("a\\u001B[31mb\\u202Ec\\nd" AS ?x) WHERE {}')
    assert format_result(result, "table").splitlines()[2] == "a[31mbc d"


def test_csv_quotes_what_needs_it(graph):
    result = run_query(graph, 'SELECT ("a,\\"b\\"\\nc" AS ?x) WHERE {}')
    assert format_result(result, "csv") == 'x\r\n"a,""b""\nc"\r\n'


def test_answers_do_not_depend_on_the_hash_seed(turtle, tmp_path):
    (tmp_path / "graph.ttl").write_bytes(turtle)
    code = (
        "import sys; from pathlib import Path\n"
        "from kg.query.running import load_graph, run_query; from kg.query.questions import question\n"
        "from kg.query.tables import format_result\n"
        "g = load_graph(Path(sys.argv[1]).read_bytes())\n"
        "q = question('describe')\n"
        "r = run_query(g, q.sparql, parameters={'name': '朗星机器人'})\n"
        "sys.stdout.buffer.write(format_result(r, 'turtle').encode())\n"
        "sys.stdout.buffer.write(format_result(run_query(g, 'SELECT * WHERE { ?s ?p ?o }'), 'csv').encode())\n"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / "graph.ttl")],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parent.parent.parent,
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1]
    assert COMPANY in outputs[0].decode()
