"""Raw bytes become text, or a reason why they cannot.

UTF-8 proves itself: text in another encoding is practically never valid UTF-8. GB18030 and UTF-16 accept almost any
bytes, so they are believed only when what they yield looks like Chinese: mostly characters that are common in print.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x7f]")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_SAMPLE = 20_000
_LEAST_COMMON = 0.7
"""Share of common characters below which a guessed encoding is not believed; true text has above 0.85."""
_DAMAGED_UTF8 = 0.05
"""Share of bad sequences below which bytes are damaged UTF-8 rather than something else."""


class UndecodableError(ValueError):
    """Bytes that are no text in a known encoding; the message is a reason to show."""


def decode(raw: bytes) -> str:
    """Return the text of `raw` without a leading byte-order mark; newlines stay as they are.

    Raises UndecodableError for empty, binary and undecodable input.
    """
    if not raw.strip():
        raise UndecodableError("it is empty")
    for signature, what in _SIGNATURES:
        if raw.startswith(signature):
            raise UndecodableError(f"it is {what}, not text; give plain text or JSON Lines")
    text = _decoded(raw)
    if not text.translate(_INVISIBLE).strip():
        raise UndecodableError("it is empty")
    return text


def _decoded(raw: bytes) -> str:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            try:
                text = raw[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                at = error.start + len(mark)
                raise UndecodableError(f"its mark says {encoding}, but byte {at} does not fit") from error
            return _without_controls(text)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return _guessed(raw, error)
    if "\0" in text:  # valid as UTF-8, but Latin text in UTF-16 is that too
        return _guessed(raw, None)
    return _without_controls(text)


def _guessed(raw: bytes, error: UnicodeDecodeError | None) -> str:
    high = sum(byte >= 0x80 for byte in raw[:_SAMPLE])
    if error is not None and high:
        bad = raw[:_SAMPLE].decode("utf-8", errors="replace").count("\ufffd") - raw[:_SAMPLE].count(
            b"\xef\xbf\xbd"
        )
        if 3 * bad <= max(_DAMAGED_UTF8 * high, 3) and high > 12:
            raise UndecodableError(
                f"it is UTF-8 but damaged at byte {error.start}; repair it or save it again"
            )
    best = (0.0, "")
    for encoding in ("gb18030", "utf-16-le", "utf-16-be"):
        if encoding != "gb18030" and len(raw) % 2:
            continue
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _CONTROL.search(text) is None:
            best = max(best, (_common(text[:_SAMPLE]), text), key=lambda pair: pair[0])
    if best[0] >= _LEAST_COMMON:
        return best[1].removeprefix("\ufeff")
    if b"\0" in raw or _CONTROL.search(raw[:_SAMPLE].decode("latin-1")):
        raise UndecodableError("it is binary, not text")
    where = "" if error is None else f" (byte {error.start} is not UTF-8)"
    raise UndecodableError(f"it is neither UTF-8 nor GB18030 nor UTF-16{where}; save it as UTF-8")


def _without_controls(text: str) -> str:
    found = _CONTROL.search(text)
    if found and (found.group() == "\0" or len(_CONTROL.findall(text)) * 100 > len(text)):
        raise UndecodableError("it is binary, not text")
    return text


def _common(text: str) -> float:
    """Return the share of characters that stand in ordinary Chinese text."""
    solid = [c for c in text if not c.isspace()]
    return sum(map(_is_common, solid)) / max(1, len(solid))


def _is_common(char: str) -> bool:
    if char.isascii():
        return char.isprintable()
    if "\u4e00" <= char <= "\u9fff":
        try:
            return (
                0xB0 <= char.encode("gb2312")[0] <= 0xD7
            )  # the 3,755 characters ordered by sound: the common ones
        except UnicodeEncodeError:
            return False
    return char in "，。、；：？！“”‘’（）《》〈〉【】「」『』—…·～％□◎○●■▲￥　" or (
        unicodedata.category(char) in ("Nd", "Lu", "Ll") and "\uff00" <= char <= "\uffef"
    )
