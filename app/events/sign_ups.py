"""Seats: signing up, holding, confirming, waiting, cancelling, and who comes next.

Every change locks its event first, so that the number of seats given away is exact. Held seats
count until their half hour is over, whether or not the sweep has released them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Integer, Select, case, delete, func, select, update
from sqlalchemy.orm import joinedload

from app.accounts import links as account_links
from app.events import mails, queries
from app.events.mails import Recipient
from app.events.models import Event, EventState, SignUp, SignUpState
from app.foundation import clock, geo
from app.foundation.db import db
from app.people import actions as people
from app.people.models import Standing

HOLD = timedelta(minutes=30)
SEATED = (SignUpState.CONFIRMED, SignUpState.WAITING)


class EventClosed(Exception):
    """The event is a draft, cancelled or over: nobody can sign up or cancel any more."""


class NoSuchEvent(LookupError):
    """No event that visitors can see has this address."""


@dataclass(frozen=True)
class Visitor:
    """What somebody without an account typed."""

    name: str
    email: str
    place: geo.Place | None
    language: str


@dataclass(frozen=True)
class _Room:
    """An event's seats at the moment its lock was taken, and who is next in line."""

    free: int | None
    waiting: int
    next_place: int

    @property
    def has_seat(self) -> bool:
        return self.free is None or self.free > 0


def sign_up(event: Event, person_id: int) -> SignUp:
    """Give a confirmed person a seat or a place in line; once, however often it is asked.

    Raises EventClosed.
    """
    _lock_open(event)
    own = _own(event, person_id)
    if own is not None and own.state in SEATED:
        return own
    room = _room(event)
    own = own or _new(event, person_id, room.next_place)
    _settle(event, own, room)
    return own


def hold(slug: str, visitor: Visitor, next_url: str) -> SignUp | None:
    """Hold a seat, if one is free, for half an hour until a visitor confirms by mail.

    Sent twice it is one sign-up, and whoever has a seat keeps it. None, and nothing kept, where
    the address got its mails already and the name is new there. Raises NoSuchEvent, EventClosed.
    """
    event = _lock_public(slug)  # before the person is looked for, so that the same form finds them
    address = people.address_for(visitor.email)
    may_write = account_links.may_write_to(address)
    known = people.namesake(address, visitor.name)
    if known is None and not may_write:
        return None
    if known is not None and known.standing not in (Standing.UNCONFIRMED, Standing.ACTIVE):
        return None
    person = known or people.new_visitor(visitor.name, address, visitor.place, visitor.language)
    own = _held(event, person.id, _own(event, person.id) if known else None)
    if may_write:
        mails.post_please_confirm(event, Recipient(person, address), visitor.language, next_url)
    return own


def _held(event: Event, person_id: int, own: SignUp | None) -> SignUp:
    if own is not None and (own.state in SEATED or _is_held(own)):
        return own
    room = _room(event)
    own = own or _new(event, person_id, room.next_place)
    own.state = SignUpState.HELD
    own.held_until = clock.now() + HOLD if room.has_seat else None
    own.cancelled_at = None
    return own


def confirm_held(person_id: int, about: str) -> None:
    """A person confirmed the wish `about`: it becomes a seat or a place in line."""
    for event_id in _events_with_held(person_id):
        if mails.wish(event_id) != about:
            continue
        event = lock(event_id)
        own = _own(event, person_id)
        if own is None or own.state != SignUpState.HELD:
            continue
        if not _is_open(event):
            _close(own)
        elif _is_held(own):
            _seat(event, own)
        else:
            _settle(event, own, _room(event))


def cancel(sign_up: SignUp) -> None:
    """Give a seat back; the first in line gets it at once. Raises EventClosed once it is over."""
    event = lock(sign_up.event_id)
    db.refresh(sign_up)
    if sign_up.state == SignUpState.CANCELLED:
        return
    if event.ends_at <= clock.now():
        raise EventClosed
    _close(sign_up)
    db.flush()
    fill(event)


def fill(event: Event) -> Sequence[SignUp]:
    """Give free seats to the first in line and tell them; the event is locked by the caller."""
    room = _measured(event)
    if not room.waiting or not room.has_seat or not _is_open(event):
        return ()
    line = db.scalars(
        select(SignUp)
        .where(SignUp.event_id == event.id, SignUp.state == SignUpState.WAITING)
        .order_by(SignUp.place, SignUp.id)
        .limit(room.free)
    ).all()
    for own in line:
        own.state = SignUpState.CONFIRMED
        own.confirmed_at = clock.now()
        mails.post_seat_found(event, own)
    db.flush()
    return line


def forget_unconfirmed() -> None:
    """Delete what somebody may have typed in another's name and nobody confirmed in seven days."""
    db.execute(
        delete(SignUp).where(
            SignUp.state == SignUpState.HELD,
            SignUp.held_until < clock.now() - account_links.LIFETIME,
        )
    )


