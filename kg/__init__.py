"""newskg: Chinese news into a knowledge graph, offline, every fact with the characters that state it.

``kg.build`` returns the graph of some inputs, ``kg.extractions`` what each article says. What is heavy is imported when it
is used.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx

    from kg.model import Extraction, Layout
    from kg.pipeline import Failure
    from kg.settings import Settings

__version__ = "0.1.0"
__all__ = ["__version__", "build", "extractions"]

Inputs = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]


def build(
    inputs: Inputs,
    *,
    resources: Path | None = None,
    layout: Layout = "auto",
    min_confidence: float | None = None,
    workers: int = 1,
) -> networkx.MultiDiGraph[str]:
    """Return the knowledge graph of files and folders: nodes are entities, edges are statements.

    Inputs that cannot be used are named in a warning (`RuntimeWarning`). With more than one worker the calling script
    needs the usual ``if __name__ == "__main__":``. Raises UsageError, ResourceError, or InputError when nothing could be
    used.
    """
    from kg import building
    from kg.assemble import to_networkx

    settings = _settings(resources, layout, min_confidence, workers)
    graph, failures = building.assemble_all(_names(inputs), settings)
    _warn(failures, nothing=not graph.articles)
    return to_networkx(graph)


def extractions(
    inputs: Inputs,
    *,
    resources: Path | None = None,
    layout: Layout = "auto",
    min_confidence: float | None = None,
    workers: int = 1,
) -> Iterator[Extraction]:
    """Yield what every article of the inputs says, in their order; warnings and errors as in `build`."""
    from kg import pipeline

    settings = _settings(resources, layout, min_confidence, workers)
    sources, failures = pipeline.read(_names(inputs))
    usable = 0
    for result in pipeline.extract(sources, settings):
        if isinstance(result, pipeline.Failure):
            failures.append(result)
            continue
        usable += 1
        for extraction in result.extractions:
            yield pipeline.confident(extraction, minimum=settings.min_confidence)
    _warn(failures, nothing=not usable)


def _names(inputs: Inputs) -> list[str]:
    several = [inputs] if isinstance(inputs, str | os.PathLike) else inputs
    return [os.fspath(one) for one in several]


def _settings(resources: Path | None, layout: Layout, min_confidence: float | None, workers: int) -> Settings:
    from kg.settings import MIN_CONFIDENCE, Settings

    minimum = MIN_CONFIDENCE if min_confidence is None else min_confidence
    return Settings(resources=resources, layout=layout, min_confidence=minimum, workers=workers)


def _warn(failures: Sequence[Failure], *, nothing: bool) -> None:
    from kg.errors import InputError

    reasons = [f"{failure.source}: {failure.reason}" for failure in failures]
    if nothing:
        raise InputError("inputs", "; ".join(["nothing could be used", *reasons]))
    for reason in reasons:
        warnings.warn(f"skipped {reason}", RuntimeWarning, stacklevel=3)
