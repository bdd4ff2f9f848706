"""What a system found, read from extraction JSON Lines (one object per article)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kg.errors import ResourceError
from kg.evaluate.names import fold, folded


@dataclass(frozen=True, slots=True)
class FoundEntity:
    """An entity that a system reports; `names` are folded."""

    id: str
    type: str
    name: str
    names: frozenset[str]
    attributes: Mapping[str, str]

    @property
    def unknown(self) -> str:
        """The end of a fact that stands for this entity when the annotation does not know it."""
        return "?" + fold(self.name)


@dataclass(frozen=True, slots=True)
class FoundStatement:
    """A statement that a system reports; `evidence` holds (start, end, text); none is a single empty one."""

    subject: str
    predicate: str
    object: str
    evidence: tuple[tuple[int, int, str], ...]
    qualifiers: Mapping[str, str]
    modality: str


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """One article as a system reports it; `spans` are half-open ranges of code points of the source."""

    source: str
    spans: tuple[tuple[int, int], ...]
    entities: tuple[FoundEntity, ...]
    statements: tuple[FoundStatement, ...]


def read_system(lines: Iterable[str], *, name: str) -> tuple[FoundArticle, ...]:
    """Read extraction JSON Lines. Raises ResourceError with `name` and line for a line that is not one article."""
    articles = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            articles.append(found_article(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            expected = (
                "one article as `kg extract` writes it was expected (source, spans, entities, statements "
                f"between these entities); {type(error).__name__}: {error}"
            )
            raise ResourceError(name, expected, line=number) from error
    return tuple(articles)


def found_article(record: Mapping[str, Any]) -> FoundArticle:
    """Return the article of one parsed line. Raises KeyError, TypeError or ValueError when it is not one."""
    entities = tuple(
        FoundEntity(
            entity["id"],
            entity["type"],
            entity["name"],
            folded((entity["name"], *entity.get("aliases", ()))),
            {k: str(entity[k]) for k in ("date", "amount") if entity.get(k)},
        )
        for entity in record["entities"]
    )
    known = {entity.id for entity in entities}
    statements = []
    for statement in record["statements"]:
        for end in (statement["subject"], statement["object"]):
            if end not in known:
                raise ValueError(f"no entity {end}")
        statements.append(
            FoundStatement(
                statement["subject"],
                statement["predicate"],
                statement["object"],
                _evidence(statement.get("evidence") or {}),
                {k: str(v) for k, v in (statement.get("qualifiers") or {}).items()},
                statement.get("modality", "stated"),
            )
        )
    spans = tuple((start, end) for start, end in record.get("spans", ()))
    return FoundArticle(record["source"], spans, entities, tuple(statements))


def _evidence(value: Any) -> tuple[tuple[int, int, str], ...]:  # noqa: ANN401 - parsed JSON
    several = [value] if isinstance(value, Mapping) else value
    return tuple((e.get("start", 0), e.get("end", 0), e.get("text", "")) for e in several)
