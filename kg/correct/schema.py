"""What may stand in a corrections file: one model per kind of entry, and the JSON Schema of the whole.

A thing is given by a name that articles or the graph call it, with type and article where the name alone would not do:
``{name: 王刚, type: Person, article: a.txt}``, or just ``王刚``. An article is given by its source, ``a.txt``, or
``page.txt#2`` for the third article of a page, by its headline, or by the SHA-256 of the text of its source.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Annotated, Any, Final

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    model_validator,
)

from kg.model import Modality

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12,64}$")]
Number = Annotated[str, StringConstraints(pattern=r"^\d+$")]
Date = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]

_SPACE = re.compile(r"\s+")


def plain(name: str) -> str:
    """Return `name` as names are compared: in one width and case, without white space.

    >>> plain("ＡＢＣ 科技") == plain("abc科技")
    True
    """
    return _SPACE.sub("", unicodedata.normalize("NFKC", name)).casefold()


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ArticleRef(_Model):
    """An article; all that is given must fit."""

    any_of: Words = Field(
        default="",
        description="a source, source#number, headline or digest; the same as words in place of the mapping",
    )
    source: Words = Field(default="", description="the path or id of the source, as the graph gives it")
    number: Number = Field(default="", description="which article of the source, from 0")
    title: Words = Field(default="", description="the headline")
    digest: Digest = Field(
        default="", description="SHA-256 of the text of the source, 12 digits or more of its beginning"
    )

    @model_validator(mode="after")
    def _says_something(self) -> ArticleRef:
        if not (self.any_of or self.source or self.title or self.digest):
            raise ValueError("a source, title or digest was expected")
        return self

    @property
    def words(self) -> str:
        """The article in words."""
        number = f"#{self.number}" if self.number else ""
        return " ".join(filter(None, (self.any_of, self.source + number, self.title, self.digest)))


def _articles(value: Any) -> Any:  # noqa: ANN401 - whatever the file holds
    several = value if isinstance(value, list | tuple) else [value]
    return [{"any_of": one} if isinstance(one, str) else one for one in several]


Articles = Annotated[
    tuple[ArticleRef, ...],
    BeforeValidator(_articles, json_schema_input_type=str | ArticleRef | list[str | ArticleRef]),
    Field(default=(), description="the article or articles meant; without it all of them"),
]


class ThingRef(_Model):
    """One thing, by what articles or the graph call it."""

    name: Words = Field(
        description="a name of it, in the graph or in an article; also with what tells it from others, as in 王刚（聊城市）"
    )
    type: Words = Field(default="", description="its class or subtype, such as Person")
    article: Articles = ()

    @property
    def words(self) -> str:
        """The thing in words."""
        type_ = f"（{self.type}）" if self.type else ""
        where = f" [{', '.join(sorted(a.words for a in self.article))}]" if self.article else ""
        return f"{self.name}{type_}{where}"


def _thing(value: Any) -> Any:  # noqa: ANN401 - whatever the file holds
    return {"name": value} if isinstance(value, str) else value


Thing = Annotated[ThingRef, BeforeValidator(_thing, json_schema_input_type=str | ThingRef)]


class EndRef(ThingRef):
    """An end of a statement that is added."""

    as_: Words = Field(
        default="",
        alias="as",
        description="the words of the quote that stand for it, if not its name: 该公司",
    )


End = Annotated[EndRef, BeforeValidator(_thing, json_schema_input_type=str | EndRef)]


class StatementRef(_Model):
    """Statements that articles make: all that fit what is given."""

    subject: Thing
    predicate: Words
    object: Thing
    article: Articles = ()
    modality: Modality | None = Field(
        default=None, description="stated, planned or past; without it all three"
    )
    qualifiers: dict[Words, str] = Field(
        default={},
        description="values that the statement must have, such as role: 董事长; '' for none of this name",
    )

    @property
    def words(self) -> str:
        """The statement in words."""
        more = [f"{name}={value}" for name, value in sorted(self.qualifiers.items())]
        more += [self.modality] if self.modality else []
        return _sentence(self.subject, self.predicate, self.object, more, self.article)


class Outside(_Model):
    """A source that is no article of the graph."""

    title: Words = Field(description="what it is called")
    publisher: Words = ""
    date: Date = Field(default="", description="2024, 2024-03 or 2024-03-01")
    url: Words = ""
    quote: Words = Field(default="", description="what it says, in its own words; best with both names")


class NewStatement(_Model):
    """A statement that no rule found."""

    subject: End
    predicate: Words
    object: End
    modality: Modality = "stated"
    qualifiers: dict[Words, Words] = {}

    @property
    def words(self) -> str:
        """The statement in words."""
        more = [f"{name}={value}" for name, value in sorted(self.qualifiers.items())]
        more += [self.modality] if self.modality != "stated" else []
        return _sentence(self.subject, self.predicate, self.object, more, ())


class Entry(_Model):
    """What every entry may carry."""

    reason: Words = Field(default="", description="why, in your own words")
    by: Words = Field(default="", description="who decided it")

    def _action(self) -> str:
        """Return what the entry does, in words."""
        raise NotImplementedError

    @property
    def words(self) -> str:
        """The entry in words, with reason and author; equal for entries that say the same."""
        reason = f"（{self.reason}）" if self.reason else ""
        by = f" — {self.by}" if self.by else ""
        return f"{self._action()}{reason}{by}"

    def content(self) -> dict[str, Any]:
        """Return what is written into a file, in the order of the models."""
        dumped = self.model_dump(exclude_defaults=True, by_alias=True)
        last = {name: dumped.pop(name) for name in ("reason", "by") if name in dumped}
        return {name: _abbreviated(value) for name, value in (dumped | last).items()}


class Merge(Entry):
    """These are one thing."""

    merge: tuple[Thing, ...] = Field(min_length=2)

    def _action(self) -> str:
        return "merge " + " = ".join(sorted(thing.words for thing in self.merge))


class KeepApart(Entry):
    """These are as many different things, whatever the articles suggest."""

    keep_apart: tuple[Thing, ...] = Field(min_length=2)

    def _action(self) -> str:
        return "keep apart " + " ≠ ".join(sorted(thing.words for thing in self.keep_apart))


class Rename(Entry):
    """The thing is called otherwise; what the articles call it stays as alias."""

    rename: Thing
    to: Words

    def _action(self) -> str:
        return f"rename {self.rename.words} → {self.to}"


class Retype(Entry):
    """The thing is of another class or subtype."""

    retype: Thing
    to: Words = Field(description="a class, or a subtype and with it its class: Organization, University")

    def _action(self) -> str:
        return f"retype {self.retype.words} → {self.to}"


class DropThing(Entry):
    """What is named is no thing at all, or none that belongs into the graph: it goes with all its statements."""

    drop: Thing

    def _action(self) -> str:
        return f"drop {self.drop.words}"


class DropStatement(Entry):
    """The articles do not say this."""

    drop: StatementRef

    def _action(self) -> str:
        return f"drop {self.drop.words}"


class Accept(Entry):
    """The articles do say this: it counts as sure, with the evidence that it has."""

    accept: StatementRef

    def _action(self) -> str:
        return f"accept {self.accept.words}"


class Add(Entry):
    """Something more is so: an article says it in words that are quoted, or a source outside says it."""

    add: NewStatement
    quote: Words = Field(default="", description="words of an article that state it")
    article: Articles = ()
    source: Outside | None = Field(default=None, description="where it stands, if in no article of the graph")

    @model_validator(mode="after")
    def _has_one_source(self) -> Add:
        if bool(self.quote) == (self.source is not None):
            raise ValueError("either quote (words of an article) or source (title, url, …) was expected")
        if self.source is not None and self.article:
            raise ValueError("article goes with quote; a source outside needs none")
        return self

    def _action(self) -> str:
        where = f" [{', '.join(sorted(a.words for a in self.article))}]" if self.article else ""
        said = f"“{self.quote}”" if self.quote else f"{self.source.title if self.source else ''}"
        return f"add {self.add.words}: {said}{where}"


class Block(Entry):
    """What this rule finds does not count, in an article or everywhere. ``name.*`` stands for all that begin so."""

    block: Words = Field(description="the name of a rule, as the statements give it")
    article: Articles = ()

    def _action(self) -> str:
        where = f" [{', '.join(sorted(a.words for a in self.article))}]" if self.article else ""
        return f"block {self.block}{where}"


AnyEntry = Merge | KeepApart | Rename | Retype | DropThing | DropStatement | Accept | Add | Block
KINDS: Final[tuple[str, ...]] = ("merge", "keep_apart", "rename", "retype", "drop", "accept", "add", "block")


def model_of(kind: str, data: dict[str, Any]) -> type[Entry]:
    """Return the model of an entry of `kind`; what is dropped is a statement if it has the keys of one."""
    if kind == "drop":
        dropped = data["drop"]
        statement = isinstance(dropped, dict) and {"subject", "predicate", "object"} & dropped.keys()
        return DropStatement if statement else DropThing
    models: dict[str, type[Entry]] = {
        "merge": Merge,
        "keep_apart": KeepApart,
        "rename": Rename,
        "retype": Retype,
        "accept": Accept,
        "add": Add,
        "block": Block,
    }
    return models[kind]


def json_schema() -> str:
    """Return the JSON Schema of a corrections file, indented."""
    schema = TypeAdapter(list[AnyEntry]).json_schema()
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "corrections of newskg",
        "description": "A list of entries, each with one of the keys " + ", ".join(KINDS) + ".",
    }
    return json.dumps({**head, **schema}, ensure_ascii=False, indent=2) + "\n"


def _sentence(
    subject: ThingRef, predicate: str, object_: ThingRef, more: list[str], articles: tuple[ArticleRef, ...]
) -> str:
    qualified = f" ({', '.join(more)})" if more else ""
    where = f" [{', '.join(sorted(a.words for a in articles))}]" if articles else ""
    return f"{subject.words} {predicate} {object_.words}{qualified}{where}"


def _abbreviated(value: Any) -> Any:  # noqa: ANN401 - whatever a model dumps
    """Return `value` with the short forms that a person would write."""
    if isinstance(value, dict):
        if value.keys() == {"name"}:
            return value["name"]
        if value.keys() == {"any_of"}:
            return value["any_of"]
        return {
            name: _one_alone(_abbreviated(inner)) if name == "article" else _abbreviated(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [_abbreviated(inner) for inner in value]
    return value


def _one_alone(value: Any) -> Any:  # noqa: ANN401 - whatever a model dumps
    return value[0] if isinstance(value, list) and len(value) == 1 else value
