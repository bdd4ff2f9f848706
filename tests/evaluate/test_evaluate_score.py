"""The scorer: figures of an invented page, each computed by hand or with the reference scorer of the annotation."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import ResourceError
from kg.evaluate import Tally, as_json, as_text, document_of, found_article, load_gold, read_system, score
from kg.evaluate.figures import f1_interval
from kg.evaluate.names import fold, parts

SYMMETRIC = frozenset({"signsAgreementWith", "cooperatesWith"})

TEXT = (
    "云岭大学与青禾科技签约\n"
    "5月8日，云岭大学校长\n林望舒在海棠市\n"
    "出席2024青禾论坛。论坛由青禾科技主办。\n"
    "青禾科技向海棠银行贷款3亿元。\n"
)

GOLD = {
    "doc": "p1",
    "published": "2024-05-09",
    "articles": [
        {
            "lines": [[1, 3]],
            "entities": [
                {"id": "e1", "type": "Organization", "name": "云岭大学", "aliases": ["云大"]},
                {"id": "e2", "type": "Organization", "name": "青禾科技", "aliases": ["青禾科技公司"]},
                {"id": "e3", "type": "Person", "name": "林望舒"},
                {"id": "e4", "type": "Event", "name": "2024青禾论坛", "aliases": [], "date": "2024-05-08"},
                {"id": "e5", "type": "Place", "also": ["Organization"], "name": "海棠市", "optional": True},
            ],
            "relations": [
                {
                    "head": "e1",
                    "relation": "signsAgreementWith",
                    "tail": "e2",
                    "qualifiers": {"subject": "产学研合作"},
                },
                {
                    "head": "e3",
                    "relation": "holdsPosition",
                    "tail": "e1",
                    "qualifiers": {"role": "校长、教授"},
                },
                {"head": "e3", "relation": "participatesIn", "tail": "e4"},
                {"head": "e4", "relation": "heldAt", "tail": "e5", "optional": True},
            ],
        },
        {
            "lines": [[5, 5]],
            "entities": [
                {"id": "e1", "type": "Organization", "name": "青禾科技"},
                {"id": "e2", "type": "Organization", "name": "海棠银行"},
            ],
            "relations": [
                {
                    "head": "e2",
                    "relation": "lendsTo",
                    "tail": "e1",
                    "qualifiers": {"amount": "3亿元"},
                    "modality": "planned",
                },
            ],
        },
    ],
}

SYSTEM = [
    {
        "source": "pages/p1.txt",
        "spans": [[0, 35]],
        "entities": [
            {"id": "a", "type": "Organization", "name": "云大"},
            {"id": "b", "type": "Organization", "name": "“青禾科技”"},
            {"id": "c", "type": "Person", "name": "林望舒"},
            {"id": "d", "type": "Document", "name": "2024青禾论坛", "date": "2024-05"},
            {"id": "e", "type": "Organization", "name": "青禾科技公司"},
            {"id": "f", "type": "Place", "name": "海棠市"},
            {"id": "g", "type": "Product", "name": "青禾"},
        ],
        "statements": [
            {
                "subject": "b",
                "predicate": "signsAgreementWith",
                "object": "a",
                "qualifiers": {"subject": "产学研协作"},
                "evidence": [{"start": 0, "end": 11, "text": "云岭大学与青禾科技签约"}],
            },
            {
                "subject": "c",
                "predicate": "holdsPosition",
                "object": "a",
                "qualifiers": {"role": "教授"},
                "evidence": {"start": 12, "end": 20, "text": "不对"},
            },
            {"subject": "d", "predicate": "heldAt", "object": "f", "evidence": []},
            {"subject": "c", "predicate": "hosts", "object": "d"},
            {"subject": "g", "predicate": "partOf", "object": "b"},
        ],
    },
    {
        "source": "p1.txt",
        "spans": [],
        "entities": [
            {"id": "a", "type": "Organization", "name": "青禾科技"},
            {"id": "b", "type": "Organization", "name": "海棠银行"},
        ],
        "statements": [
            {
                "subject": "b",
                "predicate": "lendsTo",
                "object": "a",
                "qualifiers": {"amount": "3亿"},
                "modality": "planned",
            }
        ],
    },
]

EXPECTED = {
    "entity": {
        "precision": 0.5714,
        "recall": 0.8,
        "f1": 0.6667,
        "gold": 5,
        "system": 7,
        "f1_interval": [0.6667, 0.6667],
    },
    "entity_untyped": {"precision": 0.7143, "recall": 1.0, "f1": 0.8333, "gold": 5, "system": 7},
    "relation": {
        "precision": 0.6,
        "recall": 0.75,
        "f1": 0.6667,
        "gold": 4,
        "system": 5,
        "f1_interval": [0.6667, 0.6667],
    },
    "pair": {"precision": 0.8, "recall": 1.0, "f1": 0.8889, "gold": 4, "system": 5},
}
EXPECTED_BY_RELATION = {
    "holdsPosition": {"precision": 1.0, "recall": 1.0, "f1": 1.0, "gold": 1, "system": 1},
    "hosts": {"precision": 0.0, "recall": 0.0, "f1": 0.0, "gold": 0, "system": 1},
    "lendsTo": {"precision": 1.0, "recall": 1.0, "f1": 1.0, "gold": 1, "system": 1},
    "partOf": {"precision": 0.0, "recall": 0.0, "f1": 0.0, "gold": 0, "system": 1},
    "participatesIn": {"precision": 0.0, "recall": 0.0, "f1": 0.0, "gold": 1, "system": 0},
    "signsAgreementWith": {"precision": 1.0, "recall": 1.0, "f1": 1.0, "gold": 1, "system": 1},
}
EXPECTED_SHARES = {
    "article_overlap": 0.6267,
    "evidence_exact": 0.1667,
    "qualifiers_right": 0.6667,
    "modality_right": 1.0,
    "attributes_right": 0.0,
}


def scored(tmp_path, gold=GOLD, system=SYSTEM, text=TEXT):
    path = tmp_path / "p1.json"
    path.write_text(json.dumps(gold, ensure_ascii=False), encoding="utf-8")
    return score(
        [load_gold(path, symmetric=SYMMETRIC)],
        [found_article(article) for article in system],
        texts={"p1": text},
        symmetric=SYMMETRIC,
    )


def test_figures_of_an_invented_page(tmp_path):
    """Every figure, as the reference scorer gives it for the same input."""
    result = json.loads(as_json(scored(tmp_path)))
    assert {name: result[name] for name in ("entity", "entity_untyped", "relation", "pair")} == EXPECTED
    assert result["by_relation"] == EXPECTED_BY_RELATION
    assert {name: result[name] for name in EXPECTED_SHARES} == EXPECTED_SHARES


def test_details_name_every_error(tmp_path):
    assert set(map(tuple, scored(tmp_path).details)) == {
        ("p1", "wrong type", "Document for Event\t2024青禾论坛"),
        ("p1", "duplicate entity", "青禾科技\t青禾科技公司"),
        ("p1", "extra entity", "Product\t青禾"),
        ("p1", "extra fact", "林望舒\thosts\t2024青禾论坛"),
        ("p1", "extra fact", "?青禾\tpartOf\t青禾科技"),
        ("p1", "missed fact", "林望舒\tparticipatesIn\t2024青禾论坛"),
    }


def test_text_shows_the_figures(tmp_path):
    lines = as_text(scored(tmp_path)).splitlines()
    assert lines[0] == "entity          P 0.571  R 0.800  F1 0.667  [0.667, 0.667]  (gold 5, system 7)"
    assert "  lendsTo              P 1.00  R 1.00  F1 1.00  (gold 1, system 1)" in lines
    assert lines[-1] == "attributes_right     0.000"


def test_the_annotation_scores_full_marks_against_itself(tmp_path):
    """What the annotators wrote, handed in as a system, is right in every figure."""
    articles = [
        {
            "source": "p1.txt",
            "spans": [[start, end]],
            "entities": article["entities"],
            "statements": [
                {
                    "subject": r["head"],
                    "predicate": r["relation"],
                    "object": r["tail"],
                    "qualifiers": r.get("qualifiers", {}),
                    "modality": r.get("modality", "stated"),
                    "evidence": [{"start": 0, "end": 4, "text": TEXT[:4]}],
                }
                for r in article["relations"]
            ],
        }
        for article, (start, end) in zip(GOLD["articles"], [(0, 31), (49, len(TEXT))], strict=True)
    ]
    result = scored(tmp_path, system=articles)
    assert {name: tally.f1 for name, tally in result.measures.items()} == dict.fromkeys(result.measures, 1.0)
    assert result.shares["qualifiers_right"] == result.shares["modality_right"] == 1.0
    assert result.shares["attributes_right"] == result.shares["evidence_exact"] == 1.0
    assert result.details == ()


def test_no_system_output_misses_everything(tmp_path):
    result = scored(tmp_path, system=[])
    assert result.measures["relation"] == Tally(0, 0, 4)
    assert result.measures["entity"] == Tally(0, 0, 5)
    assert result.shares["article_overlap"] == 0.0


@given(st.text("云岭A1b ”《·—ａ①　（", max_size=30))
def test_folding_twice_is_folding_once(name):
    assert fold(fold(name)) == fold(name)


def test_enumerations_compare_by_member():
    assert parts("院长、书记") & parts("副院长，书记") == {"书记"}


@given(
    st.lists(
        st.builds(Tally, st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=6
    )
)
def test_interval_is_ordered_and_repeatable(tallies):
    low, high = f1_interval(tallies, rounds=50)
    assert 0 <= low <= high <= 1
    assert (low, high) == f1_interval(tallies, rounds=50)


@pytest.mark.parametrize(
    ("source", "document"), [("a/b/p1.txt", "p1"), ("p1", "p1"), ("v1.2", "v1.2"), ("p9.html", "p9")]
)
def test_document_of_a_source(source, document):
    assert document_of(source, known={"p1", "v1.2"}) == document


def test_broken_annotation_is_named_with_the_reason(tmp_path):
    path = tmp_path / "bad.json"
    path.write_text(
        '{"doc": "x", "articles": [{"entities": [], "relations": [{"head": "e1"}]}]}', encoding="utf-8"
    )
    with pytest.raises(ResourceError, match=r"bad\.json: gold annotation was expected.*'e1'"):
        load_gold(path, symmetric=SYMMETRIC)


def test_broken_system_output_is_named_with_line_and_reason():
    lines = [json.dumps(SYSTEM[0]), "", json.dumps({**SYSTEM[1], "entities": []})]
    with pytest.raises(ResourceError, match=r"out\.jsonl:3: one article .* no entity b"):
        read_system(lines, name="out.jsonl")
