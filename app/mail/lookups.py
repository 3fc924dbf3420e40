"""Questions to the DNS, with an end to waiting; for `flask mail check`."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any

from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer, NoResolverConfiguration, Resolver
from dns.reversename import from_address

SECONDS = 6.0


class Unanswered(Exception):
    """The DNS could not be asked, or did not answer in time."""


class Lookups:
    """A resolver: the system's, or the one at `server` (HOST or HOST:PORT, an IP address).

    It is asked twice, each time for half of the `seconds`.
    """

    def __init__(self, server: str = "", seconds: float = SECONDS) -> None:
        try:
            self._resolver = Resolver(configure=not server)
        except NoResolverConfiguration as error:
            raise Unanswered("no DNS server is known here; name one with --resolver") from error
        if server:
            host, _, port = server.partition(":")
            self._resolver.nameservers = [str(ip_address(host))]
            self._resolver.port = int(port or 53)
        self._resolver.timeout = seconds / 2
        self._resolver.lifetime = seconds

    def texts(self, name: str) -> Sequence[str]:
        """The TXT records of a name, each joined from its pieces."""
        return [b"".join(row.strings).decode("utf-8", "replace") for row in self._rows(name, "TXT")]

    def addresses(self, name: str) -> Sequence[str]:
        """The IPv4 and IPv6 addresses of a name."""
        return [row.address for kind in ("A", "AAAA") for row in self._rows(name, kind)]

    def mail_servers(self, name: str) -> Sequence[str]:
        """The servers that take the mail of a domain; a lone dot says that none does."""
        names = [str(row.exchange).rstrip(".") for row in self._rows(name, "MX")]
        return [server for server in names if server]

    def names(self, address: str) -> Sequence[str]:
        """The reverse names of an IP address."""
        rows = self._rows(str(from_address(address)), "PTR")
        return [str(row.target).rstrip(".") for row in rows]

    def _rows(self, name: str, kind: str) -> Sequence[Any]:
        try:
            return [*self._resolver.resolve(name, kind, search=False)]
        except (NXDOMAIN, NoAnswer):
            return []
        except (DNSException, OSError) as error:
            raise Unanswered(f"{kind} of {name}: {error}") from error
