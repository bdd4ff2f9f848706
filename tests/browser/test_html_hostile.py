"""Articles that try to run something, to reach a network or to turn the page round are shown as the text that they are."""

import csv
from dataclasses import replace

import pytest
from hostile_words import FIRST, HOSTILE, TURNED, enclosed, hostile_graph

pytestmark = pytest.mark.browser

UNHARMED = """() => {
  // No element, attribute or address of an article has got loose.
  const found = [], all = [...document.querySelectorAll("*")];
  if ("ran" in window) found.push("something has run");
  for (const e of document.querySelectorAll("img, iframe, object, embed, link, base, form, video, audio, template"))
    found.push(`an element: ${e.outerHTML.slice(0, 80)}`);
  const counts = ["script", "style"].map((tag) => document.querySelectorAll(tag).length);
  if (String(counts) !== "3,1") found.push(`${counts} scripts and styles`);
  for (const e of all)
    for (const { name } of e.attributes) if (name.startsWith("on") || name === "srcdoc") found.push(`${e.tagName} ${name}`);
  for (const a of document.querySelectorAll("a[href]"))
    if (!a.getAttribute("href").startsWith("#") && a.id !== "ask") found.push(`a link to ${a.getAttribute("href")}`);
  return found;
}"""

LAST_WORDS_STAND_LAST = """(words) => {
  // A placeholder cannot be measured: the same words in an element can.
  const line = document.createElement("div");
  line.textContent = words;
  line.style.cssText = "position: fixed; top: 0; white-space: nowrap";
  document.body.append(line);
  const place = (i) => {
    const range = document.createRange();
    range.setStart(line.firstChild, i);
    range.setEnd(line.firstChild, i + 1);
    return range.getBoundingClientRect();
  };
  const first = place(0), last = place(words.length - 1), before = place(words.length - 2);
  line.remove();
  return first.left < before.left && before.left < last.left;
}"""


def sound(page, state):
    assert page.evaluate(UNHARMED) == [], state
    assert page.evaluate(TURNED) == [], state


def text_of(page, selector):
    """Return the text as the document holds it, not as it is laid out."""
    return page.locator(selector).first.evaluate("(e) => e.textContent")


@pytest.mark.parametrize("kind", HOSTILE)
def test_every_part_of_the_page_shows_it_as_text(opened, kind):
    evil = HOSTILE[kind]
    graph = hostile_graph(evil)
    name = {n.id: enclosed(n.name) for n in graph.nodes}
    page = opened(graph)
    sound(page, "opening")

    page.fill("#search", "甲别")
    assert text_of(page, "#results [role=option] bdi") == name[FIRST]
    assert text_of(page, "#results [role=option] .soft bdi") == enclosed(f"甲别{evil}名")
    sound(page, "search")
    page.press("#search", "Enter")
    page.wait_for_selector("#details h2")
    assert text_of(page, "#details h2") == name[FIRST]
    whole = text_of(page, "#details")
    for part in ("甲别{}名", "同名{}", "协议{}书", "3{}亿元", "题{}目", "报{}社", "某{}人", "六{}日"):
        assert enclosed(part.format(evil)) in whole, part
    assert f"源{enclosed(evil)}.txt#char=" in whole or f"源{evil}.txt#char=" in whole
    quotes = page.locator("#details blockquote").evaluate_all(
        "(all) => all.map((quote) => quote.textContent)"
    )
    assert f"据说甲{evil}所与乙{evil}局签约{evil}。" in quotes
    sound(page, "entity")

    page.locator("#details .statement .actions button").first.click()
    page.wait_for_selector("#details .statement textarea")
    sound(page, "Turtle")

    page.click("#details .actions button:has-text('查找路径')")
    asked = page.get_attribute("#search", "placeholder")
    assert (
        asked.replace("\u2068", "", 1).startswith(f"从“{enclosed(f'甲{evil}所')}")
        if "\u2068" in asked
        else evil in asked
    )
    assert page.evaluate(LAST_WORDS_STAND_LAST, asked)
    sound(page, "asked for a path")
    page.fill("#search", "戊")
    page.press("#search", "Enter")
    page.wait_for_selector("#details h2:has-text('⇢')")
    assert text_of(page, "#details h3.step bdi") == name[FIRST]
    sound(page, "path")

    for view in ("map", "timeline", "table"):
        page.click(f"#as-{view}")
        page.wait_for_selector(f"#{view}:not([hidden])")
        if view == "map":
            page.click("#map-list summary")
        sound(page, view)
    cells = page.locator("#table td.is-evidence").evaluate_all("(all) => all.map((cell) => cell.textContent)")
    assert enclosed(f"据说甲{evil}所与乙{evil}局签约{evil}。") in cells
    page.click("#filter")
    offered = page.locator("#source optgroup, #source option").evaluate_all(
        "(all) => all.map((e) => e.label)"
    )
    assert [label.strip() for label in offered if "源" in label]
    sound(page, "filters")


@pytest.mark.parametrize("kind", HOSTILE)
def test_the_file_for_spreadsheets_holds_it_whole(opened, tmp_path, kind):
    evil = HOSTILE[kind]
    page = opened(hostile_graph(evil))
    page.click("#as-table")
    with page.expect_download() as waiting:
        page.click("#csv")
    path = tmp_path / "statements.csv"
    waiting.value.save_as(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    assert len(rows) == 4
    signing = next(row for row in rows if row["relation"] == "signsAgreementWith")
    assert (signing["subject"], signing["object"]) == (f"甲{evil}所", f"乙{evil}局")
    assert (signing["article"], signing["publisher"]) == (f"题{evil}目", f"报{evil}社")
    assert signing["evidence"] == f"据说甲{evil}所与乙{evil}局签约{evil}。"
    assert {row["source"] for row in rows} == {f"源{evil}.txt"}


def test_half_a_surrogate_pair_breaks_nothing(opened, tmp_path):
    graph = hostile_graph("")
    half, name = "\udcff", "源\udcff.txt"
    (article,) = graph.articles
    page = opened(
        replace(
            graph,
            sources=tuple(replace(source, id=name) for source in graph.sources),
            articles=(replace(article, source=name, title=f"题{half}目"),),
            nodes=tuple(replace(n, aliases=(f"甲别{half}名",), mentions=()) for n in graph.nodes),
            edges=tuple(
                replace(e, supports=tuple(replace(s, source=name) for s in e.supports)) for e in graph.edges
            ),
        )
    )
    page.fill("#search", "甲别")
    page.press("#search", "Enter")
    page.wait_for_selector("#details blockquote")
    holds = """(words) => words.map((codes) => byId("details").textContent.includes(String.fromCharCode(...codes)))"""
    wanted = [f"甲别{half}名", f"题{half}目", f"{name}#char="]
    assert page.evaluate(holds, [[ord(c) for c in words] for words in wanted]) == [True, True, True]
    page.click("#as-table")
    with page.expect_download() as waiting:
        page.click("#csv")
    waiting.value.save_as(tmp_path / "statements.csv")
    assert "题\ufffd目" in (tmp_path / "statements.csv").read_text(encoding="utf-8")
    sound(page, "table")
