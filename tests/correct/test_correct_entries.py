"""Every kind of entry changes exactly what it should, in real builds, and keeps doing so when the articles change."""

import shutil

import pytest
from corrected_news import MORE, NEWS, Thing, build, read, write

from kg.cli.main import run

PERSON_A, PERSON_C = "person:王刚（青禾科技有限公司）", "person:王刚（星河汽车有限公司）"
COMPANY, GROUP = "organization:青禾科技有限公司", "organization:青禾集团"
CLOUD, POME, FORUM = "organization:云岭大学", "organization:石榴大学", "event:云岭论坛"


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """Return a folder with the news and a build of them without corrections."""
    folder = tmp_path_factory.mktemp("news")
    write(folder / "news", NEWS)
    build(folder)
    return folder


@pytest.fixture
def folder(built, tmp_path):
    """Return a copy that a test may change; what was extracted is in its cache."""
    return shutil.copytree(built, tmp_path / "copy")


@pytest.fixture
def plain(built):
    return read(built / "out")


def turtle(folder):
    return (folder / "out" / "graph.ttl").read_text(encoding="utf-8")


def doubtful(graph):
    return graph.of("person:赵敏（青禾集团）", "participatesIn", FORUM)


def test_the_news_say_what_the_tests_build_on(plain):
    assert {PERSON_A, PERSON_C, COMPANY, GROUP, CLOUD, POME, FORUM} <= plain.things.keys()
    assert not doubtful(plain).flat
    assert len(plain.said) == 13


def test_merge(folder, plain):
    graph = build(folder, "- merge: [青禾集团, 青禾科技有限公司]\n  reason: 同一家\n")
    assert graph.things.keys() == plain.things.keys() - {COMPANY}  # more articles say 青禾集团
    assert graph.things[GROUP].aliases == {"青禾科技有限公司", "青禾科技"}
    assert graph.said == plain.called(COMPANY, GROUP)
    assert 'nk:mergedBecause "correction: merge 青禾科技有限公司 = 青禾集团（同一家）"' in turtle(folder)


def test_merge_of_things_of_two_articles_that_are_named_alike(folder, plain):
    graph = build(
        folder,
        "- merge:\n  - {name: 王刚, article: a.txt}\n  - {name: 王刚, type: Person, article: 云岭论坛举行}\n",
    )
    assert graph.things.keys() == plain.things.keys() - {PERSON_C}
    assert graph.said == plain.called(PERSON_C, PERSON_A)


def test_keep_apart(folder, plain):
    """石榴大学 of two articles is two, and the third article's belongs to one of them alone."""
    graph = build(
        folder, "- keep_apart:\n  - {name: 石榴大学, article: b.txt}\n  - {name: 石榴大学, article: c.txt}\n"
    )
    new = graph.things.keys() - plain.things.keys()
    assert plain.things.keys() <= graph.things.keys()
    (other,) = new
    assert graph.things[other].name == "石榴大学"
    homes = {
        id_: {e[0] for s in graph.said if id_ in (s.subject, s.object) for e in s.evidence}
        for id_ in (POME, other)
    }
    assert sum("news/b.txt" in home for home in homes.values()) == 1
    assert not any({"news/b.txt", "news/c.txt"} <= home for home in homes.values())
    assert graph.said == {s for s in plain.said if POME not in (s.subject, s.object)} | {
        s for s in graph.said if {POME, other} & {s.subject, s.object}
    }
    assert len(graph.said) == len(plain.said)


def test_kept_apart_through_a_third(folder):
    """What is merged with one of two stays apart from the other."""
    graph = build(
        folder,
        "- keep_apart: [{name: 石榴大学, article: b.txt}, {name: 石榴大学, article: c.txt}]\n"
        "- merge: [{name: 石榴大学, article: d.txt}, {name: 石榴大学, article: b.txt}]\n",
    )
    pomes = [id_ for id_, thing in graph.things.items() if thing.name == "石榴大学"]
    homes = sorted(
        sorted({e[0] for s in graph.said if id_ in (s.subject, s.object) for e in s.evidence})
        for id_ in pomes
    )
    assert homes == [["news/b.txt", "news/d.txt"], ["news/c.txt"]]


def test_rename(folder, plain):
    graph = build(folder, "- rename: 石榴大学\n  to: 石榴师范大学\n")
    new = "organization:石榴师范大学"
    assert graph.things.keys() == plain.things.keys() - {POME} | {new}
    assert graph.things[new] == Thing("Organization", "University", "石榴师范大学", frozenset({"石榴大学"}))
    assert graph.said == plain.called(POME, new)
    assert 'nk:correctedBy "rename 石榴大学 → 石榴师范大学"' in turtle(folder)


