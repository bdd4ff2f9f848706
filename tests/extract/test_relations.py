"""Candidate pairs, how frames and ranker are joined, which statements exclude each other, confidence."""

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marked_documents import marked

from kg.extract.frames import FrameMatch
from kg.extract.relations.calibration import from_json, load_calibration, untaught
from kg.extract.relations.candidates import MAX_INSTANCES, Instance, View, instances
from kg.extract.relations.circumstances import Voices, circumstances
from kg.extract.relations.ranker import Ranked
from kg.extract.relations.statements import EXCLUSIVE, RULE, hits_of, propose
from kg.model import Span

NAMES = (
    ("云岭大学", "Organization"),
    ("青禾科技", "Organization"),
    ("海棠市", "Place"),
    ("林望舒", "Person"),
    ("星河论坛", "Event"),
)
MARKED = st.lists(
    st.one_of(
        st.sampled_from([f"[{name}|{kind}]" for name, kind in NAMES]),
        st.sampled_from(["、", "与", "和", "。", "，", "\n", "签署", "主办了", "校长", "出席"]),
    ),
    min_size=1,
    max_size=30,
).map("".join)
TEXT = "[云岭大学|Organization]与[青禾科技|Organization]签约，[林望舒|Person]出席。[海棠市|Place]有雨。"


@given(MARKED)
def test_a_pair_is_two_things_in_text_order_at_anchors_that_are_there(text):
    view = View(marked(text))
    seen = Counter()
    for one in instances(view):
        assert one.first != one.second
        left = view.anchors[one.left_sentence][one.left]
        right = view.anchors[one.right_sentence][one.right]
        assert {left.entity, right.entity} == {one.first, one.second}
        assert left.span.end <= right.span.start
        assert one.left_sentence <= one.right_sentence
        seen[frozenset((one.first, one.second))] += 1
        meets = any({one.first, one.second} <= {a.entity for a in row} for row in view.anchors.values())
        assert one.together == meets
    assert all(n <= MAX_INSTANCES for n in seen.values())


@given(MARKED)
def test_every_pair_of_one_sentence_is_a_candidate(text):
    view = View(marked(text))
    found = {frozenset((i.first, i.second)) for i in instances(view)}
    for row in view.anchors.values():
        for a in row:
            for b in row:
                assert a.entity == b.entity or frozenset((a.entity, b.entity)) in found


@given(MARKED)
def test_candidates_come_in_a_fixed_order_once_each(text):
    found = list(instances(View(marked(text))))
    assert found == list(instances(View(marked(text))))
    assert len(set(found)) == len(found)


def test_members_of_a_coordination_are_one_group():
    view = View(marked("[云岭大学|Organization]、[青禾科技|Organization]和[林望舒|Person]到场。"))
    assert view.group[0] == [0, 0, 2]


# ---------------- frames and ranker joined


def match(document, relation, *, subject="云岭大学", object_="青禾科技", frame="f", prior=0.8):
    ids = {e.name: e.id for e in document.entities}
    spans = {e.name: next(m.span for m in document.mentions if m.text == e.name) for e in document.entities}
    return FrameMatch(
        frame=frame,
        relation=relation,
        subject=ids[subject],
        object=ids[object_],
        subject_span=spans[subject],
        object_span=spans[object_],
        clause=Span(0, 11),
        confidence=prior,
        group=f"{frame}@0",
    )


def ranked(view, relation, probability, subject=0, object_=1):
    place = next(i for i in instances(view) if {i.first, i.second} == {subject, object_})
    return Ranked(
        subject=subject, predicate=relation, object=object_, probability=probability, instance=place
    )


def joined(matches, rankings, *, taught=("hosts", "supports", "signsAgreementWith", "acquires")):
    document = marked(TEXT)
    view = View(document)
    return propose(
        view,
        [match(document, *m) if isinstance(m, tuple) else m(document) for m in matches],
        [ranked(view, *r) for r in rankings],
        taught=frozenset(taught),
        symmetric=frozenset({"signsAgreementWith", "cooperatesWith"}),
        confidences_of=untaught().confidences,
    )


def test_a_frame_and_the_ranker_make_one_statement_that_names_the_frame():
    (only,), dropped = joined([("hosts",)], [("hosts", 0.9)])
    assert (only.rule, only.confidence, only.predicate) == ("f", 0.9, "hosts")
    assert dropped == []


def test_a_frame_of_a_relation_that_the_ranker_was_not_taught_speaks_with_its_own_prior():
    (only,), _ = joined([("supplies",)], [])
    assert (only.rule, only.confidence) == ("f", 0.8)


