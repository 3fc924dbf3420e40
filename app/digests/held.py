"""Copies of a series that came too late for the reader's hour: they wait until staff decide.

After an outage a morning's digest must not arrive in the middle of the night unasked. Such copies
are skipped with a reason; staff send them now, as one mailing more, or let them go.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, func, literal, select, update

from app.accounts.audit import audit
from app.digests.models import Issue
from app.foundation import clock
from app.foundation.db import UTCDateTime, db
from app.foundation.web import find_or_404
from app.mail import mailings, registry
from app.mail.models import Delivery, Mailing, MailingState, SendState
from app.people.models import Purpose

LATE = timedelta(hours=12)
GOOD_FOR = timedelta(days=1)
HELD = "held"
RELEASED = "sent_later"
DROPPED = "too_late"

registry.explain(
    held=_l("More than twelve hours late; waits for you"),
    sent_later=_l("Late; sent when you decided so"),
    too_late=_l("Late; you let it go"),
)
registry.keeps_a_copy(HELD)


def is_late() -> ColumnElement[bool]:
    """Whether a copy is so late that staff decide; good for the minute of a batch."""
    return Delivery.due_at < literal(clock.now() - LATE, UTCDateTime())


def number(issue: Issue) -> int:
    """How many copies of an issue wait for staff."""
    if issue.series is None or issue.mailing_id is None:
        return 0
    return db.scalar(select(func.count()).where(_waiting(issue.mailing_id))) or 0


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


def release(issue_id: int, *, by_id: int) -> bool:
    """Send the copies that wait, now; False if there are none or the next issue has started."""
    issue = _locked(issue_id)
    if not number(issue) or not may_send(issue):
        return False
    people = _settle(issue, RELEASED)
    now = clock.now()
    nth = len(mailings.of("digest", issue.id))
    mailings.schedule(
        kind="digest",
        purpose=Purpose.DIGEST,
        once=f"digest:{issue.id}:held:{nth}",
        subject_id=issue.id,
        title=issue.subject,
        due_at=now,
        expires_at=now + GOOD_FOR,
        facts={"held_of": issue.mailing_id, "people": people},
        created_by_id=by_id,
    )
    audit("digests", "late copies sent", issue_id, people=people)
    return True


def mailings_of(issue: Issue) -> Sequence[Mailing]:
    """The mailings of late copies that staff sent, the first one first."""
    if issue.mailing_id is None:
        return ()
    found = mailings.of("digest", issue.id)
    return [each for each in found if each.facts.get("held_of") == issue.mailing_id]


def all_mailings_of(issue: Issue) -> Sequence[Mailing]:
    """The issue's own mailing, unless it is a draft, and those of its late copies."""
    return () if issue.mailing is None else (issue.mailing, *mailings_of(issue))


def drop(issue_id: int) -> bool:
    """Let the copies that wait go; False if there are none."""
    people = _settle(_locked(issue_id), DROPPED)
    if people:
        audit("digests", "late copies dropped", issue_id, people=people)
    return people > 0


def released(mailing: Mailing) -> Select[int, datetime]:
    """Who gets a mailing of late copies: whose copy was released and who has none since."""
    since = select(Mailing.id).where(
        Mailing.kind == mailing.kind,
        Mailing.subject_id == mailing.subject_id,
        Mailing.id > mailing.facts["held_of"],
    )
    again = Delivery.__table__.alias("again")
    has_one = select(again.c.person_id).where(
        again.c.person_id == Delivery.person_id, again.c.mailing_id.in_(since)
    )
    return select(Delivery.person_id, literal(mailing.due_at, UTCDateTime()).label("due_at")).where(
        Delivery.mailing_id == mailing.facts["held_of"],
        Delivery.state == SendState.SKIPPED,
        Delivery.reason == RELEASED,
        ~has_one.exists(),
    )


def _waiting(mailing_id: int) -> ColumnElement[bool]:
    return (
        (Delivery.mailing_id == mailing_id)
        & (Delivery.state == SendState.SKIPPED)
        & (Delivery.reason == HELD)
    )


def _settle(issue: Issue, reason: str) -> int:
    """Mark the copies that wait; how many there were."""
    if issue.mailing_id is None:
        return 0
    marked = update(Delivery).where(_waiting(issue.mailing_id)).values(reason=reason)
    rows = db.execute(
        marked.returning(Delivery.person_id), execution_options={"synchronize_session": False}
    )
    return len(rows.all())


def _locked(issue_id: int) -> Issue:
    return find_or_404(db.get(Issue, issue_id, with_for_update=True, populate_existing=True))
