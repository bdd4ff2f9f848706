"""A folder of outputs that is replaced as a whole, with a manifest of digests written last.

Every file is first written in full under a temporary name in the same folder; only when all of them are on the disk are
they moved into place. A full disk or a killed process therefore leaves the earlier files as they were. Should a process
die in the middle of the moves, then the manifest tells: `discrepancies` names the files that it does not describe.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kg.errors import OutputError

MANIFEST = "manifest.json"
_PARTIAL = ".partial"
_STALE = re.compile(rf"\..+\.[0-9]+{re.escape(_PARTIAL)}")
"""What this module calls a file that is not complete: a name and the number of a process."""


def digest(data: bytes) -> str:
    """Return the SHA-256 of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def publish(folder: Path, files: Mapping[str, bytes], *, about: Mapping[str, Any]) -> None:
    """Replace the outputs in `folder` by `files` and a manifest that holds `about` and their digests.

    Outputs of earlier builds that are not among `files` are removed: those that their manifests describe.
    Raises OutputError when something cannot be written; what stood there before is then whole.
    """
    described = {name: {"sha256": digest(data), "bytes": len(data)} for name, data in sorted(files.items())}
    manifest = json.dumps({**about, "outputs": described}, ensure_ascii=False, indent=2) + "\n"
    complete = [*sorted(files.items()), (MANIFEST, manifest.encode())]
    written: list[tuple[Path, Path]] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in complete:
            partial = folder / f".{name}.{os.getpid()}{_PARTIAL}"
            written.append((partial, folder / name))
            _write(partial, data)
        former = _described(folder) - set(files)
        for partial, final in written[:-1]:  # the manifest is the last
            partial.replace(final)
        for name in sorted(former):
            (folder / name).unlink(missing_ok=True)
        for partial, final in written[-1:]:
            partial.replace(final)
        _clear(folder)
    except OSError as error:
        place = error.filename or folder
        raise OutputError(
            f"{place}: cannot be written ({error.strerror or error}); make room or choose another folder with -o"
        ) from error
    finally:
        for partial, _ in written:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _clear(folder: Path) -> None:
    """Remove what killed processes left behind."""
    for stale in folder.glob(f".*{_PARTIAL}"):
        if _STALE.fullmatch(stale.name):
            stale.unlink(missing_ok=True)


def _described(folder: Path) -> set[str]:
    """Return the names of the files that manifests in `folder` describe, also those of builds that were killed."""
    found: set[str] = set()
    for path in (folder / MANIFEST, *folder.glob(f".{MANIFEST}.*{_PARTIAL}")):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            names = json.loads(path.read_bytes())["outputs"]
            found |= {name for name in names if Path(name).name == name and name not in ("", MANIFEST)}
    return found


def discrepancies(folder: Path) -> tuple[str, ...]:
    """Return what is at odds with the manifest of `folder`, one line each; nothing when there is no manifest."""
    try:
        recorded = json.loads((folder / MANIFEST).read_bytes())["outputs"]
        wanted = {name: entry["sha256"] for name, entry in recorded.items()}
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return (f"{folder / MANIFEST}: not a readable manifest ({type(error).__name__})",)
    found = []
    for name, expected in wanted.items():
        path = folder / name
        try:
            actual = digest(path.read_bytes())
        except OSError as error:
            found.append(f"{path}: cannot be read ({error.strerror})")
            continue
        if actual != expected:
            found.append(f"{path}: is not the file that {MANIFEST} describes")
    return tuple(found)
