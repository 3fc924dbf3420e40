"""The certificate of the site as a browser sees it, and how long it holds."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _

from app.foundation import clock
from app.foundation.findings import Finding, fail, ok, warn
from app.upkeep.surroundings import span

EXPIRES_SOON = timedelta(days=14)
SECONDS = 5.0


def certificate() -> Finding:
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
