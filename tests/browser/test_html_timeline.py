"""The timeline as a reader uses it: what happened when, who took part, and the sentence that says so."""

from dataclasses import replace

import pytest
from invented import small_graph
from turtle_graphs import sample

from kg.model import Happening, When

pytestmark = pytest.mark.browser

COMPANY = "organization:朗星机器人有限公司"
UNIVERSITY = "organization:云泽大学"


def eventful():
    """Return a graph with an event, a signing with a date, a donation without one, and a founding of another year."""
    graph = small_graph()
    happenings = (
        Happening(
            id="donation:1",
            kind="Donation",
            roles={"donor": (COMPANY,), "recipient": (UNIVERSITY,)},
        ),
        Happening(
            id="founding:1",
            kind="Founding",
            roles={"founder": ("organization:云泽省科学技术厅",)},
            date=When(value="2029", text="2029年"),
        ),
        Happening(
            id="signing:1",
            kind="Signing",
            roles={"party": (COMPANY, UNIVERSITY)},
            date=When(value="2031-05-06", text="5月6日"),
            place="place:青岚市",
            event="event:2031云泽机器人大会",
            subject="人形机器人联合研发协议",
        ),
    )
    of = {"donatesTo": "donation:1", "signsAgreementWith": "signing:1", "establishes": "founding:1"}
    edges = tuple(replace(e, occurrence=of.get(e.predicate)) for e in graph.edges)
    return replace(graph, happenings=happenings, edges=edges)


def entries(page):
    return [h.strip() for h in page.locator("#timeline .entry h3").all_inner_texts()]


def test_events_and_occurrences_are_listed_the_latest_first(opened):
    page = opened(eventful())
    page.click("#as-timeline")
    assert entries(page) == [
        "2031-05-06 活动",
        "2031-05-06 签约",
        "2031-04-02 （报道日期） 捐赠",
        "2029 设立",
    ]
    signing = page.locator("#timeline .entry", has_text="签约方")
    words = signing.locator("dl").inner_text().split("\n")
    assert words == [
        "签约方",
        "朗星机器人有限公司、云泽大学",
        "协议",
        "人形机器人联合研发协议",
        "发生地",
        "青岚市",
        "所在活动",
        "2031云泽机器人大会",
    ]
    assert signing.locator("mark.subject").inner_text() == "朗星机器人"
    assert "云泽机器人大会在青岚举行 · 2031-05-07 · 云泽日报" in signing.inner_text()


def test_a_year_opens_its_months_and_the_address_holds_it(opened):
    page = opened(eventful())
    page.click("#as-timeline")
    years = page.locator("#timeline .bar")
    assert [y.get_attribute("aria-label") for y in years.all()] == ["2029: 1", "2031: 3"]
    assert page.inner_text("#timeline .bars").split() == ["2029", "⋯", "2031"]
    page.focus("[data-at='2031']")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "all-years"
    months = {b.get_attribute("aria-label"): b.is_enabled() for b in page.locator("#timeline .bar").all()}
    assert [label for label, usable in months.items() if usable] == ["2031-04: 1", "2031-05: 2"]
    assert "2029 设立" not in entries(page)
    page.click("[data-at='2031-04']")
    assert entries(page) == ["2031-04-02 （报道日期） 捐赠"]
    again = opened(eventful(), fragment="#" + page.url.partition("#")[2])
    assert entries(again) == ["2031-04-02 （报道日期） 捐赠"]
    page.go_back()
    page.wait_for_function("() => document.querySelectorAll('#timeline .entry').length === 3")
    page.click("#all-years")
    assert len(entries(page)) == 4


def test_kinds_and_the_other_filters_apply(opened):
    page = opened(eventful())
    page.click("#as-timeline")
    page.click("[data-kind=Event]")
    assert page.locator("[data-kind=Event]").get_attribute("aria-pressed") == "false"
    assert not any("活动" in heading for heading in entries(page))
    page.click("[data-kind=Event]")
    page.click("#legend [data-type=Place]")
    assert "2031-05-06 签约" in entries(page)
    page.click("#legend [data-type=Organization]")
    assert entries(page) == ["2031-05-06 活动"]  # a document was published there
    page.click("#legend [data-type=Event]")
    assert page.inner_text("#timeline [role=status]") == "列出 0 / 0 项"


def test_a_participant_is_a_link_that_shows_its_statements_beside_the_timeline(opened):
    page = opened(eventful())
    page.click("#as-timeline")
    page.locator("#timeline .entry dd a", has_text="云泽大学").first.click()
    page.wait_for_selector("#details h2:has-text('云泽大学')")
    assert page.is_visible("#timeline .entry >> nth=0")


def test_a_range_of_days_is_shown_as_one(opened):
    page = opened(sample(min_confidence=0.3))
    page.click("#as-timeline")
    assert entries(page) == ["2023-12-16 签约"]  # the event of the sample takes part in no statement


def test_more_goes_on_where_the_list_ended(opened):
    graph = eventful()
    [signing] = [h for h in graph.happenings if h.kind == "Signing"]
    [told] = [e for e in graph.edges if e.occurrence == signing.id]
    days = [When(value=f"2030-{1 + n // 28:02}-{1 + n % 28:02}", text="") for n in range(60)]
    many = replace(
        graph,
        happenings=tuple(replace(signing, id=f"signing:{n:02}", date=day) for n, day in enumerate(days)),
        edges=tuple(replace(told, id=f"{n:016x}", occurrence=f"signing:{n:02}") for n in range(60)),
    )
    page = opened(many)
    page.click("#as-timeline")
    assert len(entries(page)) == 50
    page.focus("#more-entries")
    page.keyboard.press("Enter")
    assert len(entries(page)) == 60
    next_one = page.locator("#timeline .entry").nth(50).locator("a").first
    assert next_one.evaluate("link => link === document.activeElement")
