"""The same graph has the same bytes in every format: any hash seed, any number of workers, any order of inputs."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from invented import small_graph
from turtle_graphs import sample

from kg.serialize.formats import FILES, write_formats
from kg.vocabulary import load_vocabulary

ROOT = Path(__file__).parents[2]
SEED = ROOT / "seeds" / "002_93e37cfb148d3bbe.txt"
ALL = [file for files in FILES.values() for file in files]
STORIES = {
    "b.txt": "青岚市举办机器人大会\n5月6日，由云泽省科学技术厅主办、青岚市人民政府承办的2031云泽机器人大会在青岚市举行。",
    "a.txt": "云泽大学与朗星机器人有限公司签约\n昨日，云泽大学与朗星机器人有限公司签署战略合作协议。",
    "c.txt": "朗星再获投资\n青岚农商银行向朗星机器人有限公司发放贷款5000万元。朗星机器人有限公司董事长顾明远川表示欢迎。",
}


def digests(folder: Path) -> dict[str, str]:
    outputs = json.loads((folder / "manifest.json").read_bytes())["outputs"]
    found = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ALL}
    assert found == {name: outputs[name]["sha256"] for name in ALL}, "the manifest describes every file"
    return found


@pytest.fixture(scope="module")
def inputs(tmp_path_factory) -> list[str]:
    folder = tmp_path_factory.mktemp("stories")
    for name, text in STORIES.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "page.txt").write_bytes(SEED.read_bytes())
    return sorted(str(path) for path in folder.iterdir())


def build(out: Path, inputs: list[str], *, seed: str, workers: str) -> dict[str, str]:
    command = [sys.executable, "-m", "kg", "build", *inputs, "-o", str(out)]
    command += ["--workers", workers, "--formats", ",".join(FILES), "--no-cache"]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    return digests(out)


def test_real_builds_have_the_same_bytes_in_every_format(inputs: list[str], tmp_path: Path) -> None:
    first = build(tmp_path / "1", inputs, seed="1", workers="1")
    assert build(tmp_path / "2", inputs[::-1], seed="2", workers="2") == first
    assert (
        build(tmp_path / "3", [inputs[2], inputs[0], inputs[3], inputs[1]], seed="77", workers="3") == first
    )


@pytest.mark.parametrize(
    "graph", [replace(small_graph(), min_confidence=0.65), sample()], ids=["small", "occurrence"]
)
def test_collections_in_another_order_give_the_same_bytes(graph) -> None:
    turned = replace(
        graph,
        sources=graph.sources[::-1],
        articles=graph.articles[::-1],
        nodes=graph.nodes[::-1],
        edges=tuple(replace(edge, supports=edge.supports[::-1]) for edge in graph.edges[::-1]),
        happenings=tuple(
            replace(h, roles={role: nodes[::-1] for role, nodes in reversed(h.roles.items())})
            for h in graph.happenings
        ),
    )
    vocabulary = load_vocabulary()
    one, other = (write_formats(g, vocabulary, formats=FILES) for g in (graph, turned))
    assert [name for name in one if one[name] != other[name]] == []


WRITE = (
    "import sys, hashlib; from turtle_graphs import sample; from kg.serialize.formats import FILES, write_formats\n"
    "from kg.vocabulary import load_vocabulary\n"
    "for name, data in write_formats(sample(), load_vocabulary(), formats=FILES).items():\n"
    "    print(name, hashlib.sha256(data).hexdigest())"
)


def test_hash_seeds_make_no_difference_to_any_writer() -> None:
    wanted = "".join(
        f"{name} {hashlib.sha256(data).hexdigest()}\n"
        for name, data in write_formats(sample(), load_vocabulary(), formats=FILES).items()
    )
    for seed in ("0", "1", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parent)}
        run = subprocess.run(
            [sys.executable, "-c", WRITE], env=environment, capture_output=True, text=True, check=True
        )
        assert run.stdout == wanted
