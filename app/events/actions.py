"""What organizers do with events: draft, change, publish, move, cancel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.audit import audit
from app.alliances.models import Alliance
from app.events import (
    calls,
    cloning,
    co_hosts,
    mails,
    plans,
    queries,
    reminders,
    seating,
    waiting,
    words,
)
from app.events.letters import Was
from app.events.models import Event, EventKind, EventState, SignUp
from app.events.series_models import EventSeries
from app.foundation import clock, geo, language
from app.foundation.db import db
from app.people.models import Person


class StaleVersion(Exception):
    """Somebody else saved the event since this form was opened."""


class TooFewSeats(Exception):
    """More seats are taken than would be left; `taken` says how many."""

    def __init__(self, taken: int) -> None:
        super().__init__(f"{taken} seats are taken")
        self.taken = taken


class EventOver(Exception):
    """The event's time has passed."""


class AlreadyCancelled(Exception):
    """A cancelled event stays as it was."""


class NoWayIn(Exception):
    """An online event cannot be published without the link by which people take part."""


@dataclass(frozen=True)
class Plan:
    """What the organizers decide about an event."""

    kind: EventKind
    title: str
    wall_start: datetime
    time_zone: str
    minutes: int
    is_online: bool = False
    venue: str = ""
    street: str = ""
    place: geo.Place | None = None
    online_link: str = ""
    capacity: int | None = None
    access: str = ""
    description: str = ""
    edition_id: int | None = None


@dataclass(frozen=True)
class _Told:
    """What people were told: a change of it is a new revision."""

    time: tuple[datetime, datetime, str]
    place: tuple[bool, str, str, str | None]
    online_link: str


def draft(alliance: Alliance, plan: Plan, by_id: int | None) -> Event:
    """A new event that only its organizers see."""
    now = clock.now()
    event = Event(
        alliance=alliance,
        slug="",
        state=EventState.DRAFT,
        created_by_id=by_id,
        created_at=now,
        updated_at=now,
        revision=1,
        version=1,
    )
    _apply(event, plan)
    event.slug = cloning.free_slug(event)
    db.add(event)
    db.flush()
    audit("events", "draft", event.id)
    return event


def save(event: Event, plan: Plan, *, version: int) -> None:
    """Change an event that stands at `version`; a new time or place is told to all who come.

    Raises StaleVersion, TooFewSeats, AlreadyCancelled.
    """
    event = seating.lock(event.id)
    if event.state == EventState.CANCELLED:
        raise AlreadyCancelled
    if event.version != version:
        raise StaleVersion
    _check_seats(event, plan.capacity)
    before, was, day, ended = _told(event), _as_told(event), event.wall_start, event.ends_at
    _apply(event, plan)
    plans.move(event, day, ended)
    touch(event)
    seating.keep_parts(event)
    if event.state == EventState.DRAFT:
        event.slug = cloning.free_slug(event)
    elif before != _told(event):
        _tell_of_move(event, before, was)
    db.flush()
    waiting.fill(event)
    audit("events", "change", event.id, version=event.version)


def publish(event: Event) -> None:
    """Let everybody see it and sign up; schedules its reminders. Raises EventOver, NoWayIn."""
    event = seating.lock(event.id)
    if event.state != EventState.DRAFT:
        return
    if event.starts_at <= clock.now():
        raise EventOver
    if event.is_online and not event.online_link:
        raise NoWayIn
    event.state = EventState.PUBLISHED
    event.published_at = clock.now()
    touch(event)
    db.flush()
    reminders.schedule(event)
    calls.take_up(event)
    audit("events", "publish", event.id)


def cancel(event: Event, reason: str) -> int:
    """Call a published event off and tell all who are signed up; how many those are.

    Raises EventOver. Doing it twice tells nobody twice.
    """
    event = seating.lock(event.id)
    if event.state != EventState.PUBLISHED:
        return 0
    if event.ends_at <= clock.now():
        raise EventOver
    event.state = EventState.CANCELLED
    event.cancel_reason = reason
    event.cancelled_at = clock.now()
    event.revision += 1
    touch(event)
    db.flush()
    reminders.cancel(event)
    plans.call_off(event)
    people = signed_up(event)
    mails.post_cancelled(event, people)
    co_hosts.tell(event)
    audit("events", "cancel", event.id, told=len(people))
    return len(people)


def discard(event: Event) -> bool:
    """Throw a draft away; False, and nothing done, for anything else."""
    event = seating.lock(event.id)
    if event.state != EventState.DRAFT:
        return False
    audit("events", "discard", event.id)
    _skip(event)
    plans.forget(event)
    db.delete(event)
    return True


def signed_up(event: Event) -> Sequence[tuple[SignUp, Person]]:
    """Those with a seat or in line, in order."""
    rows = db.execute(
        select(SignUp, Person)
        .join(SignUp.person)
        .where(SignUp.event_id == event.id, SignUp.state.in_(queries.ATTENDING))
        .order_by(SignUp.place, SignUp.id)
        .options(joinedload(Person.address))
    )
    return [(row.SignUp, row.Person) for row in rows]


def _apply(event: Event, plan: Plan) -> None:
    event.kind = plan.kind
    event.title = plan.title
    event.description = plan.description
    event.wall_start = plan.wall_start
    event.time_zone = plan.time_zone
    event.minutes = plan.minutes
    event.starts_at = clock.checked_instant(plan.wall_start, plan.time_zone)
    event.ends_at = event.starts_at + timedelta(minutes=plan.minutes)
    event.is_online = plan.is_online
    event.venue = plan.venue
    event.street = plan.street
    event.online_link = plan.online_link
    event.capacity = plan.capacity
    event.access = plan.access
    event.edition_id = plan.edition_id
    locate(event, plan.place)


def locate(event: Event, place: geo.Place | None) -> None:
    """Where it is on the map: online, or at a private address, where its alliance is."""
    where = place or event.alliance
    shown = event.alliance if event.address_is_private else where
    event.zip = where.zip
    event.city = where.city
    event.us_state = where.state
    event.latitude = shown.latitude
    event.longitude = shown.longitude


def _skip(event: Event) -> None:
    """The series of a date that is thrown away does not make it again."""
    if event.series_id is not None and event.series_on is not None:
        series = db.get_one(EventSeries, event.series_id)
        series.skipped = [*series.skipped, event.series_on.isoformat()]


def touch(event: Event) -> None:
    """Note that the event was saved once more."""
    event.version += 1
    event.updated_at = clock.now()


def _check_seats(event: Event, capacity: int | None) -> None:
    if capacity is None or capacity == event.capacity:
        return
    taken = queries.count(event.id).taken
    if capacity < taken:
        raise TooFewSeats(taken)


def _told(event: Event) -> _Told:
    return _Told(
        (event.starts_at, event.ends_at, event.time_zone),
        (event.is_online, event.venue, event.street, event.zip),
        event.online_link,
    )


def _as_told(event: Event) -> Mapping[str, Was]:
    """Time and place as the mails in each language have said them."""
    told = {}
    for spoken in language.LANGUAGES:
        with language.speaking(spoken):
            told[spoken] = Was(words.when(event), words.place(event), words.place(event, told=True))
    return told


def _tell_of_move(event: Event, before: _Told, was: Mapping[str, Was]) -> None:
    after = _told(event)
    time, place = before.time != after.time, before.place != after.place
    event.revision += 1
    db.flush()
    reminders.reschedule(event)
    moved = {
        spoken: replace(each, time_moved=time, place_moved=place) for spoken, each in was.items()
    }
    mails.post_moved(event, moved, signed_up(event))
    if time or place:
        co_hosts.tell(event, moved)
