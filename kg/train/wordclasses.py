"""Word classes from raw news: words that stand in the same neighbourhoods share a class.

Positive pointwise mutual information between words and their neighbours at distance one and two, a truncated singular
value decomposition, k-means at three granularities. No annotation is used. The result is a lexicon file.
"""

from __future__ import annotations

import gzip
import json
import lzma
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from sklearn.cluster import MiniBatchKMeans
from sklearn.utils.extmath import randomized_svd

from kg.extract.words import tokenize
from kg.model import Span

GRANULARITIES = (60, 300, 1200)
CONTEXT_WORDS = 4000
VOCABULARY = 50_000
MIN_COUNT = 10
LONGEST_WORD = 15
"""Longer ones are addresses of pages, not words."""


def raw_records(path: Path) -> Iterator[dict[str, str]]:
    """Yield the records of a (compressed) JSON Lines corpus."""
    opener = {".gz": gzip.open, ".xz": lzma.open}.get(path.suffix, open)
    with opener(path, "rt", encoding="utf-8") as lines:  # type: ignore[operator]
        yield from map(json.loads, lines)


def raw_texts(path: Path, *, squeezed: bool = True) -> Iterator[str]:
    """Yield the texts of a (compressed) JSON Lines corpus, without white space unless told otherwise."""
    for record in raw_records(path):
        text = record["text"]
        yield "".join(text.split()) if squeezed else text


def word_classes(corpus: Path) -> list[tuple[str, int, int, int]]:
    """Return (word, class of 60, class of 300, class of 1200) for the frequent words of the corpus."""
    numbers: dict[str, int] = {}
    rows: list[np.ndarray] = []
    for text in raw_texts(corpus):
        words = (t.text for t in tokenize(text, [Span(0, len(text))]))
        rows.append(np.array([numbers.setdefault(w, len(numbers)) for w in words], dtype=np.int32))
    counts = np.bincount(np.concatenate(rows), minlength=len(numbers))
    names = list(numbers)
    order = [i for i in np.lexsort((np.arange(len(names)), -counts)) if counts[i] >= MIN_COUNT][:VOCABULARY]
    rank = np.full(len(names), -1, dtype=np.int32)
    rank[order] = np.arange(len(order))
    matrices = [_neighbours(rows, rank, step, len(order)) for step in (1, -1, 2, -2)]
    embedding = _embed(sp.hstack(matrices).tocsr())
    classes = [
        MiniBatchKMeans(k, random_state=0, batch_size=4096, n_init=1, max_iter=40).fit_predict(embedding)
        for k in GRANULARITIES
    ]
    found = [(names[i], *(int(c[r]) for c in classes)) for r, i in enumerate(order)]
    return sorted(
        row for row in found if row[0] == row[0].strip() and row[0][0] != "#" and len(row[0]) <= LONGEST_WORD
    )


def _neighbours(rows: list[np.ndarray], rank: np.ndarray, step: int, size: int) -> sp.csr_matrix:
    left, right = [], []
    for row in rows:
        ids = rank[row]
        a, b = (ids[:-step], ids[step:]) if step > 0 else (ids[-step:], ids[:step])
        keep = (a >= 0) & (b >= 0) & (b < CONTEXT_WORDS)
        left.append(a[keep])
        right.append(b[keep])
    ones = np.ones(sum(map(len, left)), dtype=np.float32)
    shape = (size, CONTEXT_WORDS)
    return sp.coo_matrix((ones, (np.concatenate(left), np.concatenate(right))), shape=shape).tocsr()


def _embed(counts: sp.csr_matrix) -> np.ndarray:
    row_sums = np.asarray(counts.sum(1)).ravel() + 1
    column_sums = np.asarray(counts.sum(0)).ravel() + 1
    total = counts.sum()
    cells = counts.tocoo()
    # the 0.75 power damps rare contexts (Levy, Goldberg and Dagan 2015)
    expected = row_sums[cells.row] * column_sums[cells.col] ** 0.75 * total**0.25
    information = np.log(cells.data * total / expected + 1e-9)
    keep = information > 0
    matrix = sp.csr_matrix((information[keep], (cells.row[keep], cells.col[keep])), shape=counts.shape)
    u, s, _ = randomized_svd(matrix, 100, n_iter=3, random_state=0)
    embedding = u * np.sqrt(s)
    return np.asarray(embedding / (np.linalg.norm(embedding, axis=1, keepdims=True) + 1e-9))


HEADER = """\
# Classes of words by their neighbours in raw news, at three granularities.
# columns: word, class of 60, class of 300, class of 1200
# source: computed by kg/train/wordclasses.py from IAAR-Shanghai/CRUD_RAG (65,430 news articles), words by jieba
# licence: Apache-2.0 (corpus and this file); jieba MIT
"""


def write(corpus: Path, target: Path) -> None:
    """Compute the classes of the corpus and write them as a lexicon."""
    lines = sorted("\t".join(map(str, row)) for row in word_classes(corpus))
    target.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
