"""The character encoder: its figures depend on the sentence alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.extract.encoder import HIDDEN, load_encoder

SENTENCES = (
    "云岭大学与青禾科技有限公司在海棠市签署战略合作协议。",
    "会上，",
    "林望舒",
    "。",
    "Ａｌｐｈａ公司（北京）",
    "😀𠮷",
    "今年以来，海棠市围绕产业发展、人才引进、营商环境等方面推出了一系列举措，取得了明显成效。",
)


@settings(deadline=None, max_examples=40)
@given(sentences=st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6), which=st.integers(0, 5))
def test_a_sentence_alone_is_encoded_as_beside_others(sentences, which):
    """Up to the last bits, which depend on the shape of the matrices."""
    k = which % len(sentences)
    encoder = load_encoder()
    alone, beside = encoder.encode([sentences[k]]), encoder.encode(sentences)
    start = sum(map(len, sentences[:k]))
    here = slice(start, start + len(sentences[k]))
    assert np.abs(alone.states - beside.states[here]).max() < 1e-4
    assert alone.tags.tolist() == beside.tags[here].tolist()


def test_one_row_for_every_character_in_order():
    encoding = load_encoder().encode(SENTENCES)
    size = sum(map(len, SENTENCES))
    assert encoding.states.shape == (size, 4 * HIDDEN)
    assert encoding.tags.shape == (size,)
    assert np.isfinite(encoding.states).all()
    assert np.abs(encoding.states).max() <= 1
    assert set(encoding.tags.tolist()) <= set(range(len(load_encoder().labels)))


@pytest.mark.parametrize("sentences", [[], [""], ["", ""]], ids=str)
def test_nothing_is_encoded_as_nothing(sentences):
    encoding = load_encoder().encode(sentences)
    assert encoding.states.shape == (0, 4 * HIDDEN)
    assert encoding.tags.shape == (0,)


def test_an_empty_sentence_between_others_changes_nothing():
    encoder = load_encoder()
    with_empty, without = encoder.encode(["会上，", "", "林望舒"]), encoder.encode(["会上，", "林望舒"])
    assert np.array_equal(with_empty.tags, without.tags)
    assert np.abs(with_empty.states - without.states).max() < 1e-4


def test_half_and_full_width_punctuation_are_one():
    encoder = load_encoder()
    full, half = encoder.encode(["会上，林望舒（校长）"]), encoder.encode(["会上,林望舒(校长)"])
    assert np.array_equal(full.states, half.states)


def test_the_known_kinds_of_names_are_found():
    """The tagger inside jieba knows persons, places and organizations; the features build on that."""
    encoder = load_encoder()
    tags = [encoder.labels[t] for t in encoder.encode(["王志强在北京大学工作。"]).tags]
    assert tags[0].startswith("PER-B")
    assert tags[4].startswith("ORG-B")
