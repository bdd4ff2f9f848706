"""What a name says about which thing it names, before any two names are compared.

Every name gets a `Form`: a key that is equal for spellings of one name (浙江科技厅, 浙江省科学技术厅), and whether the
name is enough to tell the thing from others. 市科协 is not, unless its article says which city; nor is 战略合作协议, ever.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from kg.resolve.divisions import MUNICIPALITIES, divisions
from kg.resources import lexicon_rows

Sufficiency = Literal["full", "elided", "bare"]

_DROPPED = re.compile(r"[\s\"'“”‘’«»「」『』《》〈〉]+")
_DASHES = re.compile(r"[-—–―－‐‑−~～]+")
_DOTS = re.compile(r"[•・‧∙●]")
_LEGAL = re.compile(r"(?:股份有限公司|有限责任公司|有限公司)$")
_YEAR = re.compile(r"((?:19|20)\d\d)年(?!度)(?=.)")
"""The year that opens a name is written with and without 年: 2023年数字大会, 2023数字大会."""
_AREA = re.compile(r"(?<=..)地区$")
_SEATS = frozenset({"", "人民政府", "委", "委员会"})


def normal(name: str) -> str:
    """Return `name` without white space and quotation marks, in one width, case and kind of dash.

    >>> normal("《科创中国》 “ＡＩ—2023”")
    '科创中国ai-2023'
    """
    name = _DOTS.sub("·", unicodedata.normalize("NFKC", _DROPPED.sub("", name)))
    return _DASHES.sub("-", _DROPPED.sub("", name)).casefold() or name.strip()


@dataclass(frozen=True, slots=True)
class Form:
    """A name as identity sees it.

    `key` is equal for spellings of one name; it begins with ``@`` and a division code where the name begins with a place.
    `full_name` is the name with an elided place filled in (聊城市科协), else empty. `stem` is the key without a legal form
    (有限公司), empty where there is none to drop. `codes` are the divisions that the name itself speaks of.
    """

    key: str
    sufficiency: Sufficiency
    text: str
    full_name: str = ""
    stem: str = ""
    codes: tuple[str, ...] = ()

    @property
    def placed(self) -> bool:
        """Whether the key says in which division the thing is."""
        return self.key.startswith("@")

    @property
    def is_division(self) -> bool:
        """Whether this names a division and nothing in it."""
        return self.placed and self.key.endswith("|")

    @property
    def seat(self) -> str | None:
        """The code of the division whose government or committee this is (or the division itself), else None."""
        code, _, rest = self.key[1:].partition("|")
        return code if self.placed and rest in _SEATS else None


def form_of(name: str, type_: str, *, context: frozenset[str] = frozenset()) -> Form:
    """Return the form of a name of an entity of `type_`, in an article whose places have the codes `context`.

    >>> form_of("浙江科技厅", "Organization").key == form_of("浙江省科学技术厅", "Organization").key
    True
    >>> form_of("市科协", "Organization").sufficiency
    'elided'
    >>> form_of("市科协", "Organization", context=frozenset({"3715"})).full_name
    '聊城市科协'
    """
    text = normal(name)
    if type_ == "Place":
        return _place(text, context)
    if type_ == "Organization":
        return _organization(text, context)
    key = text if type_ == "Person" else _YEAR.sub(r"\1", text)
    return Form(key, "bare" if type_ != "Person" and is_bare(text) else "full", text)


def _place(text: str, context: frozenset[str]) -> Form:
    codes, rest = divisions().opening(text)
    if not codes:
        key = _AREA.sub("", text)
        return Form(key, "bare" if is_bare(key) or _elision(text)[0] else "full", text)
    code = divisions().choose(codes, context)
    if code is None:
        return Form(text, "elided", text, codes=codes)
    key = f"@{code}|{rest}"
    return Form(key, "full", text, full_name="" if rest else divisions().title(code), codes=(code,))


def _organization(text: str, context: frozenset[str]) -> Form:
    level, rest = _elision(text)
    if level and rest:
        code = _only(context, level)
        if code is None:
            return Form(text, "elided", text)
        body = _expanded(rest)
        return _with_stem(Form(f"@{code}|{body}", "full", text, divisions().name(code) + rest, codes=(code,)))
    codes, rest = divisions().opening(text.removeprefix("中共"))
    if codes and rest:
        chosen = divisions().choose(codes, context)
        body = _expanded(rest)
        if chosen is None:
            return _with_stem(Form(text, "elided" if is_bare(rest) else "full", text, codes=codes))
        return _with_stem(Form(f"@{chosen}|{body}", "full", text, codes=(chosen,)))
    if codes:
        code = divisions().choose(codes, context)
        return Form(f"@{code}|" if code else text, "full" if code else "elided", text, codes=codes)
    return _with_stem(Form(_expanded(text), "bare" if is_bare(text) else "full", text))


def _with_stem(form: Form) -> Form:
    stem = _LEGAL.sub("", form.key)
    body = stem.partition("|")[2] if form.placed else stem
    if stem == form.key or len(body) < (2 if form.placed else 4) or is_bare(body):
        return form
    return Form(form.key, form.sufficiency, form.text, form.full_name, stem, form.codes)


def _only(context: frozenset[str], level: int) -> str | None:
    """Return the one division of `level` (digits of its code) that `context` knows of."""
    found = {_at(code, level) for code in context} - {None}
    return found.pop() if len(found) == 1 else None


def _at(code: str, level: int) -> str | None:
    if level == 4 and code[:2] in MUNICIPALITIES:
        return code[:2]
    if len(code) < level:
        return None
    if level == 4 and code[:4] not in divisions():
        return code  # a city right under its province is its own city
    return code[:level]


def _elision(text: str) -> tuple[int, str]:
    """Return the level of the place that the opening of `text` leaves out (0 for none) and the rest."""
    openings = _openings()
    for length in (3, 2, 1):
        level = openings.get(text[:length])
        if level is not None and len(text) >= length:
            return level, text[length:] if level else text
    return 0, text


def _expanded(text: str) -> str:
    """Return `text` with a short form at its end written out: 科协 as 科学技术协会."""
    for length in range(min(len(text), 8), 1, -1):
        full = _short_heads().get(text[-length:])
        if full is not None and not text.endswith(full):
            return text[:-length] + full
    return text


def is_bare(text: str) -> bool:
    """Whether a normalised name is made of words of kind alone.

    >>> is_bare("战略合作协议"), is_bare("西湖论剑")
    (True, False)
    """
    words = _bare_words()
    reached = [True] + [False] * len(text)
    for end in range(1, len(text) + 1):
        reached[end] = any(
            reached[start] and text[start:end] in words for start in range(max(0, end - 8), end)
        )
    return bool(text) and (reached[-1] or text.isdecimal() or len(text) == 1)


def is_division(name: str) -> bool:
    """Whether `name` is that of an administrative division and of nothing in it.

    >>> is_division("聊城市"), is_division("鲁西聊城"), is_division("聊城高新区")
    (True, False, False)
    """
    codes, rest = divisions().opening(normal(name))
    return bool(codes) and not rest


def is_local(name: str, type_: str) -> bool:
    """Whether only the article that uses `name` can say what it names: a word of kind, or a body without its place.

    >>> is_local("市政府", "Organization"), is_local("报告", "Document"), is_local("聊城市政府", "Organization")
    (True, True, False)
    """
    text = normal(name)
    level, rest = _elision(text)
    return is_bare(text) or text in _short_heads() or (type_ == "Organization" and bool(level and rest))


def kind_of_body(text: str) -> str:
    """Return the kind of part or sister that a body is by the end of its name (branch, party …), empty for none."""
    for length in range(min(len(text), 12), 1, -1):
        kind = _kinds().get(text[-length:])
        if kind is not None:
            return kind
    return ""


@functools.cache
def _openings() -> dict[str, int]:
    return {row[0]: int(row[1]) for row in lexicon_rows("elided_places")}


@functools.cache
def _short_heads() -> dict[str, str]:
    return {row[0]: row[1] for row in lexicon_rows("head_short_forms")}


@functools.cache
def _bare_words() -> frozenset[str]:
    return frozenset(row[0] for row in lexicon_rows("bare_words"))


@functools.cache
def _kinds() -> dict[str, str]:
    return {row[0]: row[1] for row in lexicon_rows("body_kinds")}


@functools.cache
def subtypes_agree(one: str, other: str) -> bool:
    """Whether one body may be called both: equal, not known, or kinds that overlap.

    >>> subtypes_agree("Company", "FinancialInstitution"), subtypes_agree("Company", "Government")
    (True, False)
    """
    if not one or not other or one == other:
        return True
    return (min(one, other), max(one, other)) in _overlaps()


@functools.cache
def _overlaps() -> frozenset[tuple[str, str]]:
    return frozenset((row[0], row[1]) for row in lexicon_rows("subtype_overlaps"))
