"""Names that are one without weighing, because they are spellings of one name.

Spellings differ in a bracket at the end (华云科技（600000.SH）), in the division that is written out or not (温州, 温州市,
浙江温州), in a place that the article makes clear (市科协), in usual short forms of a body (科技局) and in a title behind a
person's name.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence

from kg.resolve.divisions import divisions
from kg.resolve.forms import form_of, normal
from kg.resolve.surfaces import Surface, titles
from kg.resources import lexicon_rows

_BRACKETED = re.compile(r"^(.{2,})\(((?:以下|下文|下)?(?:简称|称)?[:：]?)([^()]+)\)$")
_KINDS = "省市区县"
_SIDE = re.compile(r"^(.{1,3})方$")


def spellings(names: Sequence[Surface]) -> Iterator[tuple[int, int]]:
    """Yield pairs of numbers of surfaces that are spellings of one name."""
    context = _context(names)
    first: dict[tuple[str, str], int] = {}
    for number, name in enumerate(names):
        for key in _keys(name, context):
            earlier = first.setdefault((name.type, key), number)
            if earlier != number:
                yield number, earlier
    yield from _kind_left_away(names)


def _kind_left_away(names: Sequence[Surface]) -> Iterator[tuple[int, int]]:
    """Yield places whose one namesake here adds the kind of division (长宁, 长宁区); a province is itself (吉林)."""
    fuller: dict[str, list[int]] = {}
    for number, name in enumerate(names):
        if name.type == "Place" and name.key[-1] in _KINDS:
            fuller.setdefault(name.key[:-1], []).append(number)
    for number, name in enumerate(names):
        if name.type == "Place" and len(fuller.get(name.key, ())) == 1:
            long = fuller[name.key][0]
            province = any(len(code) == 2 for code in name.codes) and not name.rest
            if not province or set(name.codes) & set(names[long].codes):
                yield number, long


def _context(names: Sequence[Surface]) -> frozenset[str]:
    """Return the codes of the divisions that the article names without doubt."""
    codes = set()
    for name in names:
        if name.codes and (name.type == "Place" or len(name.codes) == 1):
            code = divisions().choose(name.codes, frozenset())
            if code is not None:
                codes.add(code)
    return frozenset(codes)


def _keys(name: Surface, context: frozenset[str]) -> Iterator[str]:
    yield name.key
    bracketed = _BRACKETED.match(name.key) if name.key[-1] == ")" else None
    if bracketed and not bracketed[3].isdigit():
        yield bracketed[1]
        if name.type != "Place" and bracketed[2]:
            yield bracketed[3]
    if name.type == "Person":
        yield from _untitled(name.key)
    elif name.type == "Place":
        if not name.rest or name.codes:
            form = form_of(name.key, "Place", context=context)
            if form.placed:
                yield form.key
        side = _SIDE.match(name.key)
        if side and side[1] in _sides():
            yield _sides()[side[1]]
    elif name.type == "Organization":
        form = form_of(name.key, "Organization", context=context)
        if form.sufficiency == "full":
            yield form.key


def _untitled(key: str) -> Iterator[str]:
    for length in range(min(len(key) - 2, 6), 0, -1):
        if key[-length:] in titles() and len(key) - length <= 4:
            yield key[:-length]
            return


@functools.cache
def countries() -> frozenset[str]:
    """Return names of countries and regions, which are whole as they are."""
    return frozenset(_sides().values())


@functools.cache
def _sides() -> Mapping[str, str]:
    return {normal(row[0]): normal(row[1]) for row in lexicon_rows("sides")}
