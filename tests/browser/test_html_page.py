"""The page as a reader uses it: opened from a file, clicked, searched, filtered, and never talking to a network."""

from collections import Counter
from dataclasses import replace

import pytest
from invented import Fact, Story, crowd, graph_of, node, small_graph
from turtle_graphs import sample

pytestmark = pytest.mark.browser

COMPANY = "朗星机器人有限公司"
SIGNING = "会上，朗星机器人与泽大签订了人形机器人联合研发协议，总金额3亿元。"


def place_of(page, name):
    """Return where a node is on the screen."""
    return page.evaluate(
        """(name) => {
          const i = data.nodes.findIndex((node) => node.name === name);
          const spot = network.canvasToDOM(network.getPosition(i)), box = byId("network").getBoundingClientRect();
          return [spot.x + box.left, spot.y + box.top];
        }""",
        name,
    )


def drawn(page):
    return sorted(page.evaluate("nodeSet.getIds().map((i) => data.nodes[i].name)"))


def test_a_click_on_a_node_shows_its_statements_and_their_sentences(opened):
    page = opened(small_graph())
    page.mouse.click(*place_of(page, "云泽大学"))
    page.wait_for_selector("#details.chosen h2")
    assert page.inner_text("#details h2") == "云泽大学"
    assert "泽大" in page.inner_text("#details dl >> nth=0")
    quotes = page.locator("#details blockquote")
    assert SIGNING in quotes.all_inner_texts()
    signing = quotes.filter(has_text="总金额3亿元")
    assert signing.locator("mark.subject").all_inner_texts() == ["朗星机器人"]
    assert signing.locator("mark.object").all_inner_texts() == ["泽大"]
    whole = page.inner_text("#details")
    assert "云泽机器人大会在青岚举行 · 2031-05-07 · 云泽日报" in whole
    for part in (
        "95%",
        "invented.signsAgreementWith",
        "page-1.txt#char=",
        "拟进行",
        "省科技厅",
        "人形机器人联合研发协议",
    ):
        assert part in whole


def test_a_click_on_a_line_shows_the_statements_between_its_ends(opened):
    page = opened(small_graph())
    (ax, ay), (bx, by) = place_of(page, "青岚农商银行"), place_of(page, COMPANY)
    page.mouse.click(ax + (bx - ax) * 0.35, ay + (by - ay) * 0.35)
    page.wait_for_selector("#details.chosen h2")
    assert set(page.inner_text("#details h2").split(" — ")) == {"青岚农商银行", COMPANY}
    assert page.locator("#details blockquote").all_inner_texts() == [
        "青岚农商银行向朗星机器人发放贷款5000万元。"
    ]


def test_search_finds_aliases_and_the_keyboard_is_enough(opened):
    page = opened(small_graph())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("科技厅")
    assert [t.strip() for t in page.locator("#results [role=option]").all_inner_texts()] == [
        "云泽省科学技术厅 = 云泽省科技厅"
    ]
    page.keyboard.press("Enter")
    page.wait_for_selector("#details.chosen h2")
    assert page.inner_text("#details h2") == "云泽省科学技术厅"
    assert not page.is_visible("#results")
    page.fill("#search", "无此名称")
    assert page.locator("#results [role=option]").all_inner_texts() == ["没有找到"]


def test_the_view_is_in_the_address_and_back_works(opened):
    page = opened(small_graph())
    page.fill("#search", "朗星一号")
    page.keyboard.press("Enter")
    page.wait_for_selector("#details.chosen h2")
    address = page.url
    page.click("#details a:has-text('朗星机器人有限公司')")
    page.wait_for_function("document.querySelector('#details h2').textContent.includes('机器人有限')")
    page.go_back()
    page.wait_for_function("document.querySelector('#details h2').textContent === '朗星一号'")
    assert page.url == address
    again = opened(small_graph(), fragment="#" + address.partition("#")[2])
    assert again.inner_text("#details h2") == "朗星一号"


def test_the_legend_counts_and_filters(opened):
    page = opened(small_graph())
    button = page.locator("#legend button[data-type=Organization]")
    assert button.inner_text() == "机构 6"
    button.click()
    assert button.get_attribute("aria-pressed") == "false"
    assert COMPANY not in drawn(page)
    assert "2031云泽机器人大会" in drawn(page)
    button.press("Enter")
    assert COMPANY in drawn(page)


def test_the_interface_follows_the_browser_and_can_be_switched(opened):
    page = opened(small_graph(), locale="en-GB", scheme="dark")
    assert page.inner_text("h1") == "News knowledge graph"
    assert page.inner_text("#legend button >> nth=0") == "organization 6"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 29)"
    page.click("#language")
    assert page.inner_text("h1") == "新闻知识图谱"
    assert page.evaluate("document.documentElement.lang") == "zh"


def test_a_big_graph_opens_on_a_part_and_the_rest_is_reached_by_search_and_expansion(opened):
    graph = crowd(900)
    page = opened(graph)
    shown = drawn(page)
    assert 60 <= len(shown) <= 300
    hidden = next(n.name for n in graph.nodes if n.name not in shown and n.type == "Person")
    page.fill("#search", hidden)
    page.keyboard.press("Enter")
    page.wait_for_selector("#details.chosen h2")
    assert page.inner_text("#details h2") == hidden
    after = drawn(page)
    assert hidden in after
    page.click("#overview")
    # the view follows the address, which changes a moment after the click
    page.wait_for_function("count => nodeSet.length === count", arg=len(shown))
    assert drawn(page) == shown
    hub = page.evaluate("data.nodes[start.find((i) => [...neighbours[i]].some((j) => !shown.has(j)))].name")
    page.fill("#search", hub)
    page.keyboard.press("Enter")
    page.wait_for_function("count => nodeSet.length > count", arg=len(shown))
    page.click("#details button:has-text('收起邻居')")
    page.wait_for_function("count => nodeSet.length === count", arg=len(shown))
    assert drawn(page) == shown
    page.click("#details button:has-text('展开邻居')")
    page.wait_for_function("count => nodeSet.length > count", arg=len(shown))


