"""A headless Chromium for the tests that look at the page.

With ``KG_SCREENSHOTS=folder`` in the environment they keep pictures there: of the page as every test leaves it, and of what
a test asks for with `picture`.
"""

import os
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from kg.serialize.html import write_html
from kg.vocabulary import load_vocabulary

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find_chromium():
    given = os.environ.get("CHROMIUM")
    return given or next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.fixture
def picture(request):
    """Return a function that saves a picture of a page, under the name of the test, when somebody wants to look."""
    folder = os.environ.get("KG_SCREENSHOTS")

    def save(page, state):
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            name = re.sub(r"[^\w.-]+", "-", f"{request.node.name}-{state}")
            page.screenshot(path=Path(folder) / f"{name}.png")

    return save


@pytest.fixture(scope="session")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api", reason="the playwright package is not installed")
    path = find_chromium()
    if path is None:
        pytest.skip(
            "no Chromium on this machine (Debian: apt-get install chromium fonts-noto-cjk); browser tests skipped"
        )
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser, tmp_path, picture):
    """Return a function that opens the page of a graph and, when the test is over, sees that all was quiet."""
    watched = []

    def open_page(graph, *, fragment="", locale="zh-CN", scheme="light"):
        path = tmp_path / "graph.html"
        path.write_bytes(write_html(graph, load_vocabulary()))
        context = browser.new_context(
            locale=locale, color_scheme=scheme, viewport={"width": 1280, "height": 800}
        )
        page = context.new_page()
        log = SimpleNamespace(context=context, page=page, requests=[], complaints=[], address=path.as_uri())
        page.on("request", lambda request: log.requests.append(request.url))
        page.on("console", lambda message: log.complaints.append(message.text))
        page.on("pageerror", lambda error: log.complaints.append(str(error)))
        watched.append(log)
        page.goto(path.as_uri() + fragment)
        page.wait_for_selector("#network canvas", state="attached")
        return page

    yield open_page
    for number, log in enumerate(watched):
        picture(log.page, f"end{number or ''}")
        log.context.close()
        assert [url.partition("#")[0] for url in log.requests] == [log.address]
        assert log.complaints == []
