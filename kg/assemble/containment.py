"""The administrative divisions of a graph: those that articles name, those that names begin with, and all above them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kg.model import Division, Identity, PlacedDivision


def placed_divisions(
    identities: Iterable[Identity],
) -> tuple[tuple[PlacedDivision, ...], Mapping[str, str]]:
    """Return the divisions, sorted by id, and the division that each other node is named after, by node id.

    A division that an article names is that node; one that only stands above another gets the id that it would have.
    """
    everyone = sorted(identities, key=lambda identity: identity.id)
    taken = {identity.id for identity in everyone}
    nodes: dict[str, str] = {}
    for identity in everyone:
        if identity.is_division and identity.divisions:
            nodes.setdefault(identity.divisions[0].code, identity.id)

    def id_of(division: Division) -> str:
        if division.code not in nodes:
            bare = f"place:{division.name}"
            nodes[division.code] = bare if bare not in taken else f"{bare}（{division.code}）"
        return nodes[division.code]

    placed: dict[str, PlacedDivision] = {}
    named_after: dict[str, str] = {}
    for identity in everyone:
        for number, division in enumerate(identity.divisions):
            above = identity.divisions[number + 1 : number + 2]
            placed[division.code] = PlacedDivision(
                id=id_of(division),
                code=division.code,
                name=division.name,
                within=id_of(above[0]) if above else "",
            )
        if identity.divisions and nodes[identity.divisions[0].code] != identity.id:
            named_after[identity.id] = id_of(identity.divisions[0])
    return tuple(sorted(placed.values(), key=lambda division: division.id)), named_after
