"""Reads of mail that deserve a name: how a mailing stands, what is late, what went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, or_, select

from app.foundation import clock, standstill
from app.foundation.db import db, is_postgresql
from app.mail import providers, registry
from app.mail.models import (
    Batch,
    BatchState,
    Bounce,
    Delivery,
    Mailing,
    MailingState,
    Message,
    SendState,
    Suppression,
)
from app.mail.reasons import Reason
from app.people.models import Address, Person

RECENT = timedelta(days=30)
RATE_OVER = timedelta(seconds=10)


class Place(StrEnum):
    """Where staff see a copy: what a cancelled mailing keeps back neither waits nor was skipped."""

    SENT = "sent"
    WAITING = "waiting"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True)
class Counted:
    """How many copies stand in a place for a reason, and how many of them are in doubt."""

    place: Place
    reason: str
    copies: int
    in_doubt: int


@dataclass(frozen=True)
class Standing:
    """How many copies stand where; `in_doubt` counts some of the others again."""

    by_place: Mapping[Place, int]
    in_doubt: int
    reasons: Mapping[tuple[Place, str], int]

    @classmethod
    def of_all(cls, counted: Iterable[Counted]) -> Standing:
        """The sum of what was counted."""
        by_place: Counter[Place] = Counter()
        reasons: Counter[tuple[Place, str]] = Counter()
        in_doubt = 0
        for each in counted:
            by_place[each.place] += each.copies
            reasons[each.place, each.reason] += each.copies
            in_doubt += each.in_doubt
        return cls(by_place, in_doubt, reasons)

    @property
    def total(self) -> int:
        """What was expanded, whatever has become of it."""
        return sum(self.by_place.values())

    @property
    def left(self) -> int:
        return self.of(Place.WAITING)

    @property
    def done(self) -> int:
        return self.total - self.left - self.of(Place.CANCELLED)

    def of(self, place: Place) -> int:
        return self.by_place.get(place, 0)

    def why(self, place: Place) -> Sequence[tuple[str, int]]:
        """The reasons of a place with their numbers, the most frequent first."""
        found = [(reason, n) for (of, reason), n in self.reasons.items() if of == place]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))


@dataclass(frozen=True)
class Health:
    """What may have gone wrong lately, and whom we leave alone."""

    in_doubt: int
    suppressed: int


def place_in(mailing: Mailing) -> ColumnElement[str]:
    """SQL: the place of a copy of this mailing, a label to group by."""
    unsent: ColumnElement[bool] = Delivery.state.in_((SendState.WAITING, SendState.SENDING))
    where = Place.WAITING
    if mailing.state == MailingState.CANCELLED:
        kept_back = Delivery.reason.in_((Reason.CANCELLED.value, *registry.KEEPS_A_COPY))
        unsent = or_(unsent, and_(Delivery.state == SendState.SKIPPED, kept_back))
        where = Place.CANCELLED
    return case((unsent, where.value), else_=cast(Delivery.state, String)).label("place")


def standing(mailing: Mailing) -> Standing:
    """One statement whatever the number of copies, of which it reads all."""
    query, groups = _counting(mailing)
    return Standing.of_all(_counted(row) for row in db.execute(query.group_by(*groups)))


def counted(mailing: Mailing, numbers: Sequence[int] | None) -> Iterator[tuple[int, Counted]]:
    """The same by batch, of these batches or of all."""
    query, groups = _counting(mailing)
    query = query.add_columns(Delivery.batch_number)
    if numbers is not None:
        query = query.where(Delivery.batch_number.in_(numbers))
    for *row, number in db.execute(query.group_by(*groups, Delivery.batch_number)):
        yield number, _counted(row)


def _counting(mailing: Mailing) -> tuple[Select[Any], list[ColumnElement[Any]]]:
    """What is counted, and by what."""
    groups: list[ColumnElement[Any]] = [place_in(mailing), Delivery.reason.expression]
    in_doubt = func.sum(case((Delivery.in_doubt, 1), else_=0))
    query: Select[Any] = select(*groups, func.count(), in_doubt)
    return query.where(Delivery.mailing_id == mailing.id), groups


def _counted(row: Sequence[Any]) -> Counted:
    place, *more = row
    return Counted(Place(place), *more)


def rate(mailing: Mailing) -> float:
    """Copies sent a second, over the last ten seconds; 0.0 when it rests.

    Only batches that were worked on lately are counted: their leases end about now.
    """
    since = clock.now() - RATE_OVER
    renewed = since + timedelta(seconds=current_app.config["LEASE_SECONDS"])
    lately = select(Batch.number).where(
        Batch.mailing_id == mailing.id, Batch.lease_until >= renewed
    )
    sent = db.scalar(
        select(func.count()).where(
            Delivery.mailing_id == mailing.id,
            Delivery.batch_number.in_(lately),
            Delivery.sent_at >= since,
        )
    )
    started = mailing.started_at or clock.now()
    seconds = min(RATE_OVER, max(clock.now() - started, timedelta(seconds=1))).total_seconds()
    return (sent or 0) / seconds


def last_due(mailing: Mailing) -> tuple[datetime, float]:
    """When the last of the batches that are not done are due, and their share of these."""
    rows = db.execute(
        select(Batch.due_at, func.count())
        .where(Batch.mailing_id == mailing.id, Batch.state != BatchState.DONE)
        .group_by(Batch.due_at)
        .order_by(Batch.due_at)
    ).all()
    if not rows:
        return clock.now(), 0.0
    due_at, number = rows[-1]
    return due_at, number / sum(row[1] for row in rows)


def health() -> Health:
    return Health(
        in_doubt=_in_doubt(clock.now() - RECENT),
        suppressed=db.scalar(select(func.count()).select_from(Suppression)) or 0,
    )


def oldest_due(now: datetime) -> datetime | None:
    """Since when the oldest mail waits that could go; None if there is none."""
    waiting = select(func.min(Message.due_at)).where(
        Message.state == SendState.WAITING, Message.due_at <= now
    )
    batches = (
        select(func.min(Batch.due_at))
        .join(Mailing, Mailing.id == Batch.mailing_id)
        .where(
            Batch.state == BatchState.WAITING,
            Batch.due_at <= now,
            Mailing.state == MailingState.SENDING,
        )
    )
    dues = [due for due in (db.scalar(waiting), db.scalar(batches)) if due is not None]
    return min(dues, default=None)


@standstill.register
def not_begun(before: datetime) -> Sequence[str]:
    """The titles of mailings that were due before, and that nobody begins to send."""
    due = Mailing.state == MailingState.SCHEDULED, Mailing.due_at < before
    return db.scalars(select(Mailing.title).where(*due).order_by(Mailing.due_at)).all()


def domain_of(email: Any) -> ColumnElement[str]:
    """SQL: the domain of an address."""
    if is_postgresql():
        return func.split_part(email, "@", 2)
    return func.substr(email, func.instr(email, "@") + 1)


def by_provider(mailing: Mailing) -> Mapping[tuple[str, Place], int]:
    """How many copies stand where, by who receives them; empty where an address is gone."""
    domain, place = domain_of(Address.email).label("domain"), place_in(mailing)
    rows = db.execute(
        select(domain, place, func.count())
        .select_from(Delivery)
        .join(Person, Person.id == Delivery.person_id)
        .outerjoin(Address, Address.id == Person.address_id)
        .where(Delivery.mailing_id == mailing.id)
        .group_by(domain, place)
    )
    found: Counter[tuple[str, Place]] = Counter()
    for name, where, number in rows:
        found[providers.of_domain(name or ""), Place(where)] += number
    return found


def mailings() -> Select[Mailing]:
    """All mailings, for the list."""
    return select(Mailing)


def suppressions() -> Select[Suppression]:
    """All addresses that we do not e-mail, masked, for the list."""
    return select(Suppression)


def bounces() -> Select[Bounce]:
    """All mail that came back, masked, for the list."""
    return select(Bounce)


def _in_doubt(since: datetime) -> int:
    copies = select(func.count()).where(Delivery.in_doubt, Delivery.mailing_id.in_(_recent(since)))
    messages = select(func.count()).where(Message.in_doubt, Message.created_at >= since)
    return (db.scalar(copies) or 0) + (db.scalar(messages) or 0)


def _recent(since: datetime) -> Select[int]:
    return select(Mailing.id).where(Mailing.created_at >= since)
