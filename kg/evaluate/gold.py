"""Annotated documents: what a correct graph of them holds.

The articles of one document are put together: entities that share type and name are one, facts count once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.errors import ResourceError
from kg.evaluate.names import fold, folded

ATTRIBUTES = ("date", "amount")

End = int | str
"""An end of a fact: the index of a gold entity, or ``?`` and the folded name of something the gold does not know."""

Fact = tuple[End, str, End]


@dataclass(slots=True)
class GoldEntity:
    """An entity of the annotation; `types` are all that a reader could choose, `head` is its folded main name."""

    label: str
    head: str
    types: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    optional: bool = True
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GoldFact:
    """What the annotation says about one fact besides its ends."""

    qualifiers: Mapping[str, str]
    modality: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldDocument:
    """The annotation of one source; `lines` hold the 1-based inclusive line ranges of every article."""

    id: str
    lines: tuple[tuple[tuple[int, int], ...], ...]
    entities: tuple[GoldEntity, ...]
    facts: Mapping[Fact, GoldFact]
    optional: frozenset[Fact]

    def find(self, type_: str, names: frozenset[str]) -> int | None:
        """Return the index of the entity that shares most of the folded `names`, the first of equals, or None.

        Sharing the main name counts for two more names, agreeing in type for one.
        """
        best, best_weight = None, 0
        for index, entity in enumerate(self.entities):
            shared = len(names & entity.names)
            weight = shared and shared + 2 * (entity.head in names) + (type_ in entity.types)
            if weight > best_weight:
                best, best_weight = index, weight
        return best


def canonical(head: End, relation: str, tail: End, *, symmetric: frozenset[str]) -> Fact:
    """Return the fact with its ends in one order when the relation has no direction."""
    if relation in symmetric and str(head) > str(tail):
        return tail, relation, head
    return head, relation, tail


def load_gold(path: Path, *, symmetric: frozenset[str]) -> GoldDocument:
    """Read one annotation file. Raises ResourceError when it is unreadable or not in the annotation format."""
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ResourceError(str(path), f"a JSON file of gold annotation was expected ({error})") from error
    try:
        return _document(document, lambda h, r, t: canonical(h, r, t, symmetric=symmetric))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ResourceError(
            str(path),
            f"gold annotation was expected: doc, articles with entities (id, type, name) and relations "
            f"(head, relation, tail) between them; {type(error).__name__}: {error}",
        ) from error


def _document(document: Mapping[str, Any], order: Callable[[End, str, End], Fact]) -> GoldDocument:
    entities: list[GoldEntity] = []
    by_name: dict[tuple[str, str], int] = {}
    facts: dict[Fact, GoldFact] = {}
    optional: set[Fact] = set()
    for article in document["articles"]:
        local: dict[str, int] = {}
        for record in article["entities"]:
            head = fold(record["name"])
            index = by_name.setdefault((record["type"], head), len(entities))
            if index == len(entities):
                entities.append(GoldEntity(record["name"], head))
            local[record["id"]] = index
            _add(entities[index], record)
        for record in article["relations"]:
            fact = order(local[record["head"]], record["relation"], local[record["tail"]])
            if record.get("optional"):
                optional.add(fact)
            else:
                qualifiers = {k: str(v) for k, v in record.get("qualifiers", {}).items()}
                facts[fact] = GoldFact(qualifiers, record.get("modality", "stated"))
    for head_index, _, tail_index in facts:  # what a counted fact needs is counted
        for end in (head_index, tail_index):
            if isinstance(end, int):
                entities[end].optional = False
    return GoldDocument(
        id=document["doc"],
        lines=tuple(tuple((a, b) for a, b in article.get("lines", ())) for article in document["articles"]),
        entities=tuple(entities),
        facts=facts,
        optional=frozenset(optional - facts.keys()),
    )


def _add(entity: GoldEntity, record: Mapping[str, Any]) -> None:
    entity.types |= {record["type"], *record.get("also", ())}
    entity.names |= folded((record["name"], *record.get("aliases", ())))
    entity.optional &= bool(record.get("optional"))
    entity.attributes |= {name: record[name] for name in ATTRIBUTES if record.get(name)}
