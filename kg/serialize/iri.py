"""IRIs of the data: they keep Chinese characters and escape only what an IRI path must not hold (RFC 3987).

>>> entity_iri("https://newskg.example/id/", "organization:浙江省科技厅")
'https://newskg.example/id/organization:浙江省科技厅'
>>> entity_iri("https://newskg.example/id/", "programme:“科创中国”100%/A B")
'https://newskg.example/id/programme:“科创中国”100%25%2FA%20B'
>>> string_iri(source_iri("https://newskg.example/id/", "seeds/第1版.txt"), 128, 171)
'https://newskg.example/id/source/seeds/第1版.txt#char=128,171'
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from functools import lru_cache
from typing import Final

import pyoxigraph as ox

from kg.errors import UsageError
from kg.model import Support

DEFAULT_BASE: Final = "https://newskg.example/id/"
_PLAIN: Final = frozenset("-._~!$&'()*+,;=:@")
_ESCAPED: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"})


def checked_base(base_iri: str) -> str:
    """Return `base_iri` if it can stand before ids; raises UsageError otherwise.

    It must be absolute, end in ``/`` or ``:``, need no escaping, and have no query or fragment: evidence adds ``#char=``.
    """
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20?#]*[/:]", base_iri) is None:
        raise UsageError(
            f"base IRI {base_iri!r}: an absolute IRI that ends in / was expected, such as {DEFAULT_BASE}"
        )
    try:
        return ox.NamedNode(base_iri).value
    except ValueError as error:
        raise UsageError(f"base IRI {base_iri!r}: an absolute IRI was expected ({error})") from error


@lru_cache(maxsize=100_000)
def escaped(text: str, *, keep: str = "") -> str:
    r"""Return `text` with what an IRI segment must not hold percent-encoded; `keep` names more that may stay.

    Chinese and other letters stay as they are. ``%`` is escaped too, so that different texts never fall together; lone
    surrogates, which no UTF-8 text can hold, are escaped by their code point. So is a full stop at the end: Turtle may
    write it as ``event:Inc\.``, which rdflib does not read.
    """
    name = "".join(c if c in keep or _may_stand(c) else _percent(c) for c in text)
    return name[:-1] + _percent(".") if name.endswith(".") else name


def _may_stand(character: str) -> bool:
    if character.isascii():
        return character.isalnum() or character in _PLAIN
    # ucschar of RFC 3987 leaves out controls, surrogates, private use, U+FFF0 to U+FFFF and noncharacters; section 4.1 also
    # bans the marks that steer the direction of text (category Cf). Separators and unassigned code points could be lost or
    # disputed, so they are escaped as well. Tags and variation selectors of plane 14 are no ucschar either.
    if "\ufff0" <= character <= "\uffff" or "\U000e0000" <= character <= "\U000e0fff":
        return False
    return unicodedata.category(character) not in _ESCAPED


def _percent(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))


def unescaped(name: str) -> str:
    """Return the text that `escaped` made `name` of.

    >>> unescaped("programme:“科创中国”100%25%2FA%20B")
    'programme:“科创中国”100%/A B'
    """
    return re.sub(
        r"(?:%[0-9A-F]{2})+",
        lambda match: bytes.fromhex(match[0].replace("%", "")).decode("utf-8", "surrogatepass"),
        name,
    )


def entity_iri(base: str, node_id: str) -> str:
    """Return the IRI of an entity from its node id, such as ``organization:浙江大学``."""
    return base + escaped(node_id)


def source_iri(base: str, source_id: str) -> str:
    """Return the IRI of a source from its id, normally a relative path."""
    return f"{base}source/{escaped(source_id, keep='/')}"


def article_iri(base: str, source_id: str, index: int) -> str:
    """Return the IRI of the article number `index` of a source."""
    return f"{base}article/{escaped(source_id, keep='/')}/{index}"


def occurrence_iri(base: str, happening_id: str) -> str:
    """Return the IRI of an occurrence from its id."""
    return f"{base}occurrence/{escaped(happening_id)}"


def statement_iri(base: str, edge_id: str) -> str:
    """Return the IRI of a statement from its id."""
    return f"{base}statement/{escaped(edge_id)}"


def support_iri(base: str, edge_id: str, support: Support) -> str:
    """Return the IRI of one support of a statement, from what it says: new articles rename no older support."""
    content = [
        [support.source, support.article, support.evidence.start, support.evidence.end],
        [*support.subject_span, *support.object_span],
        [support.rule, f"{support.confidence:.6f}", support.attributed_to],
        sorted(support.qualifiers.items()),
    ]
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{base}support/{escaped(edge_id)}-{digest}"


def run_iri(base: str, digest: str) -> str:
    """Return the IRI of a run of the program from the digest of all that decides its result."""
    return f"{base}run/{digest}"


def dataset_iri(base: str, digest: str) -> str:
    """Return the IRI of the graph that the run with this digest made."""
    return f"{base}dataset/{digest}"


def derived_iri(base: str, digest: str) -> str:
    """Return the IRI of the facts derived from that graph."""
    return f"{base}derived/{digest}"


def derivation_iri(base: str, subject: str, predicate: str, object_: str) -> str:
    """Return the IRI of the derivation of a triple, from the IRIs of the triple."""
    content = json.dumps([subject, predicate, object_], ensure_ascii=False, separators=(",", ":"))
    return f"{base}derivation/{hashlib.sha256(content.encode()).hexdigest()[:16]}"


def software_iri(base: str, name: str, version: str) -> str:
    """Return the IRI of a version of a program."""
    return f"{base}software/{escaped(name)}-{escaped(version)}"


def resource_iri(base: str, digest: str) -> str:
    """Return the IRI of a resource of the program from its SHA-256."""
    return f"{base}resource/{escaped(digest)}"


def string_iri(source: str, start: int, end: int) -> str:
    """Return the RFC 5147 IRI of the characters `start` to `end` (code points) of a source, given its IRI."""
    return f"{source}#char={start},{end}"
