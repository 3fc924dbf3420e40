"""How the site does now, in sentences: background work, mail, the certificate."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _

from app.foundation import clock, queue
from app.foundation.findings import Finding, fail, ok, warn
from app.mail import holding, overview
from app.upkeep.surroundings import backups, broker, disk, span

SILENT = timedelta(minutes=2)
"""A sweep that is later than this does not run."""
WAITS_LONG = timedelta(minutes=15)
EXPIRES_SOON = timedelta(days=14)
SECONDS = 5.0


def running() -> Iterator[Finding]:
    """How the site does now."""
    yield _sweep()
    yield from _mail()
    if current_app.config["REDIS_URL"]:
        yield broker()
    yield disk()
    yield backups()
    if current_app.config["SECURE"]:
        yield _certificate()


def _sweep() -> Finding:
    about = _("Background work")
    since = queue.last_beat("sweep")
    if since is None:
        return fail(about, _("It never ran: no worker or no beat runs."))
    if since > SILENT:
        sentence = _("It last ran %(age)s ago: is a worker running, and the beat?", age=span(since))
        return fail(about, sentence)
    return ok(about, _("It ran a moment ago."))


def _mail() -> Iterator[Finding]:
    about = _("Mail")
    if holding.current() is not None:
        yield warn(about, _("All mail is held."))
    flow = overview.flow()
    waits = clock.now() - flow.oldest if flow.oldest else timedelta()
    if waits > WAITS_LONG:
        yield fail(about, _("The oldest mail that could go waits for %(age)s.", age=span(waits)))
    else:
        yield ok(about, _("%(number)s mails left in the last hour.", number=flow.last_hour))
    for rest in flow.resting:
        if not rest.provider:
            yield fail(_("Mail server"), _("It was away: %(words)s", words=rest.words))


def _certificate() -> Finding:
    about = _("Certificate")
    parts = urlsplit(current_app.config["BASE_URL"])
    try:
        expires = _expires(str(parts.hostname), parts.port or 443)
    except ssl.SSLCertVerificationError as error:
        return fail(about, _("Browsers refuse it: %(words)s", words=error.verify_message))
    except OSError as error:
        return warn(about, _("It cannot be looked at from here: %(words)s", words=str(error)))
    left = expires - clock.now()
    if left > EXPIRES_SOON:
        return ok(about, _("It holds for %(age)s.", age=span(left)))
    sentence = _("It ends in %(age)s: see why the proxy did not renew it.", age=span(left))
    return fail(about, sentence)


def _expires(host: str, port: int) -> datetime:
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        certificate = secured.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
