"""What the ranker sees of an instance, as strings that are hashed to feature numbers.

Every feature is written out with the types of the two ends, so that a linear model can tell constructions apart. ``m``
is the text between the ends, ``b`` before the first, ``a`` behind the second.
"""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg.extract.relations.candidates import Anchor, Instance, View
from kg.extract.roles import role_between
from kg.model import Span, Token

BITS = 20
_MARKS = "，、：（）。；“”《》"
_OPENINGS = (
    "会上",
    "双方",
    "该",
    "此次",
    "本次",
    "其",
    "据",
    "同时",
    "此外",
    "活动",
    "会议",
    "大会",
    "论坛",
    "其中",
    "目前",
)


@dataclass(frozen=True, slots=True)
class Cues:
    """The lexicons behind the features: trigger words per relation, kinds of names, word classes."""

    triggers: Mapping[str, tuple[str, ...]]
    endings: tuple[tuple[str, str], ...]
    classes: Mapping[str, tuple[int, int, int]]

    def kind(self, name: str, entity_type: str) -> str:
        """Return a finer kind of a name by its ending, such as a company or a county."""
        if entity_type in ("Organization", "Place"):
            for ending, kind in self.endings:
                if name.endswith(ending):
                    return entity_type[:3] + kind
        return entity_type[:4]


FrameHits = Mapping[tuple[int, int], Sequence[tuple[str, str, bool, int]]]
"""(first, second) -> (frame id, relation, whether `first` is the subject, sentence number)."""


def number(feature: str) -> int:
    """Return the hashed number of a feature."""
    return zlib.crc32(feature.encode()) & ((1 << BITS) - 1)


