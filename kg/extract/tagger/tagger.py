"""From hashed features to typed mentions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.extract.encoder import HIDDEN, Encoder, Encoding, load_encoder
from kg.extract.quotation import without_quotes
from kg.extract.tagger.crf import Field
from kg.extract.tagger.features import BITS, Clues, Ints, character_features
from kg.model import Mention, Reading, Span, Token
from kg.resources import ROOT, lexicon_rows
from kg.resources.arrays import read_arrays, unusable

RULE = "tagger"
MINED_TYPES = (
    "Document",
    "Event",
    "Honor",
    "Organization",
    "Person",
    "Place",
    "Product",
    "Programme",
    "Project",
)
"""Types of the lexicon of mined names, in the order of their numbers in the features."""
LONGEST = 64
"""Characters that the encoder reads in one piece."""


@dataclass(frozen=True, slots=True)
class Tagger:
    """The trained tagger with its resources."""

    encoder: Encoder
    clues: Clues
    field: Field
    label_parts: Ints
    label_kinds: Ints

    def encode(self, reading: Reading) -> Encoding:
        """Run the character encoder over the sentences of a reading, long ones in pieces."""
        return self.encoder.encode(
            [p.of(reading.text) for s in reading.sentences for p in pieces(reading.text, s)]
        )

    def features(self, reading: Reading, tokens: Sequence[Token], encoding: Encoding) -> Ints:
        """Return the hashed features, shape (characters, features)."""
        return character_features(
            reading, tokens, encoding, self.clues, label_parts=self.label_parts, label_kinds=self.label_kinds
        )

    def probabilities(self, reading: Reading, tokens: Sequence[Token]) -> NDArray[np.float32]:
        """Return the marginal probability of every label at every character."""
        scores = self.field.scores(self.features(reading, tokens, self.encode(reading)))
        return self.field.marginals(scores, [s.end - s.start for s in reading.sentences])

    def mentions(
        self, reading: Reading, tokens: Sequence[Token], *, threshold: float = 0.5
    ) -> tuple[Mention, ...]:
        """Return the mentions whose boundaries are at least as likely as `threshold`, sorted, without overlap."""
        if not reading.text:
            return ()
        return decode(self.field.labels, self.probabilities(reading, tokens), reading, threshold=threshold)


def pieces(text: str, sentence: Span) -> list[Span]:
    """Cut a long sentence for the encoder, at a comma where there is one.

    The recurrence costs a step per character of the longest piece, and gains little from farther context.

    >>> pieces("一二三，四五", Span(0, 6))
    [Span(start=0, end=6)]
    """
    found: list[Span] = []
    start = sentence.start
    while sentence.end - start > LONGEST:
        marks = [i for i in range(start + LONGEST // 2, start + LONGEST) if text[i] in "，、；：,;:"]
        end = marks[-1] + 1 if marks else start + LONGEST
        found.append(Span(start, end))
        start = end
    found.append(Span(start, sentence.end))
    return found


def decode(
    labels: Sequence[str], probability: NDArray[np.float32], reading: Reading, *, threshold: float
) -> tuple[Mention, ...]:
    """Return spans whose begin, inside and end are each at least as likely as `threshold`, types summed up.

    The type is the likeliest over the span. The confidence is the least boundary probability times the type's share.
    """
    kinds = sorted({label[2:] for label in labels if label != "O"})
    part = np.zeros((len(reading.text), 4), dtype=np.float32)
    by_kind = np.zeros((len(reading.text), len(kinds)), dtype=np.float32)
    for column, label in enumerate(labels):
        if label != "O":
            part[:, "BIES".index(label[0])] += probability[:, column]
            by_kind[:, kinds.index(label[2:])] += probability[:, column]
    candidates: list[tuple[float, int, int]] = []
    for start in np.flatnonzero((part[:, 0] >= threshold) | (part[:, 3] >= threshold)).tolist():
        if part[start, 3] >= threshold:
            candidates.append((float(part[start, 3]), start, start + 1))
        least, i = part[start, 0], start + 1
        while least >= threshold and i < len(part):
            end = min(least, part[i, 2])
            if end >= threshold:
                candidates.append((float(end), start, i + 1))
            least = min(least, part[i, 1])
            i += 1
    taken = np.zeros(len(part), dtype=bool)
    found: list[Mention] = []
    for sure, start, end in sorted(candidates, key=lambda c: (-round(c[0], 4), c[1], -c[2])):
        if taken[start:end].any() or end - start < 2:
            continue
        taken[start:end] = True
        share = by_kind[start:end].mean(axis=0)
        best = int(np.round(share, 5).argmax())
        confidence = round(float(sure * share[best] / max(float(share.sum()), 1e-6)), 4)
        span = without_quotes(reading.text, Span(start, end))
        found.append(
            Mention(span=span, type=kinds[best], text=span.of(reading.text), confidence=confidence, rule=RULE)
        )
    return tuple(sorted(found, key=lambda m: m.span))


def load_clues(centroids: tuple[NDArray[np.float32], ...], *, extra: Path | None = None) -> Clues:
    """Read the lexicons behind the features."""
    return Clues.of(
        {row[0]: row[1] for row in lexicon_rows("gazetteer", extra=extra)},
        {row[0]: row[1] for row in lexicon_rows("heads", extra=extra)},
        {row[0]: (int(row[1]), int(row[2]), int(row[3])) for row in lexicon_rows("word_classes")},
        frozenset(row[0] for row in lexicon_rows("surnames", extra=extra)),
        centroids,
        {row[0]: MINED_TYPES.index(row[1]) * 4 + int(row[2]) for row in lexicon_rows("mined_names")},
    )


def split_labels(labels: Sequence[str]) -> tuple[Ints, Ints]:
    """Return for the encoder's tag names whether they continue a word (1) and the number of their kind."""
    kinds = sorted({name.removesuffix("-B").removesuffix("-I") for name in labels})
    parts = np.array([name.endswith("-I") for name in labels], dtype=np.int64)
    return parts, np.array(
        [kinds.index(n.removesuffix("-B").removesuffix("-I")) for n in labels], dtype=np.int64
    )