def test_a_new_name_takes_no_id_from_another(folder, plain):
    graph = build(folder, "- rename: 青禾集团\n  to: 云岭大学\n")
    assert graph.things[CLOUD] == plain.things[CLOUD]
    (new,) = graph.things.keys() - plain.things.keys()
    assert graph.things[new].name == "云岭大学"
    assert graph.said == plain.called(GROUP, new)


def test_retype(folder, plain):
    graph = build(folder, "- retype: 青禾集团\n  to: Association\n")
    assert graph.things[GROUP] == Thing("Organization", "Association", "青禾集团", frozenset())
    assert {k: v for k, v in graph.things.items() if k != GROUP} == {
        k: v for k, v in plain.things.items() if k != GROUP
    }
    assert graph.said == plain.said


def test_retype_to_another_class(folder, plain):
    """What the ontology does not let the new class say is refused and reported."""
    graph = build(folder, "- retype: {name: 松岭研究院, type: Organization}\n  to: Honor\n")
    assert "honor:松岭研究院" in graph.things
    assert "organization:松岭研究院" not in graph.things
    gone = plain.of(CLOUD, "establishes", "organization:松岭研究院")
    assert graph.said == plain.without(gone)
    assert "establishes from Organization to Honor" in (folder / "out" / "report.md").read_text("utf-8")


def test_drop_a_thing(folder, plain):
    graph = build(folder, "- drop: 青禾集团\n")
    assert graph.things.keys() == plain.things.keys() - {GROUP} - {"person:赵敏（青禾集团）"} | {
        "person:赵敏（云岭大学设立研究院）"
    }
    kept = [s for s in plain.said if GROUP not in (s.subject, s.object)]
    assert len(graph.said) == len(kept)
    assert "donation:" not in turtle(folder)


def test_drop_a_statement(folder, plain):
    graph = build(folder, "- drop: {subject: 石榴大学, predicate: undertakes, object: 云岭论坛}\n")
    assert graph.things == plain.things
    assert graph.said == plain.without(plain.of(POME, "undertakes", FORUM))


def test_drop_a_statement_of_an_occurrence(folder, plain):
    """Either order of the ends of a symmetric relation is meant; the happening goes with its only statement."""
    graph = build(
        folder, "- drop: {subject: 青禾科技有限公司, predicate: signsAgreementWith, object: 云岭大学}\n"
    )
    assert graph.said == plain.without(plain.of(CLOUD, "signsAgreementWith", COMPANY))
    assert turtle(folder).count("a nk:Signing") + turtle(folder).count("a nk:Occurrence , nk:Signing") == 1


def test_a_statement_is_dropped_in_its_article_alone(folder, plain):
    entry = "- drop: {{subject: 石榴大学, predicate: undertakes, object: 云岭论坛, article: {}}}\n"
    assert build(folder, entry.format("b.txt")) == plain
    assert len(build(folder, entry.format("c.txt")).said) == len(plain.said) - 1


def test_accept(folder, plain):
    graph = build(
        folder, "- accept: {subject: 赵敏, predicate: participatesIn, object: 云岭论坛}\n  by: 李四\n"
    )
    before, after = doubtful(plain), doubtful(graph)
    assert (after.confidence, after.flat) == (1.0, True)
    assert after.evidence == before.evidence
    assert graph.said == plain.without(before) | {after}
    assert graph.things == plain.things
    assert 'nk:correctedBy "accept 赵敏 participatesIn 云岭论坛 — 李四"' in turtle(folder)


def test_add_with_a_quote(folder, plain):
    """The quote is found with white space aside; the ends are those of the article."""
    graph = build(
        folder,
        "- add: {subject: 云岭大学, predicate: locatedIn, object: 清河市}\n  quote: 与云岭大学在 清河市签署\n",
    )
    (new,) = graph.said - plain.said
    text = NEWS["a.txt"]
    start = text.index("与云岭大学在清河市签署")
    assert new.evidence == {("news/a.txt", start, start + 11, "与云岭大学在清河市签署", "correction")}
    assert (new.subject, new.predicate, new.object) == (CLOUD, "locatedIn", "place:清河市")
    assert (new.confidence, new.flat, new.modality) == (1.0, True, "stated")
    assert graph.said == plain.said | {new}
    assert graph.things == plain.things


