"""Copies of a series that came too late for the reader's hour: they wait until staff decide.

After an outage a morning's digest must not arrive in the middle of the night unasked. Such copies
are skipped with a reason; staff send them now, as part of the mailing, or let them go.
"""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, literal, select, update

from app.accounts.audit import audit
from app.digests import queries
from app.digests.models import Issue
from app.foundation import clock
from app.foundation.db import UTCDateTime, db
from app.mail import registry, resending
from app.mail.models import Delivery, Mailing, MailingState, SendState

LATE = timedelta(hours=12)
GOOD_FOR = timedelta(days=1)
HELD = "held"
DROPPED = "too_late"
GOES_ON = (MailingState.SENDING, MailingState.DONE)
"""Where staff may let copies of a mailing go."""

registry.explain(
    held=_l("More than twelve hours late; waits for you"),
    too_late=_l("Late; you let it go"),
)
registry.keeps_a_copy(HELD)


def is_late() -> ColumnElement[bool]:
    """Whether a copy is so late that staff decide; good for the minute of a batch."""
    return Delivery.due_at < literal(clock.now() - LATE, UTCDateTime())


def number(issue: Issue) -> int:
    """How many copies wait for staff; none while they hold the issue, or after they stopped it."""
    mailing = db.get(Mailing, issue.mailing_id) if issue.series and issue.mailing_id else None
    if mailing is None or mailing.state not in GOES_ON:
        return 0
    return db.scalar(select(func.count()).where(_waiting(mailing.id))) or 0


def may_send(issue: Issue) -> bool:
    """Whether the next issue of the series has not started, so that nobody gets two at once."""
    if issue.scheduled_on is None:
        return False
    later = (
        select(Issue.id)
        .join(Mailing, Mailing.id == Issue.mailing_id)
        .where(
            Issue.series == issue.series,
            Issue.scheduled_on > issue.scheduled_on,
            Mailing.state.not_in((MailingState.SCHEDULED, MailingState.CANCELLED)),
        )
    )
    return not db.scalar(select(later.exists()))


def release(issue_id: int) -> bool:
    """Send the copies that wait, now; False if there are none or the next issue has started."""
    issue = queries.locked(issue_id)
    if issue.mailing is None or not number(issue) or not may_send(issue):
        return False
    people = resending.go_on(issue.mailing, _waiting(issue.mailing.id), GOOD_FOR)
    if people:
        audit("digests", "late copies sent", issue_id, people=people)
    return people > 0


def drop(issue_id: int) -> bool:
    """Let the copies that wait go; False if there are none."""
    issue = queries.locked(issue_id)
    if issue.mailing_id is None:
        return False
    dropped = update(Delivery).where(_waiting(issue.mailing_id)).values(reason=DROPPED)
    rows = db.execute(
        dropped.returning(Delivery.person_id), execution_options={"synchronize_session": False}
    )
    people = len(rows.all())
    if people:
        audit("digests", "late copies dropped", issue_id, people=people)
    return people > 0


def _waiting(mailing_id: int) -> ColumnElement[bool]:
    return (
        (Delivery.mailing_id == mailing_id)
        & (Delivery.state == SendState.SKIPPED)
        & (Delivery.reason == HELD)
    )
