"""The parent's side of one query process: it is started, asked, and killed when it may not go on."""

from __future__ import annotations

import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from kg.errors import OutputError
from kg.serve.sparql.limits import (
    MIB,
    Limits,
    MalformedQueryError,
    NotAcceptableError,
    QueryError,
    ResultTooLargeError,
    TimeLimitError,
    WorkerLostError,
)

_PIECE: Final = 1 << 16
_START_SECONDS: Final = 30
_CAUSES: Final[Mapping[int, str]] = {
    signal.SIGSEGV: ", as it does on expressions that are nested thousands of levels deep",
    signal.SIGKILL: ", as it does where the machine runs out of memory",
}
_PACKAGES: Final = str(Path(__file__).resolve().parents[3])


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query and the formats that its result may have: of rows and truth values, of graphs; None for none."""

    sparql: str
    rows: str | None = "json"
    graph: str | None = "turtle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A serialized result of `size` bytes: in memory, or in a file that has no name and ends with `close`."""

    form: str
    format: str
    size: int
    memory: bytes
    file: IO[bytes] | None = None

    def pieces(self) -> Iterator[bytes]:
        """Yield the bytes from the beginning."""
        if self.file is None:
            yield self.memory
            return
        self.file.seek(0)
        while piece := self.file.read(_PIECE):
            yield piece

    def close(self) -> None:
        """Let the file go; the bytes in memory stay."""
        if self.file is not None:
            self.file.close()


class Stopped(Exception):  # noqa: N818 - it is what was asked for
    """The wait was given up: the client has gone, or the server ends."""


class _Ended(Exception):  # noqa: N818 - what it means is up to the one who waits
    """The process closed its socket."""


