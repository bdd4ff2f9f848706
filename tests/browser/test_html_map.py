"""The map of the whole graph as a reader uses it: looked at, moved, zoomed, pointed at, clicked, and read as a list."""

import itertools
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from invented import Fact, Story, graph_of, node

from kg.resources import ROOT
from kg.serialize.drawing.overview import TINTS

pytestmark = pytest.mark.browser

TOWNS = {"青岚": 14, "朔溪": 10, "云泽": 8}
DRAWN = "#map[data-state=drawn]"


def towns(*, lonely=True):
    """Three towns: an office that works with every company, companies that sign with each other, a road between towns."""
    nodes, facts = [], []
    offices = []
    for town, size in TOWNS.items():
        office = node("Organization", f"{town}市科学技术局")
        firms = [
            node(
                "Person" if i % 4 == 3 else "Organization", f"{town}{'甲乙丙丁戊己庚辛壬癸子丑寅卯'[i]}号机构"
            )
            for i in range(size - 1)
        ]
        for i, firm in enumerate(firms):
            facts.append(stated(office, "cooperatesWith", firm))
            for step in (1, 3):
                other = firms[(i + step) % len(firms)]
                if other is not firm:
                    facts.append(stated(firm, "signsAgreementWith", other))
        nodes += [office, *firms]
        offices.append((office, firms))
    for (_, here), (_, there) in itertools.pairwise(offices):
        facts.append(stated(here[0], "investsIn", there[1]))
    if lonely:
        pair = [node("Organization", "临沅独行公司"), node("Product", "独行一号")]
        facts.append(stated(pair[0], "develops", pair[1]))
        nodes += pair
    story = Story(source="page-1.txt", title="三市合作", published="2031-05-07", facts=facts)
    return graph_of(nodes, [story])


def stated(a, predicate, b):
    return Fact(
        subject=a.id, predicate=predicate, object=b.id, sentence=f"{a.name}与{b.name}的有关事项已经确定。"
    )


def drawn(page):
    page.wait_for_selector(DRAWN)
    return page


def open_map(opened, *, fragment="", **how):
    return drawn(opened(towns(), fragment="#view=map" + fragment, **how))


def looked(url):
    """Return where a reader looks: x, y and pixels per unit, as the address says; None for everything."""
    given = parse_qs(urlsplit(url).fragment).get("at")
    return given and tuple(float(part) for part in given[0].split(","))


def at(page):
    return looked(page.url)


def moved(page, before):
    """Wait until the address has followed the reader and return where it says that he looks."""
    page.wait_for_url(lambda url: looked(url) != looked(before))
    drawn(page)
    return at(page)


def place(page, name):
    """Return where an entity lies on the map."""
    return page.evaluate(
        """(name) => {
          const i = data.nodes.findIndex((node) => node.name === name);
          return [data.overview.x[i], data.overview.y[i]];
        }""",
        name,
    )


def middle(page):
    box = page.locator("#map canvas").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def looking_at(opened, name, *, scale=4, **how):
    """Open the map so that an entity stands in the middle of the window."""
    page = open_map(opened)
    x, y = place(page, name)
    fragment = f"#view=map&at={x:.0f},{y:.0f},{scale}"
    return drawn(opened(towns(), fragment=fragment, **how))


def pixel(page, dx=0, dy=0):
    return page.evaluate(
        """([dx, dy]) => {
          const canvas = document.querySelector("#map canvas"), density = devicePixelRatio;
          const at = [canvas.width / 2 + dx * density, canvas.height / 2 + dy * density].map(Math.round);
          const copy = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
          copy.drawImage(canvas, -at[0], -at[1]);
          return [...copy.getImageData(0, 0, 1, 1).data].slice(0, 3);
        }""",
        [dx, dy],
    )


def colour_of(page, name):
    value = page.evaluate("(name) => colour(name)", name)
    return [int(value[i : i + 2], 16) for i in (1, 3, 5)]


