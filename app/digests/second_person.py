"""A digest to many people waits for a second person of staff, or for an hour in which any of them
can stop it (SECURITY).

One that staff send cannot be changed meanwhile. One that a series makes is counted when it is
scheduled and then once a day; it may be changed, and whoever does becomes its first person.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app

from app.accounts.audit import audit
from app.digests import audience, queries
from app.digests.models import Issue
from app.foundation import clock
from app.mail import mailings
from app.mail.models import Mailing

WAIT = timedelta(minutes=60)


class OneAndTheSame(Exception):
    """Whoever sent or changed the issue cannot be its second person."""


def is_many(people: int) -> bool:
    """Whether a digest to so many waits for a second person."""
    return people > int(current_app.config["SECOND_PERSON_ABOVE"])


def approve(issue_id: int, *, by_id: int) -> bool:
    """The second person's yes: a large issue need not wait; False if it waits no more.

    Raises OneAndTheSame.
    """
    mailing = queries.locked(issue_id).mailing
    if mailing is None or not queries.needs_second_person(mailing):
        return False
    if mailing.created_by_id == by_id:
        raise OneAndTheSame
    due_at = max(datetime.fromisoformat(mailing.facts["start_at"]), clock.now())
    if not _move(mailing, due_at):
        return False
    mailing.facts = {**mailing.facts, "approved_by": by_id}
    audit("digests", "approved", issue_id)
    return True


def count(issue: Issue) -> None:
    """See once a day whether the scheduled issue of a series goes to many people."""
    mailing, today = issue.mailing, clock.today().isoformat()
    if mailing is None or mailing.facts.get("counted_on") == today:
        return
    people = audience.count(audience.of(issue)).people
    facts = {**mailing.facts, "counted_on": today, "people": people}
    facts.setdefault("start_at", mailing.due_at.isoformat())
    if is_many(people) and not queries.is_large(mailing):
        facts["large"] = True
        _wait(mailing)
    mailing.facts = facts


def changed(issue: Issue, *, by_id: int) -> None:
    """An issue of a series was changed: what somebody approved is not what would go out."""
    mailing = issue.mailing
    if mailing is None or not issue.series or not queries.is_large(mailing):
        return
    mailing.facts = {key: each for key, each in mailing.facts.items() if key != "approved_by"}
    mailing.created_by_id = by_id
    _wait(mailing)


def _wait(mailing: Mailing) -> None:
    """Give the others their hour."""
    _move(mailing, max(mailing.due_at, clock.now() + WAIT))


def _move(mailing: Mailing, due_at: datetime) -> bool:
    """Let it start at another time, and be good for as long as before."""
    expires_at = mailing.expires_at and mailing.expires_at + (due_at - mailing.due_at)
    return mailings.reschedule(mailing, due_at, expires_at)
