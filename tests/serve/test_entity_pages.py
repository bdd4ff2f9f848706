"""Every IRI of the data answers under its path: for readers, for programs, and in two languages."""

import http.client
import re
import socket
from html import unescape
from html.parser import HTMLParser
from urllib.parse import quote, urlsplit

import pyoxigraph as ox
import pytest
from serving import BACKWARDS, COMPANY, HOSTILE_SOURCE, HUB, ODD, PATIENCE, SCRIPT, SIGNING, UNIVERSITY

from kg.serialize import iri
from kg.serialize.iri import DEFAULT_BASE
from kg.serialize.turtle import write_turtle
from kg.serve.pages.things import Places
from kg.vocabulary import load_vocabulary

SYNTAXES = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def path(found):
    """Return the path of an IRI as a browser asks for it."""
    return quote(urlsplit(found).path, safe="/%:@!$&'()*+,;=~-._")


@pytest.fixture(scope="module")
def triples(served_graph):
    data = write_turtle(served_graph, load_vocabulary())
    return frozenset(ox.parse(data, ox.RdfFormat.TURTLE))


def about(triples, *subjects):
    return {t.triple for t in triples if t.subject.value in subjects}


def told(answer):
    return {
        t.triple for t in ox.parse(answer.content, SYNTAXES[answer.headers["content-type"].partition(";")[0]])
    }


class Page(HTMLParser):
    """What stands on a page: its text, that of each kind of element, its links with their first words, its ids."""

    def __init__(self, html):
        super().__init__()
        self.open, self.texts, self.links, self.ids, self.tags = [], {}, {}, set(), []
        self.feed(html)
        self.text = self.all("body")[0]

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        self.tags.append((tag, named))
        if "id" in named:
            assert named["id"] not in self.ids
            self.ids.add(named["id"])
        if tag not in ("meta", "link", "input"):
            self.open.append((tag, named, []))

    def handle_endtag(self, tag):
        name, named, pieces = self.open.pop()
        assert name == tag
        words = "".join(pieces)
        self.texts.setdefault(tag, []).append(words)
        if "class" in named:
            self.texts.setdefault(f"{tag}.{named['class']}", []).append(words)
        if tag == "a":
            self.links.setdefault(named["href"], words)

    def handle_data(self, data):
        for _, _, pieces in self.open:
            pieces.append(data)

    def all(self, name):
        return [" ".join(text.split()) for text in self.texts.get(name, [])]


@pytest.fixture
def page(ask):
    """Return a function that opens the page of a path in a language."""

    def open_page(at, language="zh-CN"):
        answer = ask(at, Accept=BROWSER, Accept_Language=language)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        return Page(answer.text)

    return open_page


def statement(graph, subject, predicate, **more):
    return next(
        e
        for e in graph.edges
        if e.subject == subject
        and e.predicate == predicate
        and all(getattr(e, name) == value for name, value in more.items())
    )


def of(kind, *parts):
    return path(getattr(iri, f"{kind}_iri")(DEFAULT_BASE, *parts))


# ---------------------------------------------------------------- for programs


@pytest.mark.parametrize("media_type", SYNTAXES)
def test_every_thing_tells_its_triples_of_the_graph_in_every_syntax(ask, triples, media_type):
    subjects = {t.subject.value for t in triples if "#" not in t.subject.value}
    kinds = {}
    for subject in sorted(subjects):
        kind = re.match(r"[a-z]+", subject.removeprefix(DEFAULT_BASE))[0]
        kinds.setdefault(kind, []).append(subject)
    assert {
        "organization",
        "person",
        "event",
        "article",
        "source",
        "statement",
        "support",
        "occurrence",
    } <= set(kinds)
    for some in kinds.values():
        for subject in some[:4]:
            answer = ask(path(subject), Accept=media_type)
            assert answer.status_code == 200, subject
            assert answer.headers["content-type"].partition(";")[0] == media_type
            assert about(triples, subject) <= told(answer)


def test_an_entity_tells_exactly_what_the_graph_says_of_it(ask, triples):
    subject = iri.entity_iri(DEFAULT_BASE, COMPANY)
    assert told(ask(path(subject), Accept="text/turtle")) == about(triples, subject)


