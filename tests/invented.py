"""Knowledge graphs of invented news, for tests of writers and questions: no name in them belongs to anyone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kg.model import (
    Article,
    Edge,
    Evidence,
    KnowledgeGraph,
    MentionRef,
    Modality,
    Node,
    Passage,
    Source,
    Span,
    Support,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A statement as `sentence` of an article states it; `names` are the words of the sentence for both ends."""

    subject: str
    predicate: str
    object: str
    sentence: str
    names: tuple[str, str] = ("", "")
    qualifiers: Mapping[str, str] = field(default_factory=dict)
    key: Mapping[str, str] = field(default_factory=dict)
    modality: Modality = "stated"
    confidence: float = 0.9
    attributed_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article, a source of its own."""

    source: str
    title: str
    published: str
    facts: Sequence[Fact]


def node(type_: str, name: str, *aliases: str, id_: str = "", **more: object) -> Node:
    return Node(id=id_ or f"{type_.lower()}:{name}", type=type_, name=name, aliases=aliases, **more)  # type: ignore[arg-type]


def graph_of(nodes: Sequence[Node], stories: Sequence[Story]) -> KnowledgeGraph:
    known = {n.id: n for n in nodes}
    sources, articles = [], []
    supports: dict[tuple[str, ...], list[Support]] = {}
    facts: dict[tuple[str, ...], Fact] = {}
    mentions: dict[str, list[MentionRef]] = {n.id: [] for n in nodes}
    for story in sorted(stories, key=lambda s: s.source):
        sentences = list(dict.fromkeys(f.sentence for f in story.facts))
        text = "\n".join([story.title, *sentences]) + "\n"
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        sources.append(Source(id=story.source, text=text, raw_sha256=digest, text_sha256=digest))
        head, whole = Span(0, len(story.title)), Span(0, len(text))
        passages = (
            Passage(role="headline", spans=(head,)),
            Passage(role="body", spans=(Span(head.end + 1, whole.end),)),
        )
        articles.append(
            Article(
                source=story.source,
                index=0,
                spans=(whole,),
                passages=passages,
                title=story.title,
                published=story.published,
                publisher="云泽日报",
            )
        )
        for fact in story.facts:
            start = text.index(fact.sentence, head.end)
            spans = []
            for id_, name in zip((fact.subject, fact.object), fact.names, strict=True):
                forms = [name] if name else [known[id_].name, *known[id_].aliases]
                form = next(f for f in forms if f in fact.sentence)
                at = start + fact.sentence.index(form)
                spans.append(Span(at, at + len(form)))
                mentions[id_].append(MentionRef(source=story.source, article=0, span=spans[-1]))
            identity = (
                fact.subject,
                fact.predicate,
                fact.object,
                fact.modality,
                *(f"{k}={v}" for k, v in sorted(fact.key.items())),
            )
            facts.setdefault(identity, fact)
            supports.setdefault(identity, []).append(
                Support(
                    source=story.source,
                    article=0,
                    evidence=Evidence(start=start, end=start + len(fact.sentence), text=fact.sentence),
                    subject_span=spans[0],
                    object_span=spans[1],
                    confidence=fact.confidence,
                    rule=f"invented.{fact.predicate}",
                    qualifiers={**fact.key, **fact.qualifiers},
                    attributed_to=fact.attributed_to,
                )
            )
    edges = [
        Edge(
            id=hashlib.sha256("\t".join(identity).encode("utf-8", "surrogatepass")).hexdigest()[:16],
            subject=fact.subject,
            predicate=fact.predicate,
            object=fact.object,
            modality=fact.modality,
            confidence=max(s.confidence for s in supports[identity]),
            supports=tuple(supports[identity]),
            key=fact.key,
        )
        for identity, fact in facts.items()
    ]
    placed = [
        replace(n, mentions=tuple(sorted(set(mentions[n.id]), key=lambda m: (m.source, m.span))))
        for n in nodes
    ]
    return KnowledgeGraph(
        sources=tuple(sources),
        articles=tuple(articles),
        nodes=tuple(sorted(placed, key=lambda n: n.id)),
        edges=tuple(sorted(edges, key=lambda e: e.id)),
    )


def small_graph() -> KnowledgeGraph:
    """A dozen facts of most kinds, in three articles."""
    nodes = [
        node("Organization", "云泽省科学技术厅", "云泽省科技厅", "省科技厅", subtype="Government"),
        node("Organization", "青岚市人民政府", "青岚市政府", subtype="Government"),
        node("Organization", "云泽大学", "泽大", subtype="University"),
        node("Organization", "朗星机器人有限公司", "朗星机器人", subtype="Company"),
        node("Organization", "青岚农商银行", subtype="FinancialInstitution"),
        node("Organization", "朗星量子研究院", subtype="ResearchInstitute"),
        node("Person", "顾明远川", id_="person:顾明远川（朗星机器人有限公司）"),
        node("Place", "青岚市"),
        node("Event", "2031云泽机器人大会", "机器人大会", dates=("2031-05-06",)),
        node("Project", "青岚智能谷项目", amounts=("12亿元",)),
        node("Document", "云泽省机器人产业白皮书"),
        node("Product", "朗星一号"),
        node("Honor", "云泽省创新示范企业"),
    ]
    organization = {n.name: n.id for n in nodes}
    ting, city, university = (organization[n] for n in ("云泽省科学技术厅", "青岚市人民政府", "云泽大学"))
    company, bank, institute = (
        organization[n] for n in ("朗星机器人有限公司", "青岚农商银行", "朗星量子研究院")
    )
    person, event = "person:顾明远川（朗星机器人有限公司）", "event:2031云泽机器人大会"
    hosting = "5月6日，由云泽省科技厅主办、青岚市政府承办的2031云泽机器人大会在青岚市举行。"
    signing = "会上，朗星机器人与泽大签订了人形机器人联合研发协议，总金额3亿元。"
    return graph_of(
        nodes,
        [
            Story(
                source="page-1.txt",
                title="云泽机器人大会在青岚举行",
                published="2031-05-07",
                facts=[
                    Fact(subject=ting, predicate="hosts", object=event, sentence=hosting),
                    Fact(subject=city, predicate="undertakes", object=event, sentence=hosting),
                    Fact(
                        subject=event,
                        predicate="heldAt",
                        object="place:青岚市",
                        sentence=hosting,
                        names=("", ""),
                    ),
                    Fact(
                        subject=company,
                        predicate="signsAgreementWith",
                        object=university,
                        sentence=signing,
                        qualifiers={"agreement": "人形机器人联合研发协议", "amount": "3亿元"},
                        key={"date": "2031-05-06"},
                        confidence=0.95,
                    ),
                    Fact(
                        subject=person,
                        predicate="participatesIn",
                        object=event,
                        sentence="朗星机器人董事长顾明远川出席2031云泽机器人大会。",
                    ),
                    Fact(
                        subject=person,
                        predicate="holdsPosition",
                        object=company,
                        sentence="朗星机器人董事长顾明远川出席2031云泽机器人大会。",
                        key={"role": "董事长"},
                    ),
                    Fact(
                        subject=ting,
                        predicate="publishes",
                        object="document:云泽省机器人产业白皮书",
                        sentence="省科技厅在会上发布《云泽省机器人产业白皮书》。",
                    ),
                ],
            ),
            Story(
                source="page-2.txt",
                title="青岚智能谷再添新军",
                published="2031-06-01",
                facts=[
                    Fact(
                        subject=company,
                        predicate="investsIn",
                        object="project:青岚智能谷项目",
                        sentence="朗星机器人投资12亿元建设青岚智能谷项目。",
                        qualifiers={"amount": "12亿元"},
                    ),
                    Fact(
                        subject=bank,
                        predicate="lendsTo",
                        object=company,
                        sentence="青岚农商银行向朗星机器人发放贷款5000万元。",
                        qualifiers={"amount": "5000万元"},
                        confidence=0.8,
                    ),
                    Fact(
                        subject=company,
                        predicate="establishes",
                        object=institute,
                        sentence="朗星机器人今年3月成立朗星量子研究院。",
                        key={"date": "2031-03"},
                    ),
                    Fact(
                        subject=company,
                        predicate="receivesHonor",
                        object="honor:云泽省创新示范企业",
                        sentence="朗星机器人获评云泽省创新示范企业。",
                    ),
                    Fact(
                        subject=company,
                        predicate="develops",
                        object="product:朗星一号",
                        sentence="朗星机器人研制的朗星一号已经下线。",
                    ),
                ],
            ),
            Story(
                source="page-3.txt",
                title="朗星拟牵手云泽大学",
                published="2031-04-02",
                facts=[
                    Fact(
                        subject=company,
                        predicate="donatesTo",
                        object=university,
                        sentence="据省科技厅介绍，朗星机器人拟向泽大捐赠800万元。",
                        qualifiers={"amount": "800万元"},
                        modality="planned",
                        attributed_to="省科技厅",
                        confidence=0.7,
                    ),
                    Fact(
                        subject=company,
                        predicate="signsAgreementWith",
                        object=university,
                        sentence="朗星机器人与云泽大学5月6日签约。",
                        key={"date": "2031-05-06"},
                        confidence=0.85,
                    ),
                ],
            ),
        ],
    )


def crowd(bodies: int, *, hubs: int = 8) -> KnowledgeGraph:
    """A graph of about `bodies` nodes with a few well connected ones, as regional news yields them."""
    places = ["青岚", "朔溪", "云泽", "栖霞岭", "望浦", "临沅", "安渚", "石浦洲"]
    kinds = [
        "机器人有限公司",
        "生物医药股份有限公司",
        "新材料研究院",
        "产业创新服务中心",
        "职业技术大学",
        "农村商业银行",
    ]
    nodes: list[Node] = []
    facts: list[Fact] = []
    for i in range(hubs):
        nodes.append(node("Organization", f"{places[i % 8]}市科学技术局{i // 8 or ''}"))
        nodes.append(node("Event", f"2031{places[i % 8]}科技创新合作对接会{i // 8 or ''}"))
        facts.append(_fact(nodes[-2], "hosts", nodes[-1]))
    types = ["Organization", "Person", "Project", "Honor", "Product", "Document", "Programme", "Place"]
    relations = {
        "Person": "participatesIn",
        "Organization": "participatesIn",
        "Project": "launchedAt",
        "Product": "launchedAt",
        "Document": "launchedAt",
        "Programme": "launchedAt",
    }
    for i in range(bodies - 2 * hubs):
        kind = types[(i // 2) % 8] if i % 2 else "Organization"
        place = places[(i * i + 3) % 8]
        name = {
            "Organization": f"{place}{'甲乙丙丁戊己庚辛'[i % 8]}{kinds[i % 6]}{i}",
            "Person": f"{'顾沈陆闻柳祁'[i % 6]}{'明远清川岚舟'[i % 5]}{'之若亦'[i % 3]}{i}",
            "Project": f"{place}智能装备产业园项目{i}",
            "Honor": f"省级示范称号{i}",
            "Product": f"朗星{i}号",
            "Document": f"{place}市数字经济行动方案{i}",
            "Programme": f"{place}伙伴计划{i}",
            "Place": f"{place}高新区{i}",
        }[kind]
        nodes.append(node(kind, name))
        hub = (i * i * 3 + i) % (hubs * (hubs + 1) // 2)
        row = next(r for r in range(hubs) if hub < (r + 1) * (r + 2) // 2)
        event, office = nodes[2 * row + 1], nodes[2 * row]
        last = nodes[-1]
        if kind in relations and i % 3:
            facts.append(_fact(last, relations[kind], event))
        elif kind == "Place":
            facts.append(_fact(event, "heldAt", last))
        elif kind == "Honor":
            winner = nodes[-2] if nodes[-2].type == "Organization" else office
            facts.append(_fact(winner, "receivesHonor", last))
        elif kind == "Organization":
            facts.append(_fact(office, "cooperatesWith", last))
        elif kind == "Person":
            facts.append(_fact(last, "holdsPosition", office))
        else:
            facts.append(_fact(office, "publishes" if kind == "Document" else "carriesOut", last))
        if i % 11 == 0 and kind == "Organization":
            facts.append(_fact(last, "participatesIn", nodes[2 * ((row + 3) % hubs) + 1]))
        if i % 4 == 0 and i > 12:
            other = nodes[2 * hubs + i - 12]
            if other.type == kind == "Organization":
                facts.append(_fact(last, "signsAgreementWith", other))
    stories = [
        Story(source=f"page-{k:03}.txt", title=f"科技对接第{k}场", published="2031-05-07", facts=facts[k::10])
        for k in range(min(10, len(facts)))
    ]
    return graph_of(nodes, stories)


def _fact(a: Node, predicate: str, b: Node) -> Fact:
    sentence = f"记者获悉，{a.name}与{b.name}的有关事项已于5月6日正式确定。"
    return Fact(subject=a.id, predicate=predicate, object=b.id, sentence=sentence)
