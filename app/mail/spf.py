"""Whether a domain's SPF record (RFC 7208) lets an address send; macros are only reported."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from app.mail.lookups import Lookups

MOST_LOOKUPS = 10
RESULTS = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}
MOST_SERVERS = 10


class BadRecord(Exception):
    """A record that receivers refuse, or that we cannot judge; the message says why."""


class Walk:
    """One evaluation; `asked` counts the lookups, of which ten are allowed.

    Without an address nothing but `all` fits, so that the whole record is walked.
    """

    def __init__(self, lookups: Lookups, ip: str = "") -> None:
        self._lookups = lookups
        self._ip = ip_address(ip) if ip else None
        self.asked = 0

    def result(self, domain: str) -> str:
        """pass, fail, softfail, neutral or none; raises BadRecord."""
        record = self._record(domain)
        if not record:
            return "none"
        redirect = ""
        for term in record.split()[1:]:
            if "%" in term:
                raise BadRecord(f"{domain} uses macros ({term}), which this check cannot follow")
            if term.lower().startswith("redirect="):
                redirect = term.partition("=")[2]
            elif "=" not in term.partition(":")[0]:
                bare = term.lstrip("+-~?")
                if self._fits(bare, domain):
                    return RESULTS[term[0] if term[0] in RESULTS else "+"]
        return self._redirected(redirect) if redirect else "neutral"

    def _record(self, domain: str) -> str:
        texts = self._lookups.texts(domain)
        found = [text for text in texts if text.lower().split()[:1] == ["v=spf1"]]
        if len(found) > 1:
            raise BadRecord(f"{domain} has {len(found)} SPF records, and receivers refuse both")
        return found[0] if found else ""

    def _redirected(self, domain: str) -> str:
        self._count()
        result = self.result(domain)
        if result == "none":
            raise BadRecord(f"the record leads to {domain}, which has none")
        return result

    def _fits(self, mechanism: str, domain: str) -> bool:
        name, colon, argument = mechanism.partition(":")
        if not colon:
            name, slash, size = mechanism.partition("/")
            argument = slash + size
        match name.lower():
            case "all":
                return True
            case "ip4" | "ip6":
                return self._within(argument)
            case "include":
                self._count()
                return self._included(argument)
            case "a" | "mx":
                self._count()
                return self._serves(name.lower(), argument, domain)
            case "exists" | "ptr":
                self._count()
                return False
        raise BadRecord(f"{domain} says {mechanism!r}, which receivers do not understand")

    def _included(self, domain: str) -> bool:
        result = self.result(domain)
        if result == "none":
            raise BadRecord(f"the record includes {domain}, which has none")
        return result == "pass" and self._ip is not None

    def _serves(self, kind: str, argument: str, domain: str) -> bool:
        host, slash, size = argument.partition("/")
        names = [host or domain]
        if kind == "mx":
            names = [*self._lookups.mail_servers(names[0])][:MOST_SERVERS]
        if self._ip is None:
            return False
        found = [address for name in names for address in self._lookups.addresses(name)]
        return any(self._within(address + slash + size.partition("/")[0]) for address in found)

    def _within(self, network: str) -> bool:
        try:
            wanted = ip_network(network, strict=False)
        except ValueError:
            raise BadRecord(f"{network!r} is no network") from None
        return self._ip is not None and self._ip.version == wanted.version and self._ip in wanted

    def _count(self) -> None:
        self.asked += 1
        if self.asked > MOST_LOOKUPS:
            raise BadRecord("the record asks for more than ten lookups, so receivers ignore it")
