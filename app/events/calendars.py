"""What calendars of events hold: feeds for everybody, attachments for those who come.

How it is written in them is `calendar_entries`' matter, which loads with the first calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from app.events import queries
from app.events.models import Edition, Event, EventState
from app.foundation import clock
from app.foundation.db import db
from app.foundation.later import later
from app.mail.outbox import Attachment

PUBLISH = "PUBLISH"
CANCEL = "CANCEL"
KEPT = timedelta(days=30)
"""How long a feed goes on to name what is over or cancelled."""

feed: Callable[..., bytes] = later("app.events.calendar_entries:feed")
attachment: Callable[..., Attachment] = later("app.events.calendar_entries:attachment")


def for_feed(alliance_id: int | None = None, observance: str | None = None) -> Sequence[Event]:
    """What a feed holds: everything public to come, and the last 30 days."""
    query = public().where(Event.ends_at > clock.now() - KEPT)
    if alliance_id is not None:
        query = query.where(queries.holds(alliance_id))
    if observance is not None:
        query = query.join(Event.edition).where(Edition.observance_key == observance)
    return db.scalars(query.order_by(Event.starts_at, Event.id)).all()


def one_for_feed(slug: str) -> Event | None:
    return db.scalars(public().where(Event.slug == slug)).first()


def days_of(observance: str) -> Sequence[Edition]:
    """The days of an observance that are open: to come, and those of the last 30 days."""
    return db.scalars(
        select(Edition)
        .where(
            Edition.observance_key == observance,
            Edition.opened_at.is_not(None),
            Edition.on > (clock.now() - KEPT).date(),
        )
        .order_by(Edition.on)
        .options(joinedload(Edition.observance))
    ).all()


def public() -> Select[Event]:
    """Published events, and for 30 days those that were called off."""
    kept = and_(Event.state == EventState.CANCELLED, Event.cancelled_at > clock.now() - KEPT)
    return (
        select(Event)
        .join(Event.alliance)
        .where(or_(Event.state == EventState.PUBLISHED, kept))
        .options(contains_eager(Event.alliance))
    )
