"""Patterns of frames, compiled to regular expressions over encoded windows.

A pattern is a Python regular expression with two additions:

``{subject:Organization|Place}`` is one mention (or reference) of one of the types, ``{subject:Organization+}`` a
coordination of them (A、B和C等五家单位), ``{subject:Person++}`` a list whose members may carry posts (A公司董事长甲、B局
局长乙), ``{_:Person}`` a mention that fills nothing, ``{_ref:Event}`` such a reference, ``*`` every type.

``<name>`` alone is a mention of any type, ``<gap:8>`` up to 8 characters without mention or punctuation, ``<near:8>`` the
same with commas allowed, ``<any:8>`` up to 8 characters of the same sentence, mentions included; every other ``<…>`` is
a sub-pattern of ``shared.yaml``. ``(?P<role>…)`` captures a qualifier.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from kg.errors import ResourceError
from kg.extract.frames.encode import FIRST, LAST, mention_character, reference_character
from kg.extract.frames.model import Pattern, Slot

NAMES = f"{chr(FIRST)}-{chr(LAST)}"
_SLOT = re.compile(r"\{([a-z_]+):([A-Za-z|*]+)(\+{0,2})\}")
_SUB = re.compile(r"(?<!\?P)<([a-z_]+)(?::(\d+))?>")
_GAPS = {
    "gap": f"[^{NAMES}，。；：！？、]",
    "near": f"[^{NAMES}。；！？]",
    "any": "[^。；！？]",
}
_SEPARATOR = "(?:、|，?以及|[与和及跟暨]|，(?:并)?(?:与|和|及)|，?(?:联合|携手|会同|联手))"
_ADJACENT = frozenset(
    {"Document", "Honor", "Product", "Programme", "Project"}
)  # quoted names stand side by side: “甲”“乙”
_REST = f"(?:等[^{NAMES}，。；：、]{{0,12}}?)?"


def expand(text: str, shared: Mapping[str, str], *, file: str, line: int, depth: int = 0) -> str:
    """Return `text` with its sub-patterns put in; raises ResourceError for an unknown or endless one."""
    if depth > 8:
        raise ResourceError(file, "sub-patterns that do not contain themselves were expected", line=line)

    def put(match: re.Match[str]) -> str:
        name, limit = match.group(1), match.group(2)
        if name in _GAPS:
            if limit is None:
                raise ResourceError(file, f"a limit was expected, as in <{name}:8>", line=line)
            return f"{_GAPS[name]}{{0,{limit}}}?"
        if name == "name":
            return f"[{NAMES}]"
        if name not in shared:
            known = ", ".join(sorted(shared))
            raise ResourceError(
                file, f"unknown sub-pattern <{name}>; known are gap, near, any, name, {known}", line=line
            )
        return f"(?:{expand(shared[name], shared, file=file, line=line, depth=depth + 1)})"

    return _SUB.sub(put, text)


def compile_pattern(
    text: str, shared: Mapping[str, str], types: tuple[str, ...], *, file: str, line: int
) -> Pattern:
    """Return the compiled pattern; raises ResourceError with file and line for a pattern that cannot be used."""
    slots: list[Slot] = []

    def put(match: re.Match[str]) -> str:
        name, alternatives, many = match.group(1), match.group(2), match.group(3)
        names = types if alternatives == "*" else tuple(alternatives.split("|"))
        for one in names:
            if one not in types:
                raise ResourceError(file, f"unknown type {one!r}; known are {', '.join(types)}", line=line)
        if name == "_ref":
            return "[" + "".join(reference_character(types.index(one)) for one in names) + "]"
        if name == "_":
            return type_class(tuple(types.index(one) for one in names))
        slots.append(Slot(name=name, types=frozenset(names), many=bool(many)))
        first = match.start() == 0 and name == "subject"
        adjacent = frozenset(names) <= _ADJACENT
        regex = _slot_regex(name, tuple(types.index(one) for one in names), many, adjacent=adjacent)
        return _not_governed(shared) + regex + _not_dateline(shared) if first else regex

    expanded = _SLOT.sub(put, expand(text, shared, file=file, line=line))
    expanded = _SLOT.sub(put, expanded)
    try:
        regex = re.compile(expanded)
    except re.error as error:
        raise ResourceError(file, f"a valid pattern was expected: {error}", line=line) from error
    masks = {sum(1 << types.index(name) for name in slot.types) for slot in slots}
    return Pattern(regex=regex, slots=tuple(slots), masks=tuple(sorted(masks)), line=line)


def type_class(indexes: tuple[int, ...]) -> str:
    """Return a character class of the mentions of and references to the types with those indexes."""
    return "[" + "".join(mention_character(k) + reference_character(k) for k in sorted(set(indexes))) + "]"


def _not_governed(shared: Mapping[str, str]) -> str:
    """Return what keeps a subject at the head of a pattern from being an object, or the tail of a list begun before."""
    words = (
        word for name in ("prepositions", "governors") for word in shared.get(name, "").split("|") if word
    )
    by_size: dict[int, list[str]] = {}
    for word in words:
        by_size.setdefault(len(word), []).append(re.escape(word))
    behind = "".join(f"(?<!{'|'.join(group)})" for _, group in sorted(by_size.items()))
    return f"{behind}(?<![{NAMES}][与和及、])"


def _not_dateline(shared: Mapping[str, str]) -> str:
    """Return what keeps the place of a dateline (云山8月1日电) from being a subject."""
    return f"(?!{shared['dateline']})" if "dateline" in shared else ""


def _slot_regex(name: str, indexes: tuple[int, ...], many: str, *, adjacent: bool) -> str:
    one = type_class(indexes)
    if not many:
        return f"(?P<{name}>{one})"
    if many == "++":  # the later ones of the list may carry posts or places before them
        plain = f"[^{NAMES}，。；：！？“”]{{0,18}}"
        post = f"{plain}(?:[{NAMES}]{plain}){{0,4}}?"
        joint = f"(?:[、，和及与]|以及|等[^{NAMES}，。；：、]{{0,12}}，)"
        # Atomic: the list is taken as long as it goes, or lists of dozens of people would be split in all ways.
        return f"(?P<{name}>(?>{one}(?:{joint}{post}{one}){{0,40}})){_REST}"
    separator = f"{_SEPARATOR}?" if adjacent else _SEPARATOR
    return f"(?<![{NAMES}]、)(?P<{name}>{one}(?:{separator}{one}){{0,40}}){_REST}"
