"""A built graph on disk, ready to be served: Oxigraph's store and the indexes, made once for every graph.ttl.

They stand in ``OUT/.cache/serve/<start of its digest>``, are written under a temporary name and moved into place, so
that what is found there is whole, and are never written again: several processes may read them at once.
"""

from __future__ import annotations

import atexit
import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from pydantic import BaseModel, ConfigDict, ValidationError

from kg.errors import BusyError, InputError, OutputError
from kg.lock import locked
from kg.query.loading import PREFIXES
from kg.serialize.html import FILE_SIZE
from kg.serialize.namespaces import term
from kg.serve.stored.adjacency import write_adjacency
from kg.serve.stored.bulk import CHANGED, digest_of, load
from kg.serve.stored.keeping import IN_USE, is_kept
from kg.serve.stored.map_data import map_of
from kg.serve.stored.names import write_names
from kg.serve.stored.provided import Provided, provided
from kg.serve.stored.survey import Counts, survey
from kg.vocabulary import Vocabulary, load_vocabulary

FORMAT: Final = 6
"""Raised when what is prepared changes its form; then it is made anew."""

_GRAPH: Final = "graph.ttl"
_ABOUT: Final = "about.json"
_NAMES: Final = "names.sqlite"
_ADJACENCY: Final = "adjacency.npz"
_MAP: Final = "map.json"
_TRIPLES: Final = "triples"
_READ_ONLY: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedGraph:
    """Where a prepared graph lies: the folder of Oxigraph's store, the files of the indexes and of the map."""

    folder: Path
    triples: Path
    names: Path
    adjacency: Path
    map: Path
    base_iri: str
    digest: str
    min_confidence: float
    size: Counts
    prefixes: Mapping[str, str] = field(default_factory=dict)


