"""Entries into a corrections file: what stands there stays byte for byte, comments and order too.

A new entry goes to the end of the list. The file is replaced as a whole, so that a reader or a killed process never leaves
half of it; what would make it contradict itself is refused before that.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from kg.correct import positions
from kg.correct.load import Corrections, parse_corrections
from kg.correct.schema import Entry
from kg.errors import CorrectionsError, OutputError

if TYPE_CHECKING:
    from kg.vocabulary import Vocabulary

_BOM = b"\xef\xbb\xbf"
_HEAD = "# What people decided about the graph; kg build applies it, kg review adds to it.\n"


class CorrectionsFile:
    """A corrections file that may grow. Reads it again whenever something else has changed it.

    Raises CorrectionsError, when it is made and whenever the file has changed, for a file that cannot be used.
    """

    def __init__(self, path: Path, vocabulary: Vocabulary) -> None:
        self.path = path
        self._vocabulary = vocabulary
        self._before: list[tuple[bytes | None, bytes]] = []
        self._data = self._read()
        self._corrections = self._parsed(self._data)

    @property
    def corrections(self) -> Corrections:
        """What the file holds now."""
        data = self._read()
        if data != self._data:
            self._corrections = self._parsed(data)
            self._data = data
        return self._corrections

    def append(self, entries: Sequence[Entry]) -> None:
        """Write `entries` to the end of the list.

        Raises CorrectionsError when they contradict what stands there, and OutputError when the file cannot be written; it
        then stays as it was.
        """
        known = self.corrections
        before = self._data
        after = appended(before or b"", entries, file=str(self.path))
        corrections = self._parsed(after)
        said = [located.entry for located in corrections.entries]
        if said != [*(located.entry for located in known.entries), *entries]:
            raise CorrectionsError(
                str(self.path), "a list of entries in plain blocks was expected; add the entry by hand"
            )
        _replace(self.path, after)
        self._before.append((before, after))
        self._data, self._corrections = after, corrections

    def undo(self) -> bool:
        """Take back the last `append`; False when there is none, or when something else has changed the file since."""
        if not self._before or self._read() != self._before[-1][1]:
            return False
        before, _ = self._before.pop()
        if before is None:
            self.path.unlink()
        else:
            _replace(self.path, before)
        self._data = before
        self._corrections = self._parsed(before)
        return True

    def _read(self) -> bytes | None:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise CorrectionsError(
                str(self.path), f"a readable file was expected ({error.strerror})"
            ) from error

    def _parsed(self, data: bytes | None) -> Corrections:
        return parse_corrections(data or b"", self._vocabulary, file=str(self.path))


def appended(data: bytes, entries: Sequence[Entry], *, file: str) -> bytes:
    """Return the bytes of a corrections file with `entries` at the end of its list; all else is as it was.

    Raises CorrectionsError if the file is no YAML.
    """
    text = data.decode("utf-8-sig")
    newline = "\r\n" if "\r\n" in text else "\n"
    root = positions.compose(text, file=file)
    if isinstance(root, yaml.SequenceNode) and root.flow_style:
        at = root.end_mark.index - 1
        items = ", ".join(json.dumps(entry.content(), ensure_ascii=False) for entry in entries)
        comma = ", " if root.value and not text[:at].rstrip().endswith(",") else ""
        text = text[:at] + comma + items + text[at:]
    else:
        indent = " " * root.start_mark.column if isinstance(root, yaml.SequenceNode) else ""
        if not text:
            text = _HEAD
        elif not text.endswith("\n"):
            text += newline
        written = "".join(block(entry) for entry in entries)
        text += "".join(f"{indent}{line}{newline}" for line in written.splitlines())
    return (_BOM if data.startswith(_BOM) else b"") + text.encode()


def block(entry: Entry) -> str:
    """Return `entry` as an item of a YAML list.

    >>> from kg.correct.schema import Rename
    >>> print(block(Rename(rename={"name": "甲", "type": "Person"}, to="乙")), end="")
    - rename: {name: 甲, type: Person}
      to: 乙
    """
    content = entry.content()
    nested = any(isinstance(value, dict | list) for value in content.values())
    written: str = yaml.safe_dump(
        [content],
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=None if nested else False,  # None: what holds only words stands on one line
        width=math.inf,
    )
    return written


def _replace(path: Path, data: bytes) -> None:
    """Replace the file at `path` as a whole; a link stays a link, and permissions stay what they are."""
    target = path.resolve()
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if target.exists():
            shutil.copymode(target, partial)
        partial.replace(target)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror or error})") from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
