"""The mailbox where mail comes back, read by IMAP: what it tells is committed, then it is marked.

Whoever is killed between the two reads a mail again, which changes nothing (see returns). Mail that
was read is deleted after thirty days.
"""

from __future__ import annotations

import imaplib
import ssl
import time

from flask import current_app

from app.foundation import clock, edge
from app.mail import dsn, returns
from app.mail.imap_folder import Mailbox, opened, search
from app.mail.tidying import RECIPIENTS

READ_SECONDS = 35.0
"""How long one call reads; the task must end before Celery's soft limit."""
MOST_DELETED = 500


def read(url: str, tls: ssl.SSLContext | None = None, seconds: float = READ_SECONDS) -> int:
    """Read new mail for about that long; how many told us something. Raises MailboxDown."""
    until = time.monotonic() + seconds
    seen = told = 0
    with opened(Mailbox.from_url(url), tls or ssl.create_default_context()) as imap:
        for uid in search(imap, "UNSEEN"):
            if time.monotonic() > until:
                break
            told += _take(_fetch(imap, uid))
            imap.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)")
            seen += 1
        _delete_old(imap)
    if seen:
        current_app.logger.info("mail that came back: %s read, %s told something", seen, told)
    return told


def _take(raw: bytes) -> bool:
    """Do what follows from one mail, committed; whether it told anything new of a mail of ours."""
    reports = dsn.read(raw)
    with edge.step():
        return sum(map(returns.take, reports)) > 0


def _fetch(imap: imaplib.IMAP4, uid: str) -> bytes:
    """The beginning of a mail; empty if somebody deleted it meanwhile."""
    _, answer = imap.uid("FETCH", uid, f"(BODY.PEEK[]<0.{dsn.LARGEST}>)")
    return next((part[1] for part in answer if isinstance(part, tuple)), b"")


def _delete_old(imap: imaplib.IMAP4) -> None:
    before = imaplib.Time2Internaldate(clock.now() - RECIPIENTS).strip('"').split(" ")[0]
    old = search(imap, "SEEN", "BEFORE", before.strip())[:MOST_DELETED]
    if old:
        imap.uid("STORE", ",".join(old), "+FLAGS.SILENT", r"(\Deleted)")
        imap.expunge()
