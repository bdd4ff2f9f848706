"""The explorer over HTTP: the same page, which asks its server for what a reader moves to."""

from types import SimpleNamespace

import pytest
from serving import BACKWARDS, SCRIPT, Serving, everything, write_folder

pytestmark = pytest.mark.browser

EMPTY = {
    **{key: [] for key in ("nodes", "statements", "articles", "happenings", "texts", "rules")},
    "years": {"2031": 1},
}
COMPANY = "朗星机器人有限公司"
HUB = "青岚市科学技术局"


def whole():
    """Return a graph whose opening view cannot hold everything."""
    graph = everything()
    assert len(graph.nodes) > 2 * 120
    return graph


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with Serving(write_folder(tmp_path_factory.mktemp("served") / "out", whole())) as running:
        yield running


@pytest.fixture
def opened(browser, served):
    """Return a function that opens the explorer and, in the end, sees that only its server was asked and all was quiet."""
    watched = []

    def open_page(fragment="", *, locale="zh-CN", expected=()):
        context = browser.new_context(locale=locale, viewport={"width": 1280, "height": 800})
        page = context.new_page()
        log = SimpleNamespace(context=context, requests=[], complaints=[], expected=list(expected))
        page.on("request", lambda request: log.requests.append(request.url))
        page.on("console", lambda message: log.complaints.append(message.text))
        page.on("pageerror", lambda error: log.complaints.append(str(error)))
        watched.append(log)
        page.goto(served.url + fragment)
        page.wait_for_selector("#network canvas", state="attached")
        return page

    yield open_page
    for log in watched:
        log.context.close()
        assert [url for url in log.requests if not url.startswith(served.url)] == []
        assert log.complaints == log.expected


def find(page, words, choice=None):
    """Type into the search box and choose what is found, the first unless a name is given."""
    page.fill("#search", words)
    page.wait_for_selector("#results [aria-selected]")
    if choice is not None:
        page.locator("#results [role=option]", has_text=choice).first.click()
    else:
        page.keyboard.press("Enter")
    page.wait_for_selector("#details.chosen h2")


def told_of(graph, name):
    """Return the sentences of all accepted statements about an entity."""
    (id_,) = (n.id for n in graph.nodes if n.name == name)
    return {
        support.evidence.text
        for edge in graph.edges
        if id_ in (edge.subject, edge.object) and edge.confidence >= graph.min_confidence
        for support in edge.supports
    }


def test_an_alias_is_searched_by_the_server_and_leads_to_all_evidence(opened):
    page = opened()
    graph = whole()
    known = {thing.id for thing in (*graph.nodes, *graph.divisions)}
    accepted = sum(edge.confidence >= graph.min_confidence for edge in graph.edges)
    assert page.inner_text("#shown") == (
        f"显示 80 / {len(known)} 个实体，{accepted} 条陈述，{len(graph.articles)} 篇文章"
    )
    find(page, "泽大")
    assert page.inner_text("#details h2") == "云泽大学"
    quotes = set(page.locator("#details blockquote").all_inner_texts())
    assert quotes == told_of(whole(), "云泽大学")


def test_what_the_opening_view_lacks_is_fetched_and_drawn(opened):
    page = opened()
    names = set(page.evaluate("data.nodes.map((node) => node.name)"))
    graph = whole()
    tied = {end for edge in graph.edges for end in (edge.subject, edge.object)}
    missing = next(n for n in graph.nodes if n.name not in names and n.id in tied)
    find(page, missing.name, missing.name)
    assert page.inner_text("#details h2") == missing.name
    page.wait_for_function(
        "(name) => nodeSet.getIds().some((i) => data.nodes[i].name === name)", arg=missing.name
    )
    assert set(page.locator("#details blockquote").all_inner_texts()) == told_of(graph, missing.name)


