"""Which prepared graphs are being served: their folders are not removed when a later graph takes their place."""

from __future__ import annotations

import os
import weakref
from pathlib import Path
from typing import Final

IN_USE: Final = "in-use"


def keep(folder: Path, holder: object) -> None:
    """Hold `folder` for as long as `holder` lives; the operating system lets go when the process ends, however it ends."""
    try:
        descriptor = os.open(folder / IN_USE, os.O_RDONLY)
    except FileNotFoundError:
        return
    weakref.finalize(holder, os.close, descriptor)
    _lock(descriptor, shared=True)


def is_kept(folder: Path) -> bool:
    """Return whether a process holds `folder`."""
    try:
        descriptor = os.open(folder / IN_USE, os.O_RDONLY)
    except OSError:
        return False
    try:
        return not _lock(descriptor, shared=False)
    finally:
        os.close(descriptor)


def _lock(descriptor: int, *, shared: bool) -> bool:
    """Return whether the lock could be had. Where there is none of this kind, open files cannot be removed anyway."""
    try:
        import fcntl
    except ImportError:  # not a POSIX system
        return True
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