def load_tagger(path: Path = ROOT / "weights" / "tagger.npz", *, extra: Path | None = None) -> Tagger:
    """Load the shipped (or another trained) tagger.

    Raises ResourceError for a file that is damaged or made for other features.
    """
    writer = "python -m kg.train models"
    arrays = read_arrays(path, writer=writer)
    try:
        field = _field(arrays)
        centroids = tuple(arrays[f"centroids{k}"].astype(np.float32) for k in range(4))
        if any(c.ndim != 2 or c.shape[1] != 2 * HIDDEN for c in centroids):
            raise ValueError(f"centroids of {2 * HIDDEN} dimensions were expected")
    except (KeyError, ValueError, IndexError, TypeError) as error:
        raise unusable(path, error, writer=writer) from error
    encoder = load_encoder()
    parts, kinds = split_labels(encoder.labels)
    return Tagger(encoder, load_clues(centroids, extra=extra), field, parts, kinds)


def _field(arrays: Mapping[str, NDArray[np.generic]]) -> Field:
    """Return the field of a weight file; raises ValueError, KeyError or IndexError when its arrays do not fit each other."""
    labels = tuple(str(x) for x in arrays["labels"])
    transition = arrays["transition"].astype(np.float32)
    ids = arrays["ids"].astype(np.int64)
    if transition.shape != (len(labels), len(labels)) or ids.max(initial=0) >= 1 << BITS:
        raise ValueError(f"{len(labels)} labels and features of {BITS} bits were expected")
    row_of = np.zeros(1 << BITS, dtype=np.int32)
    row_of[ids] = np.arange(1, len(ids) + 1, dtype=np.int32)
    weights = np.zeros((len(ids) + 1, len(labels)), dtype=np.float32)
    weights[arrays["feature"].astype(np.int64) + 1, arrays["label"].astype(np.int64)] = arrays[
        "values"
    ].astype(np.float32)
    return Field(labels, row_of, weights, transition)
