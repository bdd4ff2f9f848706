"""What the manifest says about a build: inputs, settings, resources, versions; no clock, no path, no worker count."""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Collection
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kg import __version__
from kg.model import CORRECTION, KnowledgeGraph
from kg.settings import Settings
from kg.vocabulary import ontology_folder

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

_AFTER_EXTRACTION = ("assemble", "cli", "correct", "diff", "evaluate", "query", "serialize", "serve", "train")
"""Rooms of the program that extraction does not know of."""


def about(graph: KnowledgeGraph, settings: Settings, *, corrections: str | None = None) -> dict[str, Any]:
    """Return everything that decides the bytes of a build; `corrections` is the digest of what people decided."""
    return {
        "newskg": __version__,
        "settings": {
            "layout": settings.layout,
            "min_confidence": settings.min_confidence,
            "base_iri": settings.base_iri,
            "resources": None if settings.resources is None else folder_digest(settings.resources),
            "corrections": corrections,
        },
        "platform": {
            "python": platform.python_version(),
            "system": sys.platform,
            "machine": platform.machine(),
            "libraries": {name: version(name) for name in LIBRARIES},
        },
        "inputs": [
            {"source": s.id, "raw_sha256": s.raw_sha256, "text_sha256": s.text_sha256}
            for s in graph.sources
            if s.media_type != CORRECTION
        ],
        "skipped": [{"source": s.source, "reason": s.reason} for s in graph.skipped],
    }


def fingerprint(settings: Settings, *, loader: str) -> str:
    """Return a digest of everything but the source that its extraction depends on, and what conforms to the shapes.

    These are the whole program with its resources, the libraries, the user's resources and the settings that extraction
    knows of; worker counts and paths have no say.
    """
    parts = {
        "program": folder_digest(Path(__file__).parent, without=_AFTER_EXTRACTION),
        "ontology": folder_digest(ontology_folder()),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "libraries": {name: version(name) for name in (*LIBRARIES, "pyshacl")},
        "resources": None if settings.resources is None else folder_digest(settings.resources),
        "layout": settings.layout,
        "loader": loader,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def folder_digest(folder: Path, *, without: Collection[str] = ()) -> str:
    """Return one SHA-256 over the names and contents of all files under `folder`, compiled Python left out.

    `without` names folders right below it that are left out, too.
    """
    whole = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        place = path.relative_to(folder)
        if "__pycache__" in place.parts or path.suffix == ".pyc" or place.parts[0] in without:
            continue
        data = path.read_bytes()
        whole.update(f"{place.as_posix()}\0{len(data)}\0".encode())
        whole.update(data)
    return whole.hexdigest()
