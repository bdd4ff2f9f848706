"""newskg: Chinese news into a knowledge graph, offline, every fact with the characters that state it."""

__version__ = "0.1.0"
