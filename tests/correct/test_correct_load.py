"""A corrections file is checked when it is loaded: every fault is named with its line, contradictions with both."""

import json
from itertools import permutations

import pytest
from corrected_news import NEWS, write
from hypothesis import given
from hypothesis import strategies as st

from kg.cli.main import run
from kg.correct.load import parse_corrections
from kg.correct.schema import KINDS, Rename, json_schema
from kg.errors import CorrectionsError
from kg.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()


def faults(text):
    """Return the lines of the message that refuses `text`."""
    with pytest.raises(CorrectionsError) as refused:
        parse_corrections(text.encode(), VOCABULARY, file="c.yaml")
    return str(refused.value).splitlines()


def entries(text):
    return [located.entry for located in parse_corrections(text.encode(), VOCABULARY).entries]


MALFORMED = {
    "no list": ("merge: [甲, 乙]\n", ["c.yaml:1: a list of entries was expected"]),
    "no YAML": ("- merge: [甲\n- drop: 乙\n", ["c.yaml:2: YAML was expected"]),
    "no entry": ("# a\n- 甲\n", ["c.yaml:2: an entry with one of the keys merge, keep_apart"]),
    "unknown kind": ("- join: [甲, 乙]\n", ["c.yaml:1: an entry with exactly one of the keys"]),
    "two kinds": ("- merge: [甲, 乙]\n  drop: 甲\n", ["c.yaml:1: an entry with exactly one of the keys"]),
    "too few": ("- merge: [甲]\n", ["c.yaml:1: merge: at least 2 were expected, it has 1"]),
    "key missing": ("- drop: 乙\n- rename: 甲\n", ["c.yaml:2: rename: to: this key was expected"]),
    "empty words": (
        "- rename: ''\n  to: 乙\n",
        ["c.yaml:1: rename: rename.name: words were expected, it is empty"],
    ),
    "unknown key": (
        "- drop: 甲\n  because: x\n",
        ["c.yaml:2: drop: because: no such key was expected; drop knows"],
    ),
    "unknown inner key": (
        "- merge:\n  - 甲\n  - name: 乙\n    typ: Person\n",
        ["c.yaml:4: merge: merge.1.typ: no such key was expected"],
    ),
    "unknown type": (
        "- drop:\n    name: 甲\n    type: Persn\n",
        ["c.yaml:3: unknown entity class or subtype 'Persn'; did you mean Person?"],
    ),
    "unknown new type": ("- retype: 甲\n  to: Firm\n", ["c.yaml:2: unknown entity class or subtype 'Firm'"]),
    "unknown relation": (
        "- drop:\n    subject: 甲\n    predicate: host\n    object: 乙\n",
        ["c.yaml:3: unknown relation 'host'; did you mean hosts?"],
    ),
    "unknown qualifier": (
        "- accept:\n    subject: 甲\n    predicate: hosts\n    object: 乙\n    qualifiers:\n      role: 主席\n",
        ["c.yaml:6: hosts has no qualifier 'role'"],
    ),
    "unknown modality": (
        "- accept: {subject: 甲, predicate: hosts, object: 乙, modality: sure}\n",
        ["c.yaml:1: accept: accept.modality: 'stated', 'planned' or 'past' was expected, not 'sure'"],
    ),
    "no source": (
        "- add: {subject: 甲, predicate: hosts, object: 乙}\n",
        ["c.yaml:1: add: either quote (words of an article) or source"],
    ),
    "key twice": (
        "- drop: 甲\n  reason: x\n  reason: y\n",
        ["c.yaml:3: the key 'reason' is given twice, first on line 2"],
    ),
    "alias": ("- drop: &a 甲\n- drop: *a\n", ["c.yaml:1: anchors and aliases are not used here"]),
    "several faults": (
        "- merge: [甲]\n- drop: 乙\n- retype: 丙\n  to: Firm\n",
        ["c.yaml:1: merge: at least 2", "c.yaml:4: unknown entity class"],
    ),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_a_fault_is_named_with_its_line(case):
    text, expected = MALFORMED[case]
    said = faults(text)
    assert len(said) == len(expected)
    for line, beginning in zip(said, expected, strict=True):
        assert line.startswith(beginning)


def test_what_is_no_text_is_refused():
    with pytest.raises(CorrectionsError, match=r"c\.yaml:2: text in UTF-8 was expected"):
        parse_corrections(b"- drop: x\n- drop: \xff\n", VOCABULARY, file="c.yaml")


def test_words_stay_what_was_written():
    (entry,) = entries("- rename: {name: no}\n  to: 0360\n  reason:\n")
    assert entry == Rename(rename={"name": "no"}, to="0360")


CONTRADICTIONS = {
    "merged and kept apart": (["- merge: [甲, 乙]", "- keep_apart: [乙, 甲]"], "kept apart"),
    "through a third": (
        ["- merge: [甲, 乙]", "- merge: [乙, {name: 丙, type: Person}]", "- keep_apart: [甲, 丙]"],
        "kept apart",
    ),
    "renamed twice": (["- {rename: 甲, to: 乙}", "- {rename: {name: 甲, type: Person}, to: 丙}"], "renamed"),
    "renamed twice, merged": (
        ["- {rename: 甲, to: 丙}", "- merge: [甲, 乙]", "- {rename: 乙, to: 丁}"],
        "renamed",
    ),
    "retyped twice": (["- {retype: 甲, to: Person}", "- {retype: 甲, to: Place}"], "retyped"),
    "dropped and added": (
        [
            "- drop: {subject: 甲, predicate: hosts, object: 乙}",
            "- {add: {subject: 甲, predicate: hosts, object: 乙}, quote: 甲办乙, article: a.txt}",
        ],
        "dropped",
    ),
    "dropped and accepted, ends the other way": (
        [
            "- drop: {subject: 甲, predicate: cooperatesWith, object: 乙, article: a.txt}",
            "- accept: {subject: 乙, predicate: cooperatesWith, object: 甲}",
        ],
        "dropped",
    ),
    "dropped and renamed": (["- drop: 甲", "- {rename: 甲, to: 乙}"], "dropped"),
}


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_entries_that_contradict_each_other_are_refused_with_both_lines(case):
    """Whatever their order: the message stands on the last line that is needed, and names the others."""
    lines, said = CONTRADICTIONS[case]
    for order in permutations(lines):
        (message,) = set(faults("\n".join(order) + "\n"))
        assert said in message
        named = {
            int(n)
            for n in message.replace("c.yaml:", "line ")
            .replace(":", " ")
            .replace(",", " ")
            .replace(";", " ")
            .split()
            if n.isdigit()
        }
        culprits = {
            i for i, line in enumerate(order, 1) if not (case == "renamed twice, merged" and "merge" in line)
        }
        assert named == culprits, message


SAID = "subject: 甲, predicate: hosts, object: 乙"
POST = "subject: 甲, predicate: holdsPosition, object: 乙"
COMPATIBLE = [
    ("- merge: [甲, 乙]", "- keep_apart: [甲, 丙]"),
    ("- {rename: 甲, to: 乙}", "- {rename: 甲, to: 乙, reason: again}"),
    (
        "- keep_apart: [{name: 甲, article: a.txt}, {name: 甲, article: b.txt}]",
        "- merge: [{name: 甲, article: a.txt}, {name: 甲, article: c.txt}]",
    ),
    (f"- drop: {{{SAID}, article: a.txt}}", f"- accept: {{{SAID}, article: b.txt}}"),
    (f"- drop: {{{SAID}, modality: planned}}", f"- accept: {{{SAID}, modality: stated}}"),
    (f"- drop: {{{POST}, qualifiers: {{role: 院长}}}}", f"- accept: {{{POST}, qualifiers: {{role: 教授}}}}"),
    (f"- drop: {{{SAID}}}", "- accept: {subject: 乙, predicate: hosts, object: 甲}"),
    ("- merge: [{name: 甲, type: Place}, 乙]", "- keep_apart: [{name: 甲, type: Organization}, 乙]"),
]


@pytest.mark.parametrize("lines", COMPATIBLE)
def test_entries_that_can_all_be_meant_are_taken(lines):
    assert len(entries("\n".join(lines))) == 2


def test_a_kept_apart_thing_is_two(tmp_path):
    assert "cannot be kept apart from itself" in faults("- keep_apart: [甲, 甲]\n")[0]


def test_a_build_with_a_broken_file_stops_before_it_begins_and_leaves_everything(tmp_path, capsys):
    write(tmp_path / "news", {"a.txt": NEWS["a.txt"]})
    out = tmp_path / "out"
    words = ["build", str(tmp_path / "news"), "-o", str(out), "--workers", "1"]
    assert run(words) == 0
    (out / "corrections.yaml").write_text("- merge: [甲, 乙]\n- keep_apart: [甲, 乙]\n", encoding="utf-8")
    before = {p.name: p.read_bytes() for p in out.iterdir() if p.is_file()}
    capsys.readouterr()
    assert run(words) == 3
    assert (
        "corrections.yaml:2: 甲 and 乙 are kept apart on line 2 and merged by line 1"
        in capsys.readouterr().err
    )
    assert {p.name: p.read_bytes() for p in out.iterdir() if p.is_file()} == before


NAME = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=8
).filter(lambda s: s.strip())


@given(name=NAME, to=NAME)
def test_whatever_a_thing_is_called_is_read_as_it_was_written(name, to):
    from kg.correct.write import block

    entry = Rename(rename={"name": name}, to=to)
    assert entries(block(entry)) == [entry]


def test_the_schema_is_printed_and_knows_every_kind(capsysbinary):
    assert run(["review", "--schema"]) == 0
    printed = capsysbinary.readouterr().out.decode()
    assert printed == json_schema()
    schema = json.loads(printed)
    keys = {key for definition in schema["$defs"].values() for key in definition.get("properties", ())}
    assert set(KINDS) <= keys
    assert schema["type"] == "array"
