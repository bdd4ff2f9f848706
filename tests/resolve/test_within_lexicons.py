"""The lexicons of the resolver say only what the program and the ontology understand."""

from __future__ import annotations

import pytest

from kg.model import Mention, Span
from kg.resolve.abbreviations import load_known_names
from kg.resolve.linking import load_weights, pairs
from kg.resolve.surfaces import surfaces
from kg.resources import lexicon_rows

SUBTYPES = {
    "Association",
    "Company",
    "FinancialInstitution",
    "Government",
    "Media",
    "Platform",
    "ResearchInstitute",
    "University",
}


@pytest.mark.parametrize("lexicon", ["known_names", "organization_heads"])
def test_every_subtype_is_one_of_the_ontology(lexicon):
    """A subtype that nobody knows would reach the graph unseen."""
    given = {row[-1] for row in lexicon_rows(lexicon) if len(row) == (3 if lexicon == "known_names" else 2)}
    assert given == SUBTYPES - ({"Platform"} if lexicon == "known_names" else set())


@pytest.mark.parametrize(
    "lexicon",
    ["known_names", "organization_heads", "organization_tails", "title_tails", "role_anaphora", "sides"],
)
def test_a_word_has_one_reading(lexicon):
    """No word of a lexicon stands twice with two meanings."""
    words = [row[0] for row in lexicon_rows(lexicon)]
    assert words == sorted(set(words))


def test_a_known_short_form_stands_for_one_full_name_that_is_no_short_form():
    """Full names are ends: looking one up again leads nowhere else."""
    known = load_known_names()
    for full in known.full.values():
        assert known.of(full) in ("", full)


def test_weights_speak_of_clues_that_exist():
    """The clues of a plain pair of names all have a weight, and joining it is likelier than not."""
    names = surfaces(
        [
            Mention(span=Span(0, 10), type="Organization", text="浙江华云科技有限公司"),
            Mention(span=Span(12, 16), type="Organization", text="华云科技"),
        ]
    )
    (pair,) = pairs(names)
    assert set(pair.clues) <= set(load_weights().values)
    assert load_weights().probability(pair.clues) > 0.9
