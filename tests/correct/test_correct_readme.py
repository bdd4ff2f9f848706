"""The README's example of corrections, run as it stands there."""

import re
import shlex
import subprocess
import sys

from record_readme import README

TEXT = README.read_text(encoding="utf-8")
SECTION = TEXT[TEXT.index("<!-- corrections example:") : TEXT.index("<!-- end of corrections example -->")]
FILES = dict(re.findall(r"^`([\w./-]+)`\n\n```\w+\n(.*?)```$", SECTION, re.MULTILINE | re.DOTALL))
CONSOLE = re.findall(r"```console\n(.*?)```", SECTION, re.DOTALL)[0]
STEPS = re.findall(r"^\$ kg (.*)\n((?:(?!\$ ).*\n)*)", CONSOLE, re.MULTILINE)


def test_the_commands_do_what_the_readme_shows(tmp_path):
    assert set(FILES) == {"news/signing.txt", "news/forum.txt", "found/corrections.yaml"}
    assert [command.split()[0] for command, _ in STEPS] == ["build", "query", "query"]
    for name, content in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    for command, shown in STEPS:
        done = subprocess.run(
            [sys.executable, "-m", "kg", *shlex.split(command)],
            cwd=tmp_path,
            capture_output=True,
            check=False,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stderr
        assert "without effect:" not in done.stderr
        assert done.stdout == shown
