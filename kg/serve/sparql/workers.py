"""Queries to the served graph, answered by processes of their own, so that a query that may not go on can be stopped.

The engine cannot cancel a query: the process is killed instead, another starts at once, and the others go on meanwhile. Each
process has a thread that attends to it; whoever asks waits in an event loop, which is never blocked. Who goes away while
waiting (the asking task is cancelled) stops the query.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final

from kg.errors import KgError, OutputError
from kg.query.loading import PREFIXES
from kg.serve.sparql.limits import Limits, QueryError, ServerBusyError, WorkerLostError
from kg.serve.sparql.worker import Answer, Query, Stopped, Worker

__all__ = ["Answer", "Query", "QueryWorkers"]

_TURNS: Final = 2
"""How many times the time limit a query waits for its turn."""


@dataclass(slots=True, eq=False)
class _Task:
    query: Query
    answer: Future[Answer] = field(default_factory=Future)
    started: bool = False


class QueryWorkers:
    """Processes that answer queries to the store at `triples`; a context manager that ends all of them.

    `prefixes` (and those of `kg.query.loading.PREFIXES`) need no declaration in queries; relative IRIs are resolved against
    `base_iri`. Raises OutputError where the store cannot be opened, or the system has no sockets that hand over files.
    """

    def __init__(
        self,
        triples: Path,
        *,
        limits: Limits | None = None,
        prefixes: Mapping[str, str] | None = None,
        base_iri: str | None = None,
    ) -> None:
        if not hasattr(socket, "send_fds"):
            raise OutputError(
                f"{triples}: queries are answered by processes of a Unix system, such as Linux or macOS; "
                "use `kg query` on this one"
            )
        self.limits = limits or Limits()
        self.prefixes: Mapping[str, str] = {**PREFIXES, **(prefixes or {})}
        self._waiting: deque[_Task] = deque()
        self._change = threading.Condition()
        self._closing = False
        self._workers = [
            Worker(triples, limits=self.limits, prefixes=self.prefixes, base_iri=base_iri)
            for _ in range(max(1, self.limits.workers))
        ]
        self._started: list[Future[None]] = [Future() for _ in self._workers]
        self._threads = [
            threading.Thread(target=self._attend, args=pair, name=f"query-worker-{number}", daemon=True)
            for number, pair in enumerate(zip(self._workers, self._started, strict=True), 1)
        ]
        for thread in self._threads:
            thread.start()
        try:
            for started in self._started:
                started.result()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> QueryWorkers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def processes(self) -> tuple[int, ...]:
        """The numbers of the processes that are alive."""
        return tuple(pid for worker in self._workers if (pid := worker.pid) is not None)

    @property
    def waiting(self) -> int:
        """How many queries stand in the queue."""
        return len(self._waiting)

    @property
    def busy(self) -> int:
        """How many processes are at work on a query."""
        return sum(worker.busy for worker in self._workers)

    async def ask(self, query: Query) -> Answer:
        """Return the answer of a query, which is to be closed; being cancelled stops the query.

        Raises a QueryError whose words and `status` say why there is none.
        """
        task = _Task(query)
        self._join_queue(task)
        answered = asyncio.wrap_future(task.answer)
        try:
            patience = _TURNS * self.limits.seconds
            done, _ = await asyncio.wait({answered}, timeout=patience)
            if not done and not task.started and task.answer.cancel():
                self._leave_queue(task)
                raise ServerBusyError(f"the query waited {patience:g} seconds for its turn; try again later")
            return await answered
        except asyncio.CancelledError:
            if not task.answer.cancel() and task.answer.exception() is None:
                task.answer.result().close()  # it came at the very moment
            self._leave_queue(task)
            raise

    def close(self) -> None:
        """End all processes and threads; whoever still waits gets a ServerBusyError."""
        with self._change:
            self._closing = True
            waiting = list(self._waiting)
            self._waiting.clear()
            self._change.notify_all()
        for task in waiting:
            _settle(task, _stopping())
        for worker in self._workers:
            worker.poke()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()

    def _join_queue(self, task: _Task) -> None:
        with self._change:
            if self._closing:
                raise _stopping()
            if len(self._waiting) >= self.limits.waiting:
                raise ServerBusyError(
                    f"{self.limits.waiting} queries are waiting already, the limit of this server; try again later"
                )
            self._waiting.append(task)
            self._change.notify()

    def _leave_queue(self, task: _Task) -> None:
        with self._change:
            if task in self._waiting:
                self._waiting.remove(task)
        for worker in self._workers:
            worker.poke()

    def _next(self) -> _Task | None:
        with self._change:
            while not self._closing:
                while self._waiting:
                    task = self._waiting.popleft()
                    if not task.answer.cancelled():
                        task.started = True
                        return task
                self._change.wait()
        return None

    # ------------------------------------------------------------ threads

    def _attend(self, worker: Worker, started: Future[None]) -> None:
        """Answer tasks by one worker until the end; whatever happens to a process, the thread goes on."""
        try:
            worker.start(lambda: self._closing)
            started.set_result(None)
            while (task := self._next()) is not None:
                self._answer(worker, task)
        except Exception as error:  # told to the one who waits
            if not started.done():
                started.set_exception(error)
        finally:
            worker.close()

    def _answer(self, worker: Worker, task: _Task) -> None:
        def stopped() -> bool:
            return self._closing or task.answer.cancelled()

        outcome: Answer | QueryError
        try:
            worker.start(lambda: self._closing)
            outcome = worker.ask(task.query, stopped)
        except QueryError as error:
            outcome = error
        except Stopped:
            outcome = _stopping()
        except Exception as error:  # the thread must outlive whatever goes wrong
            words = str(error) if isinstance(error, KgError) else f"{type(error).__name__}: {error}"
            outcome = WorkerLostError(f"the query could not be answered: {words}")
        _settle(task, outcome)
        try:
            worker.start(lambda: self._closing)  # another at once, where the last one was killed
        except (Stopped, KgError):
            return  # the next query says what is wrong


def _settle(task: _Task, outcome: Answer | QueryError) -> None:
    try:
        if isinstance(outcome, Answer):
            task.answer.set_result(outcome)
        else:
            task.answer.set_exception(outcome)
    except InvalidStateError:  # the asker has gone
        if isinstance(outcome, Answer):
            outcome.close()


def _stopping() -> ServerBusyError:
    return ServerBusyError("the server is stopping")
