"""A store prepared from an invented graph, and a real server on the loopback, for tests of what is served."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pyoxigraph as ox
import uvicorn

from kg.serialize.turtle import write_turtle
from kg.vocabulary import load_vocabulary

RUNAWAY = """SELECT (COUNT(*) AS ?n) WHERE {
  ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER (REGEX(STR(?c), STR(?l)))
}"""
"""Everything with everything, four times over: it ends when it is stopped."""


def prepared_store(folder, graph, *more):
    """Return the folder of a store that holds a graph, and more Turtle."""
    store = ox.Store(str(folder))
    for turtle in (write_turtle(graph, load_vocabulary()), *more):
        store.load(turtle, format=ox.RdfFormat.TURTLE)
    store.flush()
    del store
    return folder


@contextlib.contextmanager
def running(app):
    """Run an application by uvicorn on a free port of the loopback; yield its address."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        for _ in range(1000):
            if server.started:
                break
            time.sleep(0.01)
        assert server.started
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()


def awaited(coroutine):
    """Return what a coroutine returns; it runs in a loop of its own, whatever else runs one in this thread."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def eventually(condition):
    """Wait until `condition` holds; the bound is generous, for machines that do much else."""
    for _ in range(2000):
        if condition():
            return True
        time.sleep(0.01)
    return False
