"""Queries in processes of their own: what they answer, what stops them, and that nothing of them is left."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from invented import small_graph
from sparql_server import RUNAWAY, awaited, eventually, prepared_store

from kg.errors import OutputError
from kg.serve.sparql.limits import (
    MIB,
    Limits,
    MalformedQueryError,
    NotAcceptableError,
    QueryError,
    ResultTooLargeError,
    ServerBusyError,
    TimeLimitError,
    WorkerLostError,
)
from kg.serve.sparql.workers import Query, QueryWorkers

COUNT = "SELECT (COUNT(*) AS ?n) { ?s a nk:Person }"
ONE_PERSON = (
    b'{"head":{"vars":["n"]},"results":{"bindings":[{"n":{"type":"literal","value":"1",'
    b'"datatype":"http://www.w3.org/2001/XMLSchema#integer"}}]}}'
)
EVERYTHING_THRICE = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
NESTED = "SELECT * { FILTER(" + "(" * 50_000 + "1" + ")" * 50_000 + ") }"
HUNGRY = "SELECT ?s ?a { ?s ?p ?o . ?a ?b ?c . ?d ?e ?f } ORDER BY STR(?a) ?o LIMIT 10"


@pytest.fixture(scope="module")
def triples(tmp_path_factory):
    return prepared_store(tmp_path_factory.mktemp("served") / "triples", small_graph())


@pytest.fixture(scope="module")
def workers(triples):
    with QueryWorkers(triples, limits=Limits(seconds=60, workers=2)) as both:
        yield both


def answer(workers, sparql, **formats):
    async def asked():
        found = await workers.ask(Query(sparql=sparql, **formats))
        try:
            return b"".join(found.pieces())
        finally:
            found.close()

    return awaited(asked())


def alive(pid):
    return Path(f"/proc/{pid}").exists()


def ended(pid):
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return True
    leader = stat.rpartition(")")[2].split()
    return leader[0] == "Z" and leader[17] == "1"  # the last of its threads is over, too


def descriptors():
    return {path.name for path in Path("/proc/self/fd").iterdir()}


# ---------------------------------------------------------------- answers


def test_a_query_is_answered_with_the_prefixes_of_the_program(workers):
    assert answer(workers, COUNT) == ONE_PERSON


def test_prefixes_of_the_graph_come_on_top(triples):
    graph = {"org": "https://newskg.example/id/organization:", "nk": "https://newskg.example/ontology#"}
    with QueryWorkers(triples, prefixes=graph, base_iri="https://newskg.example/id/") as workers:
        assert answer(workers, "ASK { org:云泽大学 rdfs:label '云泽大学' }") == b'{"head":{},"boolean":true}'
        assert answer(workers, "ASK { <place:nowhere> ?p ?o }") == b'{"head":{},"boolean":false}'


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ("csv", b"name\r\n\xe6\xb3\xbd\xe5\xa4\xa7\r\n"),
        ("tsv", '?name\n"泽大"\n'.encode()),
        (
            "json",
            '{"head":{"vars":["name"]},"results":{"bindings":[{"name":{"type":"literal","value":"泽大"}}]}}'.encode(),
        ),
    ],
)
def test_rows_come_in_the_format_that_is_wanted(workers, rows, wanted):
    sparql = 'SELECT ?name { ?body rdfs:label "云泽大学" ; skos:altLabel ?name }'
    assert answer(workers, sparql, rows=rows) == wanted


def test_rows_come_as_xml(workers):
    found = answer(workers, "SELECT ?name { ?body rdfs:label '云泽大学' ; skos:altLabel ?name }", rows="xml")
    read = ox.parse_query_results(found, format=ox.QueryResultsFormat.XML)
    assert [row["name"].value for row in read] == ["泽大"]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("turtle", ox.RdfFormat.TURTLE),
        ("ntriples", ox.RdfFormat.N_TRIPLES),
        ("jsonld", ox.RdfFormat.JSON_LD),
        ("rdfxml", ox.RdfFormat.RDF_XML),
    ],
)
def test_graphs_come_in_the_format_that_is_wanted(workers, name, form):
    sparql = "CONSTRUCT { ?body nk:called ?name } { ?body rdfs:label '云泽大学' ; skos:altLabel ?name }"
    found = answer(workers, sparql, graph=name)
    assert [str(quad.triple) for quad in ox.parse(found, format=form)] == [
        '<https://newskg.example/id/organization:云泽大学> <https://newskg.example/ontology#called> "泽大"'
    ]


def test_turtle_names_its_prefixes_in_order(workers):
    lines = answer(workers, "CONSTRUCT WHERE { ?s a nk:Person }").decode().splitlines()
    prefixes = [line for line in lines if line.startswith("@prefix ")]
    assert prefixes == sorted(prefixes)
    assert [line.split()[1] for line in prefixes] == [
        "dcterms:", "nif:", "nk:", "rdf:", "rdfs:", "schema:", "skos:", "xsd:",
    ]  # fmt: skip


def test_an_empty_graph_is_turtle_with_nothing_but_prefixes(workers):
    found = answer(workers, "CONSTRUCT WHERE { ?s a nk:Nothing }")
    assert list(ox.parse(found, format=ox.RdfFormat.TURTLE)) == []


def test_columns_of_a_star_come_in_the_order_of_the_text(workers):
    head = answer(workers, "SELECT DISTINCT * { ?z a ?kind . ?a a ?kind } LIMIT 1", rows="csv").partition(
        b"\r\n"
    )[0]
    assert head == b"z,kind,a"
    counted = answer(
        workers, "SELECT (COUNT(*) AS ?n) { { SELECT * { ?z a nk:Person . ?z ?a ?b } } }", rows="csv"
    )
    assert counted.startswith(b"n\r\n")


def test_a_large_answer_waits_in_a_file_that_has_no_name(workers, tmp_path, monkeypatch):
    async def asked():
        found = await workers.ask(Query(sparql="SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 5000", rows="tsv"))
        with found.file as file:
            assert os.fstat(file.fileno()).st_nlink == 0
            data = b"".join(found.pieces())
        return found.size, data

    size, data = awaited(asked())
    assert len(data) == size > 256 * 1024
    assert data.startswith(b"?a\t?b\t?c\t?d\t?e\t?f\n")
    assert data.count(b"\n") == 5001


def test_many_at_once_all_get_their_own_answer(workers):
    async def all_of_them():
        return await asyncio.gather(
            *(workers.ask(Query(sparql=f"SELECT ({n} AS ?n) {{}}", rows="csv")) for n in range(200))
        )

    assert [found.memory for found in awaited(all_of_them())] == [b"n\r\n%d\r\n" % n for n in range(200)]


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("sparql", "words"),
    [
        ("SELECT * {", "error at 1:11 after 'SELECT \\* {'"),
        ("", "something else was expected"),
        ("SELECT * { ?s foo:bar ?o }", "no PREFIX declares foo:; known without one: dcterms:, .*nk:"),
        ("INSERT DATA { <a:b> <a:b> <a:b> }", "INSERT is refused: .* changes nothing"),
        ("PREFIX a: <a:> DELETE WHERE { ?s ?p ?o }", "DELETE is refused"),
        ("LOAD <file:///etc/passwd>", "LOAD is refused"),
        ("# SELECT\nCLEAR ALL", "CLEAR is refused"),
        ("WITH <a:b> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "WITH is refused"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE is refused"),
        ("SELECT * FROM <http://127.0.0.1:9/> { ?s ?p ?o }", "FROM is refused"),
        ("SELECT * from named <http://127.0.0.1:9/> { ?s ?p ?o }", "FROM is refused"),
    ],
)
def test_what_is_no_query_to_this_graph_is_refused_in_words(workers, sparql, words):
    before = workers.processes
    with pytest.raises(MalformedQueryError, match=words) as refused:
        answer(workers, sparql)
    assert refused.value.status == 400
    assert workers.processes == before


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT ?from { ?from a nk:Person } LIMIT 1",
        "SELECT ?s { ?s rdfs:label 'INSERT DATA { FROM SERVICE }' }",
        "# DROP ALL, FROM <a:b>\nASK {}",
        "PREFIX load: <a:> ASK { load:clear ?p 'DELETE' }",
    ],
)
def test_words_in_strings_comments_and_names_are_no_commands(workers, sparql):
    assert answer(workers, sparql).startswith(b'{"head":{')


def test_a_result_without_a_format_is_not_made(workers):
    with pytest.raises(NotAcceptableError, match="the query gives a graph"):
        answer(workers, "CONSTRUCT WHERE { ?s ?p ?o }", graph=None)
    with pytest.raises(NotAcceptableError, match="the query gives rows or a truth value"):
        answer(workers, "ASK {}", rows=None)


def test_the_store_cannot_be_written(triples):
    store = ox.Store.read_only(str(triples))
    with pytest.raises(RuntimeError, match="read-write"):
        store.update("LOAD <file:///etc/passwd>")


# ---------------------------------------------------------------- limits


def test_a_query_without_end_is_stopped_while_others_are_answered(triples):
    async def both(workers):
        runaway = asyncio.ensure_future(workers.ask(Query(sparql=RUNAWAY)))
        answered = []
        while not runaway.done():
            answered.append((await workers.ask(Query(sparql=COUNT))).memory)
        with pytest.raises(TimeLimitError, match="stopped after 3 seconds") as stopped:
            await runaway
        return stopped.value.status, answered

    with QueryWorkers(triples, limits=Limits(seconds=3, workers=2)) as workers:
        before = set(workers.processes)
        status, answered = awaited(both(workers))
        assert status == 504
        assert set(answered) == {ONE_PERSON}
        assert eventually(lambda: len(workers.processes) == 2)
        after = set(workers.processes)
        assert len(before & after) == 1
        assert not alive((before - after).pop())
        assert answer(workers, COUNT) == ONE_PERSON


def test_a_result_beyond_its_limit_is_not_made(triples):
    with QueryWorkers(triples, limits=Limits(result_bytes=MIB, workers=1)) as workers:
        with pytest.raises(ResultTooLargeError, match="larger than 1048576 bytes") as refused:
            answer(workers, EVERYTHING_THRICE)
        assert refused.value.status == 507
        with pytest.raises(ResultTooLargeError, match="larger than 1048576 bytes"):
            answer(workers, "CONSTRUCT { ?a ?e ?i } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
        assert answer(workers, COUNT) == ONE_PERSON


def test_a_query_that_needs_too_much_memory_is_ended(triples):
    with QueryWorkers(triples, limits=Limits(memory_bytes=256 * MIB, workers=1)) as workers:
        with pytest.raises(ResultTooLargeError, match="more than the 256 MiB of memory"):
            answer(workers, HUNGRY)
        assert answer(workers, COUNT) == ONE_PERSON


def test_a_process_that_breaks_down_is_replaced(workers):
    before = workers.processes
    with pytest.raises(
        WorkerLostError, match=f"ended unexpectedly \\(signal {int(signal.SIGSEGV)}\\)"
    ) as lost:
        answer(workers, NESTED)
    assert lost.value.status == 500
    assert answer(workers, COUNT) == ONE_PERSON
    assert eventually(lambda: len(workers.processes) == 2)
    assert len(set(before) & set(workers.processes)) == 1


def test_processes_that_somebody_ends_between_two_queries_are_replaced(triples):
    with QueryWorkers(triples) as workers:
        for pid in workers.processes:
            os.kill(pid, signal.SIGKILL)
            assert eventually(lambda pid=pid: ended(pid))
        assert [answer(workers, COUNT) for _ in range(4)] == [ONE_PERSON] * 4


def test_processes_ignore_the_interrupt_of_a_terminal(triples):
    with QueryWorkers(triples) as workers:
        before = workers.processes
        for pid in before:
            os.kill(pid, signal.SIGINT)
            os.kill(pid, signal.SIGTERM)
        assert answer(workers, COUNT) == ONE_PERSON
        assert workers.processes == before


def test_who_goes_away_stops_the_query(triples):
    async def go_away(workers):
        asking = asyncio.ensure_future(workers.ask(Query(sparql=RUNAWAY)))
        await asyncio.sleep(0.2)
        (busy,) = workers.processes
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        return busy, (await workers.ask(Query(sparql=COUNT))).memory

    with QueryWorkers(triples, limits=Limits(seconds=600, workers=1)) as workers:
        busy, found = awaited(go_away(workers))
        assert found == ONE_PERSON
        assert not alive(busy)


def test_who_goes_away_while_waiting_leaves_the_queue(triples):
    async def go_away(workers):
        running = asyncio.ensure_future(workers.ask(Query(sparql=RUNAWAY)))
        waiting = asyncio.ensure_future(workers.ask(Query(sparql=COUNT)))
        await asyncio.sleep(0.1)
        (busy,) = workers.processes
        assert workers.waiting == 1
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert workers.waiting == 0
        assert workers.processes == (busy,)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    with QueryWorkers(triples, limits=Limits(seconds=600, workers=1)) as workers:
        awaited(go_away(workers))


def test_a_full_queue_and_a_long_wait_are_refused(triples):
    async def crowd(workers):
        running = asyncio.ensure_future(workers.ask(Query(sparql=RUNAWAY)))
        await asyncio.sleep(0.1)
        waiting = [asyncio.ensure_future(workers.ask(Query(sparql=COUNT))) for _ in range(3)]
        await asyncio.sleep(0.1)
        with pytest.raises(ServerBusyError, match="3 queries are waiting already") as full:
            await workers.ask(Query(sparql=COUNT))
        with pytest.raises(TimeLimitError):
            await running
        return full.value.status, [found.memory for found in await asyncio.gather(*waiting)]

    async def wait(workers):
        running = [asyncio.ensure_future(workers.ask(Query(sparql=RUNAWAY))) for _ in range(4)]
        return [type(error) for error in await asyncio.gather(*running, return_exceptions=True)]

    with QueryWorkers(triples, limits=Limits(seconds=2, workers=1, waiting=3)) as workers:
        assert awaited(crowd(workers)) == (503, [ONE_PERSON] * 3)
        kinds = awaited(wait(workers))
        assert kinds[0] is TimeLimitError
        assert ServerBusyError in kinds[1:]
        assert set(kinds) == {TimeLimitError, ServerBusyError}


# ---------------------------------------------------------------- beginning and end


def test_the_end_leaves_no_process_and_no_descriptor(triples):
    before = descriptors()
    with QueryWorkers(triples, limits=Limits(seconds=600, workers=2)) as workers:
        processes = workers.processes

        async def ended_meanwhile():
            asking = [asyncio.ensure_future(workers.ask(Query(sparql=RUNAWAY))) for _ in range(3)]
            await asyncio.sleep(0.2)
            await asyncio.to_thread(workers.close)
            outcomes = await asyncio.gather(*asking, return_exceptions=True)
            with pytest.raises(ServerBusyError, match="stopping"):
                await workers.ask(Query(sparql=COUNT))
            return [(type(one), str(one)) for one in outcomes]

        assert awaited(ended_meanwhile()) == [(ServerBusyError, "the server is stopping")] * 3
    assert len(processes) == 2
    assert workers.processes == ()
    assert not any(map(alive, processes))
    assert descriptors() == before


ORPHANING = """
import asyncio, sys
from pathlib import Path
from kg.serve.sparql.limits import Limits
from kg.serve.sparql.workers import Query, QueryWorkers

