"""What the frame engine promises beyond the examples of the frames: spans, carrying, distribution, modality, order."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import ResourceError
from kg.extract.frames import FrameMatch, find_matches, load_frames
from kg.extract.frames.encode import encode
from kg.extract.frames.example import example_document
from kg.vocabulary import load_vocabulary

RELATIONS = frozenset(load_vocabulary().relations)
FRAMES = load_frames(RELATIONS)


def read(text: str, relation: str | None = None) -> list[FrameMatch]:
    return [m for m in find_matches(example_document(text), FRAMES) if relation in (None, m.relation)]


def facts(text: str, relation: str) -> set[tuple[str, str]]:
    return {(m.subject, m.object) for m in read(text, relation)}


def test_spans_lead_to_the_names_and_the_clause_states_the_fact() -> None:
    """Subject and object spans cover the mentions; the clause is the shortest run between stops that holds both."""
    text = "8月1日，云山市下雨，[甲公司|Organization]与[乙大学|Organization]签署战略合作协议，大家鼓掌。"
    document = example_document(text)
    match = next(m for m in find_matches(document, FRAMES) if m.frame == "signing.with")
    plain = document.reading.text
    assert match.subject_span.of(plain) == "甲公司"
    assert match.object_span.of(plain) == "乙大学"
    assert match.clause.of(plain) == "甲公司与乙大学签署战略合作协议"
    assert match.qualifiers["agreement"].endswith("战略合作协议")


def test_parties_across_a_joint_do_not_pair_among_themselves() -> None:
    """“A、B与C签约” gives A–C and B–C, not A–B."""
    found = facts(
        "[甲公司|Organization]、[乙公司|Organization]与[丙银行|Organization]签约。", "signsAgreementWith"
    )
    assert {frozenset(p) for p in found} == {frozenset({"甲公司", "丙银行"}), frozenset({"乙公司", "丙银行"})}


def test_many_sided_signing_pairs_all() -> None:
    text = "[甲公司|Organization]、[乙公司|Organization]、[丙银行|Organization]三方签署协议。"
    found = {frozenset(p) for p in facts(text, "signsAgreementWith")}
    assert found == {
        frozenset({"甲公司", "乙公司"}),
        frozenset({"甲公司", "丙银行"}),
        frozenset({"乙公司", "丙银行"}),
    }
    assert len({m.group for m in read(text) if m.frame == "signing.all"}) == 1


@pytest.mark.parametrize("word", ["未", "没有", "终止", "否认", "取消"])
def test_negated_facts_are_left_out(word: str) -> None:
    assert facts(f"[甲公司|Organization]{word}收购[乙公司|Organization]。", "acquires") == set()


def test_future_is_not_a_negation() -> None:
    assert facts("面向未来，[甲公司|Organization]收购[乙公司|Organization]。", "acquires") == {
        ("甲公司", "乙公司")
    }


@pytest.mark.parametrize(("word", "modality"), [("拟", "planned"), ("将", "planned"), ("", "stated")])
def test_plans_are_marked(word: str, modality: str) -> None:
    matches = read(f"[甲公司|Organization]{word}收购[乙公司|Organization]。", "acquires")
    assert {m.modality for m in matches} == {modality}


def test_a_subject_is_carried_from_the_clause_before_within_the_paragraph() -> None:
    text = "[甲公司|Organization]成立于2011年，位于[云山市|Place]。"
    assert facts(text, "locatedIn") == {("甲公司", "云山市")}


def test_objects_of_prepositions_are_no_subjects() -> None:
    text = "[甲公司|Organization]在[云山市|Place]举办[智造论坛|Event]。"
    assert facts(text, "hosts") == {("甲公司", "智造论坛")}


def test_officers_in_a_list_do_not_make_their_bodies_attend() -> None:
    text = (
        "[甲公司|Organization]董事长[王一|Person]、[乙局|Organization]局长[李二|Person]出席[智造论坛|Event]。"
    )
    assert facts(text, "participatesIn") == {("王一", "智造论坛"), ("李二", "智造论坛")}
    assert facts(text, "holdsPosition") == {("王一", "甲公司"), ("李二", "乙局")}


def test_quotes_and_defined_short_names_belong_to_the_mention() -> None:
    text = "[甲科技有限公司|Organization]（以下简称“[甲科技|甲科技有限公司|Organization]”）印发《[行动方案|Document]》。"
    assert facts(text, "publishes") == {("甲科技有限公司", "行动方案")}


def test_names_within_names_state_facts_with_the_span_of_their_part() -> None:
    text = "[甲公司|Organization]回应。[甲公司灵眸手机|Product]今日开售，销量可观。"
    document = example_document(text)
    (match,) = (m for m in find_matches(document, FRAMES) if m.frame == "name.develops")
    plain = document.reading.text
    assert (match.subject, match.object) == ("甲公司", "甲公司灵眸手机")
    assert match.subject_span == (6, 9)
    assert match.subject_span.of(plain) == "甲公司"
    assert match.object_span.of(plain) == "甲公司灵眸手机"
    assert match.clause.of(plain) == "甲公司灵眸手机今日开售"


def test_a_name_does_not_hold_itself() -> None:
    text = "[甲公司（云山）|Organization]（以下简称[甲公司|甲公司（云山）|Organization]）迁址。"
    assert facts(text, "partOf") == set()


@pytest.mark.parametrize("line", ["8月1日电", "12日讯", "8月1日消息"])
def test_the_place_of_a_dateline_does_nothing(line: str) -> None:
    text = f"甲报[云山市|Place]{line}，今天举办[智造论坛|Event]。"
    assert facts(text, "hosts") == set()


def test_partners_joined_by_a_verb_of_joining_act_together() -> None:
    text = "[甲公司|Organization]联合[乙大学|Organization]、[丙局|Organization]举办[智造论坛|Event]。"
    assert facts(text, "hosts") == {
        ("甲公司", "智造论坛"),
        ("乙大学", "智造论坛"),
        ("丙局", "智造论坛"),
    }


def test_matches_come_in_the_order_of_the_text() -> None:
    text = (
        "[甲公司|Organization]举办[智造论坛|Event]。[甲公司灵眸手机|Product]开售。"
        "[甲公司|Organization]收购[乙公司|Organization]。"
    )
    starts = [m.clause.start for m in read(text)]
    assert len(set(starts)) == 3
    assert starts == sorted(starts)


def test_endless_chains_of_bodies_and_titles_come_to_an_end() -> None:
    """Titles can be split in many ways; a chain of them without a person is given up, not tried in all ways."""
    assert facts(("[甲公司|Organization]" + "副书记副主任兼副会长" * 6) * 40, "holdsPosition") == set()


def test_windows_lead_back_to_the_text() -> None:
    document = example_document("“[甲公司|Organization]”（000001.SZ）与[王一|Person]见面。")
    (window,) = encode(document, FRAMES.types)
    for position, item in window.items.items():
        assert window.span(position, position + 1) == item.span
    assert len(window.text) == len(window.starts) == len(window.ends)
    assert "000001" not in window.text


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="甲乙与和、，。（）“”《》签约持有在的董事长3\ue003", max_size=40), st.integers(0, 4))
def test_any_text_is_read_without_error_and_spans_stay_inside(noise: str, at: int) -> None:
    names = ("[甲公司|Organization]", "[王一|Person]", "[云山市|Place]", "[智造论坛|Event]")
    pieces = [noise[k::4] for k in range(4)]
    text = "".join(n + p for n, p in zip((*names[at:], *names[:at]), pieces, strict=True))
    document = example_document(text)
    matches = find_matches(document, FRAMES)
    assert matches == find_matches(document, FRAMES)
    for match in matches:
        assert match.subject != match.object
        assert match.subject_span.of(document.reading.text) in {"甲公司", "王一", "云山市", "智造论坛"}
        assert 0 <= match.clause.start < match.clause.end <= len(document.reading.text)


GOOD = """\
- id: own.supplies
  relation: supplies
  confidence: 0.9
  triggers: [供货, 供应]
  patterns:
    - '{subject:Organization+}<gap:6>向{object:Organization+}<gap:6>(?:供货|供应)'
  match:
    - '[甲公司|Organization]长期向[乙公司|Organization]供货。 => 甲公司 supplies 乙公司'
  no_match:
    - '[甲公司|Organization]向[乙公司|Organization]道谢。'
