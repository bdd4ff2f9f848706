"""The server as a whole: the explorer and its bundles, many at once, what goes wrong."""

import asyncio
import itertools
import json
import re
from html import unescape

import httpx
import pytest
from serving import COMPANY, HUB, PATIENCE, UNIVERSITY, Serving, entities, everything, write_folder
from sparql_server import awaited

from kg.serve.app import create_app
from kg.serve.sparql.limits import Limits
from kg.serve.sparql.workers import QueryWorkers
from kg.serve.stored.reading import StoredGraph
from kg.serve.stored.store import prepare
from kg.serve.web.security import hosts
from kg.vocabulary import load_vocabulary

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def test_the_explorer_is_at_the_root_with_a_part_of_the_graph(ask, served_graph):
    answer = ask("/", Accept="text/html")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    data = json.loads(re.search(r'<script[^>]*id="data"[^>]*>(.*?)</script>', answer.text, re.DOTALL)[1])
    assert data["remote"] is True
    assert data["size"]["nodes"] == len(entities(served_graph))
    assert 0 < len(data["nodes"]) < len(served_graph.nodes)
    assert ask("/", Accept="text/html", If_None_Match=answer.headers["etag"]).status_code == 304


def test_the_policy_of_the_explorer_is_that_of_its_page(ask):
    answer = ask("/", Accept="text/html")
    meta = unescape(re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', answer.text)[1])
    assert answer.headers["content-security-policy"] == f"{meta}; frame-ancestors 'none'"
    assert "connect-src 'self'" in meta


def test_the_explorer_gets_bundles(ask):
    bundle = ask("/explorer/neighbours?id=" + UNIVERSITY).json()
    assert {"nodes", "statements", "articles", "happenings"} <= set(bundle)
    names = {node["name"] for node in bundle["nodes"]}
    assert {"云泽大学", "朗星机器人有限公司"} <= names
    assert bundle["more"] is False
    assert len(bundle["happenings"]) == 1
    hub = ask(f"/explorer/neighbours?id={HUB}&limit=10")
    assert hub.json()["more"] is True
    path = ask(f"/explorer/path?from={UNIVERSITY}&to=project:青岚智能谷项目").json()
    assert [node["name"] for node in path["nodes"]][:3] == [
        "云泽大学",
        "朗星机器人有限公司",
        "青岚智能谷项目",
    ]
    nowhere = ask(f"/explorer/path?from={UNIVERSITY}&to={HUB}").json()
    assert nowhere["statements"] == []
    assert len(ask("/explorer/timeline").json()["happenings"]) == 1
    assert ask("/explorer/neighbours?id=nobody").status_code == 404


def test_two_hundred_requests_at_once_are_answered(serving, served_graph):
    ids = [edge.id for edge in served_graph.edges]
    kinds = (
        ("/api/search?q=青岚", "application/json"),
        (f"/api/neighbours?id={HUB}&limit=20", "application/json"),
        ("/api/statement/", "application/json"),
        (f"/id/{COMPANY}", "text/html"),
        (f"/id/{UNIVERSITY}?format=turtle", "text/turtle"),
        ("/", "text/html"),
        ("/sparql?query=SELECT * { ?s a nk:Person } LIMIT 3", "application/sparql-results+json"),
        ("/health", "application/json"),
    )
    asked = [
        (path + ids[i % len(ids)] if path.endswith("statement/") else path, accept)
        for i, (path, accept) in zip(range(200), itertools.cycle(kinds), strict=False)
    ]

    async def all_at_once():
        limits = httpx.Limits(max_connections=200)
        async with httpx.AsyncClient(
            base_url=serving.url, timeout=PATIENCE, limits=limits, trust_env=False
        ) as client:
            answers = await asyncio.gather(
                *(client.get(path, headers={"Accept": accept}) for path, accept in asked)
            )
            return [
                (answer.status_code, answer.headers["content-type"].partition(";")[0] == accept)
                for answer, (_, accept) in zip(answers, asked, strict=True)
            ]

    assert awaited(all_at_once()) == [(200, True)] * 200


def test_a_query_without_end_is_stopped_while_others_are_answered(tmp_path):
    folder = write_folder(tmp_path / "out", everything())
    with Serving(folder, "--time-limit", "2", "--workers", "1") as running:

        async def both():
            async with httpx.AsyncClient(base_url=running.url, timeout=PATIENCE, trust_env=False) as client:
                runaway = asyncio.ensure_future(client.get("/sparql", params={"query": RUNAWAY}))
                others = [(await client.get(f"/api/neighbours?id={HUB}")).status_code for _ in range(5)]
                was_running = not runaway.done()
                stopped = await runaway
                after = await client.get("/sparql", params={"query": "ASK {}"})
                return others, was_running, stopped, after

        others, was_running, stopped, after = awaited(both())
    assert others == [200] * 5
    assert was_running
    assert stopped.status_code == 504
    assert "2 seconds" in stopped.text
    assert after.status_code == 200


def test_a_base_without_a_path_leaves_the_servers_own_paths_alone(tmp_path):
    folder = write_folder(tmp_path / "out", everything(), base_iri="http://kg.example.org/")
    with Serving(folder, "--allowed-host", "kg.example.org") as running:
        get = running.client.get
        assert get(f"/{UNIVERSITY}", headers={"Host": "kg.example.org"}).status_code == 200
        assert "云泽大学" in get(f"/{UNIVERSITY}", headers={"Accept": "text/html"}).text
        turtle = get(f"/{UNIVERSITY}", headers={"Accept": "text/turtle"}).text
        assert "<http://kg.example.org/organization:>" in turtle
        assert get("/health").json()["status"] == "ok"
        assert get("/api/search?q=云泽").json()["hits"]
        assert get("/sparql", params={"query": "ASK {}"}).status_code == 200
        assert get("/openapi.json").status_code == 200
        assert get("/nowhere").status_code == 404


def test_the_same_graph_is_served_in_the_same_bytes(tmp_path):
    """Whatever the seed of hash tables, and whoever prepared the graph."""
    paths = [
        "/",
        "/openapi.json",
        f"/id/{HUB}",
        f"/id/{COMPANY}?format=turtle",
        f"/id/{COMPANY}?format=jsonld",
        "/id/source/page-1.txt",
        "/id/place:青岚市",
        f"/api/neighbours?id={HUB}",
        "/api/search?q=青",
        "/api/overview",
        f"/explorer/neighbours?id={HUB}",
        "/explorer/overview",
        "/query",
    ]
    answers = []
    for seed in ("1", "2"):
        with Serving(write_folder(tmp_path / seed, everything()), PYTHONHASHSEED=seed) as running:
            found = [running.client.get(path, headers={"Accept": "text/html"}) for path in paths]
            answers.append(
                [(answer.status_code, answer.headers.get("etag"), answer.content) for answer in found]
            )
    for path, one, other in zip(paths, *answers, strict=True):
        assert one == other, path
        assert one[0] == 200


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """Return a client of an application that cannot read its graph any more."""
    vocabulary = load_vocabulary()
    served = prepare(write_folder(tmp_path / "out", everything()))
    stored = StoredGraph(served, vocabulary)

    def fails(*_args, **_more):
        raise RuntimeError("secret/path/of/the/store is gone")

    monkeypatch.setattr(StoredGraph, "node", fails)
    with QueryWorkers(served.triples, limits=Limits(workers=1)) as workers:
        app = create_app(stored, workers, vocabulary=vocabulary, hosts=hosts("127.0.0.1", port=80))

        def get(path, accept):
            async def asking():
                transport = httpx.ASGITransport(app)
                async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                    return await client.get(path, headers={"Accept": accept})

            return awaited(asking())

        yield get


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_bug_is_told_without_its_traceback(broken, accept, caplog):
    path = f"/id/{COMPANY}" if accept == "text/html" else f"/api/node?id={COMPANY}"
    answer = broken(path, accept)
    assert answer.status_code == 500
    assert answer.json()["detail"].startswith("This is a bug in newskg")
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "secret/path/of/the/store is gone" in caplog.text
