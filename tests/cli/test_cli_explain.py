"""``kg explain``: which rules fire at one place of a text, what was dropped and why."""

import json
from pathlib import Path

import pytest

TEXT = """云岭大学与青禾科技签署合作协议

5月8日，云岭大学与青禾科技有限公司在海棠市签署战略合作协议。双方将共建联合实验室。云岭大学校长林望舒出席签约仪式。
青禾科技否认收购蓝湖股份有限公司。
"""


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "article.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def explained(kg, *words):
    done = kg("explain", *words, "--json")
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def candidate(sentence, predicate):
    """Return the first candidate of a relation."""
    return next(c for c in sentence["candidates"] if c["predicate"] == predicate)


def test_a_statement_names_its_frame_the_ranker_and_the_joint_confidence(kg, text):
    at = TEXT.index("在海棠市")
    (sentence,) = explained(kg, text, "--at", at)["sentences"]
    assert sentence["text"].startswith("5月8日，云岭大学与青禾科技")
    assert sentence["spans"] == [[TEXT.index("5月8日"), TEXT.index("双方")]]
    assert "".join(word["text"] for word in sentence["words"]) == sentence["text"]
    for mention in sentence["mentions"]:
        start, end = mention["span"]
        assert TEXT[start:end] == mention["text"]
    places = [m["entity"]["name"] for m in sentence["mentions"] if m["type"] == "Place"]
    assert places == ["海棠市"]
    signing = candidate(sentence, "signsAgreementWith")
    assert signing["outcome"] == "statement"
    assert {signing["subject"]["name"], signing["object"]["name"]} == {"云岭大学", "青禾科技有限公司"}
    (frame,) = [f for f in signing["frames"] if f["frame"] == "signing.with" and f["clause"][0] > 20]
    assert (frame["file"], frame["stopped"]) == ("contracts.yaml", "")
    assert 0 < frame["prior"] <= 1
    start, end = frame["clause"]
    assert TEXT[start:end] == frame["clause_text"]
    assert 0 < signing["probability"] <= 1
    assert 0.5 <= signing["confidence"] <= 1


def test_what_a_negation_stops_is_shown_with_the_reason(kg, text):
    (sentence,) = explained(kg, text, "--at", TEXT.index("否认"))["sentences"]
    denied = candidate(sentence, "acquires")
    assert denied["outcome"] == "dropped"
    assert denied["reason"]
    assert [f["stopped"] for f in denied["frames"] if f["frame"] == "acquire.verb"] == [
        "a negation or denial stands there (`veto` of the shared patterns)"
    ]


def test_references_are_resolved(kg, text):
    (sentence,) = explained(kg, text, "--at", TEXT.index("双方"))["sentences"]
    (both,) = sentence["references"]
    assert both["text"] == "双方"
    assert [e["name"] for e in both["entities"]] == ["云岭大学", "青禾科技有限公司"]


def test_the_asked_confidence_is_a_reason(kg, text):
    at = TEXT.index("在海棠市")
    (sentence,) = explained(kg, text, "--at", at, "--min-confidence", "1")["sentences"]
    signing = candidate(sentence, "signsAgreementWith")
    assert signing["outcome"] == "doubtful"
    assert signing["reason"] == "confidence below --min-confidence 1"


def test_without_a_place_every_sentence_of_the_article_is_explained_in_words(kg, text):
    done = kg("explain", text, "--article", "0")
    assert done.returncode == 0
    lines = done.stdout.decode().splitlines()
    assert lines[0].endswith("article.txt, article 0: 云岭大学与青禾科技签署合作协议")
    assert sum(line.startswith("sentence ") for line in lines) == 5
    assert any(line.startswith("    + ") and "signsAgreementWith 签约" in line for line in lines)
    assert any(line.startswith("    - ") and "acquires 收购" in line for line in lines)
    assert any("frame acquire.verb (capital.yaml:" in line and "stopped: " in line for line in lines)


def test_white_space_counts_to_the_sentence_that_comes_next(kg, text):
    (sentence,) = explained(kg, text, "--at", TEXT.index("\n"))["sentences"]
    assert sentence["text"].startswith("5月8日")


def test_a_line_break_within_a_page_counts_to_the_line_that_follows(kg):
    page = min((Path(__file__).parents[2] / "seeds").glob("003_*.txt"))
    text = page.read_text(encoding="utf-8")
    at = text.index("\n", text.index("共同富裕理论与实践创新论坛在嘉举行") + 40)
    found = explained(kg, page, "--at", at)
    assert found["title"] == "共同富裕理论与实践创新论坛在嘉举行"
    (sentence,) = found["sentences"]
    assert any(start <= at + 1 < end for start, end in sentence["spans"])


def test_a_place_outside_all_articles_is_answered_with_where_they_are(kg):
    page = min((Path(__file__).parents[2] / "seeds").glob("003_*.txt"))
    done = kg("explain", page, "--at", "0")
    assert done.returncode == 2
    assert "3: 共同富裕理论与实践创新论坛在嘉举行 (5234–6679)" in done.stderr.decode()


@pytest.mark.parametrize("offset", [-1, len(TEXT), 10**9])
def test_an_offset_out_of_range_is_answered_with_the_range(kg, text, offset):
    done = kg("explain", text, "--at", offset)
    assert done.returncode == 2
    assert done.stdout == b""
    assert f"from 0 to {len(TEXT) - 1}" in done.stderr.decode()


def test_an_article_that_does_not_exist_is_answered_with_those_that_do(kg, text):
    done = kg("explain", text, "--article", "7")
    assert done.returncode == 2
    assert "0: 云岭大学与青禾科技签署合作协议" in done.stderr.decode()


def test_one_of_several_records_is_chosen_by_its_id(kg, tmp_path):
    records = [{"id": "n1", "text": "今天有雨。"}, {"id": "n2", "text": "云岭大学校长林望舒到会。"}]
    path = tmp_path / "news.jsonl"
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")
    done = kg("explain", path, "--at", "0")
    assert done.returncode == 2
    assert "n1, n2" in done.stderr.decode()
    (sentence,) = explained(kg, path, "--id", "n2", "--at", "3")["sentences"]
    assert candidate(sentence, "holdsPosition")["qualifiers"] == {"role": "校长"}
