"""What the explorer knows of a graph, or of a part of it, as JSON.

A bundle holds nodes, statements, articles and occurrences that name each other by their place in its own lists. The page of
a file has one bundle for the whole graph; `kg serve` sends one for every neighbourhood that a reader opens, and the page
adds it to what it has.

What would be said thousands of times is left out or said once: sentences and rules stand in lists of their own, an id that
is class and name is left out, so is the modality ``stated``; ``graph.data.js`` puts them back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kg.model import Article, Edge, Happening, Node, PlacedDivision, Support
from kg.serialize import iri
from kg.serialize.labels import label
from kg.serialize.namespaces import nk, term
from kg.serialize.pieces import pieces
from kg.serialize.triples import beside_names, qualifier_literal
from kg.vocabulary import LANGUAGES, NAMESPACE, Vocabulary

# Colours of Okabe and Ito, which colour-blind readers can tell apart, each with a shape of its own beside it.
_MARKS: Final = (
    ("Organization", "#0072B2", "square"),
    ("Person", "#D55E00", "dot"),
    ("Event", "#E69F00", "star"),
    ("Place", "#009E73", "triangleDown"),
    ("Project", "#CC79A7", "hexagon"),
    ("Document", "#56B4E9", "diamond"),
    ("Programme", "#8C6BB1", "triangle"),
    ("Product", "#A6761D", "dot"),
    ("Honor", "#6B6B6B", "diamond"),
)
_OTHER_MARK: Final = ("#777777", "dot")
_IN_WORDS: Final = frozenset({nk("amountText"), nk("dateText")})


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The classes and relations that a page shows, in its order; bundles name them by their place here."""

    types: tuple[str, ...]
    relations: tuple[str, ...]


def terms_of(types: Iterable[str], relations: Iterable[str]) -> Terms:
    """Return the terms in the order of a page: well-known classes first, everything else by name."""
    there = set(types)
    known = [name for name, _, _ in _MARKS if name in there]
    return Terms(types=(*known, *sorted(there - set(known))), relations=tuple(sorted(set(relations))))


def mark(type_: str) -> dict[str, str]:
    """Return the colour and the shape of a class."""
    marks = {name: (colour, shape) for name, colour, shape in _MARKS}
    colour, shape = marks.get(type_, _OTHER_MARK)
    return {"colour": colour, "shape": shape}


def head(
    terms: Terms,
    vocabulary: Vocabulary,
    *,
    counts: Mapping[str, int],
    base_iri: str,
    threshold: float,
) -> dict[str, Any]:
    """Return what a page knows before any bundle: the terms with their words and marks, and how many entities of each class.

    Statements of less confidence than `threshold` are doubtful.
    """
    named = (
        *vocabulary.qualifiers,
        *vocabulary.subtypes,
        *vocabulary.modalities,
        *vocabulary.occurrences,
        *(role for roles in vocabulary.occurrences.values() for role in roles),
        *("place", "atEvent", "agreement"),
    )
    return {
        "base": base_iri,
        "namespace": NAMESPACE,
        "threshold": threshold,
        "terms": {
            t: {**_labels(vocabulary, t), "iri": term(vocabulary, t).value}
            for t in dict.fromkeys(named)
            if t in vocabulary.labels
        },
        "types": [
            {
                "name": t,
                **_labels(vocabulary, t),
                "iri": term(vocabulary, t).value,
                "count": counts.get(t, 0),
                **mark(t),
            }
            for t in terms.types
        ],
        "relations": [
            {
                "name": r,
                **_labels(vocabulary, r),
                "iri": term(vocabulary, r).value,
                **({"symmetric": True} if r in vocabulary.symmetric else {}),
            }
            for r in terms.relations
        ],
    }


def bundle(
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    articles: Sequence[Article],
    happenings: Sequence[Happening],
    *,
    terms: Terms,
    vocabulary: Vocabulary,
    base_iri: str,
    threshold: float,
    divisions: Mapping[str, PlacedDivision] | None = None,
    degrees: Sequence[int] | None = None,
) -> dict[str, Any]:
    """Return the lists of a bundle. The ends of `edges` must be among `nodes`; what else is missing is left out.

    `degrees` are the neighbours that each node has in the whole graph, where the bundle does not hold them all.
    """
    number = {node.id: i for i, node in enumerate(nodes)}
    article_number = {(article.source, article.index): i for i, article in enumerate(articles)}
    happening_number = {happening.id: i for i, happening in enumerate(happenings)}
    types = {name: i for i, name in enumerate(terms.types)}
    relations = {name: i for i, name in enumerate(terms.relations)}
    texts: dict[str, int] = {}
    rules: dict[str, int] = {}
    statements = [
        compact(
            id=edge.id,
            subject=number[edge.subject],
            relation=relations[edge.predicate],
            object=number[edge.object],
            modality=None if edge.modality == "stated" else edge.modality,
            confidence=round(edge.confidence, 4),
            doubtful=1 if edge.confidence < threshold else None,
            literals=_literals(edge, vocabulary),
            qualifiers=dict(sorted(edge.key.items())),
            occurrence=happening_number.get(edge.occurrence or ""),
            supports=[
                _support(support, edge, article_number.get((support.source, support.article)), texts, rules)
                for support in edge.supports
            ],
        )
        for edge in edges
    ]
    return {
        "articles": [
            compact(title=a.title, date=a.published, publisher=a.publisher, source=a.source, index=a.index)
            for a in articles
        ],
        "nodes": [
            {
                **_node(node, types[node.type], (divisions or {}).get(node.id), base_iri),
                **({} if degrees is None else {"degree": degrees[i]}),
            }
            for i, node in enumerate(nodes)
        ],
        "statements": statements,
        "texts": list(texts),
        "rules": list(rules),
        "happenings": [_happening(happening, number) for happening in happenings],
    }


