"""Which thing of the data a path names, and which path a thing has: IRIs are answered where their path says.

An IRI such as ``https://newskg.example/id/organization:云岭大学`` is asked for as ``/id/organization:%E4%BA%91…``. Browsers
and clients differ in what they percent-encode; `Places.thing` takes what means the same, and nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import quote, unquote, unquote_to_bytes, urlsplit

from kg.serialize import iri

Kind = Literal["entity", "statement", "support", "article", "occurrence", "source", "other"]

OWN_PATHS: Final = frozenset(
    {"api", "entity.css", "explorer", "health", "openapi.json", "query", "search", "sparql"}
)
"""First parts of paths that are the server's own."""

DEFAULT_PREFIX: Final = "/id/"
_INDEX: Final = re.compile("0|[1-9][0-9]{0,8}")
_UNRESERVED: Final = "%/:@!$&'()*+,;=~-._"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What an IRI of the data names. `id` is the id of the model, `index` the number of an article in its source."""

    kind: Kind
    id: str
    iri: str
    index: int = 0


class Places:
    """The things of a graph by their paths."""

    def __init__(self, base_iri: str) -> None:
        self.base = base_iri
        parts = urlsplit(base_iri)
        path = parts.path if parts.scheme in ("http", "https") else ""
        own = unquote(path).strip("/").partition("/")[0] in OWN_PATHS
        self.prefix = DEFAULT_PREFIX if own or not path.startswith("/") or "//" in path else _ascii(path)

    def path(self, iri_: str) -> str:
        """Return the path of an IRI of the data, in ASCII; an IRI from elsewhere is its own address."""
        if not iri_.startswith(self.base):
            return _ascii(iri_, keep="#?[]")
        return self.prefix + _ascii(iri_[len(self.base) :], keep="#")

    def thing(self, raw_path: bytes) -> Thing | None:
        """Return the thing that a path of a request names, or None for a path that is no IRI of the data in any spelling."""
        rest = raw_path[len(self.prefix) :]
        if not raw_path.startswith(self.prefix.encode("ascii")) or not rest:
            return None
        try:
            name = unquote_to_bytes(rest).decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            return None
        thing = self._named(name, rest)
        if thing is None or _segments(self.path(thing.iri).encode()) != _segments(raw_path):
            return None
        return thing

    def _named(self, name: str, raw: bytes) -> Thing | None:
        first, slash, rest = name.partition("/")
        if not slash or ":" in first:
            return Thing(kind="entity", id=name, iri=iri.entity_iri(self.base, name))
        match first:
            case "statement":
                return Thing(kind="statement", id=rest, iri=iri.statement_iri(self.base, rest))
            case "support":
                return Thing(kind="support", id=rest, iri=f"{self.base}support/{iri.escaped(rest)}")
            case "occurrence":
                return Thing(kind="occurrence", id=rest, iri=iri.occurrence_iri(self.base, rest))
            case "source":
                return Thing(kind="source", id=rest, iri=iri.source_iri(self.base, rest))
            case "article":
                source, _, index = rest.rpartition("/")
                if not source or _INDEX.fullmatch(index) is None:
                    return None
                return Thing(
                    kind="article",
                    id=source,
                    iri=iri.article_iri(self.base, source, int(index)),
                    index=int(index),
                )
            case "run" | "dataset" | "software" | "resource" | "derived" | "derivation":
                return Thing(kind="other", id=name, iri=f"{self.base}{first}/{iri.escaped(rest)}")
        return Thing(kind="entity", id=name, iri=iri.entity_iri(self.base, name)) if b"/" not in raw else None


def _ascii(text: str, *, keep: str = "") -> str:
    """Return an IRI as a URI: what is not ASCII is percent-encoded, what is encoded stays."""
    return quote(text, safe=_UNRESERVED + keep, errors="surrogatepass")


def _segments(raw: bytes) -> list[bytes]:
    return [unquote_to_bytes(segment) for segment in raw.split(b"/")]
