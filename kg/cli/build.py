"""``kg build``: from articles to a graph in a folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from kg.cli.options import add_base_iri, add_extraction, add_inputs, settings_of
from kg.cli.streams import NOTHING_USABLE, note, report

HELP = "build the knowledge graph of articles into a folder"
EXAMPLES = """examples:
  kg build seeds/ -o out/               a folder of newspaper pages
  kg build news.jsonl a.txt -o out/     JSON Lines and single files together
  cat page.txt | kg build - -o out/     standard input
  kg build seeds/ more/ -o out/         later: only what is new or changed is extracted (see --no-cache)
  kg build seeds/ -o out/ --formats trig,jsonld,csv

what is in out/ afterwards:
  graph.html         the graph to look at; opens in any browser, needs no network
  graph.ttl          the graph as RDF (Turtle), every fact with the characters that state it
  derived.ttl        what follows from it: symmetric, inverse and wider relations, containment
  statements.jsonl   one statement per line with all its evidence
  report.md          counts, best connected entities, doubtful statements, what was skipped and why
  doubts.jsonl       doubtful merges, for kg review
  manifest.json      digests of inputs and outputs, versions, settings
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_inputs(parser)
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        default=Path("out"),
        metavar="DIR",
        help="folder for the results (default: out)",
    )
    parser.add_argument(
        "--no-cache",
        action="store_true",
        help="extract everything again, and keep nothing for the next build (DIR/.cache stays as it is)",
    )
    parser.add_argument(
        "--corrections",
        type=Path,
        metavar="FILE",
        help="what people decided about the graph (default: DIR/corrections.yaml if it is there; see kg review)",
    )
    parser.add_argument(
        "--formats",
        default="ttl",
        metavar="LIST",
        help="formats of the graph, separated by commas: ttl (always written), trig (a graph per article), nt, jsonld, "
        "graphml, csv (for property-graph import); default: ttl",
    )
    add_extraction(parser)
    add_base_iri(parser)


def run(args: argparse.Namespace) -> int:
    """Build, validate and replace the outputs as a whole."""
    settings = settings_of(args)
    import sys

    from kg.building import build_into
    from kg.cli.progress import Meter
    from kg.serialize.formats import checked_formats

    formats = checked_formats(args.formats.split(","))
    with Meter() as meter:
        result = build_into(
            args.output,
            args.inputs,
            settings,
            stdin=sys.stdin.buffer,
            progress=meter,
            cached=not args.no_cache,
            warn=note,
            corrections=args.corrections,
            formats=formats,
        )
    code = report(result.failures, usable=result.articles)
    if code == NOTHING_USABLE or not result.articles:
        note(f"{args.output} is left as it was")
        return code
    if result.reused:
        whole = result.extracted + result.reused
        note(f"extracted {result.extracted} of {whole} sources, reused {result.reused} of an earlier build")
    for complaint in result.complaints:
        note(f"correction without effect: {complaint}")
    if result.corrections:
        note(
            f"{result.corrections} corrections, {len(result.complaints)} of them without effect or not in full"
        )
    note(
        f"{result.articles} articles, {result.entities} entities, {result.statements} statements "
        f"and {result.doubtful} doubtful ones below the threshold; "
        f"open {args.output / 'graph.html'} or read {args.output / 'report.md'}"
    )
    return code
