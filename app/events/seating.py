"""An event's seats while its lock is held: what is free, who is ahead of whom, who sits.

Every change of seats locks its event first (`lock`, or `queries.seen`), so that their number is
exact. Seats that are held or
offered count until their time is over, whether or not the sweep has released them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, case, func, select, update
from sqlalchemy.orm import joinedload

from app.events import queries
from app.events.models import Event, EventState, Part, SignUp, SignUpState, lowest
from app.events.questions import Answer
from app.foundation import clock
from app.foundation.db import UTCDateTime, db

HOLD = timedelta(minutes=30)
LOOSE = timedelta(hours=24)
"""So long before the start a party that needs more seats than are free no longer keeps them."""
MOST_GUESTS = 5


class EventClosed(Exception):
    """The event is a draft, cancelled or over: nobody can sign up or cancel any more."""


@dataclass(frozen=True)
class Wish:
    """What somebody asks for beside a seat of their own."""

    guests: tuple[str, ...] = ()
    takes_fewer: bool = False
    part: Part = Part.IN_PERSON
    answers: tuple[Answer, ...] = ()
    no_photo: bool = False
    shares: bool = False
    shift_ids: tuple[int, ...] = ()


ONE_SEAT = Wish()


@dataclass(frozen=True)
class Room:
    """An event's seats at the moment its lock was taken, and who is in line for them.

    None is no limit. `waits` counts those in line for each part.
    """

    whole: int | None
    parts: dict[Part, int | None]
    waits: dict[Part, int]
    next_place: int
    is_loose: bool

    @property
    def waiting(self) -> int:
        return sum(self.waits.values())

    def free(self, part: Part) -> int | None:
        return lowest(self.whole, self.parts[part])

    def seats_for(self, own: SignUp) -> int:
        """How many of the seats that a party wants are free: all, fewer if they take them, or 0."""
        free = self.free(own.part)
        if free is None or free >= own.seats:
            return own.seats
        return max(free, 0) if own.takes_fewer else 0

    def lets_in(self, own: SignUp) -> bool:
        """Whether a party gets all its seats at once, without passing anybody in line."""
        free = self.free(own.part)
        if free is None:
            return True
        return free >= own.seats and (self.is_loose or not self._is_behind_somebody(own.part))

    def _is_behind_somebody(self, part: Part) -> bool:
        """Those in line for the other part are before us if only the whole is full for them."""
        other = Part.ONLINE if part is Part.IN_PERSON else Part.IN_PERSON
        theirs = self.parts[other]
        wait_for_the_whole = self.whole is not None and (theirs is None or theirs > 0)
        return self.waits[part] > 0 or (self.waits[other] > 0 and wait_for_the_whole)

    def lacks_for_all(self, own: SignUp) -> bool:
        """Whether the event as a whole has too few seats for a party, not only its part."""
        return self.whole is not None and self.whole < own.seats

    def after(self, part: Part, seats: int) -> Room:
        """The room once so many seats are given away."""
        return replace(
            self,
            whole=None if self.whole is None else self.whole - seats,
            parts={
                each: left if left is None or each is not part else left - seats
                for each, left in self.parts.items()
            },
        )


def lock(event_id: int) -> Event:
    """The event as it is now, until the end of this transaction nobody else's to change."""
    return db.scalars(_locked(), {"event_id": event_id}).one()


def lock_open(event: Event) -> None:
    """Lock an event that people can sign up for, or raise EventClosed."""
    lock(event.id)
    if not is_open(event):
        raise EventClosed


def is_open(event: Event) -> bool:
    return event.state == EventState.PUBLISHED and event.ends_at > clock.now()


def measure(event: Event) -> Room:
    """What is free now, in one statement."""
    now = clock.now()
    row: Sequence[Any] = db.execute(_sums(), {"event_id": event.id, "now": now}).one()
    seats, seats_online, line, line_online, last = row
    return Room(
        whole=_left(event.capacity, seats),
        parts={
            Part.IN_PERSON: _left(event.seats_of(Part.IN_PERSON), seats - seats_online),
            Part.ONLINE: _left(event.seats_of(Part.ONLINE), seats_online),
        },
        waits={Part.IN_PERSON: line - line_online, Part.ONLINE: line_online},
        next_place=(last or 0) + 1,
        is_loose=event.starts_at - now <= LOOSE,
    )


