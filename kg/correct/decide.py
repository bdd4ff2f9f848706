"""Entries about things (merge, keep apart, rename, retype, drop) -> decisions about entities of the articles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

import networkx as nx

from kg.correct.references import Index, Unmatched
from kg.correct.schema import DropThing, Entry, KeepApart, Merge, Rename, Retype, ThingRef
from kg.model import Apart, Constraints, Member, Together

_Known = Merge | KeepApart | Rename | Retype


_ORDER = (KeepApart, Retype, Merge, Rename, DropThing)
"""Decisions that others yield to come first."""


class Outcome(NamedTuple):
    """What became of an entry: how many things or statements it concerns, or why it has no effect."""

    concerned: int = 0
    problem: str = ""


class _Meant(NamedTuple):
    """A thing that an entry names: what it is, and which of its entities are meant."""

    ref: ThingRef
    thing: str
    members: tuple[Member, ...]


@dataclass(slots=True)
class Decisions:
    """What is decided about entities of the articles; `outcomes` says what became of every entry, by its words."""

    together: list[Together] = field(default_factory=list)
    apart: list[Apart] = field(default_factory=list)
    names: dict[Member, str] = field(default_factory=dict)
    types: dict[Member, str] = field(default_factory=dict)
    dropped: set[Member] = field(default_factory=set)
    marks: dict[Member, set[str]] = field(default_factory=lambda: defaultdict(set))
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    def constraints(self) -> Constraints:
        """Return what identity has to honour."""
        return Constraints(
            together=tuple(sorted(self.together, key=lambda t: (t.reason, t.members))),
            apart=tuple(sorted(self.apart, key=lambda a: (a.one, a.other))),
            names=self.names,
            corrected_by={member: tuple(sorted(words)) for member, words in self.marks.items()},
        )

    def mark(self, members: Iterable[Member], words: str) -> None:
        """Note that `members` are subject to the entry of these words."""
        for member in members:
            self.marks[member].add(words)


def decide(entries: Sequence[Entry], index: Index, class_of: Callable[[str], str]) -> Decisions:
    """Return the decisions of `entries`, the same for any order of them; `index` learns what they make known.

    `class_of` gives the class of a class or subtype.
    """
    decisions = Decisions()
    ordered = sorted({e.words: e for e in entries}.items())
    about_things = {w: e for w, e in ordered if isinstance(e, Merge | KeepApart | Rename | Retype)}
    meant = _settle(about_things, index, class_of)
    for kind in _ORDER:
        for words, entry in ordered:
            if not isinstance(entry, kind):
                continue
            things, lost = meant[words] if words in meant else _look(_refs(entry), index)
            if len(things) < _least(entry):
                decisions.outcomes[words] = Outcome(0, "; ".join(lost))
                continue
            problem = _take(entry, words, things, index, decisions)
            concerned = 0 if problem else len(things)
            decisions.outcomes[words] = Outcome(concerned, "; ".join(filter(None, (problem, *lost))))
    return decisions


def _settle(
    entries: dict[str, _Known], index: Index, class_of: Callable[[str], str]
) -> dict[str, tuple[list[_Meant], list[str]]]:
    """Return what the entries name, and what of it is lost, by their words; those that name too little are left out.

    In every round all are looked for among what was known before it; then what they tell (that things are one, names,
    types) is known to the next.
    """
    found: dict[str, tuple[list[_Meant], list[str]]] = {}
    pending = dict(entries)
    complete = True
    while pending:
        looked = {words: _look(_refs(entry), index) for words, entry in pending.items()}
        settled = {
            words: (meant, lost)
            for words, (meant, lost) in looked.items()
            if not lost or (not complete and len(meant) >= _least(pending[words]))
        }
        for words, (meant, _) in settled.items():
            _tell(pending.pop(words), meant, index, class_of)
        found |= settled
        if not settled and not complete:
            break
        complete = complete and bool(
            settled
        )  # what is found only in part waits until nothing more is found in full
    return found


def _tell(entry: _Known, meant: Sequence[_Meant], index: Index, class_of: Callable[[str], str]) -> None:
    match entry:
        case Merge():
            index.merge(one.thing for one in meant)
        case Rename():
            index.call(meant[0].thing, entry.to)
        case Retype():
            index.type(meant[0].thing, entry.to, class_of(entry.to))


def _refs(entry: Entry) -> tuple[ThingRef, ...]:
    match entry:
        case Merge():
            return entry.merge
        case KeepApart():
            return entry.keep_apart
        case Rename():
            return (entry.rename,)
        case Retype():
            return (entry.retype,)
        case DropThing():
            return (entry.drop,)
    return ()


def _least(entry: Entry) -> int:
    """Return how many things an entry has to name for it to mean anything."""
    return 2 if isinstance(entry, Merge | KeepApart) else 1


def _look(refs: Iterable[ThingRef], index: Index) -> tuple[list[_Meant], list[str]]:
    """Return the things that `refs` name, each with its entities in the articles that they name, and what is lost."""
    meant, lost = [], []
    for ref in refs:
        try:
            thing = index.find(ref).only(ref)
            meant.append(_Meant(ref, thing, index.members(thing, within=index.articles(ref.article))))
        except Unmatched as unmatched:
            lost.append(str(unmatched))
    return meant, lost


def _take(entry: Entry, words: str, things: Sequence[_Meant], index: Index, decisions: Decisions) -> str:
    """Take a decision into account; return why it cannot be, or nothing."""
    match entry:
        case KeepApart():
            return _keep_apart(words, things, index, decisions)
        case Retype():
            return _retype(entry.to, words, things[0], decisions)
        case Merge():
            return _merge(words, things, index, decisions)
        case Rename():
            return _rename(entry.to, words, things[0], index, decisions)
    decisions.dropped.update(things[0].members)
    return ""


def _keep_apart(words: str, things: Sequence[_Meant], index: Index, decisions: Decisions) -> str:
    sides = [index.named(thing.ref, thing.members) for thing in things]
    apart = []
    for (one, one_side), (other, other_side) in combinations(zip(things, sides, strict=True), 2):
        if set(one_side) & set(other_side):
            return f"{one.ref.words} and {other.ref.words} are the same names in the same articles; give an article to each"
        apart.append(Apart(one=one_side, other=other_side))
    decisions.apart += apart
    decisions.mark((member for side in sides for member in side), words)
    return ""


def _merge(words: str, things: Sequence[_Meant], index: Index, decisions: Decisions) -> str:
    members = sorted({m for thing in things for m in index.named(thing.ref, thing.members)})
    types = {decisions.types.get(member, index.entities[member].type) for member in members}
    if "Person" in types and len(types) > 1:
        return "a person is none of the other things; retype one of them first"
    together = Together(members=tuple(members), reason=f"correction: {words}")
    if _torn([*decisions.together, together], decisions.apart):
        return "another entry keeps apart what this one merges, in the articles that are there now; it is not merged"
    decisions.together.append(together)
    decisions.mark(members, words)
    return ""


def _torn(together: Iterable[Together], apart: Iterable[Apart]) -> bool:
    """Whether what is one thing has entities on both sides of what is two."""
    graph: nx.Graph[Member] = nx.Graph()
    for one in together:
        nx.add_path(graph, one.members)
    component = {m: n for n, those in enumerate(nx.connected_components(graph)) for m in those}
    return any(
        {component[m] for m in two.one if m in component}
        & {component[m] for m in two.other if m in component}
        for two in apart
    )


def _rename(to: str, words: str, thing: _Meant, index: Index, decisions: Decisions) -> str:
    for member, name in decisions.names.items():
        one = index.thing_of(member) == index.root(thing.thing)
        if one and name != to and not _separated([member], thing.members, decisions.apart):
            return f"another entry renames it to {name}"
    decisions.names.update(dict.fromkeys(thing.members, to))
    decisions.mark(thing.members, words)
    return ""


def _separated(one: Iterable[Member], other: Iterable[Member], apart: Iterable[Apart]) -> bool:
    """Whether a decision keeps all of `one` from all of `other`."""
    first, second = set(one), set(other)
    return any(
        (first <= set(two.one) and second <= set(two.other))
        or (first <= set(two.other) and second <= set(two.one))
        for two in apart
    )


def _retype(to: str, words: str, thing: _Meant, decisions: Decisions) -> str:
    members = thing.members
    others = sorted({decisions.types[m] for m in members if m in decisions.types} - {to})
    if others:
        return f"another entry retypes it to {', '.join(others)}"
    decisions.types.update(dict.fromkeys(members, to))
    decisions.mark(members, words)
    return ""
