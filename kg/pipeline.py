"""Sources are read, split and extracted: what every article says.

Extraction of one source is a pure function of its text and the settings; it runs in parallel, the rest in one process.
A source that cannot be used is a `Failure` and does not stop the others, also when the program itself trips over it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Protocol

from kg.errors import InputError, InvariantError, OntologyError, ResourceError
from kg.model import Article, Extraction, Layout, Source
from kg.settings import SALIENT, Settings
from kg.threads import one_blas_thread
from kg.workers import cores, in_order

if TYPE_CHECKING:
    from kg.cache import Cache


class Extractor(Protocol):
    """What turns the articles of one source into extractions."""

    def __call__(self, source: Source, articles: tuple[Article, ...]) -> tuple[Extraction, ...]:
        """Return one extraction per article, in order."""
        ...


Loader = Callable[[Path | None], Extractor]


class Progress(Protocol):
    """Who wants to know how far a run is."""

    def start(self, total: int) -> None:
        """Hear how many sources will be extracted."""

    def done(self, source: str) -> None:
        """Hear that a source is finished."""

    def phase(self, name: str) -> None:
        """Hear what the run does next."""


class Silent:
    """Progress that nobody watches."""

    def start(self, total: int) -> None:
        """Ignore it."""

    def done(self, source: str) -> None:
        """Ignore it."""

    def phase(self, name: str) -> None:
        """Ignore it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An input that yields nothing, with the reason; `bug` says that the program is at fault, not the input."""

    source: str
    reason: str
    bug: bool = False


class Extracted(NamedTuple):
    """A source with what its articles yield, everything at or above the confidence of the settings or not.

    `reused` says that an earlier build extracted it.
    """

    source: Source
    extractions: tuple[Extraction, ...]
    reused: bool = False


@dataclass(frozen=True, slots=True)
class _Unusable:
    """A ResourceError on its way between processes."""

    file: str
    message: str
    line: int | None
    ontology: bool

    @classmethod
    def of(cls, error: ResourceError) -> _Unusable:
        where = error.file if error.line is None else f"{error.file}:{error.line}"
        message = str(error).removeprefix(f"{where}: ")
        return cls(error.file, message, error.line, isinstance(error, OntologyError))

    def error(self) -> ResourceError:
        kind = OntologyError if self.ontology else ResourceError
        return kind(self.file, self.message, line=self.line)


def load(resources: Path | None) -> Extractor:
    """Return the extractor that ships with newskg, extended by the folder `resources`."""
    from kg.extractor import load_extractor
    from kg.vocabulary import load_vocabulary

    return load_extractor(resources, load_vocabulary(resources))


def read(inputs: Sequence[str], *, stdin: BinaryIO | None = None) -> tuple[list[Source], list[Failure]]:
    """Return the sources of `inputs` in their order, and what could not be used."""
    from kg.read import read_sources

    sources: list[Source] = []
    failures: list[Failure] = []
    for item in read_sources(inputs, stdin=stdin):
        if isinstance(item, InputError):
            failures.append(Failure(source=item.source, reason=item.reason))
        else:
            sources.append(item)
    return sources, failures


def extract(
    sources: Sequence[Source],
    settings: Settings,
    *,
    loader: Loader = load,
    progress: Progress | None = None,
    cache: Cache | None = None,
) -> Iterator[Extracted | Failure]:
    """Yield what every source yields, in their order; the same for any number of workers.

    What `cache` has is not extracted again, and what it lacks is put there. Raises ResourceError when the resources cannot
    be used.
    """
    one_blas_thread()
    watcher = progress or Silent()
    known = {} if cache is None else {n: x for n, s in enumerate(sources) if (x := cache.extractions(s))}
    missing = [source for n, source in enumerate(sources) if n not in known]
    workers = min(settings.workers or cores(), len(missing)) or 1
    work = functools.partial(_extract, layout=settings.layout, resources=settings.resources, loader=loader)
    results = in_order(work, missing, workers=workers, died=_died)
    watcher.start(len(missing))
    for number, source in enumerate(sources):
        if number in known:
            yield Extracted(source, known[number], reused=True)
            continue
        result = next(results)
        if isinstance(result, _Unusable):
            raise result.error()
        watcher.done(source.id)
        if isinstance(result, Failure):
            yield result
            continue
        if cache is not None:
            cache.keep(source, result)
        yield Extracted(source, result)


def confident(extraction: Extraction, *, minimum: float) -> Extraction:
    """Return `extraction` without the statements below `minimum`, their occurrences, and names in passing."""
    kept = tuple(s for s in extraction.statements if s.confidence >= minimum)
    dropped = {s.occurrence for s in extraction.statements} - {s.occurrence for s in kept}
    occurrences = tuple(o for o in extraction.occurrences if o.id not in dropped)
    return salient(replace(extraction, statements=kept, occurrences=occurrences))


def salient(extraction: Extraction) -> Extraction:
    """Return `extraction` without the entities that are named in passing: of low confidence, and in no statement."""
    needed = {end for s in extraction.statements for end in (s.subject, s.object)}
    needed |= {e for o in extraction.occurrences for ends in o.roles.values() for e in ends}
    needed |= {e for o in extraction.occurrences for e in (o.place, o.event) if e}
    entities = tuple(e for e in extraction.entities if e.id in needed or e.confidence >= SALIENT)
    return replace(extraction, entities=entities)


@functools.cache
def _loaded(loader: Loader, resources: Path | None) -> Extractor:
    return loader(resources)


def _extract(
    source: Source, *, layout: Layout, resources: Path | None, loader: Loader
) -> tuple[Extraction, ...] | Failure | _Unusable:
    """Do one source in a worker; exceptions come back as values, because not all of them survive the way."""
    try:
        extractor = _loaded(loader, resources)
    except ResourceError as error:
        return _Unusable.of(error)
    try:
        from kg.split import split

        articles = split(source, layout=layout)
        if not articles:
            return Failure(source=source.id, reason="no article was found in it")
        extractions = extractor(source, articles)
        _keep_promises(source, extractions)
        return extractions
    except InputError as error:
        return Failure(source=source.id, reason=error.reason)
    except Exception as error:
        return Failure(source=source.id, reason=_bug(error), bug=True)


def _keep_promises(source: Source, extractions: Sequence[Extraction]) -> None:
    """Raise InvariantError for evidence that is not in the text and for statements about unknown entities."""
    for extraction in extractions:
        known = {entity.id for entity in extraction.entities}
        for statement in extraction.statements:
            what = f"{statement.subject} {statement.predicate} {statement.object} by {statement.rule}"
            if not {statement.subject, statement.object} <= known:
                raise InvariantError(f"{what}: an end is no entity of its article")
            for evidence in statement.evidence:
                if not evidence.text or source.text[evidence.start : evidence.end] != evidence.text:
                    raise InvariantError(f"{what}: {evidence.text!r} does not stand at {evidence.start}")


def _bug(error: Exception) -> str:
    place = extract_tb(error.__traceback__)[-1]
    what = f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}: {error}"
    return f"newskg itself failed on it ({what}); please report this with the input"


def _died(source: Source) -> Failure:
    reason = "the process that worked on it was killed, perhaps for want of memory; try a machine with more or --workers 1"
    return Failure(source=source.id, reason=reason)


def gather(results: Iterable[Extracted | Failure]) -> tuple[list[Extracted], list[Failure]]:
    """Split `results` into what was extracted and what failed."""
    extracted: list[Extracted] = []
    failures: list[Failure] = []
    for result in results:
        if isinstance(result, Failure):
            failures.append(result)
        else:
            extracted.append(result)
    return extracted, failures