def release_due() -> Sequence[int]:
    """The events with seats that were held for half an hour and are free again."""
    return db.scalars(
        select(SignUp.event_id)
        .where(SignUp.state == SignUpState.HELD, SignUp.held_until <= clock.now())
        .distinct()
        .order_by(SignUp.event_id)
    ).all()


def release(event_id: int) -> None:
    """Free the seats of one event whose half hour is over, and give them to the line."""
    event = lock(event_id)
    db.execute(
        update(SignUp)
        .where(
            SignUp.event_id == event_id,
            SignUp.state == SignUpState.HELD,
            SignUp.held_until <= clock.now(),
        )
        .values(held_until=None)
    )
    fill(event)


def hand_over(from_id: int, into_id: int) -> None:
    """Two records are one person: each event keeps the better of their two sign-ups."""
    for own in _of_person(from_id):
        event = lock(own.event_id)
        other = _own(event, into_id)
        if other is None:
            own.person_id = into_id
        elif _rank(own) > _rank(other):
            db.delete(other)
            db.flush()
            own.person_id = into_id
        else:
            db.delete(own)
        db.flush()
        fill(event)


def withdraw_all(person_id: int) -> None:
    """A person's data is erased: their seats at what is still to come are free for others."""
    for own in _of_person(person_id):
        event = lock(own.event_id)
        if event.ends_at > clock.now() and own.state != SignUpState.CANCELLED:
            _close(own)
            db.flush()
            fill(event)


def lock(event_id: int) -> Event:
    """The event as it is now, until the end of this transaction nobody else's to change."""
    return db.scalars(_locked().where(Event.id == event_id)).one()


def _lock_public(slug: str) -> Event:
    event = db.scalars(_locked().where(Event.slug == slug)).first()
    if event is None or event.state == EventState.DRAFT:
        raise NoSuchEvent(slug)
    if not _is_open(event):
        raise EventClosed
    return event


def _lock_open(event: Event) -> None:
    lock(event.id)
    if not _is_open(event):
        raise EventClosed


def _locked() -> Select[Event]:
    return (
        select(Event)
        .options(joinedload(Event.alliance))
        .with_for_update(of=Event)
        .execution_options(populate_existing=True)
    )


def _is_open(event: Event) -> bool:
    return event.state == EventState.PUBLISHED and event.ends_at > clock.now()


def _room(event: Event) -> _Room:
    """What is free, after those in line have taken what is theirs."""
    room = _measured(event)
    if room.waiting and room.has_seat:
        fill(event)
        room = _measured(event)
    return room


def _measured(event: Event) -> _Room:
    taken, waiting, last = db.execute(
        select(
            func.sum(case((queries.has_seat(clock.now()), 1), else_=0), type_=Integer),
            func.sum(case((SignUp.state == SignUpState.WAITING, 1), else_=0), type_=Integer),
            func.max(SignUp.place),
        ).where(SignUp.event_id == event.id)
    ).one()
    free = None if event.capacity is None else event.capacity - (taken or 0)
    return _Room(free, waiting or 0, (last or 0) + 1)


def _own(event: Event, person_id: int) -> SignUp | None:
    return db.scalars(
        select(SignUp)
        .where(SignUp.event_id == event.id, SignUp.person_id == person_id)
        .execution_options(populate_existing=True)
    ).first()


def _new(event: Event, person_id: int, place: int) -> SignUp:
    own = SignUp(
        event_id=event.id,
        person_id=person_id,
        state=SignUpState.HELD,
        place=place,
        created_at=clock.now(),
    )
    db.add(own)
    return own


def _settle(event: Event, own: SignUp, room: _Room) -> None:
    """A seat if one is free, else the end of the line; either is told by mail."""
    if room.has_seat:
        _seat(event, own)
        return
    own.state = SignUpState.WAITING
    own.place = room.next_place
    own.held_until = None
    own.cancelled_at = None
    db.flush()
    mails.post_waiting(event, own)


def _seat(event: Event, own: SignUp) -> None:
    own.state = SignUpState.CONFIRMED
    own.confirmed_at = clock.now()
    own.held_until = None
    own.cancelled_at = None
    db.flush()
    mails.post_confirmed(event, own)


def _close(own: SignUp) -> None:
    own.state = SignUpState.CANCELLED
    own.held_until = None
    own.cancelled_at = clock.now()


def _is_held(own: SignUp) -> bool:
    return (
        own.state == SignUpState.HELD
        and own.held_until is not None
        and own.held_until > clock.now()
    )


def _rank(own: SignUp) -> int:
    order = (SignUpState.CANCELLED, SignUpState.HELD, SignUpState.WAITING, SignUpState.CONFIRMED)
    return order.index(own.state)


def _events_with_held(person_id: int) -> Iterable[int]:
    return db.scalars(
        select(SignUp.event_id)
        .where(SignUp.person_id == person_id, SignUp.state == SignUpState.HELD)
        .order_by(SignUp.event_id)
    ).all()


def _of_person(person_id: int) -> Sequence[SignUp]:
    return db.scalars(
        select(SignUp).where(SignUp.person_id == person_id).order_by(SignUp.event_id)
    ).all()
