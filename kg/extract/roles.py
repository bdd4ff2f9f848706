"""Which posts a person holds in a body: the reading of titles around names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.extract.posts import past_before, posts_after, posts_before, posts_by_verb, role_of
from kg.model import Document, Mention, Span

_FAR = 60
_NEAR = 26
_STOP = re.compile("[。！？；]")
_BREAK = re.compile("[，,。！？；：:“”《》由是为在将被了向对让请给]|表示|介绍|认为|指出|报道")
_BODIES = frozenset({"Organization", "Event", "Place"})
_JOINER = re.compile("[、和及与]$|^$")
_COPULA = re.compile("(?:分别)?(?:为|是|：|:|系|——)$")
_LEVELS = frozenset("省市区县州镇乡旗村")
_PARTY = re.compile("(?:[省市区县州镇乡旗]委|党委|党组|党工委|党支部|党总支|支部)$")
_BECOMES = re.compile("(?:先生|女士|同志)?(?:当选为?|担任|出任|任|为)")
_VERBS_TOO = frozenset({"代表", "领导", "指挥", "导演", "编辑", "主持"})
_PART_END = re.compile("[，。；！？]")
_REMOVED = re.compile("[^，。；]{0,4}(?:免职|被免|卸任|离任|离职|去职|退休)")
_FORMER = re.compile(
    "曾任|曾先后|曾就职|曾任职|曾供职|曾效力|先后服务|先后就职|此前担任|此前任|曾担任|曾在|曾经|历任|原任|先后任|先后担任|(?<!将)卸任|(?<!将)离任|原系|前任|免去|(?<!将)辞去|退休前|生前"
)
_TERM = re.compile(
    r"(?:年|月|日|\d{4})(?:至|到|[-—－~～]+)\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:间|期间)?[，]?(?:[^，。；]{0,4}(?:在|于|担任|任))?$"
)
_PARTY_LEVEL = re.compile("[省市区县州镇乡旗]委$")
_HEADED = frozenset("部局院校会行厅司处科馆所社团队台站园镇乡村州省市县区")
_DEPARTMENT = re.compile("[一-鿿]{2,9}(?:科|部|处|室|学院|事业部)$")
_COUNTED = re.compile(r"(?:等)?(?:\d+|[一二两三四五六七八九十])?[位名]?")


def role_between(document: Document, person: Span, body: Span) -> str:
    """Return all posts that `person` holds in `body`, joined by 、, or an empty string. Spans are over the reading."""
    text = document.reading.text
    found = _posts(document, person, body)
    if found is None:
        return ""
    found = _with_unit(document, body, found)
    role = _with_body_end(text, body, _widened(document, body, found))
    party = _PARTY_LEVEL.search(body.of(text))
    place = _kind_of(document, body) == "Place"
    if party and place and role.startswith(("书记", "副书记", "常委")):
        role = party[0] + role  # of the place itself, the post names the committee
    return role_of(role)


def _with_unit(document: Document, body: Span, posts: Span) -> Span:
    """Take in the unit of the body that is named with it right before a post: 甲医院心内科|主任, of 甲医院."""
    own = next(
        (entity for m, entity in zip(document.mentions, document.links, strict=False) if m.span == body), None
    )
    names = [n for e in document.entities if e.id == own for n in (e.name, *e.aliases)]
    unit = next((m for m in document.mentions if m.span.end == posts.start and m.span != body), None)
    if unit is None:
        return posts
    rests = [len(n) for n in names if unit.text.startswith(n) and _DEPARTMENT.fullmatch(unit.text[len(n) :])]
    return Span(unit.span.start + max(rests), posts.end) if rests else posts


def _kind_of(document: Document, body: Span) -> str:
    """Return the type of the entity that the mention at `body` names (浦东新区区委 may name the place), else its own."""
    types = {entity.id: entity.type for entity in document.entities}
    for number, mention in enumerate(document.mentions):
        if mention.span == body:
            linked = document.links[number] if number < len(document.links) else ""
            return types.get(linked, mention.type)
    return ""


def was_held(document: Document, person: Span, body: Span) -> bool:
    """Return whether the post of `person` in `body` is a former one: 原董事长, 曾任, 卸任, 免去."""
    text = document.reading.text
    found = _posts(document, person, body)
    if found is not None and past_before(text, found):
        return True
    if _TERM.search(text[max(0, body.start - 32) : body.start]):
        return True
    first = min(person.start, body.start)
    if re.search("(?:原|时任)$", text[max(0, first - 2) : first]) or _REMOVED.match(
        text, max(person.end, body.end)
    ):
        return True
    start = max(
        (m.end() for m in _PART_END.finditer(text, max(0, first - _FAR), first)), default=max(0, first - _FAR)
    )
    until = min(_sentence_end(text, first), max(person.end, body.end))
    return _FORMER.search(text, start, until) is not None


def _posts(document: Document, person: Span, body: Span) -> Span | None:
    text = document.reading.text
    if (
        text.startswith("长", body.end)
        and text[body.end - 1] in _HEADED
        and _adjacent(document, person, body)
    ):
        return posts_after(text, body.end - 1, limit=person.start) or Span(body.end - 1, body.end + 1)
    found = (
        _body_first(document, person, body)
        if body.end <= person.start
        else _person_first(document, person, body)
    )
    return found or _title_in_name(document, person) or _shared(document, person)


def _adjacent(document: Document, person: Span, body: Span) -> bool:
    """Return whether nothing that is named stands between a body and the person behind it."""
    return 0 < person.start - body.end <= _FAR and not any(
        body.end <= m.span.start and m.span.end <= person.start for m in document.mentions
    )


def _widened(document: Document, body: Span, posts: Span) -> Span:
    """Take in 市委 before 书记 where the body is the place itself, and a department that stands before the post."""
    text = document.reading.text
    before = text[max(0, posts.start - 10) : posts.start]
    if posts.start <= body.start or posts.start >= body.end + 1:
        party = _PARTY.search(before)
        if party and not _PARTY.search(body.of(text)):
            return Span(posts.start - len(party[0]), posts.end)
        department = _DEPARTMENT.search(re.split("[、，和与及的]", before)[-1])
        inside = department and any(
            m.span.start < posts.start and m.span.end > posts.start - len(department[0])
            for m in document.mentions
        )
        if department and not inside:
            return Span(posts.start - len(department[0]), posts.end)
    return posts


def _body_first(document: Document, person: Span, body: Span) -> Span | None:
    """甲公司董事长林某; 甲公司董事长、乙协会会长林某; 甲公司副总经理林某、周某."""
    text = document.reading.text
    between = [m for m in document.mentions if body.end <= m.span.start and m.span.end <= person.start]
    people = [m for m in between if m.type == "Person"]
    bodies = [m for m in between if m.type in _BODIES]
    near = person.start - body.end <= _FAR and not _STOP.search(text, body.end, person.start)
    backward = posts_before(text, person.start, limit=max((m.span.end for m in between), default=body.end))
    elected = _elected(text, person) if between or not near else None
    if elected or not near:
        own = posts_after(text, _start_after(text, body)) if not near else None
        return elected or own or backward or _behind(document, person)
    copular = _before_copula(text, body, bodies)
    if copular:
        return copular
    alone = not between or _is_unit(document, body, between)
    whole = _whole(text, _start_after(text, body), person.start, backward) if alone else None
    if whole:
        return whole
    inner = min((m.span.start for m in bodies), default=person.start)
    forward = posts_after(text, _start_after(text, body), limit=inner) if not people else None
    if forward and backward and not bodies and forward.end <= backward.start:
        return backward
    if forward:
        return forward
    if backward and not bodies:
        return backward
    return (
        _behind(document, person) or backward or (posts_after(text, body.end) if people or bodies else None)
    )


def _before_copula(text: str, body: Span, between: Sequence[Mention]) -> Span | None:
    """Return the posts of 甲公司成立，法定代表人、经理为乙公司总监林某 in the first body: those before 为."""
    if not between:
        return None
    last = between[-1].span
    copula = _COPULA.search(text[max(body.end, last.start - 4) : last.start])
    return posts_before(text, last.start - len(copula[0]), limit=body.end) if copula else None


def _is_unit(document: Document, body: Span, between: Sequence[Mention]) -> bool:
    """Return whether all that is named between is one unit of the body, right behind it: 甲医院|心内科|主任林某."""
    span = between[0].span
    unit = _DEPARTMENT.fullmatch(document.reading.text, span.start, span.end)
    return len(between) == 1 and span.start == body.end and unit is not None


def _elected(text: str, person: Span) -> Span | None:
    """Return the post of 选举…总裁林某为会长: what the person becomes, not what stands before the name."""
    verb = _BECOMES.match(text, person.end)
    return posts_after(text, verb.end()) if verb else None


def _whole(text: str, start: int, end: int, backward: Span | None) -> Span | None:
    """Return all between body and name, where it ends in a post and nothing breaks it: 甲大学海洋生物研究员林某."""
    between = text[start:end]
    lead = re.match(r"(?:[（(][^（()）]{1,30}[）)])?[”’」]?(?:的)?", between)
    start += lead.end() if lead else 0
    if backward is None or not 0 < end - start <= _NEAR or _BREAK.search(text, start, end):
        return None
    return Span(start, end)


def _person_first(document: Document, person: Span, body: Span) -> Span | None:
    """林某，甲公司董事长; 林某任甲公司总经理; 董事长林某表示，甲公司…."""
    text = document.reading.text
    nexts = [
        m.span.start for m in document.mentions if m.span.start >= body.end and m.type in (*_BODIES, "Person")
    ]
    after = posts_after(text, _start_after(text, body), limit=min(nexts, default=None))
    if after and after.of(text) not in _VERBS_TOO:
        return after
    befores = [m.span.end for m in document.mentions if m.span.end <= person.start]
    own = (
        _elected(text, person)
        or posts_before(text, person.start, limit=max(befores, default=0))
        or _behind(document, person)
    )
    return (
        own
        or after
        or posts_by_verb(text, body.end, limit=min(_sentence_end(text, body.end), body.end + _FAR))
    )


def _behind(document: Document, person: Span) -> Span | None:
    """Return posts behind the name: 林某教授, 林某（董事长）, 林某任董事长."""
    text = document.reading.text
    direct = posts_after(text, person.end)
    if direct and direct.start == person.end:
        return direct
    bracket = re.compile("[（(，,]").match(text, person.end)
    if bracket:
        found = posts_after(text, bracket.end())
        if found and found.start == bracket.end():
            return found
    stop = min(_sentence_end(text, person.end), person.end + _FAR)
    people = [m.span.start for m in document.mentions if m.type == "Person" and m.span.start >= person.end]
    return posts_by_verb(text, person.end, limit=min([stop, *people[:1]])) or _copular(text, person)


def _copular(text: str, person: Span) -> Span | None:
    """法定代表人为林某; 董事长：林某."""
    copula = _COPULA.search(text[max(0, person.start - 4) : person.start])
    return posts_before(text, person.start - len(copula[0])) if copula else None


def _shared(document: Document, person: Span) -> Span | None:
    """One post for a row of people: 副主任林某、周某; 林某、周某教授."""
    text = document.reading.text
    people = [m for m in document.mentions if m.type == "Person"]
    index = next((k for k, m in enumerate(people) if m.span == person), None)
    if index is None:
        return None
    first = _row_end(text, people, index, step=-1)
    before = posts_before(text, first.span.start) or _copular(text, first.span)
    if before:
        return before
    last = _row_end(text, people, index, step=1)
    counted = _COUNTED.match(text, last.span.end)
    found = posts_after(text, counted.end() if counted else last.span.end)
    return found or _title_in_name(document, last.span)


def _row_end(text: str, people: Sequence[Mention], index: int, *, step: int) -> Mention:
    while 0 <= index + step < len(people):
        left, right = sorted((people[index].span, people[index + step].span))
        if text[left.end : right.start] not in ("、", "和", "与", "及", "，"):
            break
        index += step
    return people[index]


def _title_in_name(document: Document, person: Span) -> Span | None:
    """Return the post inside a mention such as 林医生, where the tagger took it in."""
    found = posts_before(document.reading.text, person.end, limit=person.start + 1)
    return found if found and found.start > person.start else None


def _start_after(text: str, body: Span) -> int:
    """Where posts behind a body start: 宝安区|委常委 starts a character earlier."""
    level = text[body.end - 1] in _LEVELS and text[body.end : body.end + 1] == "委"
    return body.end - 1 if level else body.end


def _with_body_end(text: str, body: Span, posts: Span) -> str:
    """Give back to a post what the body before it took: 国防部|长, 省|领导, 甲市委|常委."""
    found = posts.of(text)
    if posts.start != body.end:
        return found
    if found.startswith(("长", "副长")):
        return text[body.end - 1] + found
    if found.startswith("领导") and text[body.end - 1] in _LEVELS:
        return text[body.end - 1] + found
    return found


def _sentence_end(text: str, at: int) -> int:
    found = _STOP.search(text, at)
    return found.start() if found else len(text)
