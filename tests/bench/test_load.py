"""The load: every answer is read to its end and counted by its status."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from bench.load import Load, run


class Site(BaseHTTPRequestHandler):
    """Answers pages, and forms of visitors who are new; closes each connection or none."""

    seen: set[str]

    def do_GET(self) -> None:
        self._answer(200)

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        visitor = f"{form['email'][0]} {self.headers['X-Forwarded-For']}"
        self._answer(409 if visitor in self.seen else 200)
        self.seen.add(visitor)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "70000")
        self.end_headers()
        self.wfile.write(b"x" * 70000)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    request_queue_size = 16


@pytest.fixture(params=["HTTP/1.0", "HTTP/1.1"])
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    Site.seen = set()
    Site.protocol_version = request.param
    server = Server(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_pages_are_asked_for_again_and_again(port: int) -> None:
    served = run(Load(port, ["/a", "/b"], seconds=0.3))

    assert served.requests > 8
    assert served.statuses == {"GET 200": served.requests}
    assert served.rate == served.requests / served.seconds


def test_each_visitor_is_somebody_else(port: int) -> None:
    served = run(Load(port, ["/a"], 0.3, form={"zip": "10017"}, post_to="/sign-up"))

    assert set(served.statuses) == {"GET 200", "POST 200"}
    assert len(Site.seen) >= served.statuses["POST 200"]
