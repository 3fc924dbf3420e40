"""Signing up: holding a visitor's seat, confirming, cancelling, coming by the door or by voice.

Every change locks its event first, so that the number of seats given away is exact (see seating);
who comes next is the waiting list's to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from app.accounts import links as account_links
from app.events import consents, mails, shifts, waiting
from app.events.mails import Recipient
from app.events.models import Event, SignUp, SignUpState
from app.events.seating import (
    HOLD,
    ONE_SEAT,
    EventClosed,
    Room,
    Wish,
    close,
    is_open,
    is_promised,
    keeps,
    lock,
    lock_open,
    new_sign_up,
    own_sign_up,
    rank,
    seat,
    sign_ups_of,
    take_down,
)
from app.foundation import clock, geo
from app.foundation.db import db
from app.people import actions as people
from app.people.models import Standing


@dataclass(frozen=True)
class Visitor:
    """What somebody without an account typed about themselves."""

    name: str
    email: str
    place: geo.Place | None
    language: str


def sign_up(event: Event, person_id: int, wish: Wish = ONE_SEAT) -> SignUp:
    """Give a confirmed person their seats or a place in line; once, however often it is asked.

    Raises EventClosed, ShiftFull.
    """
    lock_open(event)
    own = own_sign_up(event, person_id)
    if own is not None and own.state != SignUpState.HELD and keeps(own):
        return own
    if own is not None and is_promised(own):
        _seat(event, own)
        return own
    room = waiting.room_for_the_next(event)
    own = own or new_sign_up(event, person_id, room.next_place)
    take_down(event, own, wish)
    shifts.choose(own, wish.shift_ids)
    _settle(event, own, room)
    return own


def hold(event: Event, visitor: Visitor, next_url: str, wish: Wish = ONE_SEAT) -> SignUp | None:
    """Hold seats, if they are free, for half an hour until a visitor confirms by mail.

    Sent twice it is one sign-up, and whoever has a seat keeps it. None, and nothing kept, where
    the address got its mails already and the name is new there. The caller has
    locked the event, so that the same form finds the person. Raises EventClosed, ShiftFull.
    """
    if not is_open(event):
        raise EventClosed
    address, known = people.who_is(visitor.email, visitor.name)
    may_write = account_links.may_write_to(address)
    if known is None and not may_write:
        return None
    if known is not None and known.standing not in (Standing.UNCONFIRMED, Standing.ACTIVE):
        return None
    person = known or people.new_visitor(visitor.name, address, visitor.place, visitor.language)
    own = _held(event, person.id, own_sign_up(event, person.id) if known else None, wish)
    if may_write:
        mails.post_please_confirm(event, Recipient(person, address), visitor.language, next_url)
    return own


def _held(event: Event, person_id: int, own: SignUp | None, wish: Wish) -> SignUp:
    if own is not None and keeps(own):
        return own
    room = waiting.room_for_the_next(event)
    own = own or new_sign_up(event, person_id, room.next_place)
    take_down(event, own, wish)
    shifts.choose(own, wish.shift_ids)
    own.state = SignUpState.HELD
    own.held_until = clock.now() + HOLD if room.lets_in(own) else None
    own.cancelled_at = None
    return own


def confirm_held(person_id: int, about: str) -> None:
    """A person confirmed the wish `about`: it becomes their seats or a place in line."""
    for event_id in _events_with_held(person_id):
        if mails.wish(event_id) != about:
            continue
        event = lock(event_id)
        own = own_sign_up(event, person_id)
        if own is None or own.state != SignUpState.HELD:
            continue
        if not is_open(event):
            close(own)
        elif is_promised(own):
            _seat(event, own)
        else:
            shifts.drop_what_is_full(own)
            _settle(event, own, waiting.room_for_the_next(event))


def cancel(sign_up: SignUp) -> None:
    """Give the seats back; the first in line is offered them at once. Raises EventClosed."""
    event = lock(sign_up.event_id)
    db.refresh(sign_up)
    if sign_up.state == SignUpState.CANCELLED:
        return
    if event.ends_at <= clock.now():
        raise EventClosed
    close(sign_up)
    db.flush()
    waiting.fill(event)


def wait_again(own: SignUp) -> None:
    """Somebody whose offer ran out wants a seat after all, or the end of the line.

    Raises EventClosed.
    """
    event = lock(own.event_id)
    db.refresh(own)
    if not is_open(event):
        raise EventClosed
    if not keeps(own):
        _settle(event, own, waiting.room_for_the_next(event))


def forget_unconfirmed() -> None:
    """Delete what somebody may have typed in another's name and nobody confirmed in seven days."""
    db.execute(
        delete(SignUp).where(
            SignUp.state == SignUpState.HELD,
            SignUp.held_until < clock.now() - account_links.LIFETIME,
        )
    )


def hand_over(from_id: int, into_id: int) -> None:
    """Two records are one person: each event keeps the better of their two sign-ups."""
    for own in sign_ups_of(from_id):
        event = lock(own.event_id)
        other = own_sign_up(event, into_id)
        if other is None:
            own.person_id = into_id
        elif rank(own) > rank(other):
            db.delete(other)
            db.flush()
            own.person_id = into_id
        else:
            db.delete(own)
        db.flush()
        waiting.fill(event)
    for column in (SignUp.asked_by_id, SignUp.said_to_id):
        db.execute(update(SignUp).where(column == from_id).values({column: into_id}))


def withdraw_all(person_id: int) -> None:
    """A person's data is erased: their seats at what is still to come are free for others."""
    for own in sign_ups_of(person_id):
        event = lock(own.event_id)
        if event.ends_at > clock.now() and own.state != SignUpState.CANCELLED:
            close(own)
            db.flush()
            waiting.fill(event)


def _settle(event: Event, own: SignUp, room: Room) -> None:
    """Their seats if those are free, else the end of the line; either is told by mail."""
    if room.lets_in(own):
        _seat(event, own)
        return
    own.state = SignUpState.WAITING
    own.place = room.next_place
    own.held_until = None
    own.cancelled_at = None
    consents.note(own)
    db.flush()
    mails.post_waiting(event, own)
    if own.takes_fewer:
        waiting.fill(event)


def _seat(event: Event, own: SignUp) -> None:
    seat(own)
    consents.note(own)
    db.flush()
    mails.post_confirmed(event, own)


def _events_with_held(person_id: int) -> Iterable[int]:
    found: Sequence[int] = db.scalars(
        select(SignUp.event_id)
        .where(SignUp.person_id == person_id, SignUp.state == SignUpState.HELD)
        .order_by(SignUp.event_id)
    ).all()
    return found
