"""Fetching from an address that somebody configured, and never from a private network.

The host is resolved once, every address of it is judged, and the connection goes to the one that
was judged; redirects are not followed, since they would lead anywhere.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from ipaddress import IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

from flask import current_app

MOST_BYTES = 5_000_000
SILENCE_SECONDS = 5.0
LONGEST_SECONDS = 15.0
A_PIECE = 65_536


class NotFetched(Exception):
    """The address may not be fetched, or did not answer as it should."""


def fetch(url: str) -> str:
    """What stands at an address, as text; raises NotFetched."""
    parts = _allowed(url)
    began = time.monotonic()
    try:
        connection = _connection(parts)
        try:
            target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
            headers = {"Host": parts.netloc, "Accept": "application/json"}
            connection.request("GET", target, headers=headers)
            response = connection.getresponse()
            if response.status != http.HTTPStatus.OK:
                raise NotFetched(f"it answered {response.status}")
            return _read(response, began).decode()
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise NotFetched(type(error).__name__) from None


def _allowed(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotFetched("it is no address") from None
    schemes = ("https", "http") if current_app.config["FETCH_PRIVATE"] else ("https",)
    if parts.scheme not in schemes or not parts.hostname or "@" in parts.netloc:
        raise NotFetched("it is no public https address")
    if port not in (None, 443) and not current_app.config["FETCH_PRIVATE"]:
        raise NotFetched("its port is unusual")
    return parts


def _connection(parts: SplitResult) -> http.client.HTTPConnection:
    """A connection to an address that was judged, in the name of the host."""
    host = str(parts.hostname)
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(each[4][0]) for each in found]
    if not current_app.config["FETCH_PRIVATE"] and not all(map(is_public, addresses)):
        raise NotFetched("it belongs to a private network")
    connection = http.client.HTTPConnection(host, port, timeout=SILENCE_SECONDS)
    plain = socket.create_connection((addresses[0], port), SILENCE_SECONDS)
    context = ssl.create_default_context()
    connection.sock = context.wrap_socket(plain, server_hostname=host) if secure else plain
    return connection


def is_public(raw: str) -> bool:
    """Whether an address lies in the open internet, also when written as IPv4 inside of IPv6."""
    address = ip_address(raw.partition("%")[0])
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_global and not address.is_multicast


def _read(response: http.client.HTTPResponse, began: float) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while piece := response.read(A_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > MOST_BYTES or time.monotonic() - began > LONGEST_SECONDS:
            raise NotFetched("it sends too much, or too slowly")
    return b"".join(pieces)
