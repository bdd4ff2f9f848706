"""``kg serve``: the graph of a build in the browser, whatever its size, with search, SPARQL and pages of every thing.

Everything runs on this machine and only answers this machine, unless --host says otherwise. The first time a graph is
served it is prepared, which takes about as long as reading it; after that it opens at once.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg.cli.streams import DONE, note, out
from kg.errors import ResourceError, UsageError

if TYPE_CHECKING:
    import socket

HELP = "browse and query a graph of any size in the browser"
EXAMPLES = """examples:
  kg serve out/                                        prints the address, such as http://127.0.0.1:43117/; Ctrl+C stops
  kg serve out/ --port 8000 --open                     at this port, and opens the browser
  kg serve out/ --host 0.0.0.0 --allowed-host kg.example.org
                                                       for others in the network, under this name

  curl http://127.0.0.1:8000/sparql --data-urlencode 'query=SELECT * { ?who nk:hosts ?event } LIMIT 5'
  curl -G http://127.0.0.1:8000/api/search --data-urlencode q=大学
                                                       what else programs can ask stands in /openapi.json
"""
_EXTRA: Final = frozenset({"fastapi", "jinja2", "starlette", "uvicorn"})


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("out", type=Path, metavar="OUT", help="the folder of a build, with its graph.ttl")
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="address to listen at (default: 127.0.0.1, this machine only; 0.0.0.0 for all)",
    )
    parser.add_argument(
        "--port", type=int, default=0, metavar="N", help="port to listen at (default: 0, any that is free)"
    )
    parser.add_argument(
        "--allowed-host",
        action="append",
        default=[],
        metavar="NAME[:PORT]",
        help="another name under which the server is asked, as behind a proxy; may be given several times",
    )
    parser.add_argument(
        "--workers",
        type=int,
        default=2,
        metavar="N",
        help="processes that answer SPARQL queries (default: 2)",
    )
    parser.add_argument(
        "--time-limit",
        type=float,
        default=30,
        metavar="SECONDS",
        help="after which a SPARQL query is stopped (default: 30)",
    )
    parser.add_argument(
        "--resources",
        type=Path,
        metavar="DIR",
        help="the folder with an ontology.ttl of your own that the graph was built with",
    )
    parser.add_argument("--open", action="store_true", help="open the browser")
    parser.add_argument("--verbose", action="store_true", help="say every request on standard error")


def run(args: argparse.Namespace) -> int:
    """Serve until told to stop."""
    if not 0 <= args.port <= 65_535:
        raise UsageError(f"--port {args.port}: a number from 0 to 65535 was expected")
    if not 1 <= args.workers <= 64:
        raise UsageError(f"--workers {args.workers}: a number from 1 to 64 was expected")
    if not 0 < args.time_limit <= 86_400:
        raise UsageError(f"--time-limit {args.time_limit:g}: seconds from 0 to 86400 were expected")
    try:
        import jinja2  # noqa: F401 - to say what is missing before anything is prepared

        from kg.serve.server import bound, terminable
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        raise ResourceError(
            "kg serve", f"{error.name} is not installed; `pip install 'newskg[serve]'` brings it"
        ) from error
    if not (args.out / "graph.ttl").is_file():
        raise UsageError(
            f"{args.out / 'graph.ttl'}: no such file; the folder of a build was expected, "
            "as `kg build seeds/ -o out/` makes it"
        )
    with terminable(), bound(args.host, args.port) as taken:
        return _serve(args, taken)


def _serve(args: argparse.Namespace, taken: socket.socket) -> int:
    from kg.serve.app import create_app
    from kg.serve.server import serve, url_of
    from kg.serve.sparql.limits import Limits
    from kg.serve.sparql.workers import QueryWorkers
    from kg.serve.stored.reading import StoredGraph
    from kg.serve.stored.store import prepare
    from kg.serve.web.security import hosts
    from kg.vocabulary import load_vocabulary

    url = url_of(taken)
    try:
        admitted = hosts(args.host, port=taken.getsockname()[1], also=args.allowed_host)
    except ValueError as error:
        raise UsageError(f"--allowed-host {error}") from error
    vocabulary = load_vocabulary(args.resources)
    if args.resources is None and _built_with_resources(args.out):
        note(
            "the graph was built with --resources; give the same here, should it have an ontology of its own"
        )
    served = prepare(args.out, vocabulary=vocabulary, report=note)
    limits = Limits(seconds=args.time_limit, workers=args.workers)
    stored = StoredGraph(served, vocabulary)
    with QueryWorkers(
        served.triples, limits=limits, prefixes=served.prefixes, base_iri=served.base_iri
    ) as workers:
        app = create_app(stored, workers, vocabulary=vocabulary, hosts=admitted)

        def ready() -> None:
            out(url + "\n")
            if args.open:
                _browse(url)

        serve(app, taken, ready=ready, last_call=workers.close, verbose=args.verbose)
    return DONE


def _built_with_resources(out_folder: Path) -> bool:
    """Return whether the manifest says so."""
    import json

    try:
        settings = json.loads((out_folder / "manifest.json").read_bytes())["settings"]
        return settings.get("resources") is not None
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return False


def _browse(url: str) -> None:
    """Open the browser, which may take its time."""
    import threading
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
