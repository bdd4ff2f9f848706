"""What a run is made of: the program, the settings and the resources that decide the graph."""

from __future__ import annotations

from kg import __version__
from kg.manifest import folder_digest
from kg.model import Run
from kg.resources import ROOT
from kg.settings import Settings
from kg.vocabulary import ontology_folder

_DECISIVE = ("frames", "lexicons", "weights")
"""The folders of the shipped resources that have a say in the graph; questions and templates have none."""


def run_of(settings: Settings, *, corrections: str | None = None) -> Run:
    """Return the description of a run with `settings`; no worker count or path is part of it.

    `corrections` is the SHA-256 of the corrections that the graph is subject to.
    """
    folders = {name: ROOT / name for name in _DECISIVE} | {"ontology": ontology_folder()}
    if settings.resources is not None:
        folders["user"] = settings.resources
    resources = {name: folder_digest(folder) for name, folder in folders.items()}
    if corrections is not None:
        resources["corrections"] = corrections
    return Run(
        version=__version__,
        layout=settings.layout,
        min_confidence=settings.min_confidence,
        resources=dict(sorted(resources.items())),
    )
