"""The waiting list: who is next, what is offered to them, and what becomes of an offer.

The line is strict. Free seats are offered to the first party, and kept for it until there are
enough for all of it, unless it said that it takes fewer; so no large party starves. In the last
24 hours seats that the first cannot use go to whoever behind them can. An offer runs 24 hours, near
the event a quarter of the time that is left but no less than 15 minutes, and never beyond the
start. One that runs out goes to the next, and its party is off the list.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ScalarSelect, Select, case, func, or_, select, update

from app.events import mails, queries, seating, shifts
from app.events.models import Event, EventState, Part, SignUp, SignUpState
from app.events.seating import EventClosed, Room
from app.foundation import clock
from app.foundation.db import db
from app.people.models import Person

WINDOW = timedelta(hours=24)
SHORTEST = timedelta(minutes=15)
SHARE_OF_WHAT_IS_LEFT = 4


class OfferOver(Exception):
    """The time to take an offered seat is over, or it was given back."""


def claim_until(starts_at: datetime, now: datetime) -> datetime:
    """Until when an offer that is made now can be taken."""
    left = starts_at - now
    window = min(WINDOW, max(left / SHARE_OF_WHAT_IS_LEFT, SHORTEST))
    return min(now + window, starts_at)


def fill(event: Event) -> Sequence[SignUp]:
    """Offer free seats to the first in line and tell them; the event is locked by the caller.

    Somebody without an e-mail address, whom no offer can reach, has the seat at once and is on the
    call sheet.
    """
    room = seating.measure(event)
    if not room.waiting or not _makes_offers(event):
        return ()
    served = []
    for own, seats in _served(event, room):
        own.seats = seats
        served.append(own)
    db.flush()
    for own in served:
        if own.state == SignUpState.OFFERED:
            mails.post_offer(event, own)
    return served


def _served(event: Event, room: Room) -> list[tuple[SignUp, int]]:
    """Who in line gets how many seats, in order."""
    found: list[tuple[SignUp, int]] = []
    blocked: set[Part] = set()
    for own, address_id in _line(event.id):
        if room.whole == 0 or len(blocked) == len(Part):
            break
        if own.part in blocked:
            continue
        seats = room.seats_for(own)
        if seats:
            _serve(event, own, by_mail=address_id is not None)
            found.append((own, seats))
            room = room.after(own.part, seats)
        elif not room.is_loose:
            blocked |= set(Part) if room.lacks_for_all(own) else {own.part}
    return found


def _line(event_id: int) -> Sequence[tuple[SignUp, int | None]]:
    rows = db.execute(
        select(SignUp, Person.address_id)
        .join(SignUp.person)
        .where(SignUp.event_id == event_id, SignUp.state == SignUpState.WAITING)
        .order_by(SignUp.place, SignUp.id)
    )
    return [(row.SignUp, row.address_id) for row in rows]


def _serve(event: Event, own: SignUp, *, by_mail: bool) -> None:
    if not by_mail:
        seating.seat(own)
        return
    own.state = SignUpState.OFFERED
    own.offers += 1
    own.held_until = claim_until(event.starts_at, clock.now())


def claim(own: SignUp, guests: Sequence[str] | None = None) -> None:
    """Take an offered seat; `guests` are those who still come. Twice is once.

    Raises OfferOver, EventClosed.
    """
    event = seating.lock(own.event_id)
    db.refresh(own)
    if own.state == SignUpState.CONFIRMED:
        return
    if not seating.is_open(event):
        raise EventClosed
    if own.state != SignUpState.OFFERED or not seating.is_promised(own):
        raise OfferOver
    coming = list(own.guests if guests is None else guests)[: own.seats - 1]
    gives_back = own.seats - 1 - len(coming)
    own.guests = coming
    own.seats = 1 + len(coming)
    seating.seat(own)
    shifts.drop_what_is_full(own)
    db.flush()
    mails.post_confirmed(event, own)
    if gives_back:
        fill(event)


def room_for_the_next(event: Event) -> Room:
    """What is free, after those in line have been offered what is theirs."""
    room = seating.measure(event)
    if room.waiting and room.whole != 0 and fill(event):
        room = seating.measure(event)
    return room


def release_due() -> Sequence[int]:
    """The events with seats whose time is over, or that somebody in line could have."""
    now = clock.now()
    over = select(SignUp.event_id).where(
        SignUp.state.in_((SignUpState.HELD, SignUpState.OFFERED)), SignUp.held_until <= now
    )
    return sorted({*db.scalars(over), *db.scalars(_loosened(now))})


def _loosened(now: datetime) -> Select[int]:
    """Events near their start with seats that the first in line cannot use but another can."""
    here = SignUp.part == Part.IN_PERSON
    of_part = case((here, Event.seats_at_place), else_=Event.seats_online)
    room = [
        (Event.capacity, _taken(now)),
        (of_part, case((here, _taken(now, Part.IN_PERSON)), else_=_taken(now, Part.ONLINE))),
    ]
    wants = case((SignUp.takes_fewer, 1), else_=SignUp.seats)
    return (
        select(Event.id)
        .join(SignUp, SignUp.event_id == Event.id)
        .where(
            Event.state == EventState.PUBLISHED,
            Event.starts_at > now,
            Event.starts_at <= now + seating.LOOSE,
            SignUp.state == SignUpState.WAITING,
            *(or_(limit.is_(None), wants <= limit - taken) for limit, taken in room),
        )
        .distinct()
    )


def _taken(now: datetime, *parts: Part) -> ScalarSelect[int]:
    """The seats of an event that are given away, in all its parts or in those named."""
    of_parts = [SignUp.part.in_(parts)] if parts else []
    return (
        select(func.coalesce(func.sum(SignUp.seats), 0))
        .where(SignUp.event_id == Event.id, queries.has_seat(now), *of_parts)
        .correlate(Event)
        .scalar_subquery()
    )


def release(event_id: int) -> None:
    """Free the seats of one event whose time is over, and offer them to the line."""
    event = seating.lock(event_id)
    now = clock.now()
    over = (SignUp.event_id == event_id, SignUp.held_until <= now)
    db.execute(
        update(SignUp).where(*over, SignUp.state == SignUpState.HELD).values(held_until=None)
    )
    db.execute(
        update(SignUp)
        .where(*over, SignUp.state == SignUpState.OFFERED)
        .values(state=SignUpState.CANCELLED, cancelled_at=now)
    )
    fill(event)


def _makes_offers(event: Event) -> bool:
    """Once it has begun, whoever is at the door is let in there."""
    return event.state == EventState.PUBLISHED and event.starts_at > clock.now()
