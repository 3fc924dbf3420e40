"""Reminders: the mailings of an event's plan, to whoever has a seat when they are due.

A reminder belongs to one revision of its event, so that none goes out with old facts: what moves
an event cancels its reminders and schedules new ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, case, exists, literal, select
from sqlalchemy.orm import joinedload

from app.events import afterwords, letters, mails, reminder_plan
from app.events.models import Event, EventState, Part, SignUp, SignUpState
from app.foundation import clock, language
from app.foundation.db import UTCDateTime, db
from app.mail import mailings, registry
from app.mail.models import Mailing, MailingState
from app.mail.registry import Composer, Copy, Reader
from app.people.models import Person, Purpose

KIND = "event_reminder"


@dataclass(frozen=True)
class Reminder:
    """When one reminder goes out, and from when on it would come too late."""

    name: str
    due_at: datetime
    expires_at: datetime


def plan(event: Event) -> Sequence[Reminder]:
    """The reminders of an event, by its own clock."""
    return [
        Reminder(one.key, one.due_at(event), one.expires_at(event))
        for one in reminder_plan.of(event)
    ]


def schedule(event: Event) -> Sequence[Mailing]:
    """Schedule the reminders of an event that are still to come; doing it again changes nothing."""
    afterwords.schedule(event)
    return [_scheduled(event, one, number=0) for one in plan(event) if one.due_at > clock.now()]


def _scheduled(event: Event, reminder: Reminder, *, number: int) -> Mailing:
    again = f":{number}" if number else ""
    return mailings.schedule(
        kind=KIND,
        purpose=Purpose.EVENTS,
        once=f"event-reminder:{event.id}:{reminder.name}:{event.revision}{again}",
        subject_id=event.id,
        revision=event.revision,
        title=event.title,
        from_name=mails.sender(event, language.DEFAULT),
        due_at=reminder.due_at,
        expires_at=reminder.expires_at,
        facts={"reminder": reminder.name},
    )


def cancel(event: Event) -> None:
    """Take back what is scheduled for an event."""
    afterwords.cancel(event)
    for mailing in mailings.of(KIND, event.id):
        mailings.cancel(mailing)


def reschedule(event: Event) -> None:
    """The event has a new revision: its old reminders go, those still to come are made anew."""
    cancel(event)
    schedule(event)


def follow(event: Event) -> None:
    """The plan of a published event changed: what is no longer in it goes, what is new comes, and
    what went out already does not go again."""
    wanted = {one.name: one for one in plan(event)}
    known = [each for each in mailings.of(KIND, event.id) if each.revision == event.revision]
    for mailing in known:
        name = mailing.facts["reminder"]
        if name not in wanted:
            mailings.cancel(mailing)
        elif wanted[name].due_at > clock.now():
            mailings.reschedule(mailing, wanted[name].due_at, wanted[name].expires_at)
    for name, one in wanted.items():
        mine = [each for each in known if each.facts["reminder"] == name]
        stands = any(each.state != MailingState.CANCELLED for each in mine)
        if not stands and one.due_at > clock.now():
            _scheduled(event, one, number=len(mine))


def scheduled(event: Event) -> Sequence[Mailing]:
    """The reminders that an event has, sent or to come, but not those taken back."""
    return [
        mailing
        for mailing in mailings.of(KIND, event.id)
        if mailing.state != MailingState.CANCELLED
    ]


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
        key = str(mailing.facts.get("reminder"))
        spoken_by_readers = {each.language for each in readers}
        ready = {
            (spoken, part): _letter(event, key, spoken, part)
            for spoken in spoken_by_readers
            for part in Part
        }
        senders = {spoken: mails.sender(event, spoken) for spoken in spoken_by_readers}

        def compose(reader: Reader) -> Copy | None:
            if reader.person_id not in seats:
                return None
            sign_up_id, part = seats[reader.person_id]
            letter = ready[reader.language, part]
            slots = {
                "name": reader.name,
                "seat_url": mails.seat_url(sign_up_id, reader.language),
                "cancel_url": mails.cancel_url(sign_up_id, reader.language),
                "coming_url": mails.coming_url(sign_up_id, reader.language),
                "unsubscribe_url": reader.unsubscribe_url,
                "preferences_url": reader.preferences_url,
            }
            return Copy(
                letter.subject,
                letter.quoted_text.fill(slots),
                letter.quoted_html.fill(slots),
                senders[reader.language],
            )

        return compose


def _letter(event: Event, key: str, spoken: str, part: Part) -> letters.Letter:
    return letters.letter(
        "reminder",
        spoken,
        letters.facts(event, spoken, seat=part),
        slots=letters.BULK_SLOTS,
        own=reminder_plan.words_of(event, key, spoken),
    )


def _seats(event_id: int, person_ids: Sequence[int]) -> dict[int, tuple[int, Part]]:
    """The numbers of sign-ups and how they take part, by person."""
    rows = db.execute(
        select(SignUp.person_id, SignUp.id, SignUp.part).where(
            SignUp.event_id == event_id, SignUp.person_id.in_(person_ids)
        )
    )
    return {row.person_id: (row.id, row.part) for row in rows}


registry.register(ReminderKind())
registry.explain(
    **{
        "event changed": _l("The event was moved or cancelled"),
        "not coming": _l("The person gave the seat back"),
    }
)
