"""Extractions of all articles and their identities -> one graph, whatever order they come in."""

from kg.assemble.graph import assemble
from kg.assemble.networks import to_networkx

__all__ = ["assemble", "to_networkx"]
