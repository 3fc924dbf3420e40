"""Shifts that an event wants help in: what is free in each, and who takes one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, delete, func, select

from app.accounts.audit import audit
from app.events import queries
from app.events.models import Event, SignUp
from app.events.shift_models import Shift, ShiftSignUp
from app.foundation import clock
from app.foundation.db import db
from app.people.models import Person


class ShiftFull(Exception):
    """Somebody else was faster; `titles` are the shifts that are full."""

    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__(", ".join(titles))
        self.titles = titles


@dataclass(frozen=True)
class ShiftPlan:
    """What the organizers decide about a shift; `opens` is minutes from the event's start."""

    title: str
    title_es: str
    opens: int
    minutes: int
    capacity: int


@dataclass(frozen=True)
class Filled:
    """A shift and how many have taken it."""

    shift: Shift
    taken: int

    @property
    def left(self) -> int:
        return max(0, self.shift.capacity - self.taken)


def starts_at(event: Event, shift: Shift) -> datetime:
    return event.starts_at + timedelta(minutes=shift.opens)


def ends_at(event: Event, shift: Shift) -> datetime:
    return starts_at(event, shift) + timedelta(minutes=shift.minutes)


def of_event(event_id: int) -> Sequence[Filled]:
    """An event's shifts in their order, with how many have taken each, in one statement."""
    rows = db.execute(_filled().where(Shift.event_id == event_id))
    return [Filled(shift, taken) for shift, taken in rows]


def add(event: Event, plan: ShiftPlan) -> Shift:
    """One more shift that people can take when they sign up."""
    shift = Shift(event_id=event.id, **vars(plan))
    db.add(shift)
    db.flush()
    audit("events", "shift added", event.id, shift=shift.id)
    return shift


def remove(event: Event, shift_id: int) -> None:
    """Take a shift off; whoever had it keeps their seat."""
    gone = delete(Shift).where(Shift.event_id == event.id, Shift.id == shift_id)
    if db.scalar(gone.returning(Shift.id)) is not None:
        audit("events", "shift removed", event.id, shift=shift_id)


def helpers(event_id: int) -> Mapping[int, Sequence[str]]:
    """The names of those who have taken each shift."""
    found: dict[int, list[str]] = {}
    rows = db.execute(
        select(ShiftSignUp.shift_id, Person.name)
        .join(SignUp, SignUp.id == ShiftSignUp.sign_up_id)
        .join(SignUp.person)
        .where(SignUp.event_id == event_id, queries.has_seat(clock.now()))
        .order_by(SignUp.place)
    )
    for shift_id, name in rows:
        found.setdefault(shift_id, []).append(name)
    return found


def copy(old: Event, new: Event) -> None:
    """A new event wants the help that an old one had; nobody has taken it yet."""
    db.add_all(
        Shift(
            event_id=new.id,
            title=shift.title,
            title_es=shift.title_es,
            opens=shift.opens,
            minutes=shift.minutes,
            capacity=shift.capacity,
        )
        for shift in db.scalars(select(Shift).where(Shift.event_id == old.id).order_by(Shift.id))
    )


def chosen_by(sign_up_id: int) -> frozenset[int]:
    """The shifts that somebody wants to help in."""
    return frozenset(
        db.scalars(select(ShiftSignUp.shift_id).where(ShiftSignUp.sign_up_id == sign_up_id))
    )


def choose(own: SignUp, shift_ids: Collection[int]) -> None:
    """Note which shifts somebody takes, and no others; the event is locked by the caller.

    Raises ShiftFull.
    """
    if not shift_ids and own in db.new:
        return
    db.flush()
    mine = chosen_by(own.id)
    found = [each for each in of_event(own.event_id) if each.shift.id in shift_ids]
    full = [f.shift.title for f in found if f.left == 0 and f.shift.id not in mine]
    if full:
        raise ShiftFull(full)
    wanted = {each.shift.id for each in found}
    db.execute(
        delete(ShiftSignUp).where(
            ShiftSignUp.sign_up_id == own.id, ShiftSignUp.shift_id.in_(mine - wanted)
        )
    )
    db.add_all(ShiftSignUp(shift_id=number, sign_up_id=own.id) for number in wanted - mine)


def drop_what_is_full(own: SignUp) -> None:
    """Somebody without a seat so far gets one: shifts that others filled meanwhile are theirs."""
    mine = chosen_by(own.id)
    if not mine:
        return
    by_others = _filled(SignUp.id != own.id).where(Shift.id.in_(mine))
    full = [shift.id for shift, taken in db.execute(by_others) if taken >= shift.capacity]
    db.execute(
        delete(ShiftSignUp).where(ShiftSignUp.sign_up_id == own.id, ShiftSignUp.shift_id.in_(full))
    )


def _filled(*counted: ColumnElement[bool]) -> Select[Shift, int]:
    seated = and_(SignUp.id == ShiftSignUp.sign_up_id, queries.has_seat(clock.now()), *counted)
    return (
        select(Shift, func.count(SignUp.id))
        .outerjoin(ShiftSignUp, ShiftSignUp.shift_id == Shift.id)
        .outerjoin(SignUp, seated)
        .group_by(Shift.id)
        .order_by(Shift.opens, Shift.id)
    )
