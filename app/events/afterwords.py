"""What goes out after an event: thanks with two questions, a word to those who were missed, and to
the organizers the wish for a report.

An hour after the end those who came are thanked; the next morning those who had a seat and were not
seen at the door get a kind word, and coordinators are asked for the report, once more three days
later. No door sees who takes part online: they are thanked. Where nobody kept one, everybody with
a seat is thanked and nobody was missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, case, exists, literal, or_, select
from sqlalchemy.orm import joinedload

from app.alliances.models import CoordinatorTerm
from app.alliances.queries import serves
from app.events import letters, mails, own_letters
from app.events.door_models import Arrival
from app.events.models import Event, EventState, Part, SignUp, SignUpState
from app.events.own_letters import MISSED, THANKS
from app.events.report_models import ReportBack
from app.foundation import clock, language, links, pagecontext, tokens
from app.foundation.db import UTCDateTime, db
from app.mail import mailings, registry
from app.mail.models import Mailing
from app.mail.registry import Composer, Copy, Reader
from app.people.models import Purpose

KIND = "event_afterword"
FEEDBACK = "event feedback"
"""Purpose of the signed link to the two questions."""
REPORT, REPORT_AGAIN = "report_wanted", "report_wanted_again"
MORNING = time(11)
NIGHT = timedelta(hours=5)
"""What ends at two in the morning was yesterday's event."""
SLOTS = (*letters.BULK_SLOTS, "feedback_url", "report_url")


@dataclass(frozen=True)
class Afterword:
    """Which letter goes out when, and from when on it would come too late."""

    letter: str
    due_at: datetime
    expires_at: datetime


def plan(event: Event) -> Sequence[Afterword]:
    """The afterwords of an event, by its own clock."""
    next_day, fourth_day = _morning(event, 1), _morning(event, 4)
    an_hour_after = event.ends_at + timedelta(hours=1)
    return (
        Afterword(THANKS, an_hour_after, an_hour_after + timedelta(days=3)),
        Afterword(MISSED, next_day, next_day + timedelta(days=3)),
        Afterword(REPORT, next_day, fourth_day),
        Afterword(REPORT_AGAIN, fourth_day, fourth_day + timedelta(days=7)),
    )


def schedule(event: Event) -> None:
    """Schedule what is still to come; doing it again changes nothing."""
    for one in plan(event):
        if one.due_at > clock.now():
            mailings.schedule(
                kind=KIND,
                purpose=Purpose.EVENTS,
                once=f"event-afterword:{event.id}:{one.letter}:{event.revision}",
                subject_id=event.id,
                revision=event.revision,
                title=event.title,
                from_name=mails.sender(event, language.DEFAULT),
                due_at=one.due_at,
                expires_at=one.expires_at,
                facts={"letter": one.letter},
            )


def cancel(event: Event) -> None:
    for mailing in mailings.of(KIND, event.id):
        mailings.cancel(mailing)


def _morning(event: Event, days_after: int) -> datetime:
    """Eleven in the morning, so many days after the evening on which it ended."""
    evening = pagecontext.local_day(event.ends_at - NIGHT, event.time_zone)
    day = evening + timedelta(days=days_after)
    return clock.instant(datetime.combine(day, MORNING), event.time_zone)


def _seen() -> ColumnElement[bool]:
    """Whether the party of the outer query's sign-up came in."""
    return exists().where(Arrival.sign_up_id == SignUp.id, Arrival.people > 0)


def _door_was_kept(event_id: int) -> ColumnElement[bool]:
    return exists().where(Arrival.event_id == event_id, Arrival.people > 0)


def _guests(event_id: int, *, missed: bool) -> ColumnElement[bool]:
    passes_door = and_(_door_was_kept(event_id), SignUp.part == Part.IN_PERSON)
    seen = _seen()
    return and_(
        SignUp.event_id == event_id,
        SignUp.state == SignUpState.CONFIRMED,
        and_(passes_door, ~seen) if missed else or_(~passes_door, seen),
    )


class AfterwordKind:
    """How the mail engine sends afterwords."""

    name = KIND

    def audience(self, mailing: Mailing) -> Select[Any, Any]:
        due = literal(mailing.due_at, UTCDateTime()).label("due_at")
        letter = mailing.facts["letter"]
        if letter in (THANKS, MISSED):
            where = _guests(mailing.subject_id, missed=letter == MISSED)
            return select(SignUp.person_id, due).where(where)
        alliance = select(Event.alliance_id).where(Event.id == mailing.subject_id)
        return (
            select(CoordinatorTerm.person_id, due)
            .where(CoordinatorTerm.alliance_id == alliance.scalar_subquery(), serves(clock.today()))
            .distinct()
        )

    def refusal(self, mailing: Mailing) -> ColumnElement[str]:
        same = exists().where(
            Event.id == mailing.subject_id,
            Event.state == EventState.PUBLISHED,
            Event.revision == mailing.revision,
        )
        reported = exists().where(ReportBack.event_id == mailing.subject_id)
        if mailing.facts["letter"] in (THANKS, MISSED):
            return case((~same, "event changed"), else_=None)
        return case((~same, "event changed"), (reported, "reported"), else_=None)

    def composer(self, mailing: Mailing, readers: Sequence[Reader]) -> Composer:
        event = db.scalars(
            select(Event).where(Event.id == mailing.subject_id).options(joinedload(Event.alliance))
        ).one()
        seats = _seats(event.id, [reader.person_id for reader in readers])
        kind = str(mailing.facts["letter"]).removesuffix("_again")
        by_language = {
            spoken: _letter(event, kind, spoken) for spoken in {each.language for each in readers}
        }
        senders = {spoken: mails.sender(event, spoken) for spoken in by_language}

        def compose(reader: Reader) -> Copy | None:
            own = seats.get(reader.person_id)
            if own is None and kind != REPORT:
                return None
            spoken = reader.language
            letter = by_language[spoken]
            slots = _own(event, own, reader)
            return Copy(
                letter.subject,
                letter.quoted_text.fill(slots),
                letter.quoted_html.fill(slots),
                senders[spoken],
            )

        return compose


def _letter(event: Event, kind: str, spoken: str) -> letters.Letter:
    """Those who took part online read it as well: it tells no private address."""
    return letters.letter(
        kind,
        spoken,
        letters.facts(event, spoken, seat=None),
        slots=SLOTS,
        own=own_letters.afterword(event, kind).read_in(spoken),
    )


def _own(event: Event, sign_up_id: int | None, reader: Reader) -> dict[str, str]:
    """What differs from reader to reader."""
    spoken, alliance = reader.language, event.alliance.slug
    asks = ""
    if sign_up_id is not None:
        token = tokens.sign(FEEDBACK, sign_up_id)
        asks = links.absolute("events.feedback", language=spoken, token=token)
    report = links.absolute("events.report", language=spoken, alliance=alliance, event_id=event.id)
    return {
        "name": reader.name,
        "feedback_url": asks,
        "report_url": report,
        "unsubscribe_url": reader.unsubscribe_url,
        "preferences_url": reader.preferences_url,
    }


def _seats(event_id: int, person_ids: Sequence[int]) -> dict[int, int]:
    rows = db.execute(
        select(SignUp.person_id, SignUp.id).where(
            SignUp.event_id == event_id, SignUp.person_id.in_(person_ids)
        )
    )
    return {row.person_id: row.id for row in rows}


registry.register(AfterwordKind())
registry.explain(reported=_l("The report is there already"))
