"""A corrections file -> entries that are well formed, name things of the ontology and do not contradict each other."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from kg.correct import positions
from kg.correct.contradictions import contradictions
from kg.correct.schema import (
    KINDS,
    Accept,
    Add,
    DropStatement,
    DropThing,
    Entry,
    KeepApart,
    Merge,
    NewStatement,
    Rename,
    Retype,
    StatementRef,
    ThingRef,
    model_of,
)
from kg.errors import CorrectionsError, UsageError

if TYPE_CHECKING:
    from kg.vocabulary import Vocabulary

NAME = "corrections.yaml"
"""The corrections file that a build looks for in its output folder."""


class Located(NamedTuple):
    """An entry and the line on which it begins, from 1."""

    line: int
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """The entries of a file, in its order. `file` is its name for messages."""

    file: str = NAME
    entries: tuple[Located, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of what the entries say, whatever their order and the comments around them."""
        said = sorted(json.dumps(e.entry.content(), ensure_ascii=False, sort_keys=True) for e in self.entries)
        return hashlib.sha256("\n".join(said).encode()).hexdigest()


class Fault(NamedTuple):
    """What is wrong on a line, and what was expected."""

    line: int
    said: str


def load_corrections(path: Path, vocabulary: Vocabulary) -> Corrections:
    """Return the entries of the file at `path`.

    Raises CorrectionsError, with one line per fault, for a file that cannot be read, entries that are not of the schema or
    name classes, relations or qualifiers that `vocabulary` lacks, and entries that contradict each other.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CorrectionsError(str(path), f"a readable file was expected ({error.strerror})") from error
    return parse_corrections(data, vocabulary, file=str(path))


def parse_corrections(data: bytes, vocabulary: Vocabulary, *, file: str = NAME) -> Corrections:
    """Return the entries of the bytes of a corrections file; `file` is its name for messages. Raises as the other does."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CorrectionsError(file, "text in UTF-8 was expected", line=line) from error
    listed, where = positions.read(text, file=file)
    if listed is None:
        return Corrections(file=file)
    if not isinstance(listed, list):
        raise CorrectionsError(file, "a list of entries was expected, each beginning with “- ”", line=1)
    faults: list[Fault] = []
    entries: list[Located] = []
    for number, one in enumerate(listed):
        entry = _entry(one, number, where, faults)
        if entry is not None:
            faults += _unknown(entry, (number,), where, vocabulary)
            entries.append(Located(where.line((number,)), entry))
    if not faults:
        faults = [Fault(line, said) for line, said in contradictions(entries, symmetric=vocabulary.symmetric)]
    if faults:
        first, *others = sorted(set(faults))
        more = "".join(f"\n{file}:{fault.line}: {fault.said}" for fault in others)
        raise CorrectionsError(file, first.said + more, line=first.line)
    return Corrections(file=file, entries=tuple(entries))


def _entry(one: Any, number: int, where: positions.Positions, faults: list[Fault]) -> Entry | None:  # noqa: ANN401
    listed = ", ".join(KINDS)
    line = where.line((number,))
    if not isinstance(one, dict):
        faults.append(Fault(line, f"an entry with one of the keys {listed} was expected"))
        return None
    kinds = [kind for kind in KINDS if kind in one]
    if len(kinds) != 1:
        what = f"it has {' and '.join(kinds)}" if kinds else f"it has {', '.join(one) or 'none'}"
        faults.append(Fault(line, f"an entry with exactly one of the keys {listed} was expected; {what}"))
        return None
    model = model_of(kinds[0], one)
    try:
        return model.model_validate(one)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            if fault["type"] == "too_short" and len(fault["input"]) >= fault["ctx"]["min_length"]:
                continue  # only without its items that have faults of their own
            path = (number, *fault["loc"])
            faults.append(Fault(where.line(path), _in_words(kinds[0], fault["loc"], fault, model)))
        return None


