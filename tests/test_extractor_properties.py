"""What extraction promises for every text: it does not crash, and whatever it says stands in the text."""

import functools

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from odd_texts import ODD, source_of

from kg.extractor import load_extractor
from kg.split import read_through, split
from kg.vocabulary import load_vocabulary


@functools.cache
def extractor():
    return load_extractor(None, load_vocabulary())


def check(source, article, extraction):
    """Assert that every span is in the text and every evidence is its text."""
    size = len(source.text)
    known = {}
    for entity in extraction.entities:
        assert entity.id not in known
        known[entity.id] = entity
        assert entity.name.strip()
        assert 0 <= entity.confidence <= 1
        for start, end in entity.mentions:
            assert 0 <= start < end <= size
    for statement in extraction.statements:
        assert {statement.subject, statement.object} <= known.keys()
        assert statement.subject != statement.object
        assert statement.predicate in extractor().vocabulary.relations
        assert 0 <= statement.confidence <= 1
        assert statement.modality in ("stated", "planned", "past")
        for start, end in (statement.subject_span, statement.object_span):
            assert 0 <= start < end <= size
        assert statement.evidence
        for evidence in statement.evidence:
            assert evidence.text
            assert source.text[evidence.start : evidence.end] == evidence.text
    for occurrence in extraction.occurrences:
        assert {e for ends in occurrence.roles.values() for e in ends} <= known.keys()
    assert extraction.article is article


@settings(deadline=None, max_examples=60)
@example(text="")
@example(text="\n")
@example(text="。")
@example(text="云")
@example(text="云岭大学" * 300)
@example(text="、".join(["云岭大学", "青禾科技有限公司"] * 40) + "签署合作协议。")
@given(text=ODD)
def test_no_text_breaks_extraction_and_every_word_of_it_is_in_the_text(text):
    source = source_of(text)
    articles = split(source)
    for article, extraction in zip(articles, extractor()(source, articles), strict=True):
        check(source, article, extraction)


@settings(deadline=None, max_examples=15)
@given(text=ODD, layout=st.sampled_from(["auto", "page", "article"]))
def test_every_layout_keeps_the_promises(text, layout):
    source = source_of(text, single=False)
    articles = split(source, layout=layout)
    for article, extraction in zip(articles, extractor()(source, articles), strict=True):
        check(source, article, extraction)


@settings(deadline=None, max_examples=25)
@given(text=ODD)
def test_mentions_are_sorted_apart_and_within_one_sentence(text):
    source = source_of(text)
    for article in split(source):
        document = extractor().document(source, article)
        reading = document.reading
        assert reading == read_through(source, article)
        end = 0
        for mention, link in zip(document.mentions, document.links, strict=True):
            assert end <= mention.span.start < mention.span.end <= len(reading.text)
            assert mention.span.of(reading.text) == mention.text
            assert any(s.start <= mention.span.start < s.end for s in reading.sentences)
            assert link in {e.id for e in document.entities}
            end = mention.span.end


@settings(deadline=None, max_examples=10)
@given(text=ODD)
def test_the_same_text_says_the_same_again(text):
    source = source_of(text)
    articles = split(source)
    assert extractor()(source, articles) == extractor()(source, articles)


@pytest.mark.parametrize(
    "text", ["云岭大学\n\n\n青禾科技有限公司", "(" * 5000, "云" * 5000, "“" * 200 + "云岭大学" + "”" * 200]
)
def test_long_runs_end(text):
    source = source_of(text)
    articles = split(source)
    assert len(extractor()(source, articles)) == len(articles)