def test_a_statement_brings_its_supports_and_their_strings(ask, triples, served_graph):
    edge = statement(served_graph, COMPANY, "signsAgreementWith")
    name = iri.statement_iri(DEFAULT_BASE, edge.id)
    supports = {iri.support_iri(DEFAULT_BASE, edge.id, s) for s in edge.supports}
    strings = {
        iri.string_iri(iri.source_iri(DEFAULT_BASE, s.source), *span)
        for s in edge.supports
        for span in ((s.evidence.start, s.evidence.end), s.subject_span, s.object_span)
    }
    assert len(supports) == 2
    expected = about(triples, name, *supports, *strings)
    for media_type in SYNTAXES:
        assert told(ask(path(name), Accept=media_type)) == expected


def test_a_source_brings_the_strings_in_it(ask, triples):
    source = iri.source_iri(DEFAULT_BASE, "page-1.txt")
    strings = {t.subject.value for t in triples if t.subject.value.startswith(source + "#")}
    assert strings
    assert told(ask(path(source), Accept="text/turtle")) == about(triples, source, *strings)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (BROWSER, "text/html"),
        ("*/*", "text/html"),
        ("text/turtle", "text/turtle"),
        ("application/ld+json, text/turtle;q=0.9", "application/ld+json"),
        ("application/json", "application/ld+json"),
        ("text/html;q=0.2, application/n-triples;q=0.3", "application/n-triples"),
        ("text/turtle;q=0, application/*", "application/ld+json"),
    ],
)
def test_the_accept_header_decides(ask, accept, expected):
    answer = ask(of("entity", UNIVERSITY), Accept=accept)
    assert answer.headers["content-type"].partition(";")[0] == expected
    assert {"Accept", "Accept-Language"} <= set(answer.headers["vary"].split(", "))


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("turtle", "text/turtle"),
        ("jsonld", "application/ld+json"),
        ("ntriples", "application/n-triples"),
        ("html", "text/html"),
    ],
)
def test_the_address_can_say_the_form(ask, form, media_type):
    answer = ask(of("entity", UNIVERSITY) + f"?format={form}", Accept="image/png")
    assert answer.headers["content-type"].partition(";")[0] == media_type


def test_forms_that_do_not_exist_are_not_acceptable(ask):
    for answer in (
        ask(of("entity", UNIVERSITY), Accept="image/png"),
        ask(of("entity", UNIVERSITY) + "?format=pdf"),
    ):
        assert answer.status_code == 406
        assert "turtle" in answer.json()["detail"]


def test_the_headers_lead_to_the_other_forms(ask):
    answer = ask(of("entity", UNIVERSITY), Accept="text/turtle")
    for url, link in answer.links.items():
        assert link["rel"] == "alternate", url
    links = re.findall(r'<([^>]+)>; rel="alternate"; type="([^"]+)"', answer.headers["link"])
    assert {media_type for _, media_type in links} == {"text/html", *SYNTAXES}
    for url, media_type in links:
        assert ask(url).headers["content-type"].partition(";")[0] == media_type


@pytest.mark.parametrize("accept", [BROWSER, "text/turtle"])
def test_what_a_client_has_is_not_sent_again(ask, accept):
    first = ask(of("entity", UNIVERSITY), Accept=accept)
    again = ask(of("entity", UNIVERSITY), Accept=accept, If_None_Match=f'"other", W/{first.headers["etag"]}')
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["vary"] == first.headers["vary"]
    assert ask(of("entity", UNIVERSITY), Accept=accept, If_None_Match='"other"').status_code == 200
    forms = {ask(of("entity", UNIVERSITY), Accept=a).headers["etag"] for a in ("text/html", *SYNTAXES)}
    assert len(forms) == 4


@pytest.mark.parametrize(
    "spelled",
    [
        "/id/organization:%E4%BA%91%E6%B3%BD%E5%A4%A7%E5%AD%A6",
        "/id/organization%3A%E4%BA%91%e6%b3%bd%E5%A4%A7%E5%AD%A6",
        "/id/organizatio%6E:%E4%BA%91%E6%B3%BD%E5%A4%A7%E5%AD%A6",
    ],
)
def test_spellings_that_mean_the_same_name_the_same(ask, spelled):
    assert "云泽大学" in ask(spelled, Accept="text/html").text


def test_an_iri_may_be_asked_for_as_it_is_typed(serving):
    """As `curl http://…/id/organization:云泽大学` does, which sends the bytes beyond ASCII as they are."""
    with socket.create_connection(("127.0.0.1", serving.port), timeout=PATIENCE) as connection:
        for at in ("/id/organization:云泽大学", "/api/search?q=云泽大学"):
            connection.sendall(f"GET {at} HTTP/1.1\r\nHost: localhost:{serving.port}\r\n\r\n".encode())
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            assert answer.status == 200
            assert "云泽大学" in answer.read().decode()


