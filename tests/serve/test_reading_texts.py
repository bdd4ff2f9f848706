"""Whatever the words of a graph are, they are read back; half surrogate pairs are U+FFFD outside ids."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented import Fact, Story, graph_of, node

from kg.model import Amount, Happening, When
from kg.serialize.turtle import write_turtle
from kg.serve.stored.reading import StoredGraph
from kg.serve.stored.store import prepare
from kg.vocabulary import load_vocabulary

PIECES = (
    *("云泽大学", "朗星", "（：）", "𠮷😀", "\ud83d", "\u200b", "\u202e", "\n", "\r", "\t", " "),
    *("#char=1,2", "%2F", "/../", '"""', "\\", "<b>", "_:b", "@zh", "^^", "."),
)
TEXTS = st.one_of(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join),
    st.text(st.characters(codec=None), min_size=1, max_size=20),
)
DATES = st.one_of(
    st.sampled_from(
        ("2023", "2023-12", "2023-12-16", "2023-02-30", "0001-01-01", "去年", "2023-12-02/2023-12-05")
    ),
    TEXTS,
)


def written(text):
    """Return a text as RDF can hold it."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def odd_graph(words, date):
    """Return a graph with `words` wherever a text may stand."""
    source, one, other, title, publisher, rule, role, speaker, happened = words
    nodes = [
        node("Organization", one, title, id_=f"organization:甲{one}", dates=(date,), merged_because=(rule,)),
        node("Organization", other, id_=f"organization:乙{other}", amounts=(speaker,), corrected_by=(role,)),
    ]
    fact = Fact(
        subject=nodes[0].id,
        predicate="signsAgreementWith",
        object=nodes[1].id,
        sentence=f"{one}与{other}签约{title}",
        qualifiers={"role": role, "amount": speaker},
        key={"date": date},
        confidence=0.8765,
        attributed_to=speaker,
    )
    story = Story(source=source, title=title, published="2031-05-06", facts=[fact])
    graph = graph_of(nodes, [story])
    happening = Happening(
        id=f"signing:{happened}",
        kind="Signing",
        roles={"party": tuple(sorted(n.id for n in nodes))},
        date=When(value=date, text=rule),
        place=nodes[0].id,
        event=nodes[1].id,
        amount=Amount(value="200000000.5", currency="CNY", text=speaker, modifier=role),
        subject=title,
    )
    return replace(
        graph,
        articles=tuple(replace(a, publisher=publisher, byline=(rule,)) for a in graph.articles),
        edges=tuple(replace(e, occurrence=happening.id) for e in graph.edges),
        happenings=(happening,),
    )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(words=st.lists(TEXTS, min_size=9, max_size=9), date=DATES)
def test_odd_words_come_back(words, date, tmp_path_factory):
    vocabulary = load_vocabulary()
    graph = odd_graph(words, date)
    folder = tmp_path_factory.mktemp("graph")
    (folder / "graph.ttl").write_bytes(write_turtle(graph, vocabulary))
    back = StoredGraph(prepare(folder), vocabulary)
    for n in graph.nodes:
        texts = {
            name: tuple(written(text) for text in getattr(n, name))
            for name in ("aliases", "dates", "amounts", "merged_because", "corrected_by")
        }
        assert back.node(n.id) == replace(n, name=written(n.name), mentions=(), **texts)
        assert back.edges_of(n.id) == [back.edge(graph.edges[0].id)]
        assert back.names.entity(n.id).name == written(n.name)
    assert back.neighbours(graph.nodes[0].id) == [graph.nodes[1].id]
    (edge,) = graph.edges
    (support,) = edge.supports
    assert back.edge(edge.id) == replace(
        edge,
        key={"date": written(date)},
        supports=(
            replace(
                support,
                evidence=replace(support.evidence, text=written(support.evidence.text)),
                qualifiers={name: written(value) for name, value in support.qualifiers.items()},
                attributed_to=written(support.attributed_to),
            ),
        ),
    )
    (article,) = graph.articles
    assert back.article(article.source, article.index) == replace(
        article,
        **{name: written(getattr(article, name)) for name in ("title", "publisher")},
        byline=tuple(map(written, article.byline)),
        spans=(),
        passages=(),
    )
    (happening,) = graph.happenings
    is_date = date[:2] in ("20", "00") and date != "2023-02-30" and date.isascii()
    when = When(value=date if is_date else written(happening.date.text), text=written(happening.date.text))
    found = back.happening(happening.id)
    assert found.date in (when, replace(when, value=date))
    assert replace(found, date=None) == replace(
        happening,
        date=None,
        amount=replace(
            happening.amount,
            **{name: written(getattr(happening.amount, name)) for name in ("text", "modifier")},
        ),
        subject=written(happening.subject),
    )
