"""Which entities of two graphs are the same, and how they differ.

Equal ids are the same entity. Others are matched by the mentions that they share: the same characters of the same
evidence, which stand for the one entity in the old graph and for the other in the new one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kg.diff.changes import Change, Regrouping, ThingChange
from kg.diff.snapshot import Thing

_Shared = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingDifferences:
    """What became of the entities; `now` maps ids of the old graph to those of the new one, where they have one."""

    now: Mapping[str, str]
    added: tuple[Thing, ...]
    removed: tuple[Thing, ...]
    changed: tuple[ThingChange, ...]
    merged: tuple[Regrouping, ...]
    split: tuple[Regrouping, ...]


def compare_things(old: Mapping[str, Thing], new: Mapping[str, Thing]) -> ThingDifferences:
    """Return what became of the entities of `old` in `new`, both by id."""
    shared = _shared(old.values(), new.values())
    now = {id_: id_ for id_ in old if id_ in new}
    now.update(_renamed(shared, old, new))
    taken = set(now.values())
    of_old, of_new = _closest(shared)
    merged = _regrouped([(id_, of_old.get(id_)) for id_ in old if id_ not in now], old, new, whole=old)
    split = _regrouped([(of_new.get(id_), id_) for id_ in new if id_ not in taken], old, new, whole=new)
    now.update({m.old.id: m.new.id for m in merged})
    gone = old.keys() - now.keys()
    fresh = new.keys() - taken - {s.new.id for s in split}
    absorbed = {m.old.id for m in merged}
    changed = []
    for before, after in sorted(now.items(), key=lambda pair: pair[::-1]):
        if before in absorbed:
            continue
        if changes := tuple(_changes(old[before], new[after], now)):
            changed.append(
                ThingChange(
                    old=old[before], new=new[after], changes=changes, shared=shared.get((before, after), 0)
                )
            )
    return ThingDifferences(
        now=now,
        added=tuple(new[id_] for id_ in sorted(fresh)),
        removed=tuple(old[id_] for id_ in sorted(gone)),
        changed=tuple(changed),
        merged=merged,
        split=split,
    )


def _shared(old: Iterable[Thing], new: Iterable[Thing]) -> _Shared:
    """Return how many mentions an old and a new entity share, for those that share any."""
    meaning: dict[object, list[str]] = defaultdict(list)
    for thing in old:
        for mention in thing.mentions:
            meaning[mention].append(thing.id)
    return Counter(
        (before, thing.id)
        for thing in new
        for mention in thing.mentions
        for before in meaning.get(mention, ())
    )


def _renamed(shared: _Shared, old: Mapping[str, Thing], new: Mapping[str, Thing]) -> dict[str, str]:
    """Return which entities of `old` alone are which ones of `new` alone: those that share the most, one to one."""
    found: dict[str, str] = {}
    pairs = [(n, b, a) for (b, a), n in shared.items() if b not in new and a not in old]
    for number, before, after in sorted(pairs, key=lambda pair: (-pair[0], pair[1:])):
        fewer = min(len(old[before].mentions), len(new[after].mentions))
        if before not in found and after not in found.values() and 2 * number > fewer:
            found[before] = after
    return found


def _closest(shared: _Shared) -> tuple[dict[str, str], dict[str, str]]:
    """Return with which new entity every old one shares the most mentions, and the other way round."""
    of_old: dict[str, str] = {}
    of_new: dict[str, str] = {}
    for (before, after), _ in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        of_old.setdefault(before, after)
        of_new.setdefault(after, before)
    return of_old, of_new


def _regrouped(
    pairs: Iterable[tuple[str | None, str | None]],
    old: Mapping[str, Thing],
    new: Mapping[str, Thing],
    *,
    whole: Mapping[str, Thing],
) -> tuple[Regrouping, ...]:
    """Return the pairs that share more than half of the mentions of the one in `whole`."""
    found = []
    for before, after in pairs:
        if before is None or after is None:
            continue
        number = len(old[before].mentions & new[after].mentions)
        own = old[before] if whole is old else new[after]
        if 2 * number > len(own.mentions):
            found.append(Regrouping(old=old[before], new=new[after], shared=number))
    return tuple(sorted(found, key=lambda r: (r.new.id, r.old.id)))


def _changes(old: Thing, new: Thing, now: Mapping[str, str]) -> Iterator[Change]:
    named_alike = old.name == new.name and old.type == new.type
    for what, before, after in (
        ("name", old.name, new.name),
        ("type", old.type, new.type),
        ("subtype", old.subtype, new.subtype),
        ("id", old.id if named_alike else "", new.id if named_alike else ""),
    ):
        if before != after:
            yield Change(what=what, removed=(before,) if before else (), added=(after,) if after else ())
    for what in sorted(old.values.keys() | new.values.keys()):
        before_all = {now.get(value, value) for value in old.values.get(what, ())}
        after_all = new.values.get(what, frozenset())
        if before_all != after_all:
            yield Change(
                what=what,
                removed=tuple(sorted(before_all - after_all)),
                added=tuple(sorted(after_all - before_all)),
            )
