"""``kg extract``: what every article says, as JSON Lines."""

from __future__ import annotations

import argparse

from kg.cli.options import add_extraction, add_inputs, settings_of
from kg.cli.streams import out, report

HELP = "print what every article says, as JSON Lines"
EXAMPLES = """examples:
  kg extract seeds/ > extract.jsonl            every article of a folder, one JSON object per line
  cat article.txt | kg extract - --layout article
  kg extract news.jsonl --min-confidence 0.8   only what is nearly certain
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_inputs(parser)
    parser.add_argument(
        "--format", choices=("jsonl",), default="jsonl", help="the only format so far (default)"
    )
    add_extraction(parser)


def run(args: argparse.Namespace) -> int:
    """Write one line per article in the order of the inputs."""
    settings = settings_of(args)
    import sys

    from kg.cli.progress import Meter
    from kg.pipeline import Failure, confident, extract, read
    from kg.serialize.extraction_json import to_line

    sources, failures = read(args.inputs, stdin=sys.stdin.buffer)
    usable = 0
    with Meter() as meter:
        for result in extract(sources, settings, progress=meter):
            if isinstance(result, Failure):
                failures.append(result)
                continue
            usable += 1
            for extraction in result.extractions:
                out(to_line(confident(extraction, minimum=settings.min_confidence)))
    return report(failures, usable=usable)
