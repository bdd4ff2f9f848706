"""Promises of the assembled graph; all names and sentences are invented."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.assemble import assemble, to_networkx
from kg.assemble.confidence import joined
from kg.errors import InvariantError
from kg.model import (
    Amount,
    Article,
    Entity,
    Evidence,
    Extraction,
    Identity,
    KnowledgeGraph,
    Modality,
    Occurrence,
    Skipped,
    Source,
    Span,
    Statement,
    Support,
    When,
)
from kg.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
NODES = {
    "o1": ("organization:云岭大学", "Organization", "云岭大学"),
    "o2": ("organization:云州重工", "Organization", "云州重工"),
    "o3": ("organization:江北银行", "Organization", "江北银行"),
    "e1": ("event:云岭数字大会", "Event", "云岭数字大会"),
    "p1": ("person:王刚（云州重工）", "Person", "王刚"),
}
TEXT = "云岭大学与云州重工签约。王刚任云州重工董事长。江北银行主办云岭数字大会。"


def statement(
    subject: str = "o1",
    predicate: str = "signsAgreementWith",
    object_: str = "o2",
    *,
    at: tuple[int, int] = (0, 12),
    confidence: float = 0.8,
    modality: Modality = "stated",
    occurrence: str | None = None,
    **qualifiers: str,
) -> Statement:
    return Statement(
        subject=subject,
        predicate=predicate,
        object=object_,
        subject_span=Span(at[0], at[0] + 1),
        object_span=Span(at[1] - 1, at[1]),
        evidence=(Evidence(start=at[0], end=at[1], text=TEXT[at[0] : at[1]]),),
        confidence=confidence,
        rule="test",
        qualifiers=qualifiers,
        modality=modality,
        occurrence=occurrence,
    )


def extraction(
    source: str,
    *statements: Statement,
    published: str = "2024-03-01",
    occurrences: tuple[Occurrence, ...] = (),
) -> Extraction:
    return Extraction(
        article=Article(
            source=source,
            index=0,
            spans=(Span(0, len(TEXT)),),
            passages=(),
            title=f"{source}的标题",
            published=published,
        ),
        entities=tuple(
            Entity(id=local, type=type_, name=name, aliases=(f"{source}的{name}",), mentions=(Span(0, 4),))
            for local, (_, type_, name) in NODES.items()
        ),
        statements=statements,
        occurrences=occurrences,
    )


def identities(*extractions: Extraction) -> tuple[Identity, ...]:
    return tuple(
        Identity(
            id=id_,
            type=type_,
            name=name,
            members=tuple(sorted((x.article.source, x.article.index, local) for x in extractions)),
        )
        for local, (id_, type_, name) in NODES.items()
    )


def source(id_: str) -> Source:
    return Source(id=id_, text=TEXT, raw_sha256="0" * 64, text_sha256="0" * 64)


def graph(*extractions: Extraction, skipped: tuple[Skipped, ...] = ()) -> KnowledgeGraph:
    sources = [source(x.article.source) for x in extractions]
    return assemble(
        sources, extractions, identities=identities(*extractions), vocabulary=VOCABULARY, skipped=skipped
    )


def test_equal_statements_are_one_edge_and_evidence_accumulates() -> None:
    built = graph(
        extraction("甲", statement(at=(0, 12), confidence=0.8)),
        extraction("乙", statement(at=(0, 11), confidence=0.6), published="2024-02-01"),
    )
    (edge,) = built.edges
    assert [(s.source, s.confidence) for s in edge.supports] == [("乙", 0.6), ("甲", 0.8)]
    assert edge.confidence == 0.92


def test_reprinted_sentence_is_no_further_witness() -> None:
    (edge,) = graph(
        extraction("甲", statement(confidence=0.8)), extraction("乙", statement(confidence=0.6))
    ).edges
    assert len(edge.supports) == 2
    assert edge.confidence == 0.8


def test_one_article_is_one_witness_however_often_it_says_it() -> None:
    (edge,) = graph(extraction("甲", statement(at=(0, 12)), statement(at=(0, 11), confidence=0.7))).edges
    assert [s.evidence.end for s in edge.supports] == [11, 12]
    assert edge.confidence == 0.8


def test_many_witnesses_never_make_certain() -> None:
    found = [extraction(f"源{n}", statement(at=(0, 5 + n), confidence=0.9)) for n in range(6)]
    assert graph(*found).edges[0].confidence == 0.99


def test_symmetric_statements_meet_in_one_direction() -> None:
    (edge,) = graph(
        extraction("甲", statement("o1", object_="o2"), statement("o2", object_="o1", at=(0, 11)))
    ).edges
    assert (edge.subject, edge.object) == ("organization:云岭大学", "organization:云州重工")
    assert [(s.subject_span, s.object_span) for s in edge.supports] == [
        (Span(10, 11), Span(0, 1)),
        (Span(0, 1), Span(11, 12)),
    ]


def test_key_qualifiers_and_modality_tell_statements_apart_others_do_not() -> None:
    built = graph(
        extraction(
            "甲",
            statement("p1", "holdsPosition", "o2", role="董事长"),
            statement("p1", "holdsPosition", "o2", role="总经理"),
            statement("p1", "holdsPosition", "o2", role="董事长", modality="past"),
            statement("p1", "holdsPosition", "o2", role="董事长", date="2024"),
        )
    )
    assert sorted((e.key["role"], e.modality, len(e.supports)) for e in built.edges) == [
        ("总经理", "stated", 1),
        ("董事长", "past", 1),
        ("董事长", "stated", 2),
    ]


def test_what_the_ontology_forbids_is_refused_and_reported() -> None:
    built = graph(
        extraction("甲", statement("e1", "hosts", "o3"), statement("o1", "frobnicates", "o2"), statement()),
        skipped=(Skipped(source="坏文件", reason="undecodable"),),
    )
    assert [e.predicate for e in built.edges] == ["signsAgreementWith"]
    assert built.skipped == (
        Skipped(source="坏文件", reason="undecodable"),
        Skipped(
            source="甲",
            reason="article 0: 云岭大学 frobnicates 云州重工: the ontology has no relation of this name",
        ),
        Skipped(
            source="甲",
            reason="article 0: 云岭数字大会 hosts 江北银行: the ontology has no hosts from Event to Organization",
        ),
    )


def test_nothing_is_said_of_a_thing_and_itself() -> None:
    one = extraction("甲", statement("o1", "partOf", "o2"))
    merged = Identity(
        id="organization:云岭大学",
        type="Organization",
        name="云岭大学",
        members=tuple(("甲", 0, e.id) for e in one.entities),
    )
    built = assemble([source("甲")], [one], identities=[merged], vocabulary=VOCABULARY)
    assert built.edges == ()
    assert built.skipped[0].reason.endswith("subject and object are one thing")


def test_evidence_that_is_not_in_the_source_is_a_bug() -> None:
    wrong = replace(statement(), evidence=(Evidence(start=1, end=13, text=TEXT[0:12]),))
    with pytest.raises(InvariantError, match=r"甲, article 0: the evidence at 1\.\.13"):
        graph(extraction("甲", wrong))


def test_entity_without_identity_is_a_bug() -> None:
    with pytest.raises(InvariantError, match="belongs to no identity"):
        assemble([], [extraction("甲", statement())], identities=[], vocabulary=VOCABULARY)


def test_nodes_gather_aliases_and_mentions() -> None:
    node = next(n for n in graph(extraction("甲"), extraction("乙")).nodes if n.id == "organization:云岭大学")
    assert node.aliases == ("乙的云岭大学", "甲的云岭大学")
    assert [(m.source, m.span) for m in node.mentions] == [("乙", Span(0, 4)), ("甲", Span(0, 4))]


def signing(id_: str, date: str | None, amount: str | None = None, place: str | None = None) -> Occurrence:
    return Occurrence(
        id=id_,
        kind="Signing",
        roles={"party": ("o2", "o1")},
        date=When(value=date, text=date) if date else None,
        amount=Amount(value=amount, currency="CNY", text=amount) if amount else None,
        place=place,
    )


def test_happenings_of_one_day_and_company_are_one() -> None:
    built = graph(
        extraction("甲", statement(occurrence="x"), occurrences=(signing("x", "2024-02-28"),)),
        extraction(
            "乙", statement(occurrence="y", at=(0, 11)), occurrences=(signing("y", "2024-02-28", "200"),)
        ),
        extraction("丙", occurrences=(signing("z", None),)),
    )
    (happening,) = built.happenings
    assert happening.roles == {"party": ("organization:云岭大学", "organization:云州重工")}
    assert happening.date == When(value="2024-02-28", text="2024-02-28")
    assert happening.amount == Amount(value="200", currency="CNY", text="200")
    assert {e.occurrence for e in built.edges} == {happening.id}


def test_happenings_of_two_days_are_two_and_an_undated_one_stays_alone() -> None:
    built = graph(
        extraction("甲", occurrences=(signing("x", "2024-02-28"),)),
        extraction("乙", occurrences=(signing("y", "2023-02-28"),)),
        extraction("丙", occurrences=(signing("z", None),)),
    )
    assert sorted(h.date.value if h.date else "" for h in built.happenings) == [
        "",
        "2023-02-28",
        "2024-02-28",
    ]


def test_networkx_has_entities_as_nodes_and_statements_as_keyed_edges() -> None:
    built = graph(extraction("甲", statement("p1", "holdsPosition", "o2", at=(12, 23), role="董事长")))
    network = to_networkx(built)
    (edge,) = built.edges
    data = network.edges["person:王刚（云州重工）", "organization:云州重工", edge.id]
    assert data["predicate"] == "holdsPosition"
    assert data["qualifiers"] == {"role": "董事长"}
    assert data["flat"] is True
    assert data["evidence"] == (
        {
            "text": "王刚任云州重工董事长。",
            "source": "甲",
            "article": 0,
            "start": 12,
            "end": 23,
            "title": "甲的标题",
            "published": "2024-03-01",
        },
    )
    assert network.nodes["event:云岭数字大会"]["type"] == "Event"
    assert set(network) == {n.id for n in built.nodes}


STATEMENTS = st.builds(
    lambda ends, confidence, modality, to: statement(
        *ends, at=(0, to), confidence=confidence, modality=modality, date="2024"
    ),
    st.sampled_from(
        [("o1", "signsAgreementWith", "o2"), ("o2", "signsAgreementWith", "o1"), ("o3", "hosts", "e1")]
    ),
    st.sampled_from([0.5, 0.7, 0.9]),
    st.sampled_from(["stated", "planned"]),
    st.integers(2, 12),
)


@given(
    st.lists(st.lists(STATEMENTS, max_size=4), min_size=1, max_size=4),
    st.randoms(use_true_random=False),
)
def test_order_of_input_never_matters(parts: list[list[Statement]], chance: random.Random) -> None:
    found = [
        extraction(
            f"源{n}", *those, published=f"2024-03-0{n % 2 + 1}", occurrences=(signing("x", "2024", str(n)),)
        )
        for n, those in enumerate(parts)
    ]
    shuffled = [replace(x, statements=tuple(reversed(x.statements))) for x in found]
    chance.shuffle(shuffled)
    assert graph(*found) == graph(*shuffled)


@given(st.lists(STATEMENTS, min_size=1, max_size=6))
def test_no_evidence_is_lost_and_confidence_is_at_least_the_surest(those: list[Statement]) -> None:
    built = graph(extraction("甲", *those))
    kept = {(s.evidence.end, s.confidence, e.modality, e.predicate) for e in built.edges for s in e.supports}
    assert kept == {(s.evidence[0].end, s.confidence, s.modality, s.predicate) for s in those}
    for edge in built.edges:
        assert max(s.confidence for s in edge.supports) <= edge.confidence <= 1


def test_a_reprint_is_no_further_witness_even_where_the_sentence_was_edited() -> None:
    one = Support(
        source="甲",
        article=0,
        evidence=Evidence(start=0, end=2, text="甲乙"),
        subject_span=Span(0, 1),
        object_span=Span(1, 2),
        confidence=0.7,
        rule="r",
    )
    other = replace(one, source="乙", evidence=Evidence(start=0, end=2, text="甲丙"), confidence=0.6)
    assert joined([one, other]) == 0.88
    assert joined([one, other], original_of={("乙", 0): ("甲", 0)}) == 0.7
