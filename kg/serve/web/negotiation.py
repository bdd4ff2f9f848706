"""Content negotiation: which of the offered types a client's Accept header wants most (RFC 9110, 12.5.1).

>>> html, turtle = Offer("text/html"), Offer("text/turtle")
>>> best("text/turtle, text/html;q=0.5", (html, turtle)).media_type
'text/turtle'
>>> best("image/png", (html, turtle)) is None
True
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

_NAME: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_RANGE: Final = re.compile(rf"\s*({_NAME})/({_NAME})\s*")
_PARAMETER: Final = re.compile(rf'\s*;\s*(?:({_NAME})\s*=\s*({_NAME}|"(?:[^"\\]|\\.)*")\s*)?')
_QUALITY: Final = re.compile(r"0(?:\.[0-9]*)?|1(?:\.0*)?")
_SKIPPED: Final = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^,])*')


@dataclass(frozen=True, slots=True)
class Offer:
    """A type that can be sent, and the `format` that it is written in.

    `quality` weighs it against others that the client likes as much: a name that is also used for other things, such as
    ``application/xml``, stands back. `charset` is said in the Content-Type of text.
    """

    media_type: str
    format: str = ""
    quality: float = 1.0
    charset: str | None = None

    @property
    def content_type(self) -> str:
        """The value of the Content-Type header."""
        return self.media_type if self.charset is None else f"{self.media_type}; charset={self.charset}"


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One element of an Accept header: a type with wildcards, its parameters without q, and its quality."""

    kind: str
    subkind: str
    parameters: tuple[tuple[str, str], ...]
    quality: float

    def precision(self, offer: Offer) -> int | None:
        """Return how exactly this range names the offered type, None where it does not."""
        kind, _, subkind = offer.media_type.partition("/")
        if (self.kind, self.subkind) == ("*", "*"):
            return 0
        if self.kind != kind:
            return None
        if self.subkind == "*":
            return 1
        return 2 + self._fitting(offer) if self.subkind == subkind else None

    def _fitting(self, offer: Offer) -> int:
        """Return how many parameters the offer has, too; others are taken for wishes that are not fulfilled."""
        return int(offer.charset is not None and ("charset", offer.charset) in self.parameters)


Offered = TypeVar("Offered", bound=Offer)


def best(accept: str | None, offers: Sequence[Offered]) -> Offered | None:
    """Return the offer that `accept` wants most, the first of equals, or None where it wants none.

    No header, an empty one, and one without any readable element want whatever comes first.
    """
    ranges = media_ranges(accept or "")
    if not ranges:
        return offers[0] if offers else None
    wanted = [(_quality(offer, ranges) * offer.quality, offer) for offer in offers]
    most = max((quality for quality, _ in wanted), default=0.0)
    return next((offer for quality, offer in wanted if quality == most > 0), None)


def media_ranges(accept: str) -> tuple[MediaRange, ...]:
    """Return the readable elements of an Accept header in order; what cannot be read is passed over."""
    found = []
    position = 0
    while position < len(accept):
        match = _RANGE.match(accept, position)
        if match is not None:
            kind, subkind = match[1].lower(), match[2].lower()
            position, parameters = _parameters(accept, match.end())
            quality = _QUALITY.fullmatch(parameters.pop("q", "1"))
            ended = position >= len(accept) or accept[position] == ","
            if ended and quality is not None and (kind != "*" or subkind == "*"):
                rest = tuple(sorted(parameters.items()))
                found.append(MediaRange(kind, subkind, rest, float(quality[0])))
        skipped = _SKIPPED.match(accept, position)
        position = (skipped.end() if skipped else position) + 1
    return tuple(found)


def _parameters(text: str, position: int) -> tuple[int, dict[str, str]]:
    parameters: dict[str, str] = {}
    while match := _PARAMETER.match(text, position):
        position = match.end()
        if match[1]:
            value = match[2]
            plain = re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
            parameters.setdefault(match[1].lower(), plain.lower())
    return position, parameters


def _quality(offer: Offer, ranges: Sequence[MediaRange]) -> float:
    """Return the quality that the most exact range gives to an offer."""
    fitting = [(precision, r.quality) for r in ranges if (precision := r.precision(offer)) is not None]
    return max(fitting, default=(0, 0.0))[1]
