"""``kg validate``: whether a graph conforms to the shapes of the ontology."""

from __future__ import annotations

import argparse
from pathlib import Path

from kg.cli.graphs import graph_file
from kg.cli.streams import DONE, NOT_CONFORMING, out

HELP = "check a graph against the shapes"
EXAMPLES = """examples:
  kg validate out/graph.ttl      prints one line per violation; exit code 4 if there is any
  kg validate out/               the graph of a build
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "graph", metavar="GRAPH", help="a Turtle file, the folder of a build, or - for standard input"
    )
    parser.add_argument(
        "--resources", type=Path, metavar="DIR", help="your own ontology.ttl that the graph was built with"
    )


def run(args: argparse.Namespace) -> int:
    """Print the violations."""
    from kg.validate import validate
    from kg.vocabulary import load_vocabulary

    report = validate(graph_file(args.graph), vocabulary=load_vocabulary(args.resources))
    if not report.conforms:
        out("".join(f"{violation}\n" for violation in report.violations))
        return NOT_CONFORMING
    out("the graph conforms\n")
    return DONE
