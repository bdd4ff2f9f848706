"""Qualifiers of statements: roles, amounts, shares, dates, agreements, subjects."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marked_documents import marked, sentence_of, span_of

from kg.extract.qualifiers import find_qualifiers
from kg.extract.roles import role_between, was_held


def qualifiers(text: str, relation: str, subject: str, object_: str, **more: str) -> dict[str, str]:
    document = marked(text, **more)
    return find_qualifiers(
        document,
        relation,
        subject=span_of(document, subject),
        object=span_of(document, object_),
        clause=sentence_of(document, object_),
    )


def role(text: str, person: str = "林知远", body: str = "蓝湖公司") -> str:
    document = marked(text)
    return role_between(document, span_of(document, person), span_of(document, body))


L, B = "[林知远|Person]", "[蓝湖公司|Organization]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{B}董事长{L}说", "董事长"),
        (f"{B}党委书记、董事长{L}出席", "党委书记、董事长"),
        (f"{B}副总经理兼财务总监{L}出席", "副总经理、财务总监"),
        (f"{B}原董事长{L}", "董事长"),
        (f"{B}（600000）首席技术官{L}介绍", "首席技术官"),
        (f"{B}海洋事业部总经理{L}介绍", "海洋事业部总经理"),
        (f"{B}深海机器人研究员{L}介绍", "深海机器人研究员"),
        (f"{L}，{B}董事长", "董事长"),
        (f"{L}任{B}总经理", "总经理"),
        (f"{L}系{B}的法定代表人", "法定代表人"),
        (f"{B}法定代表人为{L}", "法定代表人"),
        (f"{B}会长、[青禾学会|Organization]理事长{L}", "会长"),
        (f"[青禾学会|Organization]会长[周一白|Person]、{B}董事长{L}", "董事长"),
        (f"{B}副主任[周一白|Person]、{L}出席", "副主任"),
        (f"{B}成立，法定代表人、经理为[青禾学会|Organization]总监{L}", "法定代表人、经理"),
        (f"{B}及其院长{L}", "院长"),
        (f"{B}召开会议，选举{L}担任会长", "会长"),
        (f"{B}的{L}教授", "教授"),
        (f"会上，董事长{L}致辞，{B}代表参加", "董事长"),
        (f"{B}的{L}参加", ""),
    ],
)
def test_roles_are_read_from_titles_around_names(text, expected):
    """All posts of a person in one body, without 原 and 兼, and none of another body."""
    assert role(text) == expected


@pytest.mark.parametrize(
    ("text", "body", "expected"),
    [
        ("[云州市|Place]市长[林知远|Person]", "云州市", "市长"),
        ("[云州市|Place]委常委、副市长[林知远|Person]", "云州市", "市委常委、副市长"),
        ("[青国国防部|Organization]长[林知远|Person]", "青国国防部", "部长"),
        ("[云州市人大|Organization]代表[林知远|Person]", "云州市人大", "代表"),
    ],
)
def test_bodies_give_back_what_they_took_from_a_post(text, body, expected):
    """国防部|长 is 部长, 市|委常委 is 市委常委."""
    assert role(text, body=body) == expected


@pytest.mark.parametrize(
    ("text", "past"),
    [
        (f"{B}原董事长{L}", True),
        (f"{L}曾任{B}总经理", True),
        (f"时任{B}董事长{L}", True),
        (f"原{B}董事长{L}", True),
        (f"{B}总经理{L}被免职", True),
        (f"{B}董事长{L}", False),
        (f"{L}现任{B}总经理", False),
        (f"他曾获奖，{L}任{B}总经理", False),
    ],
)
def test_former_posts_are_told(text, past):
    """原, 时任, 曾任 and 免职 end a post; a 曾 of another part of the sentence does not."""
    document = marked(text)
    assert was_held(document, span_of(document, "林知远"), span_of(document, "蓝湖公司")) is past


def test_amounts_are_written_as_in_the_text():
    """The raw words with their modifier; a value in another currency behind it belongs to it; a price does not."""
    text = f"{B}以每股5元、总价超2亿元收购[青禾科技|Organization]。"
    assert qualifiers(text, "acquires", "蓝湖公司", "青禾科技") == {"amount": "超2亿元"}
    text = f"{B}斥资10亿欧元（约合11亿美元）入股[青禾科技|Organization]。"
    assert qualifiers(text, "investsIn", "蓝湖公司", "青禾科技") == {"amount": "10亿欧元（约合11亿美元）"}


def test_lists_with_respectively_share_out():
    """A、B分别持股60%、40% gives each its own share."""
    text = f"[青禾科技|Organization]由{B}、[白石集团|Organization]分别持股60%、40%。"
    assert qualifiers(text, "holdsSharesIn", "蓝湖公司", "青禾科技") == {"share": "60%"}
    assert qualifiers(text, "holdsSharesIn", "白石集团", "青禾科技") == {"share": "40%"}


def test_gifts_in_kind():
    """What is given is told with its number."""
    text = f"{B}向[云州小学|Organization]捐赠了20台电脑。"
    assert qualifiers(text, "donatesTo", "蓝湖公司", "云州小学") == {"amount": "20台电脑"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{B}与[青禾学院|Organization]签署《深海合作协议》。", "《深海合作协议》"),
        (f"{B}与[青禾学院|Organization]签订了一份战略合作框架协议。", "战略合作框架协议"),
        (f"{B}与[青禾学院|Organization]2014年签订购销合同。", "购销合同"),
    ],
)
def test_agreements_are_named(text, expected):
    """The title of an agreement, or what kind it is."""
    assert qualifiers(text, "signsAgreementWith", "蓝湖公司", "青禾学院")["agreement"] == expected


def test_subject_of_a_cooperation():
    """What two bodies do together."""
    text = f"{B}联合[青禾学院|Organization]研制深海机器人。"
    assert qualifiers(text, "cooperatesWith", "蓝湖公司", "青禾学院") == {"subject": "研制深海机器人"}


def test_dates_come_from_the_clause_and_then_from_before():
    """The date of the clause; else of the sentences before; never from a name or a dateline."""
    text = f"12月16日，{B}与[青禾学院|Organization]签约。"
    assert qualifiers(text, "signsAgreementWith", "蓝湖公司", "青禾学院")["date"] == "2023-12-16"
    text = f"12月15日，大会开幕。会上，{B}与[青禾学院|Organization]签约。"
    assert qualifiers(text, "signsAgreementWith", "蓝湖公司", "青禾学院")["date"] == "2023-12-15"
    text = f"云州12月18日电 {B}成立于2009年，发布[2022年报|Document]。"
    assert qualifiers(text, "establishes", "蓝湖公司", "2022年报") == {"date": "2009"}


def test_recent_days_give_a_month_where_it_is_sure():
    """近日 in a paper of the 19th is this month; in one of the 3rd it may be the month before and stays open."""
    text = f"近日，{B}发布[蓝湖报告|Document]。"
    assert qualifiers(text, "publishes", "蓝湖公司", "蓝湖报告") == {"date": "2023-12"}
    assert qualifiers(text, "publishes", "蓝湖公司", "蓝湖报告", published="2023-12-03") == {}


def test_relations_without_qualifiers_have_none():
    """locatedIn takes no qualifier, whatever the sentence holds."""
    text = f"2023年，{B}投资2亿元落户[云州市|Place]。"
    assert qualifiers(text, "locatedIn", "蓝湖公司", "云州市") == {}


@given(
    st.lists(
        st.sampled_from(["董事长", "、", "，", "原", "任", "为", "。", L, B, "2亿元", "教授", "（"]),
        max_size=10,
    ),
    st.sampled_from(["holdsPosition", "investsIn", "signsAgreementWith", "donatesTo", "holdsSharesIn"]),
)
def test_values_stand_in_the_text(pieces, relation):
    """Whatever stands around two names, no qualifier is empty, and a role is made of words of the text."""
    document = marked(L + "".join(pieces) + B)
    found = find_qualifiers(
        document,
        relation,
        subject=document.mentions[0].span,
        object=document.mentions[-1].span,
        clause=document.reading.sentences[-1],
    )
    assert all(found.values())
    for part in found.get("role", "").split("、"):
        assert part in document.reading.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{B}董事长{L}说。后来，{B}派{L}出席。", "董事长"),
        (f"市长{L}致辞。在云州，[云州市|Place]与{L}都没有别的头衔。", "市长"),
        (f"{B}派{L}出席。", ""),
    ],
)
def test_posts_are_taken_from_where_the_person_is_introduced(text, expected):
    """A fact may be stated far from the title; the title stands where the person is first named."""
    document = marked(text)
    body = "云州市" if "云州市" in text else "蓝湖公司"
    people = [m.span for m in document.mentions if m.text == "林知远"]
    bodies = [m.span for m in document.mentions if m.text == body]
    clause = document.reading.sentences[-1]
    found = find_qualifiers(document, "holdsPosition", subject=people[-1], object=bodies[-1], clause=clause)
    assert found.get("role", "") == expected


def test_a_signing_without_its_agreement_takes_the_only_one_of_the_article():
    """One agreement in title marks is the one that was signed; of two, none is guessed."""
    signing = "[蓝湖公司|Organization]与[青禾科技|Organization]在云州签约。"
    one = signing + "\n两家签署《白石港合作协议》。"
    found = qualifiers(one, "signsAgreementWith", "蓝湖公司", "青禾科技")
    assert found["agreement"] == "《白石港合作协议》"
    two = one + "\n此前还签署《白石港建设协议》。"
    assert "agreement" not in qualifiers(two, "signsAgreementWith", "蓝湖公司", "青禾科技")


def test_a_passive_tells_what_the_common_work_is_about():
    """河港项目由甲与乙共建."""
    text = "河港项目由[蓝湖公司|Organization]与[青禾科技|Organization]共建。"
    assert qualifiers(text, "cooperatesWith", "蓝湖公司", "青禾科技")["subject"].startswith("河港项目")
