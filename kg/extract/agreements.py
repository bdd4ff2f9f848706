"""What an agreement is called, what a co-operation is about, what is given in kind: free words taken as they stand."""

from __future__ import annotations

import re

from kg.model import Span

_HEAD = (
    "(?:谅解备忘录|合作备忘录|备忘录|协议书|协议|合同书|合同|意向书|协定|责任书|承诺书|公约|框架协议|倡议书|倡议"
    "|契约|契据|条约|计划书|宣言|意向)"
)
_TITLED = re.compile(
    r"《[^《》]{2,60}》(?:[（(][^）)]{1,16}[）)])?(?:(?:、|和|及|以及|与)?《[^《》]{2,60}》)*"
)
_QUOTED = re.compile(rf"“[^“”]{{2,40}}{_HEAD}”")
_PLAIN = re.compile(rf"[一-鿿A-Za-z0-9“”·\-—（）()、]{{0,40}}?{_HEAD}(?![一-鿿]{{0,2}}[》])")
_VERB = "签署|签订|签约|签下|签|订立|达成|缔结|递交|交换|执行|履行|缔约|续签|重签|互签"
_CUT = re.compile(
    rf".*(?:{_VERB})(?:了|的|过)?(?:一?[份项系列揽子个]+)?(?:价值[^的]*的|为期[^的]*的|总额[^的]*的|共计[^的]*的)?"
    r"|.*?[：:，]|^(?:了|的|上述|该|此)"
)
_TIMED = re.compile(r"^(?:在|于)?\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日)?")
_CLOSED = "等?(?:方面|领域|事项|事宜|内容|问题)"
_ABOUT = re.compile(
    rf"(?:(?:就|围绕)(?P<topic>[^，。；]{{2,40}}?)(?:{_CLOSED})?|在(?P<field>[^，。；]{{2,40}}?){_CLOSED})"
    r"(?:开展|展开|进行|达成|签署|签订|签约|加强|深化|与|同|分别)"
)
_PROJECT = re.compile(
    rf"(?:{_VERB}|签约)(?:了)?(?P<topic>(?![\d一二两三四五六七八九十百]+个)[一-鿿A-Za-z0-9“”\-—（）()]{{4,30}}?项目)(?![一-鿿]{{0,2}}\d|书)"
)
_OF_CEREMONY = re.compile(
    "(?P<topic>“[^“”]{2,20}”[一-鿿]{0,8}?合作|[一-鿿]{2,12}?(?:战略|项目|校企|框架)合作)(?:项目)?签约仪式"
)
_SHORT = 4
_FAR_TOPIC = 40
_PASSIVE = re.compile("(?:^|[，。；：])(?:此次|此趟|本次|该)?(?P<topic>[^，。；：]{2,30}?)(?:是|，)?由$")
_BEFORE_TITLE = 12
_SIGNING = re.compile(rf"(?:{_VERB})")
_TOGETHER = re.compile(
    r"(?:联合|携手|共同|合力|合作|联手|协同|牵手|会同|结对|共建|合建|战略合作)(?P<topic>[^，。；]{2,40})"
)
_FIELD = re.compile(
    r"(?:在|就|围绕|针对|聚焦)(?P<topic>[^，。；]{2,40}?)(?:等?(?:方面|领域|环节|事宜|问题)?)(?:上)?(?:的|进行|开展|展开|达成|建立|加强|深化|持续|保持|实现|全面|长期|密切|深度)+[^，。；]{0,8}合作"
)
_OF = re.compile(
    r"(?P<topic>[一-鿿A-Za-z0-9“”]{2,16})(?:的)?(?:战略)?(?:合作(?:伙伴|项目|关系)?|伙伴|供应商|客户)"
)
_TOGETHER_LEAD = re.compile(
    "^(?:等[^，]{0,10}?(?:单位|部门|企业|机构|公司|银行|高校|院校|组织|媒体|一道|一起|家)|一起|一道|共同|联合|联手|携手|合作|合力|协同"
    "|高效|双方|三方|分别|顺利|深入|适时|扎实|积极|正式|首次|成功|进行|日前|近日|将|已|在此|通过|决定|宣布|计划|拟|再次|首度|分别)+"
)
_NO_TOPIC = re.compile(
    r"\d{4}年|(?:\d{1,2}月)?\d{1,2}日(?:发|上午|下午|$)|发[布出表](?:联合)?(?:声明|公告|消息)$|经[^，]{0,6}协商|作为|在[^，]{0,24}(?:期间|过程中|时)$"
    "|达成[^，]{0,6}意向|得到|双方(?:表示|一致)"
)
_SPEECH = re.compile("说|表示|介绍|一起|负责人|员工")
_LEADING = re.compile("^(?:了|在|的|为|并|地|将|已|印发通知)+")
_TAIL = re.compile("(?:的)?(?:活动|工作)?(?:的)?$")
_COUNT = r"(?:\d[\d,.]*|[一二两三四五六七八九十百千数几]+)(?:余|多)?(?:万|亿|千|百)?(?:余|多)?"
_IN_KIND = re.compile(
    rf"(?:(?:总)?价值[^，。；]{{1,16}}的)?{_COUNT}(?:台|套|辆|本|册|件|箱|吨|车|批|瓶|张|幅|份|只|顶|条|袋|斤|公斤|盒|艘|架|支|双|床|部|组|万象|公里|棵|株|头|副|块|筐|提|包|桶|座|所|个)[^，。；、]{{0,20}}"
)
_GIVEN = re.compile(
    r"(?:捐赠|捐献|赠送|赠予|捐出|捐助|捐|送去|送上|送来)(?:了|的|给)?(?P<thing>[^，。；]{2,24})"
)
_END_OF_GIFT = re.compile("运抵|赠予|赠给|送给|送到|送往|用于|帮助|支援|（|给|予")
_OWN = re.compile("给|向|予|仪式|活动|人民|大会|镇|乡|村|——")


