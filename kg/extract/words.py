"""Words: jieba's dictionary and algorithm through rjieba, as tokens over ``Reading.text``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import rjieba

from kg.model import Span, Token


@cache
def _segmenter() -> rjieba.Jieba:
    return rjieba.Jieba()


def tokenize(text: str, sentences: Sequence[Span]) -> tuple[Token, ...]:
    """Return the words of `text`, sentence by sentence; they cover every sentence without overlap.

    >>> [token.text for token in tokenize("大学与企业签约", [Span(0, 7)])]
    ['大学', '与', '企业', '签约']
    """
    tag = _segmenter().tag
    tokens: list[Token] = []
    for sentence in sentences:
        at = sentence.start
        for word, part in tag(text[sentence.start : sentence.end]):
            tokens.append(Token(span=Span(at, at + len(word)), text=word, tag=part))
            at += len(word)
    return tuple(tokens)
