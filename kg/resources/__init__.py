"""Data that ships with the package (lexicons, frames, questions, templates, weights) and the one loader.

A lexicon is a UTF-8 file ``lexicons/NAME.tsv``: a header of ``#`` lines that names columns, source and licence, then one
entry per line with tab-separated fields, sorted by code point, without duplicates. A user's ``--resources`` folder may hold
files of the names in `EXTENSIBLE`; their entries are added to the shipped ones.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

from kg.errors import ResourceError

ROOT = Path(__file__).parent
EXTENSIBLE = ("gazetteer", "heads", "name_endings", "surnames", "triggers")
"""Lexicons that a user's folder can add to; the others are facts about the language that the program is built around."""


def check_folder(extra: Path) -> None:
    """Raise ResourceError for a lexicon or frame file of a user's folder whose name nothing reads."""
    for path in sorted((extra / "lexicons").glob("[!.]*")):
        if path.suffix != ".tsv" or path.stem not in EXTENSIBLE:
            known = ", ".join(f"{name}.tsv" for name in EXTENSIBLE)
            raise ResourceError(str(path), f"no such lexicon can be added to; those that can are {known}")
    for path in sorted((extra / "frames").glob("[!.]*")):
        if path.suffix != ".yaml":
            raise ResourceError(str(path), "frames are read from files whose names end in .yaml")


def lexicon_rows(name: str, *, extra: Path | None = None) -> tuple[tuple[str, ...], ...]:
    """Return the rows of the lexicon `name`, those of the folder `extra` (a user's resources) behind the shipped ones.

    Raises ResourceError with file and line for an unreadable file, a row that is not in Unicode normal form C, has stray
    white space or stands twice, and for shipped rows out of order.
    """
    rows: list[tuple[str, ...]] = []
    for folder, ordered in ((ROOT, True), (extra, False)):
        if folder is None:
            continue
        path = folder / "lexicons" / f"{name}.tsv"
        if path.exists() or ordered:
            rows += _read(path, ordered=ordered)
    return tuple(dict.fromkeys(rows))


def _read(path: Path, *, ordered: bool) -> list[tuple[str, ...]]:
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ResourceError(str(path), f"a readable UTF-8 lexicon was expected ({error})") from error
    rows: list[tuple[str, ...]] = []
    previous = ""
    for number, line in enumerate(text.split("\n"), 1):
        if not line or line.startswith("#"):
            continue
        if unicodedata.normalize("NFC", line) != line:
            raise ResourceError(str(path), "Unicode normal form C was expected", line=number)
        fields = tuple(line.split("\t"))
        if any(field != field.strip() for field in fields) or not fields[0]:
            raise ResourceError(str(path), "fields without outer white space were expected", line=number)
        if line == previous or (ordered and line < previous):
            raise ResourceError(
                str(path), f"sorted, distinct rows were expected; {fields[0]!r} breaks that", line=number
            )
        previous = line
        rows.append(fields)
    return rows
