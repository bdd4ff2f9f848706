"""The process that answers queries, one after the other, and that may be killed at any moment.

It reads the store, writes nothing but unnamed temporary files, and speaks with its parent over one socket: messages of a
length in four bytes, a line of JSON and what follows it. A large result stays in its file, whose descriptor is handed over.
Run as ``python -m kg.serve.sparql.query_process DESCRIPTOR``.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import socket
import sys
import threading
from typing import IO, Any, Final

import pyoxigraph as ox

from kg.serve.sparql.query_text import WORDS, parser_words, refusal, undeclared, with_columns
from kg.serve.sparql.spool import SortedPrefixes, Spool, TooLarge

ROWS: Final = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPHS: Final = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
_CPU_TO_SPARE: Final = 10


class QueryProcess:
    """A store and how queries to it are answered."""

    def __init__(self, channel: socket.socket, settings: dict[str, Any]) -> None:
        self._channel = channel
        self._prefixes: dict[str, str] = settings["prefixes"]
        self._base: str | None = settings["base_iri"]
        self._result_bytes: int = settings["result_bytes"]
        self._seconds: float = settings["seconds"]
        self._store = ox.Store.read_only(settings["triples"])

    def answer(self, request: dict[str, Any]) -> None:
        """Answer one request; whatever goes wrong is said, not raised."""
        _spend_at_most(self._seconds)
        spool = Spool(self._result_bytes)
        sparql: str = request["sparql"]
        try:
            why = refusal(sparql)
            reply = {"refused": why} if why else self._run(sparql, request, spool)
        except TooLarge:
            reply = {"large": True}
        except MemoryError:
            reply = {"memory": True}
        except SyntaxError as error:
            reply = {"malformed": self._explained(sparql, error)}
        except BaseException as error:  # a panic of the engine is a BaseException
            reply = {"failed": f"{type(error).__name__}: {error}"[:WORDS]}
        try:
            if "form" in reply:
                send(self._channel, reply | {"size": spool.size}, bytes(spool.memory), spool.file)
            else:
                send(self._channel, reply)
        finally:
            if spool.file is not None:
                spool.file.close()

    def _run(self, sparql: str, request: dict[str, Any], spool: Spool) -> dict[str, Any]:
        found = self._store.query(sparql, prefixes=self._prefixes, base_iri=self._base)
        if isinstance(found, ox.QuerySolutions):
            listed = with_columns(sparql, frozenset(column.value for column in found.variables))
            if listed != sparql:
                found = self._store.query(listed, prefixes=self._prefixes, base_iri=self._base)
        if isinstance(found, ox.QueryTriples):
            form, name = "graph", request["graph"]
            if name in GRAPHS:
                self._write_graph(found, name, spool)
        else:
            form, name = "rows", request["rows"]
            if name in ROWS:
                found.serialize(spool, format=ROWS[name])  # type: ignore[arg-type]  # write and flush are all it calls
        return {"form": form, "format": name} if name else {"unacceptable": form}

    def _write_graph(self, found: ox.QueryTriples, name: str, spool: Spool) -> None:
        if name != "turtle":
            ox.serialize(found, spool, format=GRAPHS[name])  # type: ignore[arg-type]
            return
        sorted_ = SortedPrefixes(spool)
        ox.serialize(found, sorted_, format=GRAPHS[name], prefixes=self._prefixes)  # type: ignore[arg-type]
        sorted_.finish()

    def _explained(self, sparql: str, error: SyntaxError) -> str:
        words_ = parser_words(sparql, error)
        missing = undeclared(sparql, frozenset(self._prefixes))
        if not missing:
            return words_
        known = ", ".join(f"{p}:" for p in sorted(self._prefixes))
        return (
            f"{words_} (no PREFIX declares {', '.join(p + ':' for p in missing)}; known without one: {known})"
        )


def _end_with_parent(channel: socket.socket) -> None:
    """End this process as soon as the other end of the socket is closed, in the middle of a query, too."""
    poll = select.poll()
    poll.register(channel, 0)  # a hang-up is always told
    poll.poll()
    os._exit(1)


def _spend_at_most(seconds: float) -> None:
    """Let the operating system end this process where its parent no longer can."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(used.ru_utime + used.ru_stime + seconds) + _CPU_TO_SPARE
    resource.setrlimit(
        resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard)
    )


def _allocate_at_most(size: int) -> None:
    """Bound the memory of this process, and leave no core file where it ends for it."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = size if hard == resource.RLIM_INFINITY else min(size, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def send(
    channel: socket.socket, head: dict[str, Any], tail: bytes = b"", file: IO[bytes] | None = None
) -> None:
    """Send one message: its length, `head` as a line of JSON, `tail`; `file` goes along as a descriptor."""
    body = json.dumps(head).encode() + b"\n" + tail
    length = len(body).to_bytes(4, "big")
    if file is None:
        channel.sendall(length + body)
    else:
        socket.send_fds(channel, [length], [file.fileno()])
        channel.sendall(body)


def receive(channel: socket.socket) -> dict[str, Any] | None:
    """Return the head of the next message of the parent, or None where there is none."""
    with channel.makefile("rb") as stream:
        length = stream.read(4)
        if len(length) < 4:
            return None
        body = stream.read(int.from_bytes(length, "big"))
    head: dict[str, Any] = json.loads(body)
    return head


def main(descriptor: int) -> None:
    """Answer until the parent closes the socket."""
    for ignored in (signal.SIGINT, signal.SIGTERM):  # the parent decides when this process ends
        signal.signal(ignored, signal.SIG_IGN)
    os.nice(5)  # the server itself goes first
    with socket.socket(fileno=descriptor) as channel:
        threading.Thread(target=_end_with_parent, args=(channel,), daemon=True).start()
        settings = receive(channel)
        if settings is None:
            return
        try:
            process = QueryProcess(channel, settings)
            _allocate_at_most(settings["memory_bytes"])
        except Exception as error:  # the parent says it
            send(channel, {"failed": f"{type(error).__name__}: {error}"})
            return
        send(channel, {"ready": True})
        while (request := receive(channel)) is not None:
            process.answer(request)


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]))
    except (BrokenPipeError, ConnectionResetError):
        sys.exit(1)  # the parent is gone
