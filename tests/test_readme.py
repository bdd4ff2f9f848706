"""What the README shows is what the program prints."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
ANSWERS = README[README.index("<!-- answers:") : README.index("<!-- end of answers -->")]
EXAMPLES = re.findall(r"```console\n\$ (kg [^\n]*)\n(.*?)```", ANSWERS, re.DOTALL)


def test_three_questions_are_shown():
    assert len(EXAMPLES) >= 3


@pytest.mark.parametrize(("command", "shown"), EXAMPLES, ids=[command for command, _ in EXAMPLES])
def test_the_readme_shows_the_real_answer(command, shown, seeds_graph):
    """The table is what a terminal shows; `…` in the README stands for lines that were left out."""
    words = [str(seeds_graph) if word.startswith("out/") else word for word in shlex.split(command)[1:]]
    words = [word if word != str(seeds_graph) else str(seeds_graph / "graph.ttl") for word in words]
    done = subprocess.run(
        [sys.executable, "-m", "kg", *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        cwd=ROOT,
    )
    real, wanted = done.stdout.splitlines(), shown.splitlines()
    if "…" in wanted:
        cut = wanted.index("…")
        wanted = wanted[:cut]
        real = real[:cut]
    assert real == wanted


def test_every_command_is_in_the_readme():
    from kg.cli.main import COMMANDS

    listed = set(re.findall(r"^\| `kg (\w+)", README, re.MULTILINE))
    assert listed == set(COMMANDS)


def test_exit_codes_are_those_of_the_program():
    from kg.cli import streams

    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)}
    assert listed == {
        streams.DONE,
        streams.USAGE,
        streams.RESOURCES,
        streams.NOT_CONFORMING,
        streams.SOME_FAILED,
        streams.NOTHING_USABLE,
        streams.BUG,
    }
