"""Every frame keeps the promises written beside it: the sentences that it must and must not match."""

from __future__ import annotations

import pytest

from kg.extract.frames import Example, Frame, Frames, find_matches, load_frames
from kg.extract.frames.example import example_document

RELATIONS = frozenset(
    "holdsPosition hosts undertakes supports participatesIn heldAt launchedAt signsAgreementWith cooperatesWith establishes "
    "publishes partOf locatedIn memberOf investsIn lendsTo holdsSharesIn acquires donatesTo develops carriesOut "
    "receivesHonor listedOn".split()
)
SYMMETRIC = {"signsAgreementWith", "cooperatesWith"}
FRAMES = load_frames(RELATIONS)
CASES = [(frame, example) for frame in FRAMES.frames for example in frame.examples]


def alone(frame: Frame) -> Frames:
    return Frames(
        frames=(frame,), types=FRAMES.types, veto=FRAMES.veto, planned=FRAMES.planned, topic=FRAMES.topic
    )


@pytest.mark.parametrize(("frame", "example"), CASES, ids=[f"{f.id}:{e.line}" for f, e in CASES])
def test_frame_reads_exactly_the_facts_written_beside_it(frame: Frame, example: Example) -> None:
    matches = find_matches(example_document(example.text), alone(frame))

    def key(subject: str, relation: str, object_: str) -> tuple[str, str, str]:
        return (relation, *sorted((subject, object_))) if relation in SYMMETRIC else (relation, subject, object_)

    found = {key(m.subject, m.relation, m.object): m for m in matches}
    wanted = {key(s, r, o.split()[0]): o.split()[1:] for s, r, o in example.facts}
    assert set(found) == set(wanted)
    for fact, properties in wanted.items():
        for name, value in (p.split("=") for p in properties):
            match = found[fact]
            assert (match.modality if name == "modality" else match.qualifiers.get(name)) == value
