"""What serializers write a result to: bounded, in memory while it is small, then in a file without a name."""

from __future__ import annotations

import tempfile
from typing import IO, Final

INLINE: Final = 1 << 18
"""Results up to this size travel in the message itself."""


class TooLarge(Exception):  # noqa: N818 - it is a signal from the writer through the engine
    """The result is beyond the limit."""


class Spool:
    """What a serializer writes to: memory at first, then a file without a name, up to a limit."""

    def __init__(self, limit: int) -> None:
        self.size = 0
        self.memory = bytearray()
        self.file: IO[bytes] | None = None
        self._limit = limit

    def write(self, data: bytes) -> int:
        """Keep `data`; raises TooLarge where it does not fit."""
        self.size += len(data)
        if self.size > self._limit:
            raise TooLarge
        if self.file is None and self.size > INLINE:
            self.file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - it outlives the query
            self.file.write(self.memory)
            self.memory.clear()
        if self.file is None:
            self.memory += data
        else:
            self.file.write(data)
        return len(data)

    def flush(self) -> None:
        """Do nothing: every write is final."""


class SortedPrefixes:
    """Puts the leading ``@prefix`` lines of Turtle in order: the engine writes them in the order of a hash table."""

    def __init__(self, target: Spool) -> None:
        self._target = target
        self._head: bytes | None = b""

    def write(self, data: bytes) -> int:
        """Hold the prefixes back until the first other line begins."""
        if self._head is None:
            return self._target.write(data)
        self._head += data
        lines = self._head.splitlines(keepends=True)
        if any(not b"@prefix ".startswith(line[:8]) for line in lines):
            self.finish()
        return len(data)

    def flush(self) -> None:
        """Do nothing: what is held back is written by `finish`."""

    def finish(self) -> None:
        """Write what is held back."""
        if self._head is None:
            return
        lines = self._head.splitlines(keepends=True)
        count = next((i for i, line in enumerate(lines) if not line.startswith(b"@prefix ")), len(lines))
        self._head = None
        if lines:
            self._target.write(b"".join(sorted(lines[:count]) + lines[count:]))
