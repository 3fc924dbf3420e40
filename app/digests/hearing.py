"""What becomes of a coordinator's letters when somebody else coordinates in their place."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, or_, select, update

from app.alliances.hand_over_models import HandOver
from app.digests import announcements
from app.digests.models import Announcement
from app.foundation import signals
from app.foundation.db import db
from app.mail.models import Mailing, MailingState

LEAVING = (MailingState.SCHEDULED, MailingState.SENDING, MailingState.PAUSED)


@signals.coordination_handed_over.connect
def _handed_over(hand_over: HandOver, **_more: Any) -> dict[str, int]:
    """Drafts, and letters that are leaving still, are the successor's, who gets the answers."""
    theirs = (
        Announcement.author_id == hand_over.from_id,
        Announcement.alliance_id == hand_over.alliance_id,
    )
    leaving = select(Mailing.id).where(
        Mailing.kind == announcements.KIND,
        Mailing.subject_id.in_(select(Announcement.id).where(*theirs)),
        Mailing.state.in_(LEAVING),
    )
    mailings = list(db.scalars(leaving))
    into_id = hand_over.into_id
    letters = update(Announcement).where(*theirs, _not_sent(mailings)).values(author_id=into_id)
    moved = db.scalars(letters.returning(Announcement.id)).all()
    if mailings and into_id is not None:
        answered = {"created_by_id": into_id, "reply_to": announcements.reply_address(into_id)}
        db.execute(update(Mailing).where(Mailing.id.in_(mailings)).values(answered))
    return {"letters": len(moved)}


def _not_sent(mailings: list[int]) -> ColumnElement[bool]:
    return or_(Announcement.mailing_id.is_(None), Announcement.mailing_id.in_(mailings))
