"""Which transport an address of the settings means."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from app.mail.maildir import MaildirTransport
from app.mail.relay import Relay
from app.mail.smtp import Limits, SmtpTransport
from app.mail.wire import BadMailUrl, Transport


def open_transport(url: str, limits: Limits | None = None, *, helo: str = "localhost") -> Transport:
    """The transport for `smtp://…?starttls=1`, `smtps://…` or `maildir:///absolute/path`.

    Connects when the first mail is sent. `helo` is the name by which we greet a relay.
    """
    scheme = urlsplit(url).scheme
    if scheme in ("smtp", "smtps"):
        return SmtpTransport(Relay.from_url(url), limits, helo=helo)
    if scheme == "maildir":
        return MaildirTransport(_folder(url))
    raise BadMailUrl("mail leaves by smtp://, smtps:// or maildir://")


def _folder(url: str) -> Path:
    parts = urlsplit(url)
    if parts.netloc or not parts.path.strip("/"):
        raise BadMailUrl("a Maildir is maildir:///absolute/path")
    return Path(unquote(parts.path))
