"""Texts that no newspaper prints but a reader may meet, for properties that hold for every text."""

import hashlib

from hypothesis import strategies as st

from kg.model import Source

PIECES = (
    "云岭大学与青禾科技有限公司在海棠市签署合作协议",
    "蓝湖股份有限公司董事长沈砚秋、云岭大学校长林望舒出席",
    "“星河杯”创新大赛",
    "《海棠市产业规划》",
    "双方",
    "该公司",
    "5月8日",
    "2亿元",
    "2023年",
    "会上，",
    "由海棠市政府主办，云岭大学承办",
    "否认收购",
    "阿卜杜拉·买买提",
    "Ａｌｐｈａ公司",
    "……",
    "、、、",
    "“‘”《",
    "》”）",
    "。。",
    "\n",
    "\r\n",
    "\n\n　　",
    "\u3000",
    "\t",
    "\x0b\x0c",
    "\u200b\u2060",
    "\ufeff",
    "e\u0301",
    "😀👩‍🔬",
    "𠮷野家",
    "\ue000\ue001",
    "\uf8ff",
    "□■",
    "�",
    "١٢٣",
    "　　（下转A2版）",
    "<br/>&nbsp;",
    "{subject:Organization}",
    "((((((((",
    "\\E\\d+",
)

ODD = st.lists(
    st.one_of(
        st.sampled_from(PIECES), st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=6)
    ),
    max_size=24,
).map("".join)


def source_of(text, *, single=True):
    """Return a text as a source."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Source(id="odd", text=text, raw_sha256=digest, text_sha256=digest, single=single)
