"""Weight files: named arrays in a compressed .npz, read with every fault named."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.errors import ResourceError


def read_arrays(path: Path, *, writer: str) -> dict[str, NDArray[np.generic]]:
    """Return all arrays of a weight file; `writer` is the command that makes such files.

    Raises ResourceError for a file that is missing, damaged or of another kind.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            damaged = archive.testzip()
        if damaged:
            raise ValueError(f"{damaged} in it is damaged")
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (
        OSError,
        ValueError,
        EOFError,
        RuntimeError,
        SyntaxError,
        struct.error,
        zlib.error,
        zipfile.BadZipFile,
    ) as error:
        raise unusable(path, error, writer=writer) from error


def unusable(path: Path, error: Exception, *, writer: str) -> ResourceError:
    """Return the error that names a weight file with what is wrong in it."""
    return ResourceError(str(path), f"weights written by `{writer}` were expected ({error})")
