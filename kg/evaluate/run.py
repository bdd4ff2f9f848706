"""Scoring the extractor of this installation, or what a file says that a system found."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from kg.errors import UsageError
from kg.evaluate.gold import load_gold
from kg.evaluate.names import folded
from kg.evaluate.score import Score, document_of, score
from kg.evaluate.system import FoundArticle, FoundEntity, FoundStatement, read_system
from kg.model import Extraction, Source
from kg.pipeline import Failure, Progress, confident, extract, gather, read
from kg.settings import Settings
from kg.vocabulary import load_vocabulary


def evaluate(
    gold: Sequence[Path],
    source: str,
    settings: Settings,
    *,
    system: str | None = None,
    progress: Progress | None = None,
) -> tuple[Score, list[Failure], int]:
    """Score what `system` (extraction JSON Lines, ``-`` for standard input) found in the texts under `source`.

    Without `system` the extractor runs over the annotated texts. Returns the score, the inputs that failed and how many
    texts were usable. Raises UsageError when a file or an annotated text is missing, ResourceError when one is malformed.
    """
    symmetric = load_vocabulary(settings.resources).symmetric
    documents = [load_gold(path, symmetric=symmetric) for path in gold]
    sources = _annotated({document.id for document in documents}, source)
    failures: list[Failure] = []
    if system is None:
        results, failures = gather(extract(list(sources.values()), settings, progress=progress))
        found = tuple(
            _found(confident(extraction, minimum=settings.min_confidence))
            for result in results
            for extraction in result.extractions
        )
    else:
        found = _read_system(system)
    texts = {document: text.text for document, text in sources.items()}
    figures = score(documents, found, texts=texts, symmetric=symmetric)
    return figures, failures, len(sources) - len(failures)


def _annotated(documents: set[str], source: str) -> dict[str, Source]:
    """Return the source of every document, in the order of the sources."""
    sources, failures = read([source])
    found: dict[str, Source] = {}
    for one in sources:
        document = document_of(one.id, known=documents)
        if document in found:
            raise UsageError(
                f"{found[document].id} and {one.id} both answer to document {document!r}; keep one"
            )
        if document in documents:
            found[document] = one
    lacking = sorted(documents - found.keys())
    if lacking:
        reasons = [f"{failure.source}: {failure.reason}" for failure in failures]
        known = ", ".join(one.id for one in sources[:20]) or "none"
        raise UsageError(
            "; ".join([f"{source} holds no text for {', '.join(lacking)}; it holds {known}", *reasons])
        )
    return found


def _read_system(system: str) -> tuple[FoundArticle, ...]:
    if system == "-":
        return read_system(
            sys.stdin.buffer.read().decode("utf-8", "replace").split("\n"), name="standard input"
        )
    try:
        lines = Path(system).read_bytes().decode("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{system}: the output of `kg extract` was expected ({error})") from error
    return read_system(lines, name=system)


def _found(extraction: Extraction) -> FoundArticle:
    """Return `extraction` as the scorer sees it."""
    return FoundArticle(
        extraction.article.source,
        tuple((span.start, span.end) for span in extraction.article.spans),
        tuple(
            FoundEntity(
                entity.id,
                entity.type,
                entity.name,
                folded((entity.name, *entity.aliases)),
                {"date": entity.date, "amount": entity.amount},
            )
            for entity in extraction.entities
        ),
        tuple(
            FoundStatement(
                statement.subject,
                statement.predicate,
                statement.object,
                tuple((e.start, e.end, e.text) for e in statement.evidence) or ((0, 0, ""),),
                statement.qualifiers,
                statement.modality,
            )
            for statement in extraction.statements
        ),
    )
