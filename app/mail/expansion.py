"""From a mailing to its deliveries and batches: two statements, whatever the number of people."""

from __future__ import annotations

from typing import Any

from flask import current_app
from sqlalchemy import BindParameter, Label, Select, false, func, insert, literal, select

from app.foundation import clock, edge, signals
from app.foundation.db import db
from app.mail import registry
from app.mail.models import Batch, BatchState, Delivery, Mailing, MailingState, SendState


def expand_due(size: int) -> None:
    """Expand what is due, each mailing in a transaction of its own; one that fails stops none."""
    with edge.reading():
        due = db.scalars(
            select(Mailing.id)
            .where(Mailing.state == MailingState.SCHEDULED, Mailing.due_at <= clock.now())
            .order_by(Mailing.due_at, Mailing.id)
        ).all()
    for mailing_id in due:
        try:
            with edge.step():
                expand(mailing_id, size)
        except Exception:
            current_app.logger.exception("mailing %s could not be expanded", mailing_id)


def expand(mailing_id: int, size: int) -> None:
    """Write a mailing's deliveries and batches, unless that was done or somebody is at it."""
    mailing = db.scalars(
        select(Mailing)
        .where(Mailing.id == mailing_id, Mailing.state == MailingState.SCHEDULED)
        .with_for_update(skip_locked=True)
    ).first()
    if mailing is None:
        return
    mailing.state = MailingState.SENDING
    mailing.expanded_at = mailing.started_at = clock.now()
    db.flush()
    signals.mailing_started.send(mailing)
    _write_deliveries(mailing, size)
    _write_batches(mailing)


def _write_deliveries(mailing: Mailing, size: int) -> None:
    rows = _numbered(registry.kind_of(mailing).audience(mailing), size).subquery()
    chosen = select(
        literal(mailing.id),
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


def _numbered(audience: Select[Any], size: int) -> Select[Any]:
    """The audience with batch numbers; the people of one batch are due at the same instant.

    Counting a million people costs a sort of them, unless all are due at once.
    """
    people = audience.subquery()
    order = [people.c.person_id] if _is_at_once(audience) else [people.c.due_at, people.c.person_id]
    part = (func.row_number().over(order_by=order) - 1) // size
    number = part + 1
    if not _is_at_once(audience):
        number = part + func.dense_rank().over(order_by=people.c.due_at)
    return select(people.c.person_id, people.c.due_at, number.label("number"))


def _is_at_once(audience: Select[Any]) -> bool:
    """Whether an audience names one instant for all."""
    due_at = audience.selected_columns["due_at"]
    return isinstance(due_at, Label) and isinstance(due_at.element, BindParameter)


def _write_batches(mailing: Mailing) -> None:
    chosen = (
        select(
            Delivery.mailing_id,
            Delivery.batch_number,
            func.min(Delivery.due_at),
            literal(BatchState.WAITING.value),
            literal(0),
        )
        .where(Delivery.mailing_id == mailing.id)
        .group_by(Delivery.mailing_id, Delivery.batch_number)
        .order_by(Delivery.batch_number)  # so that the first is taken first
    )
    names = ["mailing_id", "number", "due_at", "state", "attempt"]
    db.execute(insert(Batch).from_select(names, chosen))
