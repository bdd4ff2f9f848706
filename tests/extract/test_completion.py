"""Mentions that other mentions imply."""

from kg.extract.completion import completed
from kg.model import Mention, Reading, Span


def reading(text: str) -> Reading:
    return Reading(
        text=text,
        offsets=tuple(range(len(text))),
        gaps=frozenset(),
        sentences=(Span(0, len(text)),),
        roles=("body",),
        paragraphs=(0,),
    )


def mention(text: str, name: str, kind: str, confidence: float = 0.95) -> Mention:
    at = text.index(name)
    return Mention(span=Span(at, at + len(name)), type=kind, text=name, confidence=confidence, rule="tagger")


def added(text: str, *mentions: Mention) -> list[tuple[int, str, str, str]]:
    return [
        (m.span.start, m.text, m.type, m.rule)
        for m in completed(reading(text), mentions)
        if m.rule != "tagger"
    ]


def test_a_sure_name_is_found_again_elsewhere():
    """One clear context decides for the other places of the same string."""
    text = "青禾科技宣布扩产。此后青禾科技又建新厂。"
    assert added(text, mention(text, "青禾科技", "Organization")) == [
        (11, "青禾科技", "Organization", "again")
    ]


def test_a_doubtful_name_is_not_spread():
    """A name below the sureness of 0.8 stays where it was found."""
    text = "青禾科技宣布扩产。此后青禾科技又建新厂。"
    assert added(text, mention(text, "青禾科技", "Organization", 0.6)) == []


def test_a_piece_of_a_longer_name_is_no_repetition():
    """青禾 within the found 青禾大学 is not the company again."""
    text = "青禾股份与白石青禾股份中心签约"
    assert added(text, mention(text, "青禾股份", "Organization"), mention(text, "白石", "Place")) == []


def test_the_member_between_two_members_of_a_list():
    """What stands between two organizations of a list is one too; what stands outside is not guessed."""
    text = "获云岭资本、白石资本、星海资本、远山资本等投资"
    found = added(text, mention(text, "云岭资本", "Organization"), mention(text, "星海资本", "Organization"))
    assert found == [(6, "白石资本", "Organization", "list")]


def test_a_list_of_unlike_items_is_left_alone():
    """An item far longer than its neighbours is no name of their kind."""
    text = "覆盖云城、正在加紧建设的多条重要交通干线、白石"
    assert added(text, mention(text, "云城", "Place"), mention(text, "白石", "Place")) == []


def test_cues_around_a_quotation_give_its_kind():
    """The noun behind wins over the verb before."""
    assert added("他荣获“云岭工匠”称号") == [(4, "云岭工匠", "Honor", "quoted")]
    assert added("该镇实施“清水绿岸”工程") == [(5, "清水绿岸", "Programme", "quoted")]
    assert added("他强调“干就干好”的作风") == []
