"""Names as they stand beside a node of the page."""

from __future__ import annotations

import unicodedata
from typing import Final

_LABEL_WIDTH: Final = 16
_LABEL_LINES: Final = 2


def label(name: str) -> str:
    r"""Return `name` as it stands beside a node: two lines at most, without invisible characters.

    >>> label("浙江省科创走廊合作对接会组织委员会办公室")
    '浙江省科创走廊合\n作对接会组织委…'
    """
    clean = "".join(c for c in name if unicodedata.category(c) not in ("Cf", "Cc", "Cs", "Zl", "Zp"))
    total = sum(map(width, clean))
    # Two lines of like length rather than a full one and a remainder.
    room = min(_LABEL_WIDTH, (total + 1) // _LABEL_LINES + 1) if total > _LABEL_WIDTH else _LABEL_WIDTH
    lines, line, filled = [], "", 0
    for character in clean:
        step = width(character)
        if filled + step > room:
            lines.append(line)
            line, filled = "", 0
        line += character
        filled += step
    lines.append(line)
    if len(lines) > _LABEL_LINES:
        lines = lines[:_LABEL_LINES]
        lines[-1] = lines[-1][: -1 if width(lines[-1][-1]) == 2 else -2] + "…"
    return "\n".join(lines)


def width(character: str) -> int:
    """Return how many half-width columns a character takes."""
    return 2 if unicodedata.east_asian_width(character) in "FWA" else 1
