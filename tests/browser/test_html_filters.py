"""A reader narrows the graph down: by relation, confidence, modality, source and date, and finds the way back."""

from dataclasses import replace

import pytest
from invented import small_graph

pytestmark = pytest.mark.browser


def relations(page):
    """Return the relations of the statements that the page shows now."""
    return sorted(page.evaluate("kept.map((s) => data.relations[s.relation].name)"))


def drawn(page):
    return sorted(page.evaluate("nodeSet.getIds().map((i) => data.nodes[i].name)"))


def test_relations_are_counted_and_can_be_chosen(opened):
    page = opened(small_graph())
    assert not page.is_visible("#hidden")
    page.click("#filter")
    assert page.get_attribute("#filter", "aria-expanded") == "true"
    assert page.inner_text("label:has(#relation-is-hosts)").split()[-1] == "1"
    page.click("#relation-none")
    assert drawn(page) == []
    page.check("#relation-is-hosts")
    assert drawn(page) == ["2031云泽机器人大会", "云泽省科学技术厅"]
    total = len(small_graph().edges)
    assert page.inner_text("#hidden").startswith(f"筛选隐藏了 {total - 1} / {total} 条陈述（关系）。")
    page.click("#reset")
    assert not page.is_visible("#hidden")
    assert len(relations(page)) == total
    assert page.is_checked("#relation-is-undertakes")


def test_filters_work_by_keyboard_alone_and_keep_the_focus(opened):
    page = opened(small_graph(), locale="en-GB")
    page.focus("#filter")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.id") != "modality-is-planned":
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.evaluate("document.activeElement.id") == "modality-is-planned"
    assert "donatesTo" not in relations(page)
    assert "are hidden by: Modality." in page.inner_text("#hidden")


def test_doubtful_statements_appear_when_the_slider_is_moved_below_the_threshold(opened):
    page = opened(replace(small_graph(), min_confidence=0.75))
    assert "donatesTo" not in relations(page)
    page.click("#filter")
    page.focus("#confidence")
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    assert "donatesTo" in relations(page)
    assert "另显示 1 条存疑陈述。" in page.inner_text("#hidden")
    page.fill("#search", "云泽大学")
    page.keyboard.press("Enter")
    page.wait_for_selector("#details .badge:has-text('存疑')")
    page.focus("#confidence")
    page.keyboard.press("End")
    assert relations(page) == []


def test_a_source_and_an_article_can_be_chosen(opened):
    page = opened(small_graph())
    page.click("#filter")
    page.select_option("#source", label="朗星拟牵手云泽大学 · 2031-04-02")
    assert relations(page) == ["donatesTo", "signsAgreementWith"]
    page.select_option("#source", label="page-2.txt")
    assert relations(page) == ["develops", "establishes", "investsIn", "lendsTo", "receivesHonor"]


def test_dates_of_articles_and_events_bound_what_is_shown(opened):
    page = opened(small_graph())
    page.click("#filter")
    page.fill("#from", "2031-05-20")
    page.keyboard.press("Enter")
    assert relations(page) == ["develops", "establishes", "investsIn", "lendsTo", "receivesHonor"]
    page.fill("#from", "")
    page.fill("#to", "2031-04")
    page.keyboard.press("Enter")
    # established in March, told in June
    assert relations(page) == ["donatesTo", "establishes", "signsAgreementWith"]
    assert "日期 … – 2031-04" in page.inner_text("#hidden")
    page.fill("#to", "April")
    page.keyboard.press("Enter")
    assert page.get_attribute("#to", "aria-invalid") == "true"
    assert relations(page) == ["donatesTo", "establishes", "signsAgreementWith"]


def test_sliders_bound_the_dates_and_agree_with_what_is_written(opened):
    page = opened(small_graph())
    page.click("#filter")
    slider = page.locator("#from-slider")
    assert slider.get_attribute("aria-label") == "最早日期"
    days = page.evaluate("allDates()")
    assert [days[0], *days[-2:]] == ["2031-03", "2031-05-07", "2031-06-01"]
    slider.focus()
    page.keyboard.press("End")
    last = days[-1]
    assert page.input_value("#from") == last
    assert slider.get_attribute("aria-valuetext") == last
    assert relations(page) == ["develops", "establishes", "investsIn", "lendsTo", "receivesHonor"]
    assert f"from={last}" in page.url
    page.keyboard.press("Home")
    assert page.input_value("#from") == ""
    assert len(relations(page)) == len(small_graph().edges)
    page.fill("#to", "2031-04")
    page.keyboard.press("Enter")
    place = int(page.input_value("#to-slider"))
    assert days[place] <= "2031-04-99" < days[place + 1]
    page.focus("#from-slider")
    page.keyboard.press("End")
    assert page.input_value("#from-slider") == page.input_value("#to-slider")  # the handles do not cross


def test_filters_are_in_the_address_and_back_undoes_them(opened):
    page = opened(small_graph())
    page.click("#filter")
    page.click("#relation-none")
    page.check("#relation-is-hosts")
    page.click("#legend button[data-type=Person]")
    page.fill("#search", "云泽省科学技术厅")
    page.keyboard.press("Enter")
    page.wait_for_selector("#details.chosen h2")
    fragment = "#" + page.url.partition("#")[2]
    assert "relation=hosts" in fragment
    assert "without=Person" in fragment
    again = opened(small_graph(), fragment=fragment)
    assert relations(again) == ["hosts"]
    assert again.inner_text("#details h2") == "云泽省科学技术厅"
    assert again.get_attribute("#legend button[data-type=Person]", "aria-pressed") == "false"
    again.click("#reset")
    again.wait_for_function("() => kept.length === data.statements.length")
    again.go_back()
    again.wait_for_function("() => kept.length === 1")


def test_a_fragment_with_unknown_filters_does_no_harm(opened):
    page = opened(
        small_graph(), fragment="#relation=nothing&confidence=x&article=99&from=y&without=Z&source=q"
    )
    assert relations(page) == []
    page.click("#reset")
    assert len(relations(page)) == len(small_graph().edges)


def test_filters_can_be_read_at_twice_the_size(opened):
    page = opened(small_graph())
    page.set_viewport_size({"width": 640, "height": 400})
    page.click("#filter")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("byId('filters').scrollWidth <= byId('filters').clientWidth")
    assert page.is_visible("#details")
