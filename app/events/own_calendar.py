"""A person's own calendar: what they signed up for and have to do, under a secret address.

The address stands as long as its row; a new one makes the old one worthless at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, select

from app.events import calendars
from app.events.calendar_models import CalendarLink
from app.events.models import Event, Part, SignUp, SignUpState
from app.foundation import clock, language, tokens
from app.foundation.db import db
from app.people.models import Person
from app.work import queries as work

PURPOSE = "own calendar"
AHEAD = timedelta(days=500)
"""How far ahead to-dos are in it."""


def link_of(person_id: int) -> CalendarLink | None:
    return db.scalars(select(CalendarLink).where(CalendarLink.person_id == person_id)).first()


def renew(person_id: int) -> CalendarLink:
    """Make an address, or another one in place of the old."""
    remove(person_id)
    link = CalendarLink(person_id=person_id, created_at=clock.now())
    db.add(link)
    db.flush()
    return link


def remove(person_id: int) -> None:
    db.execute(delete(CalendarLink).where(CalendarLink.person_id == person_id))


def token_of(link: CalendarLink) -> str:
    """Numbers of rows may come again, moments do not."""
    return tokens.sign(PURPOSE, link.id, _stamp(link))


def person_of(token: str) -> int | None:
    """Whose calendar an address names, or None if it does not hold any more."""
    ids = tokens.read(PURPOSE, token)
    link = db.get(CalendarLink, ids[0]) if ids and len(ids) == 2 else None
    if ids is None or link is None or _stamp(link) != ids[1]:
        return None
    return link.person_id


def feed_of(person_id: int) -> bytes:
    """The calendar in the person's own language; it holds what only those with a seat are told."""
    person = db.get_one(Person, person_id)
    with language.speaking(person.language):
        name = _("My events, %(site)s", site=current_app.config["SITE_NAME"])
        owed = work.owed_by(person_id, clock.today() + AHEAD)
        mine = events_of(person_id)
        seats = {event.id: part for event, part in mine}
        return calendars.feed(
            name, [event for event, _part in mine], to_dos=owed, seats=seats, zone=person.time_zone
        )


def events_of(person_id: int) -> Sequence[tuple[Event, Part]]:
    """What the person has a seat at and how they take part, to come and of the last 30 days."""
    rows = db.execute(
        calendars.public()
        .add_columns(SignUp.part)
        .join(SignUp, SignUp.event_id == Event.id)
        .where(
            SignUp.person_id == person_id,
            SignUp.state == SignUpState.CONFIRMED,
            Event.ends_at > clock.now() - calendars.KEPT,
        )
        .order_by(Event.starts_at, Event.id)
    )
    return [(row.Event, row.part) for row in rows]


def _stamp(link: CalendarLink) -> int:
    return int(link.created_at.timestamp() * 1000)
