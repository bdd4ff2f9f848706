"""Names of one article: which are one, which never are, what the entity is called. All names are invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marked import MARK, groups, read, resolve

from kg.errors import InvariantError
from kg.model import Mention, Span
from kg.resolve.within import resolve_within


@pytest.mark.parametrize(
    ("long", "short"),
    [
        ("[O 云山交通大学]", "[O 云山交大]"),
        ("[O 浙江华云科技有限公司]", "[O 华云科技]"),
        ("[O 浙江省科学技术厅]", "[O 浙江省科技厅]"),
        ("[O 绍兴市科学技术协会]", "[O 市科协]"),
        ("[O 东湖精密仪器股份有限公司]", "[O “东湖精密仪器”股份公司]"),
        ("[O 云山精密（600000.SH）]", "[O 云山精密]"),
        ("[L 绍兴市]", "[L 绍兴]"),
        ("[L 浙江绍兴]", "[L 绍兴市]"),
        ("[L 长宁区]", "[L 长宁]"),
        ("[L 日本]", "[L 日方]"),
        ("[L 绍兴市越城区]", "[L 越城区]"),
        ("[P 李明远]", "[P 李教授]"),
        ("[P 彼得·汉森]", "[P 汉森]"),
        ("[E 2023年云山人工智能大会]", "[E 云山人工智能大会]"),
        ("[R 云山市“春苗计划”]", "[R 春苗计划]"),
    ],
)
def test_a_short_form_and_its_full_name_are_one_entity(long, short):
    """Whichever stands first, a name and its short form, built as short forms are built, are one entity."""
    names = {MARK.search(long)[2], MARK.search(short)[2]}
    assert groups(f"昨天，{long}来了。后来{short}又来了。") == [names]
    assert groups(f"昨天，{short}来了。后来{long}又来了。") == [names]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("[O 云山银行]", "[O 云山银行东湖支行]"),
        ("[O 云山集团]", "[O 云山集团东湖分公司]"),
        ("[O 云山大学]", "[O 云山大学附属医院]"),
        ("[O 云山第一中学]", "[O 云山第二中学]"),
        ("[O 绍兴市委]", "[O 绍兴市政府]"),
        ("[O 杭州市教育局]", "[O 杭州市西湖区教育局]"),
        ("[L 杭州市]", "[L 杭州市西湖区]"),
        ("[L 绍兴]", "[L 绍兴云山古巷]"),
        ("[O 绍兴大学]", "[O 绍兴市云山大型学术中心]"),
        ("[L 浙江]", "[L 浙江绍兴]"),
        ("[L 俄罗斯]", "[L 白俄罗斯]"),
        ("[L 英国]", "[L 英国云山市]"),
        ("[O 浙江大学]", "[O 浙江工业大学]"),
        ("[O 云山银行]", "[O 云山村镇银行]"),
        ("[O 上海市教育局]", "[O 上海市静安区教育局]"),
        ("[E 首届云山羊肉节]", "[E 第二届云山羊肉节]"),
        ("[E 2022年云山论坛]", "[E 2023年云山论坛]"),
        ("[D 云山指数（2022）]", "[D 云山指数（2023）]"),
        ("[P 李明远]", "[P 李明达]"),
    ],
)
def test_what_the_names_keep_apart_stays_apart(one, other):
    """A branch is not its bank, a committee not its government, last year's forum not this year's."""
    assert len(groups(f"昨天，{one}来了。后来{other}又来了。")) == 2


def test_a_defined_short_form_need_not_look_like_its_name():
    """What the text defines holds without any likeness."""
    marked = "[O 云山市产业合作促进会]（以下简称“[O 山海会]”）昨日成立。[O 山海会]有十名会员。"
    assert groups(marked) == [{"云山市产业合作促进会", "山海会"}]


def test_a_latin_name_in_brackets_is_the_same_body():
    """Names in two scripts are joined by the bracket alone."""
    assert groups("[O 云山认证中心]（[O YSCA]）发布消息。") == [{"云山认证中心", "YSCA"}]


def test_a_known_short_form_brings_its_full_name_as_alias():
    """The official name of a well-known body is added where the article has only the short form."""
    (entity,) = resolve("[O 上海交大]与会。").entities
    assert (entity.name, entity.aliases, entity.subtype) == ("上海交大", ("上海交通大学",), "University")


def test_the_fullest_form_is_the_name_and_spans_are_of_the_source():
    """The entity is named by its fullest form; a stock code never names it; mentions lead back to the text."""
    marked = "[O 云山科技]（[O 09999.HK]）公告。[O 云山科技股份有限公司]回应。"
    text, article, reading, mentions = read(marked)
    (entity,) = resolve_within(text, article, reading, mentions).entities
    assert entity.name == "云山科技股份有限公司"
    assert entity.aliases == ("云山科技", "09999.HK")
    assert [span.of(text) for span in entity.mentions] == ["云山科技", "09999.HK", "云山科技股份有限公司"]
    assert (entity.subtype, entity.confidence) == ("Company", 0.8)


@pytest.mark.parametrize(
    ("name", "subtype"),
    [
        ("云山市科学技术局", "Government"),
        ("云山农商行", "FinancialInstitution"),
        ("云山量子研究院", "ResearchInstitute"),
        ("云山理工大学", "University"),
        ("云山电商协会", "Association"),
        ("云山晚报", "Media"),
        ("云山创新中心", "Platform"),
        ("云山科技有限公司", "Company"),
        ("云山", ""),
    ],
)
def test_the_closing_noun_tells_the_kind_of_organization(name, subtype):
    """The subtype follows from the noun at the end, and is empty where the name does not say."""
    assert [e.subtype for e in resolve(f"[O {name}]来了。").entities] == [subtype]


def test_bare_kinds_and_credits_name_nothing():
    """A kind alone is dropped unless it may stand for a longer name; a medium beside 讯 is a credit."""
    assert groups("[O 有限公司]来了。") == []
    assert groups("[O 云山晚报]讯 [O 云山大学]昨天开学。") == [{"云山大学"}]
    assert groups("[O 云山晚报]绍兴3月5日电（记者某某）[O 云山大学]开学。") == [{"云山大学"}]
    assert groups("《[O 云山晚报]》记者发现，[O 云山大学]开学。") == [{"云山大学"}]
    assert groups("[O 云山大学]与[O 云山晚报]签约。") == [{"云山大学"}, {"云山晚报"}]
    assert groups("[E 云山新材料对接会]昨天开幕。[E 对接会]很热闹。") == [{"云山新材料对接会", "对接会"}]


def test_a_reporter_of_the_byline_is_no_person_of_the_story():
    """A person beside 记者 is left out only when the byline has the name."""
    assert groups("（记者[P 王小川]）[L 绍兴]消息。", byline=("王小川",)) == [{"绍兴"}]
    assert groups("（记者[P 王小川]）[L 绍兴]消息。") == [{"王小川"}, {"绍兴"}]


def test_of_overlapping_mentions_the_surer_stays():
    """Mentions that come out never overlap."""
    text, article, reading, _ = read("云山大学医学院来了。")
    sure = Mention(span=Span(0, 7), type="Organization", text="云山大学医学院", confidence=0.9)
    unsure = Mention(span=Span(0, 4), type="Organization", text="云山大学", confidence=0.6)
    assert resolve_within(text, article, reading, (unsure, sure)).mentions == (sure,)


def test_one_name_has_one_type():
    """A name that is tagged twice as one type and once as another is one entity of the commoner type."""
    found = resolve("[L 云山高新区]来了。[O 云山高新区]签约。[O 云山高新区]投产。")
    assert [(e.type, len(e.mentions)) for e in found.entities] == [("Organization", 3)]


def test_a_mention_that_is_not_in_the_text_is_refused():
    """A mention with the wrong text is a fault of the program and said so."""
    text, article, reading, _ = read("云山大学来了。")
    wrong = Mention(span=Span(0, 4), type="Organization", text="东湖大学")
    with pytest.raises(InvariantError, match="东湖大学"):
        resolve_within(text, article, reading, (wrong,))


NAMES = st.sampled_from(
    [
        "O 云山大学",
        "O 云大",
        "O 云山银行",
        "O 云山银行支行",
        "L 绍兴",
        "L 绍兴市",
        "P 李明",
        "P 李总",
        "E 云山大会",
        "O 大学",
    ]
)


@given(st.lists(NAMES, max_size=12))
def test_every_mention_has_one_entity_and_ids_follow_first_mentions(names):
    """Links and entities agree, ids count up by first mention, and the same input gives the same result."""
    marked = "。".join(f"[{name}]" for name in names)
    found = resolve(marked)
    assert found == resolve(marked)
    assert len(found.links) == len(found.mentions)
    assert list(dict.fromkeys(found.links)) == [e.id for e in found.entities]
    assert [e.id for e in found.entities] == [f"e{k + 1}" for k in range(len(found.entities))]
    assert sorted(s for e in found.entities for s in e.mentions) == [m.span for m in found.mentions]


@pytest.mark.parametrize(
    ("marked", "name"),
    [
        ("[P 王大川先生]来了。", "王大川"),
        ("[P 欧阳大川教授]来了。", "欧阳大川"),
        ("[P 王教授]来了。", "王教授"),
        ("[P 欧阳教授]来了。", "欧阳教授"),
        ("“[L 云山”古巷]开街。", "“云山”古巷"),
        ("《[O 云山》研究院]成立。", "《云山》研究院"),
        ("[R “春苗]启动。", "春苗"),
        ("“[R 春苗”]启动。", "春苗"),
        ("[E ‘春苗’行动]启动。", "‘春苗’行动"),
    ],
)
def test_names_have_no_titles_and_no_lone_quotation_marks(marked, name):
    assert [e.name for e in resolve(marked).entities] == [name]


def test_words_of_kind_are_no_aliases():
    """报告 may mean a report of which the article gives the name; it is no name of it."""
    (report,) = resolve("[D 2031年云山创新报告]发布。该[D 报告]说，云山变了。").entities
    assert (report.name, report.aliases, len(report.mentions)) == ("2031年云山创新报告", (), 2)


def test_a_division_is_called_by_its_own_name():
    (city,) = resolve("[L 鲁西聊城]变了。[L 聊城]的人说好，[L 聊城市]也说好。").entities
    assert (city.name, city.aliases) == ("聊城市", ("聊城", "鲁西聊城"))
