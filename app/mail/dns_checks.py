"""Whether our mail fits what large mailbox providers ask of bulk senders: what the DNS says."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app

from app.foundation.findings import Finding, fail, ok, warn
from app.mail.dkim_keys import BadKey, Key, keys_of
from app.mail.lookups import Lookups, Unanswered
from app.mail.spf import BadRecord, Walk


@dataclass(frozen=True)
class Sending:
    """How mail leaves: the address that receivers see, and the relay's selector where it signs."""

    ip: str = ""
    selector: str = ""


def online(lookups: Lookups, sending: Sending) -> Iterator[Finding]:
    """What the DNS says."""
    config = current_app.config
    domain = config["MAIL_DOMAIN"]
    checks: Sequence[tuple[str, Iterator[Finding]]] = (
        ("SPF", _spf(lookups, domain, sending.ip)),
        ("DKIM record", _dkim(lookups, config, sending.selector)),
        ("DMARC", _dmarc(lookups, config)),
        ("bounces", _bounces(lookups, domain)),
        ("reverse name", _reverse(lookups, sending.ip)),
    )
    for about, check in checks:
        try:
            yield from check
        except Unanswered as error:
            yield warn(about, f"could not be asked: {error}")


def _spf(lookups: Lookups, domain: str, ip: str) -> Iterator[Finding]:
    walk = Walk(lookups, ip)
    try:
        result = walk.result(domain)
    except BadRecord as error:
        yield fail("SPF", str(error))
        return
    if result == "none":
        sentence = "publish a TXT record such as “v=spf1 include:YOUR-RELAY -all”."
        yield fail("SPF", f"{domain} has no record: {sentence}")
    elif not ip and result == "pass":
        yield fail("SPF", f"the record of {domain} lets everybody send: end it with -all.")
    elif not ip:
        yield ok("SPF", f"{domain} has a record; say --ip ADDRESS to see whether it lets us send")
    elif result == "pass":
        yield ok("SPF", f"{domain} lets {ip} send")
    else:
        yield fail("SPF", f"{domain} does not let {ip} send ({result}): add it to the record.")


def _dkim(lookups: Lookups, config: Any, selector: str) -> Iterator[Finding]:
    try:
        keys = keys_of(config)
    except BadKey:
        return  # said offline
    for key in keys:
        yield _record(lookups, key)
    if not keys and selector:
        name = f"{selector}._domainkey.{config['MAIL_DOMAIN']}"
        found = any("p=" in text for text in lookups.texts(name))
        yield ok("DKIM record", name) if found else fail("DKIM record", f"there is none at {name}")
    elif not keys:
        yield warn(
            "DKIM record",
            "the program does not sign, so your relay must: say --selector NAME to check its key, "
            "or set DKIM_KEY_FILE.",
        )


def _record(lookups: Lookups, key: Key) -> Finding:
    texts = lookups.texts(key.name)
    if not texts:
        return fail("DKIM record", f"publish a TXT record at {key.name}: {key.record}")
    if tags(texts[0]).get("p", "").replace(" ", "") != tags(key.record)["p"]:
        return fail("DKIM record", f"{key.name} holds another key; it must say: {key.record}")
    return ok("DKIM record", f"{key.name} fits the {key.algorithm} key")


def _dmarc(lookups: Lookups, config: Any) -> Iterator[Finding]:
    domain = config["MAIL_DOMAIN"]
    place, record = _dmarc_record(lookups, domain)
    if not record:
        example = f"“v=DMARC1; p=none; rua=mailto:postmaster@{domain}”"
        yield fail("DMARC", f"publish a TXT record at _dmarc.{domain}: {example}")
        return
    policy = tags(record).get("p", "")
    if policy not in ("none", "quarantine", "reject"):
        yield fail("DMARC", f"the record of {place} names no policy: add p=none, or stricter.")
    else:
        yield ok("DMARC", f"{place} asks for p={policy}")
    signs_as = config["DKIM_DOMAIN"]
    if signs_as and not _aligned(signs_as, domain):
        yield fail("DMARC", f"DKIM signs as {signs_as}, which does not fit senders of {domain}.")


def _dmarc_record(lookups: Lookups, domain: str) -> tuple[str, str]:
    """The record of a domain or of the nearest domain above it, and where it stands."""
    labels = domain.split(".")
    for start in range(len(labels) - 1):
        place = ".".join(labels[start:])
        for text in lookups.texts(f"_dmarc.{place}"):
            if text.lower().startswith("v=dmarc1"):
                return place, text
    return domain, ""


def _bounces(lookups: Lookups, domain: str) -> Iterator[Finding]:
    servers = lookups.mail_servers(domain)
    if servers:
        yield ok("bounces", f"mail to bounce+…@{domain} goes to {servers[0]}")
    else:
        yield fail("bounces", f"{domain} takes no mail, so none comes back: publish an MX record.")


def _reverse(lookups: Lookups, ip: str) -> Iterator[Finding]:
    if not ip:
        yield warn("reverse name", "say --ip ADDRESS, the one your mail leaves from, to check it.")
        return
    names = lookups.names(ip)
    confirmed = [name for name in names if ip in _normal(lookups.addresses(name))]
    if confirmed:
        yield ok("reverse name", f"{ip} is {confirmed[0]}, and back")
    elif names:
        yield fail("reverse name", f"{ip} is {names[0]}, which does not lead back to it.")
    else:
        yield fail("reverse name", f"{ip} has none: ask whoever gave you the address for one.")


def tags(record: str) -> dict[str, str]:
    """`v=DKIM1; p=…` as a mapping."""
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _aligned(first: str, second: str) -> bool:
    return first == second or first.endswith(f".{second}") or second.endswith(f".{first}")


def _normal(addresses: Sequence[str]) -> list[str]:
    return [str(ipaddress.ip_address(address)) for address in addresses]
