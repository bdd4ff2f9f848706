"""The statements as a table: sorted by a column, narrowed by the filters, taken away as a file."""

import csv
from dataclasses import replace

import pytest
from invented import crowd, small_graph

pytestmark = pytest.mark.browser

SUBJECTS = "#table tbody td.is-subject"


def exported(page, tmp_path):
    with page.expect_download() as waiting:
        page.click("#csv")
    assert waiting.value.suggested_filename == "statements.csv"
    path = tmp_path / "statements.csv"
    waiting.value.save_as(path)
    return path.read_bytes()


def rows_of(content):
    return list(csv.DictReader(content.decode("utf-8-sig").splitlines()))


def test_columns_sort_both_ways_by_keyboard(opened):
    page = opened(small_graph())
    page.click("#as-table")
    assert page.get_attribute("#as-table", "aria-pressed") == "true"
    page.focus("#sort-confidence")
    page.keyboard.press("Enter")
    shares = [int(t.rstrip("%")) for t in page.locator("#table td.is-confidence").all_inner_texts()]
    assert shares == sorted(shares)
    assert min(shares) == 70
    assert page.get_attribute("#table th:has(#sort-confidence)", "aria-sort") == "ascending"
    assert page.evaluate("document.activeElement.id") == "sort-confidence"
    page.keyboard.press("Enter")
    assert page.locator("#table td.is-confidence").first.inner_text() == "95%"
    assert page.get_attribute("#table th:has(#sort-confidence)", "aria-sort") == "descending"


def test_rows_lead_to_the_evidence_and_back(opened):
    page = opened(small_graph())
    page.click("#as-table")
    page.click("#table tr:has-text('贷款') td.is-relation a")
    page.wait_for_selector("#details blockquote")
    assert page.locator("#details blockquote").all_inner_texts() == [
        "青岚农商银行向朗星机器人发放贷款5000万元。"
    ]
    assert page.is_visible("#table")
    again = opened(small_graph(), fragment="#" + page.url.partition("#")[2])
    assert again.is_visible("#table")
    again.click("#as-table")
    assert not again.is_visible("#table")
    assert again.is_visible("#network canvas")
    again.go_back()
    again.wait_for_selector("#table")


def test_the_table_shows_what_the_filters_let_through(opened):
    page = opened(small_graph())
    page.click("#as-table")
    page.click("#filter")
    page.click("#relation-none")
    page.check("#relation-is-signsAgreementWith")
    assert page.locator(SUBJECTS).all_inner_texts() == ["朗星机器人有限公司"]
    assert page.inner_text("#table [role=status]") == "显示 1 / 1 条陈述"
    page.click("#legend button[data-type=Organization]")
    assert page.locator(SUBJECTS).count() == 0


def test_the_file_holds_every_evidence_and_opens_in_spreadsheets(opened, tmp_path):
    graph = small_graph()
    page = opened(graph)
    page.click("#as-table")
    content = exported(page, tmp_path)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = rows_of(content)
    assert sorted((r["statement"], r["source"], int(r["start"]), r["evidence"]) for r in rows) == sorted(
        (e.id, s.source, s.evidence.start, s.evidence.text) for e in graph.edges for s in e.supports
    )
    signing = next(r for r in rows if "总金额3亿元" in r["evidence"])
    assert (signing["subject"], signing["relation"], signing["object"]) == (
        "朗星机器人有限公司",
        "signsAgreementWith",
        "云泽大学",
    )
    assert signing["published"] == "2031-05-07"
    assert signing["article"] == "云泽机器人大会在青岚举行"


def test_names_that_a_spreadsheet_would_run_are_disarmed(opened, tmp_path):
    graph = small_graph()
    evil = '=HYPERLINK("http://x.invalid","a")'
    nodes = tuple(replace(n, name=evil) if n.name == "青岚农商银行" else n for n in graph.nodes)
    page = opened(replace(graph, nodes=nodes))
    page.click("#as-table")
    assert evil in page.locator(SUBJECTS).all_inner_texts()
    assert "'" + evil in {r["subject"] for r in rows_of(exported(page, tmp_path))}


def test_a_long_table_grows_on_demand_but_the_file_is_whole(opened, tmp_path):
    graph = crowd(600)
    page = opened(graph, locale="en-GB")
    page.click("#as-table")
    assert page.locator("#table tbody tr").count() == 200
    assert page.inner_text("#table [role=status]") == f"200 of {len(graph.edges)} statements listed"
    page.focus("#more")
    page.keyboard.press("Enter")
    assert page.locator("#table tbody tr").count() == 400
    first_new = page.locator("#table tbody tr").nth(200).locator("a").first
    assert first_new.evaluate("link => link === document.activeElement")
    assert {r["statement"] for r in rows_of(exported(page, tmp_path))} == {e.id for e in graph.edges}


@pytest.mark.parametrize("column", ["subject", "relation", "object", "qualifiers", "published", "evidence"])
def test_the_rows_shown_are_the_first_of_all_rows(opened, tmp_path, column):
    page = opened(crowd(600))
    page.click("#as-table")
    if column != "subject":
        page.click(f"#sort-{column}")
    shown = list(
        zip(
            *(page.locator(f"#table td.is-{c}").all_inner_texts() for c in ("subject", "object")), strict=True
        )
    )
    whole = [(r["subject"], r["object"]) for r in rows_of(exported(page, tmp_path))]  # one evidence each
    assert shown == whole[:200]
    page.click(f"#sort-{column}")
    assert page.locator(f"#table th:has(#sort-{column})").get_attribute("aria-sort") == "descending"
    down = list(
        zip(
            *(page.locator(f"#table td.is-{c}").all_inner_texts() for c in ("subject", "object")), strict=True
        )
    )
    whole = [(r["subject"], r["object"]) for r in rows_of(exported(page, tmp_path))]
    assert down == whole[:200]


def test_a_followed_link_hands_the_focus_to_what_it_shows(opened):
    page = opened(small_graph())
    page.click("#as-table")
    page.locator("#table td.is-object a", has_text="云泽大学").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#details h2:has-text('云泽大学')")
    assert page.evaluate("document.activeElement.id") == "details"


def test_the_lists_can_be_of_the_selected_entity_alone(opened):
    graph = small_graph()
    page = opened(graph)
    page.fill("#search", "青岚农商银行")
    page.keyboard.press("Enter")
    page.wait_for_selector("#details.chosen h2")
    page.click("#as-table")
    assert page.locator("#table tbody tr").count() == len(graph.edges)
    page.get_by_label("只看 青岚农商银行").check()
    assert page.locator("#table tbody td.is-relation").all_inner_texts() == ["贷款"]
    assert page.evaluate("document.activeElement.id") == "only"
    again = opened(graph, fragment="#" + page.url.partition("#")[2])
    assert again.locator("#table tbody td.is-relation").all_inner_texts() == ["贷款"]
    again.get_by_label("只看 青岚农商银行").uncheck()
    assert again.locator("#table tbody tr").count() == len(graph.edges)
