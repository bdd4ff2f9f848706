"""A large graph of invented news, always the same one: for measurements, no name in it belongs to anyone."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from kg.model import (
    Article,
    Edge,
    Evidence,
    Happening,
    KnowledgeGraph,
    MentionRef,
    Node,
    Passage,
    Source,
    Span,
    Support,
    When,
)

_PLACES: Final = [
    "青岚",
    "朔溪",
    "云泽",
    "栖霞岭",
    "望浦",
    "临沅",
    "安渚",
    "石浦洲",
    "松陵",
    "澄江洲",
    "鹤浦",
    "罗汀",
]
_FIRMS: Final = [
    "机器人",
    "生物医药",
    "新材料",
    "智能装备",
    "数字科技",
    "量子信息",
    "海洋工程",
    "绿色能源",
    "集成电路",
    "现代农业",
]
_FORMS: Final = [
    "有限公司",
    "股份有限公司",
    "研究院",
    "产业创新服务中心",
    "职业技术大学",
    "农村商业银行",
    "行业协会",
]
_FAMILY: Final = "顾沈陆闻柳祁喻岑樊褚"
_GIVEN: Final = "明远清川岚舟之若亦珩澈屿"
_SHARES: Final = (
    ("Organization", 0.46),
    ("Person", 0.22),
    ("Place", 0.10),
    ("Event", 0.06),
    ("Project", 0.05),
    ("Document", 0.04),
    ("Product", 0.04),
    ("Honor", 0.03),
)
_RELATIONS: Final = {
    ("Organization", "Organization"): ("signsAgreementWith", "cooperatesWith", "investsIn", "lendsTo"),
    ("Organization", "Event"): ("hosts", "participatesIn"),
    ("Organization", "Project"): ("investsIn", "carriesOut"),
    ("Organization", "Place"): ("locatedIn",),
    ("Organization", "Product"): ("develops",),
    ("Organization", "Document"): ("publishes",),
    ("Organization", "Honor"): ("receivesHonor",),
    ("Person", "Organization"): ("holdsPosition",),
    ("Person", "Event"): ("participatesIn",),
    ("Event", "Place"): ("heldAt",),
}
_FRAMES: Final = (
    "记者从{place}获悉，{a}与{b}的有关事项已于{month}月{day}日正式确定，双方将在人才培养、成果转化和平台建设等方面开展深入合作。",
    "{month}月{day}日，{a}有关负责人在{place}表示，{b}的各项工作进展顺利，预计年内完成全部建设任务并投入运行。",
    "据介绍，{a}此前已就{b}开展多轮对接，{place}为此出台了专项支持政策。",
    "当天上午，在{place}举行的活动上，{a}和{b}受到与会代表的广泛关注，现场还发布了三项配套措施、揭牌了两个联合实验室。",
)
_PER_ARTICLE: Final = 8


def invented_news(entities: int = 20_000, statements: int = 40_000) -> KnowledgeGraph:
    """Return a graph in which few entities have many neighbours and most have few, as news yields it."""
    chance = random.Random(20_310_507)  # noqa: S311 - the same graph every time
    nodes = list(_nodes(entities, chance))
    pairs = _pairs(nodes, statements, chance)
    sources, articles, edges = [], [], []
    happenings: list[Happening] = []
    mentions: dict[str, list[MentionRef]] = {node.id: [] for node in nodes}
    for k in range(0, len(pairs), _PER_ARTICLE):
        source = f"news-{k // _PER_ARTICLE:05}.txt"
        page = _write(pairs[k : k + _PER_ARTICLE], k, chance)
        digest = hashlib.sha256(page.text.encode()).hexdigest()
        sources.append(Source(id=source, text=page.text, raw_sha256=digest, text_sha256=digest))
        articles.append(
            Article(
                source=source,
                index=0,
                spans=(Span(0, len(page.text)),),
                passages=(
                    Passage(role="headline", spans=(Span(0, len(page.title)),)),
                    Passage(role="body", spans=(Span(len(page.title) + 1, len(page.text)),)),
                ),
                title=page.title,
                published=page.published,
                publisher="云泽日报",
            )
        )
        for told in page.told:
            for node, span in ((told.subject, told.subject_span), (told.object, told.object_span)):
                mentions[node.id].append(MentionRef(source=source, article=0, span=span))
            edges.append(told.edge(source))
            if edges[-1].occurrence:
                happenings.append(told.signing(edges[-1].occurrence, page.published))
    return KnowledgeGraph(
        sources=tuple(sources),
        articles=tuple(articles),
        nodes=tuple(_placed(node, mentions[node.id]) for node in sorted(nodes, key=lambda node: node.id)),
        edges=tuple(sorted(edges, key=lambda edge: edge.id)),
        happenings=tuple(sorted(happenings, key=lambda happening: happening.id)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """A statement with the sentence that states it."""

    subject: Node
    relation: str
    object: Node
    start: int
    sentence: str
    subject_span: Span
    object_span: Span
    confidence: float

    def edge(self, source: str) -> Edge:
        identity = f"{self.subject.id}\t{self.relation}\t{self.object.id}"
        support = Support(
            source=source,
            article=0,
            evidence=Evidence(start=self.start, end=self.start + len(self.sentence), text=self.sentence),
            subject_span=self.subject_span,
            object_span=self.object_span,
            confidence=self.confidence,
            rule=f"invented.{self.relation}",
        )
        id_ = hashlib.sha256(identity.encode()).hexdigest()[:16]
        return Edge(
            id=id_,
            subject=self.subject.id,
            predicate=self.relation,
            modality="stated",
            object=self.object.id,
            confidence=self.confidence,
            supports=(support,),
            occurrence=f"signing:{id_}" if self.relation == "signsAgreementWith" else None,
        )

    def signing(self, id_: str, date: str) -> Happening:
        """Return the occurrence that this statement is a part of."""
        parties = (self.subject.id, self.object.id)
        return Happening(id=id_, kind="Signing", roles={"party": parties}, date=When(value=date, text=date))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    title: str
    published: str
    text: str
    told: tuple[_Told, ...]


def _nodes(count: int, chance: random.Random) -> Iterator[Node]:
    kinds = [kind for kind, _ in _SHARES]
    weights = [share for _, share in _SHARES]
    taken: set[str] = set()
    while len(taken) < count:
        [kind] = chance.choices(kinds, weights)
        place = chance.choice(_PLACES)
        number = len(taken)
        name = {
            "Organization": place + "".join(map(chance.choice, (_GIVEN, _GIVEN, _FIRMS, _FORMS))),
            "Person": chance.choice(_FAMILY) + "".join(chance.choices(_GIVEN, k=chance.choice((1, 2, 2)))),
            "Place": f"{place}{chance.choice(_GIVEN)}{chance.choice(_GIVEN)}{chance.choice('镇村区港')}",
            "Event": f"{2020 + number % 12}{place}{chance.choice(_FIRMS)}合作对接会",
            "Project": f"{place}{chance.choice(_FIRMS)}产业园{chance.choice(_GIVEN)}期项目",
            "Document": f"{place}{chance.choice(_FIRMS)}高质量发展行动方案",
            "Product": f"{chance.choice(_GIVEN)}{chance.choice(_GIVEN)}{number % 90}号",
            "Honor": f"{place}{chance.choice(_FIRMS)}示范单位",
        }[kind]
        if (key := f"{kind}:{name}") in taken:
            name = f"{name}（{number}）"
            key = f"{kind}:{name}"
        taken.add(key)
        dates = (f"{2020 + number % 12}-{1 + number % 9:02}-{1 + number % 28:02}",) if kind == "Event" else ()
        aliases = (name[:4] + name[-2:],) if kind == "Organization" and number % 3 == 0 else ()
        yield Node(id=f"{kind.lower()}:{name}", type=kind, name=name, aliases=aliases, dates=dates)


def _pairs(nodes: list[Node], count: int, chance: random.Random) -> list[tuple[Node, str, Node]]:
    """Return statements; the further in front a node stands, the more often it is in one, and everyone is in one."""
    by_type: dict[str, list[Node]] = {}
    for node in nodes:
        by_type.setdefault(node.type, []).append(node)

    def pick(kind: str) -> Node:
        ranks = by_type[kind]
        return ranks[int(len(ranks) * chance.random() ** 3)]

    patterns = list(_RELATIONS)
    found: dict[tuple[str, str, str], tuple[Node, str, Node]] = {}

    def add(subject: Node, object_: Node) -> None:
        relation = chance.choice(_RELATIONS[subject.type, object_.type])
        if subject.id != object_.id:
            found.setdefault((subject.id, relation, object_.id), (subject, relation, object_))

    for node in nodes:
        for subject, object_ in chance.sample(patterns, len(patterns)):
            if node.type == subject:
                add(node, pick(object_))
                break
            if node.type == object_:
                add(pick(subject), node)
                break
    while len(found) < count:
        subject, object_ = chance.choice(patterns)
        add(pick(subject), pick(object_))
    told = list(found.values())[:count]
    chance.shuffle(told)
    return told


def _write(pairs: list[tuple[Node, str, Node]], k: int, chance: random.Random) -> _Page:
    place = chance.choice(_PLACES)
    month, day = 1 + k % 12, 1 + k % 28
    title = f"{place}{chance.choice(_FIRMS)}产业第{k // _PER_ARTICLE}次合作对接会举行"
    text = title + "\n"
    told = []
    for subject, relation, object_ in pairs:
        before, between, after = _halves(chance.choice(_FRAMES), place=place, month=month, day=day)
        start = len(text) + len(before)
        first = Span(start, start + len(subject.name))
        second = Span(first.end + len(between), first.end + len(between) + len(object_.name))
        sentence = f"{before}{subject.name}{between}{object_.name}{after}"
        told.append(
            _Told(
                subject=subject,
                relation=relation,
                object=object_,
                start=len(text),
                sentence=sentence,
                subject_span=first,
                object_span=second,
                confidence=round(0.6 + 0.39 * chance.random(), 3),
            )
        )
        text += sentence + "\n"
    return _Page(title=title, published=f"{2025 + k % 7}-{month:02}-{day:02}", text=text, told=tuple(told))


def _halves(frame: str, *, place: str, month: int, day: int) -> tuple[str, str, str]:
    text = frame.format(a="\0", b="\0", place=place, month=month, day=day)
    before, between, after = text.split("\0")
    return before, between, after


def _placed(node: Node, mentions: list[MentionRef]) -> Node:
    return replace(node, mentions=tuple(sorted(mentions, key=lambda mention: (mention.source, mention.span))))
