"""Results on standard output, everything else on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from kg.errors import OutputError

if TYPE_CHECKING:
    from kg.pipeline import Failure

DONE, USAGE, RESOURCES, NOT_CONFORMING, SOME_FAILED, NOTHING_USABLE, BUG = 0, 2, 3, 4, 5, 6, 70


def out(data: str | bytes) -> None:
    """Write a result. Raises OutputError when the disk is full, BrokenPipeError when nobody reads on."""
    try:
        sys.stdout.buffer.write(data.encode() if isinstance(data, str) else data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"standard output cannot be written ({error.strerror})") from error


def note(message: str) -> None:
    """Tell the user something that is not a result."""
    print(f"kg: {message}", file=sys.stderr, flush=True)  # noqa: T201 - the one place that speaks to the user


def report(failures: Iterable[Failure], *, usable: int) -> int:
    """Name every failure on standard error and return the exit code; `usable` inputs gave something."""
    bugs = count = 0
    for count, failure in enumerate(failures, 1):  # noqa: B007 - used after the loop
        note(f"skipped {failure.source}: {failure.reason}")
        bugs += failure.bug
    if not usable:
        note("no input could be used")
        return BUG if bugs else NOTHING_USABLE
    return SOME_FAILED if count else DONE
