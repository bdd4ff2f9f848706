"""Role words of one article and what they stand for. All bodies and persons are invented."""

from __future__ import annotations

import pytest
from marked import resolve


def references(marked, **more):
    """What every role word of an article stands for: (word, names)."""
    found = resolve(marked, **more)
    names = {e.id: e.name for e in found.entities}
    return [(r.text, [names[k] for k in r.entities]) for r in found.references]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[O 云山银行]向[O 东湖科技有限公司]放款。该行表示满意。", [("该行", ["云山银行"])]),
        ("[O 云山银行]向[O 东湖科技有限公司]放款。该公司表示满意。", [("该公司", ["东湖科技有限公司"])]),
        (
            "[O 云山大学]与[O 东湖科技有限公司]签约，双方将建实验室。",
            [("双方", ["云山大学", "东湖科技有限公司"])],
        ),
        (
            "[O 云山大学]、[O 东湖大学]、[O 南岭大学]签约。三方将共建课程。",
            [("三方", ["云山大学", "东湖大学", "南岭大学"])],
        ),
        ("[E 云山人工智能大会]在[L 绍兴]开幕。会上，专家发言。", [("会上", ["云山人工智能大会"])]),
        ("[L 绍兴市]出台办法。全市企业受益。", [("全市", ["绍兴市"])]),
        ("[L 杭州]与[L 绍兴]来人。我市很重视。", [("我市", ["绍兴"])]),
        ("[P 李明远]当选。他说很高兴。", [("他", ["李明远"])]),
        ("[O 东湖科技有限公司]上市。公司去年盈利。", [("公司", ["东湖科技有限公司"])]),
        ("[O 东湖科技有限公司]和[O 云山科技有限公司]来了。公司去年盈利。", []),
        ("[P 李明远]来了。其他人没来，第三方也没来。", []),
        ("该行表示满意，双方签约。", []),
    ],
)
def test_a_role_word_stands_for_what_was_named(marked, expected):
    """Every word of the lexicon finds its entity by its rule, and is left out where nothing fits."""
    assert references(marked, publisher="绍兴日报") == expected


def test_a_word_inside_a_name_refers_to_nothing():
    """A role word that is part of a mention is a part of the name."""
    assert references("[O 云山大学]开学。[E 全市青年论坛]开幕。") == []
