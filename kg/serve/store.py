"""A built graph on disk, ready to be served: Oxigraph's store and the index of names, made once for every graph.ttl.

They stand in ``OUT/.cache/serve/<start of its digest>``, are written under a temporary name and moved into place, so
that what is found there is whole. Preparing takes about as long as building did; opening what is prepared takes no time.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox
from pydantic import BaseModel, ConfigDict, ValidationError

from kg.errors import BusyError, InputError, OutputError
from kg.lock import locked
from kg.query.loading import PREFIXES
from kg.serialize.html import FILE_SIZE
from kg.serialize.iri import DEFAULT_BASE
from kg.serve.map_data import map_of
from kg.serve.names import write_names
from kg.serve.survey import Counts, survey
from kg.vocabulary import Vocabulary, load_vocabulary

FORMAT: Final = 3
"""Raised when what is prepared changes its form; then it is made anew."""

_GRAPH: Final = "graph.ttl"
_ABOUT: Final = "about.json"
_NAMES: Final = "names.sqlite"
_MAP: Final = "map.json"
_TRIPLES: Final = "triples"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedGraph:
    """Where a prepared graph lies: the folder of Oxigraph's store, the files of the index of names and of the map."""

    folder: Path
    triples: Path
    names: Path
    map: Path
    base_iri: str
    digest: str
    min_confidence: float
    size: Counts
    prefixes: Mapping[str, str] = field(default_factory=dict)


class _About(BaseModel):
    """What is written beside a prepared graph: `bytes` and `modified` tell whether graph.ttl is still the same file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    digest: str
    bytes: int
    modified: int
    base_iri: str
    min_confidence: float
    entities: int
    statements: int
    articles: int
    triples: int
    types: dict[str, int]
    prefixes: dict[str, str]


def prepare(
    out: Path, *, vocabulary: Vocabulary | None = None, report: Callable[[str], None] = lambda _: None
) -> ServedGraph:
    """Return the graph of the folder `out`, prepared if it is not yet; `report` is told what takes long.

    What was prepared for an earlier graph.ttl is removed. Where `out` cannot be written, a temporary folder is used that is
    not found again. Raises InputError for a graph.ttl that is missing or no Turtle, BusyError when another process
    prepares, OutputError when the disk is full.
    """
    source = out / _GRAPH
    try:
        stat = source.stat()
    except OSError as error:
        raise InputError(
            str(source), f"a graph that `kg build` wrote was expected ({error.strerror})"
        ) from error
    room = out / ".cache" / "serve"
    for folder in sorted(room.glob("*")) if room.is_dir() else ():
        about = _read(folder)
        if about and (about.format, about.bytes, about.modified) == (FORMAT, stat.st_size, stat.st_mtime_ns):
            return _served(folder, about)
    chosen = vocabulary or load_vocabulary()
    try:
        with locked(room.parent / "serving"):
            return _prepared(out, room, chosen, report)
    except BusyError:
        raise BusyError(f"{out}: another process prepares this graph; wait until it is done") from None
    except OutputError:
        if os.access(out, os.W_OK):
            raise
        private = Path(tempfile.mkdtemp(prefix="newskg-serve-"))
        report(f"{out} cannot be written; the graph is prepared in {private}, and again the next time")
        return _prepared(out, private, chosen, report)


def _prepared(out: Path, room: Path, vocabulary: Vocabulary, report: Callable[[str], None]) -> ServedGraph:
    source = out / _GRAPH
    stat = source.stat()
    digest = _digest(source)
    final = room / digest[:16]
    known = _read(final)
    settings = _settings(out)
    if known and known.format == FORMAT and known.digest == digest:  # the same bytes under a new date
        about = known.model_copy(update={"bytes": stat.st_size, "modified": stat.st_mtime_ns})
        (final / _ABOUT).write_text(about.model_dump_json(), encoding="utf-8")
        return _served(final, about)
    partial = room / f".preparing-{os.getpid()}"
    try:
        for old in room.glob("*") if room.is_dir() else ():
            shutil.rmtree(old, ignore_errors=True)
        partial.mkdir(parents=True)
        report(f"reading {source}")
        try:
            store = ox.Store(partial / _TRIPLES)
            store.bulk_load(path=source, format=ox.RdfFormat.TURTLE)
        except (SyntaxError, ValueError) as error:
            raise InputError(str(source), f"a Turtle file was expected ({error})") from error
        report("indexing names")
        found = survey(store, vocabulary, base_iri=settings["base_iri"])
        write_names(partial / _NAMES, found.entities)
        report("drawing the map")
        (partial / _MAP).write_bytes(map_of(found, most=FILE_SIZE))
        store.flush()
        store.optimize()
        del store
        about = _About(
            format=FORMAT,
            digest=digest,
            bytes=stat.st_size,
            modified=stat.st_mtime_ns,
            base_iri=settings["base_iri"],
            min_confidence=settings["min_confidence"],
            entities=found.counts.entities,
            statements=found.counts.statements,
            articles=found.counts.articles,
            triples=found.counts.triples,
            types=dict(found.types),
            prefixes=_prefixes(source),
        )
        (partial / _ABOUT).write_text(about.model_dump_json(), encoding="utf-8")
        partial.replace(final)
    except OSError as error:
        raise OutputError(
            f"{error.filename or room}: cannot be written ({error.strerror or error})"
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return _served(final, about)


def _served(folder: Path, about: _About) -> ServedGraph:
    return ServedGraph(
        folder=folder,
        triples=folder / _TRIPLES,
        names=folder / _NAMES,
        map=folder / _MAP,
        base_iri=about.base_iri,
        digest=about.digest,
        min_confidence=about.min_confidence,
        size=Counts(
            entities=about.entities,
            statements=about.statements,
            articles=about.articles,
            triples=about.triples,
            types=about.types,
        ),
        prefixes={**PREFIXES, **about.prefixes},
    )


def _read(folder: Path) -> _About | None:
    """Return what a folder holds, or None for one that is not whole."""
    try:
        about = _About.model_validate_json((folder / _ABOUT).read_bytes())
    except (OSError, ValidationError):
        return None
    needed = (folder / _TRIPLES / "CURRENT", folder / _NAMES, folder / _MAP)
    return about if all(path.is_file() for path in needed) else None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _settings(out: Path) -> dict[str, Any]:
    """Return the base IRI and the threshold from the manifest; the usual ones where there is none."""
    usual: dict[str, Any] = {"base_iri": DEFAULT_BASE, "min_confidence": 0.0}
    try:
        written = json.loads((out / "manifest.json").read_bytes())["settings"]
        return {"base_iri": str(written["base_iri"]), "min_confidence": float(written["min_confidence"])}
    except (OSError, ValueError, KeyError, TypeError):
        return usual


def _prefixes(source: Path) -> dict[str, str]:
    """Return the prefixes that the file begins with."""
    parser = ox.parse(path=source, format=ox.RdfFormat.TURTLE)
    next(iter(parser), None)
    return dict(parser.prefixes)
