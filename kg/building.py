"""From inputs to a folder of outputs: extractions are resolved, assembled, corrected, validated and written."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from kg.errors import ConformanceError
from kg.manifest import about, fingerprint
from kg.model import CORRECTION, KnowledgeGraph, Skipped
from kg.outputs import discrepancies, publish
from kg.pipeline import Failure, Loader, Progress, Silent, extract, gather, load, read, salient
from kg.settings import Settings

if TYPE_CHECKING:
    from kg.cache import Cache
    from kg.correct import Corrections
    from kg.vocabulary import Vocabulary


CACHE = ".cache"
"""The folder below the outputs in which builds keep what they found out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build made: how much, and which inputs gave nothing.

    `doubtful` statements are below the threshold; of the sources, `reused` were extracted by an earlier build and
    `extracted` by this one. `corrections` is the number of corrections, `complaints` name those that have no effect, or not
    all of it, with file and line.
    """

    articles: int
    entities: int
    statements: int
    doubtful: int
    failures: tuple[Failure, ...]
    reused: int = 0
    extracted: int = 0
    corrections: int = 0
    complaints: tuple[str, ...] = ()


def assemble_all(
    inputs: Sequence[str],
    settings: Settings,
    *,
    stdin: BinaryIO | None = None,
    loader: Loader = load,
    progress: Progress | None = None,
    corrections: Corrections | None = None,
) -> tuple[KnowledgeGraph, list[Failure]]:
    """Return the graph of `inputs` and what could not be used; the order of the inputs does not matter.

    Raises ResourceError when resources or ontology cannot be used.
    """
    graph, failures, _, _ = _assembled(
        inputs, settings, stdin=stdin, loader=loader, progress=progress, corrections=corrections
    )
    return graph, failures


def _assembled(
    inputs: Sequence[str],
    settings: Settings,
    *,
    stdin: BinaryIO | None,
    loader: Loader,
    progress: Progress | None,
    cache: Cache | None = None,
    corrections: Corrections | None = None,
) -> tuple[KnowledgeGraph, list[Failure], int, tuple[str, ...]]:
    """Return the graph, what could not be used, how many sources the cache had, and complaints about corrections."""
    from kg.assemble import assemble
    from kg.correct import Corrected, correct
    from kg.resolve.across import identify
    from kg.resolve.halves import with_first_halves
    from kg.vocabulary import load_vocabulary

    watcher = progress or Silent()
    vocabulary = load_vocabulary(settings.resources)
    sources, failures = read(inputs, stdin=stdin)
    results, failed = gather(extract(sources, settings, loader=loader, progress=watcher, cache=cache))
    failures = sorted(failures + failed, key=lambda failure: (failure.source, failure.reason))
    watcher.phase("resolving and assembling")
    results.sort(key=lambda result: result.source.id)
    extractions = with_first_halves(
        tuple(salient(extraction) for result in results for extraction in result.extractions)
    )
    admits = _admits(vocabulary)
    identities = identify(extractions, admits=admits)
    corrected = Corrected(tuple(result.source for result in results), extractions)
    if corrections is not None and corrections.entries and extractions:
        corrected = correct(
            corrections,
            sources=corrected.sources,
            extractions=extractions,
            identities=identities,
            vocabulary=vocabulary,
        )
        identities = identify(corrected.extractions, admits=admits, constraints=corrected.constraints)
    graph = assemble(
        corrected.sources,
        corrected.extractions,
        identities=identities,
        skipped=tuple(Skipped(source=failure.source, reason=failure.reason) for failure in failures),
        corrections=corrected.corrections,
        vocabulary=vocabulary,
        min_confidence=settings.min_confidence,
    )
    return graph, failures, sum(result.reused for result in results), corrected.complaints


def _admits(vocabulary: Vocabulary) -> Callable[[str, str, str], bool]:
    """Return the ontology's word on the types of the ends of a statement; an empty type is any type."""

    def admits(subject_type: str, predicate: str, object_type: str) -> bool:
        relation = vocabulary.relations.get(predicate)
        if relation is None:
            return False  # assembly refuses such a statement and reports it
        ends = ((subject_type, relation.domains), (object_type, relation.ranges))
        return all(not type_ or vocabulary.class_of(type_) in types for type_, types in ends)

    return admits


