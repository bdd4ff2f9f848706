"""The README's worked example: a relation of the user's own, in three files and no Python."""

import json
import re
import shlex
import shutil
import subprocess
import sys

import pytest
from record_readme import README

TEXT = README.read_text(encoding="utf-8")
SECTION = TEXT[TEXT.index("<!-- worked example:") : TEXT.index("<!-- end of worked example -->")]
FILES = dict(re.findall(r"^`([\w./-]+)`\n\n```\w+\n(.*?)```$", SECTION, re.MULTILINE | re.DOTALL))
CONSOLE = re.findall(r"```console\n(.*?)```", SECTION, re.DOTALL)[0]
STEPS = [
    (command, shown)
    for command, shown in re.findall(r"^\$ kg (.*)\n((?:(?!\$ ).*\n)*)", CONSOLE, re.MULTILINE)
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with exactly the README's files."""
    folder = tmp_path_factory.mktemp("readme")
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


@pytest.fixture
def mine(folder, tmp_path):
    """Return a copy that a test may spoil."""
    return shutil.copytree(folder, tmp_path / "copy")


def kg(folder, *words):
    return subprocess.run(
        [sys.executable, "-m", "kg", *words], cwd=folder, capture_output=True, check=False, encoding="utf-8"
    )


def extracted(folder, text):
    (folder / "own.txt").write_text(text, encoding="utf-8")
    done = kg(folder, "extract", "own.txt", "--resources", "my/")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    names = {e["id"]: e["name"] for e in found["entities"]}
    return [
        (names[s["subject"]], names[s["object"]], s["modality"], s["rule"])
        for s in found["statements"]
        if s["predicate"] == "supplies"
    ]


def test_the_example_has_an_ontology_a_frame_a_lexicon_and_an_article():
    assert set(FILES) == {
        "my/ontology.ttl",
        "my/frames/supplies.yaml",
        "my/lexicons/name_endings.tsv",
        "deliveries.txt",
    }
    assert [command.split()[0] for command, _ in STEPS] == ["build", "validate", "query", "explain"]


def test_the_commands_do_what_the_readme_shows(folder):
    for command, shown in STEPS:
        done = kg(folder, *shlex.split(command))
        assert done.returncode == 0, done.stderr
        if shown:
            assert done.stdout == shown
        if command.startswith("build"):
            turtle = (folder / "found" / "graph.ttl").read_text(encoding="utf-8")
            assert "<https://example.org/terms#supplies>" in turtle or "my:supplies" in turtle
        if command.startswith("explain"):
            assert "supplies 供货" in done.stdout
            assert "frame supplies.to (supplies.yaml:1)" in done.stdout


def test_the_relation_is_found_in_another_sentence(mine):
    text = "海棠电力设备有限公司将为星河汽车有限公司供应电池。\n"
    assert extracted(mine, text) == [("海棠电力设备有限公司", "星河汽车有限公司", "planned", "supplies.to")]


def test_without_the_folder_nothing_of_it_is_there(mine):
    done = kg(mine, "extract", "deliveries.txt")
    assert "supplies" not in done.stdout


MISTAKES = {
    "unknown class": ("ontology.ttl", "rangeIncludes nk:Organization", "rangeIncludes nk:Factory", "Factory"),
    "broken Turtle": ("ontology.ttl", "a nk:Relation ;", "a nk:Relation , ;", "Turtle was expected"),
    "label missing": ("ontology.ttl", ' , "supplies"@en', "", "rdfs:label in zh and en"),
    "unknown relation": (
        "frames/supplies.yaml",
        "relation: supplies",
        "relation: supplys",
        "unknown relation",
    ),
    "unknown type": ("frames/supplies.yaml", "{subject:Organization+}<gap:4>", "{subject:Firm+}", "'Firm'"),
    "bad pattern": ("frames/supplies.yaml", "(?:供货|供应)'", "(?:供货|供应'", "valid pattern"),
    "unknown sub-pattern": ("frames/supplies.yaml", "<gap:4>", "<gaps:4>", "unknown sub-pattern"),
    "bad confidence": ("frames/supplies.yaml", "confidence: 0.9", "confidence: 9", "at most 1"),
    "bad YAML": ("frames/supplies.yaml", "triggers: [供货, 供应]", "triggers: [供货, 供应", "YAML"),
    "fact not read": (
        "frames/supplies.yaml",
        "[甲公司|Organization]向[乙公司|Organization]供货。",
        "[甲公司|Organization]与[乙公司|Organization]会谈。",
        "reads nothing",
    ),
    "fact read against the promise": (
        "frames/supplies.yaml",
        "[甲公司|Organization]未向",
        "[甲公司|Organization]向",
        "expected to read nothing",
    ),
    "modality not read": ("frames/supplies.yaml", "modality=planned", "modality=past", "modality=past"),
    "stray white space": ("lexicons/name_endings.tsv", "电池厂\tcom", " 电池厂\tcom", "white space"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_with_file_and_line(mine, mistake):
    name, old, new, said = MISTAKES[mistake]
    path = mine / "my" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    done = kg(mine, "extract", "deliveries.txt", "--resources", "my/")
    assert done.returncode == 3, done.stderr
    assert done.stdout == ""
    assert re.search(rf"{re.escape(name)}:\d+: ", done.stderr), done.stderr
    assert said in done.stderr


def test_a_frame_without_sentences_is_refused(mine):
    path = mine / "my" / "frames" / "supplies.yaml"
    path.write_text(re.sub(r"(?s)  no_match:.*", "", path.read_text(encoding="utf-8")), encoding="utf-8")
    done = kg(mine, "extract", "deliveries.txt", "--resources", "my/")
    assert done.returncode == 3
    assert "supplies.yaml:1: the key 'no_match' was expected" in done.stderr


@pytest.mark.parametrize("name", ["lexicons/posts.tsv", "lexicons/mine.tsv", "frames/supplies.yml"])
def test_a_file_that_would_be_passed_over_is_refused(mine, name):
    (mine / "my" / name).write_text("云岭\tx\n", encoding="utf-8")
    done = kg(mine, "extract", "deliveries.txt", "--resources", "my/")
    assert done.returncode == 3
    assert name in done.stderr
