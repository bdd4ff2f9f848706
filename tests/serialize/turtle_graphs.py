"""Small graphs of invented names for the tests of the Turtle writer and of validation."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from kg.model import (
    Amount,
    Article,
    Edge,
    Evidence,
    Happening,
    KnowledgeGraph,
    Node,
    Source,
    Span,
    Support,
    When,
)

TEXT = "会上，云岭大学与南溪市“星火”研究院签约，金额约2亿元。\n此前，周一鸣任云岭大学校长、教授。"


def source(text: str, *, name: str = "页/第1版 A%.txt") -> Source:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Source(id=name, text=text, raw_sha256=digest, text_sha256=digest)


def article(of: Source, *, index: int = 0) -> Article:
    return Article(
        source=of.id,
        index=index,
        spans=(Span(0, len(of.text)),),
        passages=(),
        title='校院"牵手"签约',
        published="2023-12-17",
        publisher="南溪日报",
        byline=("郑小舟", "吴言"),
    )


def support(of: Source, sentence: str, subject: str, object_: str, **more: object) -> Support:
    start = of.text.index(sentence)
    spans = [Span(of.text.index(w, start), of.text.index(w, start) + len(w)) for w in (subject, object_)]
    values: dict[str, object] = {
        "source": of.id,
        "article": 0,
        "evidence": Evidence(start=start, end=start + len(sentence), text=sentence),
        "subject_span": spans[0],
        "object_span": spans[1],
        "confidence": 0.93,
        "rule": "signing.multi-party",
    }
    return Support(**{**values, **more})  # type: ignore[arg-type]


def sample(*, min_confidence: float = 0.5, qualifiers: Mapping[str, str] | None = None) -> KnowledgeGraph:
    """Return a graph with a dated signing, a past post and a planned one."""
    page = source(TEXT)
    signing = support(
        page,
        "云岭大学与南溪市“星火”研究院签约，金额约2亿元",
        "云岭大学",
        "南溪市“星火”研究院",
        qualifiers={"date": "2023-12-16", "amount": "约2亿元"} if qualifiers is None else qualifiers,
        attributed_to="南溪日报",
    )
    post = support(
        page,
        "周一鸣任云岭大学校长、教授",
        "周一鸣",
        "云岭大学",
        qualifiers={"role": "校长、教授"},
        rule="post.plain",
        confidence=0.8,
    )
    edge = Edge(
        id="0a1b2c3d4e5f6071",
        subject="organization:云岭大学",
        predicate="signsAgreementWith",
        object="organization:南溪市“星火”研究院",
        modality="stated",
        confidence=0.93,
        supports=(signing,),
        key={"date": "2023-12-16"},
        occurrence="signing:1234567890abcdef",
    )
    held = Edge(
        id="1a1b2c3d4e5f6072",
        subject="person:周一鸣（云岭大学）",
        predicate="holdsPosition",
        object="organization:云岭大学",
        modality="past",
        confidence=0.8,
        supports=(post,),
        key={"role": "校长、教授"},
    )
    low = Edge(
        id="2a1b2c3d4e5f6073",
        subject="person:周一鸣（云岭大学）",
        predicate="memberOf",
        object="organization:云岭大学",
        modality="stated",
        confidence=0.31,
        supports=(support(page, "周一鸣任云岭大学校长、教授", "周一鸣", "云岭大学", confidence=0.31),),
    )
    return KnowledgeGraph(
        sources=(page,),
        articles=(article(page),),
        nodes=(
            Node(
                id="event:2023云岭峰会",
                type="Event",
                name="2023云岭峰会",
                dates=("2023-12-02/2023-12-05", "2023-12"),
            ),
            Node(
                id="organization:云岭大学",
                type="Organization",
                subtype="University",
                name="云岭大学",
                aliases=("云大",),
            ),
            Node(
                id="organization:南溪市“星火”研究院",
                type="Organization",
                name="南溪市“星火”研究院",
                amounts=("2亿元",),
            ),
            Node(
                id="person:周一鸣（云岭大学）",
                type="Person",
                name="周一鸣",
                merged_because=("同名，同一任职单位",),
            ),
            Node(id="place:南溪市", type="Place", name="南溪市"),
        ),
        edges=(edge, held, low),
        happenings=(
            Happening(
                id="signing:1234567890abcdef",
                kind="Signing",
                place="place:南溪市",
                roles={"party": ("organization:云岭大学", "organization:南溪市“星火”研究院")},
                date=When(value="2023-12-16", text="昨日"),
                amount=Amount(value="200000000", currency="CNY", text="约2亿元", modifier="约"),
            ),
        ),
        min_confidence=min_confidence,
    )
