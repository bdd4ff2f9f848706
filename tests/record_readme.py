"""Write the real answers under the README's questions: ``python tests/record_readme.py``, then read the difference."""

import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
EXAMPLE = re.compile(r"```console\n\$ (kg [^\n]*)\n(.*?)```", re.DOTALL)
LONGEST = 12
"""Lines of an answer that are shown; `…` stands for the rest."""


def answers(text):
    """Return the part of the README that holds questions and their answers."""
    return text[text.index("<!-- answers:") : text.index("<!-- end of answers -->")]


def ask(command, graph):
    """Return the answer of a README command, asked of the build in the folder `graph`."""
    words = [str(graph) if word.rstrip("/") == "out" else word for word in shlex.split(command)[1:]]
    done = subprocess.run(
        [sys.executable, "-m", "kg", *words], capture_output=True, text=True, encoding="utf-8", check=True
    )
    lines = done.stdout.splitlines()
    shown = lines if len(lines) <= LONGEST else [*lines[: LONGEST - 1], "…"]
    return "\n".join(shown) + "\n"


def main():
    """Build the seeds and rewrite the README."""
    with tempfile.TemporaryDirectory() as folder:
        graph = Path(folder) / "out"
        subprocess.run([sys.executable, "-m", "kg", "build", "seeds", "-o", str(graph)], check=True, cwd=ROOT)
        text = README.read_text(encoding="utf-8")
        old = answers(text)
        new = EXAMPLE.sub(lambda m: f"```console\n$ {m[1]}\n{ask(m[1], graph)}```", old)
        README.write_text(text.replace(old, new), encoding="utf-8")


if __name__ == "__main__":
    main()