async def main():
    with QueryWorkers(Path(sys.argv[1]), limits=Limits(seconds=600, workers=2)) as workers:
        asking = asyncio.ensure_future(workers.ask(Query(sparql=sys.argv[2])))
        while workers.busy == 0:
            await asyncio.sleep(0.01)
        print(*workers.processes, flush=True)
        await asking

asyncio.run(main())
"""


def test_processes_end_with_a_parent_that_is_killed(triples):
    command = [sys.executable, "-c", ORPHANING, str(triples), RUNAWAY]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        processes = [int(word) for word in parent.stdout.readline().split()]
        assert len(processes) == 2
        assert all(map(alive, processes))
        parent.kill()
    assert eventually(lambda: all(map(ended, processes)))


def test_killed_processes_leave_no_descriptor_either(triples):
    async def twice(workers):
        for _ in range(2):
            outcome = await asyncio.gather(workers.ask(Query(sparql=NESTED)), return_exceptions=True)
            assert isinstance(outcome[0], QueryError)

    with QueryWorkers(triples, limits=Limits(workers=1)) as workers:
        answer(workers, COUNT)
        before = len(descriptors())
        awaited(twice(workers))
        answer(workers, COUNT)
        assert len(descriptors()) == before


@pytest.mark.parametrize("made", [False, True])
def test_what_is_no_store_is_said(tmp_path, made):
    folder = tmp_path / "nothing"
    if made:
        folder.mkdir()
        (folder / "CURRENT").write_text("this is no store", encoding="utf-8")
    with pytest.raises(OutputError, match="nothing: a prepared store was expected"):
        QueryWorkers(folder)


def test_a_system_without_the_means_is_told(triples, monkeypatch):
    monkeypatch.delattr("socket.send_fds")
    with pytest.raises(OutputError, match="processes of a Unix system"):
        QueryWorkers(triples)