def test_add_about_something_new(folder, plain):
    graph = build(
        folder,
        "- add:\n    subject: {name: 青禾科技有限公司, as: 青禾科技}\n    predicate: carriesOut\n"
        "    object: {name: 校企合作计划, type: Programme, as: 战略合作}\n"
        "  quote: 青禾科技有限公司与云岭大学在清河市签署战略合作协议\n  article: a.txt\n",
    )
    assert graph.things.keys() - plain.things.keys() == {"programme:校企合作计划"}
    (new,) = graph.said - plain.said
    assert (new.subject, new.object) == (COMPANY, "programme:校企合作计划")


def test_add_from_outside_says_so(folder, plain):
    """The evidence is exact in a source of its own, which nobody can take for an article."""
    graph = build(
        folder,
        "- add: {subject: 石榴大学, predicate: cooperatesWith, object: 青禾集团}\n"
        "  source: {title: 石榴大学年报, publisher: 石榴大学, date: 2024-01, url: https://example.org/r}\n"
        "  by: 李四\n",
    )
    (new,) = graph.said - plain.said
    ((source, start, end, text, rule),) = new.evidence
    assert source.startswith("corrections/")
    assert rule == "correction"
    assert text == "石榴大学 合作 青禾集团"
    assert end - start == len(text)
    written = turtle(folder)
    assert '"text/vnd.newskg.correction"' in written
    assert '"石榴大学年报"' in written
    assert graph.things == plain.things
    assert run(["validate", str(folder / "out")]) == 0


def test_add_with_words_of_the_outside_source(folder, plain):
    graph = build(
        folder,
        "- add: {subject: {name: 石榴大学, as: 我校}, predicate: cooperatesWith, object: 青禾集团}\n"
        "  source: {title: 石榴大学年报, quote: 我校与青禾集团长期合作}\n",
    )
    (new,) = graph.said - plain.said
    assert {e[3] for e in new.evidence} == {"我校与青禾集团长期合作"}


@pytest.mark.parametrize("rule", ["donate.verb", "donate.*"])
def test_block(folder, plain, rule):
    graph = build(folder, f"- block: {rule}\n  article: b.txt\n")
    assert graph.said == plain.without(plain.of(GROUP, "donatesTo", POME))
    assert graph.things == plain.things


def test_block_elsewhere_changes_nothing(folder, plain, capsys):
    assert build(folder, "- block: donate.verb\n  article: a.txt\n") == plain
    assert (
        "corrections.yaml:1: block donate.verb [a.txt]: no statement there was found by"
        in capsys.readouterr().err
    )


def test_what_is_accepted_is_exempt_from_a_blocked_rule(folder, plain):
    graph = build(
        folder, "- block: donate.*\n- accept: {subject: 青禾集团, predicate: donatesTo, object: 石榴大学}\n"
    )
    assert graph.of(GROUP, "donatesTo", POME).confidence == 1.0


ALL = """# all kinds at once
- merge: [青禾集团, 青禾科技有限公司]
- keep_apart: [{name: 王刚, article: a.txt}, {name: 王刚, article: c.txt}]
- rename: {name: 石榴大学, type: Organization}
  to: 石榴师范大学
- retype: 松岭研究院
  to: Government
- drop: {subject: 石榴大学, predicate: undertakes, object: 云岭论坛, article: c.txt}
- accept: {subject: 赵敏, predicate: participatesIn, object: 云岭论坛}
- add: {subject: 云岭大学, predicate: locatedIn, object: 清河市}
  quote: 云岭大学在清河市
- block: donate.verb
"""


def test_a_rebuild_gives_the_same_bytes_and_leaves_the_file(folder):
    build(folder, ALL)
    first = {p.name: p.read_bytes() for p in (folder / "out").iterdir() if p.is_file()}
    build(folder)
    assert {p.name: p.read_bytes() for p in (folder / "out").iterdir() if p.is_file()} == first
    assert first["corrections.yaml"] == ALL.encode()


def test_corrections_outlive_a_renamed_thing_and_an_added_article(folder, capsys):
    """石榴大学 is another node by its new name and has more articles; what names it by the old name still holds."""
    graph = build(folder, ALL)
    write(folder / "news", {"e.txt": MORE})
    capsys.readouterr()
    later = build(folder)
    assert "without effect:" not in capsys.readouterr().err
    new = later.said - graph.said
    assert {(s.subject, s.object) for s in new} == {("organization:海棠学院", "organization:石榴师范大学")}
    assert graph.said <= later.said


