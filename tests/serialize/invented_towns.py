"""Graphs whose communities and shapes are known, for the tests of maps."""

import subprocess
import sys
from itertools import pairwise


def ties_of(count, edges):
    tied = [set() for _ in range(count)]
    for a, b in edges:
        if a != b:
            tied[a].add(b)
            tied[b].add(a)
    return tuple(tuple(sorted(others)) for others in tied)


def towns(*sizes, roads=True):
    """Return the number of nodes and the edges of close towns with a hub each; a road of one edge leads to the next."""
    edges, starts, at = [], [], 0
    for size in sizes:
        starts.append(at)
        edges += [(at, at + i) for i in range(1, size)]
        edges += [(at + i, at + (i + step) % (size - 1) + 1) for i in range(1, size) for step in (0, 1, 4, 9)]
        at += size
    if roads:
        edges += [(a + 1, b + 2) for a, b in pairwise(starts)]
    return at, edges


def printed(code, *, seed="0", threads="1"):
    """Return what a fresh interpreter prints that hashes with another seed and adds with so many threads."""
    environment = {"PYTHONHASHSEED": seed, "OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout
