"""What a single article and its reading promise: nothing lost, nothing cut, every character leads back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.model import Article, Passage, Source, Span
from kg.split import read_through, split
from kg.split.credits import byline_names, is_byline

ODD = "的会议。！？；，、：“”‘’（）\"'Aa1 \t\n\r\u3000\u200b\ufeff\u2028本报讯记者□摄年月日2023"


def source_of(text: str, *, single: bool = True) -> Source:
    return Source(id="x", text=text, raw_sha256="", text_sha256="", single=single)


@given(
    st.text(alphabet=st.one_of(st.sampled_from(ODD), st.characters(codec="utf-8")), max_size=300),
    st.booleans(),
)
def test_a_single_article_covers_every_character_and_its_reading_leads_back(text: str, single: bool) -> None:
    source = source_of(text, single=single)
    solid = [c for c in text if not c.isspace() and c not in "\u200b\u200c\u200d\u2060\ufeff"]
    articles = split(source, layout="article")
    assert len(articles) == bool(solid)
    for article in articles:
        reading = read_through(source, article)
        assert list(reading.text) == solid
        assert [text[i] for i in reading.offsets] == solid
        assert list(reading.offsets) == sorted(set(reading.offsets))
        assert "".join(s.of(reading.text) for s in reading.sentences) == reading.text
        assert len(reading.sentences) == len(reading.roles) == len(reading.paragraphs)
        assert all(0 <= gap < len(reading.text) for gap in reading.gaps)


@given(st.text(alphabet=st.sampled_from(ODD), max_size=300))
def test_any_page_gives_articles_that_lead_back(text: str) -> None:
    source = source_of(text, single=False)
    for article in split(source, layout="page"):
        reading = read_through(source, article)
        assert [text[i] for i in reading.offsets] == list(reading.text)


def sentences(text: str) -> list[str]:
    source = source_of(text)
    (article,) = split(source)
    reading = read_through(source, article)
    return [s.of(reading.text) for s in reading.sentences]


def test_sentences_end_with_their_closing_marks() -> None:
    text = '“准备好了。”她说。真的吗？！（是的。）"开始吧。"他答"好。"然后走了'
    assert sentences(text) == [
        "“准备好了。”",
        "她说。",
        "真的吗？！",
        "（是的。）",
        '"开始吧。"',
        '他答"好。"',
        "然后走了",
    ]


def test_a_run_of_spaces_ends_a_paragraph_and_one_space_does_not() -> None:
    assert sentences("第一段没有句号  第二段 也没有") == ["第一段没有句号", "第二段也没有"]


def test_a_sentence_that_is_too_long_is_cut_at_a_comma() -> None:
    cut = sentences("今天，" + "很长的话" * 40 + "，" + "说个不停" * 20 + "。")
    assert [len(part) for part in cut] == [164, 81]
    assert cut[0].endswith("，")


def test_words_of_latin_letters_stay_apart_across_lines_and_chinese_does_not() -> None:
    text = "新系统名为Open\nGraph，由青禾大\n学研发"
    spans = tuple(Span(a, b) for a, b in ((0, 9), (10, 20), (21, len(text))))
    source = source_of(text, single=False)
    article = Article(source="x", index=0, spans=spans, passages=(Passage(role="body", spans=spans),))
    reading = read_through(source, article)
    assert reading.text == "新系统名为OpenGraph，由青禾大学研发"
    assert reading.gaps == frozenset({9})


def test_title_byline_date_and_publisher_of_a_web_article() -> None:
    text = "云岭县开出首列旅游专列\n2031年3月2日 10:20 来源：青禾在线\n□ 本报记者 赵一帆\n昨天上午，云岭县开出首列旅游专列。"
    (article,) = split(source_of(text))
    assert (article.title, article.published, article.publisher, article.byline) == (
        "云岭县开出首列旅游专列",
        "2031-03-02",
        "青禾在线",
        ("赵一帆",),
    )
    assert [p.role for p in article.passages] == ["headline", "body", "byline", "body"]


def test_a_date_in_prose_is_not_the_date_of_publication() -> None:
    (article,) = split(source_of("公司成立\n2031年3月2日，公司在云岭县成立。\n它做茶叶。"))
    assert article.published == ""


def test_bylines_are_told_from_prose() -> None:
    for line in ("□本报记者赵一帆", "本报记者赵一帆通讯员周海", "（吴清孙立群）", "◎记者林小禾"):
        assert is_byline(line)
    for line in ("记者在采访中了解到多家企业", "通讯员的故事", "本报讯昨天下午"):
        assert not is_byline(line)
    assert byline_names("通讯员 周 海 本报记者 赵一帆") == ("周海", "赵一帆")
