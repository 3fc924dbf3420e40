"""What the website shows of digests that went out: the words for everybody, nobody's own part."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from app.digests import arrangement, items, upcoming
from app.digests.fragments import Piece
from app.digests.models import Issue, Told
from app.digests.news_section import piece
from app.events.models import Event, EventState
from app.foundation.db import db
from app.library import digest_section
from app.mail.models import Delivery, Mailing, MailingState, SendState

EVENTS_SHOWN = 12


def is_public() -> ColumnElement[bool]:
    """It started, and nobody keeps it off the website.

    One that was cancelled stays for those whose copy leads there, if anybody has one.
    """
    cancelled = exists().where(
        Mailing.id == Issue.mailing_id, Mailing.state == MailingState.CANCELLED
    )
    somebody_has_it = exists().where(
        Delivery.mailing_id == Issue.mailing_id, Delivery.state == SendState.SENT
    )
    started = and_(Issue.frozen_at.is_not(None), Issue.is_private.is_(False))
    return and_(started, or_(~cancelled, somebody_has_it))


def issues() -> Select[Issue]:
    """The digests that everybody may read."""
    return select(Issue).where(is_public())


def issue(issue_id: int, *, to_staff: bool) -> Issue | None:
    """One of them; staff see also what is still to come."""
    query = select(Issue).where(Issue.id == issue_id)
    return db.scalars(query if to_staff else query.where(is_public())).first()


def news(found: Issue) -> Sequence[Piece]:
    """What the issue tells everybody, without what was for the members of an alliance."""
    if found.frozen_at is None:
        return [piece(each) for each in items.of(found) if each.alliance_id is None]
    query = select(Told).where(Told.issue_id == found.id, Told.alliance_id.is_(None))
    return [piece(each) for each in db.scalars(query.order_by(Told.id))]


def from_library(found: Issue) -> digest_section.Told | None:
    """The one thing of the library that the issue told, or would tell by now."""
    kept = found.kept if found.frozen_at else arrangement.kept(found)
    return digest_section.from_kept(kept)


def events_after(day: datetime) -> Sequence[Event]:
    """The first events of the weeks after a digest, wherever they are."""
    return db.scalars(
        select(Event)
        .where(
            Event.state == EventState.PUBLISHED,
            Event.starts_at > day,
            Event.starts_at < day + timedelta(weeks=upcoming.WEEKS),
        )
        .order_by(Event.starts_at, Event.id)
        .limit(EVENTS_SHOWN)
    ).all()
