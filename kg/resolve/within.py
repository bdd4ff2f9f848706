"""From the mentions of one article to its entities."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.errors import InvariantError
from kg.model import Article, Entity, Mention, Reading, Reference, Span
from kg.resolve.abbreviations import KnownNames, load_known_names
from kg.resolve.forms import is_bare, is_division, normal
from kg.resolve.linking import Weights, link, load_weights
from kg.resolve.references import find_references
from kg.resolve.subtypes import subtype_of
from kg.resolve.surfaces import Surface, spelled, surfaces
from kg.resolve.titles import without_title
from kg.resolve.unnamed import named

_TICKER = re.compile(r"[\d.]{4,}(?:[a-z]{1,3})?|[a-z]{1,4}\.[a-z]{1,2}")
_BRACKETED = re.compile(r".+[(（][^()（）]*[)）]")
_PLAIN = frozenset({"Person", "Organization", "Place"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """The entities of one article.

    `links[k]` is the id of the entity that ``mentions[k]`` names; `mentions` are those given, sorted, without the ones that
    name nothing, and without the title behind a full name. Ids are e1, e2 … in the order of the first mentions.
    """

    mentions: tuple[Mention, ...]
    links: tuple[str, ...]
    entities: tuple[Entity, ...]
    references: tuple[Reference, ...]


def resolve_within(
    source_text: str,
    article: Article,
    reading: Reading,
    mentions: Sequence[Mention],
    *,
    weights: Weights | None = None,
    known: KnownNames | None = None,
) -> Resolution:
    """Return the entities that `mentions` name, and what pronouns and role words refer to.

    `weights` and `known` are those that ship with newskg unless given. Raises InvariantError for a mention that does not
    stand in the text.
    """
    known = known or load_known_names()
    kept = named(tuple(map(without_title, _apart(mentions))), article=article, reading=reading)
    _check(source_text, reading, kept)
    names = surfaces(kept)
    roots = link(names, reading, kept, weights=weights or load_weights(), known=known)
    groups: dict[int, list[int]] = {}
    for number, root in enumerate(roots):
        groups.setdefault(root, []).append(number)
    entities: list[Entity] = []
    owner: dict[int, str] = {}
    for members in sorted(groups.values(), key=lambda m: min(names[n].first for n in m)):
        id_ = f"e{len(entities) + 1}"
        entities.append(_entity(id_, [names[n] for n in members], reading, kept, known))
        owner.update({number: id_ for n in members for number in names[n].mentions})
    links = tuple(owner[k] for k in range(len(kept)))
    references = find_references(article, reading, mentions=kept, links=links, entities=entities)
    return Resolution(mentions=kept, links=links, entities=tuple(entities), references=references)


def _apart(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return the mentions sorted; of two that overlap the surer, then the longer, stays."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.span, m.type)):
        if kept and mention.span.start < kept[-1].span.end:
            if _weight(mention) > _weight(kept[-1]):
                kept[-1] = mention
            continue
        kept.append(mention)
    return tuple(kept)


def _weight(mention: Mention) -> tuple[float, int]:
    return mention.confidence, mention.span.end - mention.span.start


def _check(source_text: str, reading: Reading, mentions: Sequence[Mention]) -> None:
    for mention in mentions:
        span = reading.to_source(mention.span)
        if mention.span.of(reading.text) != mention.text or source_text[span.start] != mention.text[0]:
            raise InvariantError(
                f"the mention {mention.text!r} does not stand at {tuple(span)} of its source"
            )


def _entity(
    id_: str, names: Sequence[Surface], reading: Reading, mentions: Sequence[Mention], known: KnownNames
) -> Entity:
    """One entity from its surfaces: the fullest form is its name, the others follow."""
    own = [mentions[n] for name in names for n in name.mentions]
    forms: dict[str, str] = {}
    for mention in sorted(own, key=_fullness):
        forms.setdefault(mention.text, spelled(reading, mention.span))
    written = list(dict.fromkeys(forms.values()))
    if names[0].type == "Place":
        written.sort(key=lambda name: not is_division(name))
    type_ = max(names, key=lambda n: (n.count, len(n.key), -n.first)).type
    if type_ == "Organization":
        written += [full for full in dict.fromkeys(map(known.of, written)) if full and full not in written]
    return Entity(
        id=id_,
        type=type_,
        name=written[0],
        subtype=subtype_of(written, known) if type_ == "Organization" else "",
        aliases=tuple(name for name in written[1:] if not is_bare(normal(name))),
        mentions=tuple(sorted(reading.to_source(m.span) for m in own)),
        confidence=max(m.confidence for m in own),
    )


def _fullness(mention: Mention) -> tuple[bool, bool, int, Span]:
    """Sorts the fullest form first: a stock code never, a bracket behind a name only for want of the bare name."""
    key = normal(mention.text)
    bracketed = mention.type in _PLAIN and _BRACKETED.fullmatch(mention.text) is not None
    return _TICKER.fullmatch(key) is not None, bracketed, -len(key), mention.span
