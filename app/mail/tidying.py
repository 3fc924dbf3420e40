"""What is forgotten: what messages said after 30 days, who got which mailing after 180."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select, tuple_, update

from app.foundation import clock
from app.foundation.db import db
from app.mail.models import Delivery, Mailing, MailingState, Message, SendState

BODIES = timedelta(days=30)
COPIES = timedelta(days=180)
AT_ONCE = 5000
OVER = (SendState.SENT, SendState.FAILED, SendState.SKIPPED)


def blank_old_messages() -> int:
    """Blank who got old messages and what they said; that one was sent stays known."""
    old = (
        select(Message.id)
        .where(
            Message.created_at < clock.now() - BODIES,
            Message.state.in_(OVER),
            Message.email != "",
        )
        .limit(AT_ONCE)
    )
    blanked = (
        update(Message)
        .where(Message.id.in_(old))
        .values(email="", subject="", text="", html="", attachments=[], reason="")
        .returning(Message.id)
    )
    return len(db.execute(blanked.execution_options(synchronize_session=False)).all())


def forget_old_copies() -> int:
    """Delete who got a mailing that was over long ago."""
    over = (MailingState.DONE, MailingState.CANCELLED)
    old = select(Mailing.id).where(
        Mailing.state.in_(over), Mailing.finished_at < clock.now() - COPIES
    )
    copy = tuple_(Delivery.mailing_id, Delivery.person_id)
    some = (
        select(Delivery.mailing_id, Delivery.person_id)
        .where(Delivery.mailing_id.in_(old))
        .limit(AT_ONCE)
    )
    forgotten = delete(Delivery).where(copy.in_(some)).returning(Delivery.person_id)
    return len(db.execute(forgotten.execution_options(synchronize_session=False)).all())
