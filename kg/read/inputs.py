"""Inputs named on the command line: which files they mean, which ids these get, and which ids clash."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath
from typing import BinaryIO

from kg.errors import InputError
from kg.model import Source
from kg.read.formats import format_of


def read_sources(inputs: Sequence[str], *, stdin: BinaryIO | None = None) -> Iterator[Source | InputError]:
    """Yield a source, or an InputError that names it and says why, for everything that `inputs` mean.

    An input is a file, a folder (read recursively in sorted order, hidden files and folders left out) or ``-`` for `stdin`
    (default: standard input). The same text twice under one id is yielded once; different texts under one
    id are all refused. Nothing is raised for bad input.
    """
    items = [item for given in inputs for item in _read_input(given, stdin)]
    by_id: dict[str, list[Source]] = {}
    for item in items:
        if isinstance(item, Source):
            by_id.setdefault(item.id, []).append(item)
    for item in items:
        if isinstance(item, InputError):
            yield item
            continue
        rivals = by_id.pop(item.id, [])
        if len({rival.text_sha256 for rival in rivals}) > 1:
            reason = "two different texts have this id, so neither is used; rename one of them"
            yield InputError(item.id, reason)
        elif rivals:  # of equal texts the same one is kept in whatever order they came
            yield min(rivals, key=lambda s: (s.published or "~", s.title or "~", s.raw_sha256))


def _read_input(given: str, stdin: BinaryIO | None) -> Iterator[Source | InputError]:
    if given == "-":
        raw = (stdin if stdin is not None else sys.stdin.buffer).read()
        yield from format_of(raw, "").read(raw, "-")
        return
    path = Path(given)
    try:
        is_folder, is_file, exists = path.is_dir(), path.is_file(), path.exists()
    except (OSError, ValueError) as error:  # a name too long, or with a NUL
        yield InputError(given, f"it cannot be looked at: {error}")
        return
    if is_folder:
        yield from _read_folder(path, _anchor(given))
    elif is_file:
        yield from _read_file(path, _file_id(given))
    else:
        yield InputError(
            given, "it is neither a file nor a folder" if exists else "there is no such file or folder"
        )


def _read_folder(folder: Path, anchor: PurePath) -> Iterator[Source | InputError]:
    failures: list[OSError] = []
    paths: list[Path] = []
    for where, folders, names in os.walk(folder, onerror=failures.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        paths += [Path(where, name) for name in names if not name.startswith(".")]
    for failure in failures:
        yield InputError(str(failure.filename), f"the folder cannot be read: {failure.strerror}")
    if not paths and not failures:
        yield InputError(anchor.as_posix(), "the folder holds no file")
    for path in sorted(paths, key=lambda p: p.relative_to(folder).parts):
        yield from _read_file(path, (anchor / path.relative_to(folder)).as_posix())


def _read_file(path: Path, id_: str) -> Iterator[Source | InputError]:
    if not _encodable(id_):
        shown = id_.encode("utf-8", "backslashreplace").decode()
        yield InputError(shown, "its name is not valid in the file system's encoding; rename it")
        return
    if not path.is_file():  # a pipe would block, a dangling link has nothing
        yield InputError(id_, "it is not a regular file")
        return
    try:
        raw = path.read_bytes()
    except OSError as error:
        yield InputError(id_, f"it cannot be read: {error.strerror}")
        return
    yield from format_of(raw, path.suffix).read(raw, id_)


def _anchor(given: str) -> PurePath:
    """Return what the ids of a folder's files begin with."""
    path = PurePath(given)
    if path.is_absolute() or ".." in path.parts:
        return PurePath(Path(given).resolve().name)
    return path


def _file_id(given: str) -> str:
    path = PurePath(given)
    if path.is_absolute() or ".." in path.parts:
        path = PurePath(*Path(os.path.abspath(given)).parts[-2:])  # noqa: PTH100 - resolve() would follow a link to another name
        path = path.relative_to(path.anchor) if path.anchor else path
    return path.as_posix()


def _encodable(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
