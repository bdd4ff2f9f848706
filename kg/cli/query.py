"""``kg query``: ask a graph, in SPARQL or with a question that ships with newskg."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kg.cli.graphs import derived_file, graph_file
from kg.cli.streams import DONE, note, out
from kg.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.query.questions import Question

HELP = "ask a graph a question"
EXAMPLES = """examples:
  kg query --list                                                   the questions that ship with newskg
  kg query out/graph.ttl --name positions-at --param organization=浙江大学
                                                                    one of them, with its parameters
  kg query out/ 'SELECT ?who WHERE { ?who a nk:Person } LIMIT 5'    SPARQL
  kg query out/ mine.rq --format csv > answer.csv                   SPARQL in a file; - for standard input

The prefixes nk (ontology), schema, skos, nif, dcterms, rdf, rdfs and xsd need no declaration. Nothing is fetched
from anywhere.
"""
FORMATS = ("table", "csv", "json", "turtle")
ENGINES = ("auto", "oxigraph", "rdflib")


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "graph",
        nargs="?",
        metavar="GRAPH",
        help="a Turtle file, the folder of a build, or - for standard input",
    )
    parser.add_argument("sparql", nargs="?", metavar="SPARQL", help="a query, a file that holds one, or -")
    parser.add_argument("--name", metavar="QUESTION", help="ask a shipped question instead")
    parser.add_argument(
        "--param",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a value for a parameter of the question, or for a variable of the query; may be given several times",
    )
    parser.add_argument(
        "--list", action="store_true", help="list the shipped questions with their parameters"
    )
    parser.add_argument(
        "--format",
        choices=FORMATS,
        help="default: table on a terminal, else csv; turtle for queries that give a graph",
    )
    parser.add_argument(
        "--engine",
        choices=ENGINES,
        default="auto",
        help="auto (default): Oxigraph, and rdflib where Oxigraph's answer might differ; --verbose says which and why",
    )
    parser.add_argument(
        "--derived",
        action="store_true",
        help="ask derived.ttl beside the graph as well: facts that follow from others, such as the other direction "
        "of a symmetric relation (--list says which questions have use for them)",
    )
    parser.add_argument("--verbose", action="store_true", help="say on standard error which engine answered")
    parser.add_argument(
        "--resources",
        type=Path,
        metavar="DIR",
        help="a folder whose questions/*.rq can be asked by name as well",
    )


def run(args: argparse.Namespace) -> int:
    """Ask and print."""
    from kg.query.questions import question, questions

    if args.list:
        out(_listing(questions(extra=args.resources)))
        return DONE
    if args.graph is None:
        raise UsageError("a GRAPH was expected, such as out/graph.ttl; --list shows the shipped questions")
    if (args.sparql is None) == (args.name is None):
        raise UsageError("one question was expected: either SPARQL or --name; --list shows the shipped ones")
    values, alike = _values(args.param), False
    if args.name is not None:
        asked = question(args.name, extra=args.resources)
        sparql, values, alike = asked.sparql, asked.bound(values), asked.shipped
    else:
        sparql = _sparql(args.sparql, graph=args.graph)
    from kg.query.running import load_graph, run_query
    from kg.query.tables import format_result

    files, names = [graph_file(args.graph)], [args.graph]
    if args.derived:
        path = derived_file(args.graph)
        files, names = [*files, path.read_bytes()], [*names, str(path)]
    loaded = load_graph(*files, names=names)
    result = run_query(loaded, sparql, parameters=values, engine=args.engine, alike=alike)
    if args.verbose:
        note(f"answered by {result.engine}" + (f": {result.reason}" if result.reason else ""))
    terminal = sys.stdout.isatty()
    form = args.format or ("turtle" if result.triples is not None else "table" if terminal else "csv")
    out(format_result(result, form, width=shutil.get_terminal_size().columns if terminal else None))
    return DONE


def _values(given: Sequence[str]) -> dict[str, str]:
    values = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or not name:
            raise UsageError(f"--param {one}: NAME=VALUE was expected, such as name=浙江大学")
        values[name] = value
    return values


def _sparql(given: str, *, graph: str) -> str:
    """Return the query that `given` is, or that stands in the file of that name."""
    if given == "-":
        if graph == "-":
            raise UsageError("graph and query cannot both come from standard input")
        return sys.stdin.buffer.read().decode("utf-8", "replace")
    if "{" in given:
        return given
    try:
        return Path(given).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{given}: neither a SPARQL query nor a readable file that holds one ({error})"
        ) from error


def _listing(known: Sequence[Question]) -> str:
    lines = []
    for one in known:
        lines.append(f"{one.name}  {one.titles['zh']}  {one.titles['en']}")
        lines.append(f"    {one.description}")
        if not one.derived.startswith("no"):
            lines.append(f"    derived facts: {one.derived}")
        for parameter in one.parameters:
            default = "" if parameter.default is None else f' (default: "{parameter.default}")'
            lines.append(f"    --param {parameter.name}=…  {parameter.meaning}{default}")
    return "\n".join(lines) + "\n"
