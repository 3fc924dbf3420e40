"""Living through what is due before a later instant: how the demo's clock is moved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import cast

from sqlalchemy import func, select, union_all

from app.foundation import clock, edge
from app.foundation.db import UTCDateTime, db
from app.mail import engine
from app.mail.models import (
    Batch,
    BatchState,
    Mailing,
    MailingState,
    Message,
    SendState,
)


def advance_to(
    goal: datetime,
    plan: Callable[[], None],
    wakes: Callable[[datetime], datetime | None] = lambda _after: None,
) -> None:
    """Move the demo's clock from one due mail to the next, so that none is jumped over.

    `plan` schedules what comes next, as beat would have it done meanwhile; `wakes` says when it
    has something to do next, though no mail is due.
    """
    plan()
    while (due_at := _earliest(_next_due(clock.now()), wakes(clock.now()))) is not None:
        if due_at >= goal:
            break
        clock.advance(due_at - clock.now())
        _send_what_is_due()
        plan()
    clock.advance(goal - clock.now())
    _send_what_is_due()


def _earliest(*instants: datetime | None) -> datetime | None:
    return min((each for each in instants if each is not None), default=None)


def _next_due(after: datetime) -> datetime | None:
    scheduled = select(Mailing.due_at.label("due_at")).where(
        Mailing.state == MailingState.SCHEDULED
    )
    batches = select(Batch.due_at).join(Mailing, Mailing.id == Batch.mailing_id)
    batches = batches.where(
        Batch.state == BatchState.WAITING, Mailing.state == MailingState.SENDING
    )
    messages = select(Message.due_at).where(Message.state == SendState.WAITING)
    waiting = union_all(scheduled, batches, messages).subquery()
    with edge.reading():
        first = select(func.min(waiting.c.due_at, type_=UTCDateTime()))
        return cast("datetime | None", db.scalar(first.where(waiting.c.due_at > after)))


def _send_what_is_due() -> None:
    engine.sweep()
    while engine.work():
        pass