def test_a_pair_that_only_the_ranker_sees_names_the_ranker_and_its_sentence():
    (only,), _ = joined([], [("hosts", 0.7)])
    assert (only.rule, only.confidence) == (RULE, 0.7)
    assert only.clauses[0].start == 0


def test_both_directions_of_a_symmetric_relation_are_one_statement():
    def turned(document):
        return match(
            document, "signsAgreementWith", subject="青禾科技", object_="云岭大学", frame="g", prior=0.6
        )

    (only,), _ = joined([("signsAgreementWith",), turned], [("signsAgreementWith", 0.5)])
    assert (only.subject, only.object, only.rule) == ("e1", "e2", "f")
    assert only.subject_span.start < only.object_span.start


@pytest.mark.parametrize("group", EXCLUSIVE, ids=lambda group: "|".join(sorted(group)))
def test_of_relations_that_exclude_each_other_the_ranker_keeps_the_surer(group):
    one, other = sorted(group)[:2]
    kept, dropped = joined([], [(one, 0.9), (other, 0.6)], taught=group)
    assert [(p.predicate, p.confidence) for p in kept] == [(one, 0.9)]
    assert [(d.predicate, d.reason) for d in dropped] == [
        (other, f"{one} is more probable for this pair (0.9)")
    ]


def test_what_a_frame_reads_is_not_excluded():
    kept, dropped = joined([("supports",)], [("hosts", 0.95)])
    assert {p.predicate for p in kept} == {"hosts", "supports"}
    assert dropped == []


def test_of_two_directions_the_surer_stays():
    kept, dropped = joined([], [("acquires", 0.8), ("acquires", 0.3, 1, 0)])
    assert [(p.subject, p.object) for p in kept] == [("e1", "e2")]
    assert [d.reason for d in dropped] == ["the other direction is more probable (0.8)"]


def test_relations_of_different_groups_stand_together():
    kept, _ = joined([], [("hosts", 0.9), ("acquires", 0.6)])
    assert {p.predicate for p in kept} == {"hosts", "acquires"}


def test_hits_tell_the_ranker_the_frame_the_direction_and_the_sentence():
    document = marked(TEXT)
    assert hits_of(document, [match(document, "hosts")]) == {
        (0, 1): [("f", "hosts", True, 0)],
        (1, 0): [("f", "hosts", False, 0)],
    }


def test_instances_of_two_sentences_are_not_together():
    assert not Instance(0, 1, 0, 1, 0, 0).together


# ---------------- confidence


TREES = {
    "bias": -0.5,
    "features": ["prior", "probability"],
    "trees": [
        [
            {"feature": "probability", "threshold": 0.5, "left": 1, "right": 2},
            {"value": -1.0},
            {"feature": "prior", "threshold": 0.0, "left": 3, "right": 4},
            {"value": 0.5},
            {"value": 2.0},
        ],
        [{"value": 0.25}],
    ],
}


def test_the_leaves_that_a_row_reaches_add_up_to_its_log_odds():
    rows = [{"probability": 0.5, "prior": 0.9}, {"probability": 0.6}, {"probability": 0.6, "prior": 0.9}]
    odds = [-0.5 - 1.0 + 0.25, -0.5 + 0.5 + 0.25, -0.5 + 2.0 + 0.25]
    assert from_json(TREES).confidences(rows) == [round(1 / (1 + math.exp(-x)), 4) for x in odds]


def test_before_training_the_louder_voice_is_believed():
    assert untaught().confidences([{"probability": 0.3, "prior": 0.8}, {"probability": 0.4}]) == [0.8, 0.4]


@given(
    st.lists(st.fixed_dictionaries({"probability": st.floats(0, 1), "prior": st.floats(0, 1)}), max_size=5)
)
def test_a_confidence_does_not_depend_on_what_is_judged_beside_it(rows):
    shipped = load_calibration()
    together = shipped.confidences(rows)
    assert together == [shipped.confidences([row])[0] for row in rows]
    assert all(0 <= c <= 1 for c in together)


def test_rivals_are_among_the_circumstances():
    """The object that another statement gives to the same subject and relation is known to each of the two."""
    view = View(marked(TEXT))
    first, second = view.entities[0].id, view.entities[1].id
    voices = {
        (first, "hosts", second): Voices(probability=0.9),
        (first, "supports", second): Voices(prior=0.6),
    }
    found = circumstances(view, voices)
    assert found[first, "supports", second]["other relation"] == 0.9
    assert found[first, "hosts", second]["other relation"] == 0.0
    assert found[first, "hosts", second]["relation hosts"] == 1.0