def build_into(
    folder: Path,
    inputs: Sequence[str],
    settings: Settings,
    *,
    stdin: BinaryIO | None = None,
    loader: Loader = load,
    progress: Progress | None = None,
    cached: bool = True,
    warn: Callable[[str], None] = lambda _: None,
    corrections: Path | None = None,
    formats: Sequence[str] = ("ttl",),
) -> Built:
    """Build the graph of `inputs`, validate it and replace the outputs in `folder` as a whole.

    Without any usable input the outputs stay as they are. With `cached`, what earlier builds in `folder` extracted is used
    again where nothing that it depends on has changed; `warn` hears of a cache that is of no use. `corrections` is a file of
    them, that of `folder` if there is one and none is given. Raises ResourceError when it cannot be used, ConformanceError
    when the graph breaks its shapes, OutputError when the outputs cannot be written, and BusyError when another build is at
    work in `folder`; the outputs then stay as they are, too. `formats` are names of `kg.serialize.formats.FILES`, of which
    Turtle is always written; files of other formats that an earlier build left are removed.
    """
    from kg.cache import Cache
    from kg.lock import locked

    with locked(folder), contextlib.ExitStack() as stack:
        for line in discrepancies(folder):
            warn(f"{line}; this build replaces it")
        cache = None
        if cached:
            path = folder / CACHE / "build.sqlite"
            key = fingerprint(settings, loader=f"{loader.__module__}.{loader.__qualname__}")
            cache = stack.enter_context(Cache(path, fingerprint=key, warn=warn))
        built = _build(
            folder,
            inputs,
            settings,
            stdin=stdin,
            loader=loader,
            progress=progress,
            cache=cache,
            corrections=corrections,
            formats=formats,
        )
        if cache is not None and built.articles:
            cache.forget_unused()
    return built


def _build(
    folder: Path,
    inputs: Sequence[str],
    settings: Settings,
    *,
    stdin: BinaryIO | None,
    loader: Loader,
    progress: Progress | None,
    cache: Cache | None,
    corrections: Path | None,
    formats: Sequence[str],
) -> Built:
    from kg.correct import NAME, Corrections, load_corrections
    from kg.provenance import run_of
    from kg.serialize.doubts import write_doubts
    from kg.serialize.formats import write_formats
    from kg.serialize.html import write_html
    from kg.serialize.report import write_report
    from kg.serialize.statements import write_statements
    from kg.validate import validate
    from kg.vocabulary import load_vocabulary

    watcher = progress or Silent()
    vocabulary = load_vocabulary(settings.resources)
    file = corrections or folder / NAME
    decided = load_corrections(file, vocabulary) if corrections or file.exists() else Corrections()
    graph, failures, reused, complaints = _assembled(
        inputs,
        settings,
        stdin=stdin,
        loader=loader,
        progress=watcher,
        cache=cache,
        corrections=decided,
    )
    certain = sum(edge.confidence >= graph.min_confidence for edge in graph.edges)
    built = Built(
        articles=len(graph.articles) - sum(source.media_type == CORRECTION for source in graph.sources),
        entities=len(graph.nodes),
        statements=certain,
        doubtful=len(graph.edges) - certain,
        failures=tuple(failures),
        reused=reused,
        extracted=sum(source.media_type != CORRECTION for source in graph.sources) - reused,
        corrections=len(decided.entries),
        complaints=complaints,
    )
    if not graph.articles:
        return built
    digest = decided.digest if decided.entries else None
    graph = replace(graph, run=run_of(settings, corrections=digest))
    written = write_formats(graph, vocabulary, formats=formats, base_iri=settings.base_iri)
    watcher.phase("validating")
    checked = validate(written["graph.ttl"], vocabulary=vocabulary, known=cache)
    violations = tuple(map(str, checked.violations))
    if violations:
        raise ConformanceError(
            f"the graph breaks its shapes, {folder} is left as it was; violations: {len(violations)}",
            violations,
        )
    watcher.phase("writing")
    files = {
        **written,
        "graph.html": write_html(graph, vocabulary, base_iri=settings.base_iri),
        "statements.jsonl": write_statements(graph, vocabulary),
        "report.md": write_report(graph, vocabulary),
        "doubts.jsonl": write_doubts(graph),
    }
    publish(folder, files, about=about(graph, settings, corrections=digest))
    return built
