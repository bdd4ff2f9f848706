"""What has changed between two graphs is told as what it is: another name is no new entity, other words are no new fact."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "serialize"))

from turtle_graphs import TEXT, article, sample, source, support

from kg.diff.compare import compare
from kg.diff.present import as_json, in_words, summary
from kg.diff.snapshot import read_snapshot
from kg.errors import InputError
from kg.model import Evidence, Span
from kg.serialize.turtle import write_turtle
from kg.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
UNI, LAB = "organization:云岭大学", "organization:南溪市“星火”研究院"
ZHOU = "person:周一鸣（云岭大学）"


def snapshot(graph, **more):
    return read_snapshot(write_turtle(graph, VOCABULARY, **more), VOCABULARY)


def between(old, new):
    return compare(snapshot(old), snapshot(new), symmetric=VOCABULARY.symmetric)


def with_edge(graph, number, **more):
    edges = list(graph.edges)
    edges[number] = replace(edges[number], **more)
    return replace(graph, edges=tuple(edges))


def with_support(graph, number, **more):
    return with_edge(graph, number, supports=(replace(graph.edges[number].supports[0], **more),))


def with_node(graph, id_, **more):
    """Change a node; a new id is a new id everywhere."""
    new = more.get("id", id_)

    def named(end):
        return new if end == id_ else end

    return replace(
        graph,
        nodes=tuple(replace(node, **more) if node.id == id_ else node for node in graph.nodes),
        edges=tuple(replace(e, subject=named(e.subject), object=named(e.object)) for e in graph.edges),
        happenings=tuple(
            replace(h, roles={role: tuple(map(named, ends)) for role, ends in h.roles.items()})
            for h in graph.happenings
        ),
    )


def without_edge(graph, number):
    return replace(graph, edges=tuple(e for n, e in enumerate(graph.edges) if n != number))


def told(changes):
    """Return the changes of the only statement that has changed."""
    (change,) = changes.claims_changed
    assert not changes.claims_added + changes.claims_removed
    return {one.what: (one.removed, one.added) for one in change.changes}


def test_a_graph_does_not_differ_from_itself_nor_from_itself_under_another_base_iri():
    assert not between(sample(), sample())
    elsewhere = snapshot(sample(), base_iri="https://data.example/kg/")
    assert not compare(snapshot(sample()), elsewhere)
    assert in_words(between(sample(), sample()), VOCABULARY) == "两图相同\n"


def test_entities_that_come_and_go():
    bare = replace(
        sample(),
        nodes=sample().nodes[:-1],
        happenings=tuple(replace(h, place=None) for h in sample().happenings),
    )
    changes = between(sample(), bare)
    assert [thing.id for thing in changes.things_removed] == ["place:南溪市"]
    assert [thing.id for thing in between(bare, sample()).things_added] == ["place:南溪市"]
    assert told(changes) == {"occurrence": (("place=place:南溪市",), ())}
    assert "- [地点] 南溪市\n" in in_words(changes, VOCABULARY)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"aliases": ("云大", "云岭大")}, {"altLabel": ((), ("云岭大",))}),
        ({"aliases": ()}, {"altLabel": (("云大",), ())}),
        ({"subtype": "Association"}, {"subtype": (("University",), ("Association",))}),
        ({"subtype": ""}, {"subtype": (("University",), ())}),
        ({"amounts": ("3亿元",)}, {"amountText": ((), ("3亿元",))}),
        ({"merged_because": ("同名",)}, {"mergedBecause": ((), ("同名",))}),
    ],
)
def test_what_has_changed_about_an_entity(more, expected):
    changes = between(sample(), with_node(sample(), UNI, **more))
    (change,) = changes.things_changed
    assert {one.what: (one.removed, one.added) for one in change.changes} == expected
    assert not changes.claims_changed


def test_another_name_is_a_rename_and_changes_no_statement():
    new = with_node(
        sample(), UNI, id="organization:云岭理工大学", name="云岭理工大学", aliases=("云大", "云岭大学")
    )
    changes = between(sample(), new)
    (change,) = changes.things_changed
    assert (change.old.name, change.new.name, change.shared) == ("云岭大学", "云岭理工大学", 2)
    assert not changes.things_added + changes.things_removed
    assert not changes.claims_added + changes.claims_removed + changes.claims_changed
    assert "~ [高校] 云岭大学 → [高校] 云岭理工大学\n    别名：无 → 云岭大学\n" in in_words(
        changes, VOCABULARY
    )


def test_another_discriminator_and_another_type_are_no_new_entities():
    new = with_node(sample(), ZHOU, id="person:周一鸣（南溪市）")
    (change,) = between(sample(), new).things_changed
    assert [(one.what, one.removed, one.added) for one in change.changes] == [
        ("id", (ZHOU,), ("person:周一鸣（南溪市）",))
    ]
    retyped = replace(
        with_node(without_edge(sample(), 2), LAB, id="place:南溪市“星火”研究院", type="Place"),
        happenings=(),
    )
    retyped = with_edge(retyped, 0, occurrence=None)
    (change,) = between(without_edge(sample(), 2), retyped).things_changed
    assert [(one.what, one.removed, one.added) for one in change.changes] == [
        ("type", ("Organization",), ("Place",))
    ]


def test_entities_that_share_no_mention_are_others_even_when_they_look_alike():
    """A namesake elsewhere in the text is another person: nothing says that they are the same."""
    post = sample().edges[1].supports[0]
    elsewhere = replace(
        post,
        evidence=Evidence(start=0, end=6, text=TEXT[:6]),
        subject_span=Span(3, 5),
        object_span=Span(3, 7),
    )
    new = with_node(sample(), ZHOU, id="person:周一鸣（南溪市）")
    new = with_edge(with_edge(new, 1, supports=(elsewhere,)), 2, supports=(elsewhere,))
    changes = between(sample(), new)
    assert [thing.id for thing in changes.things_removed] == [ZHOU]
    assert [thing.id for thing in changes.things_added] == ["person:周一鸣（南溪市）"]
    assert len(changes.claims_removed) == len(changes.claims_added) == 2


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda g: with_edge(g, 0, confidence=0.7), {"confidence": (("0.93",), ("0.7",))}),
        (
            lambda g: with_edge(g, 0, confidence=0.2),
            {"confidence": (("0.93",), ("0.2",)), "accepted": (("true",), ("false",))},
        ),
        (lambda g: with_edge(g, 0, modality="planned"), {"modality": (("stated",), ("planned",))}),
        (
            lambda g: with_edge(
                with_support(g, 0, qualifiers={"date": "2023-12-15", "amount": "约2亿元"}),
                0,
                key={"date": "2023-12-15"},
            ),
            {"qualifiers": (("date=2023-12-16",), ("date=2023-12-15",))},
        ),
        (
            lambda g: with_support(g, 0, qualifiers={"date": "2023-12-16", "amount": "2亿元"}),
            {"qualifiers": (("amount=约2亿元",), ("amount=2亿元",))},
        ),
        (
            lambda g: with_support(g, 0, rule="signing.other"),
            {"rule": (("signing.multi-party",), ("signing.other",))},
        ),
        (lambda g: with_support(g, 0, attributed_to=None), {"attributedTo": (("南溪日报",), ())}),
    ],
)
def test_what_has_changed_about_a_statement(change, expected):
    new = change(sample())
    assert told(between(sample(), new)) == expected


def test_evidence_that_is_added_is_told_from_evidence_that_has_moved():
    page = source(TEXT)
    other = support(page, "云岭大学与南溪市“星火”研究院签约", "云岭大学", "南溪市“星火”研究院")
    old = sample()
    more = with_edge(old, 0, supports=(*old.edges[0].supports, other))
    changes = between(old, more)
    assert told(changes) == {"evidence": ((), ())}
    (change,) = changes.claims_changed
    assert [ground.text for ground in change.added] == ["云岭大学与南溪市“星火”研究院签约"]
    assert change.removed == ()
    assert [ground.text for ground in between(more, old).claims_changed[0].removed] == [change.added[0].text]

    lead = "本报讯　"
    edited = source(lead + TEXT)

    def later(one):
        spans = {
            name: Span(*(n + len(lead) for n in getattr(one, name)))
            for name in ("subject_span", "object_span")
        }
        evidence = replace(
            one.evidence, start=one.evidence.start + len(lead), end=one.evidence.end + len(lead)
        )
        return replace(one, evidence=evidence, **spans)

    moved = replace(
        old,
        sources=(edited,),
        articles=(article(edited),),
        edges=tuple(replace(e, supports=tuple(map(later, e.supports))) for e in old.edges),
    )
    changes = between(old, moved)
    assert changes.sources_changed == (edited.id,)
    assert [[one.what for one in change.changes] for change in changes.claims_changed] == [["moved"]] * 3
    assert in_words(changes, VOCABULARY).splitlines() == [
        "来源：改变 1",
        "陈述：改变 3",
        f"~ {edited.id}  (文本已变)",
        "~ 另有 3 条陈述仅证据位置移动",
    ]


def test_entities_that_become_one_are_merged_and_the_other_way_round_split():
    old = sample()
    one = with_node(without_edge(old, 1), LAB, id=LAB)
    apart = replace(
        one,
        nodes=(
            *(n for n in one.nodes if n.id != UNI),
            *(replace(n, id="organization:云大", name="云大", aliases=()) for n in one.nodes if n.id == UNI),
            *(n for n in one.nodes if n.id == UNI),
        ),
        edges=(one.edges[0], replace(one.edges[1], object="organization:云大")),
    )
    apart = replace(apart, nodes=tuple(sorted(apart.nodes, key=lambda n: n.id)))
    merged = between(apart, one)
    assert [(m.old.id, m.new.id, m.shared) for m in merged.merged] == [("organization:云大", UNI, 1)]
    assert not merged.things_removed + merged.things_added
    assert not merged.claims_added + merged.claims_removed, "its statements are those of the other now"
    assert "~ [高校] 云大 并入 [高校] 云岭大学\n" in in_words(merged, VOCABULARY)
    split = between(one, apart)
    assert [(s.old.id, s.new.id) for s in split.split] == [(UNI, "organization:云大")]
    assert "~ [高校] 云大 拆自 [高校] 云岭大学\n" in in_words(split, VOCABULARY)


def test_a_statement_that_comes_or_goes_is_told_with_its_evidence():
    changes = between(without_edge(sample(), 0), sample())
    assert [(c.subject, c.predicate, c.object) for c in changes.claims_added] == [
        (UNI, "signsAgreementWith", LAB)
    ]
    assert in_words(changes, VOCABULARY).splitlines()[-2:] == [
        "+ 云岭大学 —签约→ 南溪市“星火”研究院；日期：2023-12-16  [0.93]",
        "  “云岭大学与南溪市“星火”研究院签约，金额约2亿元” 页/第1版 A%.txt 3–27",
    ]
    english = in_words(between(sample(), without_edge(sample(), 0)), VOCABULARY, language="en")
    assert "- 云岭大学 —signs agreement with→ 南溪市“星火”研究院; date: 2023-12-16  [0.93]\n" in english
    assert summary(changes, language="en") == "statements: added 1\n"


def test_the_ends_of_a_symmetric_statement_can_be_swapped():
    edge = sample().edges[0]
    swapped = with_edge(sample(), 0, subject=edge.object, object=edge.subject)
    assert compare(snapshot(sample()), snapshot(swapped)).claims_added, "it is symmetry that says so"
    assert not between(sample(), swapped).claims_added


def test_json_says_what_the_words_say():
    found = as_json(between(sample(), with_edge(sample(), 0, confidence=0.7)))
    assert found["summary"]["statements"] == {"added": 0, "removed": 0, "changed": 1}
    (change,) = found["statements"]["changed"]
    assert change["changes"] == [{"what": "confidence", "removed": ["0.93"], "added": ["0.7"]}]
    assert change["new"]["evidence"][0]["start"] == 3
    assert json.loads(json.dumps(found)) == found


def test_what_is_no_graph_of_ours_is_an_input_error():
    with pytest.raises(InputError, match=r"mine\.ttl: Turtle was expected"):
        read_snapshot(b"no turtle", VOCABULARY, name="mine.ttl")
    with pytest.raises(InputError, match="no nk:Source"):
        read_snapshot(b"<https://a.example/x> a <https://a.example/C> .", VOCABULARY)


@pytest.fixture
def folders(tmp_path):
    for name, graph in (("old", sample()), ("new", with_node(without_edge(sample(), 2), UNI, aliases=()))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "graph.ttl").write_bytes(write_turtle(graph, VOCABULARY))
    return tmp_path


def kg(*args, **more):
    return subprocess.run(
        [sys.executable, "-m", "kg", *map(str, args)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        **more,
    )


def test_the_command_compares_folders_files_and_a_stream(folders):
    expected = "实体：改变 1\n陈述：删除 1\n"
    done = kg("diff", folders / "old", folders / "new")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(expected)
    assert "- 周一鸣（云岭大学） —成员→ 云岭大学" in done.stdout
    turtle = (folders / "new" / "graph.ttl").read_text(encoding="utf-8")
    streamed = kg("diff", folders / "old" / "graph.ttl", "-", "--exit-code", input=turtle)
    assert (streamed.returncode, streamed.stdout) == (1, done.stdout)
    assert kg("diff", folders / "old", folders / "old", "--exit-code").returncode == 0
    counted = json.loads(kg("diff", folders / "old", folders / "new", "--format", "json", "--summary").stdout)
    assert counted["entities"] == {"added": 0, "removed": 0, "changed": 1, "merged": 0, "split": 0}
    assert kg("diff", "-", "-").returncode == 2
    assert kg("diff", folders / "old", folders / "gone").returncode == 2


def test_the_answer_does_not_depend_on_the_seed_of_hashes(folders):
    answers = {
        kg("diff", folders / "new", folders / "old", env={**os.environ, "PYTHONHASHSEED": seed}).stdout
        for seed in ("1", "2", "3")
    }
    assert len(answers) == 1
