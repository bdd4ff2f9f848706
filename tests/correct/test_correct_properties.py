"""The order of entries decides nothing, and what is decided twice is decided once."""

import random
from functools import cache

from corrected_news import NEWS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.correct import Corrections, correct
from kg.correct.load import Located, parse_corrections
from kg.correct.schema import KeepApart, Merge
from kg.model import Source
from kg.pipeline import load
from kg.resolve.across import identify
from kg.split import split
from kg.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()

POOL = """
- merge: [青禾集团, 青禾科技有限公司]
- merge: [星河汽车有限公司, 松岭研究院, 没有的公司]
- merge: [{name: 王刚, article: a.txt}, {name: 王刚, article: c.txt}]
- keep_apart: [{name: 石榴大学, article: b.txt}, {name: 石榴大学, article: c.txt}]
- keep_apart: [{name: 云岭大学, article: a.txt}, {name: 云岭大学, article: c.txt}]
- merge: [{name: 云岭大学, article: d.txt}, {name: 云岭大学, article: 青禾科技与云岭大学签约}]
- rename: 石榴大学
  to: 石榴师范大学
- rename: 石榴师范大学
  to: 石榴学院
- retype: 松岭研究院
  to: Government
- retype: {name: 松岭研究院, type: Government}
  to: Company
- drop: 蓝湖市
- drop: {subject: 石榴师范大学, predicate: undertakes, object: 云岭论坛}
- accept: {subject: 石榴大学, predicate: undertakes, object: 云岭论坛, article: c.txt}
- accept: {subject: 赵敏, predicate: participatesIn, object: 云岭论坛}
- block: attend.*
- add: {subject: 云岭大学, predicate: locatedIn, object: 清河市}
  quote: 云岭大学在清河市
- add: {subject: 青禾集团, predicate: cooperatesWith, object: {name: 海棠学院, type: University}}
  source: {title: 海棠学院简介}
"""


@cache
def told():
    """Return the sources and extractions of the news, and their identities without corrections."""
    extractor = load(None)
    sources = tuple(
        Source(id=name, text=text, raw_sha256="0" * 64, text_sha256=f"{i:064x}")
        for i, (name, text) in enumerate(sorted(NEWS.items()))
    )
    extractions = tuple(x for s in sources for x in extractor(s, split(s)))
    return sources, extractions, identify(extractions)


@cache
def pool():
    """Return the entries; some of them contradict each other, though a file alone does not always show it."""
    found = []
    for text in POOL.strip().split("\n- "):
        found += parse_corrections(f"- {text.removeprefix('- ')}\n".encode(), VOCABULARY).entries
    return found


def applied(entries):
    sources, extractions, identities = told()
    corrections = Corrections(entries=tuple(Located(n, e.entry) for n, e in enumerate(entries, 1)))
    done = correct(
        corrections, sources=sources, extractions=extractions, identities=identities, vocabulary=VOCABULARY
    )
    found = identify(done.extractions, constraints=done.constraints)
    return done.sources, done.extractions, done.constraints, done.corrections, found


chosen = st.lists(st.integers(0, POOL.count("\n- ") - 1), unique=True, max_size=8)


@given(numbers=chosen, seed=st.integers(0, 1000))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_order_of_entries_decides_nothing(numbers, seed):
    entries = [pool()[n] for n in numbers]
    shuffled = random.Random(seed).sample(entries, len(entries))  # noqa: S311
    assert applied(entries) == applied(shuffled)


@given(numbers=chosen)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_decided_twice_is_decided_once(numbers):
    entries = [pool()[n] for n in numbers]
    assert applied(entries) == applied([*entries, *entries])


@given(numbers=chosen)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_kept_apart_is_never_one_thing(numbers):
    """Whatever else is decided; and what is merged is one wherever that was reported to have worked."""
    entries = [pool()[n] for n in numbers]
    _, extractions, constraints, outcomes, found = applied(entries)
    node = {member: identity.id for identity in found for member in identity.members}
    for apart in constraints.apart:
        sides = [{node[m] for m in side if m in node} for side in (apart.one, apart.other)]
        assert not sides[0] & sides[1]
    for together in constraints.together:
        assert len({node[m] for m in together.members if m in node}) <= 1
    problems = {c.words: c.problem for c in outcomes}
    for located in entries:
        if isinstance(located.entry, Merge | KeepApart) and not problems[located.entry.words]:
            assert any(located.entry.words in identity.corrected_by for identity in found)
    members = {(e.article.source, e.article.index, x.id) for e in extractions for x in e.entities}
    assert set(node) == members


def test_no_entries_change_nothing():
    sources, extractions, identities = told()
    assert applied([])[0] == sources
    assert applied([])[1] == extractions
    assert applied([])[4] == identities
