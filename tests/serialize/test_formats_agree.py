"""Every format loads in a reader that is not ours, and all say the same."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from foreign_readers import FORMATS, by_csv, by_networkx, by_oxigraph, by_rdflib, graphs_by_oxigraph, texts
from invented import small_graph
from turtle_graphs import article, sample, source, support

from kg.errors import UsageError
from kg.model import Edge, KnowledgeGraph, Node, PlacedDivision, Reprint, Run, Span
from kg.serialize.formats import FILES, checked_formats, write_formats
from kg.serialize.jsonld import write_context
from kg.serialize.ntriples import write_ntriples
from kg.vocabulary import load_vocabulary, ontology_folder

VOCABULARY = load_vocabulary()
NK = "https://newskg.example/ontology#"
ID = "https://newskg.example/id/"
RUN = Run(version="0.1.0", layout="auto", min_confidence=0.65, resources={"weights": "0" * 64})
RDF_FILES = [name for name in FORMATS if name != "derived.ttl"]


def divided(graph: KnowledgeGraph) -> KnowledgeGraph:
    """Return `graph` with a run, a division that an article names, and the one above it."""
    city, province = graph.nodes[-1].id, "place:云泽省"
    for node in graph.nodes:
        if node.type == "Place":
            city = node.id
    return replace(
        graph,
        run=RUN,
        divisions=(
            PlacedDivision(id=city, code="990100", name="青岚市", within=province),
            PlacedDivision(id=province, code="990000", name="云泽省"),
        ),
        nodes=tuple(replace(n, named_after=city) if n.type == "Event" else n for n in graph.nodes),
    )


GRAPHS = {
    "small": divided(replace(small_graph(), min_confidence=0.65)),
    "occurrence": replace(divided(sample()), min_confidence=0.5),
    "empty": KnowledgeGraph(sources=(), articles=(), nodes=(), edges=()),
}


def written(graph: KnowledgeGraph, *, base_iri: str = ID) -> dict[str, bytes]:
    return write_formats(graph, VOCABULARY, formats=FILES, base_iri=base_iri)


@pytest.mark.parametrize("name", RDF_FILES)
@pytest.mark.parametrize("which", GRAPHS)
def test_two_foreign_parsers_find_the_triples_of_the_turtle_file(which: str, name: str) -> None:
    files = written(GRAPHS[which])
    wanted = by_oxigraph("graph.ttl", files["graph.ttl"])
    assert by_oxigraph(name, files[name]) == wanted
    assert by_rdflib(name, files[name]) == wanted


@pytest.mark.parametrize("which", GRAPHS)
def test_graphml_and_csv_hold_every_statement_with_its_evidence(which: str) -> None:
    graph = GRAPHS[which]
    files = written(graph)
    triples = by_oxigraph("graph.ttl", files["graph.ttl"])
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    parts = {
        p: {s: o for s, q, o in triples if q == p}
        for p in (rdf + "subject", rdf + "predicate", rdf + "object")
    }
    wanted = {
        (statement, *(parts[p][statement].removeprefix(NK) for p in parts))
        for statement in parts[rdf + "subject"]
    }
    network = by_networkx(files["graph.graphml"])
    edges = [(key, one, data, other) for one, other, key, data in network.edges(keys=True, data=True)]
    assert {(k, s, d["relation"], o) for k, s, d, o in edges if "modality" in d} == wanted
    rows = by_csv(files["relationships.csv"])
    facts = [row for row in rows if row["modality"]]
    assert {(r["statement"], r[":START_ID"], r[":TYPE"], r[":END_ID"]) for r in facts} == wanted
    evidence = {f"{ID}statement/{e.id}": {s.evidence.text for s in e.supports} for e in graph.edges}
    assert {r["statement"]: set(texts(r["evidence"])) for r in facts} == evidence
    assert {k: d["evidence"] for k, _, d, _ in edges if "modality" in d} == {
        r["statement"]: "\n".join(texts(r["evidence"])) for r in facts
    }
    confidence = {f"{ID}statement/{e.id}": e.confidence for e in graph.edges}
    assert {k: d["confidence"] for k, _, d, _ in edges if "modality" in d} == confidence
    assert {r["statement"]: float(r["confidence:double"]) for r in facts} == confidence
    accepted = {key: value >= graph.min_confidence for key, value in confidence.items()}
    assert {k: d["accepted"] for k, _, d, _ in edges if "modality" in d} == accepted
    assert {r["statement"]: r["accepted:boolean"] == "true" for r in facts} == accepted


@pytest.mark.parametrize("which", GRAPHS)
def test_graphml_and_csv_hold_every_entity_and_occurrence(which: str) -> None:
    files = written(GRAPHS[which])
    triples = by_oxigraph("graph.ttl", files["graph.ttl"])
    label = "http://www.w3.org/2004/02/skos/core#prefLabel"
    plain = "^^http://www.w3.org/2001/XMLSchema#string@"
    wanted = {s: o.removesuffix(plain) for s, p, o in triples if p == label}
    network = by_networkx(files["graph.graphml"])
    entities = {k: d for k, d in network.nodes(data=True) if "Entity" in d["classes"].split("\n")}
    assert {key: data["name"] for key, data in entities.items()} == wanted
    rows = by_csv(files["nodes.csv"])
    assert {r["iri:ID"]: r["name"] for r in rows if "Entity" in r[":LABEL"].split(";")} == wanted
    occurrences = {s for s, _, o in triples if o == NK + "Occurrence"}
    assert {r["iri:ID"] for r in rows if "Occurrence" in r[":LABEL"].split(";")} == occurrences
    assert set(network) - set(entities) == occurrences
    ends = {r[":START_ID"] for r in by_csv(files["relationships.csv"])}
    assert ends <= {r["iri:ID"] for r in rows}


def test_roles_places_and_containment_are_edges_without_modality() -> None:
    rows = by_csv(written(GRAPHS["occurrence"])["relationships.csv"])
    happening = f"{ID}occurrence/signing:1234567890abcdef"
    others = {(r[":START_ID"], r[":TYPE"], r[":END_ID"]) for r in rows if not r["modality"]}
    assert others == {
        (happening, "party", f"{ID}organization:云岭大学"),
        (happening, "party", f"{ID}organization:南溪市“星火”研究院"),
        (happening, "place", f"{ID}place:南溪市"),
        (f"{ID}place:南溪市", "within", f"{ID}place:云泽省"),
        (f"{ID}event:2023云岭峰会", "namedAfter", f"{ID}place:南溪市"),
    }
    (node,) = (r for r in by_csv(written(GRAPHS["occurrence"])["nodes.csv"]) if r["iri:ID"] == happening)
    assert (node["value:double"], node["currency"], node["amounts:string[]"]) == (
        "200000000",
        "CNY",
        "约2亿元",
    )
    assert node[":LABEL"] == "Occurrence;Signing"


def test_qualifiers_of_all_supports_stand_on_the_edge() -> None:
    rows = by_csv(written(GRAPHS["small"])["relationships.csv"])
    (signing,) = (r for r in rows if r[":TYPE"] == "signsAgreementWith")
    assert signing["qualifiers:string[]"].split(";") == [
        "agreement=人形机器人联合研发协议",
        "amount=3亿元",
        "date=2031-05-06",
    ]
    assert len(texts(signing["evidence"])) == 2


def test_dropping_the_graph_of_an_article_takes_its_evidence_and_what_only_it_states() -> None:
    graph = GRAPHS["small"]
    graphs = graphs_by_oxigraph(written(graph)["graph.trig"])
    named = {f"{ID}article/page-{number}.txt/0" for number in (1, 2, 3)}
    assert set(graphs) == {"", *named}
    gone = f"{ID}article/page-1.txt/0"
    left = set().union(*(triples for name, triples in graphs.items() if name != gone))
    assert not any(gone in triple or any("page-1.txt#char=" in term for term in triple) for triple in left)
    signs, hosts = (NK + name for name in ("signsAgreementWith", "hosts"))
    assert any(p == signs for _, p, _ in left), "another article states it, too"
    assert not any(p == hosts for _, p, _ in left), "no other article states it"
    ends = {term for triple in left for term in triple if "/support/" in term}
    assert {s for s, p, _ in left if p == NK + "rule"} == ends, (
        "no statement points at a support that is gone"
    )


def test_the_default_graph_holds_what_belongs_to_no_article() -> None:
    graphs = graphs_by_oxigraph(written(GRAPHS["small"])["graph.trig"])
    kinds = {o.rpartition("#")[2].rpartition("/")[2] for _, p, o in graphs[""] if p.endswith("#type")}
    assert {"Person", "Organization", "Source", "Run"} <= kinds
    assert not {"Statement", "Support", "NewsArticle", "EvidenceString"} & kinds
    assert not any(p == NK + "hosts" for _, p, _ in graphs[""])


def test_a_fact_of_two_articles_stands_in_the_graph_of_each() -> None:
    graphs = graphs_by_oxigraph(written(GRAPHS["small"])["graph.trig"])
    where = {
        name for name, triples in graphs.items() if any(p == NK + "signsAgreementWith" for _, p, _ in triples)
    }
    assert where == {f"{ID}article/page-{number}.txt/0" for number in (1, 3)}


def test_a_reprint_is_named_in_its_own_graph() -> None:
    reprint = Reprint(source="page-3.txt", article=0, original_source="page-1.txt", original_article=0)
    graphs = graphs_by_oxigraph(written(replace(GRAPHS["small"], reprints=(reprint,)))["graph.trig"])
    copy, original = (f"{ID}article/page-{number}.txt/0" for number in (3, 1))
    assert {name for name, t in graphs.items() if (copy, NK + "reprintOf", original) in t} == {copy}


def test_ntriples_are_sorted_lines_each_once() -> None:
    lines = write_ntriples(GRAPHS["small"], VOCABULARY).decode().removesuffix("\n").split("\n")
    assert lines == sorted(set(lines))
    assert all(line.endswith(" .") and "\\u00e" not in line.lower() for line in lines)


def test_jsonld_uses_the_names_of_the_ontology() -> None:
    import json

    document = json.loads(written(GRAPHS["small"])["graph.jsonld"])
    by_id = {node["@id"]: node for node in document["@graph"]}
    ting = by_id["id:organization:云泽省科学技术厅"]
    assert ting["@type"] == ["Government", "Organization"]
    assert ting["hosts"] == "id:event:2031云泽机器人大会"
    (signing,) = (n for n in by_id.values() if n.get("rdf:predicate") == "signsAgreementWith")
    assert signing["modality"] == "stated"
    assert signing["confidence"] == "0.95"
    assert signing["accepted"] is True
    assert signing["date"] == {"@value": "2031-05-06", "@type": "xsd:date"}


def test_the_context_file_means_what_the_context_inside_means() -> None:
    import json

    files = written(GRAPHS["small"])
    document = json.loads(files["graph.jsonld"])
    assert json.loads(files["context.jsonld"])["@context"] == document["@context"]
    assert isinstance(document["@context"], dict), "a local object, nothing to fetch"


def test_the_shipped_context_is_that_of_the_ontology() -> None:
    """After a change of the ontology: write `kg.serialize.jsonld.write_context(load_vocabulary())` to this file again."""
    assert (ontology_folder() / "context.jsonld").read_bytes() == write_context(VOCABULARY)


def test_terms_of_a_users_ontology_are_named_in_jsonld(tmp_path: Path) -> None:
    import json

    (tmp_path / "ontology.ttl").write_text(
        "@prefix nk: <https://newskg.example/ontology#> .\n@prefix my: <https://user.example/terms#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n@prefix schema: <https://schema.org/> .\n"
        'my:supplies a nk:Relation ; rdfs:label "供货"@zh , "supplies"@en ; rdfs:comment "供货。"@zh , "Delivers."@en ;\n'
        "  schema:domainIncludes nk:Organization ; schema:rangeIncludes nk:Organization .\n",
        encoding="utf-8",
    )
    vocabulary = load_vocabulary(tmp_path)
    graph = GRAPHS["occurrence"]
    edge = replace(graph.edges[0], predicate="supplies", key={}, occurrence=None)
    graph = replace(graph, edges=(edge,), happenings=())
    files = write_formats(graph, vocabulary, formats=FILES)
    terms = json.loads(files["graph.jsonld"])["@context"]
    assert terms["supplies"] == {"@id": "https://user.example/terms#supplies", "@type": "@id"}
    wanted = by_oxigraph("graph.ttl", files["graph.ttl"])
    assert by_oxigraph("graph.jsonld", files["graph.jsonld"]) == wanted
    assert any(p == "https://user.example/terms#supplies" for _, p, _ in wanted)


def test_another_base_iri_stands_everywhere() -> None:
    files = written(GRAPHS["small"], base_iri="https://图谱.example/甲/")
    wanted = by_oxigraph("graph.ttl", files["graph.ttl"])
    assert not any("newskg.example/id" in term for triple in wanted for term in triple)
    for name in RDF_FILES:
        assert by_oxigraph(name, files[name]) == by_rdflib(name, files[name]) == wanted
    for name in ("graph.graphml", "nodes.csv", "relationships.csv", "derived.ttl"):
        assert b"newskg.example/id" not in files[name]


def test_unknown_formats_are_a_usage_error_and_turtle_is_always_there() -> None:
    assert checked_formats(["csv", " nt", ""]) == ("ttl", "nt", "csv")
    with pytest.raises(UsageError, match=r"unknown format 'rdfxml'; known formats are ttl, trig, nt"):
        checked_formats(["rdfxml"])
    assert list(write_formats(GRAPHS["small"], VOCABULARY)) == ["graph.ttl", "derived.ttl"]


# ---------------- hostile text

NASTY = st.lists(
    st.one_of(
        st.sampled_from(
            "\"'\\,;|\t\n\r\x00\x01\x08\x0b\x0c\x1f\x7f\x85\u2028\u2029\u202e\u200f\ufeff\ufffe\uffff\ud800\udfff"
            "<>&{}[]()@#%.:_^~א\U0001f600\U0010ffff甲a1 "
        ),
        st.characters(),
        st.sampled_from(
            ["</data>", "]]>", "<!--", "-->", "${x}", "@id", "_:b", "=1+2", "\r\n", '"";', "a//b"]
        ),
    ),
    min_size=1,
    max_size=8,
).map("".join)


def hostile(first: str, second: str, page: str) -> KnowledgeGraph:
    of = source(f"{first}主办{second}", name=page)
    nodes = (
        Node(id=f"event:{second}", type="Event", name=second, aliases=(f"{second};甲", "乙"), dates=(first,)),
        Node(id=f"organization:{first}", type="Organization", name=first),
    )
    found = support(of, of.text, first, second, qualifiers={"date": second}, attributed_to=first)
    found = replace(found, object_span=Span(len(first) + 2, len(of.text)))
    edge = Edge(
        id="00ff00ff00ff00ff",
        subject=nodes[1].id,
        predicate="hosts",
        object=nodes[0].id,
        modality="stated",
        confidence=0.9,
        supports=(found,),
    )
    return KnowledgeGraph(sources=(of,), articles=(article(of),), nodes=nodes, edges=(edge,), run=RUN)


def _storable(text: str) -> str:
    """Return `text` as UTF-8 can hold it."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def _in_xml(text: str) -> str:
    """Return `text` as XML 1.0 can hold it."""
    return re.sub("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)


@settings(max_examples=60, deadline=None)
@given(first=NASTY, second=NASTY, page=NASTY)
@example(first="\r甲", second='乙\r"丙', page="丁\r.txt")
def test_hostile_text_survives_every_format(first: str, second: str, page: str) -> None:
    graph = hostile(first, second, page)
    files = written(graph)
    wanted = by_oxigraph("graph.ttl", files["graph.ttl"])
    for name in RDF_FILES:
        assert by_oxigraph(name, files[name]) == wanted, name
        assert by_rdflib(name, files[name]) == wanted, name
    string = "^^http://www.w3.org/2001/XMLSchema#string@"
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    labels = {o for s, p, o in wanted if p == label and "/event:" in s}
    assert labels == {_storable(second) + string}
    (node,) = (r for r in by_csv(files["nodes.csv"]) if "Event" in r[":LABEL"])
    assert node["name"] == _storable(second)
    assert node["aliases:string[]"].split(";") == [_storable(f"{second};甲").replace(";", "；"), "乙"]
    (row,) = by_csv(files["relationships.csv"])
    assert texts(row["evidence"]) == [_storable(graph.edges[0].supports[0].evidence.text)]
    (edge,) = by_networkx(files["graph.graphml"]).edges(data=True)
    assert edge[2]["evidence"] == _in_xml(graph.edges[0].supports[0].evidence.text)


def test_graphml_is_well_formed_xml_with_declared_keys() -> None:
    root = ElementTree.fromstring(written(hostile("</data>&\x00", "]]>\x0b<x>", "a.txt"))["graph.graphml"])  # noqa: S314
    space = "{http://graphml.graphdrawing.org/xmlns}"
    declared = {key.get("id") for key in root.iter(f"{space}key")}
    used = {data.get("key") for data in root.iter(f"{space}data")}
    assert used <= declared
    assert root.find(f"{space}graph").get("edgedefault") == "directed"
    ids = [element.get("id") for element in root.iter(f"{space}edge")]
    assert len(ids) == len(set(ids))
