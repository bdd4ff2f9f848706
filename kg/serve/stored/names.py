"""Search over the names and aliases of all entities of a stored graph.

The names stand in one array of characters, a line for every name, those of the best connected entities first: a search
compares all of them at once, which takes some milliseconds for a million names, and finds first what a reader most likely
means. Rows of an SQLite table say what an entity is called.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from kg.errors import OutputError
from kg.serialize import iri
from kg.serve.stored.arrays import Array
from kg.serve.stored.survey import Named

_BREAK: Final = ord("\n")
_REMEMBERED: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An entity that a search has found; `alias` is the name that was found where it is not `name`."""

    id: str
    name: str
    alias: str | None
    type: str
    degree: int


def folded(text: str) -> str:
    """Return `text` as names are compared: compatibility forms, case and line breaks make no difference."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def write_names(path: Path, entities: Iterable[Named]) -> None:
    """Write the index of `entities`, the best connected first; raises OutputError."""
    lines: list[str] = []
    owners: list[int] = []
    types: list[int] = []
    known: dict[str, int] = {}
    try:
        connection = sqlite3.connect(path)
        try:
            connection.executescript(
                "PRAGMA page_size=16384; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
                "CREATE TABLE entity (number INTEGER PRIMARY KEY, id TEXT UNIQUE, name TEXT, type TEXT,"
                " degree INTEGER, aliases TEXT);"
                "CREATE TABLE lines (text BLOB, owners BLOB, types BLOB, type_names TEXT);"
            )
            for number, entity in enumerate(entities):
                for name in (entity.name, *entity.aliases):
                    lines.append(folded(name))
                    owners.append(number)
                types.append(known.setdefault(entity.type, len(known)))
                aliases = json.dumps(entity.aliases, ensure_ascii=False)
                connection.execute(
                    "INSERT INTO entity VALUES (?, ?, ?, ?, ?, ?)",
                    (number, iri.escaped(entity.id), entity.name, entity.type, entity.degree, aliases),
                )
            connection.execute(
                "INSERT INTO lines VALUES (?, ?, ?, ?)",
                (
                    "\n".join(["", *lines, ""]).encode("utf-8"),
                    np.asarray(owners, dtype=np.int32).tobytes(),
                    np.asarray(types, dtype=np.int32).tobytes(),
                    json.dumps(list(known), ensure_ascii=False),
                ),
            )
            connection.commit()
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise OutputError(f"{path}: the index of names cannot be written ({error})") from error


class NameIndex:
    """The index of one graph; several threads may search at once. An entity's number is its place by degree, from 0."""

    def __init__(self, path: Path) -> None:
        """Open the index that `write_names` wrote; raises OSError if it is not there or damaged."""
        self._path = path
        self._local = threading.local()
        try:
            row = self._connection().execute("SELECT text, owners, types, type_names FROM lines").fetchone()
            self._text: Array = np.frombuffer(row[0].decode("utf-8").encode("utf-32-le"), dtype="<u4")
            self._owners: Array = np.frombuffer(row[1], dtype=np.int32)
            self._types: Array = np.frombuffer(row[2], dtype=np.int32)
            self._type_names: Sequence[str] = json.loads(row[3])
        except (sqlite3.Error, ValueError, TypeError) as error:
            raise OSError(f"{path}: the index of names is damaged ({error})") from error
        self._breaks: Array = np.flatnonzero(self._text == _BREAK)
        self._found = lru_cache(maxsize=_REMEMBERED)(self._find)

    def search(self, text: str, *, limit: int = 30, types: frozenset[str] | None = None) -> list[Hit]:
        """Return at most `limit` entities with `text` in a name: equal names, then beginnings, then the rest.

        Within each, the better connected come first.
        """
        wanted = folded(text)
        found = self._found(wanted)
        if types is not None:
            among = [i for i, name in enumerate(self._type_names) if name in types]
            found = found[np.isin(self._types[found], among)]
        return [self._hit(row, wanted) for row in self._rows(found[: max(limit, 0)].tolist())]

    def counts(self, text: str) -> Mapping[str, int]:
        """Return how many entities of each type a search finds; for no text, how many there are."""
        wanted = folded(text)
        types = self._types[self._found(wanted)] if wanted else self._types
        counted = np.bincount(types, minlength=len(self._type_names)).tolist()
        return {name: n for name, n in sorted(zip(self._type_names, counted, strict=True)) if n}

    def best_connected(self, limit: int) -> list[str]:
        """Return the ids of the entities with most neighbours."""
        rows = self._connection().execute("SELECT id FROM entity ORDER BY number LIMIT ?", (max(limit, 0),))
        return [iri.unescaped(row[0]) for row in rows]

    def entity(self, id_: str) -> Hit | None:
        """Return the entity with this id, None if there is none: all that a link to it needs."""
        row = self._row(id_)
        return None if row is None else Hit(id=id_, name=row[2], alias=None, type=row[3], degree=row[4])

    def degree(self, id_: str) -> int:
        """Return how many neighbours an entity has by accepted statements, 0 for an unknown one."""
        row = self._row(id_)
        return 0 if row is None else int(row[4])

    def number(self, id_: str) -> int | None:
        """Return the number of the entity with this id, None if there is none."""
        row = self._row(id_)
        return None if row is None else int(row[0])

    def ids(self, numbers: Sequence[int]) -> list[str]:
        """Return the ids of the entities with these numbers."""
        return [iri.unescaped(row[1]) for row in self._rows(numbers)]

    def _find(self, wanted: str) -> Array:
        """Return the numbers of the entities with `wanted` in a name, in the order of a search."""
        characters = np.frombuffer(wanted.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        if not len(characters):
            return np.empty(0, dtype=np.int64)
        places: Array = np.flatnonzero(self._text == characters[0])
        for i in range(1, len(characters)):
            # A name ends in a break, which is no part of `wanted`: nothing is looked up behind the end of the text.
            places = places[self._text[places + i] == characters[i]]
        begins = self._text[places - 1] == _BREAK
        whole = begins & (self._text[places + len(characters)] == _BREAK)
        owners = self._owners[np.searchsorted(self._breaks, places) - 1]
        kinds = np.where(whole, 0, np.where(begins, 1, 2))
        order = np.lexsort((owners, kinds))
        _, first = np.unique(owners[order], return_index=True)
        found: Array = owners[order][np.sort(first)]
        return found

    def _hit(self, row: tuple[Any, ...], wanted: str) -> Hit:
        _, id_, name, type_, degree, aliases = row
        alias = None
        if wanted not in folded(name):
            alias = next((a for a in json.loads(aliases) if wanted in folded(a)), None)
        return Hit(id=iri.unescaped(id_), name=name, alias=alias, type=type_, degree=degree)

    def _rows(self, numbers: Sequence[int]) -> list[tuple[Any, ...]]:
        """Return the rows of `entity` with these numbers, in their order."""
        asked = "SELECT entity.* FROM json_each(?) JOIN entity ON entity.number = json_each.value"
        found = {row[0]: row for row in self._connection().execute(asked, (json.dumps(list(numbers)),))}
        return [found[number] for number in numbers]

    def _row(self, id_: str) -> tuple[Any, ...] | None:
        asked = "SELECT * FROM entity WHERE id = ?"
        row: tuple[Any, ...] | None = self._connection().execute(asked, (iri.escaped(id_),)).fetchone()
        return row

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(f"{self._path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
            self._local.connection = connection
        return connection
