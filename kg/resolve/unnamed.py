"""Mentions that name nothing for the graph: bare kinds (揭牌仪式, 有限公司) and credits of the newspaper itself."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from kg.model import Article, Mention, Reading
from kg.resolve.abbreviations import load_known_names
from kg.resolve.forms import form_of, is_bare, normal
from kg.resolve.subtypes import subtype_of
from kg.resources import lexicon_rows

_LONGEST = 6
_CLOSERS = frozenset("》”")
_DATELINE = re.compile(r"[^，。；：！？]{0,5}(?:\d{1,2}月\d{1,2}日)?(?:专?电|讯|客户端)(?![子视信话])")
_OUTER = '“”‘’「」『』《》"【】[]'


def named(mentions: Sequence[Mention], *, article: Article, reading: Reading) -> tuple[Mention, ...]:
    """Return the mentions that name something.

    A bare kind stays where a longer name of its type in the article ends alike (it may be its short form) or where it
    stands in quotation marks or book brackets. A medium is a credit where the words beside it say so; so is a person of the
    byline there. Names that stand as credits only leave no mention, the others keep all that are none.
    """
    names = {(m.type, normal(m.text)) for m in mentions}
    kept = []
    for mention in mentions:
        key = normal(mention.text)
        if len(key) < 2 or (key.isdigit() and len(key) > 4):
            continue
        if (
            (is_bare(key) or key in _bare_names())
            and not is_elided(key)
            and not _quoted(mention, reading)
            and not _has_longer(key, mention.type, names)
        ):
            continue
        if _is_credit(mention, article, reading):
            continue
        kept.append(mention)
    return tuple(kept)


def is_elided(key: str) -> bool:
    """Whether a body leaves out the place that its article is about (市委, 省政府)."""
    return form_of(key, "Organization").sufficiency == "elided"


def _quoted(mention: Mention, reading: Reading) -> bool:
    start = mention.span.start
    return start > 0 and reading.text[start - 1] in _OUTER


def _has_longer(key: str, type_: str, names: set[tuple[str, str]]) -> bool:
    return any(t == type_ and len(k) > len(key) and k[-1] == key[-1] for t, k in names)


def _is_credit(mention: Mention, article: Article, reading: Reading) -> bool:
    if mention.type not in {"Person", "Organization", "Product"}:
        return False
    text, start, end = reading.text, mention.span.start, mention.span.end
    before, after = _credit_words()
    follows = any(text[max(0, start - n) : start] in before for n in range(1, _LONGEST + 1))
    while text[end : end + 1] in _CLOSERS:
        end += 1
    precedes = any(text[end : end + n] in after for n in range(1, _LONGEST + 1))
    precedes = precedes or _DATELINE.match(text, end) is not None
    if mention.type == "Person":
        return (follows or precedes) and mention.text in article.byline
    if not (follows or precedes):
        return False
    return subtype_of((mention.text,), load_known_names()) == "Media" or mention.text == article.publisher


@functools.cache
def _bare_names() -> frozenset[str]:
    return frozenset(normal(row[0]) for row in lexicon_rows("bare_names"))


@functools.cache
def _credit_words() -> tuple[frozenset[str], frozenset[str]]:
    rows = lexicon_rows("credit_words")
    return frozenset(w for w, side in rows if side == "before"), frozenset(
        w for w, side in rows if side == "after"
    )
