"""Whether the relay takes our mail and the site takes one click: asked as others ask them."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from app.foundation import tokens
from app.foundation.findings import Finding, fail, ok, warn
from app.mail.checks import is_near
from app.mail.letters import UNSUBSCRIBE
from app.mail.relay import Relay, Wire
from app.mail.smtp import Limits
from app.mail.wire import TransportDown

SECONDS = 10.0


def answering() -> Iterator[Finding]:
    """What the relay and the site answer."""
    config = current_app.config
    yield from relay_answers(config)
    yield unsubscribe_answers(config["BASE_URL"])


def relay_answers(config: Any) -> Iterator[Finding]:
    """Greet the relay as a worker does: TLS, log-in, and nothing sent."""
    if urlsplit(config["SMTP_URL"]).scheme not in ("smtp", "smtps"):
        return
    relay = Relay.from_url(config["SMTP_URL"])
    try:
        wire = Wire(
            relay,
            helo=str(urlsplit(config["BASE_URL"]).hostname),
            tls=None,
            connect_timeout=Limits().connect_timeout,
            timeout=SECONDS,
        )
    except TransportDown as error:
        yield fail("relay answers", str(error))
        return
    wire.quit()
    way = "over TLS" if relay.starttls or relay.implicit_tls else "in clear"
    yield ok("relay answers", f"{relay.host} takes us {way}")


def unsubscribe_answers(base: str) -> Finding:
    """Post to the public address as a mail program does; the token leads to nobody."""
    parts = urlsplit(base)
    if is_near(parts.hostname or "") and parts.scheme == "http":
        return warn("unsubscribe answers", f"{base} is an address of this machine alone.")
    return one_click_answers(base)


def one_click_answers(base: str) -> Finding:
    """Whether a post to the address reaches the program; redirects are not followed."""
    about = "unsubscribe answers"
    url = f"{base}/unsubscribe/{tokens.sign(UNSUBSCRIBE, 0, 0, 0)}"
    try:
        status, is_ours = post_one_click(url)
    except (OSError, HTTPException) as error:
        return fail(about, f"{url} cannot be reached: {error}")
    if is_ours and status in (200, 404):
        return ok(about, f"{base} takes one click from outside")
    return fail(about, f"{url} answers {status}: let posts through, without redirect.")


def post_one_click(url: str) -> tuple[int, bool]:
    """The status of the answer, and whether the program gave it; redirects are not followed."""
    parts = urlsplit(url)
    connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = connect(parts.netloc, timeout=SECONDS)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        connection.request("POST", parts.path, b"List-Unsubscribe=One-Click", form)
        answer = connection.getresponse()
        return answer.status, "X-Request-Id" in answer.headers
    finally:
        connection.close()
