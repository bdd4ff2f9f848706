"""``kg review``: what a build is unsure of, for a person to decide."""

from __future__ import annotations

import argparse
import os
import select
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kg.cli.streams import DONE, SOME_FAILED, note, out
from kg.errors import CorrectionsError, UsageError

if TYPE_CHECKING:
    from kg.correct.questions import Question
    from kg.correct.table import Answer, Refusal
    from kg.correct.write import CorrectionsFile

HELP = "decide what a build is unsure of; the next build honours it"
EXAMPLES = """examples:
  kg review out/                          one keystroke per question (on a terminal)
  kg review out/ > questions.tsv          the same as a table (for a pipe or a spreadsheet)
  kg review out/ --apply questions.tsv    the table again, its column decision filled in with accept or reject
  kg review out/ --kind statement --format json
  kg review --schema                      what may stand in corrections.yaml, as JSON Schema

Asked are merges across articles for weak reasons (merged), things that were nearly merged (apart), and statements below
the threshold of the build or just above it (statement). The decisions are written to out/corrections.yaml, which
kg build -o out/ applies; comments and order stay. It is a list of entries that can be written by hand as well:

  - merge: [云岭科技, 云岭科技有限公司]                        these are one
  - keep_apart: [{name: 王刚, article: a.txt}, {name: 王刚, article: b.txt}]
  - rename: 石榴大学                                          what articles call it stays as alias
    to: 石榴师范大学
  - retype: {name: 高新区, type: Place}                       to: a class or subtype of kg ontology
    to: Government
  - drop: 本报讯                                              a thing with all its statements
  - drop: {subject: 王刚, predicate: hosts, object: 云岭论坛, article: a.txt}
  - accept: {subject: 云岭科技, predicate: hosts, object: 云岭论坛}
  - add: {subject: 云岭大学, predicate: locatedIn, object: 清河市}
    quote: 位于清河市的云岭大学                                words of an article, or
    # source: {title: …, publisher: …, date: …, url: …}       something outside of the articles
  - block: hosts.list                                         what this rule finds does not count
    article: a.txt                                            (everywhere without article)

An article is named by its source (page.txt, page.txt#2), its headline or the SHA-256 of its text. Every entry may carry
reason: and by:. Without effect is what no article names any more; kg build says so and goes on.
"""
KINDS = ("merged", "apart", "statement")
FORMATS = ("tsv", "json")


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("folder", nargs="?", type=Path, metavar="OUT", help="the folder of a build")
    parser.add_argument(
        "--corrections",
        type=Path,
        metavar="FILE",
        help="the file of decisions (default: OUT/corrections.yaml); give it to kg build as well",
    )
    parser.add_argument(
        "--kind",
        action="append",
        choices=KINDS,
        default=[],
        help="ask only for this; may be given several times",
    )
    parser.add_argument(
        "--margin",
        type=float,
        default=0.1,
        metavar="M",
        help="how far above the threshold a statement is still asked about (default: 0.1)",
    )
    parser.add_argument("--limit", type=int, metavar="N", help="ask only the first N questions")
    parser.add_argument("--by", default="", metavar="NAME", help="note who decides in the entries")
    parser.add_argument(
        "--format", choices=FORMATS, help="a table instead of asking (default without a terminal: tsv)"
    )
    parser.add_argument(
        "--apply", metavar="TABLE", help="take the decisions of a table; - for standard input"
    )
    parser.add_argument("--schema", action="store_true", help="print the JSON Schema of a corrections file")
    parser.add_argument(
        "--resources", type=Path, metavar="DIR", help="the folder that the build was given, if any"
    )


