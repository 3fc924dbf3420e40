"""Mailings as other domains and staff handle them: schedule, move, cancel, pause, resume."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update

from app.foundation import clock, queue
from app.foundation.db import db, upsert
from app.mail.models import Mailing, MailingState
from app.people.models import Purpose

OPEN = (MailingState.SCHEDULED, MailingState.SENDING, MailingState.PAUSED)


def schedule(
    kind: str,
    purpose: Purpose,
    once: str,
    subject_id: int,
    title: str,
    due_at: datetime,
    expires_at: datetime | None = None,
    revision: int = 0,
    facts: Mapping[str, Any] | None = None,
    from_name: str = "",
    reply_to: str = "",
    created_by_id: int | None = None,
    at_any_hour: bool = False,
) -> Mailing:
    """The mailing of this `once` key: made now, or as it was made before.

    At `due_at` it is expanded into a delivery for each person of its kind's audience; nothing
    leaves after `expires_at`. An empty sender or reply address is the coalition's own. Digests and
    news rest at night where the reader lives, but for those that staff send `at_any_hour`.
    """
    db.execute(
        upsert(Mailing)
        .values(
            kind=kind,
            purpose=purpose,
            once=once,
            subject_id=subject_id,
            revision=revision,
            at_any_hour=at_any_hour,
            facts=dict(facts or {}),
            title=title,
            from_name=from_name,
            reply_to=reply_to,
            due_at=due_at,
            expires_at=expires_at,
            created_at=clock.now(),
            created_by_id=created_by_id,
        )
        .on_conflict_do_nothing(index_elements=[Mailing.once])
    )
    if due_at <= clock.now():
        queue.after_commit("mail.sweep")
    return db.scalars(select(Mailing).where(Mailing.once == once)).one()


def of(kind: str, subject_id: int) -> Sequence[Mailing]:
    """The mailings of a kind about one thing, in the order in which they were due."""
    return db.scalars(
        select(Mailing)
        .where(Mailing.kind == kind, Mailing.subject_id == subject_id)
        .order_by(Mailing.due_at, Mailing.id)
    ).all()


def reschedule(mailing: Mailing, due_at: datetime, expires_at: datetime | None = None) -> bool:
    """Move a mailing; False if it went out already or was cancelled."""
    moved = _change(
        mailing,
        Mailing.state == MailingState.SCHEDULED,
        due_at=due_at,
        expires_at=expires_at,
    )
    if moved and due_at <= clock.now():
        queue.after_commit("mail.sweep")
    return moved


def cancel(mailing: Mailing) -> bool:
    """Send no more of it; False if it was over. What is on the wire just now cannot be recalled.

    A worker that sends it stops within its window; the sweep settles who did not get it.
    """
    cancelled = _change(mailing, Mailing.state.in_(OPEN), state=MailingState.CANCELLED)
    if cancelled:
        queue.after_commit("mail.sweep")
    return cancelled


def pause(mailing: Mailing) -> bool:
    """Hold a mailing that goes out; False if it does not."""
    return _change(mailing, Mailing.state == MailingState.SENDING, state=MailingState.PAUSED)


def resume(mailing: Mailing) -> bool:
    """Go on with a mailing that was held; False if it was not."""
    resumed = _change(mailing, Mailing.state == MailingState.PAUSED, state=MailingState.SENDING)
    if resumed:
        queue.after_commit("mail.sweep")
    return resumed


def _change(mailing: Mailing, still: ColumnElement[bool], **values: Any) -> bool:
    """Change a mailing's row if it still stands as supposed, and read it anew."""
    changed = db.execute(
        update(Mailing)
        .where(Mailing.id == mailing.id, still)
        .values(**values)
        .returning(Mailing.id)
        .execution_options(synchronize_session=False)
    ).first()
    db.refresh(mailing)
    return changed is not None
