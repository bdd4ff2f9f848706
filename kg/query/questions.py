"""The questions that ship with newskg: SPARQL files whose leading comment lines say what they answer.

# title.zh: 某人担任哪些职务
# title.en: Positions of a person
# description: …
# derived: no                                           (whether derived.ttl is of use: no, optional or needed; why)
# parameter person: the person, by name or alias        (must be given)
# parameter name = "": a party; empty for all           (has a default)
# parameter doubtful = "false": true for all statements (takes true and false only)
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.errors import ResourceError, UsageError
from kg.resources import ROOT

_FOLDER: Final = "questions"
_SWITCH: Final = ("true", "false")
_LINE: Final = re.compile(
    r"# (?:(?P<field>title\.zh|title\.en|description|derived)"
    r'|parameter (?P<name>[a-z]+)(?: = "(?P<default>[^"]*)")?)'
    r": (?P<text>\S.*)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A value that the asker gives; `default` is None where one must be given."""

    name: str
    meaning: str
    default: str | None = None

    @property
    def is_switch(self) -> bool:
        """Whether only true and false are values of it."""
        return self.default in _SWITCH


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A named SPARQL query with its titles by language.

    `shipped` questions are tested to have the same answers in both engines. `derived` says whether a question makes use of
    derived facts (``derived.ttl``): no, optional or needed, and how.
    """

    name: str
    titles: Mapping[str, str]
    description: str
    parameters: tuple[Parameter, ...]
    sparql: str
    derived: str = "no"
    shipped: bool = False

    def bound(self, given: Mapping[str, str]) -> dict[str, str]:
        """Return a value for every parameter; raises UsageError for a missing, an unknown or an unusable one."""
        known = {parameter.name: parameter for parameter in self.parameters}
        listed = "; ".join(f"{p.name}: {p.meaning}" for p in self.parameters) or "none"
        if strangers := sorted(set(given) - set(known)):
            raise UsageError(
                f"question {self.name!r} has no parameter {strangers[0]!r}; its parameters: {listed}"
            )
        values = {}
        for parameter in self.parameters:
            value = given.get(parameter.name, parameter.default)
            if value is None:
                raise UsageError(
                    f"question {self.name!r} needs the parameter {parameter.name!r}; its parameters: {listed}"
                )
            if parameter.is_switch and value not in _SWITCH:
                raise UsageError(
                    f"question {self.name!r}: true or false was expected for {parameter.name!r}, not {value!r}"
                )
            values[parameter.name] = value
        return values


def questions(*, extra: Path | None = None) -> tuple[Question, ...]:
    """Return the shipped questions by name, and those in ``questions/`` of a user's folder `extra`, which take precedence.

    Raises ResourceError with file and line for a header that cannot be read.
    """
    found = {}
    for folder in (ROOT, extra):
        if folder is None:
            continue
        for path in sorted((folder / _FOLDER).glob("*.rq")):
            found[path.stem] = _read(path, shipped=folder == ROOT)
    return tuple(found[name] for name in sorted(found))


def question(name: str, *, extra: Path | None = None) -> Question:
    """Return one question; raises UsageError that lists the known ones."""
    known = {q.name: q for q in questions(extra=extra)}
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]}?" if near else "."
    raise UsageError(f"unknown question {name!r}{hint} Known: {', '.join(known)}")


def _read(path: Path, *, shipped: bool) -> Question:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ResourceError(str(path), f"a readable UTF-8 file was expected ({error})") from error
    fields: dict[str, str] = {}
    parameters: list[Parameter] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#"):
            break
        match = _LINE.fullmatch(line)
        if match is None:
            expected = (
                "'# title.zh: …', '# title.en: …', '# description: …' or '# parameter name: …' was expected"
            )
            raise ResourceError(str(path), expected, line=number)
        if match["field"]:
            fields[match["field"]] = match["text"]
        else:
            parameters.append(Parameter(name=match["name"], meaning=match["text"], default=match["default"]))
    for wanted in ("title.zh", "title.en", "description"):
        if wanted not in fields:
            raise ResourceError(str(path), f"a header line '# {wanted}: …' was expected", line=1)
    return Question(
        name=path.stem,
        titles={"zh": fields["title.zh"], "en": fields["title.en"]},
        description=fields["description"],
        parameters=tuple(parameters),
        sparql=text,
        derived=fields.get("derived", "no"),
        shipped=shipped,
    )
