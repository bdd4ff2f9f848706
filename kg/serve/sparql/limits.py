"""What one query may cost the machine, and how it is answered when it may not go on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kg.errors import KgError

MIB: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of the SPARQL endpoint.

    `seconds` is the time of one query; it waits for its turn at most twice as long. `result_bytes` is the size of a
    serialized result, `query_bytes` that of a query, `memory_bytes` what a worker process may allocate. `waiting` queries
    stand in the queue at most while `workers` are answered.
    """

    seconds: float = 30
    result_bytes: int = 64 * MIB
    query_bytes: int = MIB
    memory_bytes: int = 2048 * MIB
    waiting: int = 256
    workers: int = 2


class QueryError(KgError):
    """A query that gets no result; `status` is the HTTP status that says so."""

    status = 500


class MalformedQueryError(QueryError):
    """A request or a query that cannot be read, or that asks for what is never done: updates, SERVICE, other graphs."""

    status = 400


class NotAcceptableError(QueryError):
    """A result that exists in none of the formats that the client accepts."""

    status = 406


class QueryTooLongError(QueryError):
    """A query beyond `Limits.query_bytes`."""

    status = 413


class UnsupportedMediaTypeError(QueryError):
    """A request whose body is of a type that is not read."""

    status = 415


class WorkerLostError(QueryError):
    """A query in whose course its process ended, such as on a stack that overflowed."""


class ServerBusyError(QueryError):
    """A query that found no room in the queue, waited too long in it, or came while the server stops."""

    status = 503


class TimeLimitError(QueryError):
    """A query that was stopped at `Limits.seconds`."""

    status = 504


class ResultTooLargeError(QueryError):
    """A query whose result or whose memory went beyond its limit."""

    status = 507
