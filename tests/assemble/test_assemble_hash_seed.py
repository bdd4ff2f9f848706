"""The graph is the same bytes under any hash seed."""

from __future__ import annotations

import os
import subprocess
import sys

SCRIPT = """
import hashlib
from kg.assemble import assemble
from kg.model import *
from kg.resolve.across import identify
from kg.serialize.report import write_report
from kg.serialize.statements import write_statements
from kg.vocabulary import load_vocabulary

names = ["云岭大学", "云岭大学有限公司", "市科协", "聊城市科学技术协会", "浙江省科技厅", "浙江科技厅", "江北银行"]
found = []
for n in range(6):
    organizations = [Entity(id=f"o{i}", type="Organization", name=x, aliases=tuple(names[: n + i : 3]))
                     for i, x in enumerate(names) if (n + i) % 3]
    people = [Entity(id=f"p{i}", type="Person", name=x) for i, x in enumerate(["王刚", "李小云"])]
    places = [Entity(id="q", type="Place", name="聊城")]
    said = tuple(
        Statement(subject=p.id, predicate="holdsPosition", object=o.id, subject_span=Span(0, 1), object_span=Span(1, 2),
                  evidence=(Evidence(start=i, end=i + 2, text="一二"),), confidence=0.5 + i / 10, rule="r",
                  qualifiers={"role": "主任", "date": "2024"})
        for p in people for i, o in enumerate(organizations[n % 2 :: 2]))
    article = Article(source=f"s{n}", index=0, spans=(), passages=(), title="题", published=f"2024-0{n % 3 + 1}-01")
    found.append(Extraction(article=article, entities=(*organizations, *people, *places), statements=said))
vocabulary = load_vocabulary()
graph = assemble([], found, identities=identify(found), vocabulary=vocabulary, min_confidence=0.6)
assert len(graph.edges) > 5
print(hashlib.sha256(write_report(graph, vocabulary) + write_statements(graph, vocabulary)).hexdigest())
"""


def test_two_hash_seeds_give_the_same_bytes() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2", "33")
    }
    assert len(digests) == 1
    assert len(digests.pop().strip()) == 64