class _About(BaseModel):
    """What is written beside a prepared graph.

    `bytes` and `modified` tell whether graph.ttl is still the same file, `files` how long every file is, `classes` which
    entities the indexes know.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    digest: str
    bytes: int
    modified: int
    base_iri: str
    min_confidence: float
    entities: int
    statements: int
    accepted: int
    articles: int
    triples: int
    types: dict[str, int]
    classes: dict[str, str]
    prefixes: dict[str, str]
    files: dict[str, int]


def prepare(
    out: Path, *, vocabulary: Vocabulary | None = None, report: Callable[[str], None] = lambda _: None
) -> ServedGraph:
    """Return the graph of the folder `out`, prepared if it is not yet; `report` is told what takes long.

    What was prepared for an earlier graph.ttl is removed, unless it is being served. Where `out` may not be written, a
    temporary folder is used that is removed when the process ends. Raises InputError for a graph.ttl that is missing, no
    Turtle or being written, BusyError when another process prepares, OutputError when the disk is full.
    """
    source = out / _GRAPH
    try:
        stat = source.stat()
    except OSError as error:
        raise InputError(
            str(source), f"a graph that `kg build` wrote was expected ({error.strerror})"
        ) from error
    said = provided(out)
    room = out / ".cache" / "serve"
    chosen = vocabulary or load_vocabulary()
    for folder in sorted(room.glob("*")) if room.is_dir() else ():
        about = _read(folder)
        same = about and (about.bytes, about.modified) == (stat.st_size, stat.st_mtime_ns)
        if about and same and _fits(about, said, chosen):
            return _served(folder, about, said, report)
    try:
        with locked(room.parent / "serving"):
            about, folder = _prepared(source, room, chosen, said, report)
    except BusyError:
        raise BusyError(f"{out}: another process prepares this graph; wait until it is done") from None
    except OutputError as error:
        if getattr(error.__cause__, "errno", None) not in _READ_ONLY:
            raise
        private = Path(tempfile.mkdtemp(prefix="newskg-serve-"))
        atexit.register(shutil.rmtree, private, ignore_errors=True)
        report(f"{out} cannot be written; the graph is prepared in {private}, and again the next time")
        about, folder = _prepared(source, private, chosen, said, report)
    return _served(folder, about, said, report)


def _prepared(
    source: Path, room: Path, vocabulary: Vocabulary, said: Provided, report: Callable[[str], None]
) -> tuple[_About, Path]:
    partial = room / f".preparing-{os.getpid()}"
    try:
        if known := _same_bytes(source, room, vocabulary, said):
            return known
        for old in room.glob("*") if room.is_dir() else ():
            if not is_kept(old):
                shutil.rmtree(old, ignore_errors=True)
        partial.mkdir(parents=True)
        about = _written(source, partial, vocabulary, said, report)
        final = room / about.digest[:16]
        if final.exists():  # damaged, and served nevertheless
            final.replace(room / f".damaged-{os.getpid()}")
        partial.replace(final)
    except OSError as error:
        raise OutputError(
            f"{error.filename or room}: cannot be written ({error.strerror or error})"
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return about, final


def _same_bytes(
    source: Path, room: Path, vocabulary: Vocabulary, said: Provided
) -> tuple[_About, Path] | None:
    """Return what was prepared of the same bytes under another date, which is noted."""
    stat = source.stat()
    for folder in sorted(room.glob("*")) if room.is_dir() else ():
        about = _read(folder)
        if about and about.bytes == stat.st_size and _fits(about, said, vocabulary):
            if about.digest != digest_of(source):
                continue
            noted = about.model_copy(update={"modified": stat.st_mtime_ns})
            _write(folder, noted)
            return noted, folder
    return None


def _written(
    source: Path, folder: Path, vocabulary: Vocabulary, said: Provided, report: Callable[[str], None]
) -> _About:
    """Write all that belongs to a prepared graph into `folder`."""
    report(f"reading {source}")
    store = ox.Store(folder / _TRIPLES)
    loaded = load(store, source, report=report)
    report("compacting the store")  # takes a quarter of the time, and makes reading ten times as fast
    store.flush()
    store.optimize()
    del store  # closes it
    base_iri = said.base_iri or loaded.base_iri
    report("indexing names")
    found = survey(ox.parse(path=source, format=ox.RdfFormat.TURTLE), vocabulary, base_iri=base_iri)
    write_names(folder / _NAMES, found.entities)
    write_adjacency(folder / _ADJACENCY, found.links, entities=len(found.entities))
    report("drawing the map")
    (folder / _MAP).write_bytes(map_of(found, most=FILE_SIZE))
    (folder / IN_USE).touch()
    stat = source.stat()
    if (stat.st_size, stat.st_mtime_ns) != (loaded.bytes, loaded.modified):
        raise InputError(str(source), CHANGED)
    about = _About(
        format=FORMAT,
        digest=loaded.digest,
        bytes=loaded.bytes,
        modified=loaded.modified,
        base_iri=base_iri,
        min_confidence=loaded.min_confidence,
        entities=found.counts.entities,
        statements=found.counts.statements,
        accepted=found.counts.accepted,
        articles=found.counts.articles,
        triples=found.counts.triples,
        types=dict(found.types),
        classes=_classes(vocabulary),
        prefixes=dict(loaded.prefixes),
        files=_lengths(folder),
    )
    _write(folder, about)
    return about


def _write(folder: Path, about: _About) -> None:
    partial = folder / f"{_ABOUT}-{os.getpid()}"
    partial.write_text(about.model_dump_json(), encoding="utf-8")
    partial.replace(folder / _ABOUT)


def _lengths(folder: Path) -> dict[str, int]:
    """Return the lengths of the files that hold data; the store has others that it keeps for itself."""
    triples = folder / _TRIPLES
    kept = (*triples.glob("*.sst"), *triples.glob("MANIFEST-*"), triples / "CURRENT")
    own = (folder / _NAMES, folder / _ADJACENCY, folder / _MAP)
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in sorted((*kept, *own))}


def _read(folder: Path) -> _About | None:
    """Return what a folder holds, or None for one that is not whole."""
    try:
        about = _About.model_validate_json((folder / _ABOUT).read_bytes())
        if about.format != FORMAT:
            return None
        whole = all((folder / name).stat().st_size == length for name, length in about.files.items())
    except (OSError, ValidationError):
        return None
    return about if whole else None


def _fits(about: _About, said: Provided, vocabulary: Vocabulary) -> bool:
    """Return whether the indexes were made with the base IRI and the classes of entities that hold now."""
    return said.base_iri in (None, about.base_iri) and about.classes == _classes(vocabulary)


def _classes(vocabulary: Vocabulary) -> dict[str, str]:
    return {name: term(vocabulary, name).value for name in vocabulary.entity_types}


def _served(folder: Path, about: _About, said: Provided, report: Callable[[str], None]) -> ServedGraph:
    if said.digest not in (None, about.digest):
        report(f"{_GRAPH} is not the one that manifest.json describes; `kg build` makes both anew")
    return ServedGraph(
        folder=folder,
        triples=folder / _TRIPLES,
        names=folder / _NAMES,
        adjacency=folder / _ADJACENCY,
        map=folder / _MAP,
        base_iri=about.base_iri,
        digest=about.digest,
        min_confidence=about.min_confidence if said.min_confidence is None else said.min_confidence,
        size=Counts(
            entities=about.entities,
            statements=about.statements,
            accepted=about.accepted,
            articles=about.articles,
            triples=about.triples,
            types=about.types,
        ),
        prefixes={**PREFIXES, **about.prefixes},
    )
