"""Administrative divisions in the graph: codes, containment up to the province, and “everything in 浙江” as a query."""

import pytest
import rdflib

from kg.assemble import assemble
from kg.model import Article, Entity, Extraction, PlacedDivision, Reprint, Source, Span
from kg.resolve.across import identify
from kg.serialize.turtle import write_turtle
from kg.validate import validate
from kg.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
NK = "PREFIX nk: <https://newskg.example/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "


def extraction(source, *named, published="2024-03-01", length=20):
    entities = tuple(
        Entity(id=f"e{n}", type=type_, name=name, mentions=(Span(n, n + 1),))
        for n, (type_, name) in enumerate(named)
    )
    article = Article(
        source=source,
        index=0,
        spans=(Span(0, length),),
        passages=(),
        title=f"{source}的标题",
        published=published,
    )
    return Extraction(article=article, entities=entities, statements=())


def built(*extractions, texts=None):
    sources = [
        Source(id=x.article.source, text=text, raw_sha256="0" * 64, text_sha256="0" * 64)
        for x in extractions
        for text in [(texts or {}).get(x.article.source, "字" * 20)]
    ]
    return assemble(sources, extractions, identities=identify(extractions), vocabulary=VOCABULARY)


def test_a_named_district_brings_its_city_and_province():
    graph = built(extraction("甲", ("Place", "杭州西湖区")))
    assert graph.divisions == (
        PlacedDivision(id="place:杭州市", code="330100", name="杭州市", within="place:浙江省"),
        PlacedDivision(id="place:杭州市西湖区", code="330106", name="杭州市西湖区", within="place:杭州市"),
        PlacedDivision(id="place:浙江省", code="330000", name="浙江省"),
    )
    assert [node.id for node in graph.nodes] == ["place:杭州市西湖区"], "no article names the others"


@pytest.mark.parametrize(
    ("type_", "name", "after"),
    [
        ("Organization", "温州市鹿城区科技局", "place:鹿城区"),
        ("Organization", "浙江大学", "place:浙江省"),
        ("Place", "杭州国际博览中心", "place:杭州市"),
        ("Organization", "云岭大学", ""),
        ("Event", "杭州马拉松", ""),
        ("Person", "杭天", ""),
    ],
)
def test_places_and_bodies_are_named_after_the_division_that_opens_their_name(type_, name, after):
    (node,) = built(extraction("甲", (type_, name))).nodes
    assert node.named_after == after


def test_a_city_right_under_its_province_and_a_district_of_a_municipality():
    graph = built(extraction("甲", ("Place", "琼海市"), ("Place", "上海市杨浦区")))
    within = {division.name: division.within for division in graph.divisions}
    assert within["琼海市"] == "place:海南省"
    assert within["杨浦区"] == "place:上海市"


def test_a_district_whose_city_nobody_tells_has_no_code():
    assert built(extraction("甲", ("Place", "鼓楼区"))).divisions == ()


def test_everything_in_a_province_is_one_path():
    graph = built(
        extraction("甲", ("Organization", "温州市鹿城区科技局"), ("Organization", "云岭大学")),
        extraction("乙", ("Place", "德清县"), ("Organization", "聊城市科协")),
    )
    turtle = write_turtle(graph, VOCABULARY)
    assert [str(v) for v in validate(turtle, vocabulary=VOCABULARY).violations] == []
    rows = (
        rdflib.Graph()
        .parse(data=turtle, format="turtle")
        .query(
            NK
            + """SELECT ?name WHERE { ?thing nk:namedAfter?/nk:within* ?province . ?province nk:divisionCode "330000" .
             ?thing rdfs:label ?name } ORDER BY ?name"""
        )
    )
    assert {str(row[0]) for row in rows} == {
        "温州市鹿城区科技局",
        "鹿城区",
        "温州市",
        "浙江省",
        "德清县",
        "湖州市",
    }


def test_reprints_are_linked_and_are_one_witness():
    story = "".join(chr(0x4E00 + 37 * n % 5000) for n in range(300))
    one, other = extraction("甲", length=300, published="2024-03-02"), extraction("乙", length=300)
    graph = built(one, other, texts={"甲": story, "乙": story})
    assert graph.reprints == (Reprint(source="甲", article=0, original_source="乙", original_article=0),)
    turtle = write_turtle(graph, VOCABULARY)
    assert [str(v) for v in validate(turtle, vocabulary=VOCABULARY).violations] == []
    rows = (
        rdflib.Graph()
        .parse(data=turtle, format="turtle")
        .query(
            NK
            + "SELECT ?a ?b WHERE { ?copy nk:reprintOf ?original . ?copy <https://schema.org/headline> ?a . "
            "?original <https://schema.org/headline> ?b }"
        )
    )
    assert [tuple(map(str, row)) for row in rows] == [("甲的标题", "乙的标题")]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('<x:1> nk:divisionCode "3301" .', "six digits"),
        ('<x:1> a nk:Organization ; nk:divisionCode "330100" .', "nk:Place"),
        ('<x:1> a nk:Place ; nk:divisionCode "330100" ; nk:within <x:2> .', "a place"),
        (
            (
                '<x:1> a nk:Place ; nk:divisionCode "330106" ; nk:within <x:2> . '
                '<x:2> a nk:Place ; nk:divisionCode "330104" .'
            ),
            "ends in 00",
        ),
    ],
)
def test_shapes_refuse_divisions_that_cannot_be(line, said):
    data = f"@prefix nk: <https://newskg.example/ontology#> . {line}".encode()
    assert any(said in str(v) for v in validate(data, vocabulary=VOCABULARY).violations)
