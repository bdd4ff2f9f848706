"""The floors of the seed pages: what extraction must reach on them, measured with their annotation."""

import pytest

from kg.evaluate.run import evaluate
from kg.settings import Settings

FLOORS = {"entity": 0.80, "relation": 0.49}
PRECISION_FLOOR = 0.82
OVERLAP_FLOOR = 0.97
RELATION_FLOORS = {
    "heldAt": 0.7,
    "holdsPosition": 0.8,
    "hosts": 0.5,
    "participatesIn": 0.4,
    "signsAgreementWith": 0.4,
    "undertakes": 0.8,
}
"""F1 of the relations that the pages state often enough to be measured."""
SHARE_FLOORS = {"qualifiers_right": 0.9, "modality_right": 0.95, "attributes_right": 0.8}


@pytest.fixture(scope="module")
def seeds_score(request):
    root = request.config.rootpath
    gold = sorted((root / "tests" / "gold").glob("*.json"))
    assert len(gold) == 5
    score, failures, usable = evaluate(gold, str(root / "seeds"), Settings(workers=1))
    assert (failures, usable) == ([], 5)
    return score


@pytest.mark.parametrize("measure", FLOORS)
def test_f1_is_above_its_floor(seeds_score, measure):
    assert seeds_score.measures[measure].f1 >= FLOORS[measure]


@pytest.mark.parametrize("relation", RELATION_FLOORS)
def test_f1_of_a_relation_is_above_its_floor(seeds_score, relation):
    assert seeds_score.by_relation[relation].f1 >= RELATION_FLOORS[relation]


@pytest.mark.parametrize("share", SHARE_FLOORS)
def test_what_is_said_of_right_facts_is_right(seeds_score, share):
    assert seeds_score.shares[share] >= SHARE_FLOORS[share]


def test_facts_are_precise(seeds_score):
    assert seeds_score.measures["relation"].precision >= PRECISION_FLOOR


def test_pages_are_split_into_their_articles(seeds_score):
    assert seeds_score.shares["article_overlap"] >= OVERLAP_FLOOR


def test_all_evidence_stands_in_the_text(seeds_score):
    assert seeds_score.shares["evidence_exact"] == 1.0
