"""Search over the names and aliases of all entities of a stored graph.

The names stand in one string, a line for every name, those of the best connected entities first: a search is a scan that
stops when it has enough, and what it finds first is what a reader most likely means. Rows of an SQLite table say what a line
belongs to.
"""

from __future__ import annotations

import bisect
import json
import re
import sqlite3
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.errors import OutputError
from kg.serve.survey import Named

_SCANNED: Final = 2000
"""So many hits are looked at in one search; a single character may stand in hundreds of thousands of names."""


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
    try:
        with sqlite3.connect(path) as connection:
            connection.executescript(
                "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
                "CREATE TABLE entity (number INTEGER PRIMARY KEY, id TEXT UNIQUE, name TEXT, type TEXT,"
                " degree INTEGER, aliases TEXT);"
                "CREATE TABLE lines (text TEXT, owners TEXT);"
            )
            for number, entity in enumerate(entities):
                for name in (entity.name, *entity.aliases):
                    lines.append(folded(name))
                    owners.append(number)
                row = (entity.id, entity.name, entity.type, entity.degree)
                connection.execute(
                    "INSERT INTO entity VALUES (?, ?, ?, ?, ?, ?)",
                    (number, *row, json.dumps(entity.aliases, ensure_ascii=False)),
                )
            connection.execute(
                "INSERT INTO lines VALUES (?, ?)", ("\n".join(["", *lines, ""]), json.dumps(owners))
            )
        connection.close()
    except sqlite3.Error as error:
        raise OutputError(f"{path}: the index of names cannot be written ({error})") from error


class NameIndex:
    """The index of one graph; several threads may search at once."""

    def __init__(self, path: Path) -> None:
        """Open the index that `write_names` wrote."""
        self._path = path
        self._local = threading.local()
        text, owners = self._connection().execute("SELECT text, owners FROM lines").fetchone()
        self._text: str = text
        self._owners: list[int] = json.loads(owners)
        self._breaks = [match.start() for match in re.finditer("\n", text)]

    def search(self, text: str, *, limit: int = 30, types: frozenset[str] | None = None) -> list[Hit]:
        """Return at most `limit` entities with `text` in a name: equal names, then beginnings, then the rest.

        Within each, the better connected come first.
        """
        wanted = folded(text)
        if not wanted or limit < 1:
            return []
        found: dict[int, Hit] = {}
        for form in (f"\n{wanted}\n", f"\n{wanted}", wanted):
            for number in self._lines(form):
                if number in found:
                    continue
                hit = self._hit(number, wanted)
                if types is None or hit.type in types:
                    found[number] = hit
                if len(found) >= limit:
                    return list(found.values())
        return list(found.values())

    def counts(self, text: str) -> Mapping[str, int]:
        """Return how many entities of each type a search finds, of the best connected that it looks at."""
        wanted = folded(text)
        numbers = set(self._lines(wanted)) if wanted else set()
        rows = (self._row(number) for number in sorted(numbers))
        return dict(sorted(Counter(row[2] for row in rows).items()))

    def best_connected(self, limit: int) -> list[str]:
        """Return the ids of the entities with most neighbours."""
        rows = self._connection().execute("SELECT id FROM entity ORDER BY number LIMIT ?", (limit,))
        return [str(row[0]) for row in rows]

    def entity(self, id_: str) -> Hit | None:
        """Return the entity with this id, None if there is none: all that a link to it needs."""
        row = self._connection().execute("SELECT name, type, degree FROM entity WHERE id = ?", (id_,)).fetchone()
        return None if row is None else Hit(id=id_, name=row[0], alias=None, type=row[1], degree=int(row[2]))

    def degree(self, id_: str) -> int:
        """Return how many neighbours an entity has by accepted statements, 0 for an unknown one."""
        row = self._connection().execute("SELECT degree FROM entity WHERE id = ?", (id_,)).fetchone()
        return 0 if row is None else int(row[0])

    def _lines(self, form: str) -> Iterator[int]:
        """Yield the number of the entity for every line that holds `form`."""
        start = 0
        for _ in range(_SCANNED):
            at = self._text.find(form, start)
            if at < 0:
                return
            line = bisect.bisect_right(self._breaks, at) - 1
            if line >= len(self._owners):
                return
            yield self._owners[line]
            start = self._breaks[line + 1]

    def _hit(self, number: int, wanted: str) -> Hit:
        id_, name, type_, degree, aliases = self._row(number)
        alias = None
        if wanted not in folded(name):
            alias = next((a for a in json.loads(aliases) if wanted in folded(a)), None)
        return Hit(id=id_, name=name, alias=alias, type=type_, degree=degree)

    def _row(self, number: int) -> tuple[str, str, str, int, str]:
        row = self._connection().execute(
            "SELECT id, name, type, degree, aliases FROM entity WHERE number = ?", (number,)
        )
        found: tuple[str, str, str, int, str] = row.fetchone()
        return found

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(f"{self._path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
            self._local.connection = connection
        return connection
