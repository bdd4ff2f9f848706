"""``python -m kg``: the same as the command ``kg``."""

import sys

from kg.cli.main import run

if __name__ == "__main__":
    sys.exit(run())
