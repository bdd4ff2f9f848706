"""Questions of identity for a person: links that joined entities on weak grounds, and things that were nearly one.

Entities that bear one name in the same words are asked about only when they are persons: there would be no end of it. Nor
is anything asked that a person has decided already.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from kg.model import Doubt, Entity, Identity, Join, Member, Sighting

_PERSON: Final = "Person"
_WEAK: Final = 3
"""The rank from which links between different names are weak: an alias is, an official short form is not."""
_WEAK_FOR_PERSONS: Final = 6
"""The rank from which links between persons of one name are weak: a common employer is not, a common title is."""
_UNJOINED: Final = 9
"""The rank of things that bear one name without any link: more doubtful than every link."""


def doubts(identities: Iterable[Identity], entities: Mapping[Member, Entity]) -> tuple[Doubt, ...]:
    """Return the questions, the most doubtful first.

    Of several links for one reason between the same two names the first is asked about; persons of one name are asked about
    article by article, for there is nothing but the article to tell them by.
    """
    everyone = sorted(identities, key=lambda identity: identity.id)
    node_of = {member: identity.id for identity in everyone for member in identity.members}
    found: dict[tuple[object, ...], Doubt] = {}
    asked: set[tuple[str, ...]] = set()
    for identity in everyone:
        for join in (*identity.joins, *identity.near):
            if _weak(join, entities):
                one, other = (_sighting(m, entities[m], node_of[m]) for m in sorted((join.one, join.other)))
                doubt = Doubt(reason=join.reason, rank=join.rank, one=one, other=other, apart=join.apart)
                found.setdefault(_question(doubt), doubt)
                asked.add(tuple(sorted((one.node, other.node))))
    for one_identity, other_identity, reason, apart in (
        *_namesakes(everyone),
        *_by_alias(everyone, entities),
    ):
        pair = tuple(sorted((one_identity.id, other_identity.id)))
        if pair not in asked:
            asked.add(pair)
            one, other = (_first_sighting(i, entities) for i in (one_identity, other_identity))
            doubt = Doubt(reason=reason, rank=_UNJOINED, one=one, other=other, apart=apart)
            found.setdefault(_question(doubt), doubt)
    return tuple(sorted(found.values(), key=lambda d: (bool(d.apart), -d.rank, _question(d))))


def _weak(join: Join, entities: Mapping[Member, Entity]) -> bool:
    if join.one[:2] == join.other[:2] or join.apart == "a correction keeps them apart":
        return False
    one, other = entities[join.one], entities[join.other]
    if join.apart:
        return True
    if one.name != other.name:
        return join.rank >= _WEAK
    return one.type == _PERSON and join.rank >= _WEAK_FOR_PERSONS


def _question(doubt: Doubt) -> tuple[str, ...]:
    """Return what makes a question: nodes, names and reason, and the articles where the names do not differ."""
    one, other = doubt.one, doubt.other
    key = (one.node, other.node, one.name, other.name, doubt.reason, doubt.apart)
    if one.name != other.name:
        return key
    return (*key, one.source, str(one.article), other.source, str(other.article))


def _namesakes(everyone: Sequence[Identity]) -> Iterator[tuple[Identity, Identity, str, str]]:
    """Yield persons of one name that nothing joined, each with the next."""
    named: dict[str, list[Identity]] = defaultdict(list)
    for identity in everyone:
        if identity.type == _PERSON:
            named[identity.name].append(identity)
    for name, group in sorted(named.items()):
        for one, other in pairwise(group):
            yield one, other, f"same name: {name}", "no employer, title or person in common"


def _by_alias(
    everyone: Sequence[Identity], entities: Mapping[Member, Entity]
) -> Iterator[tuple[Identity, Identity, str, str]]:
    """Yield things of which one is called in passing what the other is called, and which nothing joined."""
    named: dict[tuple[str, str], list[Identity]] = defaultdict(list)
    for identity in everyone:
        if identity.type != _PERSON and identity.name not in identity.local_names:
            named[identity.type, identity.name].append(identity)
    for identity in everyone:
        aliases = {alias for member in identity.members for alias in entities[member].aliases}
        for alias in sorted(aliases - {identity.name, *identity.local_names}):
            for other in named.get((identity.type, alias), ()):
                if other.id != identity.id:
                    reason = f"also called: {identity.name} = {alias}"
                    yield identity, other, reason, "the short name alone does not tell"


def _first_sighting(identity: Identity, entities: Mapping[Member, Entity]) -> Sighting:
    member = min(identity.members)
    return _sighting(member, entities[member], identity.id)


def _sighting(member: Member, entity: Entity, node: str) -> Sighting:
    source, article, _ = member
    return Sighting(
        node=node, source=source, article=article, name=entity.name, span=min(entity.mentions, default=None)
    )
