"""The whole training: tagger, ranker and confidence, with every figure taken on articles that the model had not seen.

The articles are dealt into three thirds by their order. For each third a tagger is trained on the other two and reads the
third; the ranker of that third is trained on what was read in the other two, and the confidence is fitted on what the three
rankers say of articles new to them. The shipped models are then trained on everything.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from kg.extract.frames import FrameMatch
from kg.extract.relations.candidates import View
from kg.extract.relations.circumstances import circumstances
from kg.extract.relations.features import Cues
from kg.extract.relations.ranker import Ranker, load_cues, ranker_of
from kg.extract.relations.statements import hits_of, voices_of
from kg.extract.tagger.tagger import RULE
from kg.extract.words import tokenize
from kg.extractor import MENTION_THRESHOLD, Extractor
from kg.model import Document, Extraction, Mention, Span
from kg.train import calibration, finre, ranker, salience, tagger
from kg.train.annotation import Example

FOLDS = 3
EXTRA_WEIGHT = 0.5
"""Weight of the ranker's further examples against those with predicted mentions."""
Arrays = dict[str, NDArray[np.generic]]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossed:
    """The articles with mentions from taggers that did not see them, as documents with their frame matches."""

    documents: tuple[Document, ...]
    matches: tuple[tuple[FrameMatch, ...], ...]
    folds: tuple[int, ...]


