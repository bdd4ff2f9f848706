"""Administrative divisions at the beginning of names: 温州鹿城区科技局 is the 科技局 of the district with code 330302.

A division lies in the one whose code begins its own. A short form (杭州) is read at the beginning of a name unless the
division is a district, whose short form (西湖) is mostly something else; behind its parent (温州鹿城) it is read too.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import NamedTuple

from kg.model import Division
from kg.resources import lexicon_rows

MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
"""Provinces that are cities: their code stands for the city level, too."""


class Entry(NamedTuple):
    """A division of the gazetteer: code of two, four or six digits, official name, short form (empty for none)."""

    code: str
    name: str
    short: str


class Opening(NamedTuple):
    """What a name begins with: the codes that its place may have (none when it names no place) and the rest."""

    codes: tuple[str, ...]
    rest: str


class Divisions:
    """The divisions of the country, looked up by the forms of their names."""

    def __init__(self, divisions: Iterable[Entry]) -> None:
        self._names: dict[str, Entry] = {}
        self._leading: dict[str, tuple[str, ...]] = {}
        self._following: dict[str, tuple[str, ...]] = {}
        for division in divisions:
            self._names[division.code] = division
            for form in filter(None, (division.name, division.short, _with_kind(division))):
                known = self._following.get(form, ())
                self._following[form] = (*known, division.code)
                if form == division.name or not division.name.endswith("区") or len(division.code) == 2:
                    self._leading[form] = (*self._leading.get(form, ()), division.code)
        self._longest = max(map(len, self._following), default=0)

    def opening(self, name: str) -> Opening:
        """Return the place that `name` begins with, as far down as it is named.

        >>> divisions().opening("温州鹿城区科技局")
        Opening(codes=('330302',), rest='科技局')
        >>> divisions().opening("西湖大学")
        Opening(codes=(), rest='西湖大学')
        """
        codes, rest = self._step(name, self._leading, ())
        while codes and rest:
            below, shorter = self._step(rest, self._following, codes)
            if not below:
                break
            codes, rest = below, shorter
        return Opening(codes, rest)

    def _step(self, text: str, forms: dict[str, tuple[str, ...]], within: tuple[str, ...]) -> Opening:
        for length in range(min(self._longest, len(text)), 1, -1):
            codes = forms.get(text[:length], ())
            if within:
                codes = tuple(c for c in codes if any(c != w and c.startswith(w) for w in within))
            if codes:
                return Opening(codes, text[length:])
        return Opening((), text)

    def choose(self, codes: tuple[str, ...], context: frozenset[str]) -> str | None:
        """Return the one code of several that is meant: the only one of the highest level, or the only one near `context`.

        `context` holds codes of places named nearby.

        >>> divisions().choose(("4301", "430121"), frozenset())
        '4301'
        """
        highest = min(map(len, codes), default=0)
        top = [code for code in codes if len(code) == highest]
        if len(top) == 1:
            return top[0]
        near = [code for code in codes if any(_akin(code, other) for other in context)]
        return near[0] if len(near) == 1 else None

    def title(self, code: str) -> str:
        """Return the official name, with the division above where others have the name as well.

        >>> divisions().title("330106"), divisions().title("3301")
        ('杭州市西湖区', '杭州市')
        """
        name = self._names[code].name
        if len(self._following.get(name, ())) > 1:
            above = self._above(code)
            return (self._names[above].name if above else "") + name
        return name

    def __contains__(self, code: object) -> bool:
        return code in self._names

    def name(self, code: str) -> str:
        """Return the official name."""
        return self._names[code].name

    def chain(self, code: str) -> tuple[Division, ...]:
        """Return the division with `code` and those that it lies in, innermost first, as the graph has them.

        >>> [(d.code, d.name) for d in divisions().chain("330106")]
        [('330106', '杭州市西湖区'), ('330100', '杭州市'), ('330000', '浙江省')]
        """
        found = []
        at: str | None = code
        while at is not None:
            found.append(Division(code=at.ljust(6, "0"), name=self.title(at)))
            at = self._above(at)
        return tuple(found)

    def _above(self, code: str) -> str | None:
        return next((code[:n] for n in (4, 2) if n < len(code) and code[:n] in self._names), None)


def _with_kind(division: Entry) -> str:
    """Return the form of an autonomous prefecture or county without its peoples: 恩施州, 景宁县."""
    autonomous = division.short and len(division.code) > 2 and division.name[-3:-1] == "自治"
    return division.short + division.name[-1] if autonomous else ""


def _akin(code: str, other: str) -> bool:
    """Whether `other` lies above `code` or below it, or both are parts of one prefecture or municipality."""
    if code.startswith(other) or other.startswith(code):
        return True
    shared = code[:4] if code[:2] not in MUNICIPALITIES else code[:2]
    return len(code) > 2 and len(other) > 2 and other.startswith(shared)


@functools.cache
def divisions() -> Divisions:
    """Return the divisions that ship with newskg."""
    return Divisions(
        Entry(row[0], row[1], row[2] if len(row) > 2 else "") for row in lexicon_rows("divisions")
    )
