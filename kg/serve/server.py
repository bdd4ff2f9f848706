"""The process that serves: a socket, a prepared graph, query processes, and an end in good order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Final

import uvicorn
from fastapi import FastAPI

from kg.errors import ResourceError, UsageError
from kg.serve.web.connection import Connection

GRACE_SECONDS: Final = 5
"""How long requests may go on after the server was told to stop; then queries are told that it stops."""

_LAST_SECONDS: Final = 5
"""How long whatever still goes on after that may take."""

_HEAD_BYTES: Final = 65_536
_CONNECTIONS: Final = 2048
_STOPPING: Final = (signal.SIGINT, signal.SIGTERM)


def bound(host: str, port: int) -> socket.socket:
    """Return a socket bound to an address of this machine; 0 takes a free port.

    Raises ResourceError for a port that is in use or reserved, UsageError for an address that is not this machine's.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as error:
        raise UsageError(
            f"--host {host}: a name or address of this machine was expected ({error})"
        ) from error
    taken = socket.socket(family, kind, protocol)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(address)
        taken.listen(socket.SOMAXCONN)
    except OSError as error:
        taken.close()
        raise _unusable(host, port, error) from error
    return taken


def _unusable(host: str, port: int, error: OSError) -> ResourceError | UsageError:
    import errno

    where = f"{host} port {port}"
    if error.errno == errno.EADDRINUSE:
        return ResourceError(
            where, "another program uses this port; take another with --port, 0 for any that is free"
        )
    if error.errno == errno.EACCES:
        return ResourceError(
            where, "this port is reserved; take one from 1024 on with --port, 0 for any that is free"
        )
    return UsageError(f"--host {host}: an address of this machine was expected ({error.strerror or error})")


def url_of(taken: socket.socket) -> str:
    """Return the address under which a browser on this machine reaches the server."""
    host, port = taken.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def serve(
    app: FastAPI,
    taken: socket.socket,
    *,
    ready: Callable[[], None],
    last_call: Callable[[], None],
    verbose: bool = False,
) -> None:
    """Serve `app` until SIGINT or SIGTERM, then let the requests under way come to their end.

    `ready` is called when the server listens, `last_call` when requests go on for too long after it was told to stop.
    """
    _log(verbose)
    config = uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        access_log=verbose,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_CONNECTIONS,
        backlog=socket.SOMAXCONN,
        h11_max_incomplete_event_size=_HEAD_BYTES,
        timeout_graceful_shutdown=GRACE_SECONDS + _LAST_SECONDS,
    )
    asyncio.run(_Server(config, ready=ready, last_call=last_call).serve(sockets=[taken]))


class _Server(uvicorn.Server):
    """A server that ends by a signal as by a request, and not once more by the signal itself."""

    def __init__(
        self, config: uvicorn.Config, *, ready: Callable[[], None], last_call: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self._last_call = last_call

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, and say so."""
        await super().startup(sockets=sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen no more, and wait for the requests under way."""
        loop = asyncio.get_running_loop()
        timer = loop.call_later(GRACE_SECONDS, lambda: loop.run_in_executor(None, self._last_call))
        try:
            await super().shutdown(sockets=sockets)
        finally:
            timer.cancel()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take the signals that stop the server while it runs."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        former = {sig: signal.signal(sig, self._stop) for sig in _STOPPING}
        try:
            yield
        finally:
            for sig, handler in former.items():
                signal.signal(sig, handler)

    def _stop(self, sig: int, frame: FrameType | None) -> None:
        self.handle_exit(sig, frame)


@contextlib.contextmanager
def terminable() -> Iterator[None]:
    """Let SIGTERM end what is in here as SIGINT does, so that it cleans up."""

    def stop(_sig: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    former = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)


def _log(verbose: bool) -> None:
    """Send what uvicorn has to say to standard error: each request if `verbose`, else only what goes wrong."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("kg: %(message)s"))
    for name, level in (
        ("uvicorn.access", logging.INFO if verbose else logging.CRITICAL),
        ("uvicorn.error", logging.WARNING if verbose else logging.CRITICAL),
        ("kg.serve", logging.ERROR),
    ):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level)
