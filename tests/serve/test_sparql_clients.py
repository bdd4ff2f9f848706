"""Programs that people use to ask endpoints work with this one: SPARQLWrapper and rdflib's SPARQLStore."""

import pytest
import rdflib
from fastapi import FastAPI
from invented import small_graph
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from sparql_server import RUNAWAY, prepared_store, running
from SPARQLWrapper import CSV, JSON, JSONLD, N3, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import EndPointInternalError, QueryBadFormed

from kg.serialize.turtle import write_turtle
from kg.serve.sparql.endpoint import sparql_router
from kg.serve.sparql.limits import Limits
from kg.serve.sparql.workers import QueryWorkers
from kg.vocabulary import NAMESPACE, load_vocabulary

BASE = "https://newskg.example/id/"
UNIVERSITY = rdflib.URIRef(BASE + "organization:云泽大学")
CALLED = rdflib.URIRef(NAMESPACE + "called")
NAMES = 'SELECT ?name { ?body rdfs:label "云泽大学" ; skos:altLabel ?name }'
CONSTRUCT = "CONSTRUCT { ?body nk:called ?name } { ?body rdfs:label '云泽大学' ; skos:altLabel ?name }"


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory):
    triples = prepared_store(tmp_path_factory.mktemp("served") / "triples", small_graph())
    with QueryWorkers(triples, limits=Limits(seconds=4)) as workers:
        app = FastAPI()
        app.include_router(sparql_router(workers))
        with running(app) as address:
            yield address + "/sparql"


@pytest.fixture(scope="module")
def graph():
    return rdflib.Graph().parse(data=write_turtle(small_graph(), load_vocabulary()), format="turtle")


def ask(endpoint, sparql, form, *, method="GET", way=None):
    wrapper = SPARQLWrapper(endpoint)
    wrapper.setQuery(sparql)
    wrapper.setReturnFormat(form)
    wrapper.setMethod(method)
    if way:
        wrapper.setRequestMethod(way)
    wrapper.setTimeout(60)
    answer = wrapper.query()
    found = answer.convert()
    answer.response.close()
    return found


# ---------------------------------------------------------------- SPARQLWrapper


@pytest.mark.parametrize(("method", "way"), [("GET", None), (POST, None), (POST, POSTDIRECTLY)])
def test_sparqlwrapper_reads_json(endpoint, method, way):
    found = ask(endpoint, NAMES, JSON, method=method, way=way)
    assert found["results"]["bindings"] == [{"name": {"type": "literal", "value": "泽大"}}]


def test_sparqlwrapper_reads_xml(endpoint):
    found = ask(endpoint, NAMES, XML)
    assert [one.firstChild.data for one in found.getElementsByTagName("literal")] == ["泽大"]


def test_sparqlwrapper_reads_csv_and_tsv(endpoint):
    assert ask(endpoint, NAMES, CSV).decode() == "name\r\n泽大\r\n"
    assert ask(endpoint, NAMES, TSV).decode() == '?name\n"泽大"\n'


def test_sparqlwrapper_reads_truth(endpoint):
    assert ask(endpoint, "ASK { ?s rdfs:label '云泽大学' }", JSON)["boolean"] is True


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the two libraries are of different years
@pytest.mark.parametrize(
    ("form", "name"), [(TURTLE, "turtle"), (N3, "n3"), (RDFXML, "xml"), (JSONLD, "json-ld")]
)
def test_sparqlwrapper_reads_graphs(endpoint, form, name):
    found = ask(endpoint, CONSTRUCT, form)
    if not isinstance(found, rdflib.Graph):
        found = rdflib.Graph().parse(data=found, format=name)
    assert set(found) == {(UNIVERSITY, CALLED, rdflib.Literal("泽大"))}


def test_sparqlwrapper_tells_a_bad_query_with_the_words_of_the_parser(endpoint):
    with pytest.raises(QueryBadFormed, match=r"error at 1:11 after .+SELECT"):
        ask(endpoint, "SELECT * {", JSON)


def test_sparqlwrapper_tells_what_broke(endpoint):
    nested = "SELECT * { FILTER(" + "(" * 50_000 + "1" + ")" * 50_000 + ") }"
    with pytest.raises(EndPointInternalError, match="ended unexpectedly"):
        ask(endpoint, nested, JSON, method=POST)


def test_sparqlwrapper_tells_that_a_query_was_stopped(endpoint):
    with pytest.raises(OSError, match="504") as stopped:
        ask(endpoint, RUNAWAY, JSON, method=POST)
    with stopped.value as answer:
        assert "stopped after 4 seconds" in answer.read().decode()


# ---------------------------------------------------------------- rdflib


def remote(endpoint, **options):
    return rdflib.Graph(store=SPARQLStore(endpoint, **options), bind_namespaces="none")


@pytest.mark.parametrize(
    "options", [{}, {"method": "POST"}, {"method": "POST_FORM"}, {"returnFormat": "json"}]
)
def test_rdflib_asks_in_all_its_ways(endpoint, options):
    found = remote(endpoint, **options).query(NAMES)
    assert [row.name for row in found] == [rdflib.Literal("泽大")]


def test_rdflib_walks_the_graph_by_patterns(endpoint, graph):
    there = remote(endpoint)
    person = rdflib.URIRef(NAMESPACE + "Person")
    assert set(there.triples((None, rdflib.RDF.type, person))) == set(
        graph.triples((None, rdflib.RDF.type, person))
    )
    assert set(there.triples((UNIVERSITY, None, None))) == set(graph.triples((UNIVERSITY, None, None)))
    assert (UNIVERSITY, rdflib.RDFS.label, rdflib.Literal("云泽大学")) in there
    assert (UNIVERSITY, rdflib.RDFS.label, rdflib.Literal("另一所大学")) not in there


def test_rdflib_gets_graphs(endpoint):
    found = remote(endpoint).query(CONSTRUCT)
    assert set(found.graph) == {(UNIVERSITY, CALLED, rdflib.Literal("泽大"))}


def test_rdflib_finds_as_many_triples_as_there_are(endpoint, graph):
    (row,) = remote(endpoint).query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert row.n.toPython() == len(graph)
