"""Who gets a mailing, and who does not and why: one statement, which pages count and sample and the
engine expands, so that the number on the page is the number of mails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    false,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from app.digests import tree
from app.digests.models import Issue, SavedAudience
from app.digests.tree import Group
from app.foundation import clock
from app.foundation.db import UTCDateTime, db
from app.mail.models import Mailing, Suppression
from app.people.models import (
    Address,
    DigestEvery,
    Person,
    Purpose,
    Standing,
    Unsubscription,
)

USUAL_HOUR = 9


@dataclass(frozen=True)
class Audience:
    """Whom a mailing is for: who was chosen, of them those of a rhythm (None: of any), and who
    did not unsubscribe from its purpose."""

    chosen: Group
    every: DigestEvery | None = None
    purpose: Purpose = Purpose.DIGEST


class LeftOut(StrEnum):
    """Why somebody who was chosen gets no copy."""

    UNCONFIRMED = "unconfirmed"
    OTHER_RHYTHM = "other_rhythm"
    NO_ADDRESS = "no_address"
    DO_NOT_EMAIL = "do_not_email"
    UNSUBSCRIBED = "unsubscribed"


@dataclass(frozen=True)
class Count:
    """How many people get a mailing, and how many do not for each reason."""

    people: int
    left_out: Mapping[LeftOut, int]

    @property
    def considered(self) -> int:
        return self.people + sum(self.left_out.values())


def of(issue: Issue) -> Audience:
    """Whom an issue is for. A draft may use a saved audience; a scheduled one has its own copy."""
    kept = issue.chosen
    if issue.saved_audience_id is not None and issue.mailing_id is None:
        kept = db.get_one(SavedAudience, issue.saved_audience_id).chosen
    return Audience(tree.from_json(kept), issue.every)


def count(audience: Audience) -> Count:
    """One statement, whatever the audience."""
    reason = _judged(audience).subquery().c.left_out
    parts = [func.count().filter(reason.is_(None))]
    parts += [func.count().filter(reason == each.value) for each in LeftOut]
    people, *numbers = db.execute(select(*parts)).one()
    left_out = {each: n for each, n in zip(LeftOut, numbers, strict=True) if n}
    return Count(people, left_out)


def receivers(audience: Audience) -> Select[Any]:
    """Person's id, time zone and hour of everybody who gets a mailing, each once."""
    judged = _judged(audience).subquery()
    return select(judged.c.person_id, judged.c.time_zone, judged.c.digest_hour).where(
        judged.c.left_out.is_(None)
    )


def chosen_day(mailing: Mailing) -> date | None:
    """The day that was chosen for a mailing, at each reader's hour; None for one sent at once."""
    on = mailing.facts.get("on")
    return date.fromisoformat(on) if on else None


def due(audience: Audience, mailing: Mailing) -> Select[Any]:
    """Everybody who gets a mailing, due when it was chosen to go out."""
    on = chosen_day(mailing)
    return at_once(audience, mailing.due_at) if on is None else at_their_hour(audience, on)


def left_out(audience: Audience) -> Select[Any]:
    """Person's id and the reason of everybody who was chosen and gets no copy, each once."""
    judged = _judged(audience).subquery()
    return select(judged.c.person_id, judged.c.left_out).where(judged.c.left_out.is_not(None))


def at_once(audience: Audience, due_at: datetime) -> Select[Any]:
    """Everybody who gets a mailing, due at the same instant."""
    people = receivers(audience).subquery()
    return select(people.c.person_id, literal(due_at, UTCDateTime()).label("due_at"))


def at_their_hour(audience: Audience, on: date) -> Select[Any]:
    """Everybody who gets a mailing, due on a date at the hour each chose, by their own clock."""
    people = receivers(audience).subquery()
    due_at = due_on(on, people.c.time_zone, people.c.digest_hour)
    return select(people.c.person_id, due_at.label("due_at"))


def first_midnight(on: date) -> datetime:
    """When the date begins for our first people; a mailing for that date is expanded then."""
    zones = {clock.HOME_ZONE, *db.scalars(select(Person.time_zone).distinct())}
    return min(clock.instant(datetime.combine(on, time()), _known(zone)) for zone in zones)


def _judged(audience: Audience) -> Select[Any]:
    """Everybody who was chosen, with the reason why they are left out, or NULL."""
    bad = _bad_addresses()
    unsubscribed = and_(
        Unsubscription.person_id == Person.id, Unsubscription.purpose == audience.purpose
    )
    other_rhythm = false() if audience.every is None else Person.digest_every != audience.every
    left_out = case(
        (Person.standing != Standing.ACTIVE, LeftOut.UNCONFIRMED.value),
        (other_rhythm, LeftOut.OTHER_RHYTHM.value),
        (Person.address_id.is_(None), LeftOut.NO_ADDRESS.value),
        (bad.c.reason.is_not(None), bad.c.reason),
        (Unsubscription.person_id.is_not(None), LeftOut.UNSUBSCRIBED.value),
        else_=null(),
    )
    return (
        select(
            Person.id.label("person_id"),
            Person.time_zone,
            Person.digest_hour,
            left_out.label("left_out"),
        )
        .outerjoin(bad, bad.c.id == Person.address_id)
        .outerjoin(Unsubscription, unsubscribed)
        .where(
            Person.standing.in_((Standing.ACTIVE, Standing.UNCONFIRMED)),
            tree.where(audience.chosen),
        )
    )


def _bad_addresses() -> Subquery:
    """The few addresses that cannot be written to, with the reason: joining them costs a fraction
    of joining all."""
    blank = case(
        (Address.email.is_(None), LeftOut.NO_ADDRESS.value), else_=LeftOut.UNCONFIRMED.value
    )
    nobody_home = or_(Address.email.is_(None), Address.confirmed_at.is_(None))
    never = select(Address.id, literal(LeftOut.DO_NOT_EMAIL.value).label("reason"))
    return union_all(
        select(Address.id, blank.label("reason")).where(nobody_home),
        never.join(Suppression, Suppression.digest == Address.digest).where(~nobody_home),
    ).subquery()


def due_on(on: date, zone: ColumnElement[str], hour: ColumnElement[int]) -> ColumnElement[Any]:
    """The instant of each person's hour: zones and hours are few, so SQL is given them all."""
    pairs = db.execute(select(Person.time_zone, Person.digest_hour).distinct().order_by(None))
    hours: dict[str, set[int]] = {}
    for its_zone, its_hour in pairs:
        hours.setdefault(its_zone, set()).add(its_hour)
    usual = literal(_instant(on, USUAL_HOUR, clock.HOME_ZONE), UTCDateTime())
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
    return zone if zone in clock.ZONES else clock.HOME_ZONE
