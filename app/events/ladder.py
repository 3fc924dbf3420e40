"""The ladder: how far members have come, computed from what they did: the events of the last 90
days, after which names are deleted, and what they took on within twelve months.

Nobody is put on a rung by hand, and nobody but the alliance's coordinators sees who stands where.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select

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


class Rung(StrEnum):
    """From having asked to join to carrying others."""

    PROSPECT = "prospect"
    SUPPORTER = "supporter"
    PARTICIPANT = "participant"
    ACTIVE = "active"
    LEADER = "leader"


@dataclass(frozen=True)
class Step:
    """One member, their rung, and how many of the alliance's latest events they were at."""

    membership_id: int
    name: str
    rung: Rung
    events: int


def steps(alliance_id: int, *, discreet: bool) -> Sequence[Step]:
    """All members of an alliance, the highest rung first; one statement."""
    rows = db.execute(_steps(alliance_id, discreet=discreet))
    found = [Step(row.id, row.name, Rung(row.rung), row.events) for row in rows]
    order = list(Rung)
    return sorted(found, key=lambda step: (-order.index(step.rung), -step.events, step.name))


def numbers(found: Sequence[Step]) -> Mapping[Rung, int]:
    """How many stand on each rung."""
    return {rung: sum(step.rung == rung for step in found) for rung in Rung}


def _steps(alliance_id: int, *, discreet: bool) -> Select[tuple[int, str, int, str]]:
    events = _latest_events(alliance_id)
    rung = case(
        (Membership.state == MembershipState.ASKED, Rung.PROSPECT.value),
        (_carries(alliance_id), Rung.LEADER.value),
        (events >= OFTEN, Rung.ACTIVE.value),
        (events > 0, Rung.PARTICIPANT.value),
        else_=Rung.SUPPORTER.value,
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


def _latest_events(alliance_id: int) -> ColumnElement[int]:
    """Events at which the member was: seen at the door, or with a seat where nobody kept it."""
    seen = exists().where(Arrival.sign_up_id == SignUp.id, Arrival.people > 0)
    kept = exists().where(Arrival.event_id == Event.id, Arrival.people > 0)
    return (
        select(func.count())
        .select_from(SignUp)
        .join(Event, Event.id == SignUp.event_id)
        .where(
            SignUp.person_id == Membership.person_id,
            SignUp.state == SignUpState.CONFIRMED,
            Event.alliance_id == alliance_id,
            Event.state == EventState.PUBLISHED,
            Event.ends_at < clock.now(),
            Event.ends_at > clock.now() - KEPT,
            or_(~kept, seen),
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
