"""Options that several commands share, declared once."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import get_args

from kg.model import Layout
from kg.settings import BASE_IRI, MIN_CONFIDENCE, Settings

INPUT_HELP = (
    'a text file, a JSON Lines file (one {"id", "text", "title"?, "published"?} per line), a folder '
    "(searched recursively) or - for standard input"
)


def add_inputs(parser: argparse.ArgumentParser) -> None:
    """Add INPUT…."""
    parser.add_argument("inputs", nargs="+", metavar="INPUT", help=INPUT_HELP)


def add_extraction(parser: argparse.ArgumentParser) -> None:
    """Add what every command takes that extracts."""
    parser.add_argument(
        "--workers",
        type=int,
        metavar="N",
        help="processes to work with (default: one per core); no influence on the result",
    )
    parser.add_argument(
        "--min-confidence",
        type=float,
        default=MIN_CONFIDENCE,
        metavar="C",
        help=f"confidence from 0 to 1 that a statement needs (default: {MIN_CONFIDENCE})",
    )
    parser.add_argument(
        "--resources",
        type=Path,
        metavar="DIR",
        help="your own lexicons/, frames/ and ontology.ttl, used on top of those that ship with newskg",
    )
    parser.add_argument(
        "--layout",
        choices=get_args(Layout),
        default="auto",
        help="page: an input may hold several articles; article: it holds one; auto: look and decide (default)",
    )


def add_base_iri(parser: argparse.ArgumentParser) -> None:
    """Add --base-iri."""
    parser.add_argument(
        "--base-iri",
        default=BASE_IRI,
        metavar="IRI",
        help=f"what the IRIs of entities start with (default: {BASE_IRI})",
    )


def settings_of(args: argparse.Namespace) -> Settings:
    """Return the settings that the parsed options stand for. Raises UsageError for impossible ones."""
    return Settings(
        resources=args.resources,
        layout=args.layout,
        min_confidence=args.min_confidence,
        workers=args.workers,
        base_iri=getattr(args, "base_iri", BASE_IRI),
    )
