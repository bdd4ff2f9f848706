"""Articles that try to run something, to reach a network or to turn the page round are shown as the text that they are."""

import csv
from dataclasses import replace

import pytest
from invented import Fact, Story, graph_of, node

from kg.model import Amount, Happening, KnowledgeGraph, When

pytestmark = pytest.mark.browser

HOSTILE = {
    "markup": '</script><img src=x onerror="ran=1"><svg/onload=ran=1>\'"--><style>*{display:none}</style>&lt;b&gt;&#0;',
    "addresses": 'javascript:ran=1//"onmouseover=ran=1 http://x.invalid/#a=b&c=d?e %00%2e%2e/../{{7*7}}${ran=1}`',
    "overrides": "\u202eedirevo\u2067etalosi\u200fאבג",
    "way out": "\u2069\u2069\u202etuo\u202c\u2069\u202e",
    "invisible": "\u200b\u200d\ufeff\u2060\u00ad\u034f\u180e",
    "controls": "\x00\x01\x08\x0b\x1b[31m\x7f\x85\u2028\u2029",
    "formula": '=HYPERLINK("http://x.invalid","a"),\t;甲"乙',
    "combining": "ก็็็็็็็็็็็็็็็็็็็็😀👩‍🔬𠮷" + "\u0301" * 40,
}
FIRST, SECOND = "organization:甲", "organization:乙"


def hostile_graph(evil: str) -> KnowledgeGraph:
    """Return a graph that has `evil` in every text that can come from outside."""
    nodes = [
        node("Organization", f"甲{evil}所", f"甲别{evil}名", id_=FIRST, merged_because=(f"同名{evil}",)),
        node("Organization", f"乙{evil}局", id_=SECOND, corrected_by=(f"更正{evil}",), subtype="Company"),
        node("Event", f"丙{evil}会", dates=("2031-05-06",), id_="event:丙"),
        node("Place", f"丁{evil}市", id_="place:丁"),
        node("Project", f"戊{evil}项", amounts=(f"1{evil}元",), id_="project:戊"),
    ]
    told = {n.id: n.name for n in nodes}
    sentence = f"据说{told[FIRST]}与{told[SECOND]}签约{evil}。"
    meeting = f"{told['event:丙']}在{told['place:丁']}举行{evil}。"
    building = f"{told[SECOND]}建设{told['project:戊']}{evil}。"
    evil_qualifiers = {"agreement": f"协议{evil}书", "amount": f"3{evil}亿元"}
    graph = graph_of(
        nodes,
        [
            Story(
                source=f"源{evil}.txt",
                title=f"题{evil}目",
                published="2031-05-07",
                facts=[
                    Fact(
                        subject=FIRST,
                        predicate="signsAgreementWith",
                        object=SECOND,
                        sentence=sentence,
                        qualifiers=evil_qualifiers,
                        key={"date": "2031-05-06"},
                        attributed_to=f"某{evil}人",
                    ),
                    Fact(subject="event:丙", predicate="heldAt", object="place:丁", sentence=meeting),
                    Fact(
                        subject=FIRST,
                        predicate="hosts",
                        object="event:丙",
                        sentence=f"{told[FIRST]}办{told['event:丙']}",
                    ),
                    Fact(subject=SECOND, predicate="carriesOut", object="project:戊", sentence=building),
                ],
            )
        ],
    )
    happening = Happening(
        id="signing:1",
        kind="Signing",
        roles={"party": (FIRST, SECOND)},
        date=When(value="2031-05-06", text=f"六{evil}日"),
        amount=Amount(value="3", currency="CNY", text=f"3{evil}亿元"),
        place="place:丁",
        event="event:丙",
        subject=f"协议{evil}书",
    )
    return replace(
        graph,
        articles=tuple(replace(a, publisher=f"报{evil}社") for a in graph.articles),
        edges=tuple(
            replace(e, occurrence="signing:1") if e.predicate == "signsAgreementWith" else e
            for e in graph.edges
        ),
        happenings=(happening,),
    )


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

TURNED = """() => {
  // Words of the page itself, and what stands in one line, run from left to right whatever the article's words do.
  const found = [], own = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const foreign = (e) => e.closest("bdi, blockquote, script, style, textarea, option, optgroup, svg");
  const blocks = new Map();
  for (let node = own.nextNode(); node; node = own.nextNode()) {
    const parent = node.parentElement;
    if (foreign(parent) || !parent.checkVisibility({ visibilityProperty: true })) continue;
    let block = parent;
    while (getComputedStyle(block).display === "inline") block = block.parentElement;
    for (let i = 0; i < node.length; i += 1) {
      const range = document.createRange();
      range.setStart(node, i);
      range.setEnd(node, i + 1);
      const box = range.getBoundingClientRect();
      if (!box.width || /[\\s\\p{Cf}]/u.test(node.data[i])) continue;
      const last = blocks.get(block);
      const behind = last && Math.abs(last.bottom - box.bottom) < 4 && box.left < last.left;
      if (behind) found.push(`turned round: ${node.data.trim()}`);
      blocks.set(block, { left: box.left, bottom: box.bottom });
    }
  }
  return [...new Set(found)];
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


def enclosed(value):
    """Return `value` as the page shows it: characters that end an isolate which nothing began are left out."""
    kept, depth = "", 0
    for character in value:
        if character in "\u2066\u2067\u2068":
            depth += 1
        elif character == "\u2069":
            if not depth:
                continue
            depth -= 1
        kept += character
    return kept + "\u2069" * depth


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