def listed(page):
    if not page.locator("#map-list ol").is_visible():
        page.click("#map-list summary")
    return page.locator("#map-list li").all_inner_texts()


# ---------------------------------------------------------------- looking


def test_the_button_shows_the_map_and_the_address_says_so(opened):
    page = opened(towns())
    assert page.locator("#map").is_hidden()
    page.click("#as-map")
    drawn(page)
    assert page.get_attribute("#as-map", "aria-pressed") == "true"
    assert parse_qs(urlsplit(page.url).fragment) == {"view": ["map"]}
    page.go_back()
    page.wait_for_selector("#map", state="hidden")
    assert page.get_attribute("#as-network", "aria-pressed") == "true"
    page.go_forward()
    page.wait_for_selector("#map", state="visible")


def test_entities_have_the_colour_of_their_community(opened):
    page = looking_at(opened, "青岚乙号机构")
    first = pixel(page)
    assert first == colour_of(page, "--tint-0")
    page = looking_at(opened, "朔溪乙号机构")
    assert pixel(page) == colour_of(page, "--tint-1")
    page = looking_at(opened, "独行一号")
    assert pixel(page) == colour_of(page, "--tint-none")


def test_the_colours_follow_the_scheme_of_the_reader(opened):
    light = looking_at(opened, "青岚乙号机构")
    dark = looking_at(opened, "青岚乙号机构", scheme="dark")
    assert pixel(dark) == colour_of(dark, "--tint-0")
    assert pixel(dark) != pixel(light)
    light.emulate_media(color_scheme="dark")
    drawn(light)
    assert pixel(light) == pixel(dark)


def test_the_communities_are_told_in_words_with_their_sizes(opened):
    page = open_map(opened)
    assert listed(page) == ["青岚市科学技术局 14", "朔溪市科学技术局 10", "云泽市科学技术局 8"]
    assert page.inner_text("#map-list summary") == "3 个社群"
    assert "另有 2 个实体不在以上社群中" in page.inner_text("#map-list")
    page.click("#language")
    assert page.inner_text("#map-list summary") == "3 communities"
    assert page.get_attribute("#map canvas", "aria-label").startswith("Map of the whole graph.")


def test_the_open_list_covers_no_entity_of_the_whole_map(opened):
    page = open_map(opened)
    listed(page)
    page.wait_for_function(
        """() => {
          const canvas = document.querySelector("#map canvas"), list = document.querySelector("#map-list");
          const copy = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
          const rgb = (name) => [1, 3, 5].map((i) => parseInt(colour(name).slice(i, i + 2), 16)).join();
          const tints = new Set(["--tint-0", "--tint-1", "--tint-2", "--tint-none"].map(rgb));
          [copy.canvas.width, copy.canvas.height] = [canvas.width, canvas.height];
          copy.drawImage(canvas, 0, 0);
          const { data: pixels } = copy.getImageData(list.offsetLeft, list.offsetTop, list.offsetWidth, list.offsetHeight);
          return pixels.every((_, k) => k % 4 !== 0 || !tints.has(pixels.slice(k, k + 3).join()));
        }"""
    )


def test_names_stand_beside_each_other(opened):
    page = open_map(opened, fragment="&at=0,0,3")
    boxes = page.evaluate(
        """async () => {
          const world = mapWorld.build(await overviewData(), "community"), camera = { x: 0, y: 0, scale: 3 };
          const context = document.createElement("canvas").getContext("2d");
          mapWorld.choose(world, null);
          const picture = { camera, wide: 1400, tall: 1000 }, room = { width: 1000, height: 700 };
          return mapPicture.names(context, world, picture, room).map((name) => {
            context.font = name.font;
            const wide = Math.max(...name.rows.map((row) => context.measureText(row).width));
            const x = name.x * 3 + name.left, y = name.y * 3 + name.top;
            return [name.rows.join(""), x - wide / 2, y, x + wide / 2, y + name.rows.length * name.size * 1.2];
          });
        }"""
    )
    assert [name for name, *_ in boxes[:3]] == ["青岚市科学技术局", "朔溪市科学技术局", "云泽市科学技术局"]
    assert len(boxes) > 12
    for (one, l1, t1, r1, b1), (other, l2, t2, r2, b2) in itertools.combinations(boxes, 2):
        assert l1 >= r2 or l2 >= r1 or t1 >= b2 or t2 >= b1, f"{one} lies over {other}"


