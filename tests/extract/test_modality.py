"""Modality of clauses, and who reports them."""

from __future__ import annotations

import pytest

from kg.extract.attribution import attribution_of
from kg.extract.modality import modality_of
from kg.model import Reading, Span


def modality(text: str, trigger: str, relation: str = ""):
    at = text.rindex(trigger)
    return modality_of(text, Span(0, len(text)), Span(at, at + len(trigger)), relation=relation)


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("蓝湖公司拟收购青禾科技", "收购"),
        ("云州市将于5月举办风筝节", "举办"),
        ("蓝湖公司计划在云州投资", "投资"),
        ("双方即将签约", "签约"),
        ("蓝湖公司预计明年上市", "上市"),
        ("青禾科技将与蓝湖公司合作", "合作"),
        ("青禾科技也将亮相", "亮相"),
        ("蓝湖公司拟增资，由股东青禾科技出资", "出资"),
    ],
)
def test_announced_facts_are_planned(text, trigger):
    """拟, 将 and their kin announce; over a comma the plan goes on."""
    assert modality(text, trigger) == "planned"


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("蓝湖公司不断加强合作", "合作"),
        ("不仅签约，还建厂", "签约"),
        ("蓝湖公司将旧厂改造为展馆并举办展览", "举办"),
        ("面向未来，双方签约", "签约"),
        ("将军镇与蓝湖公司签约", "签约"),
        ("不少于三家企业参加", "参加"),
        ("蓝湖公司曾在2017年与青禾科技签订合同", "签订"),
        ("“春苗计划”，由蓝湖公司实施", "实施"),
    ],
)
def test_look_alikes_change_nothing(text, trigger):
    """不断, 未来, 将军, 将 before an object, and 计划 as a noun leave a fact a fact; so does 曾 before a deed."""
    assert modality(text, trigger) == "stated"


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("蓝湖公司否认收购青禾科技", "收购"),
        ("双方未签约", "签约"),
        ("蓝湖公司没有参加展会", "参加"),
        ("蓝湖公司尚未在云州投资", "投资"),
        ("如果蓝湖公司上市", "上市"),
        ("蓝湖公司终止收购青禾科技", "收购"),
        ("蓝湖公司收购失败", "收购"),
        ("青禾科技不再持有蓝湖公司股份", "持有"),
    ],
)
def test_denied_and_supposed_facts_are_dropped(text, trigger):
    """What the text denies, refutes or only supposes is no statement."""
    assert modality(text, trigger) is None


def test_only_what_lasts_can_be_past():
    """曾经持有 is a former share; without a lasting relation 曾经 leaves a fact a fact."""
    text = "青禾科技曾经持有蓝湖公司股份"
    assert modality(text, "持有", "holdsSharesIn") == "past"
    assert modality(text, "持有") == "stated"


def test_names_are_no_cues():
    """A word inside a name says nothing about the clause."""
    text = "未来集团筹备组与青禾科技签约"
    assert modality_of(text, Span(0, len(text)), Span(12, 14)) == "planned"
    assert modality_of(text, Span(0, len(text)), Span(12, 14), names=(Span(0, 7),)) == "stated"


def reading(text: str) -> Reading:
    return Reading(
        text=text,
        offsets=tuple(range(len(text))),
        gaps=frozenset(),
        sentences=(Span(0, len(text)),),
        roles=("body",),
        paragraphs=(0,),
    )


@pytest.mark.parametrize(
    ("text", "clause", "who"),
    [
        ("林知远表示，蓝湖公司已签约。", "蓝湖公司已签约", "林知远"),
        ("据云州晚报报道，蓝湖公司已签约。", "蓝湖公司已签约", "云州晚报"),
        ("蓝湖公司公告显示，青禾科技持股5%。", "青禾科技持股5%", "蓝湖公司公告"),
        ("据悉，蓝湖公司已签约。", "蓝湖公司已签约", None),
        ("蓝湖公司与青禾科技签约。", "蓝湖公司与青禾科技签约", None),
    ],
)
def test_reports_name_their_source(text, clause, who):
    """A report names who reports; 据悉 names nobody."""
    at = text.index(clause)
    assert attribution_of(reading(text), Span(at, at + len(clause))) == who


def around(text: str, first: str, last: str, relation: str):
    named = Span(text.index(first), text.index(last) + len(last))
    return modality_of(text, named, relation=relation)


@pytest.mark.parametrize(
    ("text", "first", "last", "relation"),
    [
        ("青禾论坛将于5月在云州市举行。", "青禾论坛", "云州市", "heldAt"),
        ("蓝湖公司、青禾科技将共同参加。", "蓝湖公司", "青禾科技", "participatesIn"),
        ("公司拟增资3亿元。本次增资由蓝湖公司向青禾科技投入。", "蓝湖公司", "青禾科技", "investsIn"),
    ],
)
def test_plans_around_what_is_named_are_seen(text, first, last, relation):
    """What governs the names need not stand between them; the next sentence may take a plan up."""
    assert around(text, first, last, relation) == "planned"


@pytest.mark.parametrize(
    ("text", "first", "last", "relation"),
    [
        ("蓝湖公司参加青禾论坛时表示，将加大投入。", "蓝湖公司", "青禾论坛", "participatesIn"),
        ("公司已增资3亿元。本次增资由蓝湖公司向青禾科技投入。", "蓝湖公司", "青禾科技", "investsIn"),
        ("青禾论坛在云州市举行，明年将于白石县举行。", "青禾论坛", "云州市", "heldAt"),
    ],
)
def test_plans_of_other_things_change_nothing(text, first, last, relation):
    """What somebody says, or what follows behind a comma, is another matter."""
    assert around(text, first, last, relation) == "stated"


def test_posts_that_will_end_are_not_former():
    """将卸任: still held."""
    assert modality("林知远将卸任蓝湖公司董事长", "董事长", "holdsPosition") == "stated"
