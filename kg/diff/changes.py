"""What a comparison of two graphs finds. Every collection is sorted, by ids of the new graph where there are any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.diff.snapshot import Claim, Ground, Thing


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between the old and the new state of something: `what` has changed, and how.

    Of an entity: ``name``, ``type``, ``subtype``, ``id`` (the discriminator alone), ``altLabel`` or another property. Of a
    statement: ``modality``, ``qualifiers``, ``confidence``, ``accepted`` (above the threshold or not), ``evidence``,
    ``moved`` (the same evidence at other offsets), ``rule``, ``attributedTo``, ``occurrence``. `removed` and `added` are
    values in words.
    """

    what: str
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingChange:
    """An entity of both graphs that has changed; `shared` mentions say that it is the same."""

    old: Thing
    new: Thing
    changes: tuple[Change, ...]
    shared: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrouping:
    """Mentions that went from one entity to another, which both graphs have or only the other: a merge or a split."""

    old: Thing
    new: Thing
    shared: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimChange:
    """A statement of both graphs that has changed; `removed` and `added` are evidences."""

    old: Claim
    new: Claim
    changes: tuple[Change, ...]
    removed: tuple[Ground, ...] = ()
    added: tuple[Ground, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Everything that differs between two graphs.

    `merged` entities of the old graph are now part of another; `split` ones of the new graph were part of another. They
    are not among the removed and added ones. `old_things` and `new_things` have all entities by id, for their names.
    """

    sources_added: tuple[str, ...]
    sources_removed: tuple[str, ...]
    sources_changed: tuple[str, ...]
    things_added: tuple[Thing, ...]
    things_removed: tuple[Thing, ...]
    things_changed: tuple[ThingChange, ...]
    merged: tuple[Regrouping, ...]
    split: tuple[Regrouping, ...]
    claims_added: tuple[Claim, ...]
    claims_removed: tuple[Claim, ...]
    claims_changed: tuple[ClaimChange, ...]
    old_things: Mapping[str, Thing]
    new_things: Mapping[str, Thing]

    def __bool__(self) -> bool:
        """Whether there is any difference."""
        return any(
            (
                self.sources_added,
                self.sources_removed,
                self.sources_changed,
                self.things_added,
                self.things_removed,
                self.things_changed,
                self.merged,
                self.split,
                self.claims_added,
                self.claims_removed,
                self.claims_changed,
            )
        )
