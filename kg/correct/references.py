"""What an entry names -> entities of the articles: by name first, and by article and type where those are given.

Names are looked for in the graph as it would be without corrections, so that entries do not depend on one another's order:
what tells a thing from its namesakes (王刚（聊城市）), its name in the graph, a name that a correction gave it, the name
that an article gives it, an alias. The first of these that anything bears decides. An entry that merges things or gives
one another name or type makes these known to the other entries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kg.correct.schema import ArticleRef, ThingRef, plain
from kg.model import Article, Entity, Extraction, Identity, Member, Source

Key = tuple[str, int]
"""Source and index of an article."""


_DIGITS = 12
"""Digits from which on words may be the beginning of a digest."""


class Unmatched(Exception):  # noqa: N818 - it says what became of an entry and never leaves the room
    """What an entry names is not there, or is several things; the message says which."""


class Hits(NamedTuple):
    """What a name led to: the entities that bear it, by the thing that they are."""

    things: Mapping[str, tuple[Member, ...]]

    def only(self, ref: ThingRef) -> str:
        """Return the one thing that was found. Raises Unmatched when there are several or none."""
        if not self.things:
            raise Unmatched(f"nothing is called {ref.words}")
        if len(self.things) > 1:
            raise Unmatched(
                f"several things are called {ref.words}: {', '.join(sorted(self.things))}; give type or article"
            )
        return next(iter(self.things))


@dataclass(frozen=True, slots=True)
class _Bearer:
    """An entity of an article with the names that it answers to."""

    member: Member
    identity: str
    name: str
    aliases: frozenset[str]
    types: frozenset[str]


class Index:
    """The entities of all articles by what they are called."""

    def __init__(
        self, sources: Iterable[Source], extractions: Sequence[Extraction], identities: Iterable[Identity]
    ) -> None:
        self._digests = {source.id: source.text_sha256 for source in sources}
        self._articles: dict[Key, Article] = {
            (e.article.source, e.article.index): e.article for e in extractions
        }
        self.entities: dict[Member, Entity] = {
            (e.article.source, e.article.index, entity.id): entity
            for e in extractions
            for entity in e.entities
        }
        self._parent: dict[str, str] = {}
        self._canonical: dict[str, str] = {}
        self._tail: dict[str, set[str]] = {}
        self._given: dict[str, set[str]] = defaultdict(set)
        self._types: dict[str, set[str]] = defaultdict(set)
        self._bearers: dict[Member, _Bearer] = {}
        self._members: dict[str, list[Member]] = {}
        self._called: dict[str, set[Member]] = defaultdict(set)
        self._in: dict[Key, set[Member]] = defaultdict(set)
        for identity in sorted(identities, key=lambda i: i.id):
            self._add(identity)

    def _add(self, identity: Identity) -> None:
        self._parent[identity.id] = identity.id
        self._canonical[identity.id] = plain(identity.name)
        self._tail[identity.id] = {plain(identity.id), plain(identity.id.partition(":")[2])}
        self._members[identity.id] = list(identity.members)
        for member in identity.members:
            entity = self.entities[member]
            bearer = _Bearer(
                member=member,
                identity=identity.id,
                name=plain(entity.name),
                aliases=frozenset(map(plain, entity.aliases)),
                types=frozenset({identity.type, identity.subtype, entity.type, entity.subtype} - {""}),
            )
            self._bearers[member] = bearer
            self._in[member[:2]].add(member)
            for name in {
                bearer.name,
                self._canonical[identity.id],
                *bearer.aliases,
                *self._tail[identity.id],
            }:
                self._called[name].add(member)

    # ---------------------------------------------------------------- what corrections make known

    def root(self, identity: str) -> str:
        """Return the identity that stands for all that were merged with `identity`."""
        while self._parent[identity] != identity:
            identity = self._parent[identity]
        return identity

    def merge(self, identities: Iterable[str]) -> None:
        """Take `identities` for one thing from now on."""
        first, *others = sorted({self.root(identity) for identity in identities})
        for other in others:
            self._parent[other] = first
            self._members[first] += self._members.pop(other)

    def call(self, thing: str, name: str) -> None:
        """Let `thing` be found by `name`, too."""
        self._given[plain(name)].add(thing)

    def type(self, thing: str, *types: str) -> None:
        """Let `thing` be found by `types`, too."""
        self._types[thing].update(types)

    def members(self, thing: str, *, within: frozenset[Key] | None = None) -> tuple[Member, ...]:
        """Return the entities that are `thing`, sorted: all, or those in the articles `within`."""
        those = self._members[self.root(thing)]
        return tuple(sorted(m for m in those if within is None or m[:2] in within))

    def thing_of(self, member: Member) -> str:
        """Return the thing that an entity is."""
        return self.root(self._bearers[member].identity)

    # ---------------------------------------------------------------- articles

    def articles(self, refs: Sequence[ArticleRef]) -> frozenset[Key] | None:
        """Return the articles that `refs` name, None for all. Raises Unmatched for one that names none or several.

        The source of several articles names them all; a headline has to be that of one.
        """
        if not refs:
            return None
        return frozenset(key for ref in refs for key in self._article(ref))

    def _article(self, ref: ArticleRef) -> set[Key]:
        found = {key for key, article in self._articles.items() if self._fits(ref, key, article)}
        if not found:  # the folder may be another than when the entry was written
            found = {
                key for key, article in self._articles.items() if self._fits(ref, key, article, moved=True)
            }
        if not found:
            raise Unmatched(f"there is no article {ref.words}")
        if len({source for source, _ in found}) > 1:
            listed = ", ".join(f"{source}#{index}" for source, index in sorted(found))
            raise Unmatched(f"several articles fit {ref.words}: {listed}; give the source")
        return found

    def _fits(self, ref: ArticleRef, key: Key, article: Article, *, moved: bool = False) -> bool:
        """Whether `ref` names an article; one that is `moved` only has to have the same file name."""
        source, index = key
        digest = self._digests.get(source, "")
        if ref.any_of:
            wanted, digits = ref.any_of, ref.any_of.lower()
            if any(_same_path(wanted, name, moved) for name in (source, f"{source}#{index}")):
                return True
            title = bool(article.title) and plain(article.title) == plain(wanted)
            return title or (len(digits) >= _DIGITS and digest.startswith(digits))
        return (
            (not ref.source or _same_path(ref.source, source, moved))
            and ref.number in ("", str(index))
            and (not ref.title or plain(ref.title) == plain(article.title))
            and digest.startswith(ref.digest)
        )

    def article(self, key: Key) -> Article:
        """Return the article of this source and index."""
        return self._articles[key]

    def all_articles(self) -> list[Key]:
        """Return source and index of all articles, sorted."""
        return sorted(self._articles)

    # ---------------------------------------------------------------- things

    def find(self, ref: ThingRef, *, within: frozenset[Key] | None = None) -> Hits:
        """Return what `ref` names, in the articles `within` alone if they are given. Raises Unmatched for its articles."""
        own = self.articles(ref.article)
        if own is not None:
            within = own if within is None else own & within
        name = plain(ref.name)
        given = {self.root(thing) for thing in self._given.get(name, ())}
        pool = self._called.get(name, set()) | {m for thing in given for m in self.members(thing)}
        if within is not None:
            # a thing answers to the names of all that was merged with it, also in an article that knows none of them
            things = {self.thing_of(member) for member in pool}
            here = (m for key in within for m in self._in.get(key, ()))
            pool = {m for m in here if self.thing_of(m) in things}
        fitting = [self._bearers[m] for m in sorted(pool) if self._has_type(self._bearers[m], ref.type)]
        return Hits(self._nearest(name, fitting, given))

    def _nearest(
        self, name: str, bearers: Sequence[_Bearer], given: set[str]
    ) -> Mapping[str, tuple[Member, ...]]:
        """Return those that bear `name` in the most telling way, by thing."""
        ways = (
            lambda b: name in self._tail[b.identity],
            lambda b: name == self._canonical[b.identity],
            lambda b: self.root(b.identity) in given,
            lambda b: name == b.name,
            lambda b: name in b.aliases,
            lambda _: True,
        )
        for way in ways:
            found: dict[str, list[Member]] = defaultdict(list)
            for bearer in bearers:
                if way(bearer):
                    found[self.root(bearer.identity)].append(bearer.member)
            if found:
                return {thing: tuple(members) for thing, members in found.items()}
        return {}

    def _has_type(self, bearer: _Bearer, type_: str) -> bool:
        return (
            not type_
            or type_ in bearer.types
            or any(
                type_ in types
                for thing, types in self._types.items()
                if self.root(thing) == self.root(bearer.identity)
            )
        )

    def named(self, ref: ThingRef, members: Iterable[Member]) -> tuple[Member, ...]:
        """Return those of `members` that their own article calls as `ref` does; all of them if none is."""
        name = plain(ref.name)
        those = sorted(members)
        by_name = [m for m in those if self._bearers[m].name == name]
        by_alias = [m for m in those if name in self._bearers[m].aliases]
        return tuple(by_name or by_alias or those)


def _same_path(one: str, other: str, moved: bool) -> bool:
    return one == other or (moved and one.rpartition("/")[2] == other.rpartition("/")[2])
