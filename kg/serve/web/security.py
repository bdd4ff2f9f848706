"""What stands before every route: who may ask, how much, and the headers that every answer carries.

A page of another site can make a browser ask a server on this machine, under a name of its own that it lets point here (DNS
rebinding). Only names that the server is known by are answered, and no answer tells a browser that other sites may read it.
"""

from __future__ import annotations

import ipaddress
import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.serve.web.problems import problem_response

URL_BYTES: Final = 32_768
"""How long path and query of a request may be: a long SPARQL query has room in them."""

BODY_BYTES: Final = 4_194_304
"""How much a request may bring."""

CLOSED: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The content security policy of what is no page: nothing runs in it, nothing is fetched by it."""

_LOG: Final = logging.getLogger("kg.serve")
_POLICY: Final = "Content-Security-Policy"
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    _POLICY: CLOSED,
}
_HOST: Final = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+)(?::(?P<port>[0-9]{1,5}))?")
_LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
_WEB: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosts:
    """The names under which the server is asked: ``name:port``, lower case."""

    names: frozenset[str]

    def admits(self, host: str, *, own: tuple[str, int] | None) -> bool:
        """Return whether a request may be for `host`.

        `own` is the end of the connection on this machine; its address is always admitted: a literal address cannot be made
        to point elsewhere.
        """
        match = _HOST.fullmatch(host)
        if match is None:
            return False
        asked = _joined(match["name"].lower(), int(match["port"] or _WEB["http"]))
        if asked in self.names or (match["port"] is None and match["name"].lower() in self.names):
            return True
        return own is not None and asked == _joined(_literal(own[0]), own[1])


def hosts(bound: str, *, port: int, also: Iterable[str] = ()) -> Hosts:
    """Return the names of a server that is bound to the address or name `bound`.

    `also` are further names, such as ``kg.example.org`` (with this port or none, as behind a proxy) or
    ``kg.example.org:8443`` (with exactly that one). Raises ValueError for what is no host name.

    >>> sorted(hosts("127.0.0.1", port=8000).names)
    ['127.0.0.1:8000', '[::1]:8000', 'localhost:8000']
    """
    names = set()
    everywhere = _is(bound, "is_unspecified")
    if everywhere or _is(bound, "is_loopback") or bound.lower() == "localhost":
        names |= {_joined(name, port) for name in _LOOPBACK}
    if not everywhere:
        names.add(_joined(_literal(bound), port))
    for given in also:
        match = _HOST.fullmatch(given if ":" not in given or given.count(":") == 1 else _literal(given))
        if match is None:
            raise ValueError(
                f"{given!r}: a host name was expected, such as kg.example.org or kg.example.org:8443"
            )
        name = match["name"].lower()
        names |= {_joined(name, int(match["port"]))} if match["port"] else {name, _joined(name, port)}
    return Hosts(names=frozenset(names))


def _is(bound: str, quality: str) -> bool:
    try:
        return bool(getattr(ipaddress.ip_address(bound.strip("[]")), quality))
    except ValueError:
        return False


def _literal(address: str) -> str:
    """Return an address or name as it stands in a URL."""
    try:
        found = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return address.lower()
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped) if found.ipv4_mapped else f"[{found.compressed}]"
    return str(found)


def _joined(name: str, port: int) -> str:
    if name.startswith("["):
        name = _literal(name)
    return f"{name}:{port}"


_BUG: Final = "This is a bug in newskg; the lines on its standard error say more."


class Guard:
    """ASGI middleware that answers for the application where a request is out of order, and completes its headers."""

    def __init__(self, app: ASGIApp, *, hosts: Hosts) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"
        answering = _completed(send, without_body=head)
        if refused := self._refusal(scope):
            status, detail, headers = refused
            await problem_response(status, detail, headers=headers)(scope, receive, answering)
            return
        if head:  # what GET answers, without its body
            scope = {**scope, "method": "GET"}
        begun = False

        async def watching(message: Message) -> None:
            nonlocal begun
            begun = True
            await answering(message)

        try:
            await self._app(scope, _limited(receive), watching)
        except Exception:
            _LOG.exception("this is a bug in newskg; please report it with the lines below")
            if begun:
                raise
            await problem_response(500, _BUG)(scope, receive, answering)

    def _refusal(self, scope: Scope) -> tuple[int, str, dict[str, str]] | None:
        headers = Headers(scope=scope)
        given = headers.getlist("host")
        if len(given) != 1 or _HOST.fullmatch(given[0]) is None:
            return 400, "One Host header with a name and a port was expected.", {}
        server = scope.get("server")
        own = (server[0], server[1]) if server and server[1] is not None else None
        if not self._hosts.admits(given[0], own=own):
            known = ", ".join(sorted(self._hosts.names))
            return (
                421,
                f"This server is asked as {known}. Start it with --allowed-host NAME to use another name.",
                {},
            )
        length = len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"")
        if length > URL_BYTES:
            return (
                414,
                f"An address of at most {URL_BYTES} bytes was expected; send long queries by POST.",
                {},
            )
        origin = headers.get("origin") if scope["method"] == "POST" else None
        from_elsewhere = origin is not None and not self._hosts.admits(origin.partition("://")[2], own=own)
        if from_elsewhere or _foreign(headers, scope["method"]):
            return 403, "Pages of other sites may link here, and not ask anything else.", {}
        announced = headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > BODY_BYTES:
            return 413, _too_much(), {"Connection": "close"}
        return None


def _foreign(headers: Headers, method: str) -> bool:
    """Return whether a browser says that a page of another site asks, other than by a link that a reader follows."""
    if headers.get("sec-fetch-site", "none") in ("none", "same-origin"):
        return False
    return not (method in ("GET", "HEAD") and headers.get("sec-fetch-mode") == "navigate")


def _too_much() -> str:
    return f"A body of at most {BODY_BYTES} bytes was expected."


def _limited(receive: Receive) -> Receive:
    came = 0

    async def limited() -> Message:
        nonlocal came
        message = await receive()
        came += len(message.get("body", b""))
        if came > BODY_BYTES:
            raise HTTPException(413, _too_much(), headers={"Connection": "close"})
        return message

    return limited


def _completed(send: Send, *, without_body: bool) -> Send:
    async def completed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                if (
                    name != _POLICY or message["status"] != 304
                ):  # its headers replace those of what the browser kept
                    headers.setdefault(name, value)
        elif without_body and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return completed