def compact(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever JSON can hold
    """Return `fields` without those that are empty; a zero stays."""
    return {name: value for name, value in fields.items() if value not in ("", None, [], {}, ())}


def _labels(vocabulary: Vocabulary, name: str) -> dict[str, str]:
    known = vocabulary.labels.get(name, {})
    return {language: known.get(language, name) for language in LANGUAGES}


def _node(node: Node, type_: int, division: PlacedDivision | None, base_iri: str) -> dict[str, Any]:
    return compact(
        id=None if node.id == f"{node.type.lower()}:{node.name}" else node.id,
        escaped=_unlike(node.id),
        name=node.name,
        label=None if (shown := label(node.name)) == node.name else shown,
        type=type_,
        subtype=node.subtype,
        aliases=list(node.aliases),
        dates=list(node.dates),
        amounts=list(node.amounts),
        merged=list(node.merged_because),
        corrected=list(node.corrected_by),
        more=_more(node, division, _entity_in(base_iri)),
    )


def _entity_in(base_iri: str) -> Callable[[str], str]:
    return lambda id_: iri.entity_iri(base_iri, id_)


def _more(node: Node, division: PlacedDivision | None, entity: Callable[[str], str]) -> list[list[str]]:
    """Return what else graph.ttl says of the node, as Turtle writes predicate and object."""
    listed = {"mergedBecause", "correctedBy"}
    return [
        [str(predicate), str(object_)]
        for predicate, object_ in beside_names(node, division, entity)
        if predicate not in _IN_WORDS and predicate.value.removeprefix(NAMESPACE) not in listed
    ]


def _literals(edge: Edge, vocabulary: Vocabulary) -> list[list[str]]:
    """Return the IRI and the literal of each key qualifier, as Turtle writes them."""
    return [
        [str(term(vocabulary, name)), str(qualifier_literal(name, value))]
        for name, value in sorted(edge.key.items())
    ]


def _unlike(id_: str) -> str | None:
    """Return `id_` as it stands in its IRI if that differs: only Python knows what has to be escaped."""
    name = iri.escaped(id_)
    return None if name == id_ else name


def _support(
    support: Support, edge: Edge, article: int | None, texts: dict[str, int], rules: dict[str, int]
) -> dict[str, Any]:
    return compact(
        article=article,
        source=support.source if article is None else "",
        start=support.evidence.start,
        end=support.evidence.end,
        quote=_quote(support, texts),
        confidence=None if support.confidence == edge.confidence else round(support.confidence, 4),
        rule=rules.setdefault(support.rule, len(rules)),
        digest=iri.support_iri("", edge.id, support).rpartition("-")[2],
        qualifiers=dict(sorted(support.qualifiers.items())),
        attributed=support.attributed_to,
        corrected=list(support.corrected_by),
    )


def _quote(support: Support, texts: dict[str, int]) -> list[int | str]:
    """Return the number of the sentence in `texts` and how it falls into pieces: their lengths, before a length its mark.

    Lengths are in UTF-16 units, which is what JavaScript cuts by.
    """
    cut = pieces(support)
    sentence = "".join(piece for piece, _ in cut)
    found: list[int | str] = [texts.setdefault(sentence, len(texts))]
    for piece, kind in cut:
        if kind:
            found.append(kind)
        found.append(len(piece.encode("utf-16-le", "surrogatepass")) // 2)
    return found


def _happening(happening: Happening, number: Mapping[str, int]) -> dict[str, Any]:
    return compact(
        id=happening.id,
        escaped=_unlike(happening.id),
        kind=happening.kind,
        date=None if happening.date is None else happening.date.value,
        dateText=None if happening.date is None else happening.date.text,
        place=number.get(happening.place or ""),
        event=number.get(happening.event or ""),
        agreement=happening.subject,
        amount=None if happening.amount is None else happening.amount.text,
        roles={
            role: there
            for role, ids in sorted(happening.roles.items())
            if (there := [number[id_] for id_ in ids if id_ in number])
        },
    )
