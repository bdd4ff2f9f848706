"""What a run is made of: the program, the settings and the resources that decide the graph."""

from __future__ import annotations

from pathlib import Path

from kg import __version__
from kg.manifest import folder_digest
from kg.model import Run
from kg.resources import ROOT
from kg.settings import Settings
from kg.vocabulary import ontology_folder

_DECISIVE = ("frames", "lexicons", "weights")
"""The folders of the shipped resources that have a say in the graph; questions and templates have none."""


def run_of(settings: Settings, *, more: dict[str, Path] | None = None) -> Run:
    """Return the description of a run with `settings`.

    `more` names further folders that the graph depends on. Worker counts and paths are no part of it.
    """
    folders = {name: ROOT / name for name in _DECISIVE} | {"ontology": ontology_folder()} | (more or {})
    if settings.resources is not None:
        folders["user"] = settings.resources
    return Run(
        version=__version__,
        layout=settings.layout,
        min_confidence=settings.min_confidence,
        resources={name: folder_digest(folder) for name, folder in sorted(folders.items())},
    )
