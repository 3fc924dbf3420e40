"""The ladder: how far members have come, computed from what they did: the events of the last 90
days, after which names are deleted, and what they took on within twelve months.

Nobody is put on a rung by hand, and nobody but the alliance's coordinators sees who stands where.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import IntEnum
from typing import Protocol

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select

from app.alliances.models import CoordinatorTerm, Membership, MembershipState
from app.alliances.queries import serves
from app.events.door_models import Arrival
from app.events.forgetting import KEPT
from app.events.models import Event, EventState, SignUp, SignUpState
from app.foundation import clock
from app.foundation.db import db
from app.people.models import Person
from app.work.models import ToDo

YEAR = timedelta(days=365)
OFTEN = 3
"""So many events make somebody active."""


class Rung(IntEnum):
    """From having asked to join to carrying others."""

    PROSPECT = 0
    SUPPORTER = 1
    PARTICIPANT = 2
    ACTIVE = 3
    LEADER = 4


class Step(Protocol):
    """One member, their rung, and how many of the alliance's latest events they were at."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def events(self) -> int: ...
    @property
    def rung(self) -> int: ...


def steps(alliance_id: int, *, discreet: bool) -> Select[Step]:
    """All members of an alliance, each with their rung."""
    found = _steps(alliance_id, discreet=discreet).subquery()
    return select(found)


def numbers(alliance_id: int, *, discreet: bool) -> Mapping[Rung, int]:
    """How many stand on each rung."""
    found = _steps(alliance_id, discreet=discreet).subquery()
    counted = db.execute(select(found.c.rung, func.count().label("number")).group_by(found.c.rung))
    by_rung = {row.rung: row.number for row in counted}
    return {rung: by_rung.get(rung, 0) for rung in Rung}


def _steps(alliance_id: int, *, discreet: bool) -> Select[tuple[int, str, int, int]]:
    events = _latest_events(alliance_id)
    rung = case(
        (Membership.state == MembershipState.ASKED, literal(Rung.PROSPECT.value)),
        (_carries(alliance_id), literal(Rung.LEADER.value)),
        (events >= OFTEN, literal(Rung.ACTIVE.value)),
        (events > 0, literal(Rung.PARTICIPANT.value)),
        else_=literal(Rung.SUPPORTER.value),
    )
    query = (
        select(Membership.id, Person.name, events.label("events"), rung.label("rung"))
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.alliance_id == alliance_id,
            Membership.state.in_((MembershipState.ASKED, MembershipState.ACTIVE)),
        )
    )
    return query if discreet else query.where(Person.discreet.is_(False))


def was_there() -> ColumnElement[bool]:
    """Whether who signed up was there; join Event.

    The event is over, and they were seen at its door, or had a seat where nobody kept the door.
    """
    came_in = select(Arrival).where(Arrival.people > 0)  # read once, not asked for each sign-up
    kept = Event.id.in_(came_in.with_only_columns(Arrival.event_id))
    seen = SignUp.id.in_(
        came_in.with_only_columns(Arrival.sign_up_id).where(Arrival.sign_up_id.is_not(None))
    )
    return and_(
        SignUp.state == SignUpState.CONFIRMED,
        Event.state == EventState.PUBLISHED,
        Event.ends_at < clock.now(),
        or_(~kept, seen),
    )


def _latest_events(alliance_id: int) -> ColumnElement[int]:
    """Events at which the member was."""
    return (
        select(func.count())
        .select_from(SignUp)
        .join(Event, Event.id == SignUp.event_id)
        .where(
            SignUp.person_id == Membership.person_id,
            was_there(),
            Event.alliance_id == alliance_id,
            Event.ends_at > clock.now() - KEPT,
        )
        .correlate(Membership)
        .scalar_subquery()
    )


def _carries(alliance_id: int) -> ColumnElement[bool]:
    """Coordinates the alliance today, or took on something of its plans within the year."""
    coordinates = exists().where(
        CoordinatorTerm.alliance_id == alliance_id,
        CoordinatorTerm.person_id == Membership.person_id,
        serves(clock.today()),
    )
    owns = exists().where(
        ToDo.alliance_id == alliance_id,
        ToDo.owner_id == Membership.person_id,
        ToDo.due_on > clock.today() - YEAR,
    )
    return or_(coordinates, owns)
