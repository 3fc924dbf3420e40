"""What is forgotten: who got messages after 30 days, who got which mailing after 180, how fast
mail left after two."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, or_, select, tuple_, update

from app.foundation import clock
from app.foundation.db import db
from app.mail.lanes import RELAY
from app.mail.models import (
    OVER,
    WORDLESS,
    Bounce,
    Delivery,
    Lane,
    Mailing,
    MailingState,
    Message,
    SpentToken,
    Tally,
)
from app.mail.refusals import COUNTED_FOR

RECIPIENTS = timedelta(days=30)
COPIES = timedelta(days=180)
RATES = timedelta(days=2)
TOKENS = timedelta(days=2)
AT_ONCE = 5000


def blank_old_messages() -> int:
    """Blank who got old messages; that one was sent stays known."""
    old = (
        select(Message.id)
        .where(
            Message.created_at < clock.now() - RECIPIENTS,
            Message.state.in_(OVER),
            Message.email != "",
        )
        .limit(AT_ONCE)
    )
    blanked = (
        update(Message)
        .where(Message.id.in_(old))
        .values(WORDLESS | {"email": "", "reason": ""})
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


def forget_old_rates() -> int:
    """Delete how fast mail left long ago, and what is known of receivers without trouble."""
    past = clock.now() - RATES
    quiet = or_(Lane.spent_until.is_(None), Lane.spent_until < past)
    lanes = delete(Lane).where(Lane.rests == 0, Lane.provider != RELAY, quiet)
    db.execute(lanes.execution_options(synchronize_session=False))
    old = delete(Tally).where(Tally.minute < past).returning(Tally.minute)
    return len(db.execute(old.execution_options(synchronize_session=False)).all())


def forget_old_bounces() -> int:
    """Delete what no score and no signature looks at any more."""
    gone = 0
    for table, key, kept in (
        (Bounce, Bounce.id, COUNTED_FOR),
        (SpentToken, SpentToken.digest, TOKENS),
    ):
        old = select(key).where(table.at < clock.now() - kept).limit(AT_ONCE)
        deleted = delete(table).where(key.in_(old)).returning(key)
        gone += len(db.execute(deleted.execution_options(synchronize_session=False)).all())
    return gone
