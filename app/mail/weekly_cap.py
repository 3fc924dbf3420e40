"""Nobody gets more than two digests or news in seven days, whoever sends them.

What meets the limit waits, and is asked about again each day at the same hour; where its mailing
is of no use by then, it is left out.

Two workers that write to one person for two mailings at the same time see each other: who comes
second waits until the other's batch is through.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from app.foundation import clock
from app.foundation.db import UTCDateTime, db
from app.mail.models import Batch, BatchState, Delivery, Mailing, MailingState, SendState
from app.mail.quiet_hours import UNASKED
from app.mail.reasons import Reason
from app.mail.verdicts import Verdict, put_off
from app.people.models import Person

WEEK = timedelta(days=7, hours=-2)
"""So that what comes each week at the same hour, also after clocks were changed, never stands in
its own way."""
DAY = timedelta(days=1)


def applies(mailing: Mailing) -> bool:
    """Whether enough other mailings went out lately that somebody may have had enough.

    Ask after taking a batch: of two that go out at the same time, one sees the other.
    """
    most: int = current_app.config["MAILS_A_WEEK"]
    if not most or mailing.purpose not in UNASKED:
        return False
    others = (
        select(Mailing.id)
        .where(
            Mailing.id != mailing.id,
            _unasked(Mailing),
            or_(
                Mailing.state.in_((MailingState.SENDING, MailingState.PAUSED)),
                Mailing.finished_at > clock.now() - WEEK,
            ),
        )
        .limit(most)
    )
    return len(db.scalars(others).all()) == most


def had_enough(people: Select[Any]) -> int:
    """How many of these people (their ids in `person_id`) would have to wait today."""
    most: int = current_app.config["MAILS_A_WEEK"]
    if not most:
        return 0
    week_ago = clock.now() - WEEK
    lately = _unasked(Mailing) & (Mailing.finished_at.is_(None) | (Mailing.finished_at > week_ago))
    got = (
        select(Delivery.person_id)
        .where(Delivery.mailing_id.in_(select(Mailing.id).where(lately)))
        .where(Delivery.sent_at > week_ago)
        .group_by(Delivery.person_id)
        .having(func.count() >= most)
        .subquery()
    )
    asked = people.subquery()
    found = select(func.count()).select_from(asked).join(got, got.c.person_id == asked.c.person_id)
    return db.scalar(found) or 0


def refusals(mailing: Mailing) -> Sequence[tuple[Any, str]]:
    """Conditions over Person under which a copy must not leave, with their reasons."""
    if not applies(mailing):
        return ()
    most: int = current_app.config["MAILS_A_WEEK"]
    had, coming = _had(mailing), _coming(mailing)
    return (
        (had >= most, Reason.ENOUGH.value),
        (and_(coming > 0, had + coming >= most), Reason.MEANWHILE.value),
    )


def verdict(mailing: Mailing) -> Verdict:
    """What it means for a copy that its reader had enough: tomorrow, or not at all."""
    tomorrow = clock.now() + DAY
    if mailing.expires_at is not None and tomorrow >= mailing.expires_at:
        return Verdict(SendState.SKIPPED, Reason.ENOUGH.value)
    return put_off(Reason.FULL, tomorrow)


def _had(mailing: Mailing) -> Any:
    """How many a person got."""
    copy, of = aliased(Delivery), aliased(Mailing)
    return (
        select(func.count())
        .select_from(copy)
        .join(of, of.id == copy.mailing_id)
        .where(
            copy.person_id == Person.id,
            copy.sent_at > bindparam("week_ago", type_=UTCDateTime()),
            copy.mailing_id != mailing.id,
            _unasked(of),
        )
        .correlate(Person)
        .scalar_subquery()
    )


def _coming(mailing: Mailing) -> Any:
    """How many may be on the wire to a person just now: those in batches of other workers."""
    copy, of, batch = aliased(Delivery), aliased(Mailing), aliased(Batch)
    in_hand = and_(
        batch.mailing_id == copy.mailing_id,
        batch.number == copy.batch_number,
        batch.state == BatchState.SENDING,
        batch.mailing_id != mailing.id,
    )
    return (
        select(func.count())
        .select_from(copy)
        .join(of, of.id == copy.mailing_id)
        .join(batch, in_hand)
        .where(
            copy.person_id == Person.id,
            copy.sent_at.is_(None),
            copy.state == SendState.WAITING,
            copy.mailing_id != mailing.id,
            _unasked(of),
        )
        .correlate(Person)
        .scalar_subquery()
    )


def _unasked(of: Any) -> ColumnElement[bool]:
    return or_(*(of.purpose == purpose for purpose in UNASKED))
