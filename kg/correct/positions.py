"""YAML as plain data in which every value is words, with the line on which each stands.

A name such as 360 or ``no`` stays what was written: nothing is taken for a number, a date or a truth value.
"""

from __future__ import annotations

from typing import Any, Final

import yaml

from kg.errors import CorrectionsError

Path = tuple[str | int, ...]
"""The keys and indices that lead from the root to a value."""

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Positions:
    """Where the values of a file stand; lines count from 1."""

    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}

    def line(self, path: Path) -> int:
        """Return the line of the value at `path`, or of the nearest value above it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def compose(text: str, *, file: str) -> yaml.Node | None:
    """Return the root node of a YAML text, None for an empty one. Raises CorrectionsError with the line."""
    try:
        root: yaml.Node | None = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = error.problem or error.context or "not readable"
        raise CorrectionsError(
            file, f"YAML was expected ({said})", line=mark.line + 1 if mark else None
        ) from error
    except yaml.YAMLError as error:
        position = getattr(error, "position", None)
        line = None if position is None else text.count("\n", 0, position) + 1
        said = getattr(error, "reason", None) or "not readable"
        raise CorrectionsError(file, f"YAML was expected ({said})", line=line) from error
    except RecursionError as error:
        raise CorrectionsError(file, "YAML was expected that is not nested without end") from error
    return root


def read(text: str, *, file: str) -> tuple[Any, Positions]:
    """Return the data of a YAML text and where it stands; keys without a value are left out.

    Raises CorrectionsError for what is no YAML, for a key given twice, and for anchors and aliases.
    """
    positions = Positions()
    root = compose(text, file=file)
    if root is None:
        return None, positions
    return _data(root, (), positions, set(), file), positions


def _data(node: yaml.Node, path: Path, positions: Positions, seen: set[int], file: str) -> Any:  # noqa: ANN401 - plain data
    line = node.start_mark.line + 1
    if id(node) in seen:
        raise CorrectionsError(
            file, "anchors and aliases are not used here; write the words again", line=line
        )
    seen.add(id(node))
    positions.lines.setdefault(path, line)
    if isinstance(node, yaml.ScalarNode):
        empty = node.tag == "tag:yaml.org,2002:null" and node.value in ("", "~")
        return None if empty else str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_data(one, (*path, i), positions, seen, file) for i, one in enumerate(node.value)]
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key_line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise CorrectionsError(file, "a key in plain words was expected", line=key_line)
        key = str(key_node.value)
        if (*path, key) in positions.lines:
            raise CorrectionsError(
                file,
                f"the key {key!r} is given twice, first on line {positions.line((*path, key))}",
                line=key_line,
            )
        positions.lines[*path, key] = key_line
        value = _data(value_node, (*path, key), positions, seen, file)
        if value is not None:
            found[key] = value
    return found
