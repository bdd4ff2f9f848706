"""The SPARQL 1.1 Protocol, asked over HTTP as any client may ask it: forms of requests, types of answers, status codes."""

import asyncio
import json
import re
import socket

import httpx
import pyoxigraph as ox
import pytest
from fastapi import FastAPI
from invented import small_graph
from sparql_server import RUNAWAY, awaited, eventually, prepared_store, running

from kg.serve.sparql.endpoint import sparql_router
from kg.serve.sparql.limits import MIB, Limits
from kg.serve.sparql.workers import QueryWorkers

BASE = "https://newskg.example/id/"
NAMES = 'SELECT ?name { ?body rdfs:label "云泽大学" ; skos:altLabel ?name }'
NAMES_AS_JSON = {
    "head": {"vars": ["name"]},
    "results": {"bindings": [{"name": {"type": "literal", "value": "泽大"}}]},
}
COUNT = "SELECT (COUNT(*) AS ?n) { ?s a nk:Person }"
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
SD = "http://www.w3.org/ns/sparql-service-description#"


@pytest.fixture(scope="module")
def triples(tmp_path_factory):
    return prepared_store(tmp_path_factory.mktemp("served") / "triples", small_graph())


@pytest.fixture(scope="module")
def serve(triples):
    """Return a context manager: a client of an endpoint with these limits."""
    from contextlib import contextmanager

    @contextmanager
    def client_of(**limits):
        with QueryWorkers(triples, limits=Limits(**limits)) as workers:
            app = FastAPI()
            app.include_router(sparql_router(workers, triples=561))
            with running(app) as address, httpx.Client(base_url=address, timeout=60) as client:
                client.workers = workers
                yield client

    return client_of


@pytest.fixture(scope="module")
def client(serve):
    with serve(seconds=60) as one:
        yield one


def detail(answer):
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    return answer.text


# ---------------------------------------------------------------- ways to ask


def test_a_query_stands_in_the_address_in_a_form_or_in_the_body(client):
    by_get = client.get("/sparql", params={"query": NAMES})
    by_form = client.post("/sparql", data={"query": NAMES})
    by_body = client.post(
        "/sparql", content=NAMES.encode(), headers={"Content-Type": "application/sparql-query"}
    )
    for answer in (by_get, by_form, by_body):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == JSON
        assert answer.headers["vary"] == "Accept"
        assert answer.json() == NAMES_AS_JSON


def test_the_body_may_say_its_charset(client):
    for charset in ("UTF-8", '"utf-8"'):
        kind = f"application/sparql-query; charset={charset}"
        assert (
            client.post("/sparql", content=NAMES.encode(), headers={"Content-Type": kind}).json()
            == NAMES_AS_JSON
        )


def test_percent_and_plus_are_read_as_a_form_has_them(client):
    label = "%22%E4%BA%91%E6%B3%BD%E5%A4%A7%E5%AD%A6%22"
    written = f"query=SELECT+%3Fname+%7B+%3Fbody+rdfs:label+{label}+;+skos:altLabel+?name+}}"
    assert client.get("/sparql?" + written.replace("}", "%7D")).json() == NAMES_AS_JSON
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post("/sparql", content=written, headers=form).json() == NAMES_AS_JSON
    unescaped = f"query={NAMES}".replace(" ", "+").encode()
    assert client.post("/sparql", content=unescaped, headers=form).json() == NAMES_AS_JSON
    plus = client.get("/sparql", params={"query": 'SELECT (1+1 AS ?two) ("100%25&x=1" AS ?text) {}'})
    row = plus.json()["results"]["bindings"][0]
    assert (row["two"]["value"], row["text"]["value"]) == ("2", "100%25&x=1")


def test_head_tells_what_get_would(client):
    answer, told = (
        client.get("/sparql", params={"query": NAMES}),
        client.head("/sparql", params={"query": NAMES}),
    )
    assert told.status_code == 200
    assert told.content == b""
    assert {name: told.headers[name] for name in ("content-type", "content-length", "vary")} == {
        name: answer.headers[name] for name in ("content-type", "content-length", "vary")
    }


