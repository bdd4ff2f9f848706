"""Finding the graph that a command is asked about."""

from __future__ import annotations

import sys
from pathlib import Path

from kg.cli.streams import note
from kg.errors import InputError, UsageError
from kg.outputs import discrepancies


def graph_file(given: str) -> bytes:
    """Return the Turtle of `given`: a file, the folder of a build, or ``-``.

    Says on standard error when the folder is at odds with its manifest. Raises UsageError when there is no such file and
    InputError when it cannot be read.
    """
    if given == "-":
        return sys.stdin.buffer.read()
    path = Path(given)
    if path.is_dir():
        path /= "graph.ttl"
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise UsageError(
            f"{path}: no such file; a graph in Turtle was expected, as `kg build seeds/ -o out/` writes it to out/graph.ttl"
        ) from None
    except OSError as error:
        raise InputError(str(path), f"cannot be read ({error.strerror})") from error
    if path.name == "graph.ttl":
        for line in discrepancies(path.parent):
            note(f"{line}; build again to repair it")
    return data


def derived_file(given: str) -> Path:
    """Return the path of ``derived.ttl`` beside the graph `given`; raises UsageError when there is none."""
    if given == "-":
        raise UsageError("--derived takes derived.ttl beside a graph; standard input has no place beside it")
    path = Path(given)
    path = (path if path.is_dir() else path.parent) / "derived.ttl"
    if not path.is_file():
        raise UsageError(
            f"{path}: no such file; derived facts were expected there, as `kg build` writes them"
        )
    return path
