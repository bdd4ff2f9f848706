"""The query page as a reader uses it: a question, its parameter, a table, a link; one's own query; errors in words."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from serving import BACKWARDS, SCRIPT, Serving, everything, write_folder

from kg.query.questions import questions

COMPANY = "朗星机器人有限公司"
UNIVERSITY = "云泽大学"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER (REGEX(STR(?c), STR(?i))) }"
SHIPPED = [one for one in questions() if not one.derived.startswith("needed")]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = write_folder(tmp_path_factory.mktemp("served") / "out", everything())
    with Serving(folder, "--time-limit", "3") as running:
        yield running


@pytest.fixture
def opened(browser, served):
    """Return a function that opens the page and, in the end, sees that nothing was asked of others and all was quiet."""
    watched = []

    def open_page(fragment="", *, locale="zh-CN", scheme="light", width=1280, javascript=True, refused=None):
        context = browser.new_context(
            locale=locale,
            color_scheme=scheme,
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
            accept_downloads=True,
        )
        page = context.new_page()
        log = SimpleNamespace(context=context, requests=[], complaints=[], refused=refused)
        page.on("request", lambda request: log.requests.append(request.url))
        page.on("console", lambda message: log.complaints.append(message.text))
        page.on("pageerror", lambda error: log.complaints.append(str(error)))
        watched.append(log)
        page.goto(served.url.rstrip("/") + "/query" + fragment)
        return page

    yield open_page
    for log in watched:
        log.context.close()
        strangers = [url for url in log.requests if not url.startswith((served.url, "blob:", "data:"))]
        assert strangers == []
        loud = [text for text in log.complaints if not (log.refused and re.search(log.refused, text))]
        assert loud == []


def rows(page):
    page.wait_for_selector("#result td")
    return page.eval_on_selector_all(
        "#result tbody tr", "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )


def columns(page):
    return page.eval_on_selector_all("#result th", "cells => cells.map(cell => cell.textContent)")


def told(page, words):
    page.wait_for_function("words => document.getElementById('status').textContent === words", arg=words)


def works_with(page):
    page.select_option("#question", "works-with")
    page.fill("#parameter-name", "朗星机器人")
    page.press("#parameter-name", "Enter")
    return rows(page)


# ---------------------------------------------------------------- questions


def test_a_question_is_asked_and_its_table_leads_on(opened):
    page = opened()
    assert page.title() == "查询 · 新闻知识图谱"
    page.get_by_label("问题").select_option("谁与某机构合作或签约，出自何处")
    assert page.inner_text("#description").startswith("与某机构合作或签约的各方")
    page.get_by_label("名称").fill("朗星机器人")
    page.get_by_role("button", name="查询").click()
    found = rows(page)
    assert columns(page) == ["合作方", "关系", "语态", "说出者", "原句", "发布日期", "置信度"]
    assert found[0][:4] == [UNIVERSITY, "签约", "已陈述", "云泽日报"]
    assert "会上，朗星机器人与泽大签订了人形机器人联合研发协议，总金额3亿元。" in [row[4] for row in found]
    told(page, f"{len(found)} 行")
    page.locator("#result").get_by_role("link", name=UNIVERSITY).first.click()
    page.wait_for_url(re.compile("/id/organization:"))
    assert UNIVERSITY in page.inner_text("h1")
    page.go_back()
    assert rows(page) == found


def test_the_query_shows_the_parameter_as_a_term(opened):
    page = opened()
    page.select_option("#question", "works-with")
    page.fill("#parameter-name", 'a"b\\c')
    page.press("#parameter-name", "Enter")
    told(page, "0 行")
    query = page.input_value("#query")
    assert '?entity rdfs:label|skos:altLabel "a\\"b\\\\c" .' in query
    assert query.startswith("# 谁与某机构合作或签约，出自何处\nPREFIX nk:")


def test_a_needed_parameter_is_asked_for(opened):
    page = opened("#question=works-with")
    told(page, "请先填写必填的参数。")
    page.click("#run")
    assert page.evaluate("document.activeElement.id") == "parameter-name"
    assert page.locator("#result").is_hidden()


def test_a_switch_is_a_box_to_tick(opened):
    page = opened()
    page.select_option("#question", "about")
    page.fill("#parameter-name", COMPANY)
    page.get_by_label("也列出置信度低于阈值的陈述").check()
    page.click("#run")
    rows(page)
    assert page.evaluate("new URLSearchParams(location.hash.slice(1)).get('doubtful')") == "true"
    assert 'FILTER (?accepted || "true" = "true")' in page.input_value("#query")


def test_a_name_that_nothing_has_is_told_with_those_that_come_near(opened):
    page = opened("#question=works-with&name=朗星机器")
    page.wait_for_selector("#unknown a")
    assert page.inner_text("#unknown p") == "图中没有叫“朗星机器”的实体。 相近的名称："
    page.locator("#unknown").get_by_role("link", name="朗星机器人", exact=True).or_(
        page.locator("#unknown").get_by_role("link", name=COMPANY, exact=True)
    ).first.click()
    assert rows(page)[0][0] == UNIVERSITY
    assert page.inner_text("#unknown") == ""
    page.fill("#parameter-name", "青岚农商银行")
    page.press("#parameter-name", "Enter")
    told(page, "0 行")
    assert page.inner_text("#unknown") == ""


def test_names_are_suggested(opened):
    page = opened()
    page.select_option("#question", "about")
    page.locator("#parameter-name").press_sequentially("云泽大")
    page.wait_for_selector('#names option[value="云泽大学"]', state="attached")
    assert page.get_attribute("#parameter-name", "list") == "names"


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_every_question_can_be_asked(opened, locale):
    page = opened(locale=locale)
    language = locale[:2]
    listed = page.eval_on_selector_all(
        "#question option", "all => all.map(one => [one.value, one.textContent])"
    )
    assert listed[1:] == [[one.name, one.titles[language]] for one in SHIPPED]
    for one in SHIPPED:
        page.select_option("#question", one.name)
        for parameter in one.parameters:
            if parameter.default is None:
                page.fill(f"#parameter-{parameter.name}", COMPANY)
        page.click("#run")
        page.wait_for_function(
            "() => document.getElementById('answer').getAttribute('aria-busy') === 'false'"
        )
        assert page.inner_text("#error") == "", one.name
        assert re.fullmatch(r"\d+ (行|rows|row|个三元组|triples)", page.inner_text("#status")), one.name


def test_the_words_are_there_in_both_languages(opened):
    page = opened(locale="zh-CN")
    described = page.evaluate("data.questions")
    for one in SHIPPED:
        spoken = [
            described[one.name]["description"],
            *(p["meaning"] for p in described[one.name]["parameters"]),
        ]
        assert all(re.search("[\u4e00-\u9fff]", text) for text in spoken), one.name
        for parameter in one.parameters:
            assert parameter.is_switch or page.evaluate(
                "name => 'parameter.' + name in data.words", parameter.name
            )


# ---------------------------------------------------------------- queries of one's own


def test_a_query_of_ones_own_needs_no_prefixes_and_links_its_iris(opened):
    page = opened()
    page.fill(
        "#query", "SELECT ?who ?event { ?who nk:hosts ?event . ?event rdfs:label '2031云泽机器人大会' }"
    )
    page.press("#query", "Control+Enter")
    assert rows(page) == [["organization:云泽省科学技术厅", "event:2031云泽机器人大会"]]
    told(page, "1 行")
    page.get_by_role("link", name="event:2031云泽机器人大会").click()
    page.wait_for_url(re.compile("/id/event:"))
    assert "2031云泽机器人大会" in page.inner_text("h1")


def test_changing_the_query_of_a_question_makes_it_ones_own(opened):
    page = opened()
    works_with(page)
    page.locator("#query").press_sequentially("\n# mine")
    assert page.input_value("#question") == ""
    assert page.locator("#parameters input").count() == 0
    page.press("#query", "Control+Enter")
    assert rows(page)[0][0] == UNIVERSITY
    assert page.evaluate("new URLSearchParams(location.hash.slice(1)).get('query')") == page.input_value(
        "#query"
    )


def test_truth_and_graphs_are_shown(opened):
    page = opened("#query=" + "ASK { ?s rdfs:label '云泽大学' }")
    page.wait_for_selector(".truth")
    assert (page.inner_text("#status"), page.inner_text(".truth")) == ("判断的结果", "是")
    page.fill("#query", "CONSTRUCT { ?body nk:called ?name . _:b nk:says '\"\\t\\\\\u4e00'@zh } "
              "{ ?body rdfs:label '云泽大学' ; skos:altLabel ?name }")  # fmt: skip
    page.press("#query", "Control+Enter")
    found = rows(page)
    assert ["organization:云泽大学", "nk:called", "泽大"] in found
    assert [row[1:] for row in found if row[0].startswith("_:")] == [["nk:says", '"\t\\一']]
    told(page, "2 个三元组")
    assert page.locator("#downloads button").all_inner_texts() == [
        "Turtle",
        "N-Triples",
        "JSON-LD",
        "RDF/XML",
    ]


def test_own_queries_show_terms_as_they_are_and_questions_in_words(opened):
    page = opened("#query=" + "SELECT ?modality { BIND ('stated' AS ?modality) }", locale="en")
    assert (rows(page), columns(page)) == ([["stated"]], ["modality"])
    page.select_option("#question", "evidence")
    page.fill("#parameter-subject", COMPANY)
    page.fill("#parameter-object", UNIVERSITY)
    page.click("#run")
    found = rows(page)
    assert columns(page)[0] == "relation"
    assert {(row[0], row[-1]) for row in found} == {("signs agreement with", "Yes"), ("donates to", "No")}


def test_hostile_names_are_plain_text(opened):
    page = opened(
        "#query=" + "SELECT ?e ?name { ?e a nk:Organization ; rdfs:label ?name FILTER REGEX(?name, '[<‮]') }"
    )
    found = rows(page)
    assert {row[1] for row in found} == {SCRIPT, BACKWARDS}
    assert page.locator("#result img, #result script").count() == 0
    page.wait_for_selector("#result td:nth-child(2) a")
    page.locator("#result td:nth-child(1) a").filter(has_text="<").click()
    page.wait_for_url(re.compile("/id/organization:"))
    assert page.inner_text("h1").startswith("</script>")


def test_many_rows_come_part_by_part(opened):
    page = opened("#query=" + "SELECT * { ?s ?p ?o . ?a a nk:Person } LIMIT 1200")
    assert len(rows(page)) == 500
    told(page, "1200 行")
    page.get_by_role("button", name="显示更多（已显示 500 / 1200 行）").click()
    assert len(rows(page)) == 1000
    page.click("#more")
    assert len(rows(page)) == 1200
    assert page.locator("#more").is_hidden()


def test_the_answer_can_be_saved(opened):
    page = opened()
    works_with(page)
    with page.expect_download() as saved:
        page.get_by_role("button", name="CSV").click()
    assert saved.value.suggested_filename == "answer.csv"
    text = Path(saved.value.path()).read_bytes().decode()
    assert text.startswith("partner,relation,modality,said,sentence,published,confidence\r\n云泽大学,")


# ---------------------------------------------------------------- errors


def test_a_mistake_is_told_in_words_and_the_cursor_goes_there(opened):
    page = opened(refused="status of")
    page.fill("#query", "SELECT * {\n  ?s nk:hosts ?e .\n  ?e foo:bar ?x\n}")
    page.press("#query", "Control+Enter")
    page.wait_for_selector("#error p")
    said = page.inner_text("#error")
    assert said.startswith("查询有误，无法理解")
    assert "error at 3:" in said
    assert "no PREFIX declares foo:" in said
    cursor = page.evaluate("document.getElementById('query').selectionStart")
    assert page.input_value("#query")[:cursor].count("\n") == 2
    assert page.get_attribute("#error", "role") == "alert"
    page.fill("#query", "ASK {}")
    page.press("#query", "Control+Enter")
    page.wait_for_selector(".truth")
    assert page.inner_text("#error") == ""


def test_a_query_without_end_can_be_stopped_by_hand_and_is_stopped_by_the_server(opened):
    page = opened(refused="status of")
    page.fill("#query", RUNAWAY)
    page.press("#query", "Control+Enter")
    told(page, "查询中…")
    page.get_by_role("button", name="停止").click()
    told(page, "已停止。")
    assert page.locator("#stop").is_disabled()
    page.click("#run")
    page.wait_for_selector("#error p")
    assert "查询超过时限，已停止" in page.inner_text("#error")
    assert "stopped after 3 seconds" in page.inner_text("#error")


def test_updates_and_other_servers_are_refused_in_words(opened):
    page = opened(refused="status of", locale="en")
    for query, words in (
        ("CLEAR ALL", "CLEAR is refused"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE is refused"),
    ):
        page.fill("#query", query)
        page.click("#run")
        page.wait_for_function(
            "words => document.getElementById('error').textContent.includes(words)", arg=words
        )
        assert page.inner_text("#error").startswith("The query cannot be read")


# ---------------------------------------------------------------- address, language, looks


def test_the_address_brings_others_to_the_same_answer_and_back_goes_back(opened):
    page = opened()
    found = works_with(page)
    address = page.evaluate("location.hash")
    assert address.startswith("#question=works-with&name=")
    page.select_option("#question", "best-connected")
    page.click("#run")
    told(page, f"{len(rows(page))} 行")
    assert columns(page)[0] == "机构"
    page.go_back()
    page.wait_for_function("() => document.querySelector('#result th')?.textContent === '合作方'")
    assert page.input_value("#parameter-name") == "朗星机器人"
    assert rows(opened(address)) == found


def test_the_language_follows_the_browser_and_can_be_switched(opened):
    page = opened(locale="en-US")
    assert page.inner_text("#run") == "Ask"
    works_with(page)
    page.click("#language")
    page.wait_for_url(re.compile(r"lang=zh#question=works-with"))
    assert page.inner_text("#run") == "查询"
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert rows(page)[0][0] == UNIVERSITY


def test_the_policy_admits_only_what_this_server_sends(opened, served):
    answer = served.client.get("/query")
    assert answer.headers["content-security-policy"].startswith(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'"
    )
    assert "unsafe" not in answer.headers["content-security-policy"]
    page = opened(refused="Content Security Policy")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'ran = 1'}))"
    )
    assert page.evaluate("typeof ran") == "undefined"
    assert page.locator("[style], [onclick]").count() == 0


def test_the_keyboard_is_enough(opened):
    page = opened()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "question"
    for _ in range(len(SHIPPED)):
        page.keyboard.press("ArrowDown")
        if page.input_value("#question") == "honors":
            break
    page.keyboard.press("Tab")
    page.keyboard.type(COMPANY)
    page.keyboard.press("Enter")
    assert "云泽省创新示范企业" in {text for row in rows(page) for text in row}


def test_without_scripts_a_form_is_left(opened, served):
    page = opened(javascript=False)
    assert "没有脚本时" in page.inner_text("noscript")
    asked = page.get_attribute("#ask", "action"), page.get_attribute("#query", "name")
    assert asked == ("/sparql", "query")


@pytest.mark.parametrize(
    ("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 640)]
)
def test_it_fits_the_window_and_stands_out_from_its_ground(opened, tmp_path, scheme, width):
    page = opened(scheme=scheme, width=width)
    works_with(page)
    page.screenshot(path=str(tmp_path / f"query-{scheme}-{width}.png"), full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ground, ink = page.evaluate("(s => [s.backgroundColor, s.color])(getComputedStyle(document.body))")
    dark = scheme == "dark"
    assert (sum(map(int, re.findall(r"\d+", ground))) < 300) is dark
    assert (sum(map(int, re.findall(r"\d+", ink))) > 600) is dark


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_there_is_no_barrier(opened, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = opened(scheme=scheme)
    works_with(page)
    page.wait_for_selector("#result a")
    page.evaluate("1")
    found = axe.Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
