"""Two snapshots -> changes. Entities first: a statement is the same when its ends are, whatever they are called now."""

from __future__ import annotations

from kg.diff.changes import Changes
from kg.diff.claims import compare_claims
from kg.diff.snapshot import Snapshot
from kg.diff.things import compare_things


def compare(old: Snapshot, new: Snapshot, *, symmetric: frozenset[str] = frozenset()) -> Changes:
    """Return what differs between two graphs; `symmetric` names the relations whose ends can be swapped."""
    things = compare_things(old.things, new.things)
    claims = compare_claims(old.claims, new.claims, now=things.now, symmetric=symmetric)
    common = old.sources.keys() & new.sources.keys()
    return Changes(
        sources_added=tuple(sorted(new.sources.keys() - common)),
        sources_removed=tuple(sorted(old.sources.keys() - common)),
        sources_changed=tuple(sorted(s for s in common if old.sources[s] != new.sources[s])),
        things_added=things.added,
        things_removed=things.removed,
        things_changed=things.changed,
        merged=things.merged,
        split=things.split,
        claims_added=claims.added,
        claims_removed=claims.removed,
        claims_changed=claims.changed,
        old_things=old.things,
        new_things=new.things,
    )
