"""Names known beforehand, cut down to those that news really uses.

Administrative divisions (WTFPL), place words and persons of history of THUOCL (MIT) and short company names
(Company-Names-Corpus, Apache-2.0) hold several hundred thousand entries, most of which never stand in news. An entry
is kept when the raw corpus knows it in at least `MIN_ARTICLES` articles. The tagger only takes them as a hint.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

from kg.train.wordclasses import raw_texts

MIN_ARTICLES = 3
_DIVISION_END = re.compile(r"(特别行政区|(维吾尔|壮族|回族)?自治区|省|市|区|县|旗|盟|地区)$")
_AUTONOMOUS = re.compile(
    r"(.{2,}?)(苗族|土家族|藏族|彝族|布依族|侗族|回族|蒙古族|傣族|哈萨克|朝鲜族|壮族|白族|哈尼族|羌族|瑶族|景颇族|傈僳族|黎族).*自治州?$"
)
HEADER = """\
# Names known beforehand, as hints for the tagger.
# columns: name, kinds (a administrative division, s town or street, l place word, h person of history, c short company name)
# source: modood/Administrative-divisions-of-China (a, s); THUOCL of Tsinghua University (l, h); Company-Names-Corpus (c);
#   kept where at least three of the 65,430 articles of IAAR-Shanghai/CRUD_RAG hold the name; made by kg/train/gazetteers.py
# licence: WTFPL (a, s), MIT (l, h), Apache-2.0 (c)
"""


def candidates(datasets: Path) -> dict[str, str]:
    """Return name -> kinds from the gazetteers in the folder `datasets`/gazetteers."""
    folder = datasets / "gazetteers"
    kinds: dict[str, set[str]] = {}

    def add(name: str, kind: str) -> None:
        if 2 <= len(name) <= 14 and name == name.strip() and not name.startswith("#"):
            kinds.setdefault(name, set()).add(kind)

    for level in ("provinces", "cities", "areas"):
        for name in _names(folder / f"admin_divisions/{level}.csv.gz"):
            if name in ("市辖区", "县"):
                continue
            add(name, "a")
            add(_AUTONOMOUS.sub(r"\1", _DIVISION_END.sub("", name)), "a")
    for name in _names(folder / "admin_divisions/streets.csv.gz"):
        if len(name) >= 3:
            add(name, "s")
    for kind, file in (("l", "diming"), ("h", "lishimingren")):
        for line in _lines(folder / f"thuocl/THUOCL_{file}.txt.gz"):
            add(line.split("\t")[0].strip("\ufeff "), kind)
    for line in _lines(folder / "company_short_names/Company-Shorter-Form.txt.gz"):
        if len(line) >= 3:
            add(line, "c")
    return {name: "".join(sorted(k)) for name, k in kinds.items()}


def _lines(path: Path) -> list[str]:
    return [line.strip() for line in gzip.open(path, "rt", encoding="utf-8").read().splitlines()]


def _names(path: Path) -> list[str]:
    return [
        row["name"] for row in csv.DictReader(io.StringIO(gzip.open(path, "rt", encoding="utf-8").read()))
    ]


def write(datasets: Path, corpus: Path, target: Path) -> None:
    """Write the gazetteer lexicon."""
    kinds = candidates(datasets)
    names = sorted(kinds)
    matcher = AhoCorasick(names, matchkind=MatchKind.LeftmostLongest)
    counts = [0] * len(names)
    for text in raw_texts(corpus):
        for k in {k for k, _, _ in matcher.find_matches_as_indexes(text)}:
            counts[k] += 1
    rows = [f"{name}\t{kinds[name]}" for name, n in zip(names, counts, strict=True) if n >= MIN_ARTICLES]
    target.write_text(HEADER + "\n".join(sorted(rows)) + "\n", encoding="utf-8")
