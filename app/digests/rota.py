"""Digests that assemble themselves: a series always has its next issue scheduled.

So staff see, change or skip it before it goes out; when its mailing starts, the sweep makes the
one after. An issue is unique for its series and date, and two of a series are never closer than
a week or four weeks, whatever staff do to its day. Each member's copy is due on the date at the
hour they chose, by their own clock (see audience.at_their_hour); one that is more than twelve
hours late waits for staff (see held).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.accounts.audit import audit
from app.digests import audience, items, kind, second_person, series_rows
from app.digests.models import Issue, Series, SeriesName
from app.foundation import clock, signals
from app.foundation.db import db
from app.mail import mailings
from app.mail.models import Mailing, MailingState
from app.people.models import DigestEvery, Purpose

EVERY = {SeriesName.WEEKLY: DigestEvery.WEEKLY, SeriesName.MONTHLY: DigestEvery.MONTHLY}
"""The series that make issues, and whose digest they are."""
BETWEEN = {SeriesName.WEEKLY: timedelta(days=7), SeriesName.MONTHLY: timedelta(days=28)}
GOOD_FOR = timedelta(days=6)
"""So long copies that wait may still leave, so that no issue runs into the next."""


def coming(name: SeriesName) -> Issue | None:
    """The issue of a series that has not started, scheduled or not."""
    return db.scalars(
        select(Issue)
        .outerjoin(Mailing, Mailing.id == Issue.mailing_id)
        .where(
            Issue.series == name,
            Issue.frozen_at.is_(None),
            (Issue.mailing_id.is_(None)) | (Mailing.state == MailingState.SCHEDULED),
        )
        .order_by(Issue.id.desc())
        .limit(1)
        .options(joinedload(Issue.mailing))
    ).first()


def latest(name: SeriesName, number: int) -> Sequence[Issue]:
    """The last issues of a series with their mailings, newest first."""
    return db.scalars(
        select(Issue)
        .where(Issue.series == name, Issue.scheduled_on.is_not(None))
        .order_by(Issue.scheduled_on.desc())
        .limit(number)
        .options(joinedload(Issue.mailing))
    ).all()


def arrange(name: SeriesName) -> None:
    """See to it that a series which is on has its next issue scheduled, once."""
    series = series_rows.of(name, lock=True)
    if not series.is_on:
        return
    issue = coming(name)
    if issue is None:
        issue = _new(series)
    if issue.mailing_id is None:
        _schedule(issue, next_on(series))
    second_person.count(issue)


def next_on(series: Series) -> date:
    """The first date from tomorrow on that is the day of the series and not too near the last."""
    last = db.scalar(
        select(func.max(Issue.scheduled_on)).where(
            Issue.series == series.name, Issue.mailing_id.is_not(None)
        )
    )
    day = clock.today() + timedelta(days=1)
    if last is not None:
        day = max(day, last + BETWEEN[series.name])
    while not _is_day(series, day):
        day += timedelta(days=1)
    return day


def skip(issue_id: int) -> bool:
    """Leave out the coming issue of a series; the one after is scheduled. False if too late."""
    issue = db.get_one(Issue, issue_id, with_for_update=True, populate_existing=True)
    if issue.series is None or issue.mailing_id is None:
        return False
    series_rows.of(issue.series, lock=True)
    mailing = db.get_one(Mailing, issue.mailing_id, with_for_update=True)
    if mailing.state != MailingState.SCHEDULED or not mailings.cancel(mailing):
        return False
    issue.version += 1
    audit("digests", "skipped", issue_id)
    arrange(issue.series)
    return True


def _is_day(series: Series, day: date) -> bool:
    return (day.weekday() if series.name == SeriesName.WEEKLY else day.day) == series.day


def _new(series: Series) -> Issue:
    now = clock.now()
    issue = Issue(
        series=series.name,
        subject=series.subject,
        subject_es=series.subject_es,
        sections=series.sections,
        every=EVERY[series.name],
        created_at=now,
        updated_at=now,
    )
    db.add(issue)
    db.flush()
    return issue


def _schedule(issue: Issue, on: date) -> None:
    due_at = audience.first_midnight(on)
    issue.scheduled_on = on
    issue.version += 1
    issue.mailing = mailings.schedule(
        kind=kind.NAME,
        purpose=Purpose.DIGEST,
        once=f"digest:{issue.id}:{issue.version}",
        subject_id=issue.id,
        title=issue.subject,
        due_at=due_at,
        expires_at=due_at + GOOD_FOR,
        facts={"on": on.isoformat(), "series": str(issue.series)},
    )
    db.flush()


def unschedule(issue: Issue | None) -> None:
    if issue is None or issue.mailing is None:
        return
    mailings.cancel(issue.mailing)
    issue.mailing = issue.mailing_id = issue.scheduled_on = None
    issue.version += 1
    db.flush()


@signals.mailing_started.connect
def _freeze(mailing: Mailing) -> None:
    """What an issue says is fixed when it starts; one for some is not for everybody to read."""
    if mailing.kind == kind.NAME:
        issue = db.get_one(Issue, mailing.subject_id)
        items.freeze(issue)
        if audience.of(issue).chosen.parts:
            issue.is_private = True
