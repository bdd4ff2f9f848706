"""Impossible settings are refused with what was expected; stages out of order are found before any text is read."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from kg.errors import InvariantError, UsageError
from kg.settings import Settings
from kg.stage import Layer, check, run


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"resources": Path("nowhere/at/all")}, "nowhere/at/all: no such folder"),
        ({"layout": "column"}, "layout 'column' is unknown; known are auto, page, article"),
        ({"min_confidence": 1.5}, "from 0 to 1"),
        ({"min_confidence": float("nan")}, "from 0 to 1"),
        ({"workers": 0}, "at least 1"),
        ({"base_iri": "example.org"}, "absolute IRI"),
        ({"base_iri": "https://a.example/a b/"}, "absolute IRI"),
        ({"base_iri": "https://a.example/id"}, "ends in /"),
    ],
)
def test_impossible_settings_are_refused(wrong, message):
    with pytest.raises(UsageError, match=message):
        Settings(**wrong)


@pytest.mark.parametrize("iri", ["https://kg.example/id/", "urn:kg:", "https://例.example/图#"])
def test_usable_base_iris(iri):
    assert Settings(base_iri=iri).base_iri == iri


@dataclass(frozen=True)
class Step:
    name: str
    needs: frozenset[Layer]
    adds: frozenset[Layer]

    def __call__(self, document):
        return [*document, self.name]


WORDS = Step("words", frozenset({Layer.READING}), frozenset({Layer.TOKENS}))
NAMES = Step("names", frozenset({Layer.TOKENS}), frozenset({Layer.MENTIONS}))


def test_stages_in_order_run_in_order():
    check([WORDS, NAMES])
    assert run([WORDS, NAMES], []) == ["words", "names"]


def test_a_stage_before_what_it_needs_is_named():
    with pytest.raises(InvariantError, match=r"stage 'names' \(number 0\) needs tokens"):
        check([NAMES, WORDS])