def test_a_statement_is_found_by_the_name_that_a_correction_gave(folder, plain):
    graph = build(
        folder,
        "- rename: 石榴大学\n  to: 石榴师范大学\n"
        "- drop: {subject: 石榴师范大学, predicate: undertakes, object: 云岭论坛, article: c.txt}\n",
    )
    assert len(graph.said) == len(plain.said) - 1


def test_a_changed_correction_extracts_nothing(folder, capsys):
    build(folder)
    capsys.readouterr()
    build(folder, ALL)
    assert "extracted 0 of 4 sources, reused 4 of an earlier build" in capsys.readouterr().err


def test_the_manifest_tells_what_was_decided_whatever_its_order(folder):
    def manifest():
        return (folder / "out" / "manifest.json").read_bytes()

    one, other = "- drop: 青禾集团\n", "- rename: 石榴大学\n  to: 石榴师范大学\n"
    build(folder, one + other)
    first = manifest()
    build(folder, "# why\n" + other + one)
    assert manifest() == first
    build(folder, one)
    assert manifest() != first


def test_without_the_file_the_graph_is_as_before(folder, plain):
    build(folder, ALL)
    (folder / "out" / "corrections.yaml").unlink()
    assert build(folder) == plain


def test_another_file_can_be_given(folder, plain, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("- drop: 青禾集团\n", encoding="utf-8")
    words = ["build", str(folder / "news"), "-o", str(folder / "out"), "--workers", "1"]
    assert run([*words, "--corrections", str(path)]) == 0
    assert GROUP not in read(folder / "out").things
    assert run([*words, "--corrections", str(tmp_path / "none.yaml")]) == 3
    assert run(words) == 0
    assert read(folder / "out") == plain


LOST = {
    "a name that nothing bears": ("- drop: 没有的公司\n", "nothing is called 没有的公司"),
    "a name of several": ("- rename: 王刚\n  to: 王钢\n", "several things are called 王刚"),
    "an article that is not there": ("- drop: {name: 王刚, article: z.txt}\n", "there is no article z.txt"),
    "words that no article has": (
        "- add: {subject: 云岭大学, predicate: locatedIn, object: 清河市}\n  quote: 云岭大学坐落于\n",
        "stands in none of the articles",
    ),
    "a relation of other classes": (
        "- add: {subject: 云岭大学, predicate: holdsPosition, object: 清河市}\n  quote: 云岭大学在清河市\n",
        "holdsPosition does not lead from Organization to Place",
    ),
    "a statement that nobody made": (
        "- accept: {subject: 云岭大学, predicate: undertakes, object: 云岭论坛}\n",
        "no article says",
    ),
    "a person and a body": ("- merge: [赵敏, 青禾集团]\n", "a person is none of the other things"),
    "one thing by two names": (
        "- keep_apart: [云岭大学, {name: 云岭大学, type: Organization, article: a.txt}]\n",
        "give an article",
    ),
}


@pytest.mark.parametrize("case", LOST)
def test_what_matches_nothing_is_named_with_its_line_and_is_not_fatal(folder, plain, capsys, case):
    entry, said = LOST[case]
    assert build(folder, "# a comment\n" + entry) == plain
    err = capsys.readouterr().err
    assert f"correction without effect: {folder / 'out' / 'corrections.yaml'}:2: " in err
    assert said in err
    assert "1 corrections, 1 of them without effect" in err
    report = (folder / "out" / "report.md").read_text(encoding="utf-8")
    assert "未（完全）生效 · without effect or not in full: 1" in report


def test_a_merge_of_three_of_which_one_is_lost_joins_the_others(folder, plain, capsys):
    graph = build(folder, "- merge: [青禾集团, 没有的公司, 青禾科技有限公司]\n")
    assert graph.said == plain.called(COMPANY, GROUP)
    assert "nothing is called 没有的公司" in capsys.readouterr().err


def test_what_the_articles_alone_show_to_contradict_is_reported(folder, capsys):
    """The file cannot tell that 云岭论坛举行 is c.txt; two things stay two."""
    graph = build(
        folder,
        "- keep_apart: [{name: 王刚, article: a.txt}, {name: 王刚, article: c.txt}]\n"
        "- merge: [{name: 王刚, article: a.txt}, {name: 王刚, article: 云岭论坛举行}]\n",
    )
    assert {PERSON_A, PERSON_C} <= graph.things.keys()
    assert "corrections.yaml:2: merge" in capsys.readouterr().err
