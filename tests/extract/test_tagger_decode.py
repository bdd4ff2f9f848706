"""From probabilities to mentions, and from a sentence to pieces for the encoder."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kg.extract.tagger.crf import Field
from kg.extract.tagger.tagger import LONGEST, decode, pieces
from kg.model import Reading, Span

KINDS = ("Organization", "Person", "Place")
LABELS = ("O", *(f"{part}-{kind}" for kind in KINDS for part in "BIES"))


def reading(text):
    return Reading(
        text=text,
        offsets=tuple(range(len(text))),
        gaps=frozenset(),
        sentences=(Span(0, len(text)),),
        roles=("body",),
        paragraphs=(0,),
    )


def certain(text, *spans):
    """Return probabilities that say the given (start, end, kind) with certainty."""
    table = np.zeros((len(text), len(LABELS)), dtype=np.float32)
    table[:, 0] = 1
    for start, end, kind in spans:
        parts = "S" if end - start == 1 else "B" + "I" * (end - start - 2) + "E"
        table[start:end] = 0
        for at, part in enumerate(parts, start):
            table[at, LABELS.index(f"{part}-{kind}")] = 1
    return table


PROBABILITIES = st.integers(1, 24).flatmap(
    lambda n: arrays(np.float32, (n, len(LABELS)), elements=st.floats(0, 1, width=32))
)


@settings(deadline=None)
@given(raw=PROBABILITIES, threshold=st.sampled_from([0.1, 0.5, 0.9]), quoted=st.booleans())
def test_mentions_are_sorted_apart_within_the_text_and_sure_enough(raw, threshold, quoted):
    table = raw / np.maximum(raw.sum(axis=1, keepdims=True), 1e-6)
    text = ("云“岭”大学与《青禾》科技" * 3)[: len(raw)] if quoted else ("云岭大学与青禾科技" * 3)[: len(raw)]
    found = decode(LABELS, table.astype(np.float32), reading(text), threshold=threshold)
    end = 0
    for mention in found:
        assert end <= mention.span.start < mention.span.end <= len(text)
        assert mention.text == mention.span.of(text)
        assert mention.type in KINDS
        assert 0 <= mention.confidence <= 1
        end = mention.span.end


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(2, 6), st.sampled_from(KINDS)), max_size=6),
)
def test_what_is_certain_is_found_exactly(gaps):
    """Any labelling of names of two characters and more comes back, with full confidence."""
    spans, at = [], 0
    for gap, size, kind in gaps:
        spans.append((at + gap, at + gap + size, kind))
        at += gap + size
    text = "字" * (at + 1)
    found = decode(LABELS, certain(text, *spans), reading(text), threshold=0.5)
    assert [(m.span.start, m.span.end, m.type) for m in found] == spans
    assert all(m.confidence == 1 for m in found)


def test_a_single_character_is_no_name():
    assert decode(LABELS, certain("云在", (0, 1, "Place")), reading("云在"), threshold=0.5) == ()


def test_outer_quotation_marks_do_not_belong_to_a_name():
    text = "“星河”"
    (mention,) = decode(LABELS, certain(text, (0, 4, "Organization")), reading(text), threshold=0.5)
    assert mention.text == "星河"


def test_a_higher_threshold_finds_no_more():
    text = "云岭大学与青禾科技"
    table = 0.7 * certain(text, (0, 4, "Organization")) + 0.3 * certain(text, (0, 2, "Place"))
    found = {t: decode(LABELS, table.astype(np.float32), reading(text), threshold=t) for t in (0.5, 0.8)}
    assert [m.text for m in found[0.5]] == ["云岭大学"]
    assert found[0.8] == ()


@given(
    text=st.text(alphabet="云岭大学，、；ab", min_size=1, max_size=400),
    start=st.integers(0, 10),
)
def test_pieces_cover_a_sentence_in_order_and_are_short(text, start):
    start = min(start, len(text) - 1)
    found = pieces(text, Span(start, len(text)))
    assert found[0].start == start
    assert found[-1].end == len(text)
    assert all(a.end == b.start for a, b in pairwise(found))
    assert all(0 < p.end - p.start <= LONGEST for p in found)


@pytest.mark.parametrize("lengths", [[1], [3, 1, 5], [4, 4]])
def test_marginals_are_probabilities_and_do_not_depend_on_the_neighbours(lengths):
    rng = np.random.default_rng(3)
    scores = rng.normal(size=(sum(lengths), len(LABELS))).astype(np.float32)
    transition = rng.normal(size=(len(LABELS), len(LABELS))).astype(np.float32)
    field = Field(
        LABELS, np.zeros(1, dtype=np.int32), np.zeros((1, len(LABELS)), dtype=np.float32), transition
    )
    together = field.marginals(scores, lengths)
    assert np.allclose(together.sum(axis=1), 1, atol=1e-5)
    at = 0
    for length in lengths:
        alone = field.marginals(scores[at : at + length], [length])
        assert np.abs(alone - together[at : at + length]).max() < 1e-5
        at += length


def test_marginals_are_those_of_all_paths():
    """Checked against the sum over every labelling of a short sentence."""
    labels = LABELS[:3]
    rng = np.random.default_rng(5)
    scores = rng.normal(size=(4, 3)).astype(np.float32)
    transition = rng.normal(size=(3, 3)).astype(np.float32)
    weight = np.zeros((4, 3))
    for path in np.ndindex(3, 3, 3, 3):
        total = sum(scores[t, k] for t, k in enumerate(path))
        total += sum(transition[a, b] for a, b in pairwise(path))
        for t, k in enumerate(path):
            weight[t, k] += np.exp(total)
    field = Field(labels, np.zeros(1, dtype=np.int32), np.zeros((1, 3), dtype=np.float32), transition)
    assert np.allclose(field.marginals(scores, [4]), weight / weight.sum(axis=1, keepdims=True), atol=1e-5)
