"""``kg serve`` as a user starts and stops it."""

import os
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest
from invented import Fact, Story, crowd, graph_of, node
from serving import PATIENCE, UNIVERSITY, Serving, everything, gone, write_folder

from kg.serialize.turtle import write_turtle
from kg.vocabulary import load_vocabulary

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_folder(tmp_path_factory.mktemp("built") / "out", everything())


def rooms(folder):
    return sorted(path.name for path in (folder / ".cache" / "serve").iterdir())


def test_the_first_start_prepares_and_says_so_the_second_only_opens(tmp_path):
    folder = write_folder(tmp_path / "out", everything())
    with Serving(folder) as first:
        assert first.url == f"http://127.0.0.1:{first.port}/"
        assert first.client.get("/health").json()["status"] == "ok"
        code, said = first.stop()
    assert code == 0
    assert said.splitlines() == [line for line in said.splitlines() if line.startswith("kg: ")]
    assert f"reading {folder / 'graph.ttl'}" in said
    with Serving(folder) as second:
        assert second.client.get(f"/id/{UNIVERSITY}").status_code == 200
        assert second.stop() == (0, "")
    assert len(rooms(folder)) == 1


@pytest.mark.parametrize("sig", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_in_order_and_leaves_nothing_behind(folder, sig):
    with Serving(folder) as running:
        assert running.client.get("/sparql", params={"query": "ASK {}"}).status_code == 200
        children = running.children()
        assert len(children) >= 2
        assert running.stop(sig)[0] == 0
        assert running.process.stdout.closed
    assert gone(children)
    assert [name for name in rooms(folder) if name.startswith(".")] == []
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", running.port))


def test_a_signal_from_the_terminal_reaches_all_processes_and_ends_it_in_order(folder):
    with Serving(folder) as running:
        children = running.children()
        os.killpg(running.process.pid, signal.SIGINT)
        running.process.communicate(timeout=PATIENCE)
        assert running.process.returncode == 0
    assert gone(children)


def test_a_request_under_way_is_answered_before_the_end(folder):
    with Serving(folder) as running:
        with socket.create_connection(("127.0.0.1", running.port), timeout=PATIENCE) as connection:
            connection.sendall(
                b"POST /sparql HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/sparql-query\r\n"
                b"Content-Length: 6\r\n\r\nASK" % running.port
            )
            # another answer on another connection: the server has seen the first request by then
            assert running.client.get("/health").status_code == 200
            running.process.send_signal(signal.SIGTERM)
            connection.sendall(b" {}")
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        running.process.communicate(timeout=PATIENCE)
        assert answer.startswith(b"HTTP/1.1 200")
        assert b'"boolean":true' in answer.replace(b" ", b"")
        assert running.process.returncode == 0


def test_a_query_without_end_does_not_hold_the_end_up(folder):
    """After some seconds it is told that the server stops."""
    with Serving(folder, "--time-limit", "600") as running:
        with socket.create_connection(("127.0.0.1", running.port), timeout=PATIENCE) as connection:
            query = RUNAWAY.encode()
            connection.sendall(
                b"POST /sparql HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/sparql-query\r\n"
                b"Content-Length: %d\r\n\r\n%s" % (running.port, len(query), query)
            )
            assert running.client.get("/health").status_code == 200
            children = running.children()
            running.process.send_signal(signal.SIGTERM)
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        running.process.communicate(timeout=PATIENCE)
        assert running.process.returncode == 0
        assert answer.startswith(b"HTTP/1.1 503")
        assert b"stopping" in answer
    assert gone(children)


def test_a_signal_while_the_graph_is_prepared_leaves_nothing_behind(tmp_path):
    folder = write_folder(tmp_path / "out", crowd(1500))
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", "serve", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    first = process.stderr.readline()
    process.send_signal(signal.SIGTERM)
    address, said = process.communicate(timeout=PATIENCE)
    assert first.startswith("kg: reading")
    assert process.returncode == (0 if address else 130)
    assert "Traceback" not in said
    assert [name for name in rooms(folder) if name.startswith(".")] == []
    with Serving(folder) as running:
        assert running.client.get("/health").json()["entities"] == 1500


def test_several_servers_share_a_folder(folder):
    with Serving(folder) as one, Serving(folder) as other:
        for running in (one, other):
            assert running.client.get("/api/search?q=云泽").json()["hits"]


def test_a_port_in_use_is_said(kg, folder):
    with Serving(folder) as running:
        done = kg("serve", folder, "--port", running.port)
    assert done.returncode == 3
    assert done.stdout == b""
    said = done.stderr.decode()
    assert said.startswith(f"kg: 127.0.0.1 port {running.port}: another program uses this port")
    assert "--port" in said


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--port", "99999"], 2, "0 to 65535"),
        (["--port", "web"], 2, "--port"),
        (["--workers", "0"], 2, "1 to 64"),
        (["--time-limit", "0"], 2, "seconds"),
        (["--time-limit", "nan"], 2, "seconds"),
        (["--host", "192.0.2.1"], 2, "address of this machine"),
        (["--host", "no such name"], 2, "name or address of this machine"),
        (["--allowed-host", "http://kg.example.org/"], 2, "a host name was expected"),
    ],
)
def test_what_cannot_be_is_said(kg, folder, words, code, said):
    done = kg("serve", folder, *words)
    assert done.returncode == code
    assert done.stdout == b""
    assert said in done.stderr.decode()


