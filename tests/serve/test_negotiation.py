"""Which type an Accept header chooses, as RFC 9110 reads it and as clients write it."""

import pytest

from kg.serve.web.negotiation import Offer, best, media_ranges

JSON = Offer("application/sparql-results+json", "json")
XML = Offer("application/sparql-results+xml", "xml")
CSV = Offer("text/csv", "csv", charset="utf-8")
TSV = Offer("text/tab-separated-values", "tsv", charset="utf-8")
PLAIN_JSON = Offer("application/json", "json", quality=0.9)
PLAIN_XML = Offer("application/xml", "xml", quality=0.5)
ROWS = (JSON, XML, CSV, TSV, PLAIN_JSON, PLAIN_XML)

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/sparql-results+xml", XML),
        ("text/csv", CSV),
        ("TEXT/CSV", CSV),
        (" text/csv ", CSV),
        ("text/*", CSV),
        ("text/*;q=0.4, application/*;q=0.3", CSV),
        ("application/*", JSON),
        ("application/json", PLAIN_JSON),
        ("application/xml", PLAIN_XML),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.6", XML),
        ("text/csv;q=0.5,application/sparql-results+xml;q=0.5", XML),
        ("text/csv;q=0.001", CSV),
        ("*/*, application/sparql-results+json;q=0", XML),
        ("*/*;q=0.1, text/tab-separated-values", TSV),
        ("text/*;q=0.9, text/csv;q=0.1", TSV),
        ("text/csv; charset=utf-8", CSV),
        ('text/csv; charset="UTF-8"; q=0.8, text/tab-separated-values;q=0.7', CSV),
        ("text/csv;header=absent", CSV),
        ('text/csv;note="a, b;q=0"', CSV),
        ("image/png, text/csv;q=0.2", CSV),
        (FIREFOX, JSON),
        ("nonsense", JSON),
        (",, ,", JSON),
        ("text/csv;q=2, application/sparql-results+xml", XML),
        ("text/csv;q=high, application/sparql-results+xml;q=0.1", XML),
        ("*/csv, application/sparql-results+xml", XML),
        (", text/csv ,", CSV),
        ("text/csv ; q = 0.3", CSV),
    ],
)
def test_the_most_wanted_type_is_chosen(accept, wanted):
    assert best(accept, ROWS) is wanted


@pytest.mark.parametrize(
    "accept", ["image/png", "text/html;q=0.9, image/*", "*/*;q=0", "text/csv;q=0", "text/csv;q=0.000"]
)
def test_nothing_is_chosen_where_nothing_is_wanted(accept):
    assert best(accept, ROWS) is None


def test_equally_wanted_types_go_by_the_order_of_the_server():
    assert best("text/csv, application/sparql-results+xml", (CSV, XML)) is CSV
    assert best("text/csv, application/sparql-results+xml", (XML, CSV)) is XML


def test_a_browser_that_likes_pages_most_gets_one():
    assert best(FIREFOX, (JSON, Offer("text/html"))).media_type == "text/html"


def test_the_most_exact_range_says_the_quality_wherever_it_stands():
    turtle, triples = Offer("text/turtle", charset="utf-8"), Offer("application/n-triples")
    accept = "text/turtle;q=0.2, text/turtle;charset=utf-8;q=0.9, */*;q=0.5"
    assert best(accept, (triples, turtle)) is turtle


def test_elements_are_read_with_their_parameters():
    found = media_ranges('a/b;Level=1;q=0.25, c/*;x="y\\"z", broken, d/e;q=1.000')
    assert [(r.kind, r.subkind, r.parameters, r.quality) for r in found] == [
        ("a", "b", (("level", "1"),), 0.25),
        ("c", "*", (("x", 'y"z'),), 1.0),
        ("d", "e", (), 1.0),
    ]


def test_a_long_header_is_read_in_one_pass():
    assert best(";" * 20_000 + ",text/csv", ROWS) is CSV
    assert best("text/csv" + ';a="' * 5_000, ROWS) in ROWS
    assert best('"' * 20_000, ROWS) is JSON


def test_the_content_type_says_the_charset_of_text():
    assert CSV.content_type == "text/csv; charset=utf-8"
    assert JSON.content_type == "application/sparql-results+json"


def test_nothing_offered_is_nothing_chosen():
    assert best("*/*", ()) is None
    assert best(None, ()) is None
