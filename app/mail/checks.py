"""Whether our mail fits what large mailbox providers ask of bulk senders: what this machine knows.

Each check says what stands and, where something is missing, what to do. What the network knows is
in network_checks.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from app.foundation import clock, tokens
from app.foundation.findings import Finding, fail, ok, warn
from app.mail.dkim_keys import BadKey
from app.mail.letters import UNSUBSCRIBE, Stationery
from app.mail.models import Mailing
from app.mail.registry import Copy
from app.people.models import Purpose

EXAMPLES = ("example.org", "example.com", "example.net")
SIGNED = ("list-unsubscribe", "list-unsubscribe-post")


def offline() -> Iterator[Finding]:
    """What can be told without the network."""
    config = current_app.config
    yield _web_address(config)
    yield _endpoint()
    yield from _names(config)
    yield _relay(config)
    yield _returns(config)
    yield from _sample()


def _web_address(config: Any) -> Finding:
    if config["BASE_URL"].startswith("https:"):
        return ok("unsubscribe address", f"begins with {config['BASE_URL']}")
    return fail(
        "unsubscribe address",
        f"{config['BASE_URL']} is not https, and one-click unsubscribing needs it: set BASE_URL.",
    )


def _endpoint() -> Finding:
    """Post as a mail program does: no cookie, no origin; the token leads to nobody."""
    token = tokens.sign(UNSUBSCRIBE, 0, 0, 0)
    body = {"List-Unsubscribe": "One-Click"}
    host = current_app.config["BASE_URL"]
    answer = current_app.test_client().post(f"/unsubscribe/{token}", data=body, base_url=host)
    if answer.status_code in (200, 404) and "Set-Cookie" not in answer.headers:
        return ok("unsubscribe", "the program takes one click without log-in, cookie or redirect")
    return fail("unsubscribe", f"the program answers one click with {answer.status_code}")


def _names(config: Any) -> Iterator[Finding]:
    postal = config["POSTAL_ADDRESS"]
    if not postal or "Example" in postal:
        yield fail("postal address", "bulk mail needs a street address: set POSTAL_ADDRESS.")
    else:
        yield ok("postal address", postal)
    for setting in ("MAIL_DOMAIN", "REPLY_TO"):
        if config[setting].rpartition("@")[2] in EXAMPLES:
            yield fail(setting, f"{config[setting]} is an example: set your own.")


def _relay(config: Any) -> Finding:
    parts = urlsplit(config["SMTP_URL"])
    if parts.scheme == "maildir":
        return warn("mail relay", "mail stays in a folder here: set SMTP_URL to send it.")
    if parts.scheme == "smtps" or "starttls=1" in parts.query:
        return ok("mail relay", f"mail leaves to {parts.hostname} over TLS")
    if is_near(parts.hostname or ""):
        return ok("mail relay", f"mail leaves to {parts.hostname}, which is near")
    return fail("mail relay", f"{parts.hostname} gets mail in clear: add ?starttls=1 to SMTP_URL.")


def _returns(config: Any) -> Finding:
    ways = ("BOUNCE_IMAP_URL", "SENDGRID_WEBHOOK_KEY", "MAILGUN_WEBHOOK_KEY")
    used = [way for way in ways if config[way]]
    if used:
        return ok("bounces", f"what comes back is read ({', '.join(used)})")
    return warn("bounces", f"what comes back later is not read: set one of {', '.join(ways)}.")


def _sample() -> Iterator[Finding]:
    """A digest to nobody, as it would leave."""
    try:
        sample = sample_message()
    except BadKey as error:
        yield fail("DKIM key", str(error))
        return
    domain = current_app.config["MAIL_DOMAIN"]
    if str(sample["From"]).rstrip(">").endswith(f"@{domain}"):
        yield ok("sender", f"digests come from {domain}")
    for name in ("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID"):
        yield (ok(name, str(sample[name])) if sample[name] else fail(name, "digests lack it"))
    yield from _signatures(sample)


def _signatures(sample: Message) -> Iterator[Finding]:
    for signature in sample.get_all("DKIM-Signature", []):
        tags = dict(part.strip().partition("=")[::2] for part in str(signature).split(";"))
        names = "".join(tags["h"].split()).split(":")
        if all(name in names for name in SIGNED):
            yield ok(f"DKIM {tags['a']}", f"signs digests and one click, as {tags['d']}")
        else:
            yield fail(f"DKIM {tags['a']}", "does not sign the headers of one-click unsubscribing")


def sample_message() -> Message:
    """A digest as it would leave; raises BadKey."""
    config = current_app.config
    mailing = Mailing(
        id=0, kind="sample", purpose=Purpose.DIGEST, title="Sample", from_name="", reply_to=""
    )
    stationery = Stationery(mailing)
    reader = stationery.reader(0, "Reader", f"reader@{config['MAIL_DOMAIN']}", "en")
    copy = Copy("Sample", "Sample\n", "<p>Sample</p>")
    return message_from_bytes(stationery.envelope(reader, copy, clock.now()).data)


def is_near(host: str) -> bool:
    """Whether a relay is on this machine or in its own network, where no TLS is needed."""
    if host == "localhost" or "." not in host:
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False