@pytest.mark.parametrize(
    "given",
    [
        "/id/organization:无此机构",
        "/id/organization:云泽大学/",
        "/id/Organization:云泽大学",
        "/id/statement/0000000000000000",
        "/id/support/0000000000000000-0000000000000000",
        "/id/article/page-1.txt/7",
        "/id/article/page-1.txt",
        "/id/source/page-9.txt",
        "/id/occurrence/nothing",
        "/id/project:甲/乙 100%25？",
        "/nowhere",
    ],
)
def test_what_is_not_there_is_said_in_words_with_a_way_on(ask, given):
    answer = ask(given, Accept=BROWSER, Accept_Language="zh")
    assert answer.status_code == 404
    shown = Page(answer.text)
    assert "没有这个页面" in shown.text
    assert any(href.startswith("/search") for href in shown.links)
    program = ask(given, Accept="text/turtle")
    assert program.status_code == 404
    assert program.headers["content-type"] == "application/problem+json"
    assert program.json()["detail"]


# ---------------------------------------------------------------- for readers


def test_an_entity_shows_names_type_and_statements_by_relation_and_direction(page):
    shown = page(of("entity", COMPANY))
    assert shown.all("h1") == ["朗星机器人有限公司"]
    assert shown.all("p.soft")[0] == "机构 · 企业"
    assert "朗星机器人" in shown.all("dd")
    headings = shown.all("h3")
    assert "签约" in headings
    assert "任职于（指向此实体）" in [h.replace(" ", "") for h in headings]
    assert "签约（指向此实体）" not in headings  # a symmetric relation has one direction


def test_a_statement_shows_its_sentences_the_earliest_first_with_both_ends_marked(page, served_graph):
    edge = statement(served_graph, COMPANY, "signsAgreementWith")
    shown = page(of("statement", edge.id))
    assert shown.all("h1") == ["朗星机器人有限公司 — 签约 → 云泽大学"]
    assert shown.all("p.text") == [
        "“朗星机器人与云泽大学5月6日签约。”",
        "“会上，朗星机器人与泽大签订了人形机器人联合研发协议，总金额3亿元。”",
    ]
    assert shown.all("mark.subject") == ["朗星机器人", "朗星机器人"]
    assert shown.all("mark.object") == ["云泽大学", "泽大"]
    assert "2031-05-06" in shown.all("dd")
    assert "95%" in shown.all("dd")
    assert "3亿元" in shown.text
    assert "云泽机器人大会在青岚举行" in shown.links[of("article", "page-1.txt", 0)]
    assert "2031-05-07" in shown.all("time")
    sentence = edge.supports[0]
    position = f"{sentence.evidence.start}–{sentence.evidence.end}"
    assert position in shown.links.values()


def test_plans_doubts_and_who_says_so_are_told(page, served_graph):
    edge = statement(served_graph, COMPANY, "donatesTo")
    shown = page(of("statement", edge.id), "en")
    assert "70% · Doubtful" in shown.all("dd")
    assert "planned" in " ".join(shown.all("dd")).lower()
    assert "According to 省科技厅" in shown.text
    listed = page(of("entity", UNIVERSITY), "en")
    assert "Doubtful" in listed.all("span.badge")


def test_links_lead_from_thing_to_thing_and_into_the_explorer(page, ask):
    shown = page(of("entity", COMPANY))
    assert "/#entity=" + quote(COMPANY, safe="") in shown.links
    inside = [href for href in shown.links if href.startswith("/id/")]
    kinds = {href.removeprefix("/id/").partition("/")[0].partition(":")[0] for href in inside}
    assert {"organization", "person", "project", "statement", "article", "source", "occurrence"} <= kinds
    for href in inside:
        assert ask(href.partition("#")[0], Accept=BROWSER).status_code == 200, href


def test_an_article_shows_what_it_states(page):
    shown = page(of("article", "page-2.txt", 0))
    assert shown.all("h1") == ["青岚智能谷再添新军"]
    assert {"2031-06-01", "云泽日报", "page-2.txt", "0"} <= set(shown.all("dd"))
    assert "“朗星机器人研制的朗星一号已经下线。”" in shown.all("p.text")
    assert len(shown.all("article")) == 5


