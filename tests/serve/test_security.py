"""Who is answered, how much may be asked, and what every answer says to browsers."""

import http.client
import socket

import pytest
from serving import PATIENCE

from kg.serve.web.security import BODY_BYTES, URL_BYTES, hosts

EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
PATHS = [
    "/",
    "/health",
    "/api/search?q=云泽",
    "/api/nothing",
    "/id/organization:云泽大学",
    "/id/organization:无此机构",
    "/search?q=云泽",
    "/entity.css",
    "/query",
    "/openapi.json",
    "/sparql?query=ASK%20%7B%7D",
    "/sparql?query=nonsense",
]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_headers(ask, path):
    answer = ask(path)
    for name, value in EVERYWHERE.items():
        assert answer.headers[name] == value
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    for absent in ("set-cookie", "server", "x-powered-by", "access-control-allow-origin"):
        assert absent not in answer.headers


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null"])
def test_no_other_site_is_told_that_it_may_read(ask, origin):
    answer = ask("/api/search?q=云泽", Origin=origin)
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_pages_of_things_run_no_script(ask, accept):
    policy = ask("/id/organization:云泽大学", Accept=accept).headers["content-security-policy"]
    assert "script-src" not in policy
    assert "style-src 'self'" in policy


def raw(serving, request):
    """Send bytes as they are and return the status line, the headers and the body of the answer."""
    with socket.create_connection(("127.0.0.1", serving.port), timeout=PATIENCE) as connection:
        connection.sendall(request)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        return answer.status, answer.headers, answer.read()


def get(serving, *lines):
    return raw(
        serving,
        b"\r\n".join([b"GET /health HTTP/1.1", *lines, b"Connection: close", b"", b""]).replace(
            b"PORT", b"%d" % serving.port
        ),
    )


@pytest.mark.parametrize("host", [b"127.0.0.1:PORT", b"localhost:PORT", b"LOCALHOST:PORT", b"[::1]:PORT"])
def test_the_names_of_this_machine_are_answered(serving, host):
    assert get(serving, b"Host: " + host)[0] == 200


@pytest.mark.parametrize(
    "host",
    [
        b"evil.example:PORT",
        b"evil.example",
        b"127.0.0.1",
        b"127.0.0.1:1",
        b"localhost",
        b"localhost.evil.example:PORT",
        b"127.0.0.1.evil.example:PORT",
        b"192.168.1.1:PORT",
        b"localhost.:PORT",
        b"[::2]:PORT",
    ],
)
def test_other_names_are_misdirected(serving, host):
    status, headers, body = get(serving, b"Host: " + host)
    assert status == 421
    assert headers["content-type"] == "application/problem+json"
    assert b"--allowed-host" in body
    assert b"evil" not in body


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (b"Host:",),
        (b"Host: a b",),
        (b"Host: localhost:PORT/path",),
        (b"Host: user@localhost:PORT",),
        (b"Host: localhost:PORT", b"Host: evil.example"),
        (b"Host: localhost:99999999",),
    ],
)
def test_a_host_that_cannot_be_read_is_refused(serving, lines):
    assert get(serving, *lines)[0] == 400


def test_names_follow_the_address_and_the_options():
    here = hosts("127.0.0.1", port=80)
    assert here.admits("localhost", own=None)
    assert here.admits("127.0.0.1:80", own=None)
    every = hosts("0.0.0.0", port=8000, also=["kg.example.org", "proxied.example:8443"])  # noqa: S104 - nothing is bound
    own = ("10.0.0.7", 8000)
    assert every.admits("10.0.0.7:8000", own=own)
    assert not every.admits("10.0.0.8:8000", own=own)
    assert every.admits("kg.example.org", own=own)
    assert every.admits("KG.example.org:8000", own=own)
    assert not every.admits("kg.example.org:9000", own=own)
    assert every.admits("proxied.example:8443", own=own)
    assert not every.admits("proxied.example", own=own)
    assert hosts("::", port=8000).admits("10.0.0.7:8000", own=("::ffff:10.0.0.7", 8000))
    assert hosts("::1", port=8000).admits("[0:0:0:0:0:0:0:1]:8000", own=None)
    with pytest.raises(ValueError, match="a host name was expected"):
        hosts("127.0.0.1", port=1, also=["http://kg.example.org/"])


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", ["/", "/api/search", "/id/organization:云泽大学", "/health"])
def test_only_documented_methods_are_answered(serving, method, path):
    answer = serving.client.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert answer.json()["status"] == 405


