"""A new draft from an event that was: everything but its day, its people and its history."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import inspect, select

from app.events import shifts
from app.events.models import Event, EventState
from app.foundation import clock, text
from app.foundation.db import db

ITS_OWN = {
    *("id", "slug", "state", "edition_id", "wall_start", "starts_at", "ends_at", "cancel_reason"),
    *("revision", "version", "created_by_id", "created_at", "updated_at", "published_at"),
    *(
        "cancelled_at",
        "past_confirmed",
        "past_came",
        "past_totals",
        "series_id",
        "series_on",
        "series_own",
        "title",
        "title_es",
    ),
}
"""Columns that a copy does not take over."""


def clone(event: Event, on: date, *, edition_id: int | None, by_id: int | None) -> Event:
    """A draft like this event on another day, at the same hour of its own clock."""
    now = clock.now()
    copied = {key for key in inspect(Event).columns.keys() if key not in ITS_OWN}  # noqa: SIM118
    copy = Event(
        **{key: getattr(event, key) for key in copied},
        title=of_year(event.title, event.wall_start.year, on.year),
        title_es=of_year(event.title_es, event.wall_start.year, on.year),
        state=EventState.DRAFT,
        edition_id=edition_id,
        created_by_id=by_id,
        created_at=now,
        updated_at=now,
        revision=1,
        version=1,
    )
    put(copy, datetime.combine(on, event.wall_start.time()))
    copy.slug = free_slug(copy)
    db.add(copy)
    db.flush()
    shifts.copy(event, copy)
    return copy


def put(event: Event, wall: datetime) -> None:
    """Set the event's time; an hour that the clocks skip becomes the first that there is."""
    event.starts_at = clock.instant(wall, event.time_zone)
    event.wall_start = event.starts_at.astimezone(ZoneInfo(event.time_zone)).replace(tzinfo=None)
    event.ends_at = event.starts_at + timedelta(minutes=event.minutes)


def of_year(title: str, old: int, new: int) -> str:
    """A title that names its year names the new one."""
    return title.replace(str(old), str(new))


def free_slug(event: Event) -> str:
    """An address that no other event has."""
    wanted = text.slug(f"{event.title} {event.city} {event.wall_start:%Y-%m-%d}")
    taken = db.scalars(
        select(Event.slug).where(Event.slug.startswith(wanted), Event.id != (event.id or 0))
    )
    return text.free_slug(wanted, set(taken))
