"""Train the mention tagger on annotated articles: L-BFGS over the hashed features, weights as small integers.

Needs python-crfsuite and scikit-learn (extra ``[train]``); reading needs neither.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pycrfsuite
from numpy.typing import NDArray
from sklearn.cluster import MiniBatchKMeans

from kg.extract.encoder import load_encoder
from kg.extract.tagger.crf import Field
from kg.extract.tagger.features import BITS
from kg.extract.tagger.tagger import Tagger, load_clues, split_labels
from kg.extract.words import tokenize
from kg.model import Span
from kg.train.annotation import Example, GoldMention

CLUSTERS = ((0, 64), (0, 400), (1, 64), (1, 400))
"""Layer of the encoder (0 is the upper one) and number of clusters of its states."""


def state_centroids(examples: Sequence[Example], *, sample: int = 60_000) -> tuple[NDArray[np.float32], ...]:
    """Cluster the encoder's states over the annotated articles; no label is used."""
    tagger = untrained(())
    states = np.concatenate([tagger.encode(e.reading).states for e in examples])
    states = states[np.random.RandomState(0).permutation(len(states))[:sample]]
    return tuple(
        MiniBatchKMeans(k, random_state=0, batch_size=4096, n_init=1, max_iter=20)
        .fit(np.ascontiguousarray(states[:, layer * 256 : layer * 256 + 256]))
        .cluster_centers_.astype(np.float16)
        .astype(np.float32)
        for layer, k in CLUSTERS
    )


def untrained(centroids: tuple[NDArray[np.float32], ...]) -> Tagger:
    """Return a tagger that can compute features but knows no weights yet."""
    encoder = load_encoder()
    parts, kinds = split_labels(encoder.labels)
    nothing = np.zeros((0, 0), dtype=np.float32)
    field = Field((), np.zeros(0, dtype=np.int32), nothing, nothing)
    return Tagger(encoder, load_clues(centroids), field, parts, kinds)


def labels_of(length: int, mentions: Sequence[GoldMention]) -> list[str]:
    """Return begin, inside, end and single labels for the characters of an article."""
    labels = ["O"] * length
    for m in mentions:
        a, b = m.span
        if b - a == 1:
            labels[a] = f"S-{m.type}"
        else:
            labels[a:b] = [f"B-{m.type}", *[f"I-{m.type}"] * (b - a - 2), f"E-{m.type}"]
    return labels


def features_of(tagger: Tagger, example: Example) -> NDArray[np.int32]:
    """Return the hashed features of one article."""
    reading = example.reading
    tokens = tokenize(reading.text, reading.sentences)
    return tagger.features(reading, tokens, tagger.encode(reading)).astype(np.int32)


def fit(
    labels: Sequence[Sequence[str]],
    features: Sequence[NDArray[np.int32]],
    sentences: Sequence[Sequence[Span]],
    *,
    iterations: int = 90,
) -> dict[str, NDArray[np.generic]]:
    """Train on articles given as labels and features per character; return the arrays of the weight file (no centroids)."""
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params({"c1": 0.1, "c2": 0.05, "max_iterations": iterations, "feature.minfreq": 2})
    for own, matrix, spans in zip(labels, features, sentences, strict=True):
        for a, b in spans:
            trainer.append([[str(x) for x in row] for row in matrix[a:b].tolist()], own[a:b])
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "model")
        trainer.train(path)
        model = pycrfsuite.Tagger()
        model.open(path)
        info = model.info()
        return _arrays(info)


def _arrays(info: Any) -> dict[str, NDArray[np.generic]]:  # noqa: ANN401 - crfsuite has no types
    labels = sorted(info.labels)
    column = {name: k for k, name in enumerate(labels)}
    transition = np.zeros((len(labels), len(labels)), dtype=np.float32)
    # a move that no labelling allows is forbidden, not merely without a weight
    allowed = {(a, b) for a in labels for b in labels if _follows(a, b)}
    for a in labels:
        for b in labels:
            if (a, b) not in allowed:
                transition[column[a], column[b]] = -30.0
    for (a, b), w in info.transitions.items():
        transition[column[a], column[b]] = w
    cells = sorted(
        (int(f), column[label], w) for (f, label), w in info.state_features.items() if abs(w) >= 0.01
    )
    ids, number = np.unique(np.array([c[0] for c in cells]), return_inverse=True)
    weights = np.array([c[2] for c in cells], dtype=np.float32)
    return {
        "labels": np.array(labels),
        "ids": ids.astype(np.uint32),
        "feature": number.astype(np.uint32),
        "label": np.array([c[1] for c in cells], dtype=np.uint8),
        "values": weights.astype(np.float16),
        "transition": transition,
    }


def _follows(a: str, b: str) -> bool:
    if a[0] in "OES":
        return b[0] in "OBS"
    return b[0] in "IE" and a[2:] == b[2:]


def with_weights(base: Tagger, arrays: dict[str, NDArray[np.generic]]) -> Tagger:
    """Return `base` with trained weights."""
    labels = tuple(str(x) for x in arrays["labels"])
    ids = arrays["ids"].astype(np.int64)
    row_of = np.zeros(1 << BITS, dtype=np.int32)
    row_of[ids] = np.arange(1, len(ids) + 1, dtype=np.int32)
    weights = np.zeros((len(ids) + 1, len(labels)), dtype=np.float32)
    values = arrays["values"].astype(np.float32)
    weights[arrays["feature"].astype(np.int64) + 1, arrays["label"]] = values
    field = Field(labels, row_of, weights, arrays["transition"].astype(np.float32))
    return Tagger(base.encoder, base.clues, field, base.label_parts, base.label_kinds)


def save(
    path: Path, arrays: dict[str, NDArray[np.generic]], centroids: tuple[NDArray[np.float32], ...]
) -> None:
    """Write the tagger's weight file."""
    write_arrays(path, {**arrays, **{f"centroids{k}": c.astype(np.float16) for k, c in enumerate(centroids)}})


def write_arrays(path: Path, arrays: Mapping[str, NDArray[np.generic]]) -> None:
    """Write named arrays as a compressed .npz; the same arrays give the same bytes, whenever they are written."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(arrays):
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.ascontiguousarray(arrays[name]), allow_pickle=False)
            # the oldest date that the format knows: no clock in a weight file
            archive.writestr(
                zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), buffer.getvalue(), zipfile.ZIP_DEFLATED
            )