# ---------------------------------------------------------------- moving


def test_dragging_moves_the_map_as_far_as_the_pointer(opened):
    page = open_map(opened, fragment="&at=0,0,3")
    before, (x, y) = page.url, middle(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y - 30, steps=4)
    page.mouse.up()
    assert moved(page, before) == (-20, 10, 3)
    assert page.locator("#network").get_attribute("class") == "away"


def test_the_wheel_zooms_around_the_pointer(opened):
    name = "朔溪丙号机构"
    page = looking_at(opened, name)
    before, (x, y) = page.url, middle(page)
    page.mouse.move(x, y)
    page.mouse.wheel(0, -200)
    scale = moved(page, before)[2]
    assert scale == pytest.approx(4 * 1.49, rel=0.01)
    assert pixel(page) == colour_of(page, "--tint-1")


def test_keys_move_and_zoom_and_zero_shows_everything(opened):
    page = open_map(opened, fragment="&at=0,0,3")
    page.focus("#map canvas")
    seen = {}
    for key in ("ArrowRight", "ArrowDown", "+", "-", "ArrowLeft", "ArrowUp"):
        before = page.url
        page.keyboard.press(key)
        seen[key] = moved(page, before)
    assert seen["ArrowRight"][0] > 30
    assert seen["ArrowRight"][1:] == (0, 3)
    assert seen["ArrowDown"][1] > 30
    assert seen["+"] == (*seen["ArrowDown"][:2], 4.2)
    assert seen["-"] == seen["ArrowDown"]
    assert seen["ArrowLeft"] == (0, seen["ArrowDown"][1], 3)
    assert seen["ArrowUp"] == (0, 0, 3)
    before = page.url
    page.keyboard.press("0")
    assert moved(page, before) is None


def test_the_buttons_zoom_and_show_everything(opened):
    page = open_map(opened)
    before = page.url
    page.click("#map-zoomIn")
    first = moved(page, before)[2]
    before = page.url
    page.click("#map-zoomIn")
    assert moved(page, before)[2] == pytest.approx(1.4 * first, rel=0.01)
    before = page.url
    page.click("#fit")
    assert moved(page, before) is None
    assert page.get_attribute("#map-zoomIn", "aria-label") == "放大"


