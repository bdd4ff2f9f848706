"""A region of invented news that asks something of every question: occurrences, places, reprints, contradictions."""

from __future__ import annotations

from dataclasses import replace

from invented import Fact, Story, graph_of, node

from kg.model import Amount, Happening, KnowledgeGraph, PlacedDivision, Reprint, When

LAB = "organization:澄江量子实验室"
FIRM = "organization:澄江芯源有限公司"
FUND = "organization:岚泽产业基金"
BANK = "organization:岚泽银行"
COLLEGE = "organization:岚泽理工学院"
SOCIETY = "organization:岚泽省科学技术协会"
HE, SHE = "person:闻若川（澄江芯源有限公司）", "person:柳清岚（澄江芯源有限公司）"
CHIEF = "person:祁之舟（岚泽银行）"
FORUM, FAIR = "event:2032岚泽量子论坛", "event:澄江春季对接会"
PARK = "place:澄江芯片园"
CITY, DISTRICT, PROVINCE = "place:澄江市", "place:澄江市北渡区", "place:岚泽省"
HONOR, PROJECT = "honor:岚泽省先导企业", "project:北渡晶圆项目"

_SIGNED = "4月8日，澄江芯源与岚泽理工学院、澄江量子实验室签署联合实验室协议，金额2亿元。"
_SIGNED_AGAIN = "澄江芯源与岚泽理工学院签署的联合实验室协议总额为2.5亿元。"
_FORUM = (
    "岚泽省科协主办、岚泽理工学院承办的量子论坛3月2日在澄江芯片园举行，岚泽银行支持论坛，闻若川出席论坛。"
)


