"""kg review: questions as a table and back, and on a terminal with one keystroke each."""

import csv
import io
import json
import os
import pty
import select
import shutil
import subprocess
import sys
import time

import pytest
from corrected_news import DOUBT, NEWS, build, write
from hypothesis import given
from hypothesis import strategies as st

from kg.cli.main import run
from kg.correct.prompt import card, columns_of
from kg.correct.questions import Question, Quote
from kg.correct.schema import Accept, DropStatement, Rename
from kg.correct.table import COLUMNS, answers
from kg.correct.write import appended
from kg.settings import MIN_CONFIDENCE

FORUM = "event:云岭论坛"
CHAIRMEN = ("person:王刚（星河汽车有限公司）", "person:王刚（青禾科技有限公司）")


@pytest.fixture(scope="session")
def reviewed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("review")
    write(folder / "news", NEWS)
    build(folder)
    return folder


@pytest.fixture
def folder(reviewed, tmp_path):
    return shutil.copytree(reviewed, tmp_path / "copy")


def review(folder, *words, stdin=b""):
    """Return exit code, output and messages of kg review in a pipe."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        code = run(["review", "out", *words])
    return code, out.buffer.getvalue().decode(), err.getvalue()


def table(folder, *words):
    code, out, err = review(folder, *words)
    assert (code, err) == (0, "")
    return list(csv.DictReader(io.StringIO(out), dialect="excel-tab"))


def filled(rows, *decisions, delimiter="\t"):
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, delimiter=delimiter)
    writer.writeheader()
    for row, decision in zip(rows, decisions, strict=True):
        writer.writerow({**row, "decision": decision})
    return out.getvalue()


def written(folder):
    path = folder / "out" / "corrections.yaml"
    return path.read_text(encoding="utf-8") if path.exists() else None


# ---------------------------------------------------------------- as a table


def test_the_table_asks_with_names_articles_and_evidence(folder):
    namesakes, attends = table(folder)
    assert (namesakes["kind"], namesakes["one"], namesakes["other"]) == ("apart", "王刚", "王刚")
    assert "news/a.txt" in namesakes["articles"]
    assert "news/c.txt" in namesakes["articles"]
    assert "青禾科技有限公司董事长王刚出席签约仪式" in namesakes["evidence"]
    assert (attends["kind"], attends["one"], attends["relation"], attends["other"]) == (
        "statement",
        "赵敏",
        "参加",
        "云岭论坛",
    )
    assert attends["evidence"] == "“青禾集团总经理赵敏参加云岭论坛”"
    assert attends["why"] == "attend.there"
    assert float(attends["confidence"]) == DOUBT


def test_the_nearest_to_the_threshold_come_first(folder):
    rows = [float(row["confidence"]) for row in table(folder, "--margin", "0.4", "--kind", "statement")]
    assert len(rows) == 13
    assert rows == sorted(rows, key=lambda c: abs(c - MIN_CONFIDENCE))
    assert len(table(folder, "--margin", "0.4", "--limit", "3")) == 3


def test_json_shows_what_the_answers_would_write(folder):
    code, out, _ = review(folder, "--format", "json", "--kind", "statement")
    assert code == 0
    (question,) = json.loads(out)
    assert question["accept"]["accept"] == question["reject"]["drop"]
    assert question["accept"]["accept"] == {
        "subject": {"name": "赵敏", "type": "Person"},
        "predicate": "participatesIn",
        "object": {"name": "云岭论坛", "type": "Event"},
        "article": {"source": "news/d.txt", "title": "云岭大学设立研究院"},
        "modality": "stated",
    }
    start = NEWS["d.txt"].index("青禾集团总经理")
    assert question["evidence"][0]["start"] == start


def test_decisions_of_a_table_count_in_the_next_build(folder, capsys):
    rows = table(folder)
    (folder / "t.tsv").write_text(filled(rows, "accept", "accept"), encoding="utf-8")
    code, _, err = review(folder, "--apply", "t.tsv", "--by", "李四")
    assert code == 0, err
    assert "2 decisions written to out/corrections.yaml, 0 rows refused" in err
    graph = build(folder)
    assert len(graph.things.keys() & set(CHAIRMEN)) == 1
    attends = graph.of("person:赵敏（青禾集团）", "participatesIn", FORUM)
    assert (attends.confidence, attends.flat) == (1.0, True)
    assert "without effect:" not in capsys.readouterr().err
    assert written(folder).count("by: 李四") == 2
    assert table(folder) == []


def test_rejected_statements_go_and_namesakes_stay_two(folder, capsys):
    before = build(folder)
    rows = table(folder)
    code, _, _ = review(folder, "--apply", "-", stdin=filled(rows, "否", "reject").encode())
    assert code == 0
    graph = build(folder)
    attends = before.of("person:赵敏（青禾集团）", "participatesIn", FORUM)
    assert graph.said == before.without(attends)
    assert graph.things == before.things
    assert "without effect:" not in capsys.readouterr().err
    assert table(folder) == []


def test_what_was_decided_is_not_asked_again_before_the_next_build(folder):
    rows = table(folder)
    review(folder, "--apply", "-", stdin=filled(rows, "accept", "").encode())
    assert [row["kind"] for row in table(folder)] == ["statement"]


def test_entries_by_hand_settle_questions_too(folder):
    (folder / "out" / "corrections.yaml").write_text(
        "- keep_apart: [{name: 王刚, article: news/a.txt}, {name: 王刚, article: 云岭论坛举行}]\n"
        "- accept: {subject: 赵敏, predicate: participatesIn, object: 云岭论坛}\n",
        encoding="utf-8",
    )
    assert table(folder) == []


def test_bad_cells_are_named_with_their_rows_and_the_rest_is_taken(folder):
    rows = table(folder)
    rows = [*rows, {**rows[0], "id": "000000000000"}, rows[1]]
    text = filled(rows, "perhaps", "accept", "accept", "reject")
    code, out, err = review(folder, "--apply", "-", stdin=text.encode())
    assert code == 5
    assert out == ""
    assert "row 2: decision 'perhaps': accept, reject or nothing was expected" in err
    assert "row 4: no question has the id '000000000000'" in err
    assert "row 5: row 3 says accept to the same question" in err
    assert "1 decisions written to out/corrections.yaml, 3 rows refused" in err
    assert written(folder).count("- accept:") == 1


def test_a_decision_against_the_file_is_refused(folder):
    rows = table(folder)
    assert review(folder, "--apply", "-", stdin=filled(rows, "accept", "").encode())[0] == 0
    before = written(folder)
    code, _, err = review(folder, "--apply", "-", stdin=filled(rows, "reject", "").encode())
    assert code == 5
    assert "row 2: out/corrections.yaml already has accept for it" in err
    assert written(folder) == before


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_is_read_as_spreadsheets_save_it(folder, delimiter, encoding):
    rows = table(folder)
    data = filled(rows, "Accept ", "x", delimiter=delimiter).encode(encoding)
    given, refused = answers(data, file="t")
    assert [(a.row, a.id, a.decision) for a in given] == [(2, rows[0]["id"], "accept")]
    assert [r.row for r in refused] == [3]


def test_what_is_no_table_is_refused(folder):
    code, _, err = review(folder, "--apply", "-", stdin="甲\t乙\n".encode())
    assert code == 2
    assert "a table with the columns id and decision was expected" in err


def test_a_folder_without_a_build_is_refused(tmp_path, capsys):
    assert run(["review", str(tmp_path)]) == 2
    assert "give the folder of a finished build" in capsys.readouterr().err


def test_a_file_that_contradicts_itself_is_refused(folder, capsys):
    (folder / "out" / "corrections.yaml").write_text("- merge: [甲, 乙]\n- keep_apart: [甲, 乙]\n", "utf-8")
    assert run(["review", str(folder / "out")]) == 3
    assert "corrections.yaml:2:" in capsys.readouterr().err


# ---------------------------------------------------------------- on a terminal


PATIENCE = 60
"""Seconds after which a terminal that shows nothing has failed."""


class Terminal:
    """kg review on a terminal of its own."""

    def __init__(self, folder, *words, columns=60):
        self._master, slave = pty.openpty()
        environment = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "kg", "review", "out", *words],
            cwd=folder,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
        )
        os.close(slave)
        self.shown = ""

    def until(self, words):
        """Read until `words` are shown, and return what was shown since the last time."""
        seen = ""
        deadline = time.monotonic() + PATIENCE
        while words not in seen:
            assert time.monotonic() < deadline, f"{words!r} was never shown, but {seen!r}"
            seen += self._more()
        self.shown += seen
        return seen

    def press(self, keys):
        os.write(self._master, keys.encode())

    def end(self):
        """Return the exit code when it is over, and all that was shown since the last time."""
        seen = ""
        deadline = time.monotonic() + PATIENCE
        while True:
            over = self._process.poll() is not None
            more = self._more()
            seen += more
            if over and not more:
                return self._process.wait(), seen
            assert time.monotonic() < deadline, f"it did not end, but showed {seen!r}"

    def close(self):
        self._process.kill()
        self._process.wait()
        os.close(self._master)

    def _more(self):
        if not select.select([self._master], [], [], 0.2)[0]:
            return ""
        try:
            return os.read(self._master, 65536).decode("utf-8", "replace").replace("\r\n", "\n")
        except OSError:  # the other end is gone
            return ""


ASK = "[q] 退出 quit"


@pytest.fixture
def terminal_in():
    """Return a function that starts kg review on a terminal; whatever is still running afterwards is ended."""
    started = []

    def start(folder, *words, **more):
        started.append(Terminal(folder, *words, **more))
        return started[-1]

    yield start
    for terminal in started:
        terminal.close()


def test_a_keystroke_decides_and_is_in_the_file_at_once(folder, terminal_in):
    terminal = terminal_in(folder)
    shown = terminal.until(ASK)
    assert "1/2" in shown
    assert "王刚  =  王刚" in shown
    assert "青禾科技与云岭大学签约" in shown
    terminal.press("r")
    shown = terminal.until(ASK)
    assert "赵敏  —参加→  云岭论坛" in shown
    assert written(folder).count("- keep_apart:") == 1
    terminal.press("a")
    code, shown = terminal.end()
    assert code == 0
    assert "1 accepted, 1 rejected, 0 skipped" in shown
    assert written(folder).count("- accept:") == 1
    assert table(folder) == []


def test_skip_undo_and_quit(folder, terminal_in):
    (folder / "out" / "corrections.yaml").write_text("# ours\n- drop: 蓝湖市 # why\n", encoding="utf-8")
    terminal = terminal_in(folder)
    terminal.until(ASK)
    terminal.press("s")
    assert "2/2" in terminal.until(ASK)
    terminal.press("u")
    assert "1/2" in terminal.until(ASK)
    terminal.press("a")
    assert "2/2" in terminal.until(ASK)
    assert "- merge:" in written(folder)
    terminal.press("u")
    assert "1/2" in terminal.until(ASK)
    assert written(folder) == "# ours\n- drop: 蓝湖市 # why\n"
    terminal.press("q")
    code, shown = terminal.end()
    assert code == 0
    assert "0 accepted, 0 rejected, 0 skipped" in shown


def test_other_keys_only_show_what_there_is(folder, terminal_in):
    terminal = terminal_in(folder)
    terminal.until(ASK)
    terminal.press("\x1b[A")
    assert "接受 accept" in terminal.until(ASK)
    terminal.press("好")
    assert "接受 accept" in terminal.until(ASK)
    terminal.press("u")
    terminal.until("nothing to undo")
    terminal.press("q")
    assert terminal.end()[0] == 0
    assert written(folder) is None


def test_keys_typed_ahead_are_all_taken(folder, terminal_in):
    terminal = terminal_in(folder)
    terminal.press("ra")
    code, shown = terminal.end()
    assert code == 0
    assert "1 accepted, 1 rejected" in shown


def test_no_line_is_wider_than_the_terminal(folder, terminal_in):
    terminal = terminal_in(folder, columns=40)
    shown = terminal.until(ASK)
    assert max(columns_of(line) for line in shown.splitlines()) <= 40
    terminal.press("q")
    terminal.end()


def test_nothing_to_ask(folder, terminal_in):
    terminal = terminal_in(folder, "--kind", "merged")
    code, shown = terminal.end()
    assert code == 0
    assert "nothing is open to question" in shown


# ---------------------------------------------------------------- cards and files

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=60)


@given(one=WORDS, text=WORDS, columns=st.integers(20, 120))
def test_a_card_keeps_to_its_columns_and_cannot_steer_the_terminal(one, text, columns):
    said = {"subject": "甲", "predicate": "hosts", "object": "乙"}
    quote = Quote(text=text, source="a.txt", article=0, title="", published="", start=0)
    question = Question(
        id="0",
        kind="statement",
        one=one,
        relation="主办",
        other="乙",
        why="x",
        confidence="0.5",
        quotes=(quote,),
        accept=Accept(accept=said),
        reject=DropStatement(drop=said),
    )
    lines = card(question, 1, 1, columns).split("\n")
    assert all(columns_of(line) <= columns for line in lines)
    assert all(c.isprintable() for line in lines for c in line)


KEPT = [
    "",
    "# only a comment\n",
    "# a\n- drop: 甲   # why\n\n# end\n",
    "  - drop: 甲\n  - rename: 乙\n    to: '丙'",
    "- drop: 甲\r\n",
    "\ufeff- drop: 甲\n",
]


@pytest.mark.parametrize("before", KEPT)
def test_what_stands_in_the_file_stays_byte_for_byte(before):
    entry = Rename(rename={"name": "子", "type": "Person"}, to="丑")
    after = appended(before.encode(), [entry], file="c")
    assert after.startswith(before.encode())
    assert after.count(b"rename") == before.count("rename") + 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[]", '[{"drop": "甲"}]'),
        ("[{drop: 乙}] # x\n", '[{drop: 乙}, {"drop": "甲"}] # x\n'),
        ("[{drop: 乙},\n]\n", '[{drop: 乙},\n{"drop": "甲"}]\n'),
    ],
)
def test_a_list_in_brackets_grows_inside_them(before, after):
    from kg.correct.schema import DropThing

    assert appended(before.encode(), [DropThing(drop={"name": "甲"})], file="c").decode() == after