def test_two_fingers_zoom(opened):
    page = open_map(opened, fragment="&at=0,0,3")
    before, (x, y) = page.url, middle(page)
    session = page.context.new_cdp_session(page)
    for kind, apart in (("touchStart", 40), ("touchMove", 44), ("touchMove", 60), ("touchMove", 80)):
        points = [{"x": x - apart, "y": y, "id": 0}, {"x": x + apart, "y": y, "id": 1}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    found = moved(page, before)
    assert found[2] == pytest.approx(3 * 160 / 84, rel=0.01)
    assert "entity" not in page.url
    assert found[:2] == pytest.approx((0, 0), abs=25)


def test_a_shared_address_opens_where_the_other_reader_looked(opened):
    page = open_map(opened, fragment="&at=40,-25,3.25&colour=type")
    assert at(page) == (40, -25, 3.25)
    assert page.locator("#map-colours").input_value() == "type"
    odd = open_map(opened, fragment="&at=x,1e9,-3")
    assert at(odd) is None


def test_the_map_is_sharp_on_a_dense_screen(opened):
    page = open_map(opened)
    session = page.context.new_cdp_session(page)
    session.send(
        "Emulation.setDeviceMetricsOverride",
        {"width": 1000, "height": 700, "deviceScaleFactor": 2, "mobile": False},
    )
    page.wait_for_function(
        "() => document.querySelector('#map canvas').width === 2 * document.querySelector('#map canvas').clientWidth"
    )
    drawn(page)


# ---------------------------------------------------------------- pointing and going on


def test_pointing_at_an_entity_names_it_and_a_click_goes_to_its_neighbourhood(opened):
    page = looking_at(opened, "青岚丙号机构")
    x, y = middle(page)
    page.mouse.move(x + 2, y + 2)
    page.wait_for_selector("#map-name")
    assert page.inner_text("#map-name") == "青岚丙号机构 · 机构"
    where = at(page)
    page.mouse.click(x, y)
    page.wait_for_selector("#details h2:has-text('青岚丙号机构')")
    assert page.locator("#map").is_hidden()
    assert parse_qs(urlsplit(page.url).fragment) == {"entity": ["organization:青岚丙号机构"]}
    page.go_back()
    page.wait_for_selector("#map", state="visible")
    drawn(page)
    assert at(page) == where


def test_where_nobody_is_nothing_is_named_and_a_click_stays(opened):
    page = open_map(opened, fragment="&at=9000,9000,3")
    x, y = middle(page)
    page.mouse.move(x + 5, y + 5)
    page.mouse.click(x, y)
    assert page.locator("#map-name").is_hidden()
    assert page.locator("#map").is_visible()
    assert "entity" not in page.url


def test_with_keys_alone_the_entity_in_the_middle_is_named_and_opened(opened):
    page = looking_at(opened, "朔溪丁号机构")
    page.focus("#map canvas")
    page.keyboard.press("+")
    page.wait_for_selector("#map-name:has-text('朔溪丁号机构 · 人物')")
    assert page.get_attribute("#map-name", "role") == "status"
    page.keyboard.press("Enter")
    page.wait_for_selector("#details h2:has-text('朔溪丁号机构')")
    assert page.locator("#map").is_hidden()


def test_a_community_of_the_list_is_shown_and_its_best_member_selected(opened):
    page = open_map(opened)
    listed(page)
    page.focus("#map-list li:nth-child(2) a")
    page.keyboard.press("Enter")
    page.wait_for_selector("#details h2:has-text('朔溪市科学技术局')")
    page.wait_for_url(re.compile("at="))
    fragment = parse_qs(urlsplit(page.url).fragment)
    assert fragment["view"] == ["map"]
    assert fragment["entity"] == ["organization:朔溪市科学技术局"]
    x, y, _ = at(page)
    px, py = place(page, "朔溪市科学技术局")
    assert abs(x - px) < 60
    assert abs(y - py) < 60


def test_the_selected_entity_is_marked(opened):
    name = "青岚丙号机构"
    plain = looking_at(opened, name)
    x, y = place(plain, name)
    page = drawn(opened(towns(), fragment=f"#entity=organization:{name}&view=map&at={x:.0f},{y:.0f},4"))
    ring = colour_of(page, "--link")
    assert pixel(page) == colour_of(page, "--tint-0")
    around = {r: pixel(page, dy=-r) for r in range(8, 24)}
    assert ring in around.values()
    assert ring not in {r: tuple(pixel(plain, dy=-r)) for r in range(8, 24)}.values()
    assert page.inner_text("#details h2") == name


def test_an_entity_chosen_beside_the_map_comes_into_the_window(opened):
    page = open_map(opened, fragment="&at=9000,9000,3")
    page.fill("#search", "云泽甲号机构")
    page.keyboard.press("Enter")
    page.wait_for_selector("#details h2:has-text('云泽甲号机构')")
    if page.locator("#map").is_hidden():
        page.click("#as-map")
    drawn(page)
    page.wait_for_url(re.compile("at="))
    x, y, scale = at(page)
    px, py = place(page, "云泽甲号机构")
    assert abs(x - px) * scale < 400
    assert abs(y - py) * scale < 400


# ---------------------------------------------------------------- filters and colours


def test_a_hidden_type_leaves_the_map_and_the_sizes(opened):
    page = looking_at(opened, "青岚丁号机构")
    assert pixel(page) == colour_of(page, "--tint-0")
    page.click("#legend button[data-type=Person]")
    drawn(page)
    assert pixel(page) != colour_of(page, "--tint-0")
    assert listed(page) == ["青岚市科学技术局 11", "朔溪市科学技术局 8", "云泽市科学技术局 7"]
    page.click("#legend button[data-type=Organization]")
    drawn(page)
    assert "另有 1 个实体不在以上社群中" in page.inner_text("#map-list")
    assert page.locator("#map-list li").count() == 0


def test_filtered_statements_leave_the_map(opened):
    page = open_map(opened, fragment="&relation=develops")
    assert page.locator("#map-list summary").inner_text() == "0 个社群"
    listed(page)
    assert "另有 2 个实体不在以上社群中" in page.inner_text("#map-list")
    page.click("#reset")
    drawn(page)
    assert listed(page)[0] == "青岚市科学技术局 14"


def test_when_filters_leave_nothing_the_map_says_so(opened):
    page = open_map(opened, fragment="&relation=")
    assert page.inner_text("#map-none") == "没有可显示的实体。"
    page.focus("#map canvas")
    for key in ("+", "ArrowLeft", "Enter", "0"):
        page.keyboard.press(key)
    assert page.locator("#map").is_visible()


def test_colours_can_tell_types_instead_and_the_address_keeps_it(opened):
    page = looking_at(opened, "青岚丁号机构")
    listed(page)
    before = page.url
    page.focus("#map-colours")
    page.select_option("#map-colours", "type")
    page.wait_for_url(lambda url: url != before)
    drawn(page)
    assert pixel(page) == [213, 94, 0]
    assert parse_qs(urlsplit(page.url).fragment)["colour"] == ["type"]
    assert page.evaluate("document.activeElement.id") == "map-colours"


def test_an_empty_graph_has_an_empty_map(opened):
    page = opened(graph_of([], []), fragment="#view=map")
    drawn(page)
    assert page.inner_text("#map-none") == "没有可显示的实体。"
    assert page.inner_text("#map-list summary") == "0 个社群"


def test_two_readers_see_the_same_map(opened):
    shots = [open_map(opened).locator("#map canvas").screenshot() for _ in range(2)]
    assert shots[0] == shots[1]


# ---------------------------------------------------------------- colours on paper

SIGHT = {  # Machado, Oliveira and Fernandes, 2009
    "all cones": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protanopia": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deuteranopia": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritanopia": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}


def linear(code):
    part = np.array([int(code[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def lab(light):
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ np.clip(
        light, 0, 1
    )
    f = np.cbrt(np.maximum(xyz / [0.9505, 1, 1.089], 1e-6))
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_the_colours_of_communities_can_be_told_apart_by_all(scheme):
    style = Path(ROOT / "templates" / "graph.map.css").read_text(encoding="utf-8")
    ground = re.findall(r"--ground: (#\w+)", (ROOT / "templates" / "graph.css").read_text(encoding="utf-8"))[
        scheme
    ]
    tints = re.findall(r"--tint-\d: (#\w+)", re.findall(r":root \{([^}]*)\}", style)[scheme])
    assert len(tints) == TINTS
    for sight, cones in SIGHT.items():
        for one, other in itertools.combinations(tints, 2):
            difference = np.linalg.norm(
                lab(np.array(cones) @ linear(one)) - lab(np.array(cones) @ linear(other))
            )
            assert difference > 20, f"{one} and {other} look the same with {sight}"
    for tint in tints:
        bright = sorted(float(linear(code) @ [0.2126, 0.7152, 0.0722]) + 0.05 for code in (tint, ground))
        assert bright[1] / bright[0] >= 3
