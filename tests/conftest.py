"""What several rooms' tests share: the graph of the seed pages, built once per run."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# no example is judged by the time that it takes, and every run tries the same ones
settings.register_profile("newskg", deadline=None, derandomize=True)
settings.load_profile("newskg")

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def seeds_graph(tmp_path_factory):
    """Return the folder with the outputs of ``kg build seeds/``."""
    folder = tmp_path_factory.mktemp("seeds") / "out"
    done = subprocess.run(
        [sys.executable, "-m", "kg", "build", "seeds", "-o", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder
