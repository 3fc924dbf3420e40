"""Single mails: rendered and stored in the caller's transaction, sent after its commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, render_template
from sqlalchemy.sql.dml import ReturningInsert

from app.foundation import clock, language, queue, text, tokens
from app.foundation.db import built_once, db, table_of, upsert
from app.mail import layout
from app.mail.models import Message
from app.people.models import Address, Purpose


@dataclass(frozen=True)
class Attachment:
    """A file beside the text; a calendar entry names its `method` (REQUEST, CANCEL, PUBLISH)."""

    name: str
    type: str
    content: str
    method: str = ""


@dataclass(frozen=True)
class Notice:
    """A mail to one address, in both parts; `kind` is the name of its three template files."""

    kind: str
    subject: str
    text: str
    html: str
    purpose: Purpose = Purpose.ACCOUNT
    person_id: int | None = None
    from_name: str = ""
    reply_to: str = ""
    attachments: Sequence[Attachment] = ()


def render(kind: str, *, to_language: str, **values: object) -> tuple[str, str, str]:
    """Subject, text and HTML of `events/sign_up_confirmed` from the domain's three files."""
    domain, _, name = kind.partition("/")
    base = f"{domain}/mail/{name}"
    with language.speaking(to_language):
        values |= {
            "language": to_language,
            "site_name": current_app.config["SITE_NAME"],
            "postal_address": current_app.config["POSTAL_ADDRESS"],
        }
        subject = text.one_line(render_template(f"{base}.subject.txt", **values))
        body = text.clean(render_template(f"{base}.txt", **values)) + "\n"
        return subject, body, layout.inline(render_template(f"{base}.html", **values))


def post(
    address: Address, notice: Notice, *, once: str, due_at: datetime | None = None
) -> int | None:
    """Put a mail into the outbox, once for its key; the message's id, or None if it was there."""
    if address.email is None:
        return None
    now = clock.now()
    values = {
        "once": once,
        "kind": notice.kind,
        "purpose": notice.purpose,
        "person_id": notice.person_id,
        "email": address.email,
        "subject": notice.subject,
        "text": notice.text,
        "html": notice.html,
        "from_name": notice.from_name or current_app.config["SITE_NAME"],
        "reply_to": notice.reply_to or current_app.config["REPLY_TO"],
        "attachments": [vars(attachment) for attachment in notice.attachments],
        "message_id": f"<{tokens.keyed_digest('message', once)[:40]}@{_domain()}>",
        "created_at": now,
        "due_at": due_at or now,
    }
    queue.after_commit("mail.work")
    return db.scalar(_insert(), values)


@built_once
def _insert() -> ReturningInsert[int]:
    table = table_of(Message)
    new = upsert(table).on_conflict_do_nothing(index_elements=[table.c.once])
    return new.returning(table.c.id)


def _domain() -> str:
    return str(current_app.config["MAIL_DOMAIN"])
