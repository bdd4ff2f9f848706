"""What the manifest says about a build: inputs, settings, resources, versions; no clock, no path, no worker count."""

from __future__ import annotations

import hashlib
import platform
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kg import __version__
from kg.model import KnowledgeGraph
from kg.settings import Settings

LIBRARIES = (
    "ahocorasick_rs",
    "jieba",
    "rjieba",
    "networkx",
    "numpy",
    "pyoxigraph",
    "pyvis",
    "PyYAML",
    "rdflib",
)
"""Libraries that have a say in what the outputs hold."""


def about(graph: KnowledgeGraph, settings: Settings) -> dict[str, Any]:
    """Return everything that decides the bytes of a build."""
    return {
        "newskg": __version__,
        "settings": {
            "layout": settings.layout,
            "min_confidence": settings.min_confidence,
            "base_iri": settings.base_iri,
            "resources": None if settings.resources is None else folder_digest(settings.resources),
        },
        "platform": {
            "python": platform.python_version(),
            "system": sys.platform,
            "machine": platform.machine(),
            "libraries": {name: version(name) for name in LIBRARIES},
        },
        "inputs": [
            {"source": s.id, "raw_sha256": s.raw_sha256, "text_sha256": s.text_sha256} for s in graph.sources
        ],
        "skipped": [{"source": s.source, "reason": s.reason} for s in graph.skipped],
    }


def folder_digest(folder: Path) -> str:
    """Return one SHA-256 over the names and contents of all files under `folder`."""
    whole = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        data = path.read_bytes()
        whole.update(f"{path.relative_to(folder).as_posix()}\0{len(data)}\0".encode())
        whole.update(data)
    return whole.hexdigest()