def region() -> KnowledgeGraph:
    """The graph; its threshold is 0.5, one statement is below it."""
    nodes = [
        node("Organization", "澄江量子实验室", subtype="ResearchInstitute", named_after=CITY),
        node(
            "Organization",
            "澄江芯源有限公司",
            "澄江芯源",
            subtype="Company",
            named_after=CITY,
            merged_because=("same name: 澄江芯源有限公司", "alias: 澄江芯源 = 澄江芯源有限公司"),
        ),
        node("Organization", "岚泽产业基金", subtype="FinancialInstitution"),
        node("Organization", "岚泽银行", subtype="FinancialInstitution"),
        node("Organization", "岚泽理工学院", subtype="University"),
        node("Organization", "岚泽省科学技术协会", "岚泽省科协", subtype="Association", named_after=PROVINCE),
        node("Person", "闻若川", id_=HE),
        node("Person", "柳清岚", id_=SHE),
        node("Person", "祁之舟", id_=CHIEF),
        node("Event", "2032岚泽量子论坛", "量子论坛", dates=("2032-03-02",)),
        node("Event", "澄江春季对接会"),
        node("Place", "澄江芯片园"),
        node("Place", "澄江市"),
        node("Place", "澄江市北渡区", "北渡区"),
        node("Place", "岚泽省"),
        node("Honor", "岚泽省先导企业"),
        node("Project", "北渡晶圆项目"),
    ]
    signing = {"subject": FIRM, "predicate": "signsAgreementWith", "key": {"date": "2032-04-08"}}
    stories = [
        Story(
            source="a.txt",
            title="量子论坛在澄江举行",
            published="2032-03-03",
            facts=[
                Fact(subject=SOCIETY, predicate="hosts", object=FORUM, sentence=_FORUM),
                Fact(subject=COLLEGE, predicate="undertakes", object=FORUM, sentence=_FORUM),
                Fact(subject=BANK, predicate="supports", object=FORUM, sentence=_FORUM),
                Fact(subject=HE, predicate="participatesIn", object=FORUM, sentence=_FORUM),
                Fact(subject=FORUM, predicate="heldAt", object=PARK, sentence=_FORUM),
                Fact(
                    subject=PARK,
                    predicate="locatedIn",
                    object=DISTRICT,
                    sentence="澄江芯片园位于澄江市北渡区。",
                ),
            ],
        ),
        Story(
            source="b.txt",
            title="澄江芯源签约",
            published="2032-04-09",
            facts=[
                Fact(
                    **signing,
                    object=COLLEGE,
                    sentence=_SIGNED,
                    qualifiers={"amount": "2亿元", "agreement": "联合实验室协议"},
                ),
                Fact(
                    **signing,
                    object=LAB,
                    sentence=_SIGNED,
                    qualifiers={"amount": "2亿元", "agreement": "联合实验室协议"},
                ),
                Fact(
                    subject=HE,
                    predicate="holdsPosition",
                    object=FIRM,
                    sentence="澄江芯源董事长闻若川说，项目进展顺利。",
                    key={"role": "董事长"},
                ),
                Fact(
                    subject=COLLEGE,
                    predicate="cooperatesWith",
                    object=FIRM,
                    sentence="据岚泽省科协介绍，岚泽理工学院与澄江芯源合作育人。",
                    attributed_to="岚泽省科协",
                    confidence=0.8,
                ),
            ],
        ),
        Story(
            source="c.txt",
            title="二点五亿元协议",
            published="2032-04-12",
            facts=[
                Fact(**signing, object=COLLEGE, sentence=_SIGNED_AGAIN, qualifiers={"amount": "2.5亿元"}),
                Fact(
                    subject=SHE,
                    predicate="holdsPosition",
                    object=FIRM,
                    sentence="澄江芯源董事长柳清岚出席签约仪式。",
                    key={"role": "董事长"},
                ),
            ],
        ),
        Story(
            source="d.txt",
            title="澄江芯源签约（转载）",
            published="2032-04-10",
            facts=[
                Fact(
                    subject=HE,
                    predicate="holdsPosition",
                    object=FIRM,
                    sentence="澄江芯源董事长闻若川说，项目进展顺利。",
                    key={"role": "董事长"},
                ),
            ],
        ),
        Story(
            source="e.txt",
            title="资金到位",
            published="2032-05-20",
            facts=[
                Fact(
                    subject=FUND,
                    predicate="investsIn",
                    object=FIRM,
                    sentence="5月，岚泽产业基金向澄江芯源投资3亿元。",
                    key={"date": "2032-05"},
                    qualifiers={"amount": "3亿元"},
                ),
                Fact(
                    subject=BANK,
                    predicate="lendsTo",
                    object=PROJECT,
                    sentence="岚泽银行5月11日向北渡晶圆项目发放贷款8000万元。",
                    key={"date": "2032-05-11"},
                    qualifiers={"amount": "8000万元"},
                ),
                Fact(
                    subject=FIRM,
                    predicate="establishes",
                    object=LAB,
                    sentence="澄江芯源2031年设立澄江量子实验室。",
                    qualifiers={"date": "2031"},
                ),
                Fact(
                    subject=FIRM,
                    predicate="receivesHonor",
                    object=HONOR,
                    sentence="澄江芯源5月18日获评岚泽省先导企业。",
                    key={"date": "2032-05-18"},
                ),
                Fact(
                    subject=CHIEF,
                    predicate="holdsPosition",
                    object=BANK,
                    sentence="祁之舟4月起任岚泽银行行长。",
                    key={"role": "行长"},
                ),
                Fact(
                    subject=PROJECT,
                    predicate="locatedIn",
                    object=PARK,
                    sentence="北渡晶圆项目落户澄江芯片园。",
                ),
                Fact(
                    subject=FUND,
                    predicate="participatesIn",
                    object=FAIR,
                    sentence="岚泽产业基金据说参加了澄江春季对接会。",
                    confidence=0.35,
                ),
            ],
        ),
    ]
    graph = graph_of(nodes, stories)
    happenings = {
        "signing:1": Happening(
            id="signing:1",
            kind="Signing",
            roles={"party": (LAB, FIRM, COLLEGE)},
            date=When(value="2032-04-08", text="4月8日"),
            amount=Amount(value="200000000", currency="CNY", text="2亿元"),
        ),
        "investment:1": Happening(
            id="investment:1",
            kind="Investment",
            roles={"investor": (FUND,), "recipient": (FIRM,)},
            date=When(value="2032-05", text="5月"),
            amount=Amount(value="300000000", currency="CNY", text="3亿元"),
        ),
        "loan:1": Happening(
            id="loan:1",
            kind="Loan",
            roles={"lender": (BANK,), "borrower": (PROJECT,)},
            date=When(value="2032-05-11", text="5月11日"),
            amount=Amount(value="80000000", currency="CNY", text="8000万元"),
        ),
        "award:1": Happening(
            id="award:1",
            kind="Award",
            roles={"recipient": (FIRM,), "honor": (HONOR,)},
            date=When(value="2032-05-18", text="5月18日"),
        ),
        "posting:1": Happening(
            id="posting:1",
            kind="Posting",
            roles={"holder": (CHIEF,), "body": (BANK,)},
            date=When(value="2032-04", text="4月"),
        ),
    }
    of = {
        ("signsAgreementWith", FIRM): "signing:1",
        ("investsIn", FUND): "investment:1",
        ("lendsTo", BANK): "loan:1",
        ("receivesHonor", FIRM): "award:1",
        ("holdsPosition", CHIEF): "posting:1",
    }
    divisions = (
        PlacedDivision(id=PROVINCE, code="990000", name="岚泽省"),
        PlacedDivision(id=CITY, code="990100", name="澄江市", within=PROVINCE),
        PlacedDivision(id=DISTRICT, code="990102", name="澄江市北渡区", within=CITY),
    )
    return replace(
        graph,
        edges=tuple(replace(e, occurrence=of.get((e.predicate, e.subject))) for e in graph.edges),
        happenings=tuple(happenings[id_] for id_ in sorted(happenings)),
        divisions=tuple(sorted(divisions, key=lambda d: d.id)),
        reprints=(Reprint(source="d.txt", article=0, original_source="b.txt", original_article=0),),
        min_confidence=0.5,
    )
