"""Events that took place before this site knew of them, with who came, brought along by staff.

Names of guests are kept for as long as those of any event, and older ones are only counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.accounts.audit import audit
from app.alliances.models import Alliance
from app.events import cloning, seating
from app.events.door_models import Arrival
from app.events.forgetting import KEPT
from app.events.models import Event, EventKind, EventState, SignUp, SignUpState
from app.events.report_models import ReportBack
from app.foundation import clock
from app.foundation.db import db


@dataclass(frozen=True)
class PastEvent:
    """What is known of it; the numbers are of people and may be unknown."""

    title: str
    kind: EventKind
    wall_start: datetime
    minutes: int
    venue: str
    description: str
    signed_up: int | None
    attended: int | None


def record(alliance: Alliance, told: PastEvent, by_id: int | None) -> Event:
    """Keep an event that is over, with its numbers; nobody is written to about it."""
    now = clock.now()
    event = Event(
        alliance=alliance,
        slug="",
        kind=told.kind,
        title=told.title,
        description=told.description,
        state=EventState.PUBLISHED,
        time_zone=alliance.time_zone,
        minutes=told.minutes,
        venue=told.venue,
        zip=alliance.zip,
        city=alliance.city,
        us_state=alliance.state,
        latitude=alliance.latitude,
        longitude=alliance.longitude,
        created_by_id=by_id,
        created_at=now,
        updated_at=now,
        published_at=now,
        revision=1,
        version=1,
    )
    cloning.put(event, told.wall_start)
    event.slug = cloning.free_slug(event)
    db.add(event)
    db.flush()
    if names_are_gone(event):
        event.past_confirmed = told.signed_up or told.attended or 0
        event.past_came = told.attended
    if told.attended is not None:
        _report(event, told.attended, by_id)
    audit("events", "past event brought", event.id)
    return event


def names_are_gone(event: Event) -> bool:
    """Whether the event is so long over that only numbers are kept."""
    return event.ends_at < clock.now() - KEPT


def attend(event: Event, person_id: int, *, came: bool) -> SignUp | None:
    """Somebody had a seat, and came or not; None where they are noted already."""
    noted = select(SignUp.id).where(SignUp.event_id == event.id, SignUp.person_id == person_id)
    if db.scalar(noted) is not None:
        return None
    own = seating.new_sign_up(event, person_id, 0)
    own.state, own.confirmed_at = SignUpState.CONFIRMED, event.starts_at
    db.flush()
    if came:
        arrival = Arrival(event_id=event.id, key=f"s{own.id}", sign_up_id=own.id, people=1)
        arrival.said_at = arrival.recorded_at = event.starts_at
        db.add(arrival)
    return own


def count(event: Event, signed_up: int, came: int, by_id: int | None) -> None:
    """Guests without names, of an event whose file gave no number."""
    if names_are_gone(event):
        event.past_confirmed = (event.past_confirmed or 0) + signed_up
        event.past_came = (event.past_came or 0) + came
    report = db.scalars(select(ReportBack).where(ReportBack.event_id == event.id)).first()
    if report is None and came:
        _report(event, came, by_id)


def _report(event: Event, people: int, by_id: int | None) -> None:
    now = clock.now()
    db.add(
        ReportBack(
            event_id=event.id,
            people=people,
            promises=[],
            created_by_id=by_id,
            created_at=now,
            updated_at=now,
            version=1,
        )
    )
    db.flush()