@pytest.mark.parametrize("path", ["/", "/health", "/id/organization:云泽大学", "/api/search?q=大学"])
def test_head_answers_what_get_does_without_a_body(serving, path):
    whole, head = serving.client.get(path), serving.client.head(path)
    assert head.status_code == whole.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == str(len(whole.content))
    assert head.headers["etag"] == whole.headers["etag"]


def test_a_long_address_is_refused(ask):
    assert ask("/api/search?q=" + "a" * 1000).status_code == 200
    answer = ask("/api/search?q=" + "a" * URL_BYTES)
    assert answer.status_code == 414
    assert "POST" in answer.json()["detail"]


def test_a_large_body_is_refused_whether_its_length_is_said_or_not(serving):
    headers = {"Content-Type": "application/sparql-query"}
    said = raw(
        serving,
        b"POST /sparql HTTP/1.1\r\nHost: localhost:%d\r\nContent-Type: application/sparql-query\r\n"
        b"Content-Length: %d\r\n\r\n" % (serving.port, BODY_BYTES + 1),
    )
    assert said[0] == 413
    pieces = (b" " * 65536 for _ in range(BODY_BYTES // 65536 + 2))
    unsaid = serving.client.post("/sparql", content=pieces, headers=headers)
    assert unsaid.status_code == 413


@pytest.mark.parametrize(
    "path",
    [
        "/../../../etc/passwd",
        "/id/../../../etc/passwd",
        "/id/%2e%2e/%2e%2e/etc/passwd",
        "/id/..%2f..%2fetc%2fpasswd",
        "//etc/passwd",
        "/id//etc/passwd",
        "/id/source//etc/passwd",
        "/id/source/../../../../etc/passwd",
        "/id/source/..%2F..%2Fgraph.ttl",
        "/entity.css/../graph.ttl",
        "/graph.ttl",
        "/.cache/serve",
        "/id/organization:%00",
        "/%00",
        "/id/organization:%0A",
        "/id/organization:%FF%FE",
        "/id/article/page-1.txt/00",
        "/id/article/page-1.txt/" + "9" * 5000,
        "/id/",
        "/id",
    ],
)
def test_no_path_leads_to_a_file(serving, path):
    status, headers, body = raw(
        serving,
        b"GET %s HTTP/1.1\r\nHost: localhost:%d\r\nConnection: close\r\n\r\n" % (path.encode(), serving.port),
    )
    assert status == 404
    assert headers["content-type"] == "application/problem+json"
    assert b"root:" not in body
    assert b"Traceback" not in body


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"}, 403),
    ],
)
def test_pages_of_other_sites_may_link_and_not_ask(serving, sent, status):
    assert serving.client.get("/api/search?q=大学", headers=sent).status_code == status


def test_a_form_of_another_site_asks_nothing(serving):
    sent = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    asked = {"query": "ASK {}"}
    assert serving.client.post("/sparql", data=asked, headers=sent).status_code == 403
    assert serving.client.post("/sparql", data=asked).status_code == 200
    for origin, status in (
        ("https://elsewhere.example", 403),
        ("null", 403),
        ("http://[", 403),
        (f"http://localhost:{serving.port}", 200),
        (f"http://127.0.0.1:{serving.port}", 200),
    ):
        answer = serving.client.post("/sparql", data=asked, headers={"Origin": origin})
        assert answer.status_code == status, origin


@pytest.mark.parametrize("path", ["/", "/id/organization:云泽大学", "/search?q=云泽", "/entity.css"])
def test_an_answer_without_a_body_leaves_the_policy_of_the_page_that_the_browser_has(ask, path):
    """Headers of a 304 replace those that came with the page."""
    first = ask(path, Accept="text/html")
    again = ask(path, Accept="text/html", If_None_Match=first.headers["etag"])
    assert again.status_code == 304
    kept = first.headers["content-security-policy"]
    assert again.headers.get("content-security-policy", kept) == kept
