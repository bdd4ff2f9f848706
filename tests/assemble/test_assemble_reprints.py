"""Reprints: who copied whom, what is no reprint, and what copies do to confidence."""

from pathlib import Path

import pytest

from kg.assemble.reprints import reprints
from kg.model import Article, Reprint, Span

STORY = (
    "云岭大学与青禾科技有限公司五月九日在南溪市签署战略合作协议。双方将共建新材料联合实验室，面向新能源汽车开展关键技术研究。"
    "云岭大学校长林望舒表示，学校将派出三十名教师参加。青禾科技董事长沈砚秋说，公司将在三年内投入两亿元，并为学生提供实习岗位。"
    "签约仪式由南溪市科技局主持，来自十二家企业的代表到场见证。下一步，双方还将在人才培养、成果转化、平台建设等方面继续合作。"
)
OTHER = (
    "蓝湖股份有限公司昨日发布半年报，上半年营业收入十二亿元，同比增长百分之八。公司总经理顾清源在业绩说明会上表示，海外市场"
    "贡献了近一半的增长。海棠师范学院经济系教授许知远认为，这家企业的研发投入在同行中居于前列，但库存压力仍需关注。"
    "公司还宣布将在云岭县建设第二座工厂，预计明年年底投产，届时年产能将达到现在的两倍，并带动当地六百人就业。"
)


def of(texts, dates=None):
    """Return the reprints among one article per text."""
    articles = [
        Article(
            source=name,
            index=0,
            spans=(Span(0, len(text)),),
            passages=(),
            published=(dates or {}).get(name, ""),
        )
        for name, text in texts.items()
    ]
    return reprints(articles[::-1], texts)


def copy(name, original):
    return Reprint(source=name, article=0, original_source=original, original_article=0)


def test_a_copy_with_another_frame_points_at_the_earliest():
    framed = f"转自云岭晚报  {STORY.replace('，', ',')}（责任编辑：某某）"
    texts = {"a": framed, "b": STORY, "c": OTHER, "d": STORY.replace("三十名", "三十多名")}
    dates = {"a": "2024-05-11", "b": "2024-05-10", "d": "2024-05-12"}
    assert of(texts, dates) == (copy("a", "b"), copy("d", "b"))


def test_undated_copies_come_last_and_ties_go_by_source():
    assert of({"a": STORY, "b": STORY, "c": STORY}, {"b": "2024-05-10"}) == (copy("a", "b"), copy("c", "b"))
    assert of({"乙": STORY, "丙": STORY}) == (copy("乙", "丙"),)


@pytest.mark.parametrize(
    "other",
    [
        OTHER,
        STORY[: len(STORY) // 3] + OTHER,  # begins alike
        STORY.split("。")[0] + "。",  # only its first sentence
    ],
)
def test_another_story_is_no_reprint(other):
    assert of({"a": STORY, "b": other}) == ()


def test_short_notices_are_left_alone():
    assert of({"a": "南溪市今日多云转晴。", "b": "南溪市今日多云转晴。"}) == ()


def test_one_article_of_a_page_may_be_the_reprint():
    page = f"{OTHER}\n\n{STORY}"
    whole = Article(source="x", index=0, spans=(Span(0, len(STORY)),), passages=(), published="2024-01-01")
    parts = [
        Article(source="y", index=0, spans=(Span(0, len(OTHER)),), passages=()),
        Article(source="y", index=1, spans=(Span(len(OTHER) + 2, len(page)),), passages=()),
    ]
    found = reprints([*parts, whole], {"x": STORY, "y": page})
    assert found == (Reprint(source="y", article=1, original_source="x", original_article=0),)


def test_no_article_of_the_five_pages_is_taken_for_another():
    pages = {p.name: p.read_text(encoding="utf-8") for p in sorted(Path("seeds").glob("*.txt"))}
    assert len(pages) == 5
    assert of(pages) == ()
