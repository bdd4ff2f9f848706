"""``kg ontology``: the classes and relations that a graph can hold."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from kg.cli.streams import DONE, out

if TYPE_CHECKING:
    from kg.vocabulary import Vocabulary

HELP = "show the classes and relations that a graph can hold"
EXAMPLES = """examples:
  kg ontology                                 classes and relations with their labels
  kg ontology signsAgreementWith              one of them in full
  kg ontology --turtle > newskg.ttl           the ontology file itself
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "name", nargs="?", metavar="NAME", help="a class or relation, such as Person or hosts"
    )
    whole = parser.add_mutually_exclusive_group()
    whole.add_argument("--turtle", action="store_true", help="print the ontology as Turtle")
    whole.add_argument("--shapes", action="store_true", help="print the SHACL shapes as Turtle")
    parser.add_argument(
        "--resources", type=Path, metavar="DIR", help="your own ontology.ttl, used on top of the shipped one"
    )


def run(args: argparse.Namespace) -> int:
    """Print what was asked for."""
    from kg.vocabulary import load_vocabulary

    vocabulary = load_vocabulary(args.resources)
    if args.turtle:
        out("\n".join(path.read_text(encoding="utf-8") for path in vocabulary.files))
    elif args.shapes:
        from kg.shapes import shapes_turtle

        out(shapes_turtle(vocabulary))
    elif args.name is None:
        out(vocabulary.describe())
    else:
        out(_entry(vocabulary, args.name))
    return DONE


def _entry(vocabulary: Vocabulary, name: str) -> str:
    """Return one term in full. Raises UsageError with the known names for an unknown one."""
    lines = [
        f"{name}  {vocabulary.label(name)}  {vocabulary.label(name, 'en')}",
        *(vocabulary.comments[name].values() if name in vocabulary.comments else ()),
    ]
    relation = vocabulary.relations.get(name)
    if relation is not None:
        for what, names in (
            ("subject", sorted(relation.domains)),
            ("object", sorted(relation.ranges)),
            ("qualifiers", relation.qualifiers),
            ("part of the identity", relation.key_qualifiers),
        ):
            if names:
                lines.append(f"{what}: {', '.join(names)}")
        if relation.symmetric:
            lines.append("symmetric: the two ends can be swapped")
    subtypes = [sub for sub, parent in vocabulary.subtypes.items() if parent == name]
    if subtypes:
        lines.append(f"subtypes: {', '.join(subtypes)}")
    return "\n".join(lines) + "\n"
