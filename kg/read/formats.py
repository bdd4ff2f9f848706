"""The formats that can be read, as one table: a new format is a new row.

Each format says which file names it claims and what its content looks like (for standard input and for files
without a telling name). The last row takes whatever no other row claims.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kg.errors import InputError
from kg.model import Source
from kg.read.plain import read_plain
from kg.read.records import looks_like_records, read_records

Reader = Callable[[bytes, str], Iterator[Source | InputError]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One readable format: `suffixes` of file names (lower case), `sniff` for content, `read` for raw bytes and id."""

    name: str
    suffixes: tuple[str, ...]
    sniff: Callable[[bytes], bool]
    read: Reader


FORMATS: tuple[Format, ...] = (
    Format(
        name="JSON Lines",
        suffixes=(".jsonl", ".ndjson", ".jsonlines"),
        sniff=looks_like_records,
        read=read_records,
    ),
    Format(name="plain text", suffixes=(".txt", ".text"), sniff=lambda _: True, read=read_plain),
)


def format_of(raw: bytes, suffix: str) -> Format:
    """Return the format of some content: by its file suffix where that is known, else by what it looks like."""
    for known in FORMATS:
        if suffix.lower() in known.suffixes:
            return known
    return next(known for known in FORMATS if known.sniff(raw))
