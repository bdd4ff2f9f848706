"""Who wrote and who photographed: bylines, signatures, captions and their names."""

from __future__ import annotations

import re

_POST = (
    r"(?:本报|本刊|本网|新华社|首席|实习|见习|特约|全媒体|融媒体?|驻[\u4e00-\u9fff]{1,6}?|[\u4e00-\u9fff]{2,10}?(?:日报|时报|晚报|报|网|社))*"
    r"(?:见习记者|实习记者|记者|通讯员|实习生|特约撰稿人?|撰稿人?|评论员|摄影|摄影报道|报道组|文/图|图/文|文|图|编辑|责编|作者)"
)
_NAME = r"(?:[\u4e00-\u9fff](?:[\u4e00-\u9fff·]{1,5}|\s{1,3}[\u4e00-\u9fff]))"
_OPEN = r"[□◎○■●▲△◆◇☐]"
_BYLINE = re.compile(rf"^{_OPEN}[\u4e00-\u9fff·/／、:：]{{2,40}}$")
_POSTS = re.compile(
    r"^[（(]?(?:[\u4e00-\u9fff]{0,8}(?:记者|通讯员|实习生|撰稿|评论员|文/图|图/文)[:：/／]?[\u4e00-\u9fff·、/／]{2,16}?){1,5}"
    r"(?:报道|摄影报道|文/?图|图/文|摄)?[）)]?$"
)
_PROSE = re.compile("[。，；！？]|了解|获悉|采访|表示|[的在从对向]")
_SIGNATURE = re.compile(r"^[（(][\u4e00-\u9fff·、]{2,14}[）)]$")
_CREDIT = re.compile(r"(?:[/／]?摄|供图|[/／]图|[/／]文图?|摄影)[）)]?$")
_CAPTION = re.compile(r"^(?:图为|图[①-⑩\d]?[:：]|[↑↓←→▲▼△▽]|上图|下图|左图|右图|资料图)")
_ENDING = re.compile(
    rf"(?:\s|[。！？”）])[（(]?(?P<credit>(?:{_OPEN}?\s*{_POST}\s*(?:{_NAME}\s*[、\s]?\s*){{1,5}}?)+)[）)]?\s*$"
)
_NOT_A_NAME = re.compile(
    rf"\S*报道组|[\u4e00-\u9fff/]*?(?:记者|通讯员|实习生|撰稿人?|评论员|摄影|编辑|责编|作者)|报道|供图|(?<![\u4e00-\u9fff])[文图摄](?![\u4e00-\u9fff])|{_OPEN}|[/／:：]"
)
_OFFICIAL = re.compile(
    r"书记|主任|厅长|局长|校长|院长|会长|教授|研究员|主席|行长|市长|县长|区长|董事长|总裁|组$"
)


def is_byline(solid: str) -> bool:
    """Return whether a line without white space only says who wrote: □本报记者某某, 通讯员 某某, （某某）."""
    if len(solid) > 42 or _PROSE.search(solid):
        return False
    return bool(_BYLINE.match(solid) or _POSTS.match(solid) or _SIGNATURE.match(solid))


def is_caption(solid: str) -> bool:
    """Return whether a line without white space is a caption or the credit of a picture."""
    if len(solid) <= 16 and _CREDIT.search(solid) and "。" not in solid:
        return True
    return len(solid) <= 120 and bool(_CAPTION.match(solid))


def trailing_credit(text: str) -> int | None:
    """Return where in a line the signature begins that ends it (``… 本报记者 某某``), or None."""
    found = _ENDING.search(text[-60:])
    return None if found is None else len(text) - len(text[-60:]) + found.start("credit")


def byline_names(text: str) -> tuple[str, ...]:
    """Return the names in a byline or credit; posts and papers are left out.

    >>> byline_names("通讯员 王一 李小二 本报记者 赵大山")
    ('王一', '李小二', '赵大山')
    """
    cleaned = re.sub(r"[（）()]", " ", text)
    words = re.split(r"[\s、，,]+", _NOT_A_NAME.sub(" ", cleaned))
    names: list[str] = []
    spaced = re.sub(
        r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])\s+([\u4e00-\u9fff])(?![\u4e00-\u9fff])",
        r"\1\2",
        " ".join(words),
    )
    for word in spaced.split():
        if re.fullmatch(
            r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]+(?:·[\u4e00-\u9fff]+)+", word
        ) and not _OFFICIAL.search(word):
            names.append(word)
    return tuple(names)
