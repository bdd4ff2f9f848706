"""The pages that a server makes of things: for readers with a screen reader, in a narrow window, and of hostile words."""

from pathlib import Path
from urllib.parse import quote

import pytest
from hostile_words import FIRST, HOSTILE, SECOND, TURNED, enclosed, hostile_graph
from serving import COMPANY, SIGNING, Serving, everything, write_folder

pytestmark = pytest.mark.browser

PAGES = {
    "entity": f"id/{COMPANY}",
    "occurrence": f"id/occurrence/{SIGNING}",
    "article": "id/article/page-1.txt/0",
    "source": "id/source/page-1.txt",
    "search": "search?q=朗星",
    "query page": "query",
    "nothing": "id/organization:无此名称",
}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with Serving(write_folder(tmp_path_factory.mktemp("looks") / "out", everything())) as running:
        yield running


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious_and_a_narrow_window_cuts_nothing_off(
    browser, served, picture, name, scheme
):
    package = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
    script = (Path(package.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    context = browser.new_context(
        color_scheme=scheme, locale="zh-CN", viewport={"width": 1280, "height": 800}
    )
    page = context.new_page()
    page.goto(served.url + PAGES[name])
    page.evaluate(script)
    violations = page.evaluate("axe.run().then((result) => result.violations)")
    picture(page, "wide")
    page.set_viewport_size({"width": 320, "height": 640})
    width = page.evaluate("document.documentElement.scrollWidth")
    picture(page, "narrow")
    context.close()
    assert [v["id"] for v in violations if v["impact"] in ("serious", "critical")] == []
    assert width <= 320


@pytest.mark.parametrize("kind", ["markup", "overrides", "way out", "invisible"])
def test_hostile_words_stay_where_they_are_shown(browser, tmp_path, kind):
    graph = hostile_graph(HOSTILE[kind])
    (signing,) = (edge for edge in graph.edges if edge.predicate == "signsAgreementWith")
    names = {n.id: n.name for n in graph.nodes}
    with Serving(write_folder(tmp_path / "out", graph)) as running:
        context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800})
        page = context.new_page()
        requests = []
        page.on("request", lambda request: requests.append(request.url))
        for address in (
            f"id/{quote(FIRST)}",
            f"id/{quote(SECOND)}",
            f"id/statement/{signing.id}",
            "id/occurrence/signing:1",
            "search?q=" + quote("甲"),
        ):
            assert page.goto(running.url + address).status == 200, address
            assert page.evaluate("document.querySelectorAll('img, script, svg, iframe').length") == 0
            assert page.evaluate(TURNED) == [], address
        page.goto(running.url + f"id/{quote(FIRST)}")
        assert page.locator("h1").evaluate("(e) => e.textContent") == enclosed(names[FIRST])
        quotes = page.locator("p.text").evaluate_all("(all) => all.map((e) => e.textContent)")
        assert any(enclosed(names[SECOND]) in text or names[SECOND] in text for text in quotes)
        context.close()
    assert [url for url in requests if not url.startswith(running.url)] == []
