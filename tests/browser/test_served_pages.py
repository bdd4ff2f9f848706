"""The pages of `kg serve` as a reader sees them."""

from types import SimpleNamespace
from urllib.parse import quote

import pytest
from serving import COMPANY, HUB, SCRIPT, UNIVERSITY, Serving, everything, write_folder

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def serving(tmp_path_factory):
    with Serving(write_folder(tmp_path_factory.mktemp("served") / "out", everything())) as running:
        yield running


@pytest.fixture
def visit(browser, serving):
    """Return a function that opens a path, and sees in the end that nothing was asked of others and nothing complained."""
    watched = []

    def open_path(path, *, locale="zh-CN", scheme="light", width=1100):
        context = browser.new_context(
            locale=locale, color_scheme=scheme, viewport={"width": width, "height": 800}
        )
        page = context.new_page()
        log = SimpleNamespace(context=context, requests=[], complaints=[])
        page.on("request", lambda request: log.requests.append(request.url))
        page.on("console", lambda message: log.complaints.append(message.text))
        page.on("pageerror", lambda error: log.complaints.append(str(error)))
        watched.append(log)
        page.goto(serving.url.rstrip("/") + path)
        return page

    yield open_path
    for log in watched:
        log.context.close()
        assert all(url.startswith((serving.url, "data:,")) for url in log.requests)
        assert log.complaints == []


def at(id_):
    return "/id/" + quote(id_, safe=":")


def test_who_signed_with_whom_and_who_says_so_in_three_clicks(visit):
    page = visit("/search")
    page.get_by_role("searchbox").fill("泽大")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="云泽大学", exact=True).click()
    assert page.locator("h1").inner_text() == "云泽大学"
    page.get_by_role("link", name="陈述: 朗星机器人有限公司 签约 云泽大学").click()
    assert page.locator("mark.subject").first.inner_text() == "朗星机器人"
    page.get_by_role("link", name="云泽机器人大会在青岚举行").click()
    assert page.locator("h1").inner_text() == "云泽机器人大会在青岚举行"
    page.go_back()
    page.go_back()
    assert page.locator("h1").inner_text() == "云泽大学"


def test_a_position_leads_to_the_passage_in_its_source(visit):
    page = visit(at("product:朗星一号"))
    page.locator("blockquote .meta a[href*='#char=']").first.click()
    assert page.locator(":target").inner_text().endswith("朗星机器人研制的朗星一号已经下线。")


def test_a_page_seen_again_looks_the_same(visit):
    page = visit(at(COMPANY))
    ground = "getComputedStyle(document.querySelector('header')).backgroundColor"
    first = page.evaluate(ground)
    assert first != "rgba(0, 0, 0, 0)"
    page.goto(page.url)
    page.reload()
    assert page.evaluate(ground) == first


def test_light_and_dark_follow_the_reader(visit):
    ground = "getComputedStyle(document.body).backgroundColor"
    assert visit(at(COMPANY)).evaluate(ground) == "rgb(255, 255, 255)"
    assert visit(at(COMPANY), scheme="dark").evaluate(ground) == "rgb(20, 24, 29)"


def test_text_of_articles_runs_nothing(visit):
    page = visit(at(f"organization:{SCRIPT}"))
    assert page.locator("h1").inner_text() == SCRIPT
    assert page.locator("img, script").count() == 0


def test_the_explorer_opens_at_the_entity(visit):
    page = visit(at(UNIVERSITY))
    page.get_by_role("link", name="在图中查看").click()
    page.wait_for_selector("#details h2")
    assert page.locator("#details h2").inner_text() == "云泽大学"


@pytest.mark.parametrize("width", [320, 1100])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_barrier_and_nothing_beyond_the_edge(visit, served_paths, scheme, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for path in served_paths:
        page = visit(path, scheme=scheme, width=width)
        found = axe.run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.fixture
def served_paths():
    """One page of every kind."""
    statement = everything().edges[0].id
    return [
        at(COMPANY),
        at(HUB),
        f"/id/statement/{statement}",
        "/id/article/page-1.txt/0",
        "/id/source/page-1.txt",
        "/id/occurrence/" + quote("signing:2031-05-06:朗星"),
        "/search?q=" + quote("青岚"),
    ]
