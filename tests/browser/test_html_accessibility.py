"""The page for readers who use a keyboard, a screen reader, large letters or a narrow window."""

from pathlib import Path

import pytest
from invented import small_graph

pytestmark = pytest.mark.browser

COMPANY = "朗星机器人有限公司"
LOOKS = [("zh-CN", "light"), ("zh-CN", "dark"), ("en-GB", "light"), ("en-GB", "dark")]
VIEWS = ["as-network", "as-map", "as-timeline", "as-table"]


def choose(page, name):
    page.fill("#search", name)
    page.press("#search", "Enter")
    page.wait_for_selector("#details h2")


def states(page):
    """Bring the page into one state after the other, as a reader does; yield the name of each."""
    yield "opening"
    page.fill("#search", "朗星")
    yield "search"
    page.fill("#search", "无此名称")
    yield "nothing found"
    choose(page, COMPANY)
    yield "entity"
    page.locator("#details .statement summary").first.press("Enter")
    page.wait_for_selector("#details blockquote")
    yield "statement"
    page.locator("#details .statement .actions button").first.click()
    page.wait_for_selector("#details textarea")
    yield "turtle"
    page.click("#filter")
    page.wait_for_selector("#filters:not([hidden])")
    page.locator("#legend button").first.click()
    yield "filters"
    page.click("#filter")
    page.locator("#legend button").first.click()
    choose(page, COMPANY)
    for view in VIEWS:
        page.click(f"#{view}")
        page.wait_for_selector(f"#{view}[aria-pressed=true]")
        yield view
        if view == "as-timeline":
            page.locator("#timeline .kinds button").first.click()
            yield "a kind of event is hidden"
            page.locator("#timeline .kinds button").first.click()
    page.click("#as-network")