def test_a_folder_without_a_graph_is_said(kg, tmp_path):
    done = kg("serve", tmp_path / "nowhere")
    assert done.returncode == 2
    assert "graph.ttl: no such file" in done.stderr.decode()
    (tmp_path / "graph.ttl").write_text("this is no Turtle", encoding="utf-8")
    done = kg("serve", tmp_path)
    assert done.returncode == 6
    assert "Turtle" in done.stderr.decode()
    assert not list((tmp_path / ".cache" / "serve").glob("*"))


def test_requests_are_said_only_when_asked_for(folder):
    with Serving(folder, "--verbose") as talking:
        talking.client.get("/api/search?q=x")
        assert '"GET /api/search?q=x HTTP/1.1" 200' in talking.stop()[1]
    with Serving(folder) as quiet:
        quiet.client.get("/api/search?q=x")
        with socket.create_connection(("127.0.0.1", quiet.port), timeout=PATIENCE) as connection:
            connection.sendall(b"nonsense\r\n\r\n")
            assert connection.recv(65536).startswith(b"HTTP/1.1 400")
        assert quiet.stop() == (0, "")


def test_it_listens_at_other_addresses_of_this_machine(folder):
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            pytest.skip("this machine has no IPv6")
    with Serving(folder, "--host", "::1") as running:
        assert running.url == f"http://[::1]:{running.port}/"
        assert running.client.get("/health").status_code == 200
        assert running.client.get("/health", headers={"Host": "kg.example.org"}).status_code == 421


def test_other_names_are_allowed_by_option(folder):
    with Serving(folder, "--host", "0.0.0.0", "--allowed-host", "kg.example.org") as running:  # noqa: S104
        assert running.url == f"http://127.0.0.1:{running.port}/"
        for host, status in (
            ("kg.example.org", 200),
            (f"kg.example.org:{running.port}", 200),
            (f"127.0.0.1:{running.port}", 200),
            (f"localhost:{running.port}", 200),
            (f"other.example.org:{running.port}", 421),
        ):
            assert running.client.get("/health", headers={"Host": host}).status_code == status


@pytest.mark.parametrize("missing", ["fastapi", "uvicorn", "jinja2"])
def test_without_the_extra_it_says_how_to_get_it(folder, missing):
    code = f"import sys; sys.modules[{missing!r}] = None; from kg.cli.main import run; sys.exit(run(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, "serve", str(folder)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 3
    assert done.stdout == ""
    assert "pip install 'newskg[serve]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_imports_nothing_of_the_extra():
    code = (
        "import sys; from kg.cli.main import parser; parser().format_help();"
        "print([n for n in ('fastapi', 'starlette', 'uvicorn', 'jinja2', 'asyncio', 'socket') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_address_is_one_line_and_at_once(folder):
    """Who reads the output of the server through a pipe has the address when the server listens."""
    with Serving(folder) as running:
        assert httpx.get(running.url + "health", trust_env=False).status_code == 200
        running.process.send_signal(signal.SIGTERM)
        rest, _ = running.process.communicate(timeout=PATIENCE)
        assert rest == ""


def test_the_browser_is_opened_when_asked_for(folder, tmp_path, monkeypatch):
    opened = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(
        f'#!/bin/sh\nprintf %s "$1" > {opened}.part && mv {opened}.part {opened}\n', encoding="utf-8"
    )
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    with Serving(folder, "--open") as running:
        for _ in range(PATIENCE * 10):
            if opened.exists():
                break
            time.sleep(0.1)
        assert opened.read_text(encoding="utf-8") == running.url


def test_an_ontology_of_ones_own_is_served_with_its_resources(tmp_path):
    resources = tmp_path / "my"
    resources.mkdir()
    (resources / "ontology.ttl").write_text(
        """@prefix nk: <https://newskg.example/ontology#> .
@prefix my: <https://example.org/terms#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
my:Ship a owl:Class ; rdfs:label "船"@zh , "ship"@en ; rdfs:comment "船。"@zh , "A ship."@en ; rdfs:subClassOf nk:Entity .
my:sails a nk:Relation ; rdfs:label "驾驶"@zh , "sails"@en ; rdfs:comment "驾驶船只。"@zh , "Sails it."@en ;
    schema:domainIncludes nk:Organization ; schema:rangeIncludes my:Ship .
""",
        encoding="utf-8",
    )
    fact = Fact(
        subject="organization:青禾航运",
        predicate="sails",
        object="ship:青禾号",
        sentence="青禾航运驾驶青禾号。",
    )
    graph = graph_of(
        [node("Organization", "青禾航运"), node("Ship", "青禾号")],
        [Story(source="a.txt", title="新船", published="2031-01-01", facts=[fact])],
    )
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "graph.ttl").write_bytes(write_turtle(graph, load_vocabulary(resources)))
    (folder / "manifest.json").write_text('{"settings": {"resources": "0123"}}', encoding="utf-8")
    with Serving(folder) as without:
        assert without.client.get("/api/search?q=青禾号").json()["hits"] == []
        assert "built with --resources" in without.stop()[1]
    with Serving(folder, "--resources", resources) as running:
        assert [hit["type"] for hit in running.client.get("/api/search?q=青禾号").json()["hits"]] == ["Ship"]
        told = running.client.get("/api/neighbours?id=ship:青禾号").json()["statements"][0]
        assert told["predicate_iri"] == "https://example.org/terms#sails"
        assert told["predicate_labels"]["zh"] == "驾驶"
        page = running.client.get("/id/ship:青禾号", headers={"Accept": "text/html", "Accept-Language": "zh"})
        assert "驾驶" in page.text
        assert "--resources" not in running.stop()[1]
