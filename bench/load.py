"""Visitors in a closed loop: each of eight asks, waits for the whole answer, and asks again.

A process of its own (`python -m bench.load`), which reads one `Load` from its input and writes one
`Served` to its output. It speaks HTTP over plain sockets, so that it takes little from the servers
beside it, and reconnects when a server closes.
"""

from __future__ import annotations

import json
import re
import selectors
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import count, cycle
from urllib.parse import urlencode

HOST = "alliances.example.org"
HEADERS = (
    f"Host: {HOST}\r\nUser-Agent: bench\r\nAccept: text/html\r\nAccept-Language: en\r\n"
    "X-Forwarded-Proto: https\r\nConnection: keep-alive\r\n"
)
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CLOSES = re.compile(rb"^HTTP/1\.0|\r\nconnection: *close", re.IGNORECASE)


@dataclass(frozen=True)
class Load:
    """What to ask for how long: each path in turn, and with `form` also a POST after each page.

    The POST goes to the path and `post_to`. Each visitor of each series comes from an address of
    their own and types another name and e-mail address.
    """

    port: int
    paths: list[str]
    seconds: float
    form: dict[str, str] = field(default_factory=dict)
    post_to: str = ""
    series: int = 0
    connections: int = 8


@dataclass(frozen=True)
class Served:
    """What was answered; `statuses` counts the answers by method and status."""

    requests: int
    seconds: float
    statuses: dict[str, int]

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def run(load: Load) -> Served:
    """Put a load on a server from another process."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        input=json.dumps(asdict(load)),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Served(**json.loads(done.stdout))


class Visitor:
    """One connection and what is asked over it."""

    def __init__(self, port: int, requests: Iterator[bytes]) -> None:
        self._port = port
        self._requests = requests
        self._socket: socket.socket | None = None
        self._answer = b""
        self._asked = b""

    def ask(self, selector: selectors.BaseSelector) -> None:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), 30)
            selector.register(self._socket, selectors.EVENT_READ, self)
        self._asked = next(self._requests)
        self._answer = b""
        self._socket.sendall(self._asked)

    def listen(self, selector: selectors.BaseSelector) -> str | None:
        """Method and status once the answer is complete; hangs up if the server does."""
        assert self._socket is not None
        received = self._socket.recv(65536)
        self._answer += received
        head, end, body = self._answer.partition(b"\r\n\r\n")
        length = LENGTH.search(head) if end else None
        complete = length is not None and len(body) >= int(length[1])
        if not received or (complete and CLOSES.search(head)):
            selector.unregister(self._socket)
            self._socket.close()
            self._socket = None
        if not complete and received:
            return None
        status = head[9:12].decode() if complete else "cut off"
        return f"{self._asked.split(b' ', 1)[0].decode()} {status}"


def put(load: Load) -> Served:
    statuses: Counter[str] = Counter()
    visits = _visits(load)
    with selectors.DefaultSelector() as selector:
        started = time.perf_counter()
        for _ in range(load.connections):
            Visitor(load.port, _requests(visits)).ask(selector)
        while time.perf_counter() - started < load.seconds:
            for key, _ in selector.select():
                status = key.data.listen(selector)
                if status is not None:
                    statuses[status] += 1
                    key.data.ask(selector)
        took = time.perf_counter() - started
    return Served(statuses.total(), took, dict(statuses))


def _visits(load: Load) -> Iterator[list[bytes]]:
    """What one visitor after another asks for: a page, or a page and then its form."""
    for number, path in zip(count(), cycle(load.paths), strict=False):
        head = f"{HEADERS}X-Forwarded-For: 10.{load.series}.{number // 250}.{number % 250}\r\n"
        visit = [f"GET {path} HTTP/1.1\r\n{head}\r\n".encode()]
        if load.form:
            visit.append(_post(path + load.post_to, head, _filled(load, number)))
        yield visit


def _requests(visits: Iterator[list[bytes]]) -> Iterator[bytes]:
    for visit in visits:
        yield from visit


def _filled(load: Load, number: int) -> dict[str, str]:
    return load.form | {
        "name": f"Visitor {number}",
        "email": f"visitor-{load.series}-{number}@visitors.example.org",
    }


def _post(path: str, head: str, form: dict[str, str]) -> bytes:
    body = urlencode(form)
    return (
        f"POST {path} HTTP/1.1\r\n{head}Origin: https://{HOST}\r\nSec-Fetch-Site: same-origin\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        f"{body}"
    ).encode()


if __name__ == "__main__":
    json.dump(asdict(put(Load(**json.load(sys.stdin)))), sys.stdout)
