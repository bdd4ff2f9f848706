"""JSON Lines: one record, one source. A broken line is named by its number and skipped; the others are read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from kg.errors import InputError
from kg.model import Source
from kg.read.encodings import UndecodableError, decode

_DATE = re.compile(r"(\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?)(?:[T ].*)?")
_SHAPE = 'expected {"id": …, "text": …, "title"?: …, "published"?: "2023-12-19"}'
_SNIFF = re.compile(rb'\s*(?:\xef\xbb\xbf)?\s*\{\s*"[^"\\]{1,40}"\s*:')


class Record(BaseModel):
    """One line as it must be. Other keys are allowed and ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    id: Annotated[str, Field(min_length=1, max_length=1000)]
    text: Annotated[str, Field(min_length=1)]
    title: str | None = None
    published: str | None = None

    @field_validator("id", "text", "title")
    @classmethod
    def _encodable(cls, value: str | None) -> str | None:
        if value is not None:
            if "\0" in value:
                raise ValueError("a NUL character is no text")
            if not value.strip():
                raise ValueError("it is blank")
            value.encode()  # half of a surrogate pair fails here, and a UnicodeEncodeError is a ValueError
        return value

    @field_validator("published")
    @classmethod
    def _date(cls, value: str | None) -> str | None:
        if not value:
            return None
        found = _DATE.fullmatch(value)
        if found is None:
            raise ValueError("write it as 2023-12-19, 2023-12 or 2023")
        return found[1]


def looks_like_records(raw: bytes) -> bool:
    """Return whether content without a telling name is JSON Lines: its first line opens an object with a key."""
    return _SNIFF.match(raw[:200]) is not None


def read_records(raw: bytes, id_: str) -> Iterator[Source | InputError]:
    """Yield a source or an InputError for every line that is not blank; `id_` names the file in errors."""
    try:
        lines = decode(raw).split("\n")  # only there: JSON strings may hold U+2028 and the like
    except UndecodableError as error:
        yield InputError(id_, str(error))
        return
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = Record.model_validate_json(line)
        except ValidationError as error:
            yield InputError(f"{id_}:{number}", f"{_what(error)}; {_SHAPE}")
            continue
        yield Source(
            id=record.id,
            text=record.text,
            raw_sha256=hashlib.sha256(line.encode()).hexdigest(),
            text_sha256=hashlib.sha256(record.text.encode()).hexdigest(),
            media_type="application/jsonl",
            title=record.title,
            published=record.published,
            single=True,
        )


def _what(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"]))
    return f"{where}: {first['msg']}" if where else str(first["msg"])
