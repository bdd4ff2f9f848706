"""``kg path``: how two entities are connected, with the sentences that say so."""

from __future__ import annotations

import argparse
import json

from kg.cli.graphs import graph_file
from kg.cli.streams import DONE, note, out

HELP = "show the shortest connection between two entities"
EXAMPLES = """examples:
  kg path out/graph.ttl 浙江大学 之江实验室
  kg path out/ organization:浙江大学 之江实验室 --doubtful     plans, former posts and doubtful facts as well
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "graph", metavar="GRAPH", help="a Turtle file, the folder of a build, or - for standard input"
    )
    parser.add_argument("start", metavar="A", help="name, alias, id or IRI of an entity")
    parser.add_argument("end", metavar="B", help="the same of another")
    parser.add_argument(
        "--doubtful",
        action="store_true",
        help="walk plans, former states and statements below the threshold as well",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")


def run(args: argparse.Namespace) -> int:
    """Find and print the way."""
    from dataclasses import asdict

    from kg.query.network import load_turtle
    from kg.query.path import describe, find_path
    from kg.vocabulary import load_vocabulary

    network = load_turtle(graph_file(args.graph), name=args.graph)
    steps = find_path(network, args.start, args.end, doubtful=args.doubtful)
    if args.json:
        found = None if steps is None else [asdict(step) for step in steps]
        out(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    elif steps is None:
        hint = "" if args.doubtful else "; --doubtful also walks plans, former states and doubtful statements"
        note(f"nothing connects {args.start} and {args.end}{hint}")
    elif not steps:
        note(f"{args.start} and {args.end} are the same entity")
    else:
        labels = load_vocabulary().labels
        out(describe(steps, labels=lambda name: labels.get(name, {}).get("zh", name)))
    return DONE
