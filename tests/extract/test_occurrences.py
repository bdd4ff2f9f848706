"""Happenings: which statements tell of one, and what is known of it."""

from __future__ import annotations

import pytest
from marked_documents import marked, sentence_of, span_of

from kg.extract.occurrences import group_occurrences
from kg.model import Amount, Document, Evidence, Statement, When


def statement(document: Document, subject: str, predicate: str, object_: str, **more) -> Statement:
    ids = dict(zip((m.text for m in document.mentions), document.links, strict=True))
    sentence = sentence_of(document, object_)
    return Statement(
        subject=ids[subject],
        predicate=predicate,
        object=ids[object_],
        subject_span=span_of(document, subject),
        object_span=span_of(document, object_),
        evidence=(Evidence(start=sentence.start, end=sentence.end, text=sentence.of(document.source.text)),),
        confidence=0.9,
        rule="test",
        **more,
    )


SIGNING = (
    "12月16日，[蓝湖公司|Organization]、[青禾学院|Organization]、[白石集团|Organization]在[云州市|Place]"
    "三方签约，总投资约2亿元。"
)


def test_one_signing_has_all_its_parties():
    """Three pairs of one sentence are one signing, with its date, place and sum."""
    document = marked(SIGNING)
    pairs = [("蓝湖公司", "青禾学院"), ("蓝湖公司", "白石集团"), ("青禾学院", "白石集团")]
    statements = [
        statement(document, a, "signsAgreementWith", b, qualifiers={"amount": "约2亿元"}) for a, b in pairs
    ]
    (signing,), marked_statements = group_occurrences(document, statements)
    assert signing.id == "o1"
    assert signing.kind == "Signing"
    assert signing.roles == {"party": ("e1", "e2", "e3")}
    assert signing.date == When(value="2023-12-16", text="12月16日")
    assert signing.place == "e4"
    assert signing.amount == Amount(value="200000000", currency="CNY", text="约2亿元", modifier="约")
    assert [s.occurrence for s in marked_statements] == ["o1", "o1", "o1"]


def test_a_plan_is_not_its_fulfilment():
    """Equal statements of different modality are different happenings."""
    document = marked(SIGNING)
    done = statement(document, "蓝湖公司", "signsAgreementWith", "青禾学院")
    planned = statement(document, "蓝湖公司", "signsAgreementWith", "白石集团", modality="planned")
    occurrences, _ = group_occurrences(document, [done, planned])
    assert [o.roles for o in occurrences] == [{"party": ("e1", "e2")}, {"party": ("e1", "e3")}]


def test_what_happens_once_is_one_happening_over_sentences():
    """Two sentences that name founders of the same body tell of one founding."""
    document = marked(
        "[蓝湖公司|Organization]发起成立[白石基金|Organization]。[青禾学院|Organization]也是白石基金的发起人。"
    )
    first = statement(document, "蓝湖公司", "establishes", "白石基金")
    second = statement(document, "青禾学院", "establishes", "白石基金")
    (founding,), _ = group_occurrences(document, [first, second])
    assert founding.roles == {"founded": ("e2",), "founder": ("e1", "e3")}


def test_investments_in_two_targets_are_two():
    """One sentence may tell of two investments."""
    document = marked("[蓝湖公司|Organization]入股[青禾科技|Organization]和[白石集团|Organization]。")
    targets = ["青禾科技", "白石集团"]
    statements = [statement(document, "蓝湖公司", "investsIn", target) for target in targets]
    occurrences, _ = group_occurrences(document, statements)
    assert [(o.id, o.kind, o.roles["recipient"]) for o in occurrences] == [
        ("o1", "Investment", ("e2",)),
        ("o2", "Investment", ("e3",)),
    ]


def test_a_post_is_a_happening_only_when_it_is_taken_up():
    """董事长林知远 holds a post; 林知远当选会长 takes one up."""
    holds = marked("[蓝湖公司|Organization]董事长[林知远|Person]出席。")
    occurrences, statements = group_occurrences(
        holds, [statement(holds, "林知远", "holdsPosition", "蓝湖公司")]
    )
    assert occurrences == ()
    assert statements[0].occurrence is None
    takes = marked("[林知远|Person]当选[青禾学会|Organization]会长。")
    (posting,), _ = group_occurrences(takes, [statement(takes, "林知远", "holdsPosition", "青禾学会")])
    assert (posting.kind, posting.roles) == ("Posting", {"body": ("e2",), "holder": ("e1",)})


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("在[2023云岭峰会|Event]上，[蓝湖公司|Organization]与[青禾学院|Organization]签署合作协议。", True),
        ("[云岭论坛|Event]期间，[蓝湖公司|Organization]与[青禾学院|Organization]签署合作协议。", True),
        ("[会上|Event]，[蓝湖公司|Organization]与[青禾学院|Organization]签署合作协议。", True),
        ("[“云岭峰会”|Event]上海分会的[蓝湖公司|Organization]与[青禾学院|Organization]签署合作协议。", False),
        ("[蓝湖公司|Organization]与[青禾学院|Organization]签署合作协议，将共办[云岭论坛|Event]。", False),
        ("[云岭论坛|Event]上座无虚席。[蓝湖公司|Organization]与[青禾学院|Organization]签署合作协议。", False),
    ],
)
def test_the_event_at_which_it_happened(text, at):
    document = marked(text)
    signed = statement(
        document, "蓝湖公司", "signsAgreementWith", "青禾学院", qualifiers={"agreement": "合作协议"}
    )
    (signing,), _ = group_occurrences(document, [signed])
    events = [
        link
        for mention, link in zip(document.mentions, document.links, strict=True)
        if mention.type == "Event"
    ]
    assert signing.event == (events[0] if at else None)
    assert signing.subject == "合作协议"
