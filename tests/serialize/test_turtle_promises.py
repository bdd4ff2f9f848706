"""What the Turtle of a graph promises: same bytes, same triples in two parsers, two layers, exact evidence."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from turtle_graphs import TEXT, article, sample, source, support

from kg.errors import InvariantError, UsageError
from kg.model import Edge, Evidence, KnowledgeGraph, Node, Span
from kg.serialize.iri import escaped, source_iri, string_iri
from kg.serialize.turtle import write_turtle
from kg.validate import validate
from kg.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
NK = "https://newskg.example/ontology#"
ID = "https://newskg.example/id/"
UNIVERSITY = f"{ID}organization:云岭大学"
INSTITUTE = f"{ID}organization:南溪市“星火”研究院"
STATEMENT = f"{ID}statement/0a1b2c3d4e5f6071"


def by_oxigraph(data: bytes) -> set[tuple[str, ...]]:
    return {
        tuple(_plain(term) for term in quad.triple) for quad in ox.parse(data, format=ox.RdfFormat.TURTLE)
    }


def _plain(term: object) -> str:
    if isinstance(term, ox.Literal):
        kind = term.datatype.value
        return f"{term.value}^^{kind}"
    assert isinstance(term, ox.NamedNode), "no blank node was expected"
    return term.value


def by_rdflib(data: bytes) -> set[tuple[str, ...]]:
    graph = rdflib.Graph().parse(data=data, format="turtle")
    string = rdflib.XSD.string
    return {
        tuple(f"{t}^^{t.datatype or string}" if isinstance(t, rdflib.Literal) else str(t) for t in triple)
        for triple in graph
    }


def objects(data: bytes, subject: str, predicate: str) -> set[str]:
    return {o for s, p, o in by_oxigraph(data) if (s, p) == (subject, predicate)}


def test_flat_triple_only_for_stated_facts_above_the_threshold() -> None:
    relations = {relation.iri for relation in VOCABULARY.relations.values()}
    strict = {t for t in by_oxigraph(write_turtle(sample(), VOCABULARY)) if t[1] in relations}
    assert strict == {(UNIVERSITY, NK + "signsAgreementWith", INSTITUTE)}
    lax = {t for t in by_oxigraph(write_turtle(sample(min_confidence=0.31), VOCABULARY)) if t[1] in relations}
    assert lax - strict == {(f"{ID}person:周一鸣（云岭大学）", NK + "memberOf", UNIVERSITY)}


def test_statement_carries_identity_and_support_the_rest() -> None:
    data = write_turtle(sample(), VOCABULARY)
    date = "http://www.w3.org/2001/XMLSchema#date"
    assert objects(data, STATEMENT, NK + "date") == {f"2023-12-16^^{date}"}
    assert objects(data, STATEMENT, NK + "amount") == set()
    (node,) = objects(data, STATEMENT, NK + "support")
    string = "http://www.w3.org/2001/XMLSchema#string"
    assert objects(data, node, NK + "amount") == {f"约2亿元^^{string}"}
    assert objects(data, node, NK + "attributedTo") == {f"南溪日报^^{string}"}
    assert objects(data, node, NK + "rule") == {f"signing.multi-party^^{string}"}
    assert objects(data, node, NK + "evidence") == {f"{ID}source/页/第1版%20A%25.txt#char=3,27"}


def test_evidence_is_a_nif_string_of_the_source() -> None:
    data = write_turtle(sample(), VOCABULARY)
    nif = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
    page = source_iri(ID, "页/第1版 A%.txt")
    string = string_iri(page, 3, 27)
    assert objects(data, string, nif + "anchorOf") == {
        TEXT[3:27] + "^^http://www.w3.org/2001/XMLSchema#string"
    }
    assert objects(data, string, nif + "referenceContext") == {page}


def test_dates_amounts_and_roles_of_an_occurrence_are_typed() -> None:
    data = write_turtle(sample(), VOCABULARY)
    xsd = "http://www.w3.org/2001/XMLSchema#"
    happening = f"{ID}occurrence/signing:1234567890abcdef"
    assert objects(data, happening, NK + "party") == {UNIVERSITY, INSTITUTE}
    assert objects(data, happening, NK + "amountValue") == {f"200000000^^{xsd}decimal"}
    assert objects(data, happening, NK + "dateText") == {f"昨日^^{xsd}string"}
    event = f"{ID}event:2023云岭峰会"
    assert objects(data, event, NK + "onDate") == {f"2023-12^^{xsd}gYearMonth"}
    assert objects(data, event, NK + "endDate") == {f"2023-12-05^^{xsd}date"}


def test_subjects_stand_in_the_promised_order() -> None:
    lines = write_turtle(sample(), VOCABULARY).decode().splitlines()
    heads = [line.split(" a ")[1].split(" ")[-2] for line in lines if line[0] not in "@\t" and " a " in line]
    kinds = [head for i, head in enumerate(heads) if i == 0 or heads[i - 1] != head]
    assert kinds[:5] == ["nk:Event", "nk:University", "nk:Organization", "nk:Person", "nk:Place"]
    assert kinds[5:8] == ["nk:Source", "schema:NewsArticle", "nk:Signing"]
    assert kinds[8:14] == ["nk:Statement", "nk:Support"] * 3
    assert set(kinds[14:]) == {"nk:MentionString", "nk:EvidenceString"}


def test_collections_in_another_order_give_the_same_bytes() -> None:
    graph = sample()
    turned = replace(graph, nodes=graph.nodes[::-1], edges=graph.edges[::-1])
    assert write_turtle(turned, VOCABULARY) == write_turtle(graph, VOCABULARY)


def test_two_hash_seeds_give_the_same_bytes() -> None:
    code = (
        "import sys; from turtle_graphs import sample; from kg.serialize.turtle import write_turtle\n"
        "from kg.vocabulary import load_vocabulary\n"
        "sys.stdout.buffer.write(write_turtle(sample(), load_vocabulary()))"
    )
    results = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parent)}
        run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
        results.add(run.stdout)
    assert results == {write_turtle(sample(), VOCABULARY)}


def test_both_parsers_read_the_same_triples() -> None:
    data = write_turtle(sample(), VOCABULARY)
    assert by_rdflib(data) == by_oxigraph(data)


NAMES = st.text(
    st.one_of(
        st.sampled_from(
            "“”‘’\"'①—·…（）《》〈〉 \u3000\t\n\r%#?/\\<>{}|^`[]:;.,~!$&*+=@_-"
            "\u200e\u202e\u0000\u00ad\ufeff\ufff9\ufffd\ue000אب𠮷浙江大学Aa0"
        ),
        st.characters(exclude_categories=["Cs"]),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(first=NAMES, second=NAMES, page=NAMES)
def test_any_name_survives_both_parsers(first: str, second: str, page: str) -> None:
    graph = named(first, second, page)
    data = write_turtle(graph, VOCABULARY)
    triples = by_oxigraph(data)
    string = "^^http://www.w3.org/2001/XMLSchema#string"
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    assert {o for _, p, o in triples if p == label} == {node.name + string for node in graph.nodes}
    assert by_rdflib(data) == triples


def named(first: str, second: str, page: str) -> KnowledgeGraph:
    of = source(f"{first}主办{second}", name=page)
    nodes = (
        Node(id=f"event:{second}", type="Event", name=second),
        Node(id=f"organization:{first}", type="Organization", name=first),
    )
    found = support(of, of.text, first, second)
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
    return KnowledgeGraph(sources=(of,), articles=(article(of),), nodes=nodes, edges=(edge,))


@settings(max_examples=200, deadline=None)
@given(NAMES, NAMES)
def test_different_names_never_share_an_iri(first: str, second: str) -> None:
    assert (escaped(first) == escaped(second)) == (first == second)
    ox.NamedNode(ID + escaped(first))


def test_odd_names_conform() -> None:
    assert validate(write_turtle(named("“甲①—乙”", "A/B 100%\n会", "a b.txt"), VOCABULARY)).violations == ()


def changed(**values: object) -> KnowledgeGraph:
    graph = sample()
    edge = graph.edges[0]
    return replace(graph, edges=(replace(edge, supports=(replace(edge.supports[0], **values),)),))


@pytest.mark.parametrize(
    ("graph", "words"),
    [
        (changed(evidence=Evidence(start=3, end=7, text="云岭大字")), "not the text of the evidence"),
        (changed(evidence=Evidence(start=3, end=3, text="")), "non-empty span"),
        (changed(subject_span=Span(40, 400)), "within its 46 characters"),
        (changed(article=7), "no article 7"),
        (changed(confidence=float("nan")), "confidence from 0 to 1"),
        (replace(sample(), nodes=sample().nodes[:2]), "no node"),
        (replace(sample(), happenings=()), "no occurrence"),
        (replace(sample(), sources=()), "does not hold this source"),
        (replace(sample(), edges=(replace(sample().edges[0], supports=()),)), "evidence was expected"),
    ],
)
def test_broken_promise_is_refused(graph: KnowledgeGraph, words: str) -> None:
    with pytest.raises(InvariantError, match=words):
        write_turtle(graph, VOCABULARY)


@pytest.mark.parametrize(
    "base",
    [
        "id/",
        "https://x.example/id",
        "https://x.example/id#",
        "https://x.example/a b/",
        "https://x.example/<>/",
        "",
    ],
)
def test_unusable_base_iri_is_a_usage_error(base: str) -> None:
    with pytest.raises(UsageError, match="absolute IRI"):
        write_turtle(sample(), VOCABULARY, base_iri=base)


def test_base_iri_stands_before_every_id() -> None:
    data = write_turtle(sample(), VOCABULARY, base_iri="https://图谱.example/甲/")
    assert b"newskg.example/id" not in data
    assert objects(data, "https://图谱.example/甲/place:南溪市", "http://www.w3.org/2000/01/rdf-schema#label")


def test_every_statement_says_whether_it_is_accepted() -> None:
    boolean = "http://www.w3.org/2001/XMLSchema#boolean"
    for threshold, accepted in ((0.5, {"true"}), (0.99, {"false"})):
        data = write_turtle(sample(min_confidence=threshold), VOCABULARY)
        assert objects(data, STATEMENT, NK + "accepted") == {f"{value}^^{boolean}" for value in accepted}
