"""What earlier builds found out, kept in one SQLite file: extractions of sources, and parts of graphs that conform.

An entry is found by a digest of everything that it depends on: the text and metadata of the source, the settings, and the
whole program with its resources and libraries; never by a path or a worker count. A cache that cannot be read or written
is said once and done without: it makes a build faster, never different.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
import zlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import TracebackType

from pydantic import TypeAdapter, ValidationError

from kg.model import Extraction, Source

VERSION = 1
"""Of the tables and of the form of their values."""
GENERATIONS = 3
"""Builds after which an entry that none of them used is dropped."""
_BATCH = 25
"""Entries written between two commits: what an interrupted build has done is kept."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS extraction (key TEXT PRIMARY KEY, digest TEXT, value BLOB, generation INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS build (number INTEGER PRIMARY KEY AUTOINCREMENT);
CREATE TABLE IF NOT EXISTS conforming (key TEXT PRIMARY KEY, generation INTEGER) WITHOUT ROWID;
"""

Warn = Callable[[str], None]


@cache
def _adapter() -> TypeAdapter[tuple[Extraction, ...]]:
    return TypeAdapter(tuple[Extraction, ...])


def encode(extractions: tuple[Extraction, ...]) -> bytes:
    """Return the extractions of one source as compressed JSON."""
    return zlib.compress(_adapter().dump_json(extractions), 6)


def decode(data: bytes) -> tuple[Extraction, ...]:
    """Return what :func:`encode` was given. Raises ValueError for anything else."""
    try:
        return _adapter().validate_json(zlib.decompress(data))
    except (zlib.error, ValidationError) as error:
        raise ValueError(str(error)) from error


class Cache:
    """The cache of one output folder; use it as a context manager, and by one build at a time.

    `fingerprint` is a digest of everything but the source that an extraction depends on; `warn` hears of a cache that is of
    no use.
    """

    def __init__(self, path: Path, *, fingerprint: str, warn: Warn) -> None:
        self._path = path
        self._fingerprint = fingerprint
        self._warn = warn
        self._pending = 0
        self._generation = 0
        self._database = self._opened()

    def __enter__(self) -> Cache:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._database is not None:
            with contextlib.suppress(sqlite3.Error):
                self._database.commit()
            self._database.close()
            self._database = None

    def extractions(self, source: Source) -> tuple[Extraction, ...] | None:
        """Return what an earlier build extracted from `source`, None when it has to be extracted."""
        key = self._key(source)
        rows = self._run("SELECT digest, value FROM extraction WHERE key = ?", (key,))
        if not rows:
            return None
        digest, value = rows[0]
        try:
            if not isinstance(value, bytes) or hashlib.sha256(value).hexdigest() != digest:
                raise ValueError("its digest is another")
            found = decode(value)
        except ValueError as error:
            self._warn(f"{self._path}: the entry of {source.id} is damaged and made anew ({error})")
            return None
        self._run("UPDATE extraction SET generation = ? WHERE key = ?", (self._generation, key))
        return tuple(replace(x, article=replace(x.article, source=source.id)) for x in found)

    def keep(self, source: Source, extractions: tuple[Extraction, ...]) -> None:
        """Keep what was extracted from `source`; its id is not part of it."""
        nameless = tuple(replace(x, article=replace(x.article, source="")) for x in extractions)
        value = encode(nameless)
        self._run(
            "INSERT OR REPLACE INTO extraction VALUES (?, ?, ?, ?)",
            (self._key(source), hashlib.sha256(value).hexdigest(), value, self._generation),
        )
        self._pending += 1
        if self._pending >= _BATCH:
            self._commit()

    def conforms(self, digest: str) -> bool:
        """Whether an earlier build found that the part of a graph with this digest conforms."""
        key = self._conforming(digest)
        known = bool(self._run("SELECT 1 FROM conforming WHERE key = ?", (key,)))
        if known:
            self._run("UPDATE conforming SET generation = ? WHERE key = ?", (self._generation, key))
        return known

    def keep_conforming(self, digests: Iterable[str]) -> None:
        """Keep that the parts of a graph with these digests conform."""
        for digest in digests:
            self._run(
                "INSERT OR REPLACE INTO conforming VALUES (?, ?)",
                (self._conforming(digest), self._generation),
            )
        self._commit()

    def forget_unused(self) -> None:
        """Drop what the last builds did not use; call it when a build has succeeded."""
        for table in ("extraction", "conforming"):
            # table names come from this line alone
            self._run(f"DELETE FROM {table} WHERE generation <= ?", (self._generation - GENERATIONS,))  # noqa: S608
        self._commit()

    def _key(self, source: Source) -> str:
        about = (
            source.text_sha256,
            source.media_type,
            source.title,
            source.published,
            source.single,
            self._fingerprint,
        )
        return hashlib.sha256(json.dumps(about, ensure_ascii=False).encode()).hexdigest()

    def _conforming(self, digest: str) -> str:
        return hashlib.sha256(f"{digest} {self._fingerprint}".encode()).hexdigest()

    def _opened(self) -> sqlite3.Connection | None:
        """Open the file; one that is no database of ours is removed and begun anew."""
        for attempt in ("as it is", "anew"):
            database = None
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                database = sqlite3.connect(self._path, timeout=5.0)
                self._generation = self._prepared(database)
            except (sqlite3.Error, OSError, ValueError) as error:
                if database is not None:
                    database.close()
                damaged = isinstance(error, sqlite3.DatabaseError | ValueError)
                if attempt == "anew" or not damaged or isinstance(error, sqlite3.OperationalError):
                    self._useless(error)
                    return None
                self._warn(f"{self._path}: the cache is damaged and begun anew ({error})")
                with contextlib.suppress(OSError):
                    self._path.unlink()
            else:
                return database
        return None

    def _prepared(self, database: sqlite3.Connection) -> int:
        """Return the number of this build. Raises ValueError for tables of another version."""
        if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("its pages do not hang together")
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version not in (0, VERSION):
            raise ValueError(f"its version is {version} instead of {VERSION}")
        database.executescript(_SCHEMA)
        database.execute(f"PRAGMA user_version = {VERSION}")
        database.execute("INSERT INTO build (number) VALUES (NULL)")
        (generation,) = database.execute("SELECT max(number) FROM build").fetchone()
        database.execute("DELETE FROM build WHERE number < ?", (generation,))
        database.commit()
        return int(generation)

    def _run(self, statement: str, values: tuple[object, ...]) -> list[tuple[object, ...]]:
        if self._database is None:
            return []
        try:
            return self._database.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            self._give_up(self._database, error)
            return []

    def _commit(self) -> None:
        self._pending = 0
        if self._database is None:
            return
        try:
            self._database.commit()
        except sqlite3.Error as error:
            self._give_up(self._database, error)

    def _give_up(self, database: sqlite3.Connection, error: Exception) -> None:
        database.close()
        self._database = None
        self._useless(error)

    def _useless(self, error: Exception) -> None:
        self._warn(f"{self._path}: no cache is used ({error}); the build only takes longer")
