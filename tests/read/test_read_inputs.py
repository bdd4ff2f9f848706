"""What reading promises: every usable input becomes a source, every other one is named with the reason."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.model import Source
from kg.read import read_sources
from kg.read.encodings import UndecodableError, decode

TEXT = (
    "青禾市科学技术局昨天在云栖大厦举行签约仪式，三家企业与大学签订了合作协议。\r\n会上还发布了一份白皮书。\n"
)


def failure(item: Source | InputError) -> tuple[str, str]:
    assert isinstance(item, InputError)
    return item.source, item.reason


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_every_encoding_gives_the_same_text_with_newlines_as_they_came(tmp_path: Path, encoding: str) -> None:
    raw = TEXT.encode(encoding)
    (tmp_path / "a.txt").write_bytes(raw)
    (source,) = read_sources([str(tmp_path / "a.txt")])
    assert isinstance(source, Source)
    assert source.text == TEXT
    assert source.raw_sha256 == hashlib.sha256(raw).hexdigest()
    assert source.text_sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert not source.single


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"%PDF-1.7 x", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0", "PNG"),
        (bytes(range(256)) * 4, "binary"),
        (TEXT.encode()[:40] + b"\xff" + TEXT.encode()[42:], "damaged at byte"),
        ("ไม่ใช่ภาษาจีน".encode("cp874"), "neither UTF-8 nor GB18030 nor UTF-16"),
    ],
)
def test_unusable_bytes_are_refused_with_the_reason(raw: bytes, reason: str) -> None:
    with pytest.raises(UndecodableError, match=reason):
        decode(raw)


@given(st.text(alphabet="的一是在国有人这中大来上，。会议举行公司发布", min_size=1))
def test_utf8_always_comes_back(text: str) -> None:
    assert decode(text.encode()) == text


@given(st.binary(max_size=300))
def test_any_bytes_give_text_or_a_reason(raw: bytes) -> None:
    try:
        assert decode(raw).strip()
    except UndecodableError as error:
        assert str(error)


def test_a_folder_is_read_in_order_without_hidden_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "pages"
    for name in ("b.txt", "a/z.txt", ".hidden.txt", ".git/c.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"第{name}篇文章的正文。", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    expected = ["pages/a/z.txt", "pages/b.txt"]
    for given_as in ("pages", "./pages/", str(folder), "../" + tmp_path.name + "/pages"):
        assert [s.id for s in read_sources([given_as]) if isinstance(s, Source)] == expected
    monkeypatch.chdir(folder)
    assert [s.id for s in read_sources(["."]) if isinstance(s, Source)] == ["a/z.txt", "b.txt"]
    assert [s.id for s in read_sources([str(folder / "b.txt"), "b.txt"]) if isinstance(s, Source)] == [
        "pages/b.txt",
        "b.txt",
    ]


def test_missing_and_empty_inputs_are_named(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    items = [failure(i) for i in read_sources([str(tmp_path / "x.txt"), str(tmp_path / "none"), "a\0b"])]
    assert items[0] == (str(tmp_path / "x.txt"), "there is no such file or folder")
    assert items[1] == ("none", "the folder holds no file")
    assert items[2][0] == "a\0b"


def test_records_are_sources_and_a_broken_line_is_named_by_its_number() -> None:
    lines = [
        json.dumps(
            {"id": "n1", "text": "\ufeff正文一。", "title": "标题", "published": "2023-08-14T09:00:00"}
        ),
        "",
        '{"id": "n2", "text": 5}',
        "{broken",
        '{"id": "n3", "text": "\\ud800"}',
        '{"id": "n4", "text": "正文。", "published": "昨天"}',
        '{"id": "n5", "text": "正文五\u2028。", "extra": [1]}',
    ]
    items = list(read_sources(["-"], stdin=io.BytesIO("\n".join(lines).encode())))
    first, *failed, last = items
    assert isinstance(first, Source)
    assert isinstance(last, Source)
    assert (first.id, first.text, first.title, first.published, first.single) == (
        "n1",
        "\ufeff正文一。",
        "标题",
        "2023-08-14",
        True,
    )
    assert (last.id, last.text) == ("n5", "正文五\u2028。")
    assert [failure(item)[0] for item in failed] == ["-:3", "-:4", "-:5", "-:6"]
    assert all('{"id"' in failure(item)[1] for item in failed)


def test_plain_text_on_standard_input_is_one_source() -> None:
    (source,) = read_sources(["-"], stdin=io.BytesIO(TEXT.encode("gb18030")))
    assert isinstance(source, Source)
    assert (source.id, source.text) == ("-", TEXT)


def test_an_id_with_two_texts_is_refused_and_a_repeated_text_is_kept_once(tmp_path: Path) -> None:
    rows = [("a", "甲。"), ("b", "乙。"), ("a", "丙。"), ("b", "乙。"), ("c", "丁。")]
    lines = [json.dumps({"id": i, "text": t}) for i, t in rows]
    for order in (lines, lines[::-1]):
        (tmp_path / "r.jsonl").write_text("\n".join(order), encoding="utf-8")
        items = list(read_sources([str(tmp_path / "r.jsonl")]))
        assert sorted((s.id, s.text) for s in items if isinstance(s, Source)) == [
            ("b", "乙。"),
            ("c", "丁。"),
        ]
        assert [failure(i)[0] for i in items if isinstance(i, InputError)] == ["a"]


def test_a_file_without_telling_name_is_read_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "data").write_text('{"id": "q", "text": "正文。"}\n', encoding="utf-8")
    (source,) = read_sources([str(tmp_path / "data")])
    assert isinstance(source, Source)
    assert source.id == "q"
