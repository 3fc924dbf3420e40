"""The mailbox where people answer our mail: who replied to which mailing, and nothing of the words.

A person reads that mailbox, so nothing in it is marked as read or deleted: a keyword that mail
programs do not show says what was counted, and where a server knows no keywords, reading again
counts nobody twice. A reply names our mail by its Message-ID, a keyed hash of mailing and person,
and comes from the address that we wrote to; answers of machines do not count.
"""

from __future__ import annotations

import email
import email.policy
import imaplib
import re
import ssl
import time
from datetime import timedelta
from email.message import Message as Mail
from email.utils import getaddresses

from flask import current_app

from app.foundation import clock, edge, text
from app.foundation.db import db, upsert
from app.mail import origins
from app.mail.imap_folder import Mailbox, opened, search
from app.mail.models import Reply

READ_SECONDS = 35.0
"""How long one call reads; the task must end before Celery's soft limit."""
COUNTED = "WhereasCounted"
LOOKED_BACK = timedelta(days=14)
"""Tests of subjects are decided long before."""
HEADERS = "IN-REPLY-TO REFERENCES FROM AUTO-SUBMITTED PRECEDENCE"
MOST_NAMED = 10
"""Mails that a reply may name; the one that it answers is among the last."""

_ID = re.compile(r"<[^<>\s]{1,200}>")
_BY_MACHINES = frozenset({"bulk", "junk", "list", "auto_reply"})


def read(url: str, tls: ssl.SSLContext | None = None, seconds: float = READ_SECONDS) -> int:
    """Count new replies for about that long; how many there were. Raises MailboxDown."""
    until = time.monotonic() + seconds
    since = imaplib.Time2Internaldate(clock.now() - LOOKED_BACK).strip('"').split(" ")[0]
    replies = 0
    with opened(Mailbox.from_url(url), tls or ssl.create_default_context()) as imap:
        for uid in search(imap, "UNKEYWORD", COUNTED, "SINCE", since):
            if time.monotonic() > until:
                break
            replies += _take(_headers(imap, uid))
            imap.uid("STORE", uid, "+FLAGS.SILENT", f"({COUNTED})")
    if replies:
        current_app.logger.info("replies to mail to many: %s", replies)
    return replies


def _headers(imap: imaplib.IMAP4, uid: str) -> bytes:
    _, answer = imap.uid("FETCH", uid, f"(BODY.PEEK[HEADER.FIELDS ({HEADERS})])")
    return next((part[1] for part in answer if isinstance(part, tuple)), b"")


def _take(raw: bytes) -> bool:
    """Note who replied to what, committed; whether that is new."""
    mail = email.message_from_bytes(raw, policy=email.policy.compat32)
    if _is_by_a_machine(mail):
        return False
    senders = [text.canonical_email(sender) for _name, sender in getaddresses([_of(mail, "From")])]
    with edge.step():
        for named in reversed(_named(mail)):
            origin = origins.by_message_id(named, senders)
            if origin is not None and origin.mailing_id and origin.person_id:
                return _note(origin.mailing_id, origin.person_id)
    return False


def _note(mailing_id: int, person_id: int) -> bool:
    noted = (
        upsert(Reply)
        .values(mailing_id=mailing_id, person_id=person_id, at=clock.now())
        .on_conflict_do_nothing()
        .returning(Reply.person_id)
    )
    return db.scalar(noted) is not None


def _named(mail: Mail) -> list[str]:
    """The mails that it refers to, as they were sent; the one that it answers comes last."""
    found = _ID.findall(f"{_of(mail, 'References')} {_of(mail, 'In-Reply-To')}")
    return list(dict.fromkeys(found))[-MOST_NAMED:]


def _is_by_a_machine(mail: Mail) -> bool:
    submitted = _of(mail, "Auto-Submitted").lower() or "no"
    return submitted != "no" or _of(mail, "Precedence").lower() in _BY_MACHINES


def _of(mail: Mail, header: str) -> str:
    return str(mail.get(header, "")).strip()
