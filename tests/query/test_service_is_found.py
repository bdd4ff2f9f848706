"""A SERVICE clause is found wherever a parser could see one, and nothing is taken for one that has not its form."""

import socket
import threading

import pyoxigraph as ox
import pytest

from kg.errors import UsageError
from kg.query.running import load_graph, run_query
from kg.query.syntax import calls_service

PLACE = "<http://127.0.0.1:9/x>"

HIDDEN = [
    f"SELECT * {{ SERVICE {PLACE} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ service silent{PLACE}{{ ?s ?p ?o }} }}",
    f"SELECT * {{ SERVICE#\n#\nSILENT # x\r{PLACE}\t#{{\n{{ ?s ?p ?o }} }}",
    f"SELECT * {{ #\rSERVICE {PLACE} {{ ?s ?p ?o }}\n}}",
    f"SELECT * {{ BIND (1 AS ?a) FILTER (?a<'>'||'a') SERVICE {PLACE} {{ ?s ?p ?o }} #'\n}}",
    f"SELECT * {{ BIND (1 AS ?a) FILTER (?a<'>'||'a')SERVICE{PLACE}{{?s ?p ?o}} #'\n}}",
    f"SELECT * {{ S\\u0045RVICE {PLACE} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ VALUES ?v {{ {PLACE} }} SERVICE ?v {{ ?s ?p ?o }} }}",
    f"SELECT * {{ VALUES ?v {{ {PLACE} }} SERVICE$v{{ ?s ?p ?o }} }}",
    "PREFIX x: <http://127.0.0.1:9/> SELECT * { SERVICE x:\\#b { ?s ?p ?o } }",
    "PREFIX x: <http://127.0.0.1:9/> SELECT * { SERVICE x:a\u1680b { ?s ?p ?o } }",
    "PREFIX silent: <http://127.0.0.1:9/> SELECT * { SERVICE silent:b { ?s ?p ?o } }",
    "PREFIX : <http://127.0.0.1:9/> SELECT * { SERVICE :b#c\n{ ?s ?p ?o } }",
]
HARMLESS = [
    "# the SERVICE of a hotel\nSELECT ?s { ?s ?p ?o }",
    "SELECT ?s { ?s ?p '客户服务 SERVICE' }",
    "SELECT ?service { ?service a ?kind } LIMIT 1",
    "SELECT ?s { ?s <http://example.org/service> ?o . OPTIONAL { ?s a ?t } }",
    'SELECT ?s { ?s ?p "service" . OPTIONAL { ?s a ?t } }',
]


@pytest.mark.parametrize("sparql", HIDDEN)
def test_a_clause_is_found_however_it_is_written(sparql):
    assert calls_service(sparql)
    with pytest.raises(UsageError, match="SERVICE is refused"):
        run_query(load_graph(b""), sparql)


@pytest.mark.parametrize("sparql", HARMLESS)
def test_what_has_not_its_form_is_none(sparql):
    assert not calls_service(sparql)


def test_the_engine_itself_would_have_asked():
    """Several of these show nothing of a clause to one who looks at the tokens, and the engine fetches all the same."""
    came = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(10)
        here = f"<http://127.0.0.1:{listening.getsockname()[1]}/x>"

        def hang_up():
            for _ in (3, 4):
                connection, _ = listening.accept()
                came.append(connection.recv(6))
                connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        for sparql in HIDDEN[3:5]:
            with pytest.raises(OSError, match=r"Empty HTTP request|reset"):
                list(ox.Store().query(sparql.replace(PLACE, here)))
        thread.join()
    assert came == [b"POST /", b"POST /"]


def test_a_megabyte_is_looked_at_in_one_pass():
    assert not calls_service("SELECT * { ?s ?p ?o }" + " " * 1_000_000)
    assert not calls_service("SERVICE" + " " * 1_000_000 + "}")
    assert not calls_service("SERVICE #" + "#" * 1_000_000)
