"""Promises of identity across articles; all names are invented or belong to public bodies, all sentences are our own."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Article, Entity, Evidence, Extraction, Span, Statement
from kg.resolve.across import identify
from kg.resolve.forms import form_of, normal


def entity(type_: str, name: str, *aliases: str, subtype: str = "", date: str = "", at: int = 0) -> Entity:
    return Entity(
        id=f"{type_}-{name}-{at}",
        type=type_,
        name=name,
        aliases=aliases,
        subtype=subtype,
        date=date,
        mentions=(Span(at, at + len(name)),),
    )


def org(name: str, *aliases: str, subtype: str = "") -> Entity:
    return entity("Organization", name, *aliases, subtype=subtype)


def place(name: str, *aliases: str) -> Entity:
    return entity("Place", name, *aliases)


def person(name: str, at: int = 0) -> Entity:
    return entity("Person", name, at=at)


def post(who: Entity, where: Entity, role: str = "") -> Statement:
    return Statement(
        subject=who.id,
        predicate="holdsPosition",
        object=where.id,
        subject_span=Span(0, 2),
        object_span=Span(3, 5),
        evidence=(Evidence(start=0, end=5, text="某人任某职"),),
        confidence=0.9,
        rule="test",
        qualifiers={"role": role} if role else {},
    )


def article(
    source: str,
    *entities: Entity,
    statements: tuple[Statement, ...] = (),
    title: str = "",
    published: str = "2024-03-01",
    continues: bool = False,
    continued: bool = False,
    publisher: str = "",
) -> Extraction:
    return Extraction(
        article=Article(
            source=source,
            index=0,
            spans=(Span(0, 100),),
            passages=(),
            title=title or f"{source}的标题",
            published=published,
            continues=continues,
            continued=continued,
            publisher=publisher,
        ),
        entities=entities,
        statements=statements,
    )


def ids(*extractions: Extraction) -> dict[tuple[str, str], str]:
    """(source, local name) -> node id."""
    names = {(x.article.source, e.id): e.name for x in extractions for e in x.entities}
    return {
        (source, names[source, local]): identity.id
        for identity in identify(extractions)
        for source, _, local in identity.members
    }


def same(
    one: Entity, other: Entity, *, around_one: tuple[Entity, ...] = (), around_other: tuple[Entity, ...] = ()
) -> bool:
    found = ids(article("甲", one, *around_one), article("乙", other, *around_other))
    return found["甲", one.name] == found["乙", other.name]


ONE_THING = [
    (org("浙江省科技厅"), org("浙江省科学技术厅")),
    (org("浙江科技厅"), org("浙江省科技厅")),
    (org("杭州市西湖区科技局"), org("杭州西湖区科学技术局")),
    (org("云岭大学", subtype="University"), org("云岭大学", subtype="University")),
    (org("云岭大学"), org("云岭大学", subtype="University")),
    (org("“云岭”实验室"), org("云岭实验室")),
    (org("云岭理工大学", "云岭理工"), org("云岭理工")),
    (org("江北省产学研促进联合会", "江产联"), org("江产联")),
    (org("云岭动力股份有限公司", subtype="Company"), org("云岭动力", subtype="Company")),
    (org("中共湖州市委"), org("湖州市委")),
    (place("杭州"), place("杭州市")),
    (place("温州市鹿城区"), place("温州鹿城")),
    (place("德清"), place("德清县")),
    (place("长沙"), place("长沙市")),
    (org("建设银行"), org("建设银行")),
    (org("中国人民银行", subtype="Government"), org("中国人民银行", subtype="FinancialInstitution")),
    (entity("Event", "第三届云岭博览会", date="2023-01-02"), entity("Event", "第三届云岭博览会")),
    (entity("Programme", "“科创云岭”"), entity("Programme", "科创云岭")),
    (entity("Document", "《云岭产业白皮书（2023）》"), entity("Document", "云岭产业白皮书(2023)")),
    (entity("Event", "2023云岭数字大会"), entity("Event", "2023云岭数字大会")),
]

TWO_THINGS = [
    (org("云岭集团云州分公司", "云岭集团"), org("云岭集团")),
    (org("湖州市委"), org("湖州市政府")),
    (org("云岭", subtype="University"), org("云岭", subtype="Government")),
    (org("云岭动力股份有限公司"), org("云岭动力有限公司")),
    (org("市科协"), org("市科协")),
    (org("管委会"), org("管委会")),
    (org("研究院"), org("云岭研究院", "研究院")),
    (org("云岭大学", "云大"), org("云大")),
    (org("云岭大学"), org("云岭大学附属中学", "云岭大学")),
    (place("鼓楼区"), place("鼓楼区")),
    (place("西藏日喀则", "西藏"), place("西藏")),
    (entity("Document", "战略合作协议"), entity("Document", "战略合作协议")),
    (entity("Event", "云岭数字大会", date="2022-11-02"), entity("Event", "云岭数字大会", date="2023-11-05")),
    (entity("Product", "云岭"), entity("Programme", "云岭")),
    (person("王刚"), person("王刚")),
]


@pytest.mark.parametrize(("one", "other"), ONE_THING, ids=lambda e: e.name)
def test_spellings_of_one_name_are_one_thing(one: Entity, other: Entity) -> None:
    assert same(one, other)
    assert same(other, one)


@pytest.mark.parametrize(("one", "other"), TWO_THINGS, ids=lambda e: e.name)
def test_what_may_be_two_things_stays_two(one: Entity, other: Entity) -> None:
    assert not same(one, other)
    assert not same(other, one)


def test_elided_names_belong_to_the_city_of_their_article() -> None:
    found = ids(
        article("甲", org("市科协"), place("聊城市")),
        article("乙", org("市科协"), place("湖州")),
        article("丙", org("聊城市科学技术协会")),
        article("丁", org("市科协"), place("湖州市"), place("聊城市")),
    )
    assert found["甲", "市科协"] == found["丙", "聊城市科学技术协会"] == "organization:聊城市科学技术协会"
    assert found["乙", "市科协"] == "organization:湖州市科协"
    assert found["丁", "市科协"] == "organization:市科协（丁的标题）"


def test_words_that_only_look_like_an_elided_place_are_names() -> None:
    assert form_of("市场监管研究会", "Organization").sufficiency == "full"
    assert form_of("区块链应用联盟", "Organization").sufficiency == "full"


def test_districts_of_one_name_follow_their_city() -> None:
    found = ids(
        article("甲", place("西湖区"), place("杭州市")),
        article("乙", place("西湖区"), place("南昌市")),
        article("丙", place("杭州市西湖区")),
    )
    assert found["甲", "西湖区"] == found["丙", "杭州市西湖区"] == "place:杭州市西湖区"
    assert found["乙", "西湖区"] == "place:南昌市西湖区"


def test_short_alias_links_only_where_the_articles_share_a_place() -> None:
    full, short = org("云岭大学", "岭大"), org("岭大")
    assert same(full, short, around_one=(place("湖州市"),), around_other=(place("德清县"),))
    assert not same(full, short, around_one=(place("湖州市"),), around_other=(place("聊城市"),))


def test_known_short_forms_of_one_body_are_one_thing_with_its_official_name() -> None:
    found = ids(article("甲", org("央行")), article("乙", org("人民银行", "中国人民银行")))
    assert set(found.values()) == {"organization:中国人民银行"}
    (bank,) = identify([article("甲", org("央行")), article("乙", org("人民银行", "中国人民银行"))])
    assert bank.merged_because == ("known names: 人民银行 = 央行",)


def test_an_area_is_the_same_with_and_without_the_word() -> None:
    assert same(place("岭南三角地区"), place("岭南三角"))


def test_names_that_only_their_article_understands_are_told_apart() -> None:
    (one,) = identify([article("甲", org("聊城市人民政府", "聊城市政府", "市政府"), place("聊城市"))])[:1]
    assert one.local_names == ("市政府",)


def test_alias_of_two_things_links_neither() -> None:
    found = ids(
        article("甲", org("云岭产业促进联合会", "云产促会")),
        article("乙", org("云州产业促进联合会", "云产促会")),
        article("丙", org("云产促会")),
    )
    assert len(set(found.values())) == 3


def test_what_one_article_keeps_apart_no_other_merges() -> None:
    found = ids(
        article("甲", org("云岭银行"), org("云岭商业银行")),
        article("乙", org("云岭商业银行", "云岭银行")),
    )
    assert found["甲", "云岭银行"] != found["甲", "云岭商业银行"]
    assert found["乙", "云岭商业银行"] == found["甲", "云岭商业银行"]


def test_event_without_year_is_that_of_the_only_year_known_and_bridges_no_two() -> None:
    def meeting(source: str, year: str, *aliases: str) -> Extraction:
        return article(source, entity("Event", "云岭赛艇公开赛", *aliases, date=year), published="")

    two = ids(meeting("甲", "2023"), meeting("乙", ""))
    assert two["甲", "云岭赛艇公开赛"] == two["乙", "云岭赛艇公开赛"]
    other_name = article("丁", entity("Event", "赛艇公开赛总决选", "云岭赛艇公开赛"), published="")
    four = ids(meeting("甲", "2023"), meeting("乙", ""), meeting("丙", "2022"), other_name)
    assert len({four[source, "云岭赛艇公开赛"] for source in "甲乙丙"}) == 3


class TestPersons:
    def test_id_carries_the_employer(self) -> None:
        wang, city = person("王刚"), place("聊城市")
        found = ids(article("甲", wang, city, statements=(post(wang, city, "市长"),)))
        assert found["甲", "王刚"] == "person:王刚（聊城市）"

    def test_id_carries_the_article_without_employer(self) -> None:
        assert (
            ids(article("甲", person("王刚"), title="云岭大学招生"))["甲", "王刚"]
            == "person:王刚（云岭大学招生）"
        )

    def test_a_doubtful_employer_does_not_count(self) -> None:
        wang, firm = person("王刚"), org("云岭动力")
        doubtful = replace(post(wang, firm), confidence=0.4)
        found = ids(article("甲", wang, firm, statements=(doubtful,)))
        assert found["甲", "王刚"] == "person:王刚（甲的标题）"

    def test_one_employer_is_one_person(self) -> None:
        wang = person("王刚")
        one, other = org("云岭动力股份有限公司"), org("云岭动力")
        found = ids(
            article("甲", wang, one, statements=(post(wang, one, "董事长"),)),
            article("乙", wang, other, statements=(post(wang, other),), published="2024-03-02"),
        )
        assert found["甲", "王刚"] == found["乙", "王刚"] == "person:王刚（云岭动力股份有限公司）"

    def test_government_and_place_are_one_employer(self) -> None:
        wang, city, office = person("王刚"), place("聊城"), org("聊城市政府")
        found = ids(
            article("甲", wang, city, statements=(post(wang, city, "市长"),)),
            article("乙", wang, office, statements=(post(wang, office, "市长"),)),
        )
        assert found["甲", "王刚"] == found["乙", "王刚"]

    def test_two_employers_are_two_persons_whatever_else_agrees(self) -> None:
        wang, li, one, other = person("王刚"), person("李小云"), org("云岭动力"), org("云州重工")
        around = (li, one, other)
        found = ids(
            article("甲", wang, *around, statements=(post(wang, one, "董事长"),)),
            article("乙", wang, *around, statements=(post(wang, other, "董事长"),)),
            article("丙", wang, *around),
        )
        assert found["甲", "王刚"] != found["乙", "王刚"]

    def test_someone_named_in_both_articles_is_enough(self) -> None:
        found = ids(
            article("甲", person("王刚"), person("李小云")), article("乙", person("王刚"), person("李小云"))
        )
        assert found["甲", "王刚"] == found["乙", "王刚"]

    def test_later_namesake_renames_nobody(self) -> None:
        wang, one, other = person("王刚"), org("云岭动力"), org("云州重工")
        before = article("甲", wang, one, statements=(post(wang, one, "董事长"),))
        after = article("乙", wang, other, statements=(post(wang, other),), published="2024-05-01")
        namesake = article("丙", wang, published="2024-06-01")
        alone = ids(before)["甲", "王刚"]
        assert ids(before, after, namesake)["甲", "王刚"] == alone == "person:王刚（云岭动力）"

    def test_namesakes_of_one_article_stay_two(self) -> None:
        found = identify([article("甲", person("王刚", 0), person("王刚", 40))])
        assert [i.id for i in found] == ["person:王刚（甲的标题）", "person:王刚（甲的标题，2024-03-01）"]


def test_every_merge_says_why() -> None:
    found = identify([article("甲", org("浙江省科技厅")), article("乙", org("浙江科技厅"))])
    assert [(i.id, i.merged_because) for i in found] == [
        ("organization:浙江省科技厅", ("same place and body: 浙江科技厅 = 浙江省科技厅",))
    ]
    assert identify([article("甲", org("浙江省科技厅"))])[0].merged_because == ()


def test_place_and_body_of_one_name_follow_the_ontology() -> None:
    zone, body, event = place("云岭高新区"), org("云岭高新区"), entity("Event", "2023云岭数字大会")
    hosting = Statement(
        subject=body.id,
        predicate="hosts",
        object=event.id,
        subject_span=Span(0, 2),
        object_span=Span(3, 5),
        evidence=(Evidence(start=0, end=5, text="云岭高新"),),
        confidence=0.9,
        rule="test",
    )
    input_ = [article("甲", zone), article("乙", body, event, statements=(hosting,))]

    def found(domains: set[str]) -> set[str]:
        def admits(subject: str, predicate: str, object_: str) -> bool:
            return predicate == "hosts" and (not subject or subject in domains) and object_ in ("", "Event")

        return {i.id for i in identify(input_, admits=admits)} - {"event:2023云岭数字大会"}

    assert found({"Organization"}) == {"organization:云岭高新区"}
    assert found({"Organization", "Place"}) == {"place:云岭高新区"}
    assert found({"Person"}) == {"organization:云岭高新区", "place:云岭高新区"}
    assert {i.id for i in identify(input_)} - {"event:2023云岭数字大会"} == {
        "organization:云岭高新区",
        "place:云岭高新区",
    }


def test_halves_of_one_article_are_one_context() -> None:
    first = article("甲", person("王刚"), org("管委会"), title="云岭高新区建设提速", continues=True)
    second = article("乙", person("王刚"), org("管委会"), title="云岭高新区建设", continued=True)
    elsewhere = article("丙", person("王刚"), org("管委会"), title="云岭高新区招商")
    found = ids(first, second, elsewhere)
    assert found["甲", "王刚"] == found["乙", "王刚"] == "person:王刚（云岭高新区建设提速）"
    assert found["甲", "管委会"] == found["乙", "管委会"]
    assert found["丙", "王刚"] != found["甲", "王刚"]
    assert found["丙", "管委会"] != found["甲", "管委会"]


NAMES = [
    "云岭大学",
    "市科协",
    "浙江省科技厅",
    "浙江科技厅",
    "管委会",
    "云岭动力股份有限公司",
    "云岭动力",
    "云大",
]
PLACES = ["杭州市", "聊城", "西湖区", "德清县"]


@st.composite
def extractions(draw: st.DrawFn) -> list[Extraction]:
    found = []
    for number in range(draw(st.integers(1, 5))):
        orgs = [
            org(name, *draw(st.lists(st.sampled_from(NAMES), max_size=2, unique=True)))
            for name in draw(st.lists(st.sampled_from(NAMES), max_size=3, unique=True))
        ]
        places = [place(name) for name in draw(st.lists(st.sampled_from(PLACES), max_size=2, unique=True))]
        people = [person(name) for name in draw(st.lists(st.sampled_from(["王刚", "李小云"]), unique=True))]
        posts = tuple(post(who, where, "主任") for who in people for where in (orgs + places)[:1])
        found.append(
            article(
                f"源{number}",
                *orgs,
                *places,
                *people,
                statements=posts,
                title=draw(st.sampled_from(["", "同题"])),
            )
        )
    return found


@given(extractions(), st.randoms(use_true_random=False))
def test_order_of_input_never_matters(found: list[Extraction], random: object) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert identify(found) == identify(shuffled)


@given(extractions())
def test_every_entity_has_one_identity_and_ids_are_unique(found: list[Extraction]) -> None:
    result = identify(found)
    members = [m for i in result for m in i.members]
    assert sorted(members) == sorted((x.article.source, 0, e.id) for x in found for e in x.entities)
    assert len({i.id for i in result}) == len(result)
    assert all(i.id.startswith(i.type.lower() + ":") for i in result)


def test_all_permutations_give_one_result() -> None:
    wang, one = person("王刚"), org("云岭动力")
    input_ = [
        article("甲", wang, one, statements=(post(wang, one, "董事长"),)),
        article("乙", wang, one),
        article("丙", org("云岭动力股份有限公司", "云岭动力")),
        article("丁", org("市科协"), place("聊城市")),
    ]
    assert len({identify(order) for order in itertools.permutations(input_)}) == 1


@given(st.text(alphabet="云岭“”《》ＡBab１2 \u3000—-·•（(", min_size=1))
def test_normal_form_is_stable(text: str) -> None:
    assert normal(normal(text)) == normal(text)


def test_a_city_right_under_its_province_is_its_own_city():
    """琼海市 has no prefecture above it: 市科协 of an article about it is its own."""
    form = form_of("市科协", "Organization", context=frozenset({"469002"}))
    assert form.key == form_of("琼海市科协", "Organization").key


def test_a_subtype_goes_with_the_type_of_its_thing() -> None:
    """What one article takes for a government body and the ontology for a place is no place of subtype government."""
    body, event = org("云岭宫", subtype="Government"), entity("Event", "2023云岭数字大会")
    hosting = Statement(
        subject=body.id,
        predicate="hosts",
        object=event.id,
        subject_span=Span(0, 2),
        object_span=Span(3, 5),
        evidence=(Evidence(start=0, end=5, text="云岭高新"),),
        confidence=0.9,
        rule="test",
    )
    found = identify(
        [article("甲", place("云岭宫")), article("乙", body, event, statements=(hosting,))],
        admits=lambda *_: True,
    )
    assert [(i.id, i.subtype) for i in found if i.type != "Event"] == [("place:云岭宫", "")]