def test_a_click_shows_the_neighbours_of_a_node_and_another_or_enter_hides_them(opened):
    page = opened(crowd(900))
    shown = drawn(page)
    hub = page.evaluate("data.nodes[start.find((i) => [...neighbours[i]].some((j) => !shown.has(j)))].name")
    page.mouse.click(*place_of(page, hub))
    page.wait_for_function("count => nodeSet.length > count", arg=len(shown))
    grown = drawn(page)
    assert page.inner_text("#details h2") == hub
    page.wait_for_timeout(500)  # another click, not the second half of a double one
    page.mouse.click(*place_of(page, hub))
    page.wait_for_function("count => nodeSet.length === count", arg=len(shown))
    assert drawn(page) == shown
    page.focus("#network [tabindex]")
    page.keyboard.press("Enter")
    page.wait_for_function("count => nodeSet.length > count", arg=len(shown))
    assert drawn(page) == grown


def test_hostile_text_is_shown_as_text(opened):
    evil = "</script><img src=x onerror=alert(1)>\u202e公司\u200b\u2028甲"
    sentence = f"{evil}与丙所签约<!--<script>alert(2)</script>。"
    graph = graph_of(
        [node("Organization", evil), node("Organization", "丙所", "<b>丙</b>", "]]>")],
        [
            Story(
                source="<i>.txt",
                title='"><svg onload=alert(3)>',
                published="2031-01-01",
                facts=[
                    Fact(
                        subject=f"organization:{evil}",
                        predicate="signsAgreementWith",
                        object="organization:丙所",
                        sentence=sentence,
                        qualifiers={"agreement": "<img src=y>"},
                        attributed_to="<s>",
                    )
                ],
            )
        ],
    )
    page = opened(graph)
    page.fill("#search", "丙所")
    page.keyboard.press("Enter")
    page.wait_for_selector("#details blockquote")
    assert page.evaluate("document.querySelector('#details blockquote').textContent") == sentence
    assert (
        page.evaluate("document.querySelectorAll('img, #details svg[onload], #details b, #details i').length")
        == 0
    )
    assert '"><svg onload=alert(3)>' in page.inner_text("#details")
    assert (
        page.evaluate("getComputedStyle(document.querySelector('#details blockquote')).unicodeBidi")
        == "isolate"
    )


def test_an_empty_graph_says_so(opened):
    empty = replace(small_graph(), nodes=(), edges=())
    assert opened(empty).inner_text("#details") == "图中没有实体。"


def test_what_is_found_stands_by_type_with_the_best_connected_first(opened):
    page = opened(small_graph())
    page.fill("#search", "朗星")
    groups = page.locator("#results [role=group]")
    listed = [[line.strip() for line in lines.split("\n")] for lines in groups.all_inner_texts()]
    assert listed == [
        ["机构 2", "朗星机器人有限公司", "朗星量子研究院"],
        ["产品 1", "朗星一号"],
    ]
    assert groups.nth(0).get_attribute("aria-label") == "机构 2"
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    assert page.locator("#results [aria-selected=true]").inner_text().strip() == "朗星一号"
    page.keyboard.press("Enter")
    assert page.inner_text("#details h2") == "朗星一号"


def test_a_statement_shows_what_it_is_a_part_of(opened):
    page = opened(sample())
    page.fill("#search", "云大")
    page.keyboard.press("Enter")
    part = page.locator("#details .occurrence")
    assert part.inner_text().split("\n") == ["签约", "日期", "昨日", "发生地", "南溪市", "金额", "约2亿元"]
    part.locator("a").click()
    page.wait_for_function("document.querySelector('#details h2').textContent === '南溪市'")


def test_a_merged_entity_says_why(opened):
    page = opened(sample(min_confidence=0.3))
    page.fill("#search", "周一鸣")
    page.keyboard.press("Enter")
    page.click("#details summary:has-text('合并依据')")
    assert page.locator("#details ul li").all_inner_texts() == ["同名，同一任职单位"]


def test_a_page_that_leaves_entities_out_says_so_and_holds_the_best_connected(opened, monkeypatch):
    graph = crowd(300)
    monkeypatch.setattr("kg.serialize.html.FILE_SIZE", 100)
    page = opened(graph)
    names = set(page.evaluate("data.nodes.map((node) => node.name)"))
    assert len(names) == 100
    inside = {n.id for n in graph.nodes if n.name in names}
    lost = sum(edge.subject not in inside or edge.object not in inside for edge in graph.edges)
    told = f"本页只含联系最多的 100 个实体；另有 {len(graph.nodes) - 100} 个实体、{lost} 条陈述未列出。"
    assert page.inner_text("#details .notice") == told + "运行 kg serve 可浏览全部。"
    ties = Counter(end for e in graph.edges for end in {e.subject, e.object})
    fewest = min(ties[id_] for id_ in inside)
    assert all(ties[n.id] <= fewest for n in graph.nodes if n.id not in inside)


def test_a_page_that_leaves_statements_out_holds_the_surest(opened, monkeypatch):
    monkeypatch.setattr("kg.serialize.html.FILE_STATEMENTS", 5)
    graph = small_graph()
    page = opened(graph)
    surest = sorted(graph.edges, key=lambda e: (-e.confidence, e.id))[:5]
    assert set(page.evaluate("data.statements.map((s) => s.id)")) == {e.id for e in surest}
    assert f"{len(graph.edges) - 5} 条陈述未列出" in page.inner_text("#details .notice")
