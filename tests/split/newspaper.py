"""Makes newspaper pages out of invented articles, with the lines of each article known."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

PLACES = ("青禾市", "云岭县", "白石区", "松原镇", "南浦市", "柳河县", "长汀区", "海棠市")
TOPICS = {
    "茶叶": ("茶园", "采茶机器人", "茶叶品牌", "炒茶工坊", "茶农合作社", "春茶订单"),
    "港口": ("集装箱码头", "航线", "铁水联运", "货轮", "港务集团", "吞吐量"),
    "养老": ("养老驿站", "助餐服务", "护理员", "社区食堂", "适老化改造", "银发志愿队"),
    "芯片": ("晶圆产线", "封装测试", "设计公司", "光刻设备", "流片补贴", "集成电路学院"),
    "湿地": ("候鸟", "湿地公园", "生态补水", "芦苇荡", "观鸟平台", "护鸟巡查队"),
    "轨道": ("地铁四号线", "盾构机", "换乘站", "轨道集团", "试运行", "无障碍电梯"),
    "渔业": ("深海网箱", "大黄鱼", "养殖户", "冷链船", "鱼苗繁育场", "休渔期"),
    "教育": ("职教园区", "实训基地", "订单班", "技能大赛", "双师型教师", "校企课程"),
}
FORMS = (
    "{place}今年围绕{a}做了不少文章，{b}的数量比上年增加近三成，{c}也从无到有，成为当地人津津乐道的新鲜事。",
    "“过去大家对{a}心里没底，现在有了{b}，干起来踏实多了。”负责{c}的李师傅一边忙着手里的活，一边对来访的人说道。",
    "为了把{a}这件事办好，{place}专门成立了工作专班，逐项梳理{b}遇到的难题，并请来专家为{c}出谋划策。",
    "数据显示，{place}去年投入{a}的资金达到三千多万元，带动{b}提质升级，{c}覆盖的人群超过两万名。",
    "下一步，当地将继续扩大{a}的规模，推动{b}和{c}相互配合，让更多居民得到实实在在的好处。",
    "走进现场，{a}整齐有序，工作人员正在为{b}做最后的调试，不远处的{c}吸引了许多人驻足观看。",
)
HEADS = (
    "{place}{a}添新景 {b}有了好帮手",
    "{place}：{a}牵手{b}",
    "{a}唱主角 {place}{c}迈上新台阶",
    "{place}打造{a}新样板",
)
NAMES = ("陈远山", "林小禾", "赵一帆", "周海", "吴清", "孙立群")


@dataclass(slots=True)
class Page:
    """A page: `text`, and for every article the numbers (from 0) of its lines."""

    lines: list[str] = field(default_factory=list)
    owners: list[int | None] = field(default_factory=list)

    def add(self, line: str, owner: int | None = None) -> None:
        self.lines.append(line)
        self.owners.append(owner)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def solid(self, owner: int) -> set[int]:
        """Return the offsets of the characters of one article."""
        found: set[int] = set()
        at = 0
        for line, whose in zip(self.lines, self.owners, strict=True):
            if whose == owner:
                found |= {at + k for k, c in enumerate(line) if not c.isspace()}
            at += len(line) + 1
        return found


def wrap(text: str, width: int) -> list[str]:
    """Break `text` to a column; closing marks do not begin a line."""
    lines, line = [], ""
    for char in text:
        if len(line) >= width and char not in "，。、；：？！”":
            lines.append(line)
            line = ""
        line += char
    return [*lines, line]


def make_page(seed: int) -> Page:
    """Return the page number `seed`: headlines before or after, column breaks, bylines, captions, a masthead."""
    rng = random.Random(seed)  # noqa: S311 - pages are no secrets
    page = Page()
    if rng.random() < 0.6:
        for line in ("2031年5月6日 星期二", "总第1208期", "邮发代号:99-99 报料热线:0000-1234567"):
            page.add(line)
            page.add("")
    before = rng.random() < 0.6
    for owner, topic in enumerate(rng.sample(sorted(TOPICS), rng.randint(3, 6))):
        _add_article(page, rng, owner, topic, before=before)
    return page


def _add_article(page: Page, rng: random.Random, owner: int, topic: str, *, before: bool) -> None:
    place, width = rng.choice(PLACES), rng.randint(18, 24)

    def fill(form: str) -> str:
        a, b, c = rng.sample(TOPICS[topic], 3)
        return form.format(place=place, a=a, b=b, c=c)

    head = wrap(fill(rng.choice(HEADS)), rng.choice((14, 20, 24)))
    body: list[str] = []
    for number in range(rng.randint(3, 7)):
        text = "".join(fill(form) for form in rng.sample(FORMS, rng.randint(1, 3)))
        lines = wrap(("本报讯 " if number == 0 and rng.random() < 0.7 else "") + text, width)
        if len(lines) > 5 and rng.random() < 0.5:
            lines.insert(rng.randint(2, len(lines) - 2), "")  # the column breaks inside a paragraph
        body += [*lines, ""]
        if number and rng.random() < 0.1:
            body += [f"图为忙碌的现场。{rng.choice(NAMES)} 摄", ""]
    body.pop()
    signature = rng.random()
    if signature < 0.4:
        body[-1] += f" 本报记者 {rng.choice(NAMES)}"
    elif signature < 0.8:
        body += ["", f"通讯员 {rng.choice(NAMES)} 本报记者 {rng.choice(NAMES)}"]
    parts = (head, [""], body) if before else (body, [""], head)
    for line in (line for part in parts for line in part):
        page.add(line, owner)
    page.add("")
