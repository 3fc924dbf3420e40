"""A folder on an IMAP server, opened over TLS with a log-in."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

TIMEOUT = 30.0


class MailboxDown(Exception):
    """The mailbox cannot be read now; the message says why, without the password."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where mail comes back, and how we prove who we are."""

    host: str
    port: int
    implicit_tls: bool
    user: str
    folder: str
    password: str = field(repr=False)

    @classmethod
    def from_url(cls, url: str) -> Mailbox:
        """Read `imaps://user:password@host/INBOX`, or `imap://…`, which starts TLS first."""
        parts = urlsplit(url)
        implicit = parts.scheme == "imaps"
        try:
            port = parts.port
        except ValueError:
            raise MailboxDown("the port of a mailbox is a number up to 65535") from None
        if not parts.hostname or not parts.username:
            raise MailboxDown("a mailbox is imaps://user:password@host/INBOX")
        return cls(
            host=parts.hostname,
            port=port or (993 if implicit else 143),
            implicit_tls=implicit,
            user=unquote(parts.username),
            folder=unquote(parts.path.strip("/")) or "INBOX",
            password=unquote(parts.password or ""),
        )


@contextmanager
def opened(mailbox: Mailbox, tls: ssl.SSLContext) -> Iterator[imaplib.IMAP4]:
    """A connection with the folder open; never in clear."""
    where = f"{mailbox.host}:{mailbox.port}"
    try:
        imap = _signed_in(mailbox, tls)
        try:
            state, words = imap.select('"' + mailbox.folder.replace('"', "") + '"')
            if state != "OK":
                raise MailboxDown(f"{where}: {mailbox.folder}: {words!r}")
            yield imap
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                imap.logout()
    except (imaplib.IMAP4.error, OSError) as error:
        raise MailboxDown(f"{where}: {error}") from error


def search(imap: imaplib.IMAP4, *what: str) -> Sequence[str]:
    """The numbers of the mails in the open folder that fit."""
    _, answer = imap.uid("SEARCH", *what)
    return (answer[0] or b"").decode("ascii").split() if answer else []


def _signed_in(mailbox: Mailbox, tls: ssl.SSLContext) -> imaplib.IMAP4:
    imap: imaplib.IMAP4
    if mailbox.implicit_tls:
        imap = imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=tls, timeout=TIMEOUT)
    else:
        imap = imaplib.IMAP4(mailbox.host, mailbox.port, timeout=TIMEOUT)
    try:
        if not mailbox.implicit_tls:
            imap.starttls(tls)
        imap.login(mailbox.user, mailbox.password)
    except BaseException:
        with suppress(OSError):
            imap.shutdown()
        raise
    return imap
