"""Plain text: one file, one source."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from kg.errors import InputError
from kg.model import Source
from kg.read.encodings import UndecodableError, decode


def read_plain(raw: bytes, id_: str) -> Iterator[Source | InputError]:
    """Yield the source that `raw` holds, or why it holds none."""
    try:
        text = decode(raw)
    except UndecodableError as error:
        yield InputError(id_, str(error))
        return
    yield Source(
        id=id_,
        text=text,
        raw_sha256=hashlib.sha256(raw).hexdigest(),
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
