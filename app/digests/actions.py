"""What staff do with an issue: write it, send it or schedule it, approve it, take it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from app.accounts.audit import audit
from app.digests import audience, kind, queries, second_person, tree, twice
from app.digests.models import Issue
from app.foundation import clock, edge
from app.foundation.db import db
from app.mail import mailings, resending
from app.mail.models import Mailing
from app.people.models import DigestEvery, Purpose

GOOD_FOR = timedelta(days=7)
COPIED = (
    *("subject", "subject_es", "introduction", "introduction_es", "every", "sections"),
    *("is_private", "chosen", "saved_audience_id"),
)
FURTHEST_AHEAD = timedelta(days=366)


class Stale(edge.Conflict):
    """Somebody else saved the issue since the page was opened."""


class Frozen(edge.Conflict):
    """The issue goes out or went out, so it cannot change."""


class WrongNumber(Exception):
    """The typed number is not how many people will get it now."""

    def __init__(self, people: int) -> None:
        super().__init__(f"{people} people")
        self.people = people


class NobodyToSend(Exception):
    """The audience is empty."""


class NoSuchDay(Exception):
    """A day that is past, or too far ahead."""


@dataclass(frozen=True)
class Draft:
    """What staff write, and for readers of which rhythm."""

    subject: str
    introduction: str
    every: DigestEvery
    subject_es: str = ""
    introduction_es: str = ""
    is_private: bool = False


@dataclass(frozen=True)
class Sending:
    """How an issue is to go out: at once, or `on` a day at each reader's hour."""

    people: int
    by_id: int
    on: date | None = None


def create(draft: Draft, *, by_id: int) -> Issue:
    """A new draft; the same form sent twice is one."""
    return twice.first_of(Issue, vars(draft), by_id=by_id) or _made(vars(draft), by_id)


def save(issue_id: int, draft: Draft, *, version: int, by_id: int) -> Issue:
    """Change an issue that was read in this version; raises Stale or Frozen.

    A scheduled one keeps its audience, for staff confirmed how many people that is.
    """
    issue = queries.locked(issue_id)
    if not is_editable(issue):
        raise Frozen(f"issue {issue.id} goes out")
    if issue.version != version:
        raise Stale(f"issue {issue.id} is at version {issue.version}")
    if issue.mailing is not None:
        draft = replace(draft, every=issue.every)
        issue.mailing.title = draft.subject
    for name, value in vars(draft).items():
        setattr(issue, name, value)
    issue.version += 1
    issue.updated_at = clock.now()
    second_person.changed(issue, by_id=by_id)
    return issue


def duplicate(issue_id: int, *, by_id: int) -> Issue:
    """A new draft with the words, the readers and the order of an issue; twice is one."""
    issue = queries.issue(issue_id)
    kept = {name: getattr(issue, name) for name in COPIED}
    return twice.first_of(Issue, kept, by_id=by_id, after=issue_id) or _made(kept, by_id)


def delete(issue_id: int) -> bool:
    """Forget a draft; False if it is none."""
    issue = queries.locked(issue_id)
    if issue.mailing_id is not None:
        return False
    audit("digests", "deleted", issue_id)
    db.delete(issue)
    return True


def order(issue_id: int, sections: list[list[str]], *, version: int, by_id: int) -> None:
    """Put an issue's sections in an order; raises Stale or Frozen."""
    issue = queries.locked(issue_id)
    if not is_editable(issue):
        raise Frozen(f"issue {issue.id} goes out")
    if issue.version != version:
        raise Stale(f"issue {issue.id} is at version {issue.version}")
    issue.sections = sections
    issue.version += 1
    issue.updated_at = clock.now()
    second_person.changed(issue, by_id=by_id)


def is_editable(issue: Issue) -> bool:
    """Whether its text may change; a large one that staff sent is what the second person reads."""
    mailing = issue.mailing
    if mailing is None:
        return True
    kept_as_read = queries.is_large(mailing) and issue.series is None
    return queries.is_waiting(mailing) and not kept_as_read


def send(issue_id: int, sending: Sending) -> Issue:
    """Hand an issue to the mail engine, once: doing it again changes nothing.

    Raises WrongNumber, NobodyToSend or NoSuchDay.
    """
    issue = queries.locked(issue_id)
    if issue.mailing is not None:
        return issue
    whom = audience.of(issue)
    people = audience.count(whom).people
    if people == 0:
        raise NobodyToSend
    if people != sending.people:
        raise WrongNumber(people)
    issue.mailing = _mailing(issue, sending)
    issue.mailing_id = issue.mailing.id
    issue.chosen = tree.as_json(whom.chosen)
    issue.scheduled_on = sending.on
    issue.version += 1
    audit("digests", "scheduled" if sending.on else "sent", issue.id, people=people)
    return issue


def take_back(issue_id: int) -> bool:
    """Make a scheduled issue a draft again; False if it goes out already.

    One of a series is skipped instead (see series).
    """
    issue = queries.locked(issue_id)
    if issue.mailing is None or issue.series or not queries.is_waiting(issue.mailing):
        return False
    mailings.cancel(issue.mailing)
    issue.mailing = issue.mailing_id = issue.scheduled_on = None
    issue.version += 1
    audit("digests", "taken back", issue_id)
    return True


def cancel_rest(issue_id: int) -> bool:
    """Send no more copies; False if it was over."""
    return _steer(issue_id, "cancelled", mailings.cancel)


def send_again(issue_id: int, *, with_doubt: bool = False) -> int:
    """Send it again to those whose copy failed; how many they are, none the second time."""
    mailing = queries.locked(issue_id).mailing
    people = 0 if mailing is None else resending.again(mailing, with_doubt=with_doubt)
    if people:
        audit("digests", "sent again", issue_id, people=people)
    return people


def pause(issue_id: int) -> bool:
    return _steer(issue_id, "paused", mailings.pause)


def resume(issue_id: int) -> bool:
    return _steer(issue_id, "resumed", mailings.resume)


def _made(words: Mapping[str, Any], by_id: int) -> Issue:
    now = clock.now()
    issue = Issue(**words, created_by_id=by_id, created_at=now, updated_at=now)
    db.add(issue)
    db.flush()
    return issue


def _mailing(issue: Issue, sending: Sending) -> Mailing:
    now = clock.now()
    start_at = now if sending.on is None else max(now, begin_of(sending.on))
    facts: dict[str, object] = {"people": sending.people, "start_at": start_at.isoformat()}
    if sending.on is not None:
        facts["on"] = sending.on.isoformat()
    due_at = start_at
    if second_person.is_many(sending.people):
        facts["large"] = True
        due_at = max(start_at, now + second_person.WAIT)
    return mailings.schedule(
        kind=kind.NAME,
        purpose=Purpose.DIGEST,
        once=f"digest:{issue.id}:{issue.version}",
        subject_id=issue.id,
        title=issue.subject,
        due_at=due_at,
        expires_at=due_at + GOOD_FOR,
        facts=facts,
        created_by_id=sending.by_id,
        at_any_hour=sending.on is None,
    )


def begin_of(on: date) -> datetime:
    """When a day on which something shall go out begins for our first people; raises NoSuchDay."""
    if not clock.today() <= on <= clock.today() + FURTHEST_AHEAD:
        raise NoSuchDay
    return audience.first_midnight(on)


def _steer(issue_id: int, action: str, act: Callable[[Mailing], bool]) -> bool:
    mailing = queries.locked(issue_id).mailing
    done = mailing is not None and act(mailing)
    if done:
        audit("digests", action, issue_id)
    return done
