"""Whether frames read exactly what the sentences beside them promise.

The shipped frames are held to it by the tests; a user's frames are checked when they are loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from kg.errors import ResourceError
from kg.extract.frames.example import example_document
from kg.extract.frames.match import find_matches
from kg.extract.frames.model import Example, Frame, FrameMatch, Frames

Fact = tuple[str, str, str]


def check_promises(frames: Frames, *, under: Path, symmetric: frozenset[str]) -> None:
    """Try the frames of the files in the folder `under` on their own sentences, each frame alone.

    `symmetric` names the relations whose ends may change places. Raises ResourceError with file and line of the first
    sentence in which a frame reads something else than what stands behind ``=>``.
    """
    for frame in frames.frames:
        if Path(frame.file).is_relative_to(under):
            alone = replace(frames, frames=(frame,))
            for example in frame.examples:
                found = find_matches(example_document(example.text), alone)
                _compare(frame, example, found, symmetric)


def _compare(
    frame: Frame, example: Example, matches: Sequence[FrameMatch], symmetric: frozenset[str]
) -> None:
    def key(subject: str, relation: str, object_: str) -> Fact:
        if relation in symmetric:
            subject, object_ = sorted((subject, object_))
        return subject, relation, object_

    found = {key(m.subject, m.relation, m.object): m for m in matches}
    wanted = {key(s, r, o.split()[0]): o.split()[1:] for s, r, o in example.facts}
    if found.keys() != wanted.keys():
        raise ResourceError(
            frame.file,
            f"frame {frame.id!r} was expected to read {_listed(wanted)} in this sentence, but it reads {_listed(found)}",
            line=example.line,
        )
    for fact, properties in wanted.items():
        for name, _, value in (p.partition("=") for p in properties):
            match = found[fact]
            read = match.modality if name == "modality" else match.qualifiers.get(name, "")
            if read != value:
                raise ResourceError(
                    frame.file,
                    f"frame {frame.id!r} was expected to read {name}={value} in this sentence, but it reads "
                    f"{name}={read or 'nothing'}",
                    line=example.line,
                )


def _listed(facts: Iterable[Fact]) -> str:
    return "；".join(" ".join(fact) for fact in sorted(facts)) or "nothing"
