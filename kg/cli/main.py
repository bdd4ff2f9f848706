"""The command line: one module per command, errors to exit codes."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from types import ModuleType

from kg import __version__
from kg.cli import (
    build,
    diff,
    evaluate,
    explain,
    extract,
    ontology,
    path,
    query,
    review,
    serve,
    streams,
    validate,
)
from kg.errors import (
    ConformanceError,
    InputError,
    InvariantError,
    KgError,
    OutputError,
    ResourceError,
    UsageError,
)
from kg.threads import one_blas_thread

COMMANDS: dict[str, ModuleType] = {
    "build": build,
    "extract": extract,
    "query": query,
    "review": review,
    "path": path,
    "serve": serve,
    "validate": validate,
    "diff": diff,
    "eval": evaluate,
    "explain": explain,
    "ontology": ontology,
}

DESCRIPTION = """Chinese news into a knowledge graph: offline, deterministic, every fact pointing at the characters
that state it."""

EPILOG = """start here:
  kg build seeds/ -o out/                                     articles to a graph
  kg query out/graph.ttl --list                               questions that ship with newskg
  kg COMMAND --help                                           what a command does, with examples

exit codes:
  0  done
  1  kg diff --exit-code: the graphs differ
  2  usage: an option or a name that does not exist
  3  resources, settings, ontology or output folder unusable
  4  the graph does not conform to its shapes
  5  done, but some inputs failed (each named on standard error)
  6  no input could be used; earlier outputs stay
  70 a bug in newskg
"""

_CODES: tuple[tuple[type[KgError], int], ...] = (
    (UsageError, streams.USAGE),
    (ResourceError, streams.RESOURCES),
    (OutputError, streams.RESOURCES),
    (ConformanceError, streams.NOT_CONFORMING),
    (InputError, streams.NOTHING_USABLE),
)


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    shape = argparse.RawDescriptionHelpFormatter
    top = argparse.ArgumentParser(prog="kg", description=DESCRIPTION, epilog=EPILOG, formatter_class=shape)
    top.add_argument("--version", action="version", version=f"newskg {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, module in COMMANDS.items():
        own = commands.add_parser(
            name,
            help=module.HELP,
            description=(module.__doc__ or "").partition(": ")[2],
            epilog=module.EXAMPLES,
            formatter_class=shape,
        )
        module.add(own)
        own.set_defaults(run=module.run)
    return top


def run(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    one_blas_thread()
    args = parser().parse_args(argv)
    try:
        code: int = args.run(args)
    except BrokenPipeError:  # whoever read our output has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return streams.DONE
    except KeyboardInterrupt:
        streams.note("interrupted; earlier outputs are as they were")
        return 130
    except InvariantError:
        return _bug()
    except KgError as error:
        streams.note(str(error))
        if isinstance(error, ConformanceError):
            for violation in error.violations:
                streams.note(violation)
        return next(code for kind, code in _CODES if isinstance(error, kind))
    except Exception:
        return _bug()
    return code


def _bug() -> int:
    import traceback

    traceback.print_exc()
    streams.note("this is a bug in newskg; please report it with the lines above and the input")
    return streams.BUG
