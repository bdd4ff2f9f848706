"""What splitting a page promises: articles whole and apart, nothing of the page's furniture in them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from newspaper import make_page

from kg.model import Article, Source
from kg.read import read_sources
from kg.split import read_through, split

ROOT = Path(__file__).parents[2]


def source_of(text: str, **more: object) -> Source:
    return Source(id="x", text=text, raw_sha256="", text_sha256="", **more)  # type: ignore[arg-type]


def covered(article: Article, text: str) -> set[int]:
    return {i for span in article.spans for i in range(*span) if not text[i].isspace()}


def overlap(wanted: list[set[int]], articles: tuple[Article, ...], text: str) -> tuple[float, int]:
    """Return the Dice overlaps with the best article, weighted by size, and the weight."""
    got = [covered(article, text) for article in articles]
    shares = [(len(w), max((2 * len(w & g) / (len(w) + len(g)) for g in got), default=0.0)) for w in wanted]
    return sum(n * s for n, s in shares), sum(n for n, _ in shares)


def test_the_seed_pages_are_split_as_their_annotation_says() -> None:
    total = weight = 0.0
    for source in read_sources([str(ROOT / "seeds")]):
        assert isinstance(source, Source)
        gold = json.loads(
            (ROOT / "tests/gold" / (Path(source.id).stem + ".json")).read_text(encoding="utf-8")
        )
        starts = [0]
        for line in source.text.splitlines(keepends=True):
            starts.append(starts[-1] + len(line))
        wanted = []
        for article in gold["articles"]:
            found = {
                i for a, b in article["lines"] for i in range(starts[a - 1], starts[min(b, len(starts) - 1)])
            }
            wanted.append({i for i in found if not source.text[i].isspace()})
        articles = split(source)
        assert len(articles) == len(wanted)
        own, size = overlap(wanted, articles, source.text)
        total, weight = total + own, weight + size
    assert total / weight >= 0.97


def test_unseen_pages_are_split_well() -> None:
    total = weight = 0.0
    for seed in range(40):
        page = make_page(seed)
        count = 1 + max(owner for owner in page.owners if owner is not None)
        own, size = overlap(
            [page.solid(owner) for owner in range(count)], split(source_of(page.text)), page.text
        )
        total, weight = total + own, weight + size
    assert total / weight >= 0.95


@pytest.mark.parametrize("seed", range(0, 40, 8))
def test_articles_of_a_page_do_not_overlap_and_their_passages_lie_within(seed: int) -> None:
    page = make_page(seed)
    seen: set[int] = set()
    for article in split(source_of(page.text)):
        own = covered(article, page.text)
        assert not own & seen
        seen |= own
        assert list(article.spans) == sorted(article.spans)
        inside = {
            i for p in article.passages for s in p.spans for i in range(*s) if not page.text[i].isspace()
        }
        assert inside == own
        reading = read_through(source_of(page.text), article)
        assert [page.text[i] for i in reading.offsets] == list(reading.text)


PAGE = """\
2031年5月6日 星期二
官方微信:xx或青禾时报

邮发代号:99-99 报料热线:0000-1234567

青禾市茶园用上采茶机器人
□本报记者 林小禾

清晨的青禾市茶园里，一台采茶机器人沿着
茶垄缓缓前行，机械手精准地摘下嫩芽，旁边的

茶农只需要看着屏幕就行。这样的机器人今年
投用了二十台，茶园的用工少了一半。

茶叶合作社的负责人说，明年还要再添三十
台机器人，茶园管理也会更省力。（下转A2版）

（紧接A1版）港务局的数据显示，码头今年新
开了六条航线，集装箱吞吐量再创新高，港务局
计划明年继续扩建码头，让更大的货轮靠泊。

本报讯 昨天，云岭县养老驿站正式开门迎
客，三百多名老人在养老驿站的社区食堂吃上
了第一顿热饭，护理员还为老人量了血压。

通讯员 周海 本报记者 陈远山

云岭县养老驿站开门迎客
老人吃上热乎饭
"""


def test_parts_of_a_page_are_recognised() -> None:
    first, second, third = split(source_of(PAGE))
    assert (
        first.title,
        first.byline,
        first.published,
        first.publisher,
        first.continues,
        first.continued,
    ) == (
        "青禾市茶园用上采茶机器人",
        ("林小禾",),
        "2031-05-06",
        "青禾时报",
        True,
        False,
    )
    assert (second.title, second.continues, second.continued) == ("", False, True)
    assert (third.title, third.byline) == ("云岭县养老驿站开门迎客", ("周海", "陈远山"))
    assert [p.role for p in third.passages] == ["headline", "deck", "body", "byline"]
    text = read_through(source_of(PAGE), first).text
    assert "旁边的茶农只需要看着屏幕就行" in text
    assert "邮发代号" not in text


def test_layout_decides_when_it_is_given() -> None:
    assert len(split(source_of(PAGE), layout="article")) == 1
    assert len(split(source_of(PAGE, single=True))) == 1
    assert len(split(source_of(PAGE, single=True), layout="page")) == 3
    assert split(source_of(" \n\n")) == ()
