"""Record the shipped weights: their digests, and the figures of the model card.

python tests/record_weights.py                                    digests alone
kg eval --gold … --source … --json > pages.json
python tests/record_weights.py "Five newspaper pages=pages.json"  a row of the table as well
"""

import hashlib
import json
import re
import sys
from pathlib import Path

WEIGHTS = Path(__file__).parent.parent / "kg" / "resources" / "weights"
CARD = WEIGHTS / "MODEL_CARD.md"
SUMS = WEIGHTS / "SHA256SUMS"
ROW = re.compile(r"^\| (?!set \||---)(.*?) \|.*$", re.MULTILINE)


def digests():
    """Return the lines of SHA256SUMS."""
    files = sorted(path for path in WEIGHTS.iterdir() if path.suffix in {".json", ".npz"})
    return "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)


def row(name, figures):
    """Return one line of the table of scores."""
    entity, relation = figures["entity"], figures["relation"]

    def interval(part):
        low, high = part["f1_interval"]
        return f"{part['f1']:.3f} ({low:.2f}–{high:.2f})"

    cells = (
        name,
        f"{entity['gold']}",
        f"{entity['precision']:.3f}",
        f"{entity['recall']:.3f}",
        interval(entity),
        f"{relation['gold']}",
        f"{relation['precision']:.3f}",
        f"{relation['recall']:.3f}",
        interval(relation),
        f"{figures['qualifiers_right']:.2f}" if figures["qualifiers_right"] else "–",  # not annotated
        f"{figures['modality_right']:.2f}",
        f"{figures['evidence_exact']:.2f}",
    )
    return f"| {' | '.join(cells)} |"


def main(arguments):
    """Write SHA256SUMS, and the rows that are named on the command line."""
    SUMS.write_text(digests(), encoding="ascii")
    text = CARD.read_text(encoding="utf-8")
    head, start, rest = text.partition("<!-- scores -->\n")
    table, end, tail = rest.partition("<!-- end of scores -->")
    for argument in arguments:
        name, _, file = argument.rpartition("=")
        line = row(name, json.loads(Path(file).read_text(encoding="utf-8")))
        if name in ROW.findall(table):
            table = ROW.sub(lambda m, name=name, line=line: line if m[1] == name else m[0], table)
        else:
            table = f"{table.rstrip()}\n{line}\n"
    CARD.write_text(head + start + table + end + tail, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
