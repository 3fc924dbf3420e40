"""No test reaches beyond this machine: whatever Python would look up or connect to is checked."""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit


class LeftTheMachine(RuntimeError):
    """Code under test tried to reach another host."""


_admitted: list[ipaddress.IPv4Network] = []


@contextmanager
def admitted(subnet: ipaddress.IPv4Network) -> Iterator[None]:
    """During the block the addresses of a bridge inside this machine may be reached, too."""
    _admitted.append(subnet)
    try:
        yield
    finally:
        _admitted.remove(subnet)


def forbid() -> None:
    """Refuse other hosts from now on, but for those of TEST_DATABASE_URL and TEST_REDIS_URL."""
    given = (os.environ.get(name, "") for name in ("TEST_DATABASE_URL", "TEST_REDIS_URL"))
    allowed = {"localhost", socket.gethostname(), *(urlsplit(url).hostname for url in given if url)}

    def guard(event: str, arguments: tuple[Any, ...]) -> None:
        if event in ("socket.connect", "socket.sendto"):
            address = arguments[1]
            host = address[0] if isinstance(address, tuple) else None
        elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
            host = arguments[0]
        else:
            return
        if host and _text(host) not in allowed and not _is_here(_text(host)):
            raise LeftTheMachine(f"{event} to {_text(host)}: tests stay on this machine")

    sys.addaudithook(guard)


def _text(host: str | bytes) -> str:
    return host.decode() if isinstance(host, bytes) else host


def _is_here(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    inside = any(address in subnet for subnet in _admitted)
    return address.is_loopback or address.is_unspecified or inside