def test_options_tell_what_is_allowed(client):
    answer = client.options("/sparql")
    assert (answer.status_code, answer.headers["allow"]) == (204, "GET, HEAD, POST, OPTIONS")


def test_the_graph_itself_may_be_named(client):
    answer = client.get("/sparql", params={"query": NAMES, "default-graph-uri": BASE})
    assert answer.json() == NAMES_AS_JSON


def test_a_long_query_is_read_from_a_body(client):
    values = " ".join(f'"名称{n}"' for n in range(40_000))
    sparql = f'SELECT ?name {{ VALUES ?label {{ {values} "云泽大学" }} ?b rdfs:label ?label ; skos:altLabel ?name }}'
    assert 500_000 < len(sparql.encode()) < MIB
    assert client.post("/sparql", data={"query": sparql}).json() == NAMES_AS_JSON
    direct = {"Content-Type": "application/sparql-query"}
    assert client.post("/sparql", content=sparql.encode(), headers=direct).json() == NAMES_AS_JSON


# ---------------------------------------------------------------- types


@pytest.mark.parametrize(
    ("accept", "kind", "form"),
    [
        (JSON, JSON, ox.QueryResultsFormat.JSON),
        ("application/json", "application/json", ox.QueryResultsFormat.JSON),
        (XML, XML, ox.QueryResultsFormat.XML),
        ("application/xml", "application/xml", ox.QueryResultsFormat.XML),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8", ox.QueryResultsFormat.TSV),
        (f"{XML};q=0.5, {JSON};q=0.4", XML, ox.QueryResultsFormat.XML),
        ("text/turtle, */*;q=0.1", JSON, ox.QueryResultsFormat.JSON),
        (FIREFOX, JSON, ox.QueryResultsFormat.JSON),
        ("*/*", JSON, ox.QueryResultsFormat.JSON),
    ],
)
def test_rows_come_as_the_client_likes_them(client, accept, kind, form):
    answer = client.get("/sparql", params={"query": NAMES}, headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    rows = list(ox.parse_query_results(answer.content, format=form))
    assert [row["name"] for row in rows] == [ox.Literal("泽大")]


def test_rows_come_as_csv(client):
    answer = client.get("/sparql", params={"query": NAMES}, headers={"Accept": "text/csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.text == "name\r\n泽大\r\n"


@pytest.mark.parametrize(
    ("accept", "kind", "form"),
    [
        ("text/turtle", "text/turtle; charset=utf-8", ox.RdfFormat.TURTLE),
        ("application/n-triples", "application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/ld+json", "application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/rdf+xml", "application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/rdf+xml;q=0.9, application/ld+json", "application/ld+json", ox.RdfFormat.JSON_LD),
        (f"{JSON}, */*;q=0.1", "text/turtle; charset=utf-8", ox.RdfFormat.TURTLE),
        ("*/*", "text/turtle; charset=utf-8", ox.RdfFormat.TURTLE),
    ],
)
def test_graphs_come_as_the_client_likes_them(client, accept, kind, form):
    sparql = "CONSTRUCT { ?body nk:called ?name } { ?body rdfs:label '云泽大学' ; skos:altLabel ?name }"
    answer = client.get("/sparql", params={"query": sparql}, headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    assert [str(quad.triple) for quad in ox.parse(answer.content, format=form)] == [
        f'<{BASE}organization:云泽大学> <https://newskg.example/ontology#called> "泽大"'
    ]


def test_things_are_described(client):
    answer = client.get("/sparql", params={"query": f"DESCRIBE <{BASE}organization:云泽大学>"})
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    described = [
        quad for quad in ox.parse(answer.content, format=ox.RdfFormat.TURTLE) if quad.predicate == label
    ]
    assert [(quad.subject.value, quad.object.value) for quad in described] == [
        (f"{BASE}organization:云泽大学", "云泽大学")
    ]


def test_truth_comes_as_rows_do(client):
    sparql = "ASK { ?s rdfs:label '云泽大学' }"
    assert client.get("/sparql", params={"query": sparql}).json() == {"head": {}, "boolean": True}
    as_xml = client.get("/sparql", params={"query": sparql}, headers={"Accept": XML})
    assert bool(ox.parse_query_results(as_xml.content, format=ox.QueryResultsFormat.XML)) is True


def test_several_accept_headers_are_one(client):
    request = client.build_request("GET", "/sparql", params={"query": NAMES})
    headers = [("host", request.headers["host"]), ("accept", "image/png"), ("accept", "text/csv")]
    answer = client.send(httpx.Request("GET", request.url, headers=headers))
    assert answer.text == "name\r\n泽大\r\n"


def test_a_large_answer_arrives_whole(client):
    sparql = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 20000"
    answer = client.get("/sparql", params={"query": sparql}, headers={"Accept": "text/csv"})
    assert len(answer.content) == int(answer.headers["content-length"]) > MIB
    assert answer.text.count("\r\n") == 20001


# ---------------------------------------------------------------- the description


def test_without_a_query_the_service_describes_itself(client):
    answer = client.get("/sparql")
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    here = str(client.base_url.join("/sparql"))
    store = ox.Store()
    store.load(answer.content, format=ox.RdfFormat.TURTLE)
    asked = f"""PREFIX sd: <{SD}> PREFIX void: <http://rdfs.org/ns/void#>
      SELECT ?endpoint ?language ?triples {{
        ?service a sd:Service ; sd:endpoint ?endpoint ; sd:supportedLanguage ?language ;
          sd:defaultDataset [ a sd:Dataset ; sd:defaultGraph [ a sd:Graph ; void:triples ?triples ] ] }}"""
    rows = [tuple(term.value for term in row) for row in store.query(asked)]
    assert rows == [(here, SD + "SPARQL11Query", "561")]
    formats = store.query(f"SELECT ?f {{ <{here}> <{SD}resultFormat> ?f }}")
    assert "http://www.w3.org/ns/formats/SPARQL_Results_JSON" in {row["f"].value for row in formats}


def test_the_description_comes_in_other_forms_and_browsers_get_the_page(client):
    triples = client.get("/sparql", headers={"Accept": "application/n-triples"})
    assert f"<{SD}Service>" in triples.text
    page = client.get("/sparql", headers={"Accept": FIREFOX})
    assert (page.status_code, page.headers["location"], page.headers["vary"]) == (303, "query", "Accept")
    assert client.get("/sparql", headers={"Accept": "image/png"}).status_code == 406


# ---------------------------------------------------------------- status codes


@pytest.mark.parametrize(
    ("sparql", "words"),
    [
        ("SELECT * {", "the query cannot be read: error at 1:11 after 'SELECT * {'"),
        ("", "the query cannot be read: error at 1:1"),
        ("SELECT * { ?s foo:bar ?o }", "no PREFIX declares foo:"),
        ("INSERT DATA { <a:b> <a:b> <a:b> }", "INSERT is refused"),
        ("LOAD <file:///etc/passwd>", "LOAD is refused"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE is refused"),
        ("SELECT * FROM <http://127.0.0.1:9/> { ?s ?p ?o }", "FROM is refused"),
    ],
)
def test_400_for_what_is_no_query_to_this_graph(client, sparql, words):
    for answer in (
        client.get("/sparql", params={"query": sparql}),
        client.post("/sparql", data={"query": sparql}),
    ):
        assert answer.status_code == 400
        assert words in detail(answer)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ([("query", NAMES), ("query", NAMES)], "one parameter 'query' was expected, not 2"),
        ([("update", "CLEAR ALL")], "updates are refused"),
        (
            [("query", NAMES), ("default-graph-uri", "http://127.0.0.1:9/g")],
            "default-graph-uri <http://127.0.0.1:9/g>",
        ),
        ([("query", NAMES), ("named-graph-uri", BASE)], "named-graph-uri"),
        ([(f"a{n}", "") for n in range(200)], "at most 100 parameters"),
    ],
)
def test_400_for_what_the_request_asks_beside(client, fields, words):
    address = str(httpx.QueryParams(fields))
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for answer in (client.get("/sparql?" + address), client.post("/sparql", content=address, headers=form)):
        assert answer.status_code == 400
        assert words in detail(answer)


def test_400_for_a_form_without_a_query(client):
    assert "a parameter 'query' was expected" in detail(client.post("/sparql", data={"q": NAMES}))


def test_400_for_a_query_in_two_places(client):
    direct = {"Content-Type": "application/sparql-query"}
    answer = client.post("/sparql", params={"query": NAMES}, content=NAMES.encode(), headers=direct)
    assert answer.status_code == 400
    assert "in the body alone" in detail(answer)
    twice = client.post("/sparql", params={"query": NAMES}, data={"query": NAMES})
    assert "one parameter 'query'" in detail(twice)


@pytest.mark.parametrize("data", [b"\xff\xfe", NAMES.encode("gbk"), b"SELECT \xed\xa0\x80"])
def test_400_for_what_is_no_utf_8(client, data):
    answer = client.post("/sparql", content=data, headers={"Content-Type": "application/sparql-query"})
    assert answer.status_code == 400
    assert "the body: UTF-8 was expected" in detail(answer)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = client.post("/sparql", content=b"query=" + data, headers=form)
    assert "the form: UTF-8 was expected" in detail(answer)
    escaped = "".join(f"%{byte:02X}" for byte in data)
    assert "percent-encoded UTF-8 was expected" in detail(client.get("/sparql?query=" + escaped))


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_405_for_other_methods(client, method):
    answer = client.request(method, "/sparql", content=NAMES.encode())
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST, OPTIONS")
    assert method in detail(answer)


@pytest.mark.parametrize("accept", ["image/png", "text/html", "*/*;q=0"])
def test_406_for_types_that_nothing_is_written_in(client, accept):
    answer = client.get("/sparql", params={"query": NAMES}, headers={"Accept": accept})
    assert answer.status_code == 406
    assert "offered are application/sparql-results+json, " in detail(answer)


def test_406_for_types_of_the_other_kind(client):
    rows = client.get("/sparql", params={"query": NAMES}, headers={"Accept": "text/turtle"})
    assert rows.status_code == 406
    assert re.search(r"rows or a truth value.*offered are application/sparql-results\+json", detail(rows))
    graph = client.get(
        "/sparql", params={"query": "CONSTRUCT WHERE { ?s ?p ?o }"}, headers={"Accept": "text/csv"}
    )
    assert graph.status_code == 406
    assert re.search(r"a graph.*offered are text/turtle", detail(graph))


def test_413_for_a_query_that_is_too_long(serve):
    with serve(query_bytes=1000) as small:
        longer = NAMES + " " * 1000
        direct = {"Content-Type": "application/sparql-query"}
        for answer in (
            small.get("/sparql", params={"query": longer}),
            small.post("/sparql", data={"query": longer}),
            small.post("/sparql", content=longer.encode(), headers=direct),
            small.post("/sparql", content=b" " * 100_000, headers=direct),
        ):
            assert answer.status_code == 413
            assert detail(answer) == "a query of at most 1000 bytes was expected"
        assert small.post("/sparql", data={"query": NAMES}).json() == NAMES_AS_JSON


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("text/plain", "not of text/plain"),
        ("application/sparql-update", "updates are refused"),
        ("application/json", "not of application/json"),
        ("multipart/form-data; boundary=x", "not of multipart/form-data"),
        ("application/sparql-query; charset=gbk", "the body is in gbk"),
        ("", "not of no Content-Type"),
    ],
)
def test_415_for_other_bodies(client, kind, words):
    answer = client.post("/sparql", content=NAMES.encode(), headers={"Content-Type": kind})
    assert answer.status_code == 415
    assert words in detail(answer)


def test_500_for_a_query_that_breaks_its_process(client):
    nested = "SELECT * { FILTER(" + "(" * 50_000 + "1" + ")" * 50_000 + ") }"
    answer = client.post("/sparql", data={"query": nested})
    assert answer.status_code == 500
    assert "ended unexpectedly" in detail(answer)
    assert client.get("/sparql", params={"query": NAMES}).json() == NAMES_AS_JSON


def test_503_while_too_many_wait_and_504_for_what_takes_too_long(serve):
    async def crowd(address, workers):
        async with httpx.AsyncClient(base_url=address, timeout=60) as one:
            first = asyncio.ensure_future(one.post("/sparql", data={"query": RUNAWAY}))
            await asyncio.to_thread(eventually, lambda: workers.busy == 1)
            others = [one.post("/sparql", data={"query": RUNAWAY}) for _ in range(3)]
            return await asyncio.gather(first, *others)

    with serve(seconds=2, workers=1, waiting=1) as small:
        answers = awaited(crowd(str(small.base_url), small.workers))
        assert sorted(answer.status_code for answer in answers) == [503, 503, 504, 504]
        for answer in answers:
            if answer.status_code == 503:
                assert answer.headers["retry-after"] == "2"
                assert "1 queries are waiting already" in detail(answer)
            else:
                assert "stopped after 2 seconds" in detail(answer)
        assert small.get("/sparql", params={"query": NAMES}).json() == NAMES_AS_JSON


def test_507_for_a_result_beyond_its_limit(serve):
    with serve(result_bytes=100_000) as small:
        answer = small.get("/sparql", params={"query": "SELECT * { ?a ?b ?c . ?d ?e ?f }"})
        assert answer.status_code == 507
        assert "larger than 100000 bytes" in detail(answer)


# ---------------------------------------------------------------- many, and gone


def test_two_hundred_at_once_are_answered_while_one_runs_away(serve):
    async def crowd(address):
        limits = httpx.Limits(max_connections=201)
        async with httpx.AsyncClient(base_url=address, timeout=120, limits=limits) as one:
            runaway = asyncio.ensure_future(one.post("/sparql", data={"query": RUNAWAY}))
            await asyncio.sleep(0.2)
            asked = [one.get("/sparql", params={"query": f"SELECT ({n} AS ?n) {{}}"}) for n in range(200)]
            answers = await asyncio.gather(*asked)
            answered_first = not runaway.done()
            return answers, answered_first, await runaway

    with serve(seconds=10, workers=2) as both:
        answers, answered_first, runaway = awaited(crowd(str(both.base_url)))
    assert [answer.json()["results"]["bindings"][0]["n"]["value"] for answer in answers] == [
        str(n) for n in range(200)
    ]
    assert answered_first
    assert runaway.status_code == 504


@pytest.mark.parametrize("form", ["get", "post"])
def test_a_client_that_hangs_up_frees_the_process(serve, form):
    query = str(httpx.QueryParams({"query": RUNAWAY}))
    requests = {
        "get": f"GET /sparql?{query} HTTP/1.1\r\nHost: x\r\n\r\n",
        "post": "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(query)}\r\n\r\n{query}",
    }
    with serve(seconds=600, workers=1) as one:
        (busy,) = one.workers.processes
        with socket.create_connection((one.base_url.host, one.base_url.port)) as connection:
            connection.sendall(requests[form].encode())
            waiting = one.workers
            assert eventually(lambda: waiting.busy == 1)
        assert one.get("/sparql", params={"query": NAMES}).json() == NAMES_AS_JSON
        assert busy not in one.workers.processes


def test_the_documentation_tells_how_to_ask(client):
    told = client.get("/openapi.json").json()["paths"]["/sparql"]
    assert set(told) == {"get", "post"}
    assert [one["name"] for one in told["get"]["parameters"]] == ["query", "default-graph-uri"]
    assert set(told["post"]["requestBody"]["content"]) == {
        "application/x-www-form-urlencoded",
        "application/sparql-query",
    }
    assert {"200", "400", "406", "413", "500", "503", "504", "507"} <= set(told["get"]["responses"])
    assert "text/turtle" in told["get"]["responses"]["200"]["content"]
    json.dumps(told)
