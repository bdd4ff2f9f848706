"""One function over many items in several processes, with the results in the order of the items."""

from __future__ import annotations

import multiprocessing
import multiprocessing.process
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from kg.threads import one_blas_thread

T = TypeVar("T")
R = TypeVar("R")

_AHEAD = 4
"""Items in flight per worker: enough to keep all of them busy, few enough to keep memory flat."""


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def in_order(
    work: Callable[[T], R], items: Iterable[T], *, workers: int, died: Callable[[T], R]
) -> Iterator[R]:
    """Yield ``work(item)`` for every item in order; the same for any number of workers.

    `work` and the items must be picklable; `work` runs in fresh processes (or in this one for a single worker) and must
    not raise. An item whose process dies (killed, out of memory) yields ``died(item)``, the others are not affected.
    """
    if workers == 1:
        yield from map(work, items)
        return
    one_blas_thread()  # fresh processes inherit it
    waiting = deque(items)
    while waiting:
        yield from _until_broken(work, waiting, workers)
        if waiting:  # a process died: what was in flight is tried one by one to find out on which item
            for _ in range(min(len(waiting), workers * _AHEAD)):
                yield _alone(work, waiting.popleft(), died)


def _until_broken(work: Callable[[T], R], waiting: deque[T], workers: int) -> Iterator[R]:
    """Work off `waiting` from the left; return early, with the unfinished items in it, when a process dies."""
    flying: deque[Future[R]] = deque()
    with _pool(workers) as pool:
        try:
            while waiting:
                while len(flying) < min(len(waiting), workers * _AHEAD):
                    flying.append(pool.submit(work, waiting[len(flying)]))
                result = flying[0].result()
                flying.popleft()
                waiting.popleft()
                yield result
        except BrokenProcessPool:
            return
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _alone(work: Callable[[T], R], item: T, died: Callable[[T], R]) -> R:
    with _pool(1) as pool:
        try:
            return pool.submit(work, item).result()
        except BrokenProcessPool:
            return died(item)


def _pool(workers: int) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_follow_parent)


def _follow_parent() -> None:
    """End with the process that this one works for, however that ends, and leave interruptions to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)
