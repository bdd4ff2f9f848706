"""``kg eval``: how well extraction does against annotated articles.

Precision is the share of what was found that is right, recall the share of what is right that was found, F1
their harmonic mean; the brackets are 95 % intervals over documents.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from kg.cli.options import add_extraction, settings_of
from kg.cli.streams import out, report

HELP = "measure extraction against annotated articles"
EXAMPLES = """examples:
  kg eval --gold tests/gold/*.json --source seeds/                 run the extractor and score it
  kg extract seeds/ > extract.jsonl
  kg eval --gold tests/gold/*.json --source seeds/ --system extract.jsonl --details
  kg eval --gold mine/*.json --source mine.jsonl --resources my/   your own articles and frames

An annotation file is JSON: {"doc", "articles": [{"lines", "entities": [{"id", "type", "name", "aliases"}],
"relations": [{"head", "relation", "tail", "qualifiers"?, "modality"?, "optional"?}]}]}; "doc" is the name of the
source without its extension, or the id of its record. tests/gold/ holds five.
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--gold", nargs="+", required=True, type=Path, metavar="FILE", help="annotation files, one per source"
    )
    parser.add_argument(
        "--source", required=True, metavar="DIR", help="the annotated texts: a folder, or a JSON Lines file"
    )
    parser.add_argument(
        "--system",
        metavar="FILE",
        help="what `kg extract` printed, - for standard input (default: extract now)",
    )
    parser.add_argument("--details", action="store_true", help="list every error as well")
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    add_extraction(parser)


def run(args: argparse.Namespace) -> int:
    """Score and print."""
    settings = settings_of(args)
    from kg.cli.progress import Meter
    from kg.evaluate import as_json, as_text
    from kg.evaluate.run import evaluate

    with Meter() as meter:
        score, failures, usable = evaluate(
            args.gold, args.source, settings, system=args.system, progress=meter
        )
    out((as_json if args.json else as_text)(score, details=args.details))
    return report(failures, usable=usable)
