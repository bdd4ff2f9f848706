"""Whether a clause states a fact, announces it, tells of a former one, or takes it back."""

from __future__ import annotations

import re
from functools import cache

from kg.model import Modality, Span
from kg.resources import lexicon_rows

_SCOPE_END = re.compile("[，,；;。！？：:]")
_NEAR = 14


@cache
def _cues() -> dict[str, re.Pattern[str]]:
    words: dict[str, list[str]] = {}
    for word, kind, *_ in lexicon_rows("modality_cues"):
        words.setdefault(kind, []).append(word)
    return {
        kind: re.compile("|".join(map(re.escape, sorted(listed, key=lambda w: (-len(w), w)))))
        for kind, listed in words.items()
    }


def modality_of(text: str, clause: Span, trigger: Span | None = None) -> Modality | None:
    """Return the modality of what `clause` says by `trigger`; None where it is denied, refuted or only supposed.

    Without a trigger the whole clause is looked at. Spans are over `text`.

    >>> modality_of("蓝湖公司拟收购青禾科技", Span(0, 11), Span(5, 7))
    'planned'
    >>> modality_of("蓝湖公司否认收购青禾科技", Span(0, 12), Span(6, 8)) is None
    True
    """
    before = text[clause.start : trigger.start if trigger else clause.end]
    after = text[trigger.end : clause.end] if trigger else ""
    cues = _cues()
    harmless = cues["harmless"]
    near = _last_scope(before)
    if _stands(cues["supposed"], before, harmless) or _stands(cues["denied"], near, harmless):
        return None
    if _stands(cues["refuted"], before, harmless) or (trigger and cues["refuted_after"].match(after)):
        return None
    if trigger and cues["happened_after"].match(after):
        return "stated"
    if _planned(near, cues, harmless):
        return "planned"
    if _stands(cues["past"], near, harmless):
        return "past"
    if len(near) < _NEAR and near != before and _planned(_last_scope(before[: -len(near) - 1]), cues, harmless):
        return "planned" if cues["carries"].search(before) else "stated"
    return "stated"


def _last_scope(before: str) -> str:
    ends = [match.end() for match in _SCOPE_END.finditer(before)]
    return before[ends[-1] :] if ends else before


def _stands(cue: re.Pattern[str], text: str, harmless: re.Pattern[str]) -> bool:
    """Return whether `cue` stands in `text` outside every word that only looks like it (不断, 未来, 将军)."""
    blocked = [match.span() for match in harmless.finditer(text)]
    return any(
        not any(start <= match.start() and match.end() <= end for start, end in blocked) for match in cue.finditer(text)
    )


def _planned(scope: str, cues: dict[str, re.Pattern[str]], harmless: re.Pattern[str]) -> bool:
    if _stands(cues["planned"], scope, harmless):
        return True
    # 将 before a verb looks ahead; before an object (将…打造成, 将…列入) it only moves the object
    for match in re.finditer("将", scope):
        rest = scope[match.end() :]
        blocked = any(m.start() <= match.start() < m.end() for m in harmless.finditer(scope))
        if not blocked and (len(rest) <= 2 or cues["future_next"].match(rest)):
            return True
    return False
