"""What differs between the readers of one batch: read in a few statements, never one each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, func, or_, select

from app.alliances.models import Alliance, CoordinatorTerm, Membership, MembershipState
from app.events import queries
from app.events.queries import Counts
from app.foundation import clock
from app.foundation.among import among
from app.foundation.db import db
from app.mail.sections import Circumstances, Local
from app.people.models import Person


@dataclass(frozen=True)
class Numbers:
    """What coordinators are told: who waits at their desk, and who comes to their events."""

    asking: Mapping[int, int]
    coming: Mapping[int, Counts]


_PEOPLE = (
    select(
        *(Person.id, Person.city, Person.state, Person.latitude, Person.longitude),
        *(Alliance.id, Alliance.name, Alliance.slug),
    )
    .outerjoin(
        Membership,
        and_(Membership.person_id == Person.id, Membership.state == MembershipState.ACTIVE),
    )
    .outerjoin(Alliance, Alliance.id == Membership.alliance_id)
    .order_by(Alliance.name, Alliance.id)
)
_LEADS = (
    select(CoordinatorTerm.person_id, Alliance.id, Alliance.name, Alliance.slug)
    .join(Alliance, Alliance.id == CoordinatorTerm.alliance_id)
    .where(
        CoordinatorTerm.since <= bindparam("today"),
        or_(CoordinatorTerm.until.is_(None), CoordinatorTerm.until >= bindparam("today")),
    )
    .order_by(Alliance.name, Alliance.id)
    .distinct()
)


def circumstances(person_ids: Collection[int]) -> dict[int, Circumstances]:
    """Two statements whatever the number of people."""
    people: dict[int, Circumstances] = {}
    asked = _PEOPLE.where(among(Person.id, person_ids))
    for person_id, city, state, latitude, longitude, *local in db.execute(asked):
        person = people.get(person_id)
        if person is None:
            point = None if latitude is None or longitude is None else (latitude, longitude)
            person = people[person_id] = Circumstances(city or "", state or "", point)
        if local[0] is not None:
            person.alliances.append(Local._make(local))
    leads = _LEADS.where(among(CoordinatorTerm.person_id, person_ids))
    for person_id, *local in db.execute(leads, {"today": clock.today()}):
        people[person_id].led.append(Local._make(local))
    return people


def numbers(alliance_ids: Collection[int], event_ids: Collection[int]) -> Numbers:
    """Two statements, or none when nobody of the batch leads an alliance."""
    if not alliance_ids:
        return Numbers({}, {})
    asking = (
        select(Membership.alliance_id, func.count())
        .where(Membership.alliance_id.in_(alliance_ids), Membership.state == MembershipState.ASKED)
        .group_by(Membership.alliance_id)
    )
    return Numbers(asking=dict(db.execute(asking).all()), coming=queries.counts(event_ids))