class Worker:
    """One query process. It belongs to one thread; only `poke` may be called from others."""

    def __init__(
        self, triples: Path, *, limits: Limits, prefixes: Mapping[str, str], base_iri: str | None
    ) -> None:
        self._limits = limits
        self._wake, self._poker = socket.socketpair()
        for end in (self._wake, self._poker):
            end.setblocking(False)
        self._settings = {
            "triples": str(triples),
            "prefixes": dict(prefixes),
            "base_iri": base_iri,
            "result_bytes": limits.result_bytes,
            "memory_bytes": limits.memory_bytes,
            "seconds": limits.seconds,
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None
        self.busy = False

    @property
    def pid(self) -> int | None:
        """The number of the process, None between two of them."""
        process = self._process
        return None if process is None else process.pid

    def poke(self) -> None:
        """Make a wait look again whether it is to stop; from any thread."""
        try:
            self._poker.send(b"!")
        except OSError:  # enough pokes are there already, or nobody waits any more
            return

    def start(self, stopped: Callable[[], bool]) -> None:
        """Start a process if none is alive, and wait until it has opened the store.

        Raises OutputError with its words where it cannot, Stopped where the wait is given up.
        """
        if self._process is not None and self._process.poll() is None:
            return
        self.kill()
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, this package
                [sys.executable, "-P", "-m", "kg.serve.sparql.query_process", str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                env=os.environ | {"PYTHONPATH": _PACKAGES},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._channel = ours
        try:
            self._send(self._settings)
            reply, _, _ = self._receive(time.monotonic() + _START_SECONDS, stopped)
        except (_Ended, TimeoutError, OSError) as error:
            code = self.kill()
            raise OutputError(
                f"{self._settings['triples']}: the query process did not start (exit code {code})"
            ) from error
        except Stopped:
            self.kill()
            raise
        if "ready" not in reply:
            self.kill()
            raise OutputError(
                f"{self._settings['triples']}: a prepared store was expected ({reply['failed']})"
            )

    def ask(self, query: Query, stopped: Callable[[], bool]) -> Answer:
        """Return the answer of the running process; it is killed where the query may not go on.

        Raises a QueryError that says why there is none, or Stopped where `stopped` was true after a poke.
        """
        deadline = time.monotonic() + self._limits.seconds
        self.busy = True
        try:
            self._send({"sparql": query.sparql, "rows": query.rows, "graph": query.graph})
            reply, tail, file = self._receive(deadline, stopped)
        except TimeoutError:
            self.kill()
            raise TimeLimitError(
                f"the query was stopped after {self._limits.seconds:g} seconds, the limit of this server; "
                "ask for less, such as with LIMIT or with fewer patterns that share no variable"
            ) from None
        except Stopped:
            self.kill()
            raise
        except (_Ended, OSError):
            raise self._lost(self.kill()) from None
        finally:
            self.busy = False
        if "form" in reply:
            return Answer(
                form=reply["form"], format=reply["format"], size=reply["size"], memory=tail, file=file
            )
        raise self._failure(reply)

    def kill(self) -> int | None:
        """End the process and take back all that it held; return its exit code."""
        channel, self._channel = self._channel, None
        if channel is not None:
            channel.close()
        process = self._process
        if process is None:
            return None
        process.kill()
        code = process.wait()
        self._process = None
        return code

    def close(self) -> None:
        """End the process and the means to poke."""
        self.kill()
        self._wake.close()
        self._poker.close()

    def _lost(self, code: int | None) -> QueryError:
        if code == -signal.SIGABRT:
            return self._out_of_memory()
        ending = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        cause = _CAUSES.get(-code, "") if code else ""
        return WorkerLostError(
            f"the process that answered the query ended unexpectedly ({ending}){cause}; others go on"
        )

    def _out_of_memory(self) -> QueryError:
        return ResultTooLargeError(
            f"the query needed more than the {self._limits.memory_bytes // MIB} MiB of memory that it may use; "
            "ask for less, or order and group fewer rows"
        )

    def _failure(self, reply: Mapping[str, Any]) -> QueryError:
        if "malformed" in reply:
            return MalformedQueryError(f"the query cannot be read: {reply['malformed']}")
        if "refused" in reply:
            return MalformedQueryError(reply["refused"])
        if "unacceptable" in reply:
            kind = "a graph" if reply["unacceptable"] == "graph" else "rows or a truth value"
            return NotAcceptableError(f"the query gives {kind}, and the Accept header names no format of it")
        if "large" in reply:
            return ResultTooLargeError(
                f"the result is larger than {self._limits.result_bytes} bytes, the limit of this server; "
                "ask for less, such as with LIMIT and OFFSET"
            )
        if "memory" in reply:
            return self._out_of_memory()
        return QueryError(f"the query could not be answered: {reply['failed']}")

    # ------------------------------------------------------------ messages

    def _send(self, message: Mapping[str, Any]) -> None:
        body = json.dumps(message).encode()
        assert self._channel is not None  # noqa: S101 - started
        self._channel.settimeout(_START_SECONDS)
        self._channel.sendall(len(body).to_bytes(4, "big") + body)

    def _receive(
        self, deadline: float, stopped: Callable[[], bool]
    ) -> tuple[dict[str, Any], bytes, IO[bytes] | None]:
        """Return head, tail and file of the next message.

        Raises TimeoutError at the deadline, Stopped where `stopped` was true, _Ended where no message comes any more.
        """
        assert self._channel is not None  # noqa: S101 - started
        received, wanted, files = bytearray(), 4, []
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(self._channel, selectors.EVENT_READ)
                selector.register(self._wake, selectors.EVENT_READ)
                while len(received) < wanted:
                    if stopped():
                        raise Stopped
                    remaining = deadline - time.monotonic()
                    if remaining <= 0:
                        raise TimeoutError
                    ready = {key.fileobj for key, _ in selector.select(remaining)}
                    if self._wake in ready:
                        self._wake.recv(_PIECE)
                    if self._channel not in ready:
                        continue
                    data, descriptors, _, _ = socket.recv_fds(
                        self._channel, min(wanted - len(received), _PIECE), 1
                    )
                    files += [os.fdopen(descriptor, "rb", buffering=0) for descriptor in descriptors]
                    if not data:
                        raise _Ended
                    received += data
                    if wanted == len(received) == 4:
                        wanted += int.from_bytes(received, "big")
        except BaseException:
            for file in files:
                file.close()
            raise
        head, _, tail = bytes(received[4:]).partition(b"\n")
        return json.loads(head), tail, files[0] if files else None
