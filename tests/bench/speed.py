"""How fast extraction reads, beside ``jieba.posseg.cut`` on the same text: ``python tests/bench/speed.py [INPUT…]``.

Both run in this process, one after the other, after a warm-up, best of three rounds; ratios mean more than characters per
second. Prints characters, seconds, characters per second, the ratio and the peak of memory as JSON.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from kg.threads import one_blas_thread

one_blas_thread()

from kg.pipeline import load, read  # noqa: E402 - after the threads are set
from kg.split import split  # noqa: E402

ROUNDS = 3
SEEDS = Path(__file__).parent.parent.parent / "seeds"


def best(work: Callable[[], None]) -> float:
    """Return the seconds of the fastest of three rounds."""
    seconds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def main(inputs: list[str]) -> None:
    """Measure and print."""
    import jieba
    import jieba.posseg

    jieba.setLogLevel(logging.ERROR)
    jieba.dt.tmp_dir = tempfile.mkdtemp()
    sources, failures = read(inputs or [str(SEEDS)])
    texts = [source.text for source in sources]
    characters = sum(map(len, texts))

    start = time.perf_counter()
    extractor = load(None)
    loading = time.perf_counter() - start

    def extraction() -> None:
        for source in sources:
            extractor(source, split(source))

    def tagging() -> None:
        for text in texts:
            for _ in jieba.posseg.cut(text):
                pass

    extraction()
    tagging()
    ours, theirs = best(extraction), best(tagging)
    figures = {
        "sources": len(sources),
        "failures": len(failures),
        "characters": characters,
        "loading_s": round(loading, 2),
        "extraction_s": round(ours, 3),
        "extraction_chars_per_s": round(characters / ours),
        "posseg_chars_per_s": round(characters / theirs),
        "ratio_to_posseg": round(theirs / ours, 3),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    json.dump(figures, sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main(sys.argv[1:])
