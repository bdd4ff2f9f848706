"""Words that stand for what an article has already named: 该行, 双方, 会上, 公司, 我市.

Which words there are and how each finds what it means is a lexicon (role_anaphora.tsv); a word that finds nothing is
left out.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kg.errors import ResourceError
from kg.model import Article, Entity, Mention, Reading, Reference, Span
from kg.resolve.divisions import MUNICIPALITIES, divisions
from kg.resolve.forms import normal
from kg.resources import lexicon_rows

_BOUNDARY = frozenset("，。！？；：、,!?;:“”（）()【】《》—…")
_JOINING = ("与", "和", "同", "跟", "携手", "联合", "、", "及")
_REACH = 2
"""How many sentences back the parties or the person of a word may stand."""


@dataclass(frozen=True, slots=True)
class RoleWord:
    """A word of the lexicon: `endings` say what the thing that it means is like."""

    rule: str
    type: str
    endings: tuple[str, ...]
    not_after: str
    not_before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """What the rules look at: the article's mentions with their entities, and its sentences."""

    article: Article
    reading: Reading
    mentions: Sequence[Mention]
    links: Sequence[str]
    entities: Mapping[str, Entity]
    starts: Sequence[int]
    sentence_starts: Sequence[int]

    def before(self, at: int) -> int:
        """Return the number of mentions that begin before `at`."""
        return bisect_right(self.starts, at - 1)

    def sentence(self, at: int) -> int:
        """Return the number of the sentence that holds `at`."""
        return max(0, bisect_right(self.sentence_starts, at) - 1)

    def within(self, first: int, at: int, types: frozenset[str]) -> list[int]:
        """Return the mentions of `types` from the start of sentence `first` up to `at`."""
        begin = bisect_right(self.starts, self.sentence_starts[max(0, first)] - 1)
        return [k for k in range(begin, self.before(at)) if self.entities[self.links[k]].type in types]


def find_references(
    article: Article,
    reading: Reading,
    *,
    mentions: Sequence[Mention],
    links: Sequence[str],
    entities: Sequence[Entity],
) -> tuple[Reference, ...]:
    """Return the role words of an article that refer to its entities, in the order of the text.

    `mentions` are sorted and do not overlap; ``links[k]`` is the id of the entity of ``mentions[k]``. Words inside mentions
    do not count.
    """
    if not mentions:
        return ()
    context = _Context(
        article=article,
        reading=reading,
        mentions=mentions,
        links=links,
        entities={entity.id: entity for entity in entities},
        starts=[m.span.start for m in mentions],
        sentence_starts=[s.start for s in reading.sentences] or [0],
    )
    words, pattern = _words()
    found = []
    for match in pattern.finditer(reading.text):
        start, end = match.span()
        word = words[match[0]]
        last = context.before(end) - 1
        if (last >= 0 and mentions[last].span.end > start) or not _free(reading.text, start, end, word):
            continue
        meant = _RULES[word.rule](context, word, start)
        if meant:
            found.append(Reference(span=Span(start, end), text=match[0], entities=meant))
    return tuple(found)


def _free(text: str, start: int, end: int, word: RoleWord) -> bool:
    previous, following = text[start - 1 : start], text[end : end + 1]
    if following and following in word.not_before:
        return False
    if word.not_after == "^":
        return not previous or previous in _BOUNDARY
    return not previous or previous not in word.not_after


def _fits(entity: Entity, word: RoleWord) -> bool:
    if entity.type != word.type:
        return False
    return not word.endings or any(_like(entity, ending) for ending in word.endings)


def _like(entity: Entity, ending: str) -> bool:
    if ending[0] == "@":
        return entity.subtype == ending[1:]
    if ending[0] == "#":
        return any(_level(name) == int(ending[1:]) for name in (entity.name, *entity.aliases))
    return any(name.endswith(ending) for name in (entity.name, *entity.aliases))


@functools.lru_cache(maxsize=4096)
def _level(name: str) -> int:
    """Return the level of the division that `name` is (digits of its code), 0 for what is no division."""
    opening = divisions().opening(normal(name))
    if not opening.codes or opening.rest:
        return 0
    code = min(opening.codes, key=lambda c: (len(c), c))
    return 4 if code in MUNICIPALITIES else len(code)


def _last(context: _Context, word: RoleWord, at: int) -> tuple[str, ...]:
    for k in range(context.before(at) - 1, -1, -1):
        if _fits(context.entities[context.links[k]], word):
            return (context.links[k],)
    return ()


def _event(context: _Context, word: RoleWord, at: int) -> tuple[str, ...]:
    """Find the last meeting whose name ends like the word, else the last meeting, else the only one."""
    earlier = [k for k in context.links[: context.before(at)] if context.entities[k].type == "Event"]
    named = [k for k in earlier if _fits(context.entities[k], word)]
    if named or earlier:
        return ((named or earlier)[-1],)
    every = [k for k, entity in context.entities.items() if entity.type == "Event"]
    return (every[0],) if len(every) == 1 else ()


