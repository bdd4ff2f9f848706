"""Changes in words, in Chinese or English, and as JSON. The labels are those of the ontology."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal

from kg.diff.changes import Change, Changes, ClaimChange, Regrouping, ThingChange
from kg.diff.snapshot import Claim, Ground, Thing
from kg.vocabulary import Vocabulary

Language = Literal["zh", "en"]

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "sources": ("来源", "sources"),
    "entities": ("实体", "entities"),
    "statements": ("陈述", "statements"),
    "added": ("新增", "added"),
    "removed": ("删除", "removed"),
    "changed": ("改变", "changed"),
    "merged": ("并入", "merged"),
    "split": ("拆分", "split"),
    "merged into": ("并入", "is now part of"),
    "split from": ("拆自", "was part of"),
    "text": ("文本已变", "its text has changed"),
    "none": ("两图相同", "the graphs are the same"),
    "nothing": ("无", "none"),
    "id": ("标识", "id"),
    "name": ("名称", "name"),
    "type": ("类别", "class"),
    "subtype": ("子类", "subclass"),
    "altLabel": ("别名", "aliases"),
    "qualifiers": ("限定", "qualifiers"),
    "only moved": ("另有 {} 条陈述仅证据位置移动", "{} more statements, whose evidence has only moved"),
    "evidence": ("证据", "evidence"),
    "true": ("是", "yes"),
    "false": ("否", "no"),
}
"""Words that the ontology has no term for: Chinese, English."""


def summary(changes: Changes, *, language: Language = "zh") -> str:
    """Return how much has changed, in one line per kind of thing."""
    say = _Words(language)
    lines = []
    for what, counts in _counts(changes).items():
        told = "，".join(f"{say(kind)} {number}" for kind, number in counts.items() if number)
        if told:
            lines.append(f"{say(what)}：{told}" if language == "zh" else f"{say(what)}: {_commas(told)}")
    return "\n".join(lines or [say("none")]) + "\n"


def in_words(changes: Changes, vocabulary: Vocabulary, *, language: Language = "zh") -> str:
    """Return the changes as text: the summary, then a line per difference with what is different below it."""
    teller = _Teller(changes, vocabulary, language)
    return summary(changes, language=language) + "".join(f"{line}\n" for line in teller.lines())


def _commas(text: str) -> str:
    return text.replace("，", ", ")


def _counts(changes: Changes) -> dict[str, dict[str, int]]:
    return {
        "sources": {
            "added": len(changes.sources_added),
            "removed": len(changes.sources_removed),
            "changed": len(changes.sources_changed),
        },
        "entities": {
            "added": len(changes.things_added),
            "removed": len(changes.things_removed),
            "changed": len(changes.things_changed),
            "merged": len(changes.merged),
            "split": len(changes.split),
        },
        "statements": {
            "added": len(changes.claims_added),
            "removed": len(changes.claims_removed),
            "changed": len(changes.claims_changed),
        },
    }


class _Words:
    """The words of this module in one language."""

    def __init__(self, language: Language) -> None:
        self._column = ("zh", "en").index(language)

    def __call__(self, name: str) -> str:
        return _WORDS[name][self._column] if name in _WORDS else name


class _Teller:
    def __init__(self, changes: Changes, vocabulary: Vocabulary, language: Language) -> None:
        self._changes = changes
        self._labels = vocabulary.labels
        self._language = language
        self._say = _Words(language)
        self._colon, self._stop = ("：", "；") if language == "zh" else (": ", "; ")

    def lines(self) -> Iterator[str]:
        """Yield the lines of all changes."""
        changes = self._changes
        for sign, what, sources in (
            ("+", "added", changes.sources_added),
            ("-", "removed", changes.sources_removed),
            ("~", "text", changes.sources_changed),
        ):
            for source in sources:
                yield f"{sign} {source}  ({self._say(what)})" if sign == "~" else f"{sign} {source}"
        yield from (f"+ {self._thing(thing)}" for thing in changes.things_added)
        yield from (f"- {self._thing(thing)}" for thing in changes.things_removed)
        for change in changes.things_changed:
            yield from self._thing_change(change)
        yield from self._regroupings(changes.merged, "merged into")
        yield from self._regroupings(changes.split, "split from")
        for claim in changes.claims_added:
            yield f"+ {self._claim(claim, changes.new_things)}"
            yield from self._grounds("  ", claim.grounds)
        for claim in changes.claims_removed:
            yield f"- {self._claim(claim, changes.old_things)}"
            yield from self._grounds("  ", claim.grounds)
        moved = 0
        for change_ in changes.claims_changed:
            if {one.what for one in change_.changes} == {"moved"}:
                moved += 1
            else:
                yield from self._claim_change(change_)
        if moved:
            yield f"~ {self._say('only moved').format(moved)}"

    def _thing(self, thing: Thing) -> str:
        return f"[{self._label(thing.subtype or thing.type)}] {self._name(thing)}"

    def _name(self, thing: Thing) -> str:
        """Return the name, with the discriminator that its id may have."""
        plain = thing.id.partition(":")[2]
        return plain if plain.startswith(thing.name) else thing.name

    def _thing_change(self, change: ThingChange) -> Iterator[str]:
        old, new = self._thing(change.old), self._thing(change.new)
        yield f"~ {new}" if old == new else f"~ {old} → {new}"
        yield from (f"    {self._told(one)}" for one in change.changes if one.what not in ("name", "id"))

    def _regroupings(self, found: Iterable[Regrouping], what: str) -> Iterator[str]:
        for one in found:
            first, second = (one.old, one.new) if what == "merged into" else (one.new, one.old)
            yield f"~ {self._thing(first)} {self._say(what)} {self._thing(second)}"

    def _claim(self, claim: Claim, things: Mapping[str, Thing]) -> str:
        ends = [self._name(things[end]) if end in things else end for end in (claim.subject, claim.object)]
        key = "".join(f"{self._stop}{self._label(name)}{self._colon}{value}" for name, value in claim.key)
        modality = "" if claim.modality == "stated" else f"（{self._label(claim.modality)}）"
        return f"{ends[0]} —{self._label(claim.predicate)}{modality}→ {ends[1]}{key}  [{claim.confidence or '?'}]"

    def _claim_change(self, change: ClaimChange) -> Iterator[str]:
        yield f"~ {self._claim(change.new, self._changes.new_things)}"
        for one in change.changes:
            if one.what == "evidence":
                yield from self._grounds("    + ", change.added)
                yield from self._grounds("    - ", change.removed)
            elif one.what != "moved":
                yield f"    {self._told(one)}"

    def _grounds(self, lead: str, grounds: Iterable[Ground]) -> Iterator[str]:
        for ground in grounds:
            words = "".join(line.strip() for line in ground.text.splitlines())
            yield f"{lead}“{words}” {ground.source} {ground.start}–{ground.end}"

    def _told(self, change: Change) -> str:
        what = self._label(change.what)
        if len(change.removed) <= 1 and len(change.added) <= 1:
            before, after = (self._values(values) for values in (change.removed, change.added))
            return f"{what}{self._colon}{before} → {after}"
        parts = [f"-{self._value(value)}" for value in change.removed]
        parts += [f"+{self._value(value)}" for value in change.added]
        return f"{what}{self._colon}{self._stop.join(parts)}"

    def _values(self, values: tuple[str, ...]) -> str:
        return self._stop.join(map(self._value, values)) or self._say("nothing")

    def _value(self, value: str) -> str:
        """Return a value in words: ``role=校长`` with the label of the role, a class by its label, an entity by its name."""
        name, equals, rest = value.partition("=")
        if equals and name in self._labels:
            return f"{self._label(name)}{self._colon}{self._value(rest)}"
        if thing := self._changes.new_things.get(value) or self._changes.old_things.get(value):
            return self._name(thing)
        return self._label(value)

    def _label(self, name: str) -> str:
        if name in _WORDS or name not in self._labels:
            return self._say(name)
        return self._labels[name][self._language]


def as_json(changes: Changes) -> dict[str, Any]:
    """Return the changes as a JSON object: the summary, and everything that the words say, with ids and offsets."""
    return {
        "summary": _counts(changes),
        "sources": {
            "added": list(changes.sources_added),
            "removed": list(changes.sources_removed),
            "changed": list(changes.sources_changed),
        },
        "entities": {
            "added": [_thing(thing) for thing in changes.things_added],
            "removed": [_thing(thing) for thing in changes.things_removed],
            "changed": [
                {
                    "old": _thing(c.old),
                    "new": _thing(c.new),
                    "shared_mentions": c.shared,
                    "changes": [_one(x) for x in c.changes],
                }
                for c in changes.things_changed
            ],
            "merged": [_regrouping(one) for one in changes.merged],
            "split": [_regrouping(one) for one in changes.split],
        },
        "statements": {
            "added": [_claim(claim) for claim in changes.claims_added],
            "removed": [_claim(claim) for claim in changes.claims_removed],
            "changed": [
                {
                    "old": _claim(c.old),
                    "new": _claim(c.new),
                    "changes": [_one(x) for x in c.changes],
                    "evidence_removed": [_ground(g) for g in c.removed],
                    "evidence_added": [_ground(g) for g in c.added],
                }
                for c in changes.claims_changed
            ],
        },
    }


def _thing(thing: Thing) -> dict[str, Any]:
    return {"id": thing.id, "type": thing.type, "subtype": thing.subtype or None, "name": thing.name}


def _regrouping(one: Regrouping) -> dict[str, Any]:
    return {"old": _thing(one.old), "new": _thing(one.new), "shared_mentions": one.shared}


def _one(change: Change) -> dict[str, Any]:
    return {"what": change.what, "removed": list(change.removed), "added": list(change.added)}


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "id": claim.id,
        "subject": claim.subject,
        "predicate": claim.predicate,
        "object": claim.object,
        "modality": claim.modality,
        "qualifiers": dict(claim.key),
        "confidence": float(claim.confidence) if claim.confidence else None,
        "accepted": claim.accepted,
        "evidence": [_ground(ground) for ground in claim.grounds],
    }


def _ground(ground: Ground) -> dict[str, Any]:
    return {
        "source": ground.source,
        "start": ground.start,
        "end": ground.end,
        "text": ground.text,
        "rule": ground.rule,
        "confidence": float(ground.confidence) if ground.confidence else None,
        "attributed_to": ground.attributed_to or None,
        "qualifiers": dict(ground.qualifiers),
    }
