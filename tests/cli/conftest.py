"""The command line as a user meets it: another process."""

import os
import subprocess
import sys

import pytest


@pytest.fixture
def kg(tmp_path):
    """Return a function that runs ``kg`` in `tmp_path` and returns the finished process; streams are bytes."""

    def call(*words, stdin=b"", environment=None):
        return subprocess.run(
            [sys.executable, "-m", "kg", *map(str, words)],
            input=stdin,
            capture_output=True,
            check=False,
            cwd=tmp_path,
            env={**os.environ, **(environment or {})},
        )

    return call


ARTICLE = """云岭大学与青禾科技签署合作协议

5月8日，云岭大学与青禾科技有限公司在海棠市签署战略合作协议。云岭大学校长林望舒、青禾科技有限公司董事长沈砚秋出席签约仪式。
"""


@pytest.fixture
def article(tmp_path):
    """Return an article that newskg can read."""
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path
