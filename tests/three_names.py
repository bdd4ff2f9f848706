"""An extractor that knows three names, for tests of what stands around the extractor."""

import hashlib
import os
from itertools import pairwise

from kg.model import Entity, Evidence, Extraction, Source, Span, Statement

NAMES = {"云岭大学": "University", "青禾科技": "Company", "海棠银行": "FinancialInstitution"}


def fake(source, articles):
    """Every two neighbouring names of an article have signed with one another."""
    if "崩溃" in source.text:
        raise ZeroDivisionError("as asked")
    if "被杀" in source.text:
        os._exit(9)
    return tuple(said(source, article) for article in articles)


def said(source, article):
    found = sorted((source.text.find(name), name) for name in NAMES if name in source.text)
    entities = tuple(
        Entity(
            id=f"e{n}",
            type="Organization",
            subtype=NAMES[name],
            name=name,
            mentions=(Span(at, at + len(name)),),
        )
        for n, (at, name) in enumerate(found, 1)
    )
    statements = []
    for n, (one, other) in enumerate(pairwise(entities)):
        span = Span(one.mentions[0].start, other.mentions[0].end)
        text = "不在文中" if "说谎" in source.text else span.of(source.text)
        statements.append(
            Statement(
                subject=one.id,
                predicate="signsAgreementWith",
                object=other.id,
                subject_span=one.mentions[0],
                object_span=other.mentions[0],
                evidence=(Evidence(start=span.start, end=span.end, text=text),),
                confidence=0.9 - 0.5 * n,
                rule="fake.neighbours",
            )
        )
    return Extraction(article=article, entities=entities, statements=tuple(statements))


def load_fake(resources):
    return fake


def source(id_, text):
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Source(id=id_, text=text, raw_sha256=digest, text_sha256=digest, single=True)