def test_an_occurrence_shows_who_what_when_and_where(page):
    shown = page(of("occurrence", SIGNING))
    assert shown.all("h1") == ["签约 2031-05-06"]
    facts = shown.all("dd")
    assert "5月6日" in facts
    assert "人形机器人联合研发协议" in facts
    assert "3亿元" in facts
    assert any("云泽大学" in fact and "朗星机器人有限公司" in fact for fact in facts)
    assert {of("entity", "place:青岚市"), of("entity", "event:2031云泽机器人大会")} <= set(shown.links)
    assert len(shown.all("article")) == 1


def test_a_source_lists_its_articles_and_the_passages_that_are_quoted(page, served_graph):
    shown = page(of("source", "page-1.txt"))
    assert of("article", "page-1.txt", 0) in shown.links
    quoted = {
        (s.evidence.start, s.evidence.end): s.evidence.text
        for e in served_graph.edges
        for s in e.supports
        if s.source == "page-1.txt"
    }
    for (start, end), text in quoted.items():
        assert f"char={start},{end}" in shown.ids
        assert f"{start}–{end} {text}" in shown.text


def test_a_support_is_shown_on_the_page_of_its_statement(ask, page, served_graph):
    edge = statement(served_graph, COMPANY, "signsAgreementWith")
    found = iri.support_iri(DEFAULT_BASE, edge.id, edge.supports[0])
    answer = ask(path(found), Accept=BROWSER)
    assert answer.status_code == 303
    target, _, anchor = answer.headers["location"].partition("#")
    assert target == of("statement", edge.id)
    assert anchor in page(target).ids


def test_a_division_says_what_it_lies_in(page):
    shown = page(of("entity", "place:青岚市"), "en")
    assert "999901" in shown.all("dd")
    assert shown.links[of("entity", "place:云泽省")] == "云泽省"
    assert "Lies in it" in page(of("entity", "place:云泽省"), "en").all("h2")


def test_what_leads_to_a_place_beside_statements_is_listed(page):
    shown = page(of("entity", "place:青岚市"), "en")
    assert {"What happened here", "Named after it"} <= set(shown.all("h2"))
    items = shown.all("li")
    assert "signing 2031-05-06" in [item.lower() for item in items]
    assert any(item.startswith("青岚市人民政府") for item in items)
    event = page(of("entity", "event:2031云泽机器人大会"), "en")
    assert of("occurrence", SIGNING) in event.links


def test_reprint_and_original_lead_to_each_other(page):
    reprint, original = of("article", "page-2.txt", 0), of("article", "page-3.txt", 0)
    assert "朗星拟牵手云泽大学" in page(reprint).links[original]
    assert "青岚智能谷再添新军" in page(original).links[reprint]


def test_a_hub_is_told_in_parts(page, served_graph):
    own = {e.id for e in served_graph.edges if HUB in (e.subject, e.object)}
    assert len(own) > 50
    seen, at, pages = set(), of("entity", HUB), 0
    while at:
        shown = page(at)
        here = {href.rpartition("/")[2] for href in shown.links if href.startswith("/id/statement/")}
        assert not here & seen
        seen |= here
        more = [href for href, words in shown.links.items() if words == "后面的"]
        at = of("entity", HUB) + more[0] if more else ""
        pages += 1
        assert pages < 20
    assert seen == own
    assert pages == -(-len(own) // 50)


@pytest.mark.parametrize("offset", ["-1", "x", "1e3", "٣", "9" * 30])
def test_an_offset_that_is_none_is_refused(ask, offset):
    assert ask(of("entity", HUB) + f"?offset={offset}", Accept=BROWSER).status_code == 400


def test_an_offset_beyond_the_end_shows_nothing_more(page):
    shown = page(of("entity", HUB) + "?offset=90000", "en")
    assert "Nothing is stated about it." in shown.text
    assert any(words == "Previous" for words in shown.links.values())


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "陈述"),
        ("en-US,en;q=0.9", "Statements"),
        ("de", "Statements"),
        ("zh;q=0.1, en;q=0", "陈述"),
    ],
)
def test_pages_speak_the_language_of_the_reader(ask, language, words):
    answer = ask(of("entity", COMPANY), Accept=BROWSER, Accept_Language=language)
    assert words in Page(answer.text).all("h2")
    assert answer.headers["content-language"] == ("zh-CN" if words == "陈述" else "en")


def test_the_language_can_be_switched_and_stays_in_the_address(page):
    shown = page(of("entity", HUB) + "?offset=50", "zh")
    switch = next(href for href, words in shown.links.items() if words == "English")
    other = page(of("entity", HUB) + switch, "zh")
    assert "Statements" in other.all("h2")
    assert next(href for href, words in other.links.items() if words == "Previous") == "?lang=en&offset=0"
    inside = [href for href in other.links if href.startswith("/id/")]
    assert all("?lang=en" in href for href in inside)
    assert any("?lang=en#char=" in href for href in inside)
    assert ("input", {"type": "hidden", "name": "lang", "value": "en"}) in other.tags
    assert "Statement" in page(next(href for href in inside if "/statement/" in href), "zh").all("p.soft")