_PARTIES = frozenset({"Organization", "Place"})


def _two(context: _Context, word: RoleWord, at: int) -> tuple[str, ...]:
    """Find the last two parties joined by a word such as 与; without one the last two organizations of one sentence."""
    here = context.sentence(at)
    near = context.within(here - _REACH, at, _PARTIES)
    text = context.reading.text
    for position in range(len(near) - 1, 0, -1):
        k, j = near[position], near[position - 1]
        one, other = context.links[j], context.links[k]
        start = context.mentions[k].span.start
        same = context.sentence(context.mentions[j].span.start) == context.sentence(start)
        if same and one != other and text[:start].endswith(_JOINING, max(0, start - 2)):
            return (one, other)
    return _several(context, word, at, count=2)


def _several(context: _Context, word: RoleWord, at: int, *, count: int) -> tuple[str, ...]:
    """Find the last `count` organizations of the nearest sentence that names so many."""
    here = context.sentence(at)
    for sentence in range(here, max(-1, here - _REACH - 1), -1):
        until = at if sentence == here else context.sentence_starts[sentence + 1]
        near = context.within(sentence, until, frozenset({word.type}))
        distinct = list(dict.fromkeys(context.links[k] for k in reversed(near)))
        if len(distinct) >= count:
            return tuple(reversed(distinct[:count]))
    return ()


def _three(context: _Context, word: RoleWord, at: int) -> tuple[str, ...]:
    return _several(context, word, at, count=3)


def _four(context: _Context, word: RoleWord, at: int) -> tuple[str, ...]:
    return _several(context, word, at, count=4)


def _person(context: _Context, word: RoleWord, at: int) -> tuple[str, ...]:
    """Find the person named last in the sentence, else the one named first in the nearest sentence before."""
    here = context.sentence(at)
    own = context.within(here, at, frozenset({word.type}))
    if own:
        return (context.links[own[-1]],)
    return _first_before(context, here, frozenset({word.type}))


def _topic(context: _Context, word: RoleWord, at: int) -> tuple[str, ...]:
    """Find the organization or person that the sentence names first, else that of the nearest sentence before."""
    here = context.sentence(at)
    types = frozenset({word.type, "Person"})
    own = context.within(here, at, types)
    return (context.links[own[0]],) if own else _first_before(context, here, types)


def _first_before(context: _Context, here: int, types: frozenset[str]) -> tuple[str, ...]:
    for sentence in range(here - 1, max(-1, here - _REACH - 1), -1):
        near = context.within(sentence, context.sentence_starts[sentence + 1], types)
        if near:
            return (context.links[near[0]],)
    return ()


def _company(context: _Context, word: RoleWord, _at: int) -> tuple[str, ...]:
    """Find the company that the article is about: the only one, or one named twice as often as any other."""
    counts = Counter(k for k in context.links if _fits(context.entities[k], word))
    ranked = sorted(counts.items(), key=lambda item: -item[1])
    if ranked and (len(ranked) == 1 or ranked[0][1] >= 2 * ranked[1][1]):
        return (ranked[0][0],)
    return ()


def _place(context: _Context, word: RoleWord, _at: int) -> tuple[str, ...]:
    """Find the division of the word's level that the publisher is named after, else the one that is named most."""
    fitting = [k for k in dict.fromkeys(context.links) if _fits(context.entities[k], word)]
    home = divisions().opening(context.article.publisher).codes
    for k in fitting:
        if set(home) & set(divisions().opening(context.entities[k].name).codes):
            return (k,)
    counts = Counter(k for k in context.links if k in set(fitting))
    return (max(fitting, key=lambda k: counts[k]),) if fitting else ()


_RULES: Mapping[str, Callable[[_Context, RoleWord, int], tuple[str, ...]]] = {
    "last": _last,
    "event": _event,
    "two": _two,
    "three": _three,
    "four": _four,
    "person": _person,
    "topic": _topic,
    "company": _company,
    "place": _place,
}


@functools.cache
def _words() -> tuple[Mapping[str, RoleWord], re.Pattern[str]]:
    words = {}
    for row in lexicon_rows("role_anaphora"):
        word, rule, type_, endings, not_after, not_before = (*row, *[""] * 6)[:6]
        if rule not in _RULES:
            raise ResourceError(
                "lexicons/role_anaphora.tsv", f"{word}: the rule is one of {', '.join(sorted(_RULES))}"
            )
        words[word] = RoleWord(rule, type_, tuple(endings.split()), not_after, not_before)
    longest_first = sorted(words, key=lambda w: (-len(w), w))
    return words, re.compile("|".join(map(re.escape, longest_first)))
