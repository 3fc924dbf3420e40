"""Who gets an issue, and who does not and why: one statement, which pages count and the engine
expands, so that the number on the page is the number of mails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, null, select, true

from app.alliances.models import Membership, MembershipState
from app.digests.models import AudienceKind, Issue
from app.foundation import clock
from app.foundation.db import UTCDateTime, db
from app.mail.models import Suppression
from app.people.models import Address, Person, Purpose, Standing, Unsubscription

USUAL_HOUR = 9
USUAL_ZONE = "America/New_York"


class LeftOut(StrEnum):
    """Why somebody in the places that staff chose gets no copy."""

    UNCONFIRMED = "unconfirmed"
    OTHER_RHYTHM = "other_rhythm"
    NO_ADDRESS = "no_address"
    DO_NOT_EMAIL = "do_not_email"
    UNSUBSCRIBED = "unsubscribed"


@dataclass(frozen=True)
class Count:
    """How many people get an issue, and how many do not for each reason."""

    people: int
    left_out: Mapping[LeftOut, int]

    @property
    def considered(self) -> int:
        return self.people + sum(self.left_out.values())


def count(issue: Issue) -> Count:
    judged = _judged(issue).subquery()
    query = select(judged.c.left_out, func.count()).group_by(judged.c.left_out)
    numbers: dict[str | None, int] = dict(db.execute(query).all())
    left_out = {reason: numbers[reason.value] for reason in LeftOut if reason.value in numbers}
    return Count(numbers.get(None, 0), left_out)


def receivers(issue: Issue) -> Select[Any]:
    """Person's id, time zone and hour of everybody who gets the issue, each once."""
    judged = _judged(issue).subquery()
    return select(judged.c.person_id, judged.c.time_zone, judged.c.digest_hour).where(
        judged.c.left_out.is_(None)
    )


def at_once(issue: Issue, due_at: datetime) -> Select[Any]:
    """Everybody who gets the issue, due at the same instant."""
    people = receivers(issue).subquery()
    return select(people.c.person_id, literal(due_at, UTCDateTime()).label("due_at"))


def at_their_hour(issue: Issue, on: date) -> Select[Any]:
    """Everybody who gets the issue, due on a date at the hour each chose, by their own clock."""
    people = receivers(issue).subquery()
    due_at = _due_at(on, people.c.time_zone, people.c.digest_hour)
    return select(people.c.person_id, due_at.label("due_at"))


def first_midnight(on: date) -> datetime:
    """When the date begins for the first of our people: an issue for that date is expanded then."""
    zones = {USUAL_ZONE, *db.scalars(select(Person.time_zone).distinct())}
    return min(clock.instant(datetime.combine(on, time()), _known(zone)) for zone in zones)


def _judged(issue: Issue) -> Select[Any]:
    """Everybody in the places that staff chose, with the reason why they are left out, or NULL."""
    unsubscribed = and_(
        Unsubscription.person_id == Person.id, Unsubscription.purpose == Purpose.DIGEST
    )
    return (
        select(
            Person.id.label("person_id"),
            Person.time_zone,
            Person.digest_hour,
            _left_out(issue).label("left_out"),
        )
        .outerjoin(Address, Address.id == Person.address_id)
        .outerjoin(Suppression, Suppression.digest == Address.digest)
        .outerjoin(Unsubscription, unsubscribed)
        .where(Person.standing.in_((Standing.ACTIVE, Standing.UNCONFIRMED)), _in_scope(issue))
    )


def _left_out(issue: Issue) -> ColumnElement[Any]:
    return case(
        (Person.standing != Standing.ACTIVE, LeftOut.UNCONFIRMED.value),
        (Person.digest_every != issue.every, LeftOut.OTHER_RHYTHM.value),
        (Address.email.is_(None), LeftOut.NO_ADDRESS.value),
        (Address.confirmed_at.is_(None), LeftOut.UNCONFIRMED.value),
        (Suppression.digest.is_not(None), LeftOut.DO_NOT_EMAIL.value),
        (Unsubscription.person_id.is_not(None), LeftOut.UNSUBSCRIBED.value),
        else_=null(),
    )


def _in_scope(issue: Issue) -> ColumnElement[bool]:
    if issue.audience == AudienceKind.STATES:
        return Person.state.in_(issue.states)
    if issue.audience == AudienceKind.ALLIANCES:
        return Person.id.in_(
            select(Membership.person_id).where(
                Membership.alliance_id.in_(issue.alliance_ids),
                Membership.state == MembershipState.ACTIVE,
            )
        )
    return true()


def _due_at(on: date, zone: ColumnElement[str], hour: ColumnElement[int]) -> ColumnElement[Any]:
    """The instant of each person's hour: zones and hours are few, so SQL is given them all."""
    pairs = db.execute(select(Person.time_zone, Person.digest_hour).distinct().order_by(None))
    hours: dict[str, set[int]] = {}
    for its_zone, its_hour in pairs:
        hours.setdefault(its_zone, set()).add(its_hour)
    usual = literal(_instant(on, USUAL_HOUR, USUAL_ZONE), UTCDateTime())
    if not hours:
        return usual
    return case(
        *((zone == name, _by_hour(on, name, hour, own)) for name, own in sorted(hours.items())),
        else_=usual,
    )


def _by_hour(on: date, zone: str, hour: ColumnElement[int], own: set[int]) -> ColumnElement[Any]:
    return case(
        *((hour == h, literal(_instant(on, h, zone), UTCDateTime())) for h in sorted(own)),
        else_=literal(_instant(on, USUAL_HOUR, zone), UTCDateTime()),
    )


def _instant(on: date, hour: int, zone: str) -> datetime:
    return clock.instant(datetime.combine(on, time(hour)), _known(zone))


def _known(zone: str) -> str:
    return zone if zone in clock.ZONES else USUAL_ZONE