def test_a_hub_says_how_many_neighbours_it_has_and_grows(opened):
    page = opened()
    before = page.evaluate("nodeSet.length")
    find(page, HUB, HUB)
    graph = whole()
    (id_,) = (n.id for n in graph.nodes if n.name == HUB)
    ties = {
        end
        for edge in graph.edges
        if id_ in (edge.subject, edge.object) and edge.confidence >= graph.min_confidence
        for end in (edge.subject, edge.object)
    } - {id_}
    assert f"{len(ties)} 个相邻实体" in page.inner_text("#details p >> nth=0")
    page.wait_for_function("(before) => nodeSet.length > before", arg=before)
    drawn = set(page.evaluate("nodeSet.getIds().map((i) => data.nodes[i].id)"))
    assert len(drawn & ties) >= min(len(ties), 40)


def test_an_address_can_be_shared_and_back_works(opened):
    page = opened()
    find(page, COMPANY)
    address = page.url.partition("#")[2]
    page.click("#details a:has-text('云泽大学') >> nth=0")
    page.wait_for_function("() => document.querySelector('#details h2').textContent === '云泽大学'")
    page.go_back()
    page.wait_for_function("() => document.querySelector('#details h2').textContent.includes('机器人有限')")
    again = opened("#" + address)
    again.wait_for_selector("#details.chosen h2")
    assert again.inner_text("#details h2") == COMPANY


def test_a_path_is_found_by_the_server(opened):
    page = opened()
    find(page, "青岚农商银行")
    page.click("#details button:has-text('查找路径')")
    page.fill("#search", "云泽大学")
    page.wait_for_selector("#results [aria-selected=true]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#details h2:has-text('⇢')")
    assert page.inner_text("#details [role=status]") == "最短路径：2 步"
    assert [s.partition(". ")[2] for s in page.locator("#details h3.step").all_inner_texts()] == [
        f"青岚农商银行 — {COMPANY}",
        f"{COMPANY} — 云泽大学",
    ]


def test_timeline_and_map_come_from_the_server(opened):
    page = opened()
    page.click("#as-timeline")
    entry = page.locator("#timeline .entry", has_text="签约方")
    entry.wait_for()
    assert "人形机器人联合研发协议" in entry.inner_text()
    page.click("#as-map")
    page.wait_for_selector("#map canvas")
    page.wait_for_selector("#map details")
    page.click("#map details summary") if not page.evaluate(
        "document.querySelector('#map details').open"
    ) else None
    page.locator("#map details a").first.click()
    page.wait_for_selector("#details.chosen h2")


def test_years_that_were_not_sent_are_fetched_when_they_are_chosen(opened, served):
    page = opened()
    page.route("**/explorer/timeline?limit=500", lambda route: route.fulfill(json=EMPTY))
    page.click("#as-timeline")
    bar = page.locator("#timeline .bar")
    bar.wait_for()
    assert bar.get_attribute("aria-label") == "2031: 1"  # known to be there, not sent
    assert page.locator("#timeline .entry", has_text="签约方").count() == 0
    bar.click()
    page.locator("#timeline .entry", has_text="签约方").wait_for()
    page.click("#all-years")
    assert page.locator("#timeline .part.beyond").count() == 0


def test_turtle_comes_from_the_server(opened, served):
    page = opened()
    find(page, "云泽大学", "云泽大学")
    page.click("#details button:has-text('复制为 Turtle') >> nth=0")
    page.wait_for_selector("#details textarea")
    same = served.client.get("/id/organization:云泽大学", headers={"Accept": "text/turtle"}).text
    assert page.input_value("#details textarea") == same


def test_the_reader_is_told_when_an_entity_is_not_there(opened):
    page = opened(expected=["Failed to load resource: the server responded with a status of 404 (Not Found)"])
    page.evaluate("location.hash = '#entity=organization:无此机构'")
    page.wait_for_selector("#trouble:not([hidden])")
    assert "404" in page.inner_text("#trouble")
    find(page, "云泽大学", "云泽大学")
    assert page.is_hidden("#trouble")


def test_hostile_names_are_text(opened):
    page = opened()
    find(page, "onerror")
    assert page.inner_text("#details h2") in (SCRIPT, BACKWARDS)
    assert page.evaluate("document.images.length") == 0


def test_the_query_page_is_one_click_away(opened):
    page = opened(locale="en-GB")
    page.click("#ask")
    page.wait_for_url("**/query")
    assert page.locator("textarea").count() == 1