def say(line: str) -> None:
    """Report progress on standard error."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201 - a command's progress


def train_tagger(
    examples: Sequence[Example], out: Path, *, iterations: int = 90, workers: int = 1
) -> list[tuple[Mention, ...]]:
    """Train the tagger and write ``tagger.npz`` to `out`.

    Returns for each article the mentions of a tagger new to it, and keeps them in ``crossed.jsonl`` beside the weights.
    """
    centroids = tagger.state_centroids(examples)
    base = tagger.untrained(centroids)
    features = [tagger.features_of(base, e) for e in examples]
    labels = [tagger.labels_of(len(e.reading.text), e.mentions) for e in examples]
    sentences = [e.reading.sentences for e in examples]
    everyone = list(range(len(examples)))
    shares = [everyone, *([k for k in everyone if k % FOLDS != fold] for fold in range(FOLDS))]
    fitted = Parallel(n_jobs=workers)(
        delayed(tagger.fit)(
            [labels[k] for k in share],
            [features[k] for k in share],
            [sentences[k] for k in share],
            iterations=iterations,
        )
        for share in shares
    )
    tagger.save(out / "tagger.npz", fitted[0], centroids)
    say(f"tagger: {len(fitted[0]['ids'])} features, {len(fitted[0]['values'])} weights")
    crossed: list[tuple[Mention, ...]] = [()] * len(examples)
    for fold, arrays in enumerate(fitted[1:]):
        model = tagger.with_weights(base, arrays)
        for k in range(fold, len(examples), FOLDS):
            reading = examples[k].reading
            tokens = tokenize(reading.text, reading.sentences)
            crossed[k] = model.mentions(reading, tokens, threshold=MENTION_THRESHOLD)
    write_mentions(out / "crossed.jsonl", examples, crossed)
    return crossed


def write_mentions(path: Path, examples: Sequence[Example], mentions: Sequence[Sequence[Mention]]) -> None:
    """Keep mentions for another training of the ranker, one article per line."""
    rows = (
        {"name": e.name, "mentions": [[*m.span, m.type, m.confidence] for m in own]}
        for e, own in zip(examples, mentions, strict=True)
    )
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")


def read_mentions(path: Path, examples: Sequence[Example]) -> list[tuple[Mention, ...]]:
    """Return the mentions that :func:`write_mentions` kept for the same articles."""
    rows = {r["name"]: r["mentions"] for r in map(json.loads, path.read_text(encoding="utf-8").splitlines())}
    return [
        tuple(
            Mention(span=Span(a, b), type=t, text=e.reading.text[a:b], confidence=c, rule=RULE)
            for a, b, t, c in rows[e.name]
        )
        for e in examples
    ]


def cross(
    extractor: Extractor, examples: Sequence[Example], mentions: Sequence[Sequence[Mention]]
) -> Crossed:
    """Return the articles as the extractor sees them with the given mentions."""
    documents = tuple(
        extractor.document(e.source, e.article, m) for e, m in zip(examples, mentions, strict=True)
    )
    matches = tuple(extractor.matches(d) if d.mentions else () for d in documents)
    return Crossed(documents=documents, matches=matches, folds=tuple(k % FOLDS for k in range(len(examples))))


def train_ranker(
    extractor: Extractor,
    examples: Sequence[Example],
    crossed: Crossed,
    out: Path,
    *,
    finre_file: Path | None = None,
) -> tuple[Extraction, ...]:
    """Train ranker, confidence and salience and write ``ranker.npz``, ``calibration.json`` and ``salience.json`` to `out`.

    Returns what the models of each third, which did not see it, extract from its articles.
    """
    cues, symmetric = load_cues(), extractor.symmetric
    rows = [
        ranker.rows_of(d, e, cues, hits_of(d, m), symmetric)
        for d, m, e in zip(crossed.documents, crossed.matches, examples, strict=True)
    ]
    types = ranker.type_pairs(examples)
    # with the annotation's own mentions every fact has its pair: half the weight, because reading never sees that
    annotated = [_annotated_rows(extractor, e, cues) for e in examples]
    cases = finre.cases(finre_file, extractor) if finre_file else []
    further = [finre.rows(c, extractor, cues) for c in cases]
    judged: list[list[calibration.Judged]] = []
    beside: list[list[calibration.Judged]] = []
    models = []
    for fold in range(FOLDS):
        own = [r for k, part in enumerate(rows) if crossed.folds[k] != fold for r in part]
        extra = [r for k, part in enumerate(annotated) if crossed.folds[k] != fold for r in part]
        extra += [r for k, part in enumerate(further) if k % FOLDS != fold for r in part]
        arrays = ranker.fit(own, types, symmetric, extra=extra, extra_weight=EXTRA_WEIGHT)
        models.append(ranker_of(arrays, symmetric, cues))
        held = [k for k in range(len(examples)) if crossed.folds[k] == fold]
        judged.append(
            [
                j
                for k in held
                for j in judge(models[fold], crossed.documents[k], crossed.matches[k], examples[k])
            ]
        )
        beside.append(
            [j for k in range(fold, len(cases), FOLDS) for j in finre.judge(models[fold], cases[k])]
        )
        say(
            f"ranker without third {fold + 1}: {len(judged[fold])} candidates judged, {len(beside[fold])} of FinRE"
        )
    extra = [r for part in (*annotated, *further) for r in part]
    arrays = ranker.fit(
        [r for part in rows for r in part], types, symmetric, extra=extra, extra_weight=EXTRA_WEIGHT
    )
    tagger.write_arrays(out / "ranker.npz", arrays)
    # the confidence of each third comes from the other two, so that what is reported is new to it
    confidences = [
        calibration.calibration_of(
            calibration.fit(
                [j for other in range(FOLDS) if other != fold for j in (*judged[other], *beside[other])]
            )
        )
        for fold in range(FOLDS)
    ]
    everything = [j for part in (*judged, *beside) for j in part]
    calibration.write(calibration.fit(everything), out / "calibration.json")
    scored = [
        (confidence, j.right)
        for part, own_confidence in zip(judged, confidences, strict=True)
        for confidence, j in zip(own_confidence.confidences([j.row for j in part]), part, strict=True)
    ]
    report(scored, examples)
    of_finre = [
        (confidence, j.right)
        for part, own_confidence in zip(beside, confidences, strict=True)
        for confidence, j in zip(own_confidence.confidences([j.row for j in part]), part, strict=True)
    ]
    for mean, share, count in calibration.reliability(of_finre):
        say(f"FinRE {mean:.2f} {share:.2f} {count}")
    extractors = [
        replace(extractor, ranker=m, calibration=c) for m, c in zip(models, confidences, strict=True)
    ]
    return _train_salience(extractors, examples, crossed, out)


def _annotated_rows(extractor: Extractor, example: Example, cues: Cues) -> list[ranker.Row]:
    mentions = [
        Mention(span=m.span, type=m.type, text=m.span.of(example.reading.text)) for m in example.mentions
    ]
    document = extractor.document(example.source, example.article, mentions, complete=False)
    matches = extractor.matches(document) if document.mentions else ()
    return ranker.rows_of(document, example, cues, hits_of(document, matches), extractor.symmetric)


def _train_salience(
    extractors: Sequence[Extractor], examples: Sequence[Example], crossed: Crossed, out: Path
) -> tuple[Extraction, ...]:
    extractions = [
        extractors[fold].extract(d)[0] for d, fold in zip(crossed.documents, crossed.folds, strict=True)
    ]
    listed = [
        salience.judged(d, x.statements, e)
        for d, x, e in zip(crossed.documents, extractions, examples, strict=True)
    ]
    found = []
    for fold in range(FOLDS):
        own = salience.fit([r for k, part in enumerate(listed) if crossed.folds[k] != fold for r in part])
        for k, document in enumerate(crossed.documents):
            if crossed.folds[k] == fold:
                entities = own.judge(document, extractions[k].statements)
                found.append((k, replace(extractions[k], entities=entities)))
    salience.write(salience.fit([r for part in listed for r in part]), out / "salience.json")
    return tuple(x for _, x in sorted(found, key=lambda f: f[0]))


def judge(
    model: Ranker, document: Document, matches: Sequence[FrameMatch], example: Example
) -> list[calibration.Judged]:
    """Return the candidates of a document and whether they are right; optional facts are left out."""
    if not document.mentions:
        return []
    view = View(document)
    partner = dict(zip((e.id for e in document.entities), ranker.partners(document, example), strict=True))
    ranked = model.rank(view, hits_of(document, matches))
    voices, _ = voices_of(view, matches, ranked, symmetric=model.symmetric)
    gold = _facts(example, model.symmetric)
    found = []
    for (subject, relation, object_), row in circumstances(view, voices).items():
        optional = gold.get((partner[subject], relation, partner[object_]))
        if optional is not True:
            found.append(calibration.Judged(row=row, right=optional is False))
    return found


def _facts(example: Example, symmetric: frozenset[str]) -> Mapping[tuple[int | None, str, int | None], bool]:
    """Return the annotated facts, both ways for symmetric relations, with whether they are optional."""
    gold: dict[tuple[int | None, str, int | None], bool] = {}
    for f in example.facts:
        keys = [(f.subject, f.predicate, f.object)]
        if f.predicate in symmetric:
            keys.append((f.object, f.predicate, f.subject))
        for key in keys:
            gold[key] = gold.get(key, True) and f.optional
    return gold


def report(scored: calibration.Scored, examples: Sequence[Example]) -> None:
    """Report the reliability of the confidence and where precision 0.85 begins."""
    say("confidence  right  candidates (held-back articles)")
    for mean, share, count in calibration.reliability(scored):
        say(f"{mean:10.2f} {share:6.2f} {count:11d}")
    threshold = calibration.threshold_for(scored, precision=0.85)
    facts = sum(not f.optional for e in examples for f in e.facts)
    right = sum(correct and confidence >= threshold for confidence, correct in scored)
    say(
        f"precision 0.85 from confidence {threshold}; recall there {right / max(1, facts):.3f} of {facts} facts"
    )
