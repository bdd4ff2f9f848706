"""What the manifest of a build says that a server needs; nothing where there is none."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pydantic import BaseModel, ValidationError

MANIFEST: Final = "manifest.json"


class _Settings(BaseModel):
    base_iri: str | None = None
    min_confidence: float | None = None


class _Output(BaseModel):
    sha256: str


class _Manifest(BaseModel):
    settings: _Settings = _Settings()
    outputs: dict[str, _Output] = {}


class Provided(BaseModel):
    """The base IRI, the threshold and the digest of graph.ttl, None for what is not said."""

    base_iri: str | None = None
    min_confidence: float | None = None
    digest: str | None = None


def provided(out: Path) -> Provided:
    """Return what the manifest in `out` says."""
    try:
        manifest = _Manifest.model_validate_json((out / MANIFEST).read_bytes())
    except (OSError, ValidationError):
        return Provided()
    graph = manifest.outputs.get("graph.ttl")
    return Provided(
        base_iri=manifest.settings.base_iri,
        min_confidence=manifest.settings.min_confidence,
        digest=None if graph is None else graph.sha256,
    )
