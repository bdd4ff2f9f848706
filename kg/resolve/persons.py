"""Whether two persons of one name are one person: only when an employer, a title or the company they are named in agrees.

Employers are compared as resolved things, so this runs after organizations and places are resolved. A namesake without any
agreement stays a person of his own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.model import Extraction, Statement
from kg.resolve.candidates import ArticleKey, Candidate, Ref
from kg.resolve.links import EMPLOYER, NEIGHBOUR, TITLE, Link

_POSITION = "holdsPosition"

SURE = 0.5
"""Confidence from which a post counts for who somebody is; the threshold of a run has no part in it, so ids outlast it."""


@dataclass(frozen=True, slots=True)
class Post:
    """A position that an article gives a person: where it stands, at whom, as what."""

    start: int
    employer: Ref
    role: str
    current: bool


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """A person with what may identify him: resolved employers, roles, and what else the article names."""

    candidate: Candidate
    employers: frozenset[str]
    roles: frozenset[str]
    things: frozenset[str]
    persons: frozenset[str]


def posts(extractions: Sequence[Extraction]) -> dict[Ref, tuple[Post, ...]]:
    """Return the posts of every person that has any sure enough: those stated as held first, then in order of evidence."""
    found: dict[Ref, list[Post]] = defaultdict(list)
    for extraction in extractions:
        source, article = extraction.article.source, extraction.article.index
        for statement in extraction.statements:
            if statement.predicate == _POSITION and statement.confidence >= SURE:
                found[Ref(source, article, statement.subject)].append(
                    _post(statement, Ref(source, article, statement.object))
                )
    return {
        ref: tuple(sorted(those, key=lambda p: (not p.current, p.start, p.employer, p.role)))
        for ref, those in found.items()
    }


def _post(statement: Statement, employer: Ref) -> Post:
    start = min((e.start for e in statement.evidence), default=statement.object_span.start)
    return Post(start, employer, statement.qualifiers.get("role", ""), statement.modality == "stated")


def person_links(
    candidates: Iterable[Candidate],
    *,
    posts: Mapping[Ref, tuple[Post, ...]],
    things: Mapping[Ref, str],
    mentioned: Mapping[ArticleKey, frozenset[str]],
) -> tuple[Link, ...]:
    """Return the links between persons of one name.

    `things` gives for places and organizations what they are after resolution (equal for the same thing), `mentioned` what
    each article names of them.
    """
    blocks: dict[str, list[Candidate]] = defaultdict(list)
    company: dict[ArticleKey, set[str]] = defaultdict(set)
    for candidate in candidates:
        blocks[candidate.form.key].append(candidate)
        company[candidate.home].add(candidate.form.key)
    links: list[Link] = []
    for name in sorted(blocks):
        if len(blocks[name]) > 1:
            block = []
            for candidate in blocks[name]:
                held = posts.get(candidate.ref, ())
                block.append(
                    Acquaintance(
                        candidate,
                        employers=frozenset(things[p.employer] for p in held if p.employer in things),
                        roles=frozenset(p.role for p in held if p.role),
                        things=mentioned.get(candidate.home, frozenset()),
                        persons=frozenset(company[candidate.home] - {name}),
                    )
                )
            links += block_links(block)
    return tuple(links)


def block_links(block: Sequence[Acquaintance]) -> tuple[Link, ...]:
    """Return the links within the persons of one name.

    One employer in common is enough. A title, or another person named in both articles, is enough as long as nobody in
    that company has an employer that the others lack: two chairmen of two companies are two persons.
    """
    links: list[Link] = []
    employed: dict[str, list[Acquaintance]] = defaultdict(list)
    near: dict[str, list[Acquaintance]] = defaultdict(list)
    titled: dict[tuple[str, str], list[Acquaintance]] = defaultdict(list)
    together: dict[str, list[Acquaintance]] = defaultdict(list)
    for person in block:
        for employer in person.employers:
            employed[employer].append(person)
        if not person.employers:
            for thing in person.things:
                near[thing].append(person)
        for role in person.roles:
            for thing in person.things:
                titled[role, thing].append(person)
        for other in person.persons:
            together[other].append(person)
    for employer, group in employed.items():
        links += _star(EMPLOYER, f"same name and employer: {_name(group)}", group)
        links += _star(
            NEIGHBOUR, f"same name, employer named beside: {_name(group)}", [group[0], *near[employer]]
        )
    for (role, _), group in titled.items():
        if _one_employer(group):
            links += _star(TITLE, f"same name and title: {_name(group)}, {role}", group)
    for other, group in together.items():
        if _one_employer(group):
            links += _star(NEIGHBOUR, f"same name, named beside {other}: {_name(group)}", group)
    return tuple(sorted(set(links)))


def _star(rank: int, reason: str, group: Sequence[Acquaintance]) -> list[Link]:
    first = group[0].candidate.ref
    return [Link(rank, reason, first, person.candidate.ref) for person in group[1:]]


def _one_employer(group: Sequence[Acquaintance]) -> bool:
    """Whether all who have employers share one."""
    known = [person.employers for person in group if person.employers]
    return not known or bool(frozenset.intersection(*known))


def _name(group: Sequence[Acquaintance]) -> str:
    return group[0].candidate.entity.name
