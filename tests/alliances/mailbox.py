"""What was put into the outbox, for tests of whoever writes mails."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.foundation.db import db
from app.mail.models import Message


def posted(kind: str = "") -> Sequence[Message]:
    """The messages so far, oldest first; of one kind if given."""
    query = select(Message).order_by(Message.id)
    return db.scalars(query.where(Message.kind == kind) if kind else query).all()


def sent_to(kind: str) -> list[str]:
    """To whom mails of a kind went."""
    return [message.email for message in posted(kind)]
