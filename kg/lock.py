"""One build at a time in one folder: a lock that the operating system lets go when its holder ends, however it ends."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from kg.errors import BusyError, OutputError

LOCK = Path(".cache", "lock")


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of `folder`, which is made if need be.

    Raises BusyError when another process holds it, OutputError when the folder cannot be used. The lock file stays where
    it is: removing it would let two builds hold two locks.
    """
    path = folder / LOCK
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise OutputError(
            f"{error.filename or path}: cannot be written ({error.strerror or error}); choose another folder with -o"
        ) from error
    with file:
        if not _taken(file):
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise BusyError(
                f"{folder}: {holder} is building there; wait until it is done, or choose another folder with -o"
            )
        file.truncate(0)
        file.write(f"process {os.getpid()}")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def _taken(file: IO[str]) -> bool:
    try:
        import fcntl
    except ImportError:  # not a POSIX system
        import msvcrt

        file.seek(1 << 20)  # a byte far behind the text, which others may then read
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
