"""Invented news, built with corrections through the command line, and the graph as it can be compared."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.cli.main import run
from kg.extractor import Extractor

NEWS = {
    "a.txt": """青禾科技与云岭大学签约

5月8日，青禾科技有限公司与云岭大学在清河市签署战略合作协议。青禾科技有限公司董事长王刚出席签约仪式。
""",
    "b.txt": """青禾集团捐资助学

6月3日，青禾集团向石榴大学捐赠500万元。石榴大学校长李明表示感谢。
""",
    "c.txt": """云岭论坛举行

7月1日，云岭论坛在蓝湖市举行。论坛由云岭大学主办，石榴大学承办。星河汽车有限公司董事长王刚出席论坛。
""",
    "d.txt": """云岭大学设立研究院

8月5日，云岭大学设立松岭研究院。青禾集团总经理赵敏参加云岭论坛。石榴大学与星河汽车有限公司签署战略合作协议。
""",
}

MORE = """石榴大学与海棠学院合作

9月9日，石榴大学与海棠学院签署战略合作协议。
"""
"""An article that names one of the things again."""


DOUBT = 0.5
"""The confidence of 赵敏 taking part in 云岭论坛."""


@dataclass(frozen=True)
class Thing:
    type: str
    subtype: str
    name: str
    aliases: frozenset[str]


@dataclass(frozen=True)
class Said:
    """A statement with all its evidence, but without the ids that follow from the names of its ends."""

    subject: str
    predicate: str
    object: str
    modality: str
    qualifiers: tuple[tuple[str, str], ...]
    confidence: float
    flat: bool
    evidence: frozenset[tuple[str, int, int, str, str]]


@dataclass(frozen=True)
class Graph:
    """The things by id, and what is said of them."""

    things: dict[str, Thing]
    said: frozenset[Said]

    def of(self, subject: str, predicate: str, object_: str) -> Said:
        """Return the one statement of these ends."""
        (found,) = (
            s for s in self.said if (s.subject, s.predicate, s.object) == (subject, predicate, object_)
        )
        return found

    def without(self, *said: Said) -> frozenset[Said]:
        assert set(said) <= self.said
        return self.said - set(said)

    def called(self, old: str, new: str) -> frozenset[Said]:
        """Return what is said, with the id `new` in place of `old`."""

        def name(id_: str) -> str:
            return new if id_ == old else id_

        return frozenset(
            Said(name(s.subject), s.predicate, name(s.object), *list(s.__dict__.values())[3:])
            for s in self.said
        )


def write(folder: Path, news: dict[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in news.items():
        (folder / name).write_text(text, encoding="utf-8")


def build(folder: Path, corrections: str | None = None, *, expected: int = 0) -> Graph:
    """Build the articles in `folder`/news with these corrections, and return the graph."""
    out = folder / "out"
    if corrections is not None:
        out.mkdir(exist_ok=True)
        (out / "corrections.yaml").write_text(corrections, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Extractor, "__call__", _steadily)
        assert run(["build", str(folder / "news"), "-o", str(out), "--workers", "1"]) == expected
    return read(out)


_EXTRACT = Extractor.__call__


def _steadily(self, source, articles):
    """Extract as ever, but be sure of what a frame reads, except of one statement: the models are not what is tested."""
    return tuple(
        replace(
            extraction,
            statements=tuple(
                replace(s, confidence=DOUBT if s.rule == "attend.there" else 0.95)
                for s in extraction.statements
                if s.rule != "ranker"
            ),
        )
        for extraction in _EXTRACT(self, source, articles)
    )


def read(out: Path) -> Graph:
    store = ox.Store()
    store.bulk_load((out / "graph.ttl").read_bytes(), format=ox.RdfFormat.TURTLE)
    nk = "https://newskg.example/ontology#"
    base = "https://newskg.example/id/"
    things = {}
    for row in store.query(
        "SELECT ?s ?name WHERE { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?name }"
    ):
        types = [
            q.object.value.removeprefix(nk)
            for q in store.quads_for_pattern(
                row["s"], ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), None
            )
        ]
        aliases = store.quads_for_pattern(
            row["s"], ox.NamedNode("http://www.w3.org/2004/02/skos/core#altLabel"), None
        )
        id_ = row["s"].value.removeprefix(base)
        main = next(t for t in types if t.lower() == id_.partition(":")[0])
        sub = next((t for t in types if t != main), "")
        things[id_] = Thing(main, sub, row["name"].value, frozenset(q.object.value for q in aliases))
    said = set()
    for line in (out / "statements.jsonl").read_text(encoding="utf-8").splitlines():
        s = json.loads(line)
        evidence = frozenset((e["source"], e["start"], e["end"], e["text"], e["rule"]) for e in s["evidence"])
        qualifiers = tuple(sorted(s["qualifiers"].items()))
        ends = s["subject"]["id"], s["predicate"], s["object"]["id"]
        said.add(Said(*ends, s["modality"], qualifiers, s["confidence"], s["flat"], evidence))
    return Graph(things, frozenset(said))
