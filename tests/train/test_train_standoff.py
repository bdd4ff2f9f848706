"""Annotation kept apart from its texts gives the same examples as annotation beside them."""

import gzip
import hashlib
import json
import lzma
from pathlib import Path

import pytest
from annotated import write_articles

import kg.train
from kg.errors import ResourceError
from kg.train.annotation import load, squeeze
from kg.train.standoff import load_standoff, unfold
from kg.vocabulary import load_vocabulary


def standoff_of(text, record, gold):
    """Return the annotation as offsets into `text`."""
    numbers = {e["id"]: k for k, e in enumerate(gold["entities"])}
    entities = []
    for e in gold["entities"]:
        names = [e["name"], *e["aliases"]]
        here = [n for n in names if n in text]
        entities.append(
            {
                "type": e["type"],
                "names": [[text.index(n), text.index(n) + len(n)] for n in here],
                "elsewhere": [n for n in names if n not in text],
            }
        )
    facts = []
    for r in gold["relations"]:
        at = text.index(r["evidence"])
        span = [at, at + len(r["evidence"])]
        facts.append([numbers[r["head"]], r["relation"], numbers[r["tail"]], span, "stated", False])
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {"record": record, "sha256": digest, "entities": entities, "facts": facts}


@pytest.fixture
def folder(tmp_path):
    """Return a folder with the articles beside their annotation, and the same as corpus and stand-off annotation."""
    write_articles(tmp_path)
    records, lines = [], []
    for path in sorted((tmp_path / "gold").glob("*.json")):
        text = (tmp_path / "text" / f"{path.stem}.txt").read_text(encoding="utf-8")
        (gold,) = json.loads(path.read_text(encoding="utf-8"))["articles"]
        records.append({"id": path.stem, "text": text, "published": "2023-05-09"})
        lines.append(standoff_of(text, path.stem, gold))
    write(tmp_path, records, lines)
    return tmp_path


def write(folder, records, lines):
    with gzip.open(folder / "corpus.jsonl.gz", "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(r, ensure_ascii=False) + "\n" for r in records)
    data = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (folder / "standoff.jsonl.xz").write_bytes(lzma.compress(data.encode()))


def test_the_examples_are_those_of_the_annotation_beside_the_texts(folder):
    ours = load_standoff(folder / "standoff.jsonl.xz", folder / "corpus.jsonl.gz")
    theirs = load(folder)
    assert [e.name for e in ours] == [e.name for e in theirs]
    for one, other in zip(ours, theirs, strict=True):
        assert one.mentions == other.mentions
        assert one.source.published == "2023-05-09"
        assert [(f.subject, f.predicate, f.object, f.evidence) for f in one.facts] == [
            (f.subject, f.predicate, f.object, f.evidence) for f in other.facts
        ]
        assert [e.names for e in one.entities] == [e.names for e in other.entities]


def test_unfolded_it_is_annotation_in_the_format_of_the_guideline(folder):
    assert unfold(folder / "standoff.jsonl.xz", folder / "corpus.jsonl.gz", folder / "out") == 12
    back, there = load(folder / "out"), load(folder)
    assert [e.name for e in back] == [f"s{n:04d}" for n in range(1, 13)]
    for one, other in zip(back, there, strict=True):
        assert one.source.text == other.source.text
        assert one.mentions == other.mentions
        assert [(f.subject, f.predicate, f.object) for f in one.facts] == [
            (f.subject, f.predicate, f.object) for f in other.facts
        ]
    rows = [json.loads(line) for line in (folder / "out" / "articles.jsonl").read_text().splitlines()]
    assert [row["published"] for row in rows] == ["2023-05-09"] * 12


def test_white_space_inside_a_name_is_no_part_of_it(tmp_path):
    text = "青禾 科技在南\n溪市成立。"
    line = {
        "record": "r",
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "entities": [
            {"type": "Organization", "names": [[0, 5]], "elsewhere": ["青禾科技有限公司"]},
            {"type": "Place", "names": [[6, 10]], "optional": True},
        ],
        "facts": [[0, "locatedIn", 1, [0, 13], "stated", True]],
    }
    write(tmp_path, [{"id": "r", "text": text}], [line])
    (example,) = load_standoff(tmp_path / "standoff.jsonl.xz", tmp_path / "corpus.jsonl.gz")
    assert [e.names for e in example.entities] == [("青禾科技", "青禾科技有限公司"), ("南溪市",)]
    assert [m.span.of(example.reading.text) for m in example.mentions] == ["青禾科技", "南溪市"]
    assert example.facts[0].evidence.of(example.reading.text) == squeeze(text)


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ([], "has no record a03"),
        ([{"id": "a03", "text": "另一篇文章。"}], "another text under a03"),
    ],
)
def test_a_record_that_the_corpus_lacks_or_has_otherwise_is_named_with_its_line(folder, records, said):
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        others = [r for r in map(json.loads, lines) if r["id"] != "a03"]
    with gzip.open(folder / "corpus.jsonl.gz", "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(r, ensure_ascii=False) + "\n" for r in [*others, *records])
    with pytest.raises(ResourceError, match=said) as caught:
        load_standoff(folder / "standoff.jsonl.xz", folder / "corpus.jsonl.gz")
    assert caught.value.line == 4


def _strings(value):
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _strings(part)


@pytest.mark.parametrize("name", ["annotated", "held_out"])
def test_the_shipped_annotation_fits_the_ontology_and_holds_no_text(name):
    """Nothing but offsets, names that the texts do not have, and words of the ontology; no article is in both files."""
    path = Path(kg.train.__file__).parent / f"{name}.jsonl.xz"
    lines = [json.loads(line) for line in lzma.decompress(path.read_bytes()).splitlines()]
    vocabulary = load_vocabulary()
    for line in lines:
        assert set(line) == {"record", "sha256", "entities", "facts"}
        assert max(map(len, _strings(line["entities"])), default=0) <= 40
        for entity in line["entities"]:
            assert {entity["type"], *entity.get("also", ())} <= set(vocabulary.entity_types)
            assert all(start < end for start, end in entity["names"])
        for subject, relation, object_, (start, end), modality, _ in line["facts"]:
            assert relation in vocabulary.relations
            assert 0 <= subject < len(line["entities"])
            assert 0 <= object_ < len(line["entities"])
            assert start < end
            assert modality in ("stated", "planned", "past")


def test_no_article_is_learnt_from_and_kept_aside():
    folder = Path(kg.train.__file__).parent
    seen = [
        {json.loads(line)["record"] for line in lzma.decompress(path.read_bytes()).splitlines()}
        for path in (folder / "annotated.jsonl.xz", folder / "held_out.jsonl.xz")
    ]
    assert not seen[0] & seen[1]
