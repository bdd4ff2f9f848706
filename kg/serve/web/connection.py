"""Connections as uvicorn keeps them, that also understand a request for an IRI as people type it.

A request line holds ASCII only, and browsers see to that. ``curl http://127.0.0.1:8000/id/organization:云岭大学`` does not:
it sends the bytes as they were typed. They mean what their percent-encoding means.
"""

from __future__ import annotations

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class Connection(H11Protocol):
    """A connection whose request lines may hold bytes beyond ASCII."""

    def data_received(self, data: bytes) -> None:
        """Take what came; the request line is encoded where it stands at the beginning, as one piece."""
        if self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]:
            data = encoded(data)
        super().data_received(data)


def encoded(data: bytes) -> bytes:
    r"""Return the head of a request with a request line in ASCII.

    >>> encoded("GET /云?q=大 HTTP/1.1\r\nHost: 云\r\n".encode())
    b'GET /%E4%BA%91?q=%E5%A4%A7 HTTP/1.1\r\nHost: \xe4\xba\x91\r\n'
    """
    line, end, rest = data.partition(b"\n")
    if not end or line.isascii():
        return data
    return b"".join(b"%%%02X" % byte if byte > 127 else bytes((byte,)) for byte in line) + end + rest
