"""What differs between the readers of one batch: read in a few statements, never one each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, or_, select

from app.alliances.models import Alliance, CoordinatorTerm, Membership, MembershipState
from app.digests.upcoming import Point
from app.events import queries
from app.events.queries import Counts
from app.foundation import clock
from app.foundation.db import db
from app.people.models import Person


@dataclass(frozen=True, slots=True)
class Local:
    """An alliance as a digest names it."""

    id: int
    name: str
    slug: str


@dataclass(slots=True)
class Circumstances:
    """What a person's copy depends on, besides their name and language."""

    city: str = ""
    point: Point | None = None
    alliances: list[Local] = field(default_factory=list)
    led: list[Local] = field(default_factory=list)


@dataclass(frozen=True)
class Numbers:
    """What coordinators are told: who waits at their desk, and who comes to their events."""

    asking: Mapping[int, int]
    coming: Mapping[int, Counts]


def circumstances(person_ids: Collection[int]) -> dict[int, Circumstances]:
    """Three statements whatever the number of people."""
    people = {
        person_id: Circumstances(
            city=city or "",
            point=None if latitude is None or longitude is None else (latitude, longitude),
        )
        for person_id, city, latitude, longitude in db.execute(
            select(Person.id, Person.city, Person.latitude, Person.longitude).where(
                Person.id.in_(person_ids)
            )
        )
    }
    for person_id, local in _memberships(person_ids):
        people[person_id].alliances.append(local)
    for person_id, local in _terms(person_ids):
        people[person_id].led.append(local)
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


def _memberships(person_ids: Collection[int]) -> Iterator[tuple[int, Local]]:
    rows = db.execute(
        select(Membership.person_id, Alliance.id, Alliance.name, Alliance.slug)
        .join(Alliance, Alliance.id == Membership.alliance_id)
        .where(Membership.person_id.in_(person_ids), Membership.state == MembershipState.ACTIVE)
        .order_by(Alliance.name, Alliance.id)
    )
    for person_id, alliance_id, name, slug in rows:
        yield person_id, Local(alliance_id, name, slug)


def _terms(person_ids: Collection[int]) -> Iterator[tuple[int, Local]]:
    today = clock.today()
    rows = db.execute(
        select(CoordinatorTerm.person_id, Alliance.id, Alliance.name, Alliance.slug)
        .join(Alliance, Alliance.id == CoordinatorTerm.alliance_id)
        .where(
            CoordinatorTerm.person_id.in_(person_ids),
            CoordinatorTerm.since <= today,
            or_(CoordinatorTerm.until.is_(None), CoordinatorTerm.until >= today),
        )
        .order_by(Alliance.name, Alliance.id)
        .distinct()
    )
    for person_id, alliance_id, name, slug in rows:
        yield person_id, Local(alliance_id, name, slug)
