"""Twelve small invented articles with their annotation, in the guideline's format."""

import json

TOWNS = ("南溪市", "海棠市", "云岭县", "星河区")
SCHOOLS = ("云岭大学", "海棠师范学院", "星河理工大学")
FIRMS = ("青禾科技有限公司", "蓝湖股份有限公司", "石榴原新材料有限公司", "长汀电子集团")
PEOPLE = ("林望舒", "沈砚秋", "周一鸣", "顾清源", "许知远", "陆晚亭")


def write_articles(folder):
    """Write text/ and gold/ to `folder`."""
    (folder / "text").mkdir(parents=True)
    (folder / "gold").mkdir()
    for n in range(12):
        name = f"a{n:02}"
        text, gold = _article(n)
        (folder / "text" / f"{name}.txt").write_text(text, encoding="utf-8")
        document = {"doc": name, "published": "2023-05-09", "articles": [gold]}
        (folder / "gold" / f"{name}.json").write_text(
            json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8"
        )


def _article(n):
    town, school, firm = TOWNS[n % 4], SCHOOLS[n % 3], FIRMS[(n + n // 4) % 4]
    head, chair = PEOPLE[n % 6], PEOPLE[(n + 3) % 6]
    signing = f"{school}与{firm}在{town}签署合作协议"
    posts = f"{school}校长{head}、{firm}董事长{chair}出席签约仪式"
    fund = f"{firm[:4]}投资管理中心"
    remark = (f"{fund}派员到场。" if n % 2 else "") + (
        "当天下着小雨，街上行人不多。",
        "双方此前已有多年往来。",
        "现场气氛热烈，掌声不断。",
    )[n % 3]
    names = [
        ("Place", town, [town[:2]]),
        ("Organization", school, []),
        ("Organization", firm, [firm[:4]]),
        ("Person", head, []),
        ("Person", chair, []),
        *([("Organization", fund, [])] if n % 2 else []),
    ]
    facts = [
        ("e2", "signsAgreementWith", "e3", signing, {"agreement": "合作协议"}),
        ("e4", "holdsPosition", "e2", posts, {"role": "校长"}),
        ("e5", "holdsPosition", "e3", posts, {"role": "董事长"}),
    ]
    gold = {
        "title": f"{school}与{firm[:4]}签约",
        "lines": [[1, 3]],
        "entities": [
            {"id": f"e{k}", "type": type_, "name": name, "aliases": aliases}
            for k, (type_, name, aliases) in enumerate(names, 1)
        ],
        "relations": [
            {
                "head": head_,
                "relation": relation,
                "tail": tail,
                "evidence": evidence,
                "qualifiers": qualifiers,
            }
            for head_, relation, tail, evidence, qualifiers in facts
        ],
    }
    return f"{gold['title']}\n\n5月{n + 1}日，{signing}。{posts}。{remark}\n", gold
