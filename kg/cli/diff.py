"""``kg diff``: what has changed between two graphs."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from kg.cli.graphs import graph_file
from kg.cli.streams import DONE, out
from kg.errors import UsageError

HELP = "show what has changed between two graphs"
EXAMPLES = """examples:
  kg diff old/ new/                      entities and statements that came, went or changed, in words
  kg diff old/graph.ttl new/ --format json > changes.json
  kg diff old/ new/ --summary            counts alone
  kg diff old/ new/ --exit-code          exit code 1 if anything has changed, for scripts

Entities that go by another name now are recognized by the mentions that they share, and so are entities that were merged
or split. Statements are compared by what they say: whether their confidence, evidence, qualifiers or modality has changed
is told apart. “moved” is evidence in the same words at other offsets, as when a text was edited before it.
"""
DIFFERENT = 1


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "old", metavar="OLD", help="a Turtle file, the folder of a build, or - for standard input"
    )
    parser.add_argument("new", metavar="NEW", help="the same, of the later graph")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    parser.add_argument(
        "--lang", choices=("zh", "en"), default="zh", help="the language of labels and words (default: zh)"
    )
    parser.add_argument("--summary", action="store_true", help="say how many, not which")
    parser.add_argument(
        "--exit-code", action="store_true", help="exit with 1 if there are differences (default: 0)"
    )
    parser.add_argument(
        "--resources", type=Path, metavar="DIR", help="your own ontology.ttl that the graphs were built with"
    )


def run(args: argparse.Namespace) -> int:
    """Compare and print."""
    if args.old == args.new == "-":
        raise UsageError("only one of the two graphs can come from standard input")
    from kg.diff.compare import compare
    from kg.diff.present import as_json, in_words, summary
    from kg.diff.snapshot import read_snapshot
    from kg.vocabulary import load_vocabulary

    vocabulary = load_vocabulary(args.resources)
    old, new = (read_snapshot(graph_file(given), vocabulary, name=given) for given in (args.old, args.new))
    changes = compare(old, new, symmetric=vocabulary.symmetric)
    if args.format == "json":
        found = as_json(changes)
        out(json.dumps(found["summary"] if args.summary else found, ensure_ascii=False, indent=1) + "\n")
    elif args.summary:
        out(summary(changes, language=args.lang))
    else:
        out(in_words(changes, vocabulary, language=args.lang))
    return DIFFERENT if args.exit_code and changes else DONE
