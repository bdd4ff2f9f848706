"""The graph from its parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kg.assemble.containment import placed_divisions
from kg.assemble.doubts import doubts
from kg.assemble.happenings import happenings
from kg.assemble.identity import lookup
from kg.assemble.reprints import reprints
from kg.assemble.statements import Ledger
from kg.model import (
    Correction,
    Entity,
    Extraction,
    Identity,
    KnowledgeGraph,
    MentionRef,
    Node,
    Skipped,
    Source,
)

if TYPE_CHECKING:
    from kg.vocabulary import Vocabulary


def assemble(
    sources: Sequence[Source],
    extractions: Sequence[Extraction],
    *,
    identities: Sequence[Identity],
    vocabulary: Vocabulary,
    skipped: Sequence[Skipped] = (),
    corrections: Sequence[Correction] = (),
    min_confidence: float = 0.0,
) -> KnowledgeGraph:
    """Return the graph of `extractions`, the same for any order of them.

    `identities` are those of `kg.resolve.across.identify` for the same extractions. Statements below `min_confidence`
    stay in the graph: writers keep them out of what they present as fact. `skipped` is reported along with the statements
    that the ontology refuses; `corrections`, which extractions and identities have undergone, are reported, too. Raises
    InvariantError for evidence that is not in its source and for entities without identity.
    """
    node_of = lookup(identities)
    articles = {(e.article.source, e.article.index): e.article for e in extractions}
    again = reprints(list(articles.values()), {source.id: source.text for source in sources})
    divisions, named_after = placed_divisions(identities)
    found, happening_of = happenings(extractions, node_of)
    ledger = Ledger(
        vocabulary=vocabulary,
        nodes={identity.id: identity for identity in identities},
        node_of=node_of,
        sources={source.id: source for source in sources},
        happening_of=happening_of,
        original_of={(r.source, r.article): (r.original_source, r.original_article) for r in again},
    )
    entities: dict[tuple[str, int, str], Entity] = {}
    for extraction in extractions:
        ledger.enter(extraction)
        article = extraction.article
        entities.update({(article.source, article.index, e.id): e for e in extraction.entities})
    return KnowledgeGraph(
        sources=tuple(sorted({s.id: s for s in sources}.values(), key=lambda s: s.id)),
        articles=tuple(articles[key] for key in sorted(articles)),
        nodes=tuple(
            _node(identity, entities, named_after.get(identity.id, ""))
            for identity in sorted(identities, key=lambda i: i.id)
        ),
        edges=ledger.edges(),
        happenings=found,
        skipped=tuple(sorted({*skipped, *ledger.refused}, key=lambda s: (s.source, s.reason))),
        min_confidence=min_confidence,
        divisions=divisions,
        reprints=again,
        doubts=doubts(identities, entities),
        corrections=tuple(sorted(corrections, key=lambda c: (c.words, c.problem, c.concerned))),
    )


def _node(identity: Identity, entities: dict[tuple[str, int, str], Entity], named_after: str) -> Node:
    """Return the node of an identity, with all that its members are called and have."""
    members = [(member, entities[member]) for member in identity.members]
    called = {name for _, e in members for name in (e.name, *e.aliases)}
    return Node(
        id=identity.id,
        type=identity.type,
        name=identity.name,
        subtype=identity.subtype,
        aliases=tuple(sorted(called - {identity.name, *identity.local_names})),
        dates=tuple(sorted({e.date for _, e in members if e.date})),
        amounts=tuple(sorted({e.amount for _, e in members if e.amount})),
        mentions=tuple(
            MentionRef(source=source, article=article, span=span)
            for source, article, span in sorted(
                {(source, article, span) for (source, article, _), e in members for span in e.mentions}
            )
        ),
        merged_because=identity.merged_because,
        named_after=named_after,
        corrected_by=identity.corrected_by,
    )
