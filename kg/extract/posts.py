"""The grammar of posts: (department) modifiers head, several of them joined by 、 (党组书记、局长; 产业处副处长)."""

from __future__ import annotations

import re
from functools import cache

from kg.model import Span
from kg.resources import lexicon_rows

_SEPARATORS = "[、兼和及暨与/]"
_DEPARTMENT = (
    r"(?:[一-鿿A-Za-z0-9]{1,14}?(?:事业部|分公司|分会|中心|学院|研究院|研究所|委员会|支队|大队"
    r"|部门?|司|处|科|室|局|系|办|院|组|厅|BU))"
)
_LEADING = r"(?:[（(][^（()）]{1,30}[）)])?[”’」]?(?:的|旗下的?)?(?:现任|时任|原任|原|前任|前|曾任|首任|现)?"
_BRACKETS = r"(?:[（(](?:兼|主持工作|[正副]?[一-鿿]{1,3}级|正|副)[）)])?"
_LOST = re.compile(
    "^(?:其|该(?:公司|集团|行|校|院|县|市|区|所|社|局|中心|企业)?|现任|时任|原任|原|前任|前(?![台线端锋])|曾任|现|兼任|兼)+"
)
_WINDOW = 48
_VERB = re.compile(
    r"(?:出任|担任|兼任|就任|接任|升任|调任|转任|历任|现任|时任|曾任|连任|任|当选为?|获选为?|获任|被?选举?为|推选为|增补为|晋升为?|提拔为|受聘为|聘请?为|聘任为|任命为"
    r"|被任命为|被聘为|被任为|为|系|是|身为|作为)(?:了|过)?"
)


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of one post, of a list of posts, and of a list of posts at the end of a string."""
    words: dict[str, list[str]] = {"modifier": [], "field": [], "head": []}
    for word, kind, *_ in lexicon_rows("posts"):
        words[kind if kind in words else "head"].append(word)
    modifier, field, head = ("|".join(sorted(words[kind], key=lambda w: (-len(w), w))) for kind in words)
    bare = rf"(?:(?:{modifier}){{0,3}}(?:{field})?(?:{modifier}){{0,2}}(?:{head})(?:[（(]?(?:级|级别)[）)]?)?{_BRACKETS})"
    post = rf"(?:{bare}|{_DEPARTMENT}(?:原|前)?{bare})"
    listed = rf"{post}(?:{_SEPARATORS}{{1,2}}(?:原|前)?{post})*"
    backward = rf"{bare}(?:{_SEPARATORS}{{1,2}}(?:原|前)?{bare})*"
    return re.compile(post), re.compile(listed), re.compile(rf"{backward}$")


def posts_after(text: str, at: int, *, limit: int | None = None) -> Span | None:
    """Return the list of posts that starts at `at` (brackets, 的, 原 and 时任 before it are skipped), not beyond `limit`.

    >>> text = "蓝湖公司党委书记、董事长林知远"
    >>> posts_after(text, 4).of(text)
    '党委书记、董事长'
    """
    end = min(len(text), at + _WINDOW if limit is None else limit)
    lead = re.compile(_LEADING).match(text, at, end)
    start = lead.end() if lead else at
    match = _patterns()[1].match(text, start, end) or _patterns()[1].match(text, at, end)
    return Span(*match.span()) if match else None


def posts_before(text: str, at: int, *, limit: int = 0) -> Span | None:
    """Return the list of posts that ends at `at`, not reaching back beyond `limit`.

    >>> text = "会上，副会长兼秘书长林知远说"
    >>> posts_before(text, 10).of(text)
    '副会长兼秘书长'
    """
    start = max(limit, at - _WINDOW)
    match = _patterns()[2].search(text[start:at])
    return Span(start + match.start(), at) if match else None


def posts_by_verb(text: str, at: int, *, limit: int) -> Span | None:
    """Return the list of posts behind the first 任, 担任, 当选 … within [at, limit).

    >>> text = "林知远当选为新一届会长"
    >>> posts_by_verb(text, 3, limit=len(text)).of(text)
    '会长'
    """
    for verb in _VERB.finditer(text, at, limit):
        found = _patterns()[1].match(text, verb.end(), limit)
        if found:
            return Span(*found.span())
        found = _patterns()[0].search(text, verb.end(), min(limit, verb.end() + _WINDOW))
        if found and not re.search("[，。；]", text[verb.end() : found.start()]):
            tail = _patterns()[1].match(text, _bare_start(text, found), limit)
            return Span(*(tail or found).span())
    return None


def _bare_start(text: str, found: re.Match[str]) -> int:
    """Return where the post itself starts, without the department or body before it."""
    back = posts_before(text, found.end(), limit=found.start())
    return back.start if back else found.start()


def role_of(text: str) -> str:
    """Write a list of posts as a qualifier: 、 between posts, no 原, 时任 or 兼 before them.

    >>> role_of("原副会长兼秘书长")
    '副会长、秘书长'
    >>> role_of("的博士研究生")
    '博士研究生'
    """
    parts: list[str] = []
    for raw in re.split(rf"{_SEPARATORS}+", re.sub(r"[（(][^（()）]*[）)]", "", text)):
        part = _LOST.sub("", raw).lstrip("的")
        if part and part not in parts:
            parts.append(part)
    return "、".join(parts)


def past_before(text: str, posts: Span) -> bool:
    """Return whether a post is marked as a former one by what stands before or in it (原, 前, 曾任).

    >>> past_before("蓝湖公司原董事长", Span(5, 8)), past_before("蓝湖公司董事长", Span(4, 7))
    (True, False)
    """
    before = re.search(
        "(?:原|前|前任|曾任|曾|曾经担任|曾担任|原任)$", text[max(0, posts.start - 4) : posts.start]
    )
    return before is not None or re.match("原|前(?![台线端锋])", posts.of(text)) is not None
