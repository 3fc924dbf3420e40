"""The plan of an event: what is to be done before, on and after its day (DOMAIN, section 2).

The small plan is the default; the full one adds the rest. Renewals and what is asked of an office
stand in the full plan.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from app.alliances.models import Alliance
from app.events import words
from app.events.models import Event, EventState
from app.foundation import clock
from app.foundation.db import db
from app.work import actions as work
from app.work.models import ToDo, ToDoState
from app.work.registry import About, Subject, register
from app.work.spacing import Step

SUBJECT = "event"

STEPS = (
    Step("owners", _l("See which renewals are open, and find somebody for each to-do"), 120, 60),
    Step("ask-sponsor", _l("Ask a council member to sponsor the resolution"), 90, 45, office=True),
    Step("send-text", _l("Send the text and its sources to the sponsor"), 75, 40, office=True),
    Step("format", _l("Settle format, venue, partners and access"), 60, 10, small=True),
    Step("proclamation", _l("Request the proclamation"), 45, 14, office=True),
    Step("speakers", _l("Find speakers and co-sponsors"), 42, 7, small=True),
    Step("page-live", _l("Put the page online and send the first mail"), 30, 5, small=True),
    Step("press-release", _l("Send the press release"), 21, 7, office=True),
    Step("reconfirm", _l("Confirm the speakers once more"), 14, 4, small=True),
    Step("second-mail", _l("Send the second mail"), 7, 3),
    Step("advisory", _l("Send the media advisory"), 5, 2, office=True),
    Step("call-round", _l("Ask everybody whether they are coming"), 5, 1, small=True),
    Step("agenda", _l("Check the posted agenda and sign up to speak"), 3, 2, office=True),
    Step("remind", _l("Check that the reminder went out"), 1, 1),
    Step("at-the-door", _l("Welcome people at the door, and take photos"), 0, small=True),
    Step("thanks", _l("Thank everybody, and report how it was"), -1, small=True),
    Step("debrief", _l("Talk over what went well and what did not"), -7, small=True),
    Step("record", _l("Keep the record for next year"), -30),
)
SMALL = tuple(step for step in STEPS if step.small)


def begin(event: Event, *, full: bool, owner_id: int | None) -> Sequence[Step]:
    """Plan an event from today; which steps no longer fit. Doing it again adds what is missing."""
    return work.begin(_of(event), STEPS if full else SMALL, owner_id)


def add(event: Event, title: str, due_on: date, owner_id: int | None) -> None:
    """One more to-do in somebody's own words."""
    work.add(_of(event), title, due_on, owner_id)


def move(event: Event, was: datetime, ended: datetime) -> None:
    """The event is on another day: so are its open to-dos, and those that its end had closed.

    `was` and `ended` are its wall time and its end until now.
    """
    days = event.wall_start.date() - was.date()
    if days:
        work.take_up(SUBJECT, event.id, since=ended)
        work.move(_of(event), days)


def close_over() -> int:
    """Leave out what is late and cannot be done any more, because its event is over; how much.

    Of an event that was never published nothing is left to do.
    """
    before = or_(ToDo.days_before >= 0, Event.state != EventState.PUBLISHED)
    rows = db.execute(
        select(ToDo, Event.time_zone)
        .join(Event, Event.id == ToDo.subject_id)
        .where(
            ToDo.subject == SUBJECT,
            ToDo.key.is_not(None),
            ToDo.state == ToDoState.OPEN,
            Event.ends_at < clock.now(),
            before,
        )
        .order_by(ToDo.id)
    )
    late = [to_do for to_do, zone in rows if to_do.due_on < clock.today(zone)]
    for to_do in late:
        work.drop(to_do)
    return len(late)


def closed_by_end(event: Event, to_dos: Sequence[ToDo]) -> Sequence[ToDo]:
    """The steps of a plan that were left out because the event is over."""
    return [
        each
        for each in to_dos
        if each.key
        and each.state == ToDoState.DROPPED
        and each.closed_at is not None
        and each.closed_at >= event.ends_at
    ]


def call_off(event: Event) -> None:
    """The event is cancelled; what is open need not be done."""
    work.drop_open(SUBJECT, event.id)


def forget(event: Event) -> None:
    """The draft is thrown away."""
    work.forget(SUBJECT, event.id)


def _of(event: Event) -> work.Of:
    return work.Of(
        alliance_id=event.alliance_id,
        subject=SUBJECT,
        subject_id=event.id,
        day=event.wall_start.date(),
        today=clock.today(event.time_zone),
    )


def _describe(event_ids: Collection[int]) -> Mapping[int, About]:
    if not event_ids:
        return {}
    rows = db.execute(
        select(Event.id, Event.title, Event.title_es, Event.wall_start, Alliance.slug)
        .join(Event.alliance)
        .where(Event.id.in_(event_ids))
    )
    return {
        number: About(
            words.in_language(title, title_es),
            "events.plan",
            {"alliance": slug, "event_id": number},
            wall_start.date(),
        )
        for number, title, title_es, wall_start, slug in rows
    }


register(Subject(SUBJECT, {step.key: step.title for step in STEPS}, _describe))
