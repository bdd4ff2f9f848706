"""Questions on a terminal, one keystroke each; every answer is in the file before the next question is asked."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from kg.correct.questions import Question, settled
from kg.correct.write import CorrectionsFile
from kg.errors import CorrectionsError

KEYS: Final = {
    "a": "accept",
    "r": "reject",
    "s": "skip",
    "u": "undo",
    "q": "quit",
    "\x03": "quit",
    "\x04": "quit",
    "": "quit",
}
"""What the keys do; the end of input quits, too."""
HINT: Final = "[a] 接受 accept  [r] 拒绝 reject  [s] 跳过 skip  [u] 撤销 undo  [q] 退出 quit"


@dataclass(slots=True)
class Tally:
    """What a session decided."""

    accepted: int = 0
    rejected: int = 0
    skipped: int = 0
    trail: list[tuple[int, str]] = field(default_factory=list)


def ask(
    questions: Sequence[Question],
    file: CorrectionsFile,
    *,
    key: Callable[[], str],
    show: Callable[[str], None],
    width: int = 80,
    by: str = "",
) -> Tally:
    """Ask `questions` one by one and write the answers to `file`; return what was decided.

    `key` waits for a keystroke and returns it, an empty string at the end of input. `show` prints lines of at most `width`
    columns, in which a Chinese character takes two. `by` is noted in the entries. What has been settled since, by an answer
    to an earlier question, is passed over.
    """
    tally = Tally()
    number = 0
    while number < len(questions):
        question = questions[number]
        if settled(question, [located.entry for located in file.corrections.entries]):
            number += 1
            continue
        show(card(question, number + 1, len(questions), width))
        decision = _decision(key, show)
        if decision == "quit":
            break
        if decision == "undo":
            number = _undo(tally, file, show, number)
            continue
        if decision != "skip":
            entry = question.accept if decision == "accept" else question.reject
            try:
                file.append([entry.model_copy(update={"by": by}) if by else entry])
            except CorrectionsError as error:
                show(f"不能写入 · refused: {error}")
                continue
        tally.trail.append((number, decision))
        _count(tally, decision, 1)
        show(f"→ {decision}")
        number += 1
    return tally


def _decision(key: Callable[[], str], show: Callable[[str], None]) -> str:
    while True:
        pressed = key().lower()
        if pressed in KEYS:
            return KEYS[pressed]
        show(HINT)


def _undo(tally: Tally, file: CorrectionsFile, show: Callable[[str], None], number: int) -> int:
    """Take back the last answer and return the number of its question."""
    if not tally.trail:
        show("没有可撤销的 · nothing to undo")
        return number
    last, decision = tally.trail[-1]
    if decision != "skip" and not file.undo():
        show(f"{file.path} 已被改动 · has been changed since; edit it by hand")
        return number
    tally.trail.pop()
    _count(tally, decision, -1)
    show(f"← 撤销 · undone: {decision}")
    return last


def _count(tally: Tally, decision: str, by: int) -> None:
    match decision:
        case "accept":
            tally.accepted += by
        case "reject":
            tally.rejected += by
        case "skip":
            tally.skipped += by


def card(question: Question, number: int, total: int, columns: int) -> str:
    """Return a question as lines of at most so many columns.

    >>> columns_of("甲a")
    3
    """
    kinds = {
        "merged": "同一个吗？已合并 · one thing? They were merged",
        "apart": "同一个吗？未合并 · one thing? They were kept apart",
        "statement": "是否如此？· is this so?",
    }
    title = f"{number}/{total}  {kinds[question.kind]}"
    title += f"  {question.confidence}" if question.confidence else ""
    arrow = f"{question.one}  —{question.relation}→  {question.other}"
    said = arrow if question.kind == "statement" else f"{question.one}  =  {question.other}"
    lines = ["", "─" * max(1, columns - 1), *_wrapped(title, columns), *_wrapped(said, columns, "  ")]
    for quote in question.quotes:
        lines += _wrapped(f"“{quote.text}”", columns, "    ") if quote.text else []
        lines += _wrapped(quote.place, columns, "      ")
    lines += _wrapped(question.why, columns, "  ∵ ")
    return "\n".join([*lines, *_wrapped(HINT, columns)])


def columns_of(text: str) -> int:
    """Return the columns that `text` takes on a terminal: two for a wide character, none for a combining one."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def _wrapped(text: str, columns: int, indent: str = "") -> Iterator[str]:
    """Yield `text` in lines of at most `columns`, indented; control characters, which could steer a terminal, are shown."""
    line = indent
    for c in "".join(c if c.isprintable() else "�" for c in text):
        if columns_of(line + c) > max(columns, columns_of(indent) + 2):
            yield line.rstrip()
            line = " " * columns_of(indent)
        line += c
    yield line.rstrip()
