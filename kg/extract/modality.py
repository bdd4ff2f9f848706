"""Whether a clause states a fact, announces it, tells of a former one, or takes it back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from kg.model import Modality, Span
from kg.resources import lexicon_rows

_SCOPE_END = re.compile("[，,；;。！？：:]")
_CLOSE = 3
_ALSO = frozenset("也还均都又仍便就亦必")
_DONE = re.compile("已|了|此前|目前|曾|据|表示|自从")
_NOUN_AFTER = frozenset("”》、，。的书表")
_REACH = 36  # characters to either side of what is named in which a plan still governs it
_ARRANGED = frozenset(
    {
        "hosts",
        "undertakes",
        "supports",
        "heldAt",
        "participatesIn",
        "launchedAt",
        "investsIn",
        "carriesOut",
        "establishes",
    }
)
_TOLD = re.compile("表示|称|说|介绍|透露|指出|认为|强调|宣布|希望")
_FORESEEN = re.compile(
    "(?<![必主干武老大小名猛])将(?=于|在|由|会|要|与|同|举|召|开|启|正式|联合|共同|继续|参|出席|亮相|发布|推出|建|设|投|落)"
    "|即将|拟(?![合态人录])|计划(?=于|在|将|投|建|收|募|通过|以)|定于|预计(?=于|将|在)|有望"
)
_SAME_MATTER = re.compile(
    "(?:本次|此次|该|上述)(?:增资|交易|收购|投资|募资|发行|重组|转让|活动|大会|会议|论坛|赛事|项目)"
)
LASTING = frozenset({"holdsPosition", "holdsSharesIn", "memberOf", "partOf", "locatedIn"})


@cache
def _cues() -> dict[str, re.Pattern[str]]:
    words: dict[str, list[str]] = {}
    for word, kind, *_ in lexicon_rows("modality_cues"):
        words.setdefault(kind, []).append(word)
    return {
        kind: re.compile("|".join(map(re.escape, sorted(listed, key=lambda w: (-len(w), w)))))
        for kind, listed in words.items()
    }


def modality_of(
    text: str, clause: Span, trigger: Span | None = None, *, relation: str = "", names: Sequence[Span] = ()
) -> Modality | None:
    """Return the modality of what `clause` says by `trigger`; None where it is denied, refuted or only supposed.

    Without a trigger the whole clause is looked at. Spans are over `text`; what lies in `names` (mentions) is no
    cue. Only what lasts can be past, so `relation` must be one of LASTING for that: a signing of last year is a fact.

    >>> modality_of("蓝湖公司拟收购青禾科技", Span(0, 11), Span(5, 7))
    'planned'
    >>> modality_of("蓝湖公司否认收购青禾科技", Span(0, 12), Span(6, 8)) is None
    True
    """
    shown = _masked(text, clause, names)
    before = shown[: trigger.start - clause.start] if trigger else shown
    after = shown[trigger.end - clause.start :] if trigger else ""
    cues = _cues()
    near = _last_scope(before)
    if _taken_back(before, near, after, cues, triggered=trigger is not None):
        return None
    if _planned(near, cues) or _carried(before, near, cues):
        return "planned"
    if trigger is None and relation in _ARRANGED and _foreseen_around(text, clause, names):
        return "planned"
    if relation in LASTING and _stands(cues["past"], near, cues["harmless"]):
        return "past"
    return "stated"


def _foreseen_around(text: str, named: Span, names: Sequence[Span]) -> bool:
    """Return whether what stands around the names announces: 甲、乙将于明日举行丙; 甲拟增资。本次增资由乙出资."""
    low = max(0, named.start - _REACH)
    opened = max((match.end() for match in _SCOPE_END.finditer(text, low, named.start)), default=low)
    stop = _SCOPE_END.search(text, named.end, named.end + _REACH)
    closed = stop.start() if stop else min(len(text), named.end + _REACH)
    inside = _masked(text, named, names)
    tail = text[named.end : closed]
    told = _TOLD.search(tail)
    if _SCOPE_END.search(inside) is None and _FORESEEN.search(text[opened : named.start]):
        return True
    if _DONE.search(inside) is None and _FORESEEN.search(tail[: told.start()] if told else tail):
        return True
    return _foreseen_before(text, named.start)


def _foreseen_before(text: str, start: int) -> bool:
    """Return whether a sentence takes up (本次增资) what the one before it announces."""
    first = text.rfind("。", 0, start) + 1
    if first <= 0 or not _SAME_MATTER.match(text, first):
        return False
    before = text[text.rfind("。", 0, first - 1) + 1 : first]
    return _FORESEEN.search(before) is not None and re.search("已|了", before) is None


def _masked(text: str, clause: Span, names: Sequence[Span]) -> str:
    shown = list(clause.of(text))
    for name in names:
        for at in range(max(name.start, clause.start), min(name.end, clause.end)):
            shown[at - clause.start] = "□"
    return "".join(shown)


def _taken_back(
    before: str, near: str, after: str, cues: dict[str, re.Pattern[str]], *, triggered: bool
) -> bool:
    harmless = cues["harmless"]
    if _stands(cues["supposed"], before, harmless) or _stands(cues["refuted"], near, harmless):
        return True
    if not triggered:
        return False
    if _stands(cues["denied"], near, harmless) or cues["refuted_after"].match(after):
        return True
    close = near[-_CLOSE:]
    return _stands(cues["denied_close"], close, harmless) or _stands(
        cues["refuted_close"], near[-_CLOSE - 2 :], harmless
    )


def _carried(before: str, near: str, cues: dict[str, re.Pattern[str]]) -> bool:
    """Return whether a plan goes on over commas (公司拟增资，由股东出资), nothing having happened since (已, 了)."""
    earlier = before[: len(before) - len(near)]
    if not earlier or _DONE.search(near):
        return False
    scopes = [scope for scope in _SCOPE_END.split(earlier) if scope]
    return any(
        _planned(scope, cues)
        and cues["carries"].search(scope) is not None
        and not any(map(_DONE.search, scopes[k + 1 :]))
        for k, scope in enumerate(scopes)
    )


def _last_scope(before: str) -> str:
    ends = [match.end() for match in _SCOPE_END.finditer(before)]
    return before[ends[-1] :] if ends else before


def _stands(cue: re.Pattern[str], text: str, harmless: re.Pattern[str]) -> bool:
    """Return whether `cue` stands in `text` outside every word that only looks like it (不断, 未来, 将军)."""
    blocked = [match.span() for match in harmless.finditer(text)]
    return any(
        text[match.end() : match.end() + 1] not in _NOUN_AFTER
        and not any(
            start <= match.start() and match.end() <= end and (start, end) != match.span()
            for start, end in blocked
        )
        for match in cue.finditer(text)
    )


def _planned(scope: str, cues: dict[str, re.Pattern[str]]) -> bool:
    harmless = cues["harmless"]
    if _stands(cues["planned"], scope, harmless):
        return True
    # 将 before a verb looks ahead; before an object (将…打造成, 将…列入) it only moves the object
    for match in re.finditer("将", scope):
        rest = scope[match.end() :]
        blocked = any(m.start() <= match.start() < m.end() for m in harmless.finditer(scope))
        ahead = (
            len(rest) <= 2
            or cues["future_next"].match(rest)
            or scope[match.start() - 1 : match.start()] in _ALSO
        )
        if not blocked and ahead:
            return True
    return False
