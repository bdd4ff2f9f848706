"""Search over names: what is equal, what begins so, what holds it; the better connected first."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.serve.stored.names import NameIndex, folded, write_names
from kg.serve.stored.survey import Named

ENTITIES = (
    Named(id="organization:云泽大学", type="Organization", name="云泽大学", aliases=("泽大",), degree=9),
    Named(id="organization:青岚云泽大学城", type="Organization", name="青岚云泽大学城", aliases=(), degree=7),
    Named(id="place:云泽省", type="Place", name="云泽省", aliases=("云泽",), degree=5),
    Named(id="event:ＡＩ大会", type="Event", name="ＡＩ大会", aliases=(), degree=3),
    Named(id="person:云泽", type="Person", name="云泽", aliases=(), degree=1),
    Named(id="product:多 行", type="Product", name="多\n行", aliases=("多 行",), degree=0),
)


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    path = tmp_path_factory.mktemp("names") / "names.sqlite"
    write_names(path, ENTITIES)
    return NameIndex(path)


def found(index, text, **more):
    return [hit.id for hit in index.search(text, **more)]


def test_equal_names_then_beginnings_then_the_rest(index):
    assert found(index, "云泽") == [
        "place:云泽省",
        "person:云泽",
        "organization:云泽大学",
        "organization:青岚云泽大学城",
    ]
    assert found(index, "云泽", limit=3) == ["place:云泽省", "person:云泽", "organization:云泽大学"]
    assert found(index, "云泽", types=frozenset({"Organization"})) == [
        "organization:云泽大学",
        "organization:青岚云泽大学城",
    ]


def test_width_case_and_line_breaks_make_no_difference(index):
    assert found(index, "ai大会") == ["event:ＡＩ大会"]
    assert found(index, " 多  行 ") == ["product:多 行"]


def test_a_hit_says_which_alias_was_found(index):
    (hit,) = index.search("泽大学城")
    assert (hit.name, hit.alias, hit.type, hit.degree) == ("青岚云泽大学城", None, "Organization", 7)
    assert next((h.name, h.alias) for h in index.search("泽大")) == ("云泽大学", None)
    assert next((h.name, h.alias) for h in index.search("云泽")) == ("云泽省", None)


def test_nothing_is_found_by_nothing(index):
    assert index.search("") == index.search("  \n") == index.search("云泽", limit=0) == []
    assert index.search("没有") == []
    assert index.search("大学\n青岚") == []  # the end of one name and the beginning of another


def test_counts_are_by_type(index):
    assert index.counts("云泽") == {"Organization": 2, "Person": 1, "Place": 1}
    assert index.counts("") == {"Event": 1, "Organization": 2, "Person": 1, "Place": 1, "Product": 1}
    assert index.counts("没有") == {}


@given(
    st.lists(st.text("云泽大学AＡaß \n", min_size=1, max_size=6), min_size=1, max_size=20, unique=True),
    st.text("云泽大学AＡaß ", min_size=1, max_size=3),
)
def test_a_search_finds_what_looking_at_every_name_finds(tmp_path_factory, names, text):
    path = tmp_path_factory.mktemp("names") / "names.sqlite"
    entities = [
        Named(id=f"place:{i}", type="Place", name=name, aliases=(), degree=len(names) - i)
        for i, name in enumerate(names)
    ]
    write_names(path, entities)
    hits = NameIndex(path).search(text, limit=100)
    wanted = folded(text)
    expected = {e.id for e in entities if wanted and wanted in folded(e.name)}
    assert {hit.id for hit in hits} == expected
    kinds = [
        0 if folded(hit.name) == wanted else 1 if folded(hit.name).startswith(wanted) else 2 for hit in hits
    ]
    assert kinds == sorted(kinds)


def test_a_rare_type_is_found_behind_thousands_of_others(tmp_path):
    many = [
        Named(id=f"organization:{i}", type="Organization", name=f"云泽{i}社", aliases=(), degree=5000 - i)
        for i in range(4000)
    ]
    last = Named(id="honor:云泽奖", type="Honor", name="第一届云泽奖", aliases=("云泽奖",), degree=0)
    write_names(tmp_path / "names.sqlite", [*many, last])
    index = NameIndex(tmp_path / "names.sqlite")
    assert found(index, "云泽", types=frozenset({"Honor"})) == ["honor:云泽奖"]
    assert index.counts("云泽") == {"Honor": 1, "Organization": 4000}
    assert found(index, "云泽", limit=2) == ["organization:0", "organization:1"]


def test_entities_by_id_and_by_number(index):
    assert index.best_connected(2) == ["organization:云泽大学", "organization:青岚云泽大学城"]
    assert index.best_connected(-1) == []
    assert [index.number(id_) for id_ in ("place:云泽省", "product:多 行", "place:无")] == [2, 5, None]
    assert index.ids([5, 2]) == ["product:多 行", "place:云泽省"]
    assert index.ids([]) == []
    assert (index.degree("place:云泽省"), index.degree("place:无")) == (5, 0)
    hit = index.entity("event:ＡＩ大会")
    assert (hit.name, hit.type, hit.degree, hit.alias) == ("ＡＩ大会", "Event", 3, None)
    assert index.entity("") is None


@pytest.mark.parametrize(
    "odd", ["\ud800", "%", "_", "'; DROP TABLE entity; --", "\x00", "云泽大学云泽大学云泽大学"]
)
def test_odd_questions_find_nothing(index, odd):
    assert index.search(odd) == []
    assert index.counts(odd) == {}
    assert index.entity(odd) is None


def test_an_index_of_nothing(tmp_path):
    write_names(tmp_path / "names.sqlite", [])
    index = NameIndex(tmp_path / "names.sqlite")
    assert index.search("云") == index.best_connected(5) == []
    assert index.counts("云") == index.counts("") == {}


def test_several_threads_search_at_once(index):
    with ThreadPoolExecutor(4) as pool:
        asked = ["云泽", "大学", "ai", "泽大"] * 25
        answers = list(pool.map(lambda text: tuple(found(index, text)), asked))
    assert answers == [tuple(found(index, text)) for text in asked]
