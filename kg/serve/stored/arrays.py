"""Arrays and long lists of words in one file, which is read at once and says when it is damaged."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kg.errors import OutputError

Array = NDArray[Any]

_DAMAGE: Final = (ValueError, KeyError, IndexError, EOFError, zipfile.BadZipFile, zlib.error)


def write_arrays(path: Path, arrays: Mapping[str, Array]) -> None:
    """Write `arrays` under their names; raises OutputError."""
    try:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, allowZip64=True) as file:
            for name, array in arrays.items():
                with file.open(zipfile.ZipInfo(name), "w", force_zip64=True) as member:  # dated 1980
                    np.lib.format.write_array(member, array, allow_pickle=False)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror or error})") from error


def read_arrays(path: Path, names: Iterable[str]) -> dict[str, Array]:
    """Return the arrays with these names; raises OSError if the file is not there or not whole."""
    try:
        with zipfile.ZipFile(path) as file:
            return {name: _array(file, name) for name in names}
    except _DAMAGE as error:
        raise OSError(f"{path} is damaged: {error}") from error


def _array(file: zipfile.ZipFile, name: str) -> Array:
    with file.open(name) as member:
        array: Array = np.lib.format.read_array(member, allow_pickle=False)
        member.read()  # to the end, where the checksum is compared
    return array


def packed(texts: Sequence[str]) -> tuple[Array, Array]:
    """Return the bytes of `texts` behind one another, and where each begins."""
    parts = [text.encode("utf-8", "surrogatepass") for text in texts]
    at = np.zeros(len(parts) + 1, dtype=np.int64)
    np.cumsum([len(part) for part in parts], out=at[1:])
    return np.frombuffer(b"".join(parts), dtype=np.uint8), at


def unpacked(text: Array, at: Array, numbers: Array) -> list[str]:
    """Return the texts with these numbers."""
    starts, ends = at[numbers].tolist(), at[numbers + 1].tolist()
    return [text[a:b].tobytes().decode("utf-8", "surrogatepass") for a, b in zip(starts, ends, strict=True)]


def grouped(owners: Array, values: Array, *, count: int) -> tuple[Array, Array]:
    """Return where the values of each of `count` owners begin, and all values, those of an owner sorted."""
    order = np.lexsort((values, owners))
    at = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(owners, minlength=count), out=at[1:])
    return at, values[order]