@pytest.fixture(scope="session")
def axe_script():
    package = pytest.importorskip(
        "axe_playwright_python", reason="the axe-playwright-python package is not installed"
    )
    return (Path(package.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize(("locale", "scheme"), LOOKS)
def test_axe_finds_nothing_serious_in_any_state(opened, picture, axe_script, locale, scheme):
    page = opened(small_graph(), locale=locale, scheme=scheme)
    page.evaluate(axe_script)
    found = {}
    for state in states(page):
        picture(page, state)
        for violation in page.evaluate("axe.run().then((result) => result.violations)"):
            if violation["impact"] in ("serious", "critical"):
                where = [node["html"][:120] for node in violation["nodes"]][:3]
                found[state, violation["id"]] = [violation["help"], *where]
    assert found == {}


FOCUSED = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const box = at.getBoundingClientRect(), style = getComputedStyle(at);
  const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
  const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
  const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const words = at.getAttribute("aria-label") || at.textContent || at.labels?.[0]?.textContent || "";
  return {
    what: `${at.tagName.toLowerCase()}${at.id ? "#" + at.id : ""} ${words.trim().slice(0, 30)}`,
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    onScreen: right - left > 1 && bottom - top > 1,
    uncovered: hit !== null && (at.contains(hit) || hit.contains(at)),
    named: Boolean(words.trim()),
  };
}"""


def walk(page, *, steps=150):
    """Press Tab until the focus leaves the page; return what it stood on."""
    seen = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop is None:
            return seen
        seen.append(stop)
    raise AssertionError(f"the focus does not leave the page after {steps} steps: {seen[-1]}")


@pytest.mark.parametrize("view", ["network", "map", "timeline", "table"])
def test_the_focus_is_always_visible_and_leaves_the_page(opened, view):
    page = opened(small_graph(), fragment=f"#entity=organization:云泽大学&view={view}")
    page.wait_for_selector("#details h2")
    page.evaluate("byId('filter').click()")
    stops = walk(page)
    for trouble in ("outlined", "onScreen", "uncovered", "named"):
        assert [stop["what"] for stop in stops if not stop[trouble]] == [], f"not {trouble}"
    assert [stop["what"].split()[0] for stop in stops[:5]] == [
        "input#search",
        "button#as-network",
        "button#as-map",
        "button#as-timeline",
        "button#as-table",
    ]


def test_from_the_question_to_the_sentence_by_keyboard_alone(opened):
    page = opened(small_graph())
    page.keyboard.press("Tab")
    page.keyboard.type("朗星机器人")
    page.keyboard.press("Enter")
    page.wait_for_selector("#details h2")
    assert page.inner_text("#details h2") == COMPANY
    card = page.locator("#details .statement", has_text="青岚农商银行")
    card.locator("summary").evaluate("(summary) => { window.wanted = summary; }")
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === wanted"):
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("#details blockquote")
    assert card.locator("blockquote").inner_text() == "青岚农商银行向朗星机器人发放贷款5000万元。"
    assert "青岚智能谷再添新军 · 2031-06-01 · 云泽日报" in card.inner_text()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.textContent") == COMPANY
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.textContent") == "青岚农商银行"
    page.keyboard.press("Enter")
    page.wait_for_selector("#details h2:has-text('青岚农商银行')")


TROUBLES = """() => {
  // What a reader of a narrow window trips over: a page that scrolls sideways, controls cut off or over each other.
  const found = [], root = document.documentElement;
  const name = (e) => `${e.tagName.toLowerCase()} ${e.id} ${(e.textContent || "").trim().slice(0, 20)}`;
  if (root.scrollWidth > root.clientWidth) found.push(`the page is ${root.scrollWidth} wide`);
  const seen = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0
    && !e.closest("#table, #timeline, #results, #map-list, textarea");     // these scroll by themselves
  const controls = [...document.querySelectorAll("button, input, select, a, summary, h1, h2, h3, dt, .badge")].filter(seen);
  for (const e of controls) {
    for (const box of e.getClientRects())
      if (box.left < -0.5 || box.right > root.clientWidth + 0.5) found.push(`cut off: ${name(e)}`);
    const block = !["INPUT", "SELECT"].includes(e.tagName) && getComputedStyle(e).display !== "inline";
    if (block && e.scrollWidth > e.clientWidth + 1) found.push(`clipped: ${name(e)}`);
  }
  const overlap = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 5;
  const flat = controls.filter((e) => !e.querySelector("button, input, a"));
  flat.forEach((one, k) => flat.slice(k + 1).forEach((other) => {
    if (one.contains(other) || other.contains(one)) return;
    for (const a of one.getClientRects())
      for (const b of other.getClientRects()) if (overlap(a, b)) found.push(`${name(one)} lies over ${name(other)}`);
  }));
  const [view, legend] = ["view", "legend"].map((id) => document.getElementById(id).getBoundingClientRect());
  if (legend.top - view.top < 120) found.push(`the view is only ${Math.round(legend.top - view.top)} high`);
  return [...new Set(found)];
}"""


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
@pytest.mark.parametrize(
    "size", [(480, 800), (640, 400), (320, 640)], ids=["narrow", "at 200 per cent", "at 400 per cent"]
)
def test_a_narrow_window_and_a_large_zoom_cut_nothing_off(opened, picture, size, locale):
    page = opened(small_graph(), locale=locale)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    found = {}
    for state in states(page):
        picture(page, state)
        if troubles := page.evaluate(TROUBLES):
            found[state] = troubles
    assert found == {}


def test_a_narrow_window_shows_the_panel_below_the_view_and_the_page_scrolls_to_it(opened):
    page = opened(small_graph())
    page.set_viewport_size({"width": 480, "height": 640})
    choose(page, COMPANY)
    panel, view = page.locator("#details").bounding_box(), page.locator("#view").bounding_box()
    assert panel["y"] >= view["y"] + view["height"]
    assert panel["width"] == 480
    last = page.locator("#details .statement").last
    last.scroll_into_view_if_needed()
    box = last.bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= 640


def shape_of(page, type_):
    return page.evaluate("(name) => data.types.find((type) => type.name === name).shape", type_)


def test_colours_have_shapes_beside_them(opened):
    page = opened(small_graph())
    types = page.evaluate("data.types.map((type) => [type.colour, type.shape])")
    assert len({colour for colour, _ in types}) == len(types)
    marks = page.locator("#legend button .mark path")
    outlines = [marks.nth(i).get_attribute("d") for i in range(marks.count())]
    assert len(outlines) == len(types)
    shapes = [shape for _, shape in types]
    assert len(set(outlines)) == len(set(shapes))
    # products are dots as persons are, honours are diamonds as documents are, and their colours are far apart
    assert [
        t for t in page.evaluate("data.types.map((type) => type.name)") if shapes.count(shape_of(page, t)) > 1
    ] == [
        "Person",
        "Document",
        "Product",
        "Honor",
    ]
