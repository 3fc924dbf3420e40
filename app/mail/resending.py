"""Copies that were over go after all, as part of the mailing that they belong to.

So one mailing tells of all its copies, however often some of them go: to those whose copy failed
it goes once more, with the same Message-ID. An address that its server does not know, or whose
owner does not want our mail, gets nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, update

from app.foundation import clock, queue
from app.foundation.db import db
from app.mail.models import (
    Batch,
    BatchState,
    Delivery,
    Mailing,
    MailingState,
    SendState,
    Suppression,
)
from app.mail.reasons import Reason
from app.people.models import Address, Person, Standing

GOOD_FOR = timedelta(days=3)


def offered(mailing: Mailing, *, with_doubt: bool = False) -> int:
    """How many copies may be sent again; none while the mailing goes out, or if it was cancelled.

    Those that may have arrived nevertheless are counted `with_doubt` only, also where staff had
    left them alone.
    """
    if mailing.state != MailingState.DONE:
        return 0
    return db.scalar(select(func.count()).where(_may_go_again(mailing, with_doubt))) or 0


def again(mailing: Mailing, *, with_doubt: bool = False) -> int:
    """Send them; how many these are. A second time there is nothing left to send."""
    db.refresh(mailing, with_for_update=True)
    if not offered(mailing, with_doubt=with_doubt):
        return 0
    mailing.leaves_doubt = mailing.leaves_doubt and not with_doubt
    return go_on(mailing, _may_go_again(mailing, with_doubt), GOOD_FOR)


def go_on(mailing: Mailing, which: ColumnElement[bool], good_for: timedelta) -> int:
    """Let these copies go now, and the mailing with them, for so long; how many they are.

    The caller has locked the mailing. Copies in a worker's hands are left as they are.
    """
    now = clock.now()
    numbers = _at_rest(mailing)
    people = _updated(
        update(Delivery)
        .where(Delivery.mailing_id == mailing.id, Delivery.batch_number.in_(numbers), which)
        .values(state=SendState.WAITING, reason="", tries=0, due_at=now)
    )
    if not people:
        return 0
    if mailing.state == MailingState.DONE:
        mailing.state, mailing.finished_at = MailingState.SENDING, None
    mailing.expires_at = mailing.expires_at and max(mailing.expires_at, now + good_for)
    may_go = select(Delivery.person_id).where(
        Delivery.mailing_id == mailing.id,
        Delivery.batch_number == Batch.number,
        Delivery.state == SendState.WAITING,
        Delivery.due_at <= now,
    )
    _updated(
        update(Batch)
        .where(Batch.mailing_id == mailing.id, Batch.number.in_(numbers), may_go.exists())
        .values(state=BatchState.WAITING, due_at=now)
    )
    queue.after_commit("mail.sweep")
    return people


def _at_rest(mailing: Mailing) -> Sequence[int]:
    """The batches in nobody's hands, which nobody takes until the transaction ends."""
    return db.scalars(
        select(Batch.number)
        .where(Batch.mailing_id == mailing.id, Batch.state != BatchState.SENDING)
        .with_for_update()
    ).all()


def _may_go_again(mailing: Mailing, with_doubt: bool) -> ColumnElement[bool]:
    refused = select(Suppression.digest).where(Suppression.digest == Address.digest)
    reachable = (
        select(Person.id)
        .join(Address, Address.id == Person.address_id)
        .where(
            Person.id == Delivery.person_id,
            Person.standing == Standing.ACTIVE,
            Address.email.is_not(None),
            ~refused.exists(),
        )
        .correlate(Delivery)
    )
    failed = Delivery.state == SendState.FAILED
    of_it = and_(Delivery.mailing_id == mailing.id, reachable.exists())
    if with_doubt:
        return and_(of_it, or_(failed, Delivery.reason == Reason.LEFT.value))
    return and_(of_it, failed, not_(Delivery.in_doubt))


def _updated(statement: Any) -> int:
    result: Any = db.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)
