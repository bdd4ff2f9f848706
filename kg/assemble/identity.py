"""Who is who when local ids become ids of the graph, and the digests that name statements."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable

from kg.errors import InvariantError
from kg.model import Article, Identity

NodeOf = Callable[[Article, str], str]
"""From an article and a local entity id to the node id."""


def lookup(identities: Iterable[Identity]) -> NodeOf:
    """Return the function that finds the node of a local entity.

    The function raises InvariantError for an entity that no identity has as a member.
    """
    nodes = {member: identity.id for identity in identities for member in identity.members}

    def node_of(article: Article, entity: str) -> str:
        try:
            return nodes[article.source, article.index, entity]
        except KeyError:
            raise InvariantError(
                f"{article.source}, article {article.index}: entity {entity!r} belongs to no identity; "
                "every entity that a statement names was expected among the entities of its article"
            ) from None

    return node_of


def digest(content: object) -> str:
    """Return a short digest of JSON-like `content`: the same content has the same digest wherever it is computed.

    >>> digest(["甲", "hosts", "乙"])
    '3a3d3175fff1327d'
    """
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
