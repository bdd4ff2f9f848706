"""Which statements of two graphs are the same, and how they differ.

A statement is what its ends, predicate, modality and key qualifiers say; its ends are compared by what they are in the new
graph. What is left of statements between the same ends is matched by evidence: they differ in modality or key qualifiers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.diff.changes import Change, ClaimChange
from kg.diff.snapshot import Claim, Ground

_Ends = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDifferences:
    """What became of the statements."""

    added: tuple[Claim, ...]
    removed: tuple[Claim, ...]
    changed: tuple[ClaimChange, ...]


def compare_claims(
    old: Iterable[Claim], new: Iterable[Claim], *, now: Mapping[str, str], symmetric: frozenset[str]
) -> ClaimDifferences:
    """Return what became of the statements; `now` maps the ids of old entities to those of the new graph."""
    before, after = _by_ends(old, now, symmetric), _by_ends(new, {}, symmetric)
    added: list[Claim] = []
    removed: list[Claim] = []
    changed: list[ClaimChange] = []
    for ends in sorted(before.keys() | after.keys()):
        pairs, gone, fresh = _matched(before.get(ends, []), after.get(ends, []))
        added += fresh
        removed += gone
        changed += (change for one, other in pairs if (change := _change(one, other, now)))
    return ClaimDifferences(
        added=tuple(sorted(added, key=_order)),
        removed=tuple(sorted(removed, key=_order)),
        changed=tuple(sorted(changed, key=lambda change: _order(change.new))),
    )


def _order(claim: Claim) -> tuple[object, ...]:
    return claim.subject, claim.predicate, claim.object, claim.modality, claim.key, claim.id


def _by_ends(
    claims: Iterable[Claim], now: Mapping[str, str], symmetric: frozenset[str]
) -> dict[_Ends, list[Claim]]:
    found: dict[_Ends, list[Claim]] = defaultdict(list)
    for claim in claims:
        ends = [now.get(claim.subject, claim.subject), now.get(claim.object, claim.object)]
        subject, object_ = sorted(ends) if claim.predicate in symmetric else ends
        found[subject, claim.predicate, object_].append(claim)
    return found


def _matched(
    old: Sequence[Claim], new: Sequence[Claim]
) -> tuple[list[tuple[list[Claim], Claim]], list[Claim], list[Claim]]:
    """Return old statements with the new one that they are, the old ones that are gone, and the new ones."""
    same: dict[object, list[Claim]] = defaultdict(list)
    for claim in sorted(old, key=_order):
        same[claim.modality, claim.key].append(claim)  # two of them when their ends have been merged
    pairs = []
    left = []
    for claim in sorted(new, key=_order):
        if found := same.pop((claim.modality, claim.key), None):
            pairs.append((found, claim))
        else:
            left.append(claim)
    gone = [claim for claims in same.values() for claim in claims]
    likely = [
        (-len(_words(one) & _words(other)), n, m)
        for n, one in enumerate(gone)
        for m, other in enumerate(left)
        if _words(one) & _words(other) or len(gone) == len(left) == 1
    ]
    used_old, used_new = set[int](), set[int]()
    for _, n, m in sorted(likely):
        if n not in used_old and m not in used_new:
            used_old.add(n)
            used_new.add(m)
            pairs.append(([gone[n]], left[m]))
    return (
        pairs,
        [claim for n, claim in enumerate(gone) if n not in used_old],
        [claim for m, claim in enumerate(left) if m not in used_new],
    )


def _words(claim: Claim) -> set[tuple[str, str]]:
    """Return where and in which words a statement is stated; offsets shift when a text is edited."""
    return {(ground.source, ground.text) for ground in claim.grounds}


def _change(before: Sequence[Claim], new: Claim, now: Mapping[str, str]) -> ClaimChange | None:
    old = before[0]
    grounds = [ground for claim in before for ground in claim.grounds]
    words = {(ground.source, ground.text) for ground in grounds}
    removed = tuple(sorted(g for g in grounds if (g.source, g.text) not in _words(new)))
    added = tuple(g for g in new.grounds if (g.source, g.text) not in words)
    changes = tuple(_changes(old, new, grounds, bool(removed or added), now))
    return ClaimChange(old=old, new=new, changes=changes, removed=removed, added=added) if changes else None


def _changes(
    old: Claim, new: Claim, grounds: Sequence[Ground], other_evidence: bool, now: Mapping[str, str]
) -> Iterator[Change]:
    yield from _one("modality", old.modality, new.modality)
    yield from _many("qualifiers", _qualifiers(old.key, grounds), _qualifiers(new.key, new.grounds))
    yield from _one("confidence", old.confidence, new.confidence)
    yield from _one("accepted", str(old.accepted).lower(), str(new.accepted).lower())
    if other_evidence:
        yield Change(what="evidence")
    else:
        yield from _many("moved", map(_place, grounds), map(_place, new.grounds))
    yield from _many("rule", (g.rule for g in grounds), (g.rule for g in new.grounds))
    yield from _many(
        "attributedTo",
        (g.attributed_to for g in grounds if g.attributed_to),
        (g.attributed_to for g in new.grounds if g.attributed_to),
    )
    was = [f"{name}={now.get(v, v)}" for name, values in old.happening.items() for v in values]
    is_ = [f"{name}={v}" for name, values in new.happening.items() for v in values]
    yield from _many("occurrence", was, is_)


def _qualifiers(key: Iterable[tuple[str, str]], grounds: Iterable[Ground]) -> set[str]:
    pairs = {*key, *(pair for ground in grounds for pair in ground.qualifiers)}
    return {f"{name}={value}" for name, value in pairs}


def _place(ground: Ground) -> str:
    return f"{ground.source} {ground.start}–{ground.end}"


def _one(what: str, old: str, new: str) -> Iterator[Change]:
    if old != new:
        yield Change(what=what, removed=(old,), added=(new,))


def _many(what: str, old: Iterable[str], new: Iterable[str]) -> Iterator[Change]:
    before, after = set(old), set(new)
    if before != after:
        yield Change(what=what, removed=tuple(sorted(before - after)), added=tuple(sorted(after - before)))
