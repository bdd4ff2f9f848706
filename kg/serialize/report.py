"""``report.md``: what a build holds and what it doubts, for an analyst to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kg.model import Article, Edge, KnowledgeGraph, Node
from kg.serialize.markdown import escaped, table

if TYPE_CHECKING:
    from kg.vocabulary import Vocabulary

_BEST_CONNECTED = 20
_DOUBTED = 30
_MERGES = 50
_CORRECTIONS = 200


def write_report(graph: KnowledgeGraph, vocabulary: Vocabulary) -> bytes:
    """Return the report as Markdown in UTF-8: the same graph gives the same bytes."""
    return ("\n".join(_Report(graph, vocabulary).sections()).rstrip("\n") + "\n").encode("utf-8", "replace")


class _Report:
    """The sections of a report over one graph."""

    def __init__(self, graph: KnowledgeGraph, vocabulary: Vocabulary) -> None:
        self._graph = graph
        self._vocabulary = vocabulary
        self._nodes = {node.id: node for node in graph.nodes}
        self._articles = {(article.source, article.index): article for article in graph.articles}
        self._firm = [e for e in graph.edges if e.confidence >= graph.min_confidence]
        self._weak = [e for e in graph.edges if e.confidence < graph.min_confidence]
        self._stated = {end for e in self._firm for end in (e.subject, e.object)}

    def sections(self) -> Iterator[str]:
        yield "# 新闻知识图谱报告 · News knowledge graph report\n"
        yield from self._overview()
        yield from self._article_table()
        yield from self._entity_table()
        yield from self._statement_table()
        yield from self._connected()
        yield from self._doubted()
        yield from self._below()
        yield from self._merged()
        yield from self._corrected()
        yield from self._skipped()

    def _overview(self) -> Iterator[str]:
        graph = self._graph
        yield "## 概览 · Overview\n"
        yield table(
            ("内容 · what", "数量 · number"),
            [
                ("来源 · sources", len(graph.sources)),
                ("文章 · articles", len(graph.articles)),
                ("实体 · entities", len(graph.nodes)),
                ("其中有陈述的实体 · entities in statements", len(self._stated)),
                ("陈述 · statements", len(self._firm)),
                ("低于阈值的陈述 · statements below the threshold", len(self._weak)),
                ("陈述的证据 · evidence of the statements", sum(len(e.supports) for e in self._firm)),
                ("事件实例 · occurrences", len(graph.happenings)),
                ("跳过 · skipped", len(graph.skipped)),
            ],
        )
        yield f"置信度阈值 · confidence threshold: {graph.min_confidence:g}\n"

    def _article_table(self) -> Iterator[str]:
        counts = Counter(
            article for e in self._firm for article in {(s.source, s.article) for s in e.supports}
        )
        yield "## 文章 · Articles\n"
        yield table(
            ("来源 · source", "篇次 · no.", "日期 · date", "标题 · headline", "陈述 · statements"),
            [
                (escaped(a.source), a.index, a.published or "—", _title(a), counts[a.source, a.index])
                for a in self._graph.articles
            ],
        )

    def _entity_table(self) -> Iterator[str]:
        counts = Counter((node.type, node.subtype) for node in self._graph.nodes)
        stated = Counter((node.type, node.subtype) for node in self._graph.nodes if node.id in self._stated)
        order = {
            name: i for i, name in enumerate((*self._vocabulary.entity_types, *self._vocabulary.subtypes))
        }
        rows = sorted(
            counts.items(), key=lambda item: (order.get(item[0][0], 99), order.get(item[0][1], 99), item)
        )
        yield "## 实体 · Entities by type\n"
        yield table(
            ("类型 · type", "细类 · subtype", "数量 · number", "有陈述 · in statements"),
            [
                (self._term(kind[0]), self._term(kind[1]) if kind[1] else "—", n, stated[kind])
                for kind, n in rows
            ],
        )

    def _statement_table(self) -> Iterator[str]:
        modalities = self._vocabulary.modalities
        counts = Counter[tuple[str, str]]((e.predicate, e.modality) for e in self._firm)
        weak = Counter(e.predicate for e in self._weak)
        used = [r for r in self._vocabulary.relations if weak[r] or any(counts[r, m] for m in modalities)]
        yield "## 陈述 · Statements by relation\n"
        yield table(
            ("关系 · relation", *(self._term(m) for m in modalities), "低于阈值 · below threshold"),
            [(self._term(r), *(counts[r, m] for m in modalities), weak[r]) for r in used],
        )

    def _connected(self) -> Iterator[str]:
        ends = Counter(end for e in self._firm for end in (e.subject, e.object))
        neighbours: dict[str, set[str]] = {}
        for e in self._firm:
            neighbours.setdefault(e.subject, set()).add(e.object)
            neighbours.setdefault(e.object, set()).add(e.subject)
        best = sorted(ends, key=lambda id_: (-len(neighbours[id_]), -ends[id_], id_))[:_BEST_CONNECTED]
        yield "## 联系最多的实体 · Best connected entities\n"
        yield table(
            ("实体 · entity", "类型 · type", "相邻实体 · neighbours", "陈述 · statements", "提及 · mentions"),
            [
                (
                    self._name(id_),
                    self._term(self._nodes[id_].type),
                    len(neighbours[id_]),
                    ends[id_],
                    len(self._nodes[id_].mentions),
                )
                for id_ in best
            ],
        )

    def _doubted(self) -> Iterator[str]:
        yield "## 置信度最低的陈述 · Statements to check first\n"
        yield f"已入图、置信度最低的 {_DOUBTED} 条以内 · the least certain of the statements above the threshold.\n"
        yield from self._listed(self._firm)

    def _below(self) -> Iterator[str]:
        yield "## 低于阈值的陈述 · Statements kept below the threshold\n"
        yield (
            f"保留但不作为事实输出，列出最接近阈值的 {_DOUBTED} 条以内 · kept, but not presented as facts; "
            "the ones nearest to the threshold.\n"
        )
        yield from self._listed(self._weak, nearest=True)

    def _listed(self, edges: Iterable[Edge], *, nearest: bool = False) -> Iterator[str]:
        sign = -1 if nearest else 1
        chosen = sorted(edges, key=lambda e: (sign * e.confidence, e.subject, e.predicate, e.object, e.id))
        for edge in chosen[:_DOUBTED]:
            yield self._item(edge)
        yield "" if chosen else "无 · none\n"

    def _item(self, edge: Edge) -> str:
        support = edge.supports[0]
        article = self._articles[support.source, support.article]
        key = "".join(f"，{self._vocabulary.label(n)}：{escaped(v)}" for n, v in sorted(edge.key.items()))
        modality = "" if edge.modality == "stated" else f"（{self._vocabulary.label(edge.modality)}）"
        where = "，".join(filter(None, (escaped(article.title), article.published))) or "—"
        return (
            f"- **{edge.confidence:.2f}** {self._name(edge.subject)} — {self._vocabulary.label(edge.predicate)}{modality} → "
            f"{self._name(edge.object)}{key}  \n"
            f"  “{escaped(support.evidence.text)}”  \n"
            f"  {where} · {escaped(support.source)} {support.evidence.start}–{support.evidence.end} · "
            f"{escaped(support.rule)}"
        )

    def _merged(self) -> Iterator[str]:
        merged = [n for n in self._graph.nodes if n.merged_because]
        merged.sort(key=lambda n: (-len(n.merged_because), n.id))
        yield "## 跨文章合并 · Entities merged across articles\n"
        if not merged:
            yield "无 · none\n"
            return
        yield table(
            ("实体 · entity", "别名 · also called", "理由 · because"),
            [
                (escaped(n.id), escaped("、".join(n.aliases)) or "—", escaped("; ".join(n.merged_because)))
                for n in merged[:_MERGES]
            ],
        )
        if len(merged) > _MERGES:
            yield f"另有 {len(merged) - _MERGES} 个 · {len(merged) - _MERGES} more\n"

    def _corrected(self) -> Iterator[str]:
        corrections = self._graph.corrections
        if not corrections:
            return
        lost = [c for c in corrections if c.problem]
        first = [*lost, *(c for c in corrections if not c.problem)]
        yield "## 更正 · Corrections\n"
        yield f"更正条目 · corrections: {len(corrections)}；未（完全）生效 · without effect or not in full: {len(lost)}\n"
        yield table(
            ("条目 · entry", "涉及 · concerned", "问题 · problem"),
            [(escaped(c.words), c.concerned, escaped(c.problem) or "—") for c in first[:_CORRECTIONS]],
        )
        if len(first) > _CORRECTIONS:
            yield f"另有 {len(first) - _CORRECTIONS} 条 · {len(first) - _CORRECTIONS} more\n"

    def _skipped(self) -> Iterator[str]:
        yield "## 跳过的内容及原因 · What was skipped and why\n"
        if not self._graph.skipped:
            yield "无 · none\n"
            return
        yield table(
            ("来源 · source", "原因 · reason"),
            [(escaped(s.source), escaped(s.reason)) for s in self._graph.skipped],
        )

    def _name(self, id_: str) -> str:
        node: Node = self._nodes[id_]
        return escaped(id_.partition(":")[2] if node.type == "Person" else node.name)

    def _term(self, name: str) -> str:
        labels = self._vocabulary.labels[name]
        return f"{escaped(labels['zh'])} · {escaped(labels['en'])}"


def _title(article: Article) -> str:
    return escaped(article.title) or "—"
