"""Questions as a table for a pipe or a spreadsheet, and the answers read back from its `decision` column."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from kg.correct.questions import Question
from kg.errors import UsageError

COLUMNS: Final = (
    "id",
    "decision",
    "kind",
    "confidence",
    "one",
    "relation",
    "other",
    "articles",
    "evidence",
    "why",
    "note",
)
"""`decision` and `note` are for the person to fill in; `id` says which question a row is."""

WORDS: Final = {
    "accept": ("accept", "a", "yes", "y", "接受", "是", "对"),
    "reject": ("reject", "r", "no", "n", "拒绝", "否", "错"),
    "": ("", "skip", "s", "跳过"),
}
"""What may stand in the column `decision`, whatever the case; nothing decides nothing."""

_FORMULA: Final = tuple("=+-@\t")


class Answer(NamedTuple):
    """A row of a table that decides something: its number in the file, from 1, and the reason given."""

    row: int
    id: str
    decision: str
    note: str


class Refusal(NamedTuple):
    """A row that cannot be used, and why."""

    row: int
    said: str


def as_tsv(asked: Iterable[Question]) -> str:
    """Return `asked` as tab-separated values with a header, one row per question."""
    out = io.StringIO()
    writer = csv.writer(out, dialect="excel-tab", lineterminator="\n")
    writer.writerow(COLUMNS)
    for question in asked:
        row = _row(question)
        writer.writerow([_cell(row[name]) for name in COLUMNS])
    return out.getvalue()


def as_json(asked: Iterable[Question]) -> str:
    """Return `asked` as a JSON array, with the entries that each answer would write."""
    records: list[dict[str, Any]] = [
        {
            "id": q.id,
            "kind": q.kind,
            "one": q.one,
            "relation": q.relation,
            "other": q.other,
            "confidence": float(q.confidence) if q.confidence else None,
            "why": q.why,
            "evidence": [
                {
                    "text": quote.text,
                    "source": quote.source,
                    "article": quote.article,
                    "title": quote.title,
                    "published": quote.published,
                    "start": quote.start,
                }
                for quote in q.quotes
            ],
            "accept": q.accept.content(),
            "reject": q.reject.content(),
        }
        for q in asked
    ]
    return json.dumps(records, ensure_ascii=False, indent=2) + "\n"


def _row(question: Question) -> dict[str, str]:
    return {
        "id": question.id,
        "decision": "",
        "kind": question.kind,
        "confidence": question.confidence,
        "one": question.one,
        "relation": question.relation if question.kind == "statement" else "same thing?",
        "other": question.other,
        "articles": " | ".join(dict.fromkeys(quote.place for quote in question.quotes)),
        "evidence": " | ".join(f"“{quote.text}”" for quote in question.quotes if quote.text),
        "why": question.why,
        "note": "",
    }


def _cell(value: str) -> str:
    """Return `value` on one line, and so that no spreadsheet takes it for a formula."""
    flat = " ".join(value.split())
    return f"'{flat}" if flat.startswith(_FORMULA) else flat


def answers(data: bytes, *, file: str) -> tuple[list[Answer], list[Refusal]]:
    """Return the decisions in a table, and the rows that cannot be used.

    The table is what :func:`as_tsv` wrote, with other columns, another order or separator (tab, comma, semicolon) or in
    UTF-16, as spreadsheets save it. Raises UsageError for what is no such table.
    """
    rows = list(_rows(_text(data, file=file)))
    if not rows or not {"id", "decision"} <= set(rows[0]):
        raise UsageError(
            f"{file}: a table with the columns id and decision was expected, as kg review writes it"
        )
    where = {name: rows[0].index(name) for name in ("id", "decision", "note") if name in rows[0]}
    found: list[Answer] = []
    refused: list[Refusal] = []
    seen: dict[str, Answer] = {}
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        cells = {name: row[at].strip() if at < len(row) else "" for name, at in where.items()}
        decision = next((d for d, words in WORDS.items() if cells["decision"].casefold() in words), None)
        if decision is None:
            said = f"decision {cells['decision']!r}: accept, reject or nothing was expected"
            refused.append(Refusal(number, said))
        elif decision:
            answer = Answer(number, cells["id"], decision, cells.get("note", ""))
            earlier = seen.setdefault(answer.id, answer)
            if earlier.decision != decision:
                refused.append(
                    Refusal(number, f"row {earlier.row} says {earlier.decision} to the same question")
                )
            elif earlier is answer:
                found.append(answer)
    return found, refused


def _text(data: bytes, *, file: str) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: a table in UTF-8 or UTF-16 was expected") from error


def _rows(text: str) -> Iterable[Sequence[str]]:
    header = text.partition("\n")[0]
    separator = max("\t,;", key=header.count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)
