"""One JSON object as one line, whatever the text in it."""

from __future__ import annotations

import json
from collections.abc import Mapping

_BREAKS = {ord(c): f"\\u{ord(c):04x}" for c in "\x7f\x85\u2028\u2029"}


def line(record: Mapping[str, object]) -> str:
    r"""Return `record` as one line of JSON with the line feed at its end, fit for UTF-8.

    Characters that some readers take for line breaks, and lone surrogates, are written as escapes.

    >>> line({"甲": "一\u2028二"})
    '{"甲": "一\\u2028二"}\n'
    """
    text = json.dumps(record, ensure_ascii=False, allow_nan=False).translate(_BREAKS)
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"
