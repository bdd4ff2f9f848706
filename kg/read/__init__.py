"""Files, folders and standard input become sources: decoded text with an id and the digests of what came in.

The id of a file is its path as it was given, with POSIX separators and without ``./`` (``kg extract seeds`` gives
``seeds/page.txt``). A path that is absolute or climbs (``/data/seeds``, ``../seeds``) counts from the name of its last
folder, so the same folder gives the same ids from wherever it is built. The id of a record of a JSON Lines file is its own.
"""

from kg.read.inputs import read_sources

__all__ = ["read_sources"]
