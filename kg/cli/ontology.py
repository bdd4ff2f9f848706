"""``kg ontology``: the classes and relations that a graph can hold."""

from __future__ import annotations

import argparse
from pathlib import Path

from kg.cli.streams import DONE, out

HELP = "show the classes and relations that a graph can hold"
EXAMPLES = """examples:
  kg ontology                                 classes and relations with their labels
  kg ontology signsAgreementWith              one of them in full
  kg ontology --turtle > newskg.ttl           the ontology file itself
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("name", nargs="?", metavar="NAME", help="a class or relation, such as Person or hosts")
    parser.add_argument("--turtle", action="store_true", help="print the ontology as Turtle")
    parser.add_argument("--shapes", action="store_true", help="print the SHACL shapes as Turtle")
    parser.add_argument(
        "--resources", type=Path, metavar="DIR", help="your own ontology.ttl, used on top of the shipped one"
    )