class Describer:
    """Writes the features of the instances of one view."""

    def __init__(self, view: View, cues: Cues, hits: FrameHits) -> None:
        self.view, self.cues, self.hits = view, cues, hits
        self.kinds = [cues.kind(e.name, e.type) for e in view.entities]
        self.endings = [_ending(e.name) for e in view.entities]
        self.sure = [
            max((a.confidence for row in view.anchors.values() for a in row if a.entity == k), default=0.0)
            for k in range(len(view.entities))
        ]
        self.types = Counter(e.type for e in view.entities)

    def features(self, instance: Instance) -> set[str]:
        """Return the features of one instance."""
        found = self._together(instance) if instance.together else self._apart(instance)
        found |= self._frames(instance)
        return found

    def _frames(self, instance: Instance) -> set[str]:
        found = set()
        near = range(instance.left_sentence, instance.right_sentence + 1)
        for frame, relation, forward, sentence in self.hits.get((instance.first, instance.second), ()):
            here = "here" if sentence in near else "else"
            way = ">" if forward else "<"
            found |= {f"frame {frame}{way}{here}", f"frames {relation}{way}{here}", f"frames {relation}{way}"}
        return found

    def _ends(self, instance: Instance, tt: str) -> set[str]:
        view, found = self.view, set()
        for end, k in (("A", instance.first), ("B", instance.second)):
            kind = view.entities[k].type
            found |= {
                f"main{end}{tt}{view.main.get(kind) == k}{view.first_of.get(kind) == k}",
                f"freq{end}{tt}{min(view.frequency[k], 4)}",
                f"rank{end}{tt}{min(view.rank.get(k, 9), 5)}",
                f"sure{end}{int(self.sure[k] * 5)}",
                f"sure{end}{tt}{int(self.sure[k] * 5)}",
                f"len{end}{tt}{min(len(view.entities[k].name), 12) // 2}",
                f"subtype{end}{tt}{view.entities[k].subtype}",
                f"end{end}{tt}{self.endings[k]}",
            }
        a, b = view.entities[instance.first].name, view.entities[instance.second].name
        found.add(f"within{tt}{a[:2] in b}{b[:2] in a}{b in a}{a in b}")
        found.add(f"kinds{self.kinds[instance.first]} {self.kinds[instance.second]}")
        found.add(f"kinds{tt}{self.kinds[instance.first]} {self.kinds[instance.second]}")
        found.add(f"endings{tt}{self.endings[instance.first]}/{self.endings[instance.second]}")
        return found

    def _together(self, instance: Instance) -> set[str]:
        view = self.view
        k = instance.left_sentence
        row, group, sentence = view.anchors[k], view.group[k], view.sentences[k]
        i, j = instance.left, instance.right
        left, right = row[i], row[j]
        ta, tb = view.entities[left.entity].type, view.entities[right.entity].type
        tt = f"{ta[:4]}{tb[:4]}:"
        same = group[i] == group[j]
        # between whole coordinations, so that every member sees what its first and last member sees
        left_end = i if same else max(x for x in range(len(row)) if group[x] == group[i])
        right_start = j if same else min(x for x in range(len(row)) if group[x] == group[j])
        start, end = row[left_end].span.end, row[right_start].span.start
        first = min(x for x in range(len(row)) if group[x] == group[i])
        last = max(x for x in range(len(row)) if group[x] == group[j])
        middle = view.words_between(k, start, end)
        before = view.words_between(k, sentence.start, row[first].span.start)
        after = view.words_between(k, row[last].span.end, sentence.end)
        between = view.text[start:end]
        inner = [view.entities[a.entity].type[:3] for a in row[left_end + 1 : right_start]]

        f = {
            f"tt{tt}",
            f"same{tt}{same}",
            f"between{tt}{min(len(inner), 4)}",
            f"inner{tt}{'-'.join(inner[:4])}",
        }
        f.add(f"size{tt}{min(len(middle), 12) if len(middle) < 6 else 6 + len(middle) // 5}")
        f.add(f"listed{tt}{i != left_end or first != i}{j != right_start or last != j}")
        if left.reference or right.reference:
            f |= {f"ref{tt}{left.reference}/{right.reference}", f"ref{tt}"}
        if len(between) <= 6:
            kinds = self.kinds[left.entity] + self.kinds[right.entity]
            f |= {f"mid{between}", f"mid{tt}{between}", f"mid{kinds}{between}"}
        f |= {f"midl{tt}{between[:2]}", f"midr{tt}{between[-2:]}"}
        for t in middle:
            f |= {f"m{t.text}", f"m{tt}{t.text}"}
            if t.tag[0] == "v":
                f.add(f"mv{tt}{t.text}")
                known = self.cues.classes.get(t.text)
                if known:
                    f |= {f"mc{tt}{known[1]}", f"mc{tt}{known[2]}"}
        f |= {f"mb{x.text}{y.text}" for x, y in pairwise(middle)}
        if middle:
            f |= {
                f"mf{tt}{middle[0].text}",
                f"ml{tt}{middle[-1].text}",
                f"ml2{''.join(t.text for t in middle[-2:])}",
                f"mf2{''.join(t.text for t in middle[:2])}",
            }
        f |= _window("b", tt, [t.text for t in reversed(before[-6:])], exact=2)
        f |= _window("a", tt, [t.text for t in after[:8]], exact=3)
        f.add(f"bb{tt}{''.join(t.text for t in before[-2:])}")
        f.add(f"aa{tt}{''.join(t.text for t in after[:2])}")
        f |= {f"an{tt}{view.text[left.span.end : left.span.end + 2]}"}
        f |= {f"bn{tt}{view.text[max(sentence.start, right.span.start - 2) : right.span.start]}"}
        for place, words in (("m", middle), ("b", before), ("a", after)):
            f |= self._triggers(place, tt, words)
        f |= {f"av{tt}{v}" for v in [t.text for t in after if t.tag[0] == "v"][:3]}
        f |= {f"pu{tt}{c}{min(n, 2)}" for c, n in Counter(c for c in between if c in _MARKS).items()}
        f |= self._clause(tt, row, left, right, sentence)
        f |= self._role(tt, left, right)
        f.add(f"si{tt}{min(k, 3)}")
        f.add(f"role{tt}{view.document.reading.roles[k]}")
        f.add(f"many{tt}{min(len({a.entity for a in row}), 8)}")
        return f | self._ends(instance, tt)

    def _clause(
        self, tt: str, row: Sequence[Anchor], left: Anchor, right: Anchor, sentence: Span
    ) -> set[str]:
        """Features of the clauses (between ， and ；) that hold the two ends."""
        text = self.view.text
        a = max(text.rfind(c, sentence.start, left.span.start) for c in "，；。：") + 1 or sentence.start
        z = min(
            (p for c in "，；。" if (p := text.find(c, right.span.end, sentence.end)) >= 0),
            default=sentence.end,
        )
        one = not any(c in "，；" for c in text[left.span.end : right.span.start])
        found = {f"clause{tt}{one}", f"clausestart{tt}{left.span.start - a == 0}"}
        words = [
            t.text
            for t in self.view.words[_index(self.view.sentences, sentence)]
            if t.span.start >= a and t.span.end <= z
        ]
        for relation in {r for w in words for r in self.cues.triggers.get(w, ())}:
            found |= {f"ct{tt}{relation}", f"ct{tt}{relation}{one}"}
        # is another name of the same type nearer to the other end?
        kinds = self.view.entities
        rivals = sum(
            1
            for x in row
            if left.span.end <= x.span.start < right.span.start
            and kinds[x.entity].type in (kinds[left.entity].type, kinds[right.entity].type)
        )
        found.add(f"rivals{tt}{min(rivals, 3)}{one}")
        return found

    def _role(self, tt: str, left: Anchor, right: Anchor) -> set[str]:
        """For a person and something with posts: whether titles around the names connect them."""
        kinds = (self.view.entities[left.entity].type, self.view.entities[right.entity].type)
        if kinds.count("Person") != 1 or not {"Organization", "Place", "Event"} & set(kinds):
            return set()
        person, body = (left, right) if kinds[0] == "Person" else (right, left)
        role = role_between(self.view.document, person.span, body.span)
        return {f"post{tt}{bool(role)}", f"post{tt}{role[-2:]}", f"posts{tt}{min(role.count('、'), 2)}"}

    def _apart(self, instance: Instance) -> set[str]:
        view = self.view
        ends = (
            (
                "A",
                instance.left_sentence,
                view.anchors[instance.left_sentence][instance.left],
                instance.first,
            ),
            (
                "B",
                instance.right_sentence,
                view.anchors[instance.right_sentence][instance.right],
                instance.second,
            ),
        )
        ta, tb = view.entities[instance.first].type, view.entities[instance.second].type
        tt = f"F{ta[:4]}{tb[:4]}:"
        gap = min(instance.right_sentence - instance.left_sentence, 3)
        f = {f"tt{tt}", f"tt{tt}{gap}", f"si{tt}{min(instance.left_sentence, 2)}"}
        for end, k, anchor, _ in ends:
            sentence = view.sentences[k]
            before = [t.text for t in reversed(view.words_between(k, sentence.start, anchor.span.start))]
            after = [t.text for t in view.words_between(k, anchor.span.end, sentence.end)]
            f |= _window(f"{end}l", tt, before[:5], exact=2)
            f |= _window(f"{end}r", tt, after[:6], exact=2)
            for place, words in (("l", before), ("r", after)):
                for relation in {r for w in words for r in self.cues.triggers.get(w, ())}:
                    f.add(f"{end}T{place}{tt}{relation}")
            f.add(f"{end}pos{tt}{min(len(before), 3)}")
            f.add(f"{end}n{tt}{min(len(view.anchors[k]), 5)}")
        second = view.sentences[instance.right_sentence]
        opening = view.text[second.start : second.start + 3]
        f |= {f"opens{tt}{o}" for o in _OPENINGS if opening.startswith(o)}
        f |= {f"types{tt}{min(self.types[t], 4)}" for t in (ta, tb)}
        return f | self._ends(instance, tt)

    def _triggers(self, place: str, tt: str, words: Iterable[Token]) -> set[str]:
        relations = {r for t in words for r in self.cues.triggers.get(t.text, ())}
        return {f"T{place}{tt}{r}" for r in relations} | {f"T{place}{r}" for r in relations}


def _index(sentences: Sequence[Span], sentence: Span) -> int:
    low, high = 0, len(sentences) - 1
    while low < high:
        middle = (low + high) // 2
        if sentences[middle].start < sentence.start:
            low = middle + 1
        else:
            high = middle
    return low


def _window(place: str, tt: str, words: Sequence[str], *, exact: int) -> set[str]:
    found = {f"{place}{tt}{w}" for w in words}
    for k, w in enumerate(words[:exact]):
        found |= {f"{place}{k}{tt}{w}", f"{place}{k}{w}"}
    return found


def _ending(name: str) -> str:
    return name[-2:]


def triggers_of(rows: Iterable[tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Turn rows (word, relations) into word -> relations."""
    found: dict[str, list[str]] = defaultdict(list)
    for word, relations in ((row[0], row[1]) for row in rows):
        found[word] += relations.split(",")
    return {w: tuple(sorted(set(r))) for w, r in found.items()}
