"""What the ranker sees of an instance, as hashed numbers of features.

A feature is a string, a template with what it finds; its number is the checksum of the two, so that a template is summed up
once for all the words behind it. Parts that instances have in common are described once.

Every feature is written out with the types of the two ends, so that a linear model can tell constructions apart. ``m``
is the text between the ends, ``b`` before the first, ``a`` behind the second.
"""

from __future__ import annotations

import bisect
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from kg.extract.relations.candidates import Anchor, Instance, View
from kg.extract.roles import role_between

BITS = 20
_MASK = (1 << BITS) - 1
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


Hashes = list[int]
"""Checksums of features, in any order; `BITS` bits of them count."""


def number(feature: str) -> int:
    """Return the hashed number of a feature."""
    return zlib.crc32(feature.encode()) & _MASK


def _hashes(features: Iterable[str]) -> Hashes:
    crc = zlib.crc32
    return [crc(f.encode()) for f in features]


def _each(template: str, words: Iterable[bytes]) -> Hashes:
    """Return the checksums of the features that are a template and one word each."""
    crc, start = zlib.crc32, zlib.crc32(template.encode())
    return [crc(word, start) for word in words]


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
        self._words = [[t.text for t in row] for row in view.words]
        self._encoded = [[w.encode() for w in row] for row in self._words]
        self._shared: dict[Hashable, Hashes] = {}

    def numbers(self, instance: Instance) -> list[int]:
        """Return the numbers of the features of one instance, sorted, each once."""
        return sorted({h & _MASK for h in self.hashes(instance)})

    def hashes(self, instance: Instance) -> Hashes:
        """Return the checksums of the features of one instance."""
        found = list(chain.from_iterable(self._parts(instance)))
        if (instance.first, instance.second) in self.hits:
            found += _hashes(self._frames(instance))
        return found

    def _parts(self, instance: Instance) -> Iterator[Hashes]:
        return self._together(instance) if instance.together else self._apart(instance)

    def _share(self, key: Hashable, describe: Callable[..., Hashes], *values: object) -> Hashes:
        """Return what `describe` says of `values`; `key` tells the values apart."""
        part = self._shared.get(key)
        if part is None:
            part = self._shared[key] = describe(*values)
        return part

    def _frames(self, instance: Instance) -> set[str]:
        found = set()
        near = range(instance.left_sentence, instance.right_sentence + 1)
        for frame, relation, forward, sentence in self.hits.get((instance.first, instance.second), ()):
            here = "here" if sentence in near else "else"
            way = ">" if forward else "<"
            found |= {f"frame {frame}{way}{here}", f"frames {relation}{way}{here}", f"frames {relation}{way}"}
        return found

    def _ends(self, instance: Instance, tt: str) -> Iterator[Hashes]:
        first, second = instance.first, instance.second
        yield self._share(("A", tt, first), self._end, "A", tt, first)
        yield self._share(("B", tt, second), self._end, "B", tt, second)
        yield self._share((tt, first, second), self._names, tt, first, second)

    def _end(self, end: str, tt: str, entity: int) -> Hashes:
        """Features of the entity at one end, wherever it is mentioned."""
        view = self.view
        kind, sure = view.entities[entity].type, int(self.sure[entity] * 5)
        return _hashes(
            (
                f"main{end}{tt}{view.main.get(kind) == entity}{view.first_of.get(kind) == entity}",
                f"freq{end}{tt}{min(view.frequency[entity], 4)}",
                f"rank{end}{tt}{min(view.rank.get(entity, 9), 5)}",
                f"sure{end}{sure}",
                f"sure{end}{tt}{sure}",
                f"len{end}{tt}{min(len(view.entities[entity].name), 12) // 2}",
                f"subtype{end}{tt}{view.entities[entity].subtype}",
                f"end{end}{tt}{self.endings[entity]}",
            )
        )

    def _names(self, tt: str, first: int, second: int) -> Hashes:
        a, b = self.view.entities[first].name, self.view.entities[second].name
        kinds = f"{self.kinds[first]} {self.kinds[second]}"
        return _hashes(
            (
                f"within{tt}{a[:2] in b}{b[:2] in a}{b in a}{a in b}",
                f"kinds{kinds}",
                f"kinds{tt}{kinds}",
                f"endings{tt}{self.endings[first]}/{self.endings[second]}",
            )
        )

    def _together(self, instance: Instance) -> Iterator[Hashes]:
        view = self.view
        k = instance.left_sentence
        row, group, sentence = view.anchors[k], view.group[k], view.sentences[k]
        i, j = instance.left, instance.right
        left, right = row[i], row[j]
        ta, tb = view.entities[left.entity].type, view.entities[right.entity].type
        tt = f"{ta[:4]}{tb[:4]}:"
        same = group[i] == group[j]
        # between whole coordinations, so that every member sees what its first and last member sees; members stand
        # side by side
        first, after_last = group[i], bisect.bisect_right(group, group[j])
        left_end = i if same else bisect.bisect_right(group, group[i]) - 1
        right_start = j if same else group[j]
        last = after_last - 1
        start, end = row[left_end].span.end, row[right_start].span.start
        here = view.places_between(k, start, end)
        size = max(here.stop - here.start, 0)
        between = view.text[start:end]
        inner = [view.entities[a.entity].type[:3] for a in row[left_end + 1 : right_start]]

        f = {
            f"tt{tt}",
            f"same{tt}{same}",
            f"between{tt}{min(len(inner), 4)}",
            f"inner{tt}{'-'.join(inner[:4])}",
        }
        f.add(f"size{tt}{size if size < 6 else 6 + size // 5}")
        f.add(f"listed{tt}{i != left_end or first != i}{j != right_start or last != j}")
        if left.reference or right.reference:
            f |= {f"ref{tt}{left.reference}/{right.reference}", f"ref{tt}"}
        if len(between) <= 6:
            kinds = self.kinds[left.entity] + self.kinds[right.entity]
            f |= {f"mid{between}", f"mid{tt}{between}", f"mid{kinds}{between}"}
        f |= {f"midl{tt}{between[:2]}", f"midr{tt}{between[-2:]}"}
        f.add(f"an{tt}{view.text[left.span.end : left.span.end + 2]}")
        f.add(f"bn{tt}{view.text[max(sentence.start, right.span.start - 2) : right.span.start]}")
        for c in _MARKS:
            if c in between:
                f.add(f"pu{tt}{c}{min(between.count(c), 2)}")
        f |= self._clause(tt, row, left, right, k)
        f |= self._role(tt, left, right)
        f.add(f"si{tt}{min(k, 3)}")
        f.add(f"role{tt}{view.document.reading.roles[k]}")
        f.add(f"many{tt}{min(len({a.entity for a in row}), 8)}")
        yield _hashes(f)
        if size:
            yield self._share(("m", tt, k, start, end), self._middle, tt, k, here)
        head, tail = row[first].span.start, row[last].span.end
        yield self._share(("b", tt, k, head), self._before, tt, k, sentence.start, head)
        yield self._share(("a", tt, k, tail), self._after, tt, k, tail, sentence.end)
        yield from self._ends(instance, tt)

    def _middle(self, tt: str, sentence: int, here: slice) -> Hashes:
        texts, words = self._words[sentence][here], self._encoded[sentence][here]
        f = [
            f"mf{tt}{texts[0]}",
            f"ml{tt}{texts[-1]}",
            f"ml2{''.join(texts[-2:])}",
            f"mf2{''.join(texts[:2])}",
        ]
        for t in self.view.words[sentence][here]:
            if t.tag[0] == "v":
                f.append(f"mv{tt}{t.text}")
                known = self.cues.classes.get(t.text)
                if known:
                    f += (f"mc{tt}{known[1]}", f"mc{tt}{known[2]}")
        pairs = [x + y for x, y in pairwise(words)]
        found = _each("m", words) + _each(f"m{tt}", words) + _each("mb", pairs) + _hashes(f)
        return found + self._triggers("m", tt, texts)

    def _before(self, tt: str, sentence: int, start: int, end: int) -> Hashes:
        here = self.view.places_between(sentence, start, end)
        texts = self._words[sentence][here]
        found = _window("b", tt, self._encoded[sentence][here][:-7:-1], exact=2)
        found += _hashes((f"bb{tt}{''.join(texts[-2:])}",))
        return found + self._triggers("b", tt, texts)

    def _after(self, tt: str, sentence: int, start: int, end: int) -> Hashes:
        here = self.view.places_between(sentence, start, end)
        texts = self._words[sentence][here]
        found = _window("a", tt, self._encoded[sentence][here][:8], exact=3)
        verbs = [t.text for t in self.view.words[sentence][here] if t.tag[0] == "v"][:3]
        found += _hashes([f"aa{tt}{''.join(texts[:2])}", *(f"av{tt}{verb}" for verb in verbs)])
        return found + self._triggers("a", tt, texts)

    def _clause(self, tt: str, row: Sequence[Anchor], left: Anchor, right: Anchor, number: int) -> set[str]:
        """Features of the clauses (between ， and ；) that hold the two ends."""
        text, sentence = self.view.text, self.view.sentences[number]
        a = max(text.rfind(c, sentence.start, left.span.start) for c in "，；。：") + 1 or sentence.start
        z = min(
            (p for c in "，；。" if (p := text.find(c, right.span.end, sentence.end)) >= 0),
            default=sentence.end,
        )
        one = not any(c in "，；" for c in text[left.span.end : right.span.start])
        found = {f"clause{tt}{one}", f"clausestart{tt}{left.span.start - a == 0}"}
        for relation in self._relations(self._words[number][self.view.places_between(number, a, z)]):
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

    def _apart(self, instance: Instance) -> Iterator[Hashes]:
        view = self.view
        ta, tb = view.entities[instance.first].type, view.entities[instance.second].type
        tt = f"F{ta[:4]}{tb[:4]}:"
        gap = min(instance.right_sentence - instance.left_sentence, 3)
        key = (ta, tb, gap, min(instance.left_sentence, 2))
        yield self._share(key, self._far, tt, ta, tb, gap, instance.left_sentence)
        for end, k, i in (
            ("A", instance.left_sentence, instance.left),
            ("B", instance.right_sentence, instance.right),
        ):
            yield self._share((end, tt, k, i), self._around, end, tt, k, i)
        yield self._share(("opens", tt, instance.right_sentence), self._opening, tt, instance.right_sentence)
        yield from self._ends(instance, tt)

    def _far(self, tt: str, ta: str, tb: str, gap: int, sentence: int) -> Hashes:
        counts = (f"types{tt}{min(self.types[t], 4)}" for t in (ta, tb))
        return _hashes((f"tt{tt}", f"tt{tt}{gap}", f"si{tt}{min(sentence, 2)}", *counts))

    def _around(self, end: str, tt: str, k: int, i: int) -> Hashes:
        """Features of what stands around an end whose other end is in another sentence."""
        view, sentence = self.view, self.view.sentences[k]
        span, words = view.anchors[k][i].span, self._encoded[k]
        before = view.places_between(k, sentence.start, span.start)
        after = view.places_between(k, span.end, sentence.end)
        found = _window(f"{end}l", tt, words[before][:-6:-1], exact=2)
        found += _window(f"{end}r", tt, words[after][:6], exact=2)
        for place, here in (("l", before), ("r", after)):
            found += _hashes(f"{end}T{place}{tt}{r}" for r in self._relations(self._words[k][here]))
        position = min(len(words[before]), 3)
        return found + _hashes((f"{end}pos{tt}{position}", f"{end}n{tt}{min(len(view.anchors[k]), 5)}"))

    def _opening(self, tt: str, sentence: int) -> Hashes:
        start = self.view.sentences[sentence].start
        opening = self.view.text[start : start + 3]
        return _hashes(f"opens{tt}{o}" for o in _OPENINGS if opening.startswith(o))

    def _relations(self, words: Iterable[str]) -> set[str]:
        """Return the relations that some of the words may speak of."""
        triggers = self.cues.triggers
        return {r for w in words if w in triggers for r in triggers[w]}

    def _triggers(self, place: str, tt: str, words: Iterable[str]) -> Hashes:
        relations = [r.encode() for r in self._relations(words)]
        return _each(f"T{place}{tt}", relations) + _each(f"T{place}", relations)


def _window(place: str, tt: str, words: Sequence[bytes], *, exact: int) -> Hashes:
    found = _each(f"{place}{tt}", words)
    for k, w in enumerate(words[:exact]):
        found += (zlib.crc32(f"{place}{k}{tt}".encode() + w), zlib.crc32(f"{place}{k}".encode() + w))
    return found


def _ending(name: str) -> str:
    return name[-2:]


def triggers_of(rows: Iterable[tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Turn rows (word, relations) into word -> relations."""
    found: dict[str, list[str]] = defaultdict(list)
    for word, relations in ((row[0], row[1]) for row in rows):
        found[word] += relations.split(",")
    return {w: tuple(sorted(set(r))) for w, r in found.items()}
