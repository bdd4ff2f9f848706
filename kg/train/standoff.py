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
    examples = []
    for line, record in _joined(path, corpus):
        source = Source(
            id=line["record"],
            text=record["text"],
            raw_sha256=line["sha256"],
            text_sha256=line["sha256"],
            published=record.get("published") or None,
            single=True,
        )
        (article,) = split(source, layout="article")
        examples.append(example_of(source.id, source, article, _as_gold(source.text, line)))
    return examples


def unfold(path: Path, corpus: Path, out: Path) -> int:
    """Write the annotated articles of `path` to `out` as ``kg eval`` and training read them; return how many.

    The folder gets ``text/NAME.txt`` and ``gold/NAME.json`` in the guideline's format, and ``articles.jsonl`` with the dates
    of publication. Raises ResourceError as :func:`load_standoff` does.
    """
    for folder in (out / "text", out / "gold"):
        folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for number, (line, record) in enumerate(_joined(path, corpus), 1):
        name, text, published = f"s{number:04d}", record["text"], record.get("published") or ""
        gold = _as_gold(text, line)
        article = {
            "title": "",
            "lines": [[1, text.count("\n") + 1]],
            "byline": [],
            "entities": [
                {k: v for k, v in e.items() if k not in ("names", "elsewhere")} for e in gold["entities"]
            ],
            "relations": gold["relations"],
        }
        document = {"doc": name, "published": published, "articles": [article]}
        (out / "text" / f"{name}.txt").write_bytes(text.encode())
        (out / "gold" / f"{name}.json").write_text(
            json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8"
        )
        rows.append({"id": name, "text": text, **({"published": published} if published else {})})
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (out / "articles.jsonl").write_text(lines, encoding="utf-8")
    return len(rows)


def _joined(path: Path, corpus: Path) -> Iterator[tuple[dict[str, Any], dict[str, str]]]:
    """Yield every line of the annotation with its record of the corpus."""
    lines = [json.loads(line) for line in lzma.decompress(path.read_bytes()).splitlines()]
    wanted = {line["record"] for line in lines}
    records = {r["id"]: r for r in raw_records(corpus) if r["id"] in wanted}
    for number, line in enumerate(lines, 1):
        record = records.get(line["record"])
        if record is None:
            raise ResourceError(str(path), f"{corpus} has no record {line['record']}", line=number)
        if hashlib.sha256(record["text"].encode()).hexdigest() != line["sha256"]:
            raise ResourceError(
                str(path),
                f"{corpus} has another text under {line['record']}; the version that was annotated is needed",
                line=number,
            )
        yield line, record


def _as_gold(text: str, line: Mapping[str, Any]) -> dict[str, Any]:
    """Return the annotation in the guideline's format."""
    entities = []
    for number, entity in enumerate(line["entities"]):
        names = [*(text[a:b] for a, b in entity["names"]), *entity.get("elsewhere", ())]
        entities.append({**entity, "id": f"e{number}", "name": names[0], "aliases": names[1:]})
    return {"entities": entities, "relations": list(_relations(text, line))}


def _relations(text: str, line: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for head, relation, tail, (start, end), modality, optional in line["facts"]:
        yield {
            "head": f"e{head}",
            "relation": relation,
            "tail": f"e{tail}",
            "evidence": text[start:end],
            "modality": modality,
            "optional": optional,
        }