def run(args: argparse.Namespace) -> int:
    """Ask, list or apply."""
    if args.schema:
        from kg.correct.schema import json_schema

        out(json_schema())
        return DONE
    if args.folder is None:
        raise UsageError("the folder of a build was expected, such as out/")
    if args.margin < 0 or (args.limit is not None and args.limit < 0):
        raise UsageError("--margin and --limit are not negative")
    from kg.correct.load import NAME
    from kg.correct.questions import Build, open_questions, questions
    from kg.correct.table import as_json, as_tsv
    from kg.correct.write import CorrectionsFile
    from kg.outputs import discrepancies
    from kg.vocabulary import load_vocabulary

    for said in discrepancies(args.folder):
        note(f"{said}; build again")
    vocabulary = load_vocabulary(args.resources)
    asked = questions(Build(args.folder), vocabulary, margin=args.margin, kinds=args.kind)
    file = CorrectionsFile(args.corrections or args.folder / NAME, vocabulary)
    if args.apply is not None:
        return _apply(args.apply, asked, file, by=args.by)
    still_open = list(open_questions(asked, [e.entry for e in file.corrections.entries]))[: args.limit]
    if args.format is None and sys.stdin.isatty() and sys.stdout.isatty():
        return _ask(still_open, file, by=args.by)
    out(as_json(still_open) if args.format == "json" else as_tsv(still_open))
    return DONE


def _ask(asked: list[Question], file: CorrectionsFile, *, by: str) -> int:
    from kg.correct.prompt import ask

    if not asked:
        note("nothing is open to question")
        return DONE
    with _keys() as key:
        width = shutil.get_terminal_size().columns
        tally = ask(asked, file, key=key, show=lambda text: out(text + "\n"), width=width, by=by)
    note(f"{tally.accepted} accepted, {tally.rejected} rejected, {tally.skipped} skipped")
    if tally.accepted or tally.rejected:
        note(f"written to {file.path}; build again for it to count")
    return DONE


@contextmanager
def _keys() -> Iterator[Callable[[], str]]:
    """Give single keystrokes as long as it lasts; the terminal is afterwards as it was before."""
    try:
        import termios
        import tty
    except ImportError as error:  # no such terminal on this system
        raise UsageError(
            "single keystrokes cannot be read here; use --format tsv and --apply instead"
        ) from error
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)

    def key() -> str:
        pressed = os.read(descriptor, 1)
        if pressed == b"\x1b" or pressed > b"\x7f":
            # an arrow key or a Chinese character sends several bytes; none of them is meant as a letter
            while select.select([descriptor], [], [], 0.02)[0]:
                os.read(descriptor, 1)
            return "?"
        return pressed.decode()

    try:
        tty.setcbreak(descriptor, termios.TCSADRAIN)  # what was typed ahead counts
        yield key
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def _apply(table: str, asked: list[Question], file: CorrectionsFile, *, by: str) -> int:
    """Write the decisions of a table; name every row that cannot be used."""
    from kg.correct.questions import settled
    from kg.correct.table import Refusal, answers

    try:
        data = sys.stdin.buffer.read() if table == "-" else Path(table).read_bytes()
    except OSError as error:
        raise UsageError(f"{table}: a readable table was expected ({error.strerror})") from error
    given, refused = answers(data, file=table)
    known = {question.id: question for question in asked}
    new: list[tuple[Answer, Question]] = []
    entries = [located.entry for located in file.corrections.entries]
    for answer in given:
        question = known.get(answer.id)
        if question is None:
            refused.append(
                Refusal(answer.row, f"no question has the id {answer.id!r}; was it built again since?")
            )
            continue
        before = settled(question, entries)
        if before is None:
            new.append((answer, question))
        elif before != answer.decision:
            refused.append(Refusal(answer.row, f"{file.path} already has {before} for it; edit it there"))
    written = _written(new, file, by, refused)
    for row, said in sorted(refused):
        note(f"{table}, row {row}: {said}")
    note(
        f"{written} decisions written to {file.path}, {len(refused)} rows refused; build again for them to count"
    )
    return SOME_FAILED if refused else DONE


def _written(
    new: list[tuple[Answer, Question]], file: CorrectionsFile, by: str, refused: list[Refusal]
) -> int:
    """Write all at once, or one by one where they contradict each other; return how many were written."""
    from kg.correct.table import Refusal

    entries = []
    for answer, question in new:
        entry = question.accept if answer.decision == "accept" else question.reject
        entries.append(entry.model_copy(update={"reason": answer.note, "by": by}))
    if not entries:
        return 0
    try:
        file.append(entries)
    except CorrectionsError:
        written = 0
        for (answer, _), entry in zip(new, entries, strict=True):
            try:
                file.append([entry])
            except CorrectionsError as error:
                refused.append(Refusal(answer.row, str(error)))
            else:
                written += 1
        return written
    return len(entries)