def _in_words(kind: str, place: Sequence[int | str], fault: Any, model: type[Entry]) -> str:  # noqa: ANN401
    """Return what pydantic found wrong as what was expected."""
    where = kind if tuple(place) in ((), (kind,)) else f"{kind}: {'.'.join(map(str, place))}"
    context = fault.get("ctx", {})
    match fault["type"]:
        case "missing":
            return f"{where}: this key was expected"
        case "extra_forbidden":
            known = [f.alias or name for name, f in model.model_fields.items()]
            hint = f"; {kind} knows {', '.join(known)}" if len(place) == 1 else ""
            return f"{where}: no such key was expected{hint}"
        case "string_too_short":
            return f"{where}: words were expected, it is empty"
        case "string_type":
            return f"{where}: words were expected"
        case "too_short":
            return (
                f"{where}: at least {context['min_length']} were expected, it has {context['actual_length']}"
            )
        case "string_pattern_mismatch":
            return f"{where}: {fault['input']!r} does not have the expected form {context['pattern']}"
        case "value_error":
            return f"{where}: {context['error']}"
        case "model_type":
            return f"{where}: a mapping of keys to values was expected"
        case "literal_error":
            return f"{where}: {context['expected']} was expected, not {fault['input']!r}"
        case _:
            return f"{where}: {fault['msg']}"


def _unknown(
    entry: Entry, path: positions.Path, where: positions.Positions, vocabulary: Vocabulary
) -> Iterator[Fault]:
    """Yield what `entry` names that the ontology does not know."""
    match entry:
        case Merge():
            yield from _things(entry.merge, (*path, "merge"), where, vocabulary)
        case KeepApart():
            yield from _things(entry.keep_apart, (*path, "keep_apart"), where, vocabulary)
        case Rename():
            yield from _thing(entry.rename, (*path, "rename"), where, vocabulary)
        case Retype():
            yield from _thing(entry.retype, (*path, "retype"), where, vocabulary)
            yield from _class(entry.to, (*path, "to"), where, vocabulary)
        case DropThing():
            yield from _thing(entry.drop, (*path, "drop"), where, vocabulary)
        case DropStatement():
            yield from _statement(entry.drop, (*path, "drop"), where, vocabulary)
        case Accept():
            yield from _statement(entry.accept, (*path, "accept"), where, vocabulary)
        case Add():
            yield from _statement(entry.add, (*path, "add"), where, vocabulary)


def _things(
    things: Sequence[ThingRef], path: positions.Path, where: positions.Positions, vocabulary: Vocabulary
) -> Iterator[Fault]:
    for number, thing in enumerate(things):
        yield from _thing(thing, (*path, number), where, vocabulary)


def _thing(
    thing: ThingRef, path: positions.Path, where: positions.Positions, vocabulary: Vocabulary
) -> Iterator[Fault]:
    if thing.type:
        yield from _class(thing.type, (*path, "type"), where, vocabulary)


def _class(
    name: str, path: positions.Path, where: positions.Positions, vocabulary: Vocabulary
) -> Iterator[Fault]:
    try:
        vocabulary.class_of(name)
    except UsageError as error:
        yield Fault(where.line(path), str(error))


def _statement(
    said: StatementRef | NewStatement,
    path: positions.Path,
    where: positions.Positions,
    vocabulary: Vocabulary,
) -> Iterator[Fault]:
    for end in ("subject", "object"):
        yield from _thing(getattr(said, end), (*path, end), where, vocabulary)
    try:
        relation = vocabulary.relation(said.predicate)
    except UsageError as error:
        yield Fault(where.line((*path, "predicate")), str(error))
        return
    for name in said.qualifiers:
        if name not in relation.qualifiers:
            known = ", ".join(relation.qualifiers) or "none"
            line = where.line((*path, "qualifiers", name))
            yield Fault(
                line, f"{said.predicate} has no qualifier {name!r}; a qualifier among {known} was expected"
            )
