"""What a build keeps: only what changed is extracted again, and nothing that goes wrong with the cache changes a graph."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from kg import building
from kg.cache import GENERATIONS, Cache, decode, encode
from kg.errors import BusyError
from kg.lock import locked
from kg.model import (
    Amount,
    Article,
    Entity,
    Evidence,
    Extraction,
    Occurrence,
    Passage,
    Source,
    Span,
    Statement,
    When,
)
from kg.settings import Settings

TOWNS = ("南溪市", "海棠市", "云岭县")


def text(n):
    return (
        f"星河理工大学与第{n}青禾科技有限公司签约\n\n"
        f"5月{n + 1}日，星河理工大学与青禾科技有限公司在{TOWNS[n % 3]}签署合作协议。"
        f"星河理工大学校长林望舒出席签约仪式。\n"
    )


@pytest.fixture
def pages(tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    for n in range(4):
        (folder / f"{n}.txt").write_text(text(n), encoding="utf-8")
    return folder


class Counter:
    """Progress that counts extractions."""

    def __init__(self):
        self.sources = []

    def start(self, total):
        self.total = total

    def done(self, source):
        self.sources.append(source)

    def phase(self, name):
        pass


def build(pages, out, **more):
    """Build, and return which sources were extracted and what the cache said."""
    counter, said = Counter(), []
    built = building.build_into(
        out, [str(pages)], Settings(workers=1), progress=counter, warn=said.append, **more
    )
    assert built.reused + len(counter.sources) == len(list(pages.iterdir()))
    return [name.rpartition("/")[2] for name in counter.sources], said


def outputs(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def clean(pages, tmp_path):
    """Return the outputs of a build that nothing came before."""
    out = tmp_path / "clean"
    shutil.rmtree(out, ignore_errors=True)
    build(pages, out, cached=False)
    return outputs(out)


def test_only_what_changed_is_extracted_and_the_bytes_are_those_of_a_clean_build(pages, tmp_path):
    out = tmp_path / "out"
    assert build(pages, out)[0] == ["0.txt", "1.txt", "2.txt", "3.txt"]
    assert build(pages, out) == ([], [])
    assert outputs(out) == clean(pages, tmp_path)
    (pages / "2.txt").write_text(text(7), encoding="utf-8")
    assert build(pages, out)[0] == ["2.txt"]
    assert outputs(out) == clean(pages, tmp_path)
    (pages / "1.txt").unlink()
    assert build(pages, out)[0] == []
    assert outputs(out) == clean(pages, tmp_path), "a source that is gone was never there"


def test_a_source_of_another_name_is_not_extracted_again(pages, tmp_path):
    build(pages, tmp_path / "out")
    (pages / "3.txt").rename(pages / "another name.txt")
    assert build(pages, tmp_path / "out")[0] == []
    assert outputs(tmp_path / "out") == clean(pages, tmp_path)
    sources = {s["source"] for s in json.loads((tmp_path / "out" / "manifest.json").read_bytes())["inputs"]}
    assert "pages/another name.txt" in sources
    assert "another name.txt" in (tmp_path / "out" / "statements.jsonl").read_text(encoding="utf-8")


def test_a_threshold_needs_no_new_extraction_but_resources_do(pages, tmp_path):
    build(pages, tmp_path / "out")
    counter = Counter()
    lower = Settings(workers=1, min_confidence=0.2)
    assert building.build_into(tmp_path / "out", [str(pages)], lower, progress=counter).reused == 4
    own = tmp_path / "own"
    (own / "lexicons").mkdir(parents=True)
    (own / "lexicons" / "heads.tsv").write_text(
        "# own heads\n# columns: head, kind\n# source: ours\n# licence: CC0-1.0\n书屋\to\n", encoding="utf-8"
    )
    other = Settings(workers=1, resources=own)
    assert building.build_into(tmp_path / "out", [str(pages)], other).reused == 0


def test_nothing_is_loaded_when_everything_is_known(pages, tmp_path):
    build(pages, tmp_path / "out")
    code = (
        "import sys; from kg.building import build_into; from kg.settings import Settings\n"
        f"b = build_into(__import__('pathlib').Path({str(tmp_path / 'out')!r}), [{str(pages)!r}], Settings())\n"
        "print(b.reused, 'kg.extract.encoder' in sys.modules, 'rjieba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["4", "False", "False"]


def row(path):
    with sqlite3.connect(path) as database:
        return database.execute("SELECT key, digest, value FROM extraction ORDER BY key LIMIT 1").fetchone()


def spoil_a_value(path):
    key, _, value = row(path)
    with sqlite3.connect(path) as database:
        database.execute("UPDATE extraction SET value = ? WHERE key = ?", (value[:-3] + b"abc", key))


def spoil_what_it_holds(path):
    import hashlib

    bad = encode(())[:-1]
    with sqlite3.connect(path) as database:
        database.execute(
            "UPDATE extraction SET value = ?, digest = ?", (bad, hashlib.sha256(bad).hexdigest())
        )


def spoil_the_version(path):
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99")


DAMAGES = {
    "garbage": (lambda path: path.write_bytes(b"no database at all" * 400), 4),
    "truncated": (lambda path: path.write_bytes(path.read_bytes()[: 3 * path.stat().st_size // 4]), 4),
    "empty": (lambda path: path.write_bytes(b""), 4),
    "a value": (spoil_a_value, 1),
    "all values": (spoil_what_it_holds, 4),
    "another version": (spoil_the_version, 4),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_cache_is_noticed_and_made_anew(pages, tmp_path, damage):
    out = tmp_path / "out"
    build(pages, out)
    spoil, again = DAMAGES[damage]
    spoil(out / ".cache" / "build.sqlite")
    extracted, said = build(pages, out)
    assert len(extracted) == again
    if damage != "empty":
        assert said
        assert all("build.sqlite" in line for line in said)
    assert outputs(out) == clean(pages, tmp_path)
    assert build(pages, out) == ([], [])


def test_a_cache_that_is_a_folder_is_done_without(pages, tmp_path):
    (tmp_path / "out" / ".cache" / "build.sqlite").mkdir(parents=True)
    extracted, said = build(pages, tmp_path / "out")
    assert len(extracted) == 4
    assert len(said) == 1
    assert "no cache is used" in said[0]
    assert outputs(tmp_path / "out") == clean(pages, tmp_path)


def test_an_interrupted_build_keeps_what_it_extracted(pages, tmp_path, monkeypatch):
    monkeypatch.setattr("kg.cache._BATCH", 1)

    class Impatient(Counter):
        def done(self, source):
            super().done(source)
            if len(self.sources) == 3:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        building.build_into(tmp_path / "out", [str(pages)], Settings(workers=1), progress=Impatient())
    assert build(pages, tmp_path / "out")[0] == ["2.txt", "3.txt"]


def source_of(number):
    return Source(id=str(number), text="字", raw_sha256="", text_sha256=f"{number:064d}")


def test_what_no_build_uses_any_more_is_dropped(tmp_path):
    path = tmp_path / "c.sqlite"

    def one_build(*numbers):
        with Cache(path, fingerprint="f", warn=pytest.fail) as cache:
            known = [n for n in numbers if cache.extractions(source_of(n)) is not None]
            for n in numbers:
                if n not in known:
                    cache.keep(source_of(n), ())
            cache.forget_unused()
        return known

    assert one_build(1, 2) == []
    for _ in range(GENERATIONS):
        assert one_build(1) == [1]
    assert one_build(1, 2) == [1]
    with Cache(path, fingerprint="g", warn=pytest.fail) as other:
        assert other.extractions(source_of(1)) is None


spans = st.builds(lambda a, b: Span(a, a + b), st.integers(0, 9999), st.integers(0, 99))
words = st.text(max_size=8)
extractions = st.builds(
    Extraction,
    article=st.builds(
        Article,
        source=words,
        index=st.integers(0, 9),
        spans=st.tuples(spans),
        passages=st.tuples(st.builds(Passage, role=st.just("body"), spans=st.tuples(spans))),
        title=words,
    ),
    entities=st.tuples(
        st.builds(
            Entity,
            id=words,
            type=words,
            name=words,
            aliases=st.tuples(words),
            mentions=st.tuples(spans, spans),
        )
    ),
    statements=st.tuples(
        st.builds(
            Statement,
            subject=words,
            predicate=words,
            object=words,
            subject_span=spans,
            object_span=spans,
            evidence=st.tuples(st.builds(Evidence, start=st.integers(0), end=st.integers(0), text=words)),
            confidence=st.floats(0, 1),
            rule=words,
            qualifiers=st.dictionaries(words, words, max_size=2),
            attributed_to=st.none() | words,
        )
    ),
    occurrences=st.tuples(
        st.builds(
            Occurrence,
            id=words,
            kind=words,
            roles=st.dictionaries(words, st.tuples(words, words), max_size=2),
            date=st.none() | st.builds(When, value=words, text=words),
            amount=st.none() | st.builds(Amount, value=words, currency=words, modifier=words, text=words),
        )
    ),
)


@given(st.lists(extractions, max_size=2).map(tuple))
def test_what_is_kept_comes_back_as_it_was(found):
    assert decode(encode(found)) == found


@given(st.binary(max_size=60))
def test_anything_else_is_a_value_error(data):
    if data != encode(()):
        with pytest.raises(ValueError, match=r"."):
            decode(data)


def test_every_field_of_an_extraction_is_kept():
    """A field that JSON loses would make a second build differ from the first."""
    schema = json.dumps(TypeAdapter(Extraction).json_schema())
    for type_ in (Extraction, Article, Entity, Statement, Occurrence):
        for name in type_.__slots__:
            assert f'"{name}"' in schema


HOLD = """
import sys, time
from pathlib import Path
from kg.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_two_builds_in_one_folder_the_second_says_so_and_stops(pages, tmp_path):
    out = tmp_path / "out"
    build(pages, out)
    before = outputs(out)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(out)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        second = subprocess.run(
            [sys.executable, "-m", "kg", "build", str(pages), "-o", str(out)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert second.returncode == 3
        assert f"process {holder.pid} is building there" in second.stderr
        assert outputs(out) == before
        holder.kill()
    assert build(pages, out) == ([], []), "a killed build holds no lock"


def test_the_lock_is_free_again_afterwards_and_free_elsewhere(tmp_path):
    with (
        locked(tmp_path / "a"),
        locked(tmp_path / "b"),
        pytest.raises(BusyError, match=f"process {os.getpid()}"),
        locked(tmp_path / "a"),
    ):
        pass
    with locked(tmp_path / "a"):
        pass
