"""Reminders: three mailings for each published event, to whoever has a seat when they are due.

A reminder belongs to one revision of its event, so that none goes out with old facts: what moves
an event cancels its reminders and schedules new ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, case, exists, literal, select
from sqlalchemy.orm import joinedload

from app.events import letters, mails
from app.events.models import Event, EventState, SignUp, SignUpState
from app.foundation import clock, language
from app.foundation.db import UTCDateTime, db
from app.mail import mailings, registry
from app.mail.models import Mailing, MailingState
from app.mail.registry import Composer, Copy, Reader
from app.people.models import Person, Purpose

KIND = "event_reminder"
MORNING = time(11)


@dataclass(frozen=True)
class Reminder:
    """When one reminder goes out, and from when on it would come too late."""

    name: str
    due_at: datetime
    expires_at: datetime


def plan(event: Event) -> Sequence[Reminder]:
    """The three reminders of an event, by its own clock."""
    return (
        Reminder("7d", _morning(event, 7), _morning(event, 4)),
        Reminder("1d", _morning(event, 1), event.starts_at - timedelta(hours=4)),
        Reminder("2h", event.starts_at - timedelta(hours=2), event.starts_at),
    )


def schedule(event: Event) -> Sequence[Mailing]:
    """Schedule the reminders of an event that are still to come; doing it again changes nothing."""
    return [
        mailings.schedule(
            kind=KIND,
            purpose=Purpose.EVENTS,
            once=f"event-reminder:{event.id}:{reminder.name}:{event.revision}",
            subject_id=event.id,
            revision=event.revision,
            title=event.title,
            from_name=mails.sender(event, language.DEFAULT),
            due_at=reminder.due_at,
            expires_at=reminder.expires_at,
            facts={"reminder": reminder.name},
        )
        for reminder in plan(event)
        if reminder.due_at > clock.now()
    ]


def cancel(event: Event) -> None:
    """Take back what is scheduled for an event."""
    for mailing in mailings.of(KIND, event.id):
        mailings.cancel(mailing)


def reschedule(event: Event) -> None:
    """The event has a new revision: its old reminders go, those still to come are made anew."""
    cancel(event)
    schedule(event)


def scheduled(event: Event) -> Sequence[Mailing]:
    """The reminders that an event has, sent or to come, but not those taken back."""
    return [
        mailing
        for mailing in mailings.of(KIND, event.id)
        if mailing.state != MailingState.CANCELLED
    ]


def _morning(event: Event, days_before: int) -> datetime:
    day = event.wall_start.date() - timedelta(days=days_before)
    return clock.instant(datetime.combine(day, MORNING), event.time_zone)


class ReminderKind:
    """How the mail engine sends reminders."""

    name = KIND

    def audience(self, mailing: Mailing) -> Select[Any, Any]:
        return select(
            SignUp.person_id, literal(mailing.due_at, UTCDateTime()).label("due_at")
        ).where(SignUp.event_id == mailing.subject_id, SignUp.state == SignUpState.CONFIRMED)

    def refusal(self, mailing: Mailing) -> ColumnElement[str]:
        same = exists().where(
            Event.id == mailing.subject_id,
            Event.state == EventState.PUBLISHED,
            Event.revision == mailing.revision,
        )
        coming = exists().where(
            SignUp.event_id == mailing.subject_id,
            and_(SignUp.person_id == Person.id, SignUp.state == SignUpState.CONFIRMED),
        )
        return case((~same, "event changed"), (~coming, "not coming"), else_=None)

    def composer(self, mailing: Mailing, readers: Sequence[Reader]) -> Composer:
        event = db.scalars(
            select(Event).where(Event.id == mailing.subject_id).options(joinedload(Event.alliance))
        ).one()
        seats = _seats(event.id, [reader.person_id for reader in readers])
        by_language = {
            spoken: letters.letter(
                "reminder", spoken, letters.facts(event, spoken), slots=letters.BULK_SLOTS
            )
            for spoken in {reader.language for reader in readers}
        }

        def compose(reader: Reader) -> Copy | None:
            if reader.person_id not in seats:
                return None
            letter = by_language[reader.language]
            slots = {
                "name": reader.name,
                "cancel_url": mails.cancel_url(seats[reader.person_id], reader.language),
                "unsubscribe_url": reader.unsubscribe_url,
                "preferences_url": reader.preferences_url,
            }
            return Copy(
                letter.subject, letter.quoted_text.fill(slots), letter.quoted_html.fill(slots)
            )

        return compose


def _seats(event_id: int, person_ids: Sequence[int]) -> dict[int, int]:
    """The numbers of sign-ups by person."""
    rows = db.execute(
        select(SignUp.person_id, SignUp.id).where(
            SignUp.event_id == event_id, SignUp.person_id.in_(person_ids)
        )
    )
    return {row.person_id: row.id for row in rows}


registry.register(ReminderKind())
registry.explain(
    **{
        "event changed": _l("The event was moved or cancelled"),
        "not coming": _l("The person gave the seat back"),
    }
)