"""


def write(folder: Path, text: str) -> Path:
    (folder / "frames").mkdir()
    (folder / "frames" / "own.yaml").write_text(text, encoding="utf-8")
    return folder


def test_users_add_relations_with_a_frame_file_alone(tmp_path: Path) -> None:
    frames = load_frames(RELATIONS | {"supplies"}, extra=write(tmp_path, GOOD))
    matches = find_matches(example_document("[甲公司|Organization]向[乙公司|Organization]供应芯片。"), frames)
    assert [(m.subject, m.relation, m.object) for m in matches if m.frame == "own.supplies"] == [
        ("甲公司", "supplies", "乙公司")
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("relation: supplies", "relation: suplies", 2, "unknown relation 'suplies'"),
        ("{subject:Organization+}", "{subject:Organisation+}", 6, "unknown type 'Organisation'"),
        ("(?:供货|供应)", "(?:供货|供应", 6, "a valid pattern was expected"),
        ("<gap:6>向", "<gop:6>向", 6, "unknown sub-pattern <gop>"),
        ("{object:Organization+}", "{thing:Organization+}", 6, "a slot object was expected"),
        ("confidence: 0.9", "confidence: 9", 3, "a confidence above 0"),
        ("id: own.supplies", "id: signing.with", 1, "is taken by"),
        (
            "triggers:",
            "within: {slot: head, types: [Product]}\n  triggers:",
            4,
            "slot must be one of subject, object",
        ),
        ("triggers:", "within: {slot: object}\n  triggers:", 4, "the key 'types' was expected"),
        ("triggers:", "trigger:", 4, "unknown key 'trigger'"),
        ("甲公司 supplies 乙公司", "甲公司 supplies 丙公司", 8, "'subject relation object' of marked names"),
        (
            "  no_match:\n    - '[甲公司|Organization]向[乙公司|Organization]道谢。'\n",
            "",
            1,
            "'no_match' was expected",
        ),
        ("- id: own.supplies\n", "- id: [own\n", 2, "valid YAML was expected"),
    ],
)
def test_faults_are_named_with_file_and_line(
    tmp_path: Path, old: str, new: str, line: int, words: str
) -> None:
    folder = write(tmp_path, GOOD.replace(old, new))
    with pytest.raises(ResourceError) as caught:
        load_frames(RELATIONS | {"supplies"}, extra=folder)
    assert words in str(caught.value)
    assert caught.value.file.endswith("own.yaml")
    assert caught.value.line == line