def agreement_in(text: str, clause: Span, *, after: int) -> str:
    """Return the name of the agreement that `clause` speaks of, or what kind it is; empty where it says neither.

    The one behind `after` (the end of the first party) is taken before an earlier one.

    >>> agreement_in("甲公司与乙学院签署战略合作协议", Span(0, 15), after=3)
    '战略合作协议'
    """
    words = clause.of(text)
    titled = [match for match in _TITLED.finditer(words) if re.search(_HEAD, match[0])]
    titled = titled or [match for match in _TITLED.finditer(words) if _SIGNING.search(words[: match.start()])]
    if titled:
        behind = [match for match in titled if clause.start + match.start() >= after]
        return re.sub("》(?:、|和|及|以及|与)《", "》、《", (behind or titled)[0][0])
    quoted = _QUOTED.search(words)
    if quoted:
        return quoted[0]
    best = ""
    for match in _PLAIN.finditer(words):
        name = match[0]
        cut = _CUT.match(name)
        name = _TIMED.sub("", name[cut.end() :] if cut else name)
        head, _, tail = name.rpartition("的")
        name = _TIMED.sub("", tail if head and len(tail) > _SHORT else name)
        if len(name) > len(best) and len(name) <= 24:
            best = name
    best = best or _signed(words)
    about = _ABOUT.search(words)
    if about and (not best or len(best) <= _SHORT) and _SIGNING.search(words):
        return (about["topic"] or about["field"]) + best
    return best


def only_agreement(text: str) -> str:
    """Return the one agreement in book title marks that a text has signed, however often; nothing where there are several.

    >>> only_agreement("双方签约。昨日，甲乙签署《蓝湖合作协议》。《蓝湖合作协议》为期三年")
    '《蓝湖合作协议》'
    """
    signed = {
        match[0]
        for match in _TITLED.finditer(text)
        if re.search(_HEAD, match[0])
        and _SIGNING.search(text[max(0, match.start() - _BEFORE_TITLE) : match.start()])
    }
    return min(signed) if len(signed) == 1 else ""


def _signed(words: str) -> str:
    """Return what is signed where no kind of agreement is named: 进行战略合作签约, 签订港口扩建项目."""
    ceremony = _OF_CEREMONY.search(words)
    if ceremony:
        return ceremony["topic"]
    project = _PROJECT.search(words)
    if project:
        return project["topic"]
    act = re.search(
        "(?:进行|开展|举行|达成)(?:了)?(?P<topic>[^，。；]{2,24}?)签约(?!仪式|活动|会|大会|项目)", words
    )
    return act["topic"] if act else ""


def subject_in(text: str, clause: Span, *, after: int) -> str:
    """Return what a co-operation is about, in the words of `clause`; empty where it does not say.

    >>> subject_in("甲公司联合乙学院研制深海机器人", Span(0, 15), after=8)
    '研制深海机器人'
    """
    words = clause.of(text)
    field = _FIELD.search(words)
    if field:
        return _trimmed(field["topic"])
    rest = words[max(0, after - clause.start) :].lstrip("”》）)")
    for segment in re.split("[，。；]", rest):
        if _NO_TOPIC.match(segment):
            continue
        topic = _trimmed(_TOGETHER_LEAD.sub("", segment))
        if len(topic) >= _SHORT and not _SPEECH.search(topic):
            return topic
    together = [match["topic"] for match in _TOGETHER.finditer(words)]
    of = _OF.search(words)
    return _trimmed(together[-1] if together else of["topic"] if of else "")


def topic_of_passive(text: str, party: int) -> str:
    """Return what 由 makes the parties' common work: 河港项目由|甲公司与乙公司共建 (`party`: where they start).

    >>> topic_of_passive("据悉，河港项目由甲公司与乙公司共建", 8)
    '河港项目'
    """
    found = _PASSIVE.search(text[max(0, party - _FAR_TOPIC) : party])
    return found["topic"] if found else ""


def in_kind(text: str, clause: Span, *, after: int) -> str:
    """Return a gift in kind with its number as written (两幅书画); empty where there is none.

    >>> in_kind("甲公司向乙村捐赠了20台电脑", Span(0, 14), after=5)
    '20台电脑'
    """
    words = clause.of(text)
    found = _IN_KIND.search(words, max(0, after - clause.start)) or _IN_KIND.search(words)
    if found:
        return _END_OF_GIFT.split(found[0])[0]
    given = _GIVEN.search(words)
    return given["thing"] if given and not _OWN.search(given["thing"]) else ""


def _trimmed(topic: str) -> str:
    return _TAIL.sub("", _LEADING.sub("", topic))
