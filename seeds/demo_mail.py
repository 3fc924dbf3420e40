"""The demo's digests: two that went out, and one that staff are writing."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import insert, literal, select

from app.digests import items
from app.digests.models import Issue
from app.foundation.db import db
from app.mail.models import Batch, BatchState, Delivery, Mailing, MailingState, SendState
from app.people.models import DigestEvery, Person, Purpose
from seeds.world import DIGESTS, DRAFT, World


def seed(world: World) -> None:
    for days, subject, introduction in DIGESTS:
        at = world.now - timedelta(days=days)
        sent(world, _issue(world, subject, introduction, at=at, on=at.date()), at)
    db.add(_issue(world, *DRAFT, at=world.now - timedelta(days=1)))


def _issue(
    world: World, subject: str, introduction: str, *, at: datetime, on: date | None = None
) -> Issue:
    return Issue(
        scheduled_on=on,
        subject=subject,
        introduction=introduction,
        every=DigestEvery.MONTHLY,
        created_by_id=world.staff.id if world.staff else None,
        created_at=at,
        updated_at=at,
    )


def sent(world: World, issue: Issue, at: datetime) -> None:
    """An issue, its mailing, and a copy for everybody of its rhythm who was a member then."""
    db.add(issue)
    db.flush()
    items.freeze(issue)
    issue.frozen_at = at
    mailing = Mailing(
        kind="digest",
        purpose=Purpose.DIGEST,
        once=f"digest:{issue.id}",
        subject_id=issue.id,
        title=issue.subject,
        from_name="",
        reply_to="",
        state=MailingState.DONE,
        due_at=at,
        expanded_at=at,
        started_at=at,
        finished_at=at + timedelta(minutes=2),
        created_at=at,
        created_by_id=world.staff.id if world.staff else None,
    )
    db.add(mailing)
    db.flush()
    issue.mailing_id = mailing.id
    db.add(Batch(mailing_id=mailing.id, number=0, due_at=at, state=BatchState.DONE, attempt=1))
    columns = ["mailing_id", "person_id", "batch_number", "due_at", "state", "reason", "tries"]
    columns.append("sent_at")
    copies = select(
        literal(mailing.id),
        Person.id,
        literal(0),
        literal(at, Person.created_at.type),
        literal(SendState.SENT.value),
        literal(""),
        literal(1),
        literal(at, Person.created_at.type),
    ).where(Person.created_at < at, Person.digest_every == issue.every)
    db.execute(insert(Delivery).from_select(columns, copies))