def test_text_of_articles_is_text(page, served_graph):
    """No element comes from a name, a title or a sentence; each stands on the page as it is."""
    first = f"organization:{SCRIPT}"
    edge = statement(served_graph, first, "signsAgreementWith")
    for at in (
        of("entity", first),
        of("entity", f"organization:{BACKWARDS}"),
        of("entity", f"project:{ODD}"),
        of("statement", edge.id),
        of("article", HOSTILE_SOURCE, 0),
        of("source", HOSTILE_SOURCE),
        "/search?q=" + quote(SCRIPT),
        "/id/organization:" + quote(SCRIPT + "?", safe=""),
    ):
        answer = page(at) if "%3F" not in at else None
        if answer is None:
            continue
        assert not [tag for tag, _ in answer.tags if tag in ("img", "script", "b", "iframe")]
        assert not [
            named for _, named in answer.tags if any(n.startswith("on") or n == "style" for n in named)
        ]
    assert page(of("entity", first)).all("h1") == [SCRIPT]
    assert SCRIPT in page(of("article", HOSTILE_SOURCE, 0)).all("h1")[0]
    assert SCRIPT in page(of("statement", edge.id)).all("mark.subject")
    assert page("/search?q=" + quote(SCRIPT)).all("li")[0].startswith(SCRIPT)


def test_marks_that_steer_direction_are_isolated(page):
    shown = page(of("entity", f"organization:{BACKWARDS}"))
    assert shown.all("h1") == [BACKWARDS]
    assert BACKWARDS in shown.all("bdi")
    assert shown.all("title") == [f"\u2068{BACKWARDS}\u2069 · 新闻知识图谱"]


def test_a_search_page_needs_no_script(page):
    shown = page("/search?q=" + quote("云泽大学"), "en")
    assert shown.links[of("entity", UNIVERSITY)] == "云泽大学"
    by_alias = page("/search?q=" + quote("省科技厅"), "en")
    assert by_alias.all("li") == ["云泽省科学技术厅 = 云泽省科技厅"]
    assert "Nothing found" in page("/search?q=%E6%97%A0%E6%AD%A4", "en").text
    assert "Enter a name" in page("/search", "en").text


def test_the_other_forms_are_announced_in_the_page(ask, page):
    at = of("entity", UNIVERSITY)
    offered = {
        named["type"]: named["href"]
        for tag, named in page(at).tags
        if tag == "link" and named.get("rel") == "alternate"
    }
    assert set(offered) == set(SYNTAXES)
    for media_type, href in offered.items():
        assert ask(at + href).headers["content-type"].partition(";")[0] == media_type


# ---------------------------------------------------------------- paths


@pytest.mark.parametrize(
    ("base", "prefix"),
    [
        ("https://newskg.example/id/", "/id/"),
        ("http://kg.example.org/", "/"),
        ("https://example.org/graph/数据/", "/graph/%E6%95%B0%E6%8D%AE/"),
        ("https://example.org/api/", "/id/"),
        ("https://example.org/sparql/x/", "/id/"),
        ("urn:news:", "/id/"),
        ("https://example.org//a/", "/id/"),
    ],
)
def test_things_stand_at_the_path_of_their_iri_unless_it_is_the_servers_own(base, prefix):
    places = Places(base)
    assert places.prefix == prefix
    for found in (
        iri.entity_iri(base, f"project:{ODD}"),
        iri.entity_iri(base, f"organization:{SCRIPT}"),
        iri.entity_iri(base, "person:\ud800"),
        iri.entity_iri(base, "organization:Inc."),
        iri.article_iri(base, HOSTILE_SOURCE, 12),
        iri.source_iri(base, "a//b/%2F.txt"),
        iri.statement_iri(base, "0123456789abcdef"),
        iri.occurrence_iri(base, SIGNING),
    ):
        thing = places.thing(places.path(found).encode("ascii"))
        assert thing is not None
        assert thing.iri == found


def test_escaped_text_is_unescaped_in_pages_only_by_readers(ask):
    raw = ask(of("entity", f"organization:{SCRIPT}"), Accept=BROWSER).text
    assert SCRIPT not in raw
    assert SCRIPT in unescape(raw)
