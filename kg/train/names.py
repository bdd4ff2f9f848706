"""Names mined from raw news by a first tagger, as hints for the second.

A first tagger, trained on the annotation alone, reads the raw corpus. A name that it finds with one type in several
articles, and that stands in few texts without being found, is a hint that helps where the context says little. Articles
that carry annotation are left out: on those a tagger repeats what it was taught.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

from kg.extract.tagger.tagger import Tagger
from kg.extract.words import tokenize
from kg.model import Article, Passage, Source, Span
from kg.split import read_through
from kg.train.wordclasses import raw_texts

MIN_ARTICLES = 3
MIN_SHARE = 0.6
HEADER = """\
# Names that a first tagger found in raw news, as hints for the second.
# columns: name, type, articles in which it was found with this type (1: 3-5, 2: 6-15, 3: 16-50, 4: more)
# source: mined by kg/train/names.py from IAAR-Shanghai/CRUD_RAG (raw articles without annotation)
# licence: Apache-2.0
"""


def fingerprint(text: str) -> str:
    """Return a digest of the beginning of a text without white space, by which reprints are recognised."""
    return hashlib.sha256("".join(text.split())[:60].encode()).hexdigest()


def found_names(
    tagger: Tagger, texts: Iterable[str], *, threshold: float = 0.6
) -> Iterator[set[tuple[str, str]]]:
    """Yield for each text the (name, type) pairs that the tagger finds in it."""
    for text in texts:
        whole = Span(0, len(text))
        source = Source(id="", text=text, raw_sha256="", text_sha256="", single=True)
        passages = (Passage(role="body", spans=(whole,)),)
        article = Article(source="", index=0, spans=(whole,), passages=passages)
        reading = read_through(source, article)
        if reading.text:
            mentions = tagger.mentions(
                reading, tokenize(reading.text, reading.sentences), threshold=threshold
            )
            yield {(m.text, m.type) for m in mentions}


def select(found: Iterable[set[tuple[str, str]]], texts: Iterable[str]) -> list[tuple[str, str, int]]:
    """Return (name, type, size class) of the names found in enough articles and mostly with one type."""
    counts: Counter[tuple[str, str]] = Counter()
    for pairs in found:
        counts.update(pairs)
    by_name: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for (name, kind), n in counts.items():
        by_name[name].append((n, kind))
    best = {name: max(v) for name, v in by_name.items() if 2 <= len(name) <= 20}
    names = sorted(n for n, (count, _) in best.items() if count >= MIN_ARTICLES)
    stands: Counter[int] = Counter()
    matcher = AhoCorasick(names, matchkind=MatchKind.LeftmostLongest)
    for text in texts:
        stands.update({k for k, _, _ in matcher.find_matches_as_indexes(text)})
    rows = []
    for k, name in enumerate(names):
        count, kind = best[name]
        total = sum(n for n, _ in by_name[name])
        if count / total >= MIN_SHARE and count / max(stands[k], count) >= 0.4:
            rows.append((name, kind, 1 + (count > 5) + (count > 15) + (count > 50)))
    return rows


def write(rows: Iterable[tuple[str, str, int]], target: Path) -> None:
    """Write the mined names as a lexicon."""
    lines = sorted("\t".join(map(str, row)) for row in rows if row[0] == row[0].strip() and row[0][0] != "#")
    target.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")


def mine(corpus: Path, tagger: Tagger, annotated: Iterable[Path], target: Path) -> None:
    """Mine the names of a corpus with `tagger` and write the lexicon; reprints of annotated texts are left out."""
    known = {
        fingerprint(p.read_text(encoding="utf-8"))
        for folder in annotated
        for p in sorted(folder.glob("*.txt"))
    }
    texts = [text for text in raw_texts(corpus, squeezed=False) if fingerprint(text) not in known]
    rows = select(found_names(tagger, texts), ("".join(text.split()) for text in texts))
    write(rows, target)
