"""Reading frames from YAML, with every fault named by file and line."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from kg.errors import ResourceError
from kg.extract.frames.example import parse_example
from kg.extract.frames.model import Carry, Example, Frame, Frames, Pattern, Within
from kg.extract.frames.pattern import compile_pattern, expand
from kg.resources import ROOT
from kg.vocabulary import load_vocabulary

_REQUIRED = ("id", "relation", "patterns", "confidence", "triggers", "match", "no_match")
_KEYS = frozenset(
    (*_REQUIRED, "then", "distribution", "limit", "carry", "within", "modality", "veto", "qualifiers")
)
_DISTRIBUTIONS = ("each", "pairs", "aligned", "parties")
_MODALITIES = ("stated", "planned", "past")
_ENGINE = ("veto", "planned", "topic", "post")


def load_frames(
    relations: frozenset[str], *, extra: Path | None = None, types: tuple[str, ...] | None = None
) -> Frames:
    """Return the shipped frames and those of ``extra/frames/*.yaml`` (a user's resources).

    `relations` and `types` are the names that the ontology defines (`types` of the shipped one unless given).
    Raises ResourceError with file and line for an unknown relation, type or key, a bad pattern, a duplicate id or a
    frame without examples.
    """
    types = tuple(sorted(types or load_vocabulary().entity_types))
    shared_file = ROOT / "frames" / "shared.yaml"
    shared = _shared(shared_file)
    files = [p for p in sorted((ROOT / "frames").glob("*.yaml")) if p != shared_file]
    if extra is not None:
        files += sorted((extra / "frames").glob("*.yaml"))
    frames: dict[str, Frame] = {}
    for path in files:
        for frame in _read(path, shared, relations, types):
            if frame.id in frames:
                other = frames[frame.id]
                raise ResourceError(
                    frame.file,
                    f"frame id {frame.id!r} is taken by {other.file}:{other.line}",
                    line=frame.line,
                )
            frames[frame.id] = frame
    for name in _ENGINE:
        if name not in shared:
            raise ResourceError(
                str(shared_file), f"the sub-pattern {name!r} was expected: the engine uses it"
            )
    engine = {}
    for name in _ENGINE:
        text = expand(shared[name], shared, file=str(shared_file), line=1)
        engine[name] = compile_pattern(text, shared, types, file=str(shared_file), line=1).regex
    return Frames(frames=tuple(frames[k] for k in sorted(frames)), types=types, **engine)


def _node(path: Path) -> yaml.Node | None:
    try:
        return yaml.compose(path.read_bytes().decode("utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise ResourceError(str(path), f"a readable UTF-8 file was expected ({error})") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        raise ResourceError(str(path), f"valid YAML was expected ({error})", line=line) from error


def _shared(path: Path) -> dict[str, str]:
    fields = _mapping(_node(path), str(path))
    shared: dict[str, str] = {}
    for name, node in fields.items():
        if isinstance(node, yaml.SequenceNode):
            shared[name] = "|".join(value for value, _ in _texts(node, str(path)))
        else:
            shared[name] = _text(node, str(path))
    return shared


def _mapping(node: yaml.Node | None, file: str) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        raise ResourceError(file, "a mapping was expected", line=_line(node))
    found: dict[str, yaml.Node] = {}
    for key, value in node.value:
        name = _text(key, file)
        if name in found:
            raise ResourceError(file, f"the key {name!r} stands twice", line=_line(key))
        found[name] = value
    return found


def _line(node: yaml.Node | None) -> int:
    return 1 if node is None else node.start_mark.line + 1


def _text(node: yaml.Node, file: str) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise ResourceError(file, "a text was expected", line=_line(node))
    return str(node.value)


def _texts(node: yaml.Node, file: str) -> list[tuple[str, int]]:
    if isinstance(node, yaml.ScalarNode):
        return [(_text(node, file), _line(node))]
    if not isinstance(node, yaml.SequenceNode):
        raise ResourceError(file, "a list of texts was expected", line=_line(node))
    return [(_text(item, file), _line(item)) for item in node.value]


def _read(
    path: Path, shared: dict[str, str], relations: frozenset[str], types: tuple[str, ...]
) -> list[Frame]:
    root = _node(path)
    if not isinstance(root, yaml.SequenceNode):
        raise ResourceError(str(path), "a list of frames was expected", line=_line(root))
    return [_frame(node, str(path), shared, relations, types) for node in root.value]


def _frame(
    node: yaml.Node, file: str, shared: dict[str, str], relations: frozenset[str], types: tuple[str, ...]
) -> Frame:
    fields = _mapping(node, file)
    line = _line(node)
    for key, value in fields.items():
        if key not in _KEYS:
            raise ResourceError(
                file, f"unknown key {key!r}; known are {', '.join(sorted(_KEYS))}", line=_line(value)
            )
    for key in _REQUIRED:
        if key not in fields:
            raise ResourceError(file, f"the key {key!r} was expected", line=line)
    relation = _text(fields["relation"], file)
    if relation not in relations:
        known = ", ".join(sorted(relations))
        raise ResourceError(
            file, f"unknown relation {relation!r}; known are {known}", line=_line(fields["relation"])
        )

    def compiled(text: str, at: int) -> Pattern:
        return compile_pattern(text, shared, types, file=file, line=at)

    def plain(text: str, at: int) -> re.Pattern[str]:
        return compiled(text, at).regex

    patterns = tuple(compiled(*entry) for entry in _texts(fields["patterns"], file))
    then = compiled(*_texts(fields["then"], file)[0]) if "then" in fields else None
    carry = _carry(fields["carry"], file, types) if "carry" in fields else None
    within = _within(fields["within"], file, types) if "within" in fields else None
    distribution = _choice(fields, "distribution", _DISTRIBUTIONS, "each", file)
    _check_slots(patterns, carry or within, distribution, file)
    modality = _choice(fields, "modality", _MODALITIES, "", file) or None
    asked = _mapping(fields["qualifiers"], file) if "qualifiers" in fields else {}
    return Frame(
        id=_text(fields["id"], file),
        relation=relation,
        patterns=patterns,
        confidence=_confidence(fields["confidence"], file),
        triggers=tuple(sorted(text for text, _ in _texts(fields["triggers"], file))),
        then=then,
        distribution=distribution,  # type: ignore[arg-type]  # checked by _choice
        limit=_count(fields["limit"], file) if "limit" in fields else 0,
        carry=carry,
        within=within,
        modality=modality,  # type: ignore[arg-type]  # checked by _choice
        veto=plain(*_texts(fields["veto"], file)[0]) if "veto" in fields else None,
        clause_qualifiers={name: plain(*_texts(value, file)[0]) for name, value in sorted(asked.items())},
        examples=_examples(fields, relations, types, file),
        file=file,
        line=line,
    )


def _examples(
    fields: dict[str, yaml.Node], relations: frozenset[str], types: tuple[str, ...], file: str
) -> tuple[Example, ...]:
    found: list[Example] = []
    for key in ("match", "no_match"):
        entries = _texts(fields[key], file)
        if not entries:
            raise ResourceError(
                file, f"at least one sentence was expected under {key!r}", line=_line(fields[key])
            )
        for text, line in entries:
            example = parse_example(text, relations, types, file=file, line=line)
            if bool(example.facts) != (key == "match"):
                wanted = (
                    "'sentence => subject relation object'" if key == "match" else "a sentence without '=>'"
                )
                raise ResourceError(file, f"{wanted} was expected", line=line)
            found.append(example)
    return tuple(found)


def _check_slots(
    patterns: tuple[Pattern, ...], other: Carry | Within | None, distribution: str, file: str
) -> None:
    needed = {"subject"} if distribution in ("pairs", "parties") else {"subject", "object"}
    for pattern in patterns:
        have = {slot.name for slot in pattern.slots} | ({other.slot} if other else set())
        if not needed <= have:
            missing = ", ".join(sorted(needed - have))
            raise ResourceError(file, f"a slot {missing} was expected in the pattern", line=pattern.line)


def _count(node: yaml.Node, file: str) -> int:
    text = _text(node, file)
    if not text.isdecimal() or int(text) < 1:
        raise ResourceError(file, f"a whole number above 0 was expected, not {text!r}", line=_line(node))
    return int(text)


def _confidence(node: yaml.Node, file: str) -> float:
    try:
        value = float(_text(node, file))
    except ValueError:
        value = -1.0
    if not 0.0 < value <= 1.0:
        raise ResourceError(file, "a confidence above 0 and at most 1 was expected", line=_line(node))
    return value


def _choice(fields: dict[str, yaml.Node], key: str, choices: tuple[str, ...], default: str, file: str) -> str:
    if key not in fields:
        return default
    value = _text(fields[key], file)
    if value not in choices:
        raise ResourceError(
            file, f"{key} must be one of {', '.join(choices)}, not {value!r}", line=_line(fields[key])
        )
    return value


def _carry(node: yaml.Node, file: str, types: tuple[str, ...]) -> Carry:
    fields = _mapping(node, file)
    slot = _text(fields["slot"], file) if "slot" in fields else "subject"
    source = _choice(fields, "source", ("subject", "event", "main"), "subject", file)
    names = _type_names(fields, node, file, types)
    count = _count(fields["sentences"], file) if "sentences" in fields else 1
    return Carry(slot=slot, source=source, types=names, sentences=count)  # type: ignore[arg-type]  # checked by _choice


def _within(node: yaml.Node, file: str, types: tuple[str, ...]) -> Within:
    fields = _mapping(node, file)
    slot = _choice(fields, "slot", ("subject", "object"), "object", file)
    return Within(slot=slot, types=_type_names(fields, node, file, types))


def _type_names(
    fields: dict[str, yaml.Node], node: yaml.Node, file: str, types: tuple[str, ...]
) -> frozenset[str]:
    if "types" not in fields:
        raise ResourceError(file, "the key 'types' was expected", line=_line(node))
    names = frozenset(text for text, _ in _texts(fields["types"], file))
    for name in sorted(names):
        if name not in types:
            raise ResourceError(
                file, f"unknown type {name!r}; known are {', '.join(types)}", line=_line(node)
            )
    return names
