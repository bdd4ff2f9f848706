"""A reader asks how two entities hang together and reads the sentences along the way."""

import pytest
from invented import small_graph

pytestmark = pytest.mark.browser

BANK, COMPANY, PERSON = "青岚农商银行", "朗星机器人有限公司", "顾明远川"


def choose(page, name):
    page.fill("#search", name)
    page.keyboard.press("Enter")


def asked(page, start, goal):
    choose(page, start)
    page.wait_for_selector("#details button:has-text('查找路径')")
    page.focus("#details button:has-text('查找路径')")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "search"
    assert start in page.get_attribute("#search", "placeholder")
    page.keyboard.type(goal)
    page.keyboard.press("Enter")
    page.wait_for_selector("#details h2:has-text('⇢')")


def trail(page):
    return page.evaluate("(trail || []).map((i) => data.nodes[i].name)")


def test_the_shortest_path_is_shown_with_the_sentences_of_every_step(opened):
    page = opened(small_graph())
    asked(page, BANK, PERSON)
    assert trail(page) == [BANK, COMPANY, PERSON]
    assert page.inner_text("#details [role=status]") == "最短路径：2 步"
    assert page.locator("#details h3.step").all_inner_texts() == [
        f"1. {BANK} — {COMPANY}",
        f"2. {COMPANY} — {PERSON}",
    ]
    assert page.locator("#details blockquote").all_inner_texts() == [
        "青岚农商银行向朗星机器人发放贷款5000万元。",
        "朗星机器人董事长顾明远川出席2031云泽机器人大会。",
    ]
    selected = page.evaluate("network.getSelectedNodes().map((i) => data.nodes[i].name)")
    assert sorted(selected) == sorted([BANK, COMPANY, PERSON])
    assert len(page.evaluate("network.getSelectedEdges()")) == 2
    assert page.get_attribute("#search", "placeholder") == "搜索实体名称或别名"


def test_a_path_is_in_the_address_and_follows_the_filters(opened):
    page = opened(small_graph())
    asked(page, BANK, PERSON)
    again = opened(small_graph(), fragment="#" + page.url.partition("#")[2])
    assert trail(again) == [BANK, COMPANY, PERSON]
    again.click("#filter")
    again.uncheck("#relation-is-holdsPosition")
    # the company signs with the university and no other fact leads on to the person
    assert trail(again) == []
    assert again.inner_text("#details [role=status]") == "在当前筛选下，已陈述的事实中没有路径。"
    again.click("#reset")
    assert trail(again) == [BANK, COMPANY, PERSON]


def test_plans_are_no_step_of_a_path(opened):
    page = opened(small_graph())
    page.click("#filter")
    page.uncheck("#relation-is-signsAgreementWith")
    asked(page, COMPANY, "云泽大学")
    assert trail(page) == []


def test_escape_gives_the_search_back(opened):
    page = opened(small_graph())
    choose(page, BANK)
    page.click("#details button:has-text('查找路径')")
    page.keyboard.press("Escape")
    choose(page, PERSON)
    page.wait_for_function("name => document.querySelector('#details h2').textContent === name", arg=PERSON)
    assert trail(page) == []
