"""Turtle into a store: read once, from one end to the other, by a reader that tells how far it is and can be stopped."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import pyoxigraph as ox

from kg.errors import InputError
from kg.serialize.iri import DEFAULT_BASE
from kg.serialize.namespaces import nk

LARGE: Final = 1 << 27
"""Bytes from which on it is told how far reading has come."""

CHANGED: Final = "it changed while it was read; wait until it is written"
_STEPS: Final = 10
_STATEMENTS: Final = "statement/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What a file held: `bytes` and `modified` are those of the file that was read, the rest is what it says of itself."""

    digest: str
    bytes: int
    modified: int
    prefixes: Mapping[str, str]
    base_iri: str
    min_confidence: float


def load(store: ox.Store, source: Path, *, report: Callable[[str], None], large: int = LARGE) -> Loaded:
    """Load `source` into `store`; `report` is told how far it is, if there are `large` bytes or more.

    Raises InputError for what is no Turtle or changes meanwhile, OSError for a full disk.
    """
    try:
        file = source.open("rb")
    except OSError as error:
        raise InputError(str(source), f"it cannot be read ({error.strerror})") from error
    with file:
        before = os.fstat(file.fileno())
        reader = _Reader(file, size=before.st_size, report=report if before.st_size >= large else None)
        try:
            store.bulk_load(input=reader, format=ox.RdfFormat.TURTLE)  # type: ignore[arg-type]
        except (SyntaxError, ValueError) as error:
            raise InputError(str(source), f"a Turtle file was expected ({error})") from error
        after = os.fstat(file.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise InputError(str(source), CHANGED)
    prefixes = _prefixes(source)
    return Loaded(
        digest=reader.digest.hexdigest(),
        bytes=before.st_size,
        modified=before.st_mtime_ns,
        prefixes=prefixes,
        base_iri=prefixes.get("statement", DEFAULT_BASE + _STATEMENTS).removesuffix(_STATEMENTS),
        min_confidence=_min_confidence(store),
    )


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Reader:
    """A file that is read on demand. Python runs between two pieces, so that Ctrl-C is heard while a store is loaded."""

    def __init__(self, file: IO[bytes], *, size: int, report: Callable[[str], None] | None) -> None:
        self.digest = hashlib.sha256()
        self._file = file
        self._size = size
        self._report = report
        self._read = 0
        self._told = 0

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.digest.update(piece)
        self._read += len(piece)
        if self._report and self._told < _STEPS and self._read * _STEPS >= (self._told + 1) * self._size:
            self._told = min(self._read * _STEPS // max(self._size, 1), _STEPS)
            self._report(f"{self._told * 100 // _STEPS} % read")
        return piece


def _prefixes(source: Path) -> dict[str, str]:
    """Return the prefixes that the file begins with."""
    parser = ox.parse(path=source, format=ox.RdfFormat.TURTLE)
    next(iter(parser), None)
    return dict(parser.prefixes)


def _min_confidence(store: ox.Store) -> float:
    """Return the threshold that the graph says it was built with, 0 if it does not."""
    for quad in store.quads_for_pattern(None, nk("minConfidence"), None):
        if isinstance(quad.object, ox.Literal):
            try:
                return float(quad.object.value)
            except ValueError:
                continue
    return 0.0
