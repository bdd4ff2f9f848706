"""``kg explain``: what extraction sees at one place of a text, and why.

Shows the sentence with its words, the mentions (type, confidence, rule, entity), the references, and every candidate
statement: the frames that read it with their priors, the ranker's probability, the joint confidence, and what became
of it. + is a statement, ? a statement below --min-confidence, - was dropped, with the reason.
"""

from __future__ import annotations

import argparse
import sys

from kg.cli.options import add_extraction, settings_of
from kg.cli.streams import DONE, out
from kg.errors import InputError, UsageError

HELP = "show which rules fire at one place of a text, what was dropped and why"
EXAMPLES = """examples:
  kg explain article.txt --at 120                  the sentence at code point 120
  kg explain page.txt --article 3                  every sentence of the fourth article
  kg explain news.jsonl --id n17 --at 40 --json    one record of a JSON Lines file, as JSON
  kg explain article.txt --at 120 --resources my/  with your own frames and words
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "source", metavar="SOURCE", help="a text file, a JSON Lines file or - for standard input"
    )
    parser.add_argument(
        "--at", type=int, metavar="OFFSET", help="a place in the source text, in code points from 0"
    )
    parser.add_argument(
        "--article", type=int, metavar="N", help="number of the article, as `kg extract` gives it, from 0"
    )
    parser.add_argument("--id", metavar="ID", help="which text, where SOURCE holds several")
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    add_extraction(parser)


def run(args: argparse.Namespace) -> int:
    """Explain and print."""
    settings = settings_of(args)
    import json
    from dataclasses import asdict

    from kg.explain import explain
    from kg.explanation import as_text
    from kg.extractor import load_extractor
    from kg.pipeline import read
    from kg.split import split
    from kg.vocabulary import load_vocabulary

    sources, failures = read([args.source], stdin=sys.stdin.buffer)
    if not sources:
        reason = failures[0].reason if failures else "nothing that can be read"
        raise InputError(args.source, reason)
    named = [source for source in sources if args.id in (None, source.id)]
    if len(named) != 1:
        known = ", ".join(source.id for source in sources[:20]) + (" …" if len(sources) > 20 else "")
        raise UsageError(f"{args.source} holds {len(sources)} texts; choose one with --id among {known}")
    (source,) = named
    vocabulary = load_vocabulary(settings.resources)
    explanation = explain(
        load_extractor(settings.resources, vocabulary),
        source,
        split(source, layout=settings.layout),
        at=args.at,
        article=args.article,
        min_confidence=settings.min_confidence,
    )
    if args.json:
        out(json.dumps(asdict(explanation), ensure_ascii=False, indent=1) + "\n")
    else:
        labels = vocabulary.labels
        out(as_text(explanation, label=lambda name: labels.get(name, {}).get("zh", name)))
    return DONE
