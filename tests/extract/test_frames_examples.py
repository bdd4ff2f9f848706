"""Every frame keeps the promises written beside it: the sentences that it must and must not match."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg.extract.frames import Example, Frame, Frames, find_matches, load_frames
from kg.extract.frames.example import example_document
from kg.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
FRAMES = load_frames(frozenset(VOCABULARY.relations))
CASES = [(frame, example) for frame in FRAMES.frames for example in frame.examples]


def alone(frame: Frame) -> Frames:
    return replace(FRAMES, frames=(frame,))


@pytest.mark.parametrize(("frame", "example"), CASES, ids=[f"{f.id}:{e.line}" for f, e in CASES])
def test_frame_reads_exactly_the_facts_written_beside_it(frame: Frame, example: Example) -> None:
    matches = find_matches(example_document(example.text), alone(frame))

    def key(subject: str, relation: str, object_: str) -> tuple[str, str, str]:
        return (
            (relation, *sorted((subject, object_)))
            if relation in VOCABULARY.symmetric
            else (relation, subject, object_)
        )

    found = {key(m.subject, m.relation, m.object): m for m in matches}
    wanted = {key(s, r, o.split()[0]): o.split()[1:] for s, r, o in example.facts}
    assert set(found) == set(wanted)
    for fact, properties in wanted.items():
        for name, value in (p.split("=") for p in properties):
            match = found[fact]
            assert (match.modality if name == "modality" else match.qualifiers.get(name)) == value


def test_no_frame_or_example_vanishes_unseen() -> None:
    """Every shipped relation has frames, every frame has sentences of both kinds, and the numbers are known."""
    assert {f.relation for f in FRAMES.frames} == set(VOCABULARY.relations)
    assert all({bool(e.facts) for e in f.examples} == {True, False} for f in FRAMES.frames)
    assert (len(FRAMES.frames), len(CASES)) == (130, 347)
