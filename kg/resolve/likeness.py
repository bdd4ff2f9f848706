"""What speaks for and against two names of one article naming one thing, as a set of clues that a model weighs."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

from kg.resolve.divisions import MUNICIPALITIES
from kg.resolve.forms import kind_of_body
from kg.resolve.spellings import countries
from kg.resolve.surfaces import Surface, titles
from kg.resources import lexicon_rows

GROUPS = {"Person": "person", "Organization": "organization", "Place": "place"}
_ELIDED = {"省": 2, "市": 4, "州": 4, "区": 6, "县": 6}
_PARTS = frozenset({"satellite", "school", "party"})
_ADMINISTRATIVE = "省市区县镇乡村州盟旗"


def subsequence(short: str, long: str) -> bool:
    """Whether the characters of `short` stand in `long` in this order.

    >>> subsequence("上海交大", "上海交通大学"), subsequence("交大上海", "上海交通大学")
    (True, False)
    """
    rest = iter(long)
    return all(character in rest for character in short)


def comparable(short: Surface, long: Surface) -> bool:
    """Whether `short` could be a short form of `long` at all; cheap, for it sees every pair of names of a type."""
    if short.type != long.type or len(short.key) < 2:
        return False
    if short.titled:
        return short.key[0] == long.key[0] and not long.titled
    if short.characters <= long.characters and subsequence(short.key, long.key):
        return True
    if short.type == "Person":
        return False
    if short.bare and short.type not in GROUPS:
        return short.key[-1] == long.key[-1] or short.key[:2] in long.key
    if len(short.core) >= 2 and short.core == long.core:
        return True
    return bool(short.codes) and len(short.rest) >= 2 and subsequence(short.rest, long.rest)


def forbidden(short: Surface, long: Surface) -> bool:
    """Whether the two names are kept apart by what they say themselves: places, numbers, kinds of body."""
    counted = {what for what, _ in long.numbers}
    if any(what in counted and (what, n) not in long.numbers for what, n in short.numbers):
        return True
    if short.codes and long.codes and not _within_one(short.codes, long.codes):
        return True
    if short.type == "Organization" and short.codes and long.codes and _deeper(short, long):
        return True
    if short.type == "Place":
        if len(long.key) == len(short.key) + 1 and long.key.endswith(short.key):
            return True  # 白俄罗斯, 西澳大利亚: one character in front makes another place
        if short.key in countries() and long.key.startswith(short.key):
            return long.key[len(short.key) :] not in _country_tails()
        if short.codes and not short.rest and long.rest and long.key.startswith(short.key):
            return True  # 绍兴, 绍兴古城: a place in a division is not the division
        whole = short.codes and long.codes and not short.rest and not long.rest
        return bool(whole) and not set(short.codes) & set(long.codes)
    return short.type == "Organization" and (_whole(short.key, long.key) or _other_body(short.key, long.key))


def _other_body(short: str, long: str) -> bool:
    """Whether one is a part or a sister of the other: a part keeps its word (分行, 党委) in its short form."""
    one, other = kind_of_body(short), kind_of_body(long)
    if one == other:
        return False
    return bool(one) or other == "branch" or (other in _PARTS and long.startswith(short))


def _deeper(short: Surface, long: Surface) -> bool:
    """Whether the longer name is of a county and the shorter of the city above it (杭州市X局, 杭州市西湖区X局)."""
    level = max(_level(code) for code in short.codes)
    return level > 2 and max(_level(code) for code in long.codes) > level


def _level(code: str) -> int:
    return 4 if code in MUNICIPALITIES else len(code)


def _whole(short: str, long: str) -> bool:
    """Whether a name that closes with a word such as 大学 is complete: X大学 is no short form of X农业大学.

    Nor of a body of another kind whose name merely holds its characters: X大学, X市大学生创业中心.
    """
    heads = [head for head in _unelided_heads() if short.endswith(head)]
    if short[0] != long[0] or not heads:
        return False
    return short not in long if not long.endswith(tuple(heads)) else True


@functools.cache
def _country_tails() -> frozenset[str]:
    return frozenset(row[0] for row in lexicon_rows("country_tails"))


@functools.cache
def _unelided_heads() -> tuple[str, ...]:
    return tuple(row[0] for row in lexicon_rows("unelided_heads"))


def _within_one(one: Sequence[str], other: Sequence[str]) -> bool:
    return any(a.startswith(b) or b.startswith(a) for a in one for b in other)


def clues(short: Surface, long: Surface, *, rivals: int) -> list[str]:
    """Return the names of the clues that hold for a comparable pair; `rivals` other names could be meant, too."""
    group = GROUPS.get(short.type, "title")
    brief, full = short.key, long.key
    found = [
        "always",
        _shape(brief, full),
        f"length {min(len(brief), 5)}",
        f"lost {_bucket(len(full) - len(brief))}",
    ]
    found.append(f"rivals {min(rivals, 2)}")
    if long.first < short.first:
        found.append("long first")
    if short.bare:
        found.append("bare")
    inserted = _inserted(brief, full)
    if inserted:
        found.append(f"word inserted {min(inserted, 4)}")
    if short.count > 2 * long.count:
        found.append("short form prevails")
    if brief in long.quoted:
        found.append("quoted in long")
    if long.numbers - short.numbers:
        found.append("number lost")
    if short.core == long.core:
        found.append("same core")
    elif short.rest == long.rest:
        found.append("same rest")
    if short.codes and long.codes:
        deeper = max(map(len, long.codes)) - max(map(len, short.codes))
        found.append("deeper place" if deeper > 0 else "wider place" if deeper < 0 else "place of one level")
    if long.codes and not short.codes and long.rest.endswith(brief):
        found.append("place dropped")
    if group == "person":
        found += _person(brief, full)
    elif group == "place":
        found += _place(short, long)
    elif group == "organization":
        found += _organization(short, long)
    else:
        found += _title(short, long)
    return [f"{group}: {clue}" for clue in found]


def _shape(brief: str, full: str) -> str:
    if full.startswith(brief):
        return "prefix"
    if full.endswith(brief):
        return "suffix"
    if brief in full:
        return "infix"
    if not subsequence(brief, full):
        return "other shape"
    first, last = brief[0] == full[0], brief[-1] == full[-1]
    if first and last:
        return "letters of both ends"
    return "letters from the first" if first else "letters to the last" if last else "letters inside"


def _inserted(brief: str, full: str) -> int:
    """How many characters of `full` stand in one place inside `brief`, before its last two characters or earlier."""
    if brief in full or brief[0] != full[0] or brief[-2:] != full[-2:]:
        return 0
    for cut in range(1, len(brief) - 1):
        if full.startswith(brief[:cut]) and full.endswith(brief[cut:]):
            return len(full) - len(brief)
    return 0


def _bucket(n: int) -> str:
    return str(n) if n < 3 else "3-4" if n < 5 else "5-8" if n < 9 else "9+"


def _person(brief: str, full: str) -> list[str]:
    found = []
    if brief[1:] in titles():
        found.append("surname and title")
    if "·" in full and brief in full.split("·"):
        found.append("part of foreign name")
    if full.startswith(brief) and full[len(brief) :] in titles():
        found.append("title lost")
    if full.isascii() and brief.isascii():
        found.append("latin")
    return found


def _place(short: Surface, long: Surface) -> list[str]:
    brief, full = short.key, long.key
    found = []
    if short.codes and long.codes and not short.rest and not long.rest:
        found.append("one division")
    if brief.rstrip(_ADMINISTRATIVE) == full.rstrip(_ADMINISTRATIVE):
        found.append("same stem")
    elif full.endswith(brief):
        found.append("tail behind place" if long.codes else "tail behind other")
    elif full.startswith(brief):
        found.append("head before area" if full[-1] in _ADMINISTRATIVE else "head before other")
    if brief[-1] == full[-1]:
        found.append("same end")
    return found


def _organization(short: Surface, long: Surface) -> list[str]:
    brief, full = short.key, long.key
    found = []
    level = _ELIDED.get(brief[0])
    if level and long.codes and subsequence(brief[1:], long.rest):
        found.append("place left out")
    tail = full[full.rindex(brief) + len(brief) :] if brief in full else ""
    if tail:
        found.append(f"tail {_tail(tail)}")
    if brief[-1] == full[-1]:
        found.append("same end")
        if brief[-2:] == full[-2:]:
            found.append("same end of two")
    elif not tail:
        found.append("other end")
    kind = kind_of_body(full)
    if kind != kind_of_body(brief):
        found.append(f"kind {kind}" if kind else "kind of short")
    if brief.isascii():
        found.append("latin")
    if short.core == brief and long.core.startswith(short.core):
        found.append("core begins")
    return found


def _title(short: Surface, long: Surface) -> list[str]:
    brief, full = short.key, long.key
    found = [f"is {short.type}"]
    if brief[-1] == full[-1]:
        found.append(f"same end {short.type}")
    elif brief in full:
        found.append(f"tail {short.type} {_title_tail(full[full.rindex(brief) + len(brief) :])}")
    if short.bare and not subsequence(brief, full):
        found.append("bare of one end" if brief[-1] == full[-1] else "bare beside")
    return found


def _title_tail(tail: str) -> str:
    kinds = _title_tails()
    return next((kinds[tail[-n:]] for n in range(min(len(tail), 6), 0, -1) if tail[-n:] in kinds), "unknown")


@functools.cache
def _title_tails() -> Mapping[str, str]:
    return {row[0]: row[1] for row in lexicon_rows("title_tails")}


def _tail(tail: str) -> str:
    """Return what a short form has left away at the end: the legal form, words of trade, or the name of a part."""
    if kind_of_body(tail):
        return "part"
    kinds = _tails()
    for length in range(min(len(tail), 8), 0, -1):
        kind = kinds.get(tail[-length:])
        if kind:
            return kind
    return "unknown"


@functools.cache
def _tails() -> Mapping[str, str]:
    return {row[0]: row[1] for row in lexicon_rows("organization_tails")}
