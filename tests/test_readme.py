"""What the README shows is what the program prints."""

import re

import pytest
from record_readme import EXAMPLE, README, answers, ask

TEXT = README.read_text(encoding="utf-8")
EXAMPLES = EXAMPLE.findall(answers(TEXT))


def test_three_questions_are_shown():
    assert len(EXAMPLES) >= 3
    assert all(len(shown.splitlines()) > 2 for _, shown in EXAMPLES)


@pytest.mark.parametrize(("command", "shown"), EXAMPLES, ids=[command for command, _ in EXAMPLES])
def test_the_readme_shows_the_real_answer(command, shown, seeds_graph):
    """Answers are re-recorded by ``python tests/record_readme.py``."""
    assert ask(command, seeds_graph) == shown


def test_every_command_is_in_the_readme():
    from kg.cli.main import COMMANDS

    listed = set(re.findall(r"^\| `kg (\w+)", TEXT, re.MULTILINE))
    assert listed == set(COMMANDS)


def test_exit_codes_are_those_of_the_program():
    from kg.cli import streams

    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", TEXT, re.MULTILINE)}
    assert listed == {
        streams.DONE,
        streams.USAGE,
        streams.RESOURCES,
        streams.NOT_CONFORMING,
        streams.SOME_FAILED,
        streams.NOTHING_USABLE,
        streams.BUG,
    }
