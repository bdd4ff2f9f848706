"""Impossible settings are refused with what was expected."""

from pathlib import Path

import pytest

from kg.errors import UsageError
from kg.settings import Settings


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
