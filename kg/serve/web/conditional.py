"""Answers that a browser need not fetch twice: the graph does not change while it is served, so its digest names them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

_SURROGATE: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What decides every answer: the graph and the program with its templates."""

    digest: str

    @classmethod
    def of(cls, *parts: str | bytes) -> Edition:
        """Return the edition that `parts` make."""
        whole = hashlib.sha256()
        for part in parts:
            data = part.encode() if isinstance(part, str) else part
            whole.update(b"%d:" % len(data) + data)
        return cls(digest=whole.hexdigest()[:20])

    def tag(self, *variants: str) -> str:
        """Return the entity tag of one form of a resource, such as its language and syntax."""
        return (
            '"'
            + "-".join(
                (self.digest, *(re.sub(r"[^A-Za-z0-9.]", "", variant) for variant in variants if variant))
            )
            + '"'
        )


def unchanged(request: Request, tag: str) -> bool:
    """Return whether the client has the form of the resource that `tag` names."""
    given = request.headers.get("if-none-match", "")
    known = {part.strip().removeprefix("W/") for part in given.split(",")}
    return "*" in known or tag in known


def headers_of(tag: str, *, vary: str = "") -> dict[str, str]:
    """Return the headers that let a client keep an answer and ask whether it still holds."""
    return {"ETag": tag, "Cache-Control": "no-cache", **({"Vary": vary} if vary else {})}


def conditional_json(request: Request, content: object, *, tag: str) -> Response:
    """Return `content` as JSON; lone surrogates, which ids may hold, are written as escapes."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    body = _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text).encode()
    return conditional(request, body, media_type="application/json", tag=tag)


def conditional(
    request: Request,
    body: bytes,
    *,
    media_type: str,
    tag: str,
    vary: str = "",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return `body`, or 304 without it for a client that has it."""
    kept = {**headers_of(tag, vary=vary), **(headers or {})}
    if unchanged(request, tag):
        return Response(status_code=304, headers=kept)
    return Response(body, media_type=media_type, headers=kept)
