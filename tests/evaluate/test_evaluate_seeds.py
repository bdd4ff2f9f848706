"""The floors of the seed pages: what extraction must reach on them, measured with their annotation."""

import pytest

from kg.evaluate.run import evaluate
from kg.settings import Settings

FLOORS = {"entity": 0.65, "relation": 0.45}
PRECISION_FLOOR = 0.65
OVERLAP_FLOOR = 0.97


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


def test_facts_are_precise(seeds_score):
    assert seeds_score.measures["relation"].precision >= PRECISION_FLOOR


def test_pages_are_split_into_their_articles(seeds_score):
    assert seeds_score.shares["article_overlap"] >= OVERLAP_FLOOR


def test_all_evidence_stands_in_the_text(seeds_score):
    assert seeds_score.shares["evidence_exact"] == 1.0
