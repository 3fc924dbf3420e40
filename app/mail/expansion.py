"""From mailings to their deliveries and batches: two statements, whatever the number of people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Label,
    Select,
    and_,
    false,
    func,
    insert,
    literal,
    select,
    union_all,
)

from app.foundation import clock, edge, signals
from app.foundation.db import BigKey, db, is_postgresql, roomy
from app.mail import registry
from app.mail.models import Batch, BatchState, Delivery, Mailing, MailingState, SendState
from app.people.models import Purpose

DELETING_PEOPLE = 7_117_002
"""The lock of PostgreSQL under which a trigger deletes the copies of whoever is deleted."""
TOGETHER = 100
"""Mailings about events are many at the same minute, and small: so many make one transaction."""


def expand_due(size: int) -> None:
    """Expand what is due; a mailing that fails stops none."""
    with edge.reading():
        due = db.execute(
            select(Mailing.id, Mailing.purpose)
            .where(_is_due())
            .order_by(Mailing.due_at, Mailing.id)
        ).all()
    of_events = [mailing_id for mailing_id, purpose in due if purpose == Purpose.EVENTS]
    for first in range(0, len(of_events), TOGETHER):
        _try(of_events[first : first + TOGETHER], size)
    for mailing_id, purpose in due:
        if purpose != Purpose.EVENTS:
            _try([mailing_id], size)


def _is_due() -> ColumnElement[bool]:
    return and_(Mailing.state == MailingState.SCHEDULED, Mailing.due_at <= clock.now())


def _try(mailing_ids: Sequence[int], size: int) -> None:
    """Expand these; where that fails, each of them that can be, alone."""
    try:
        with edge.step():
            expand(mailing_ids, size)
    except Exception:
        if len(mailing_ids) == 1:
            current_app.logger.exception("mailing %s could not be expanded", mailing_ids[0])
            return
        current_app.logger.warning("mailings are expanded one by one", exc_info=True)
        for mailing_id in mailing_ids:
            _try([mailing_id], size)


def expand(mailing_ids: Sequence[int], size: int) -> None:
    """Write deliveries and batches, but for mailings where that was done or somebody is at it.

    One that was moved since it was found due is left for its new time.
    """
    mailings = db.scalars(
        select(Mailing)
        .where(Mailing.id.in_(mailing_ids), _is_due())
        .order_by(Mailing.id)
        .with_for_update(skip_locked=True)
    ).all()
    if not mailings:
        return
    for mailing in mailings:
        mailing.state = MailingState.SENDING
        mailing.expanded_at = mailing.started_at = clock.now()
    db.flush()
    for mailing in mailings:
        signals.mailing_started.send(mailing)
    _let_nobody_go()
    with roomy():
        _write_deliveries(mailings, size)
        _write_batches(mailings)


def _let_nobody_go() -> None:
    """Wait for those who are being deleted, and let deleting wait for the copies that are written.

    Who is gone is not seen by the next statement, and who goes later takes the copy along. Rows are
    locked before this, here and where people are deleted; the other way round they might wait for
    each other. SQLite has one writer.
    """
    if is_postgresql():
        db.execute(select(func.pg_advisory_xact_lock_shared(DELETING_PEOPLE)))


def _write_deliveries(mailings: Sequence[Mailing], size: int) -> None:
    rows = _numbered(mailings, size).subquery()
    chosen = select(
        rows.c.mailing_id,
        rows.c.person_id,
        rows.c.number,
        rows.c.due_at,
        literal(SendState.WAITING.value),
        false(),
        literal(""),
        literal(0),
    )
    names = [
        "mailing_id",
        "person_id",
        "batch_number",
        "due_at",
        "state",
        "in_doubt",
        "reason",
        "tries",
    ]
    db.execute(insert(Delivery).from_select(names, chosen))


def _numbered(mailings: Sequence[Mailing], size: int) -> Select[Any]:
    """The audiences with batch numbers; the people of one batch are due at the same instant.

    Counting a million people costs a sort of them, unless all are due at once.
    """
    audiences = [registry.kind_of(mailing).audience(mailing) for mailing in mailings]
    people = union_all(*map(_copies, mailings, audiences)).subquery()
    mailing = people.c.mailing_id if len(mailings) > 1 else None
    is_at_once = all(map(_is_at_once, audiences))
    order = [people.c.person_id] if is_at_once else [people.c.due_at, people.c.person_id]
    place = func.row_number(type_=Integer)
    part = (place.over(partition_by=mailing, order_by=order) - 1) // size
    number = part + 1
    if not is_at_once:
        number = part + func.dense_rank().over(partition_by=mailing, order_by=people.c.due_at)
    return select(people, number.label("number"))


def _copies(mailing: Mailing, audience: Select[Any]) -> Select[Any]:
    people = audience.subquery()
    return select(
        literal(mailing.id, BigKey).label("mailing_id"), people.c.person_id, people.c.due_at
    )


def _is_at_once(audience: Select[Any]) -> bool:
    """Whether an audience names one instant for all."""
    due_at = audience.selected_columns["due_at"]
    return isinstance(due_at, Label) and isinstance(due_at.element, BindParameter)


def _write_batches(mailings: Sequence[Mailing]) -> None:
    chosen = (
        select(
            Delivery.mailing_id,
            Delivery.batch_number,
            func.min(Delivery.due_at),
            literal(BatchState.WAITING.value),
            literal(0),
        )
        .where(Delivery.mailing_id.in_([mailing.id for mailing in mailings]))
        .group_by(Delivery.mailing_id, Delivery.batch_number)
        .order_by(Delivery.mailing_id, Delivery.batch_number)  # the first is taken first
    )
    names = ["mailing_id", "number", "due_at", "state", "attempt"]
    db.execute(insert(Batch).from_select(names, chosen))
