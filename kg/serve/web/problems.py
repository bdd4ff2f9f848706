"""Errors as they are told: a status, and words that say what was expected; never how the program came there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from starlette.responses import Response

MEDIA_TYPE: Final = "application/problem+json"
PROBLEM_SCHEMA: Final = {"schema": {"$ref": "#/components/schemas/Problem"}}
"""How the OpenAPI document describes an error."""


def title_of(status: int) -> str:
    """Return the name of an HTTP status."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def problem_response(status: int, detail: str, *, headers: Mapping[str, str] | None = None) -> Response:
    """Return the answer for programs (RFC 9457)."""
    content = {"type": "about:blank", "title": title_of(status), "status": status, "detail": detail}
    return Response(
        json.dumps(content, ensure_ascii=False).encode("utf-8", "replace"),
        status_code=status,
        media_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )
