"""Text from the news as text in Markdown: what looks like markup is shown, not obeyed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~!&$^])")
_AT_START = re.compile(r"^(\d*)([-+=.)])")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def escaped(text: str) -> str:
    r"""Return `text` on one line with all markup escaped; line breaks between Chinese characters are dropped.

    >>> escaped("云岭*大学*\n签约")
    '云岭\\*大学\\*签约'
    >>> escaped("Yunling\nUniversity|1. item")
    'Yunling University\\|1. item'
    >>> escaped("1. 云岭"), escaped("- 云岭")
    ('1\\. 云岭', '\\- 云岭')
    """
    text = re.sub(r"(?<=[!-~])\s+(?=[!-~])", " ", text.strip())
    text = re.sub(r"\s*[\r\n]+\s*", "", text)
    text = _UNSEEN.sub(" ", text)
    text = _MARKUP.sub(r"\\\1", text)
    return _AT_START.sub(r"\1\\\2", text)


def table(header: Sequence[str], rows: Iterable[Sequence[str | int | float]]) -> str:
    """Return a Markdown table; the cells are escaped already. Columns of numbers are set flush right."""
    body = [[str(cell) for cell in row] for row in rows]
    numeric = [bool(body) and all(_is_number(row[i]) for row in body) for i in range(len(header))]
    rule = ["---:" if right else "---" for right in numeric]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (list(header), rule, *body)) + "\n"


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"\d+(?:\.\d+)?", cell) is not None
