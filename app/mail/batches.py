"""Batches change hands here: taken under a lease, given back, freed when their worker is gone.

Every statement asks for the state and the attempt it supposes, so that a worker which lost its
lease changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, and_, case, func, select, update

from app.foundation import clock
from app.foundation.db import db
from app.mail import journal, leases
from app.mail.leases import LeaseLost, lease_end
from app.mail.models import (
    Batch,
    BatchState,
    Delivery,
    Mailing,
    MailingState,
    SendState,
)
from app.mail.reasons import Reason
from app.mail.verdicts import doubt_wait
from app.people.models import Purpose


@dataclass(frozen=True, slots=True)
class Lease:
    """A batch in our hands; `attempt` is the number that tells us from those before and after."""

    batch_id: int
    mailing_id: int
    number: int
    attempt: int


def is_ours(lease: Lease) -> ColumnElement[bool]:
    return and_(
        Batch.id == lease.batch_id,
        Batch.attempt == lease.attempt,
        Batch.state == BatchState.SENDING,
    )


def waiting_in(mailing_id: int, number: int) -> ColumnElement[bool]:
    return and_(
        Delivery.mailing_id == mailing_id,
        Delivery.batch_number == number,
        Delivery.state == SendState.WAITING,
    )


def due() -> ColumnElement[bool]:
    """Batches that may be taken now; join Mailing."""
    return and_(
        Batch.state == BatchState.WAITING,
        Batch.due_at <= clock.now(),
        Mailing.state == MailingState.SENDING,
    )


def claim() -> Lease | None:
    """Take the batch that is next, mail about events before all other; None if nothing is due."""
    urgency = case((Mailing.purpose == Purpose.EVENTS, 0), else_=1)
    batch = db.scalars(
        select(Batch)
        .join(Mailing, Mailing.id == Batch.mailing_id)
        .where(due())
        .order_by(urgency, Batch.due_at, Batch.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Batch)
    ).first()
    if batch is None:
        return None
    batch.state = BatchState.SENDING
    batch.attempt += 1
    batch.taken_at = clock.now()
    batch.lease_until = lease_end()
    return Lease(batch.id, batch.mailing_id, batch.number, batch.attempt)


def renew(lease: Lease, until: datetime) -> None:
    db.execute(update(Batch).where(is_ours(lease)).values(lease_until=until))


def hold(lease: Lease) -> MailingState:
    """Lock our batch until the end of this step and say how its mailing stands.

    Raises LeaseLost when the batch is somebody else's.
    """
    mailing = select(Mailing.state).where(Mailing.id == lease.mailing_id).scalar_subquery()
    held = (
        update(Batch)
        .where(is_ours(lease))
        .values(lease_until=lease_end())
        .returning(mailing)
        .execution_options(synchronize_session=False)
    )
    state: MailingState | None = db.scalar(held)
    if state is None:
        raise LeaseLost(f"batch {lease.batch_id}, attempt {lease.attempt}")
    return state


def give_back(lease: Lease, due_at: datetime | None = None) -> None:
    """End the work on a batch: it is done, or due again when the first of its rows is.

    With `due_at` all that waits is due then. Raises LeaseLost.
    """
    next_due = db.scalar(
        select(func.min(Delivery.due_at)).where(waiting_in(lease.mailing_id, lease.number))
    )
    values: dict[str, Any] = {"state": BatchState.DONE}
    if next_due is not None:
        values = {"state": BatchState.WAITING, "due_at": due_at or next_due}
    ended = update(Batch).where(is_ours(lease)).values(values).returning(Batch.id)
    if db.scalar(ended.execution_options(synchronize_session=False)) is None:
        raise LeaseLost(f"batch {lease.batch_id}, attempt {lease.attempt}")
    if next_due is None:
        finish(lease.mailing_id)


def give_up(lease: Lease, due_at: datetime) -> None:
    """End the work on a batch after a fault: the journal knows more than the rows.

    Raises LeaseLost.
    """
    batch = db.scalars(select(Batch).where(is_ours(lease)).with_for_update()).one_or_none()
    if batch is not None:
        _judge(batch)
    give_back(lease, due_at)


def finish(mailing_id: int | None = None) -> None:
    """Close mailings (or this one) of which nothing waits any more.

    They are locked and then asked again, for copies may have been let go meanwhile.
    """
    left = select(Batch.id).where(Batch.mailing_id == Mailing.id, Batch.state != BatchState.DONE)
    over = and_(Mailing.state == MailingState.SENDING, ~left.exists())
    if mailing_id is not None:
        over = and_(over, Mailing.id == mailing_id)
    found = db.scalars(select(Mailing.id).where(over).with_for_update(skip_locked=True)).all()
    if found:
        db.execute(
            update(Mailing)
            .where(Mailing.id.in_(found), over)
            .values(state=MailingState.DONE, finished_at=clock.now()),
            execution_options={"synchronize_session": False},
        )


def free_lost() -> int:
    """Free batches whose lease ran out, and mark what may have been on the wire."""
    lost = db.scalars(
        select(Batch)
        .where(Batch.state == BatchState.SENDING, leases.is_over(Batch.lease_until))
        .with_for_update(skip_locked=True)
    ).all()
    for batch in lost:
        _judge(batch)
        batch.state = BatchState.WAITING
    return len(lost)


def _judge(batch: Batch) -> None:
    """Mark what was sent and what may have left, by the journal or else by the last window."""
    found = journal.found(batch)
    if found is None:
        _doubt(batch, _first_window(batch))
    else:
        _mark(batch, found.sent, state=SendState.SENT, reason="", sent_at=clock.now())
        _doubt(batch, found.on_the_wire)


def _doubt(batch: Batch, people: Collection[int]) -> None:
    """These may have arrived: they go again after staff had time to decide otherwise."""
    _mark(batch, people, in_doubt=True, due_at=clock.now() + doubt_wait())


def _first_window(batch: Batch) -> Collection[int]:
    """Who comes first of those without a mark, in the order of sending."""
    return db.scalars(
        select(Delivery.person_id)
        .where(waiting_in(batch.mailing_id, batch.number), Delivery.due_at <= batch.taken_at)
        .order_by(Delivery.person_id)
        .limit(current_app.config["ACK_WINDOW"])
    ).all()


def _mark(batch: Batch, people: Collection[int], **values: Any) -> None:
    db.execute(
        update(Delivery)
        .where(waiting_in(batch.mailing_id, batch.number), Delivery.person_id.in_(people))
        .values(values)
        .execution_options(synchronize_session=False)
    )


def settle_cancelled() -> None:
    """Skip what waits of cancelled mailings, but for batches in a worker's hands."""
    cancelled = select(Mailing.id).where(
        Mailing.state == MailingState.CANCELLED, Mailing.finished_at.is_(None)
    )
    for mailing_id in db.scalars(cancelled.with_for_update(skip_locked=True)).all():
        _settle(mailing_id)


def _settle(mailing_id: int) -> None:
    closed = (
        update(Batch)
        .where(Batch.mailing_id == mailing_id, Batch.state == BatchState.WAITING)
        .values(state=BatchState.DONE)
    )
    db.execute(closed.execution_options(synchronize_session=False))
    done = select(Batch.number).where(
        Batch.mailing_id == mailing_id, Batch.state == BatchState.DONE
    )
    skipped = (
        update(Delivery)
        .where(
            Delivery.mailing_id == mailing_id,
            Delivery.state == SendState.WAITING,
            Delivery.batch_number.in_(done),
        )
        .values(state=SendState.SKIPPED, reason=Reason.CANCELLED.value)
    )
    db.execute(skipped.execution_options(synchronize_session=False))
    left = select(Batch.id).where(Batch.mailing_id == mailing_id, Batch.state != BatchState.DONE)
    over = update(Mailing).where(Mailing.id == mailing_id, ~left.exists())
    db.execute(over.values(finished_at=clock.now()).execution_options(synchronize_session=False))
