"""The lines of a page put together: paragraphs, headlines, bylines and captions, in the order of the text flow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from kg.split.credits import is_byline, is_caption, trailing_credit
from kg.split.furniture import furniture_of
from kg.split.lines import Line

Kind = Literal["head", "byline", "caption", "body"]

START = re.compile(
    r"^[【（(]?(?:本报讯|本网讯|本刊讯|新华社|中新社|中新网|人民网|本报(?!记者|通讯员)[\u4e00-\u9fff]{2,6}讯(?!员)|[\u4e00-\u9fff]{2,6}(?:日报|晚报|时报|商报|网)讯(?!员)|"
    r"[\u4e00-\u9fff]{2,8}\d{1,2}月\d{1,2}日电)"
)
CONTINUED = re.compile(r"^[（(](?:紧接|上接)[^）)]{1,12}[）)]")
CONTINUES = re.compile(r"[（(](?:下转|转)[^）)]{1,12}[）)]$")
_NAMES_AT_END = re.compile(
    r"[。！？”](?:\s*[（(](?:[\u4e00-\u9fff]{2,3}[\s、]*){1,4}[）)]|\s+[\u4e00-\u9fff]{2,3}(?:\s+[\u4e00-\u9fff]{2,3}){0,4})\s*$"
)
_SIGNED_BEFORE_CAPTION = re.compile(r"[。！？”]\s*本报记者\s*[\u4e00-\u9fff\s]{2,12}?(?:图为|图[①-⑩：:])")
_COMMA = re.compile(r"[，、；,;]")
_WIDEST_HEAD = 34.0
_FULL = 0.9


@dataclass(slots=True)
class Block:
    """Lines with one function that stand together. `text` has no white space."""

    kind: Kind
    lines: list[Line]

    @property
    def text(self) -> str:
        """The characters of the block."""
        return "".join(line.solid for line in self.lines)

    @property
    def starts(self) -> bool:
        """Whether the block opens an article beyond doubt."""
        return bool(START.match(self.text) or CONTINUED.match(self.text))

    @property
    def ends(self) -> bool:
        """Whether the block closes an article, or its part on this page, beyond doubt."""
        last = self.lines[-1]
        if (
            len(self.lines) == 1
            and START.match(last.solid)
            and len(last.solid) < 30
            and not last.ends_sentence
        ):
            return False  # 本报讯 记者某某报道
        return bool(
            trailing_credit(last.text) is not None
            or _NAMES_AT_END.search(last.text)
            or CONTINUES.search(last.solid)
            or _SIGNED_BEFORE_CAPTION.search(last.text)
        )

    @property
    def open(self) -> bool:
        """Whether the block breaks off inside a sentence."""
        return (
            not self.ends
            and not self.lines[-1].ends_sentence
            and not self.lines[-1].solid.endswith(("：", ":"))
        )


def blocks_of(lines: Sequence[Line]) -> list[Block]:
    """Return the blocks of a page without its furniture."""
    furniture = furniture_of(lines)
    kept = [line for k, line in enumerate(lines) if k not in furniture]
    upright = _upright(kept)
    columns = _columns(kept)
    blocks: list[Block] = []
    for k, line in enumerate(kept):
        kind = "head" if k in upright else _kind(kept, k, columns[k], blocks[-1] if blocks else None)
        last = blocks[-1] if blocks else None
        if last and last.kind == kind and _goes_on(last, line, kind, k in upright):
            last.lines.append(line)
        else:
            blocks.append(Block(kind, [line]))
    return _captioned(blocks)


def _upright(lines: Sequence[Line]) -> frozenset[int]:
    """Return the lines of headlines that are set upright, one character (or one number) in a line."""
    found: set[int] = set()
    start = 0
    for k in range(len(lines) + 1):
        if (
            k < len(lines)
            and (len(lines[k].solid) <= 2 or lines[k].solid.isdigit())
            and not lines[k].ends_sentence
        ):
            continue
        if k - start >= 4:
            found.update(range(start, k))
        start = k + 1
    return frozenset(found)


def _columns(lines: Sequence[Line]) -> list[float]:
    """Return for every line how wide its column is, from the widest lines near it that stand close together."""
    widths = [line.width for line in lines]
    columns = []
    for k in range(len(lines)):
        near = sorted(
            widths[j]
            for j in range(max(0, k - 8), min(len(lines), k + 9))
            if j != k
            and widths[j] > 8
            and (not lines[j].blank or (j + 1 < len(lines) and not lines[j + 1].blank))
        )
        columns.append(near[len(near) * 6 // 10] if len(near) >= 4 else 60.0)
    return columns


def _kind(lines: Sequence[Line], k: int, column: float, last: Block | None) -> Kind:
    line = lines[k]
    if START.match(line.solid) or CONTINUED.match(line.solid):
        return "body"
    if is_caption(line.solid):
        return "caption"
    if is_byline(line.solid):
        return "byline"
    if line.width > _WIDEST_HEAD:
        return "body"
    if line.solid.startswith(("——", "--")) and (last is None or last.kind == "head"):
        return "head"
    if line.solid[-1] in "。；，、：;,:”’" and (line.solid[-1] not in "”’" or "。" in line.solid):
        return "body"
    if (
        re.search("[。；]", line.solid)
        or trailing_credit(line.text) is not None
        or CONTINUES.search(line.solid)
    ):
        return "body"
    following = lines[k + 1] if k + 1 < len(lines) else None
    opens = following is not None and (bool(START.match(following.solid)) or is_byline(following.solid))
    wraps = column <= 30
    if last is not None and last.kind == "body" and last.open and not (opens and line.width < _FULL * column):
        if not wraps:
            return (
                "body"
                if not line.blank
                else "head"
                if last.lines[-1].width > 34 and line.width < 20
                else "body"
            )
        if last.lines[-1].width >= _FULL * column or line.width >= _FULL * column:
            return "body"  # the paragraph runs on from a full line
    if opens:
        return "head"
    runs_on = following is not None and not following.blank and following.width >= 0.8 * column
    if wraps and runs_on and (line.width >= 0.85 * column or "，" in line.solid):
        return "body"
    if wraps and line.width >= 0.93 * column and (not line.blank or following is None or not following.blank):
        return "body"
    if wraps and 0.93 * column <= line.width <= 1.1 * column and _COMMA.search(line.solid):
        return "body"  # a column breaks behind the first line of a paragraph
    if line.ends_sentence and not line.blank:
        return "body"
    return "head"


def _goes_on(last: Block, line: Line, kind: Kind, upright: bool) -> bool:
    if kind == "head":
        if upright or len(last.lines[-1].solid) <= 2:
            return upright and (not line.blank or last.text.isdigit())
        return False
    if kind != "body" or START.match(line.solid) or CONTINUED.match(line.solid) or last.ends:
        return False
    if not line.blank:
        return True
    return last.open


def _captioned(blocks: list[Block]) -> list[Block]:
    """Make the line above the credit of a picture its caption."""
    for above, below in pairwise(blocks):
        if below.kind == "caption" and above.kind == "head" and len(below.text) <= 16:
            above.kind = "caption"
    return blocks
