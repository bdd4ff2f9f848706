"""Annotation kept apart from its texts: offsets into the records of a corpus that everyone can fetch.

One JSON object per line: ``record`` (id in the corpus), ``sha256`` of its text, ``entities`` and ``facts``. An entity has
``type``, perhaps ``also``, ``subtype`` and ``optional``, ``names`` (one half-open range of code points for each surface
form, the fullest first) and perhaps ``elsewhere`` (names known for it that the text does not have). A fact is a list:
number of its subject, relation, number of its object, range of the sentence that states it, modality, whether optional.
"""

from __future__ import annotations

import hashlib
import json
import lzma
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kg.errors import ResourceError
from kg.model import Source
from kg.split import split
from kg.train.annotation import Example, example_of
from kg.train.wordclasses import raw_records


def load_standoff(path: Path, corpus: Path) -> list[Example]:
    """Return the annotated articles of `path`, in its order, with their texts from `corpus`.

    Raises ResourceError, with the line, for a record that the corpus does not have or has with another text.
    """
    lines = [json.loads(line) for line in lzma.decompress(path.read_bytes()).splitlines()]
    wanted = {line["record"] for line in lines}
    records = {r["id"]: r for r in raw_records(corpus) if r["id"] in wanted}
    examples = []
    for number, line in enumerate(lines, 1):
        record = records.get(line["record"])
        if record is None:
            raise ResourceError(str(path), f"{corpus} has no record {line['record']}", line=number)
        text = record["text"]
        digest = hashlib.sha256(text.encode()).hexdigest()
        if digest != line["sha256"]:
            raise ResourceError(
                str(path),
                f"{corpus} has another text under {line['record']}; the version that was annotated is needed",
                line=number,
            )
        source = Source(
            id=line["record"],
            text=text,
            raw_sha256=digest,
            text_sha256=digest,
            published=record.get("published") or None,
            single=True,
        )
        (article,) = split(source, layout="article")
        examples.append(example_of(source.id, source, article, _as_gold(text, line)))
    return examples


def _as_gold(text: str, line: Mapping[str, Any]) -> dict[str, Any]:
    """Return the annotation in the guideline's format."""
    entities = []
    for number, entity in enumerate(line["entities"]):
        names = [*(text[a:b] for a, b in entity["names"]), *entity.get("elsewhere", ())]
        entities.append({**entity, "id": number, "name": names[0], "aliases": names[1:]})
    return {"entities": entities, "relations": list(_relations(text, line))}


def _relations(text: str, line: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for head, relation, tail, (start, end), modality, optional in line["facts"]:
        yield {
            "head": head,
            "relation": relation,
            "tail": tail,
            "evidence": text[start:end],
            "modality": modality,
            "optional": optional,
        }
