"""Which blocks of a page make up one article: the best way of all to cut the page, found by dynamic programming.

Between two bodies of text stands a run of headlines, bylines and captions, possibly empty. Either it is inside one
article (subheads), or the page is cut somewhere in it: what stands before the cut is the headline of the text above,
what stands behind it that of the text below, and between two cuts may stand a headline whose text is elsewhere.
Scored are marks of ends and beginnings, how alike a headline and a text are, and that an article has one headline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg.split.blocks import Block
from kg.split.likeness import Bag, Likeness

_REACH = 8
_CUT = -4.0
_SIGNED = 5.0
_STARTED = 7.0
_LED = 8.0
_LONGEST_RUN = 10
_SHORT = -1.5
_SHORT_HEAD = 13
_NEAR = 0.7
_STEEP = 3.0
_FAR = 1.5
_OPEN = -6.0
_HEADED = 1.5
_TWICE = -3.5
_ALIKE = 5.0
_ORPHAN = -2.5
_SPLIT = 4.0


@dataclass(frozen=True, slots=True)
class _Cut:
    """One way to treat the run before body k: first block of the next article, or None; and where an orphan begins."""

    score: float
    at: int | None
    orphan: int | None
    back: bool
    front: bool


def segments_of(blocks: Sequence[Block]) -> list[list[Block]]:
    """Return the articles of a page as lists of blocks in the order of the flow."""
    likeness = Likeness([block.text for block in blocks])
    bodies = [k for k, block in enumerate(blocks) if block.kind == "body"]
    if not bodies:
        return []
    # state: whether the article that is under way has its headline in front
    usual = _usual(blocks, bodies, likeness)
    paths: dict[bool, tuple[float, tuple[int, ...]]] = {}
    head = any(block.kind == "head" for block in blocks[: bodies[0]])
    paths[head] = (0.0, ())
    for previous, following in pairwise(bodies):
        above = _window(blocks, bodies, previous - _REACH, previous, likeness)
        below = _window(blocks, bodies, following, following + _REACH, likeness)
        options = _options(blocks, previous, following, above, below, likeness, usual)
        reached: dict[bool, tuple[float, tuple[int, ...]]] = {}
        for headed, (score, cuts) in sorted(paths.items()):
            for option in options:
                total, state = score + option.score, headed
                if option.at is not None:
                    total += _TWICE if option.back and headed else 0.0
                    total += _HEADED if option.back or headed else 0.0
                    state = option.front
                own = (
                    () if option.at is None else tuple(c for c in (option.orphan, option.at) if c is not None)
                )
                if state not in reached or total > reached[state][0] + 1e-9:
                    reached[state] = (total, cuts + own)
        paths = reached
    after = blocks[bodies[-1] + 1 :]
    tail = any(block.kind == "head" for block in after)
    best = max(
        sorted(paths.items()),
        key=lambda item: item[1][0] + (_TWICE if tail and item[0] else _HEADED if tail or item[0] else 0),
    )
    edges = [0, *best[1][1], len(blocks)]
    parts = [list(blocks[a:b]) for a, b in pairwise(edges) if b > a]
    return _placed(parts, likeness)


def _options(
    blocks: Sequence[Block],
    previous: int,
    following: int,
    above: Bag,
    below: Bag,
    likeness: Likeness,
    usual: float,
) -> list[_Cut]:
    before, behind = blocks[previous], blocks[following]
    run = range(previous + 1, following)
    signed = next((k for k in run if blocks[k].kind == "byline"), None)
    trailing = signed is not None and not any(blocks[k].kind == "head" for k in range(previous + 1, signed))
    leading = any(
        blocks[k].kind == "byline" and any(blocks[j].kind == "head" for j in range(previous + 1, k))
        for k in run
    )
    marks = _SIGNED * (before.ends or trailing) + _STARTED * behind.starts + _LED * leading
    if before.open:
        marks += _OPEN if not behind.starts and not leading else _OPEN / 3
    heads = [k for k in run if blocks[k].kind == "head"]
    apart = max(-_FAR, min(_FAR, _STEEP * (_NEAR - likeness.cosine(above, below) / usual)))
    many = sum(len(blocks[k].text) for k in heads)
    # a signed headline with more headlines below it has its text elsewhere
    led = max((k for k in run if blocks[k].kind == "byline" and k > previous + 1), default=None)
    stray = leading and led is not None and any(k > led for k in heads)
    if heads and many < _SHORT_HEAD and not marks:
        marks += _SHORT  # more likely a subhead
    options = [_Cut(-0.6 * max(0, len(heads) - 2) - 0.04 * max(0, many - 24), None, None, False, False)]
    places = [k for k in (*run, following) if k - previous <= _LONGEST_RUN or following - k <= _LONGEST_RUN]
    for at in places:
        if previous + 1 < at < following and _together(blocks[at - 1], blocks[at]):
            continue
        back = [k for k in heads if k < at]
        front = [k for k in heads if k >= at]
        score = _CUT + marks + apart + _fit(blocks, back, above, below, likeness)
        score += _fit(blocks, front, below, above, likeness) + (0.0 if front else -0.5)
        if trailing and signed is not None and at <= signed:
            score -= _SIGNED
        if leading and any(blocks[k].kind == "byline" for k in range(previous + 1, at)) and not trailing:
            score -= _SIGNED / 2
        options.append(_Cut(score, at, None, bool(back), bool(front)))
        for orphan in (k for k in places if k < at):
            lost = [k for k in heads if orphan <= k < at]
            if not lost or blocks[at - 1].kind != "byline" or blocks[orphan].kind != "head":
                continue
            early = [k for k in heads if k < orphan]
            score = (
                _CUT
                + marks
                + apart
                + _ORPHAN
                + _SPLIT * (stray and at - 1 == led)
                + _fit(blocks, early, above, below, likeness)
            )
            score += _fit(blocks, front, below, above, likeness) + (0.0 if front else -3.0)
            options.append(_Cut(score, at, orphan, bool(early), bool(front)))
    return options


def _window(blocks: Sequence[Block], bodies: Sequence[int], first: int, last: int, likeness: Likeness) -> Bag:
    """Return what the bodies from `first` up to `last` speak of."""
    return likeness.bag(blocks[k].text for k in bodies if first <= k <= last)


def _usual(blocks: Sequence[Block], bodies: Sequence[int], likeness: Likeness) -> float:
    """Return how alike neighbouring stretches of this page are, mostly parts of one article: the measure of the rest."""
    found = sorted(
        likeness.cosine(
            _window(blocks, bodies, a - _REACH, a, likeness), _window(blocks, bodies, b, b + _REACH, likeness)
        )
        for a, b in pairwise(bodies)
    )
    return max(0.02, found[len(found) // 2]) if found else 1.0


def _together(one: Block, other: Block) -> bool:
    """Return whether two headlines are lines of one: nothing stands between them."""
    return one.kind == other.kind == "head" and not other.lines[0].blank


def _fit(blocks: Sequence[Block], heads: Sequence[int], own: Bag, other: Bag, likeness: Likeness) -> float:
    """Return how much better some headlines fit the text that they are given to than the text on the other side."""
    if not heads:
        return 0.0
    bag = likeness.bag(blocks[k].text for k in heads)
    return _ALIKE * (likeness.share(bag, own) - likeness.share(bag, other))


def _placed(parts: list[list[Block]], likeness: Likeness) -> list[list[Block]]:
    """Give a headline without text to the article without headline that it fits, and a loose end to what it continues."""
    whole = [part for part in parts if any(block.kind == "body" for block in part)]
    for part in parts:
        if part in whole or not any(block.kind == "head" for block in part):
            continue
        bag = likeness.bag(block.text for block in part)
        bare = [p for p in whole if not any(block.kind == "head" for block in _outer(p))] or whole
        fits = [
            (likeness.share(bag, likeness.bag(b.text for b in p if b.kind == "body")), -k)
            for k, p in enumerate(bare)
        ]
        if fits:
            bare[-max(fits)[1]].extend(part)
    return whole


def _outer(part: Sequence[Block]) -> list[Block]:
    """Return what stands before the first and behind the last body of an article."""
    bodies = [k for k, block in enumerate(part) if block.kind == "body"]
    return [*part[: bodies[0]], *part[bodies[-1] + 1 :]]