@cache
def _sums() -> Select[*tuple[Any, ...]]:
    taken = case((queries.has_seat(bindparam("now", type_=UTCDateTime())), SignUp.seats), else_=0)
    online = case((SignUp.part == Part.ONLINE, taken), else_=0)
    waits = case((SignUp.state == SignUpState.WAITING, 1), else_=0)
    waits_online = case((SignUp.part == Part.ONLINE, waits), else_=0)
    sums: list[ColumnElement[int]] = [
        func.coalesce(func.sum(each, type_=Integer), 0)
        for each in (taken, online, waits, waits_online)
    ]
    of_event = SignUp.event_id == bindparam("event_id")
    return select(*sums, func.max(SignUp.place)).where(of_event)


def own_sign_up(event: Event, person_id: int) -> SignUp | None:
    return db.scalars(
        select(SignUp)
        .where(SignUp.event_id == event.id, SignUp.person_id == person_id)
        .execution_options(populate_existing=True)
    ).first()


def sign_ups_of(person_id: int) -> Sequence[SignUp]:
    """Everything that a person ever signed up for, by event."""
    return db.scalars(
        select(SignUp).where(SignUp.person_id == person_id).order_by(SignUp.event_id)
    ).all()


def take_down(event: Event, own: SignUp, wish: Wish) -> None:
    """Write what somebody asks for into their sign-up."""
    own.guests = list(wish.guests[:MOST_GUESTS])
    own.seats = 1 + len(own.guests)
    own.takes_fewer = wish.takes_fewer
    own.part = part_of(event, wish.part)
    own.answers = [vars(answer) for answer in wish.answers]
    own.no_photo = wish.no_photo
    own.shares = wish.shares


def part_of(event: Event, wanted: Part) -> Part:
    """How somebody takes part: only an event that is held both ways lets them choose."""
    return wanted if wanted in event.parts else event.parts[0]


def keep_parts(event: Event) -> None:
    """Who was to come in a way in which the event is no longer held takes part in the other."""
    gone = (SignUp.event_id == event.id, SignUp.part.not_in(event.parts))
    db.execute(update(SignUp).where(*gone).values(part=event.parts[0]))


def new_sign_up(event: Event, person_id: int, place: int) -> SignUp:
    own = SignUp(
        event_id=event.id,
        person_id=person_id,
        state=SignUpState.HELD,
        place=place,
        seats=1,
        part=part_of(event, Part.IN_PERSON),
        takes_fewer=False,
        offers=0,
        guests=[],
        answers=[],
        created_at=clock.now(),
    )
    db.add(own)
    return own


def keeps(own: SignUp) -> bool:
    """Whether somebody has a seat, a promise of one, or a place in line."""
    if own.state in (SignUpState.CONFIRMED, SignUpState.WAITING):
        return True
    return is_promised(own)


def is_promised(own: SignUp) -> bool:
    """Whether seats are kept until somebody presses a link, and the time is not over."""
    return (
        own.state in (SignUpState.HELD, SignUpState.OFFERED)
        and own.held_until is not None
        and own.held_until > clock.now()
    )


def seat(own: SignUp) -> None:
    own.state = SignUpState.CONFIRMED
    own.confirmed_at = clock.now()
    own.held_until = None
    own.cancelled_at = None


def close(own: SignUp) -> None:
    own.state = SignUpState.CANCELLED
    own.held_until = None
    own.cancelled_at = clock.now()


def rank(own: SignUp) -> int:
    """Which of two sign-ups of one person is the better one."""
    order = (
        SignUpState.CANCELLED,
        SignUpState.HELD,
        SignUpState.WAITING,
        SignUpState.OFFERED,
        SignUpState.CONFIRMED,
    )
    return order.index(own.state)


def _left(capacity: int | None, taken: int) -> int | None:
    return None if capacity is None else capacity - taken


@cache
def _locked() -> Select[Event]:
    return (
        select(Event)
        .where(Event.id == bindparam("event_id"))
        .options(joinedload(Event.alliance))
        .with_for_update(of=Event)
        .execution_options(populate_existing=True)
    )
