"""A test of subject lines: a share of the readers gets two or three of them, the rest the best.

Who is in the test, and which subject they get, is a keyed hash of issue and person, the same in
SQL and here: it is decided nowhere else, so a crash changes nothing, and one mailing with one
copy for each person carries both phases. Fewest unsubscribes win, then most replies: opens are
not tracked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select

from app.accounts.audit import audit
from app.digests import audience, queries
from app.digests.audience import Audience
from app.digests.models import Issue, SubjectTest
from app.foundation import clock, edge, tokens
from app.foundation.db import UTCDateTime, db
from app.mail.models import Delivery, Mailing, MailingState, Reply, SendState
from app.mail.traffic import NotYet
from app.people.models import Purpose, Unsubscription

PRIME = 2**31 - 1
BUCKETS = 10_000
HOLD_ABOVE = 0.02
"""If more of the test's readers unsubscribe than this share, staff decide about the rest."""
HOLD_FROM = 3
"""So few unsubscribes say nothing, whatever their share."""
LOOK_AGAIN = timedelta(seconds=30)


@dataclass(frozen=True)
class Plan:
    """What staff choose: the other subjects, the share in percent, and when it is decided."""

    others: tuple[str, ...]
    share: int
    hours: int


@dataclass(frozen=True)
class Result:
    """How one subject did."""

    subject: str
    sent: int
    unsubscribed: int
    replies: int

    @property
    def rank(self) -> tuple[float, float]:
        """Less is better: unsubscribes of a hundred readers, then replies."""
        readers = max(self.sent, 1)
        return self.unsubscribed / readers, -self.replies / readers


def of(issue_id: int) -> SubjectTest | None:
    return db.get(SubjectTest, issue_id)


def plan(issue_id: int, chosen: Plan) -> bool:
    """Plan a test for a draft, or change it; False if it is no draft any more."""
    issue = queries.locked(issue_id)
    if issue.mailing_id is not None:
        return False
    test = of(issue_id)
    if test is None:
        test = SubjectTest(issue_id=issue_id, salt=_salt(issue_id))
        db.add(test)
    test.others, test.share, test.hours = list(chosen.others), chosen.share, chosen.hours
    test.replies = [0] * (len(chosen.others) + 1)
    issue.version += 1
    return True


def give_up(issue_id: int) -> bool:
    """Send a draft with its own subject to everybody after all; False if it is no draft."""
    issue = queries.locked(issue_id)
    test = of(issue_id)
    if issue.mailing_id is not None or test is None:
        return False
    db.delete(test)
    issue.version += 1
    return True


def due(test: SubjectTest, whom: Audience, mailing: Mailing) -> Select[Any]:
    """Everybody who gets the issue: the test's readers as planned, the others after it."""
    people = audience.receivers(whom).subquery()
    rest: ColumnElement[Any] = literal(decided_from(test, mailing), UTCDateTime())
    first: ColumnElement[Any] = literal(mailing.due_at, UTCDateTime())
    on = audience.chosen_day(mailing)
    if on is not None:
        zone, hour = people.c.time_zone, people.c.digest_hour
        first = audience.due_on(on, zone, hour)
        rest = audience.due_on(on + timedelta(days=1), zone, hour)
    in_test = _bucket(test, people.c.person_id) < _limit(test)
    return select(people.c.person_id, case((in_test, first), else_=rest).label("due_at"))


def decided_from(test: SubjectTest, mailing: Mailing) -> datetime:
    """When the rest is due: so many hours after the start; or the next day, for an issue that goes
    out on a day at each reader's hour."""
    on = audience.chosen_day(mailing)
    if on is not None:
        return audience.first_midnight(on + timedelta(days=1))
    return mailing.due_at + timedelta(hours=test.hours)


def subjects_for(test: SubjectTest, issue: Issue, person_ids: Iterable[int]) -> dict[int, str]:
    """Each person's subject; raises NotYet while the rest has to wait for the decision."""
    subjects = _subjects(test, issue)
    found = {}
    for person_id in person_ids:
        variant = variant_of(test, person_id)
        if variant is None:
            variant = test.winner
        if variant is None:
            raise NotYet(clock.now() + LOOK_AGAIN)
        found[person_id] = subjects[variant]
    return found


def variant_of(test: SubjectTest, person_id: int) -> int | None:
    """Which subject a person of the test gets; None for the rest."""
    factor, offset = _key(test)
    bucket = (person_id * factor + offset) % PRIME % BUCKETS
    return bucket % _number(test) if bucket < _limit(test) else None


def results(issue: Issue, test: SubjectTest) -> list[Result]:
    """How each subject did so far, in their order."""
    bucket = _bucket(test, Delivery.person_id)
    since = and_(
        Unsubscription.person_id == Delivery.person_id,
        Unsubscription.purpose == Purpose.DIGEST,
        Unsubscription.at >= Delivery.sent_at,
    )
    variant = (bucket % _number(test)).label("variant")
    rows = db.execute(
        select(variant, func.count(), func.count(Unsubscription.person_id))
        .select_from(Delivery)
        .outerjoin(Unsubscription, since)
        .where(
            Delivery.mailing_id == issue.mailing_id,
            Delivery.state == SendState.SENT,
            bucket < _limit(test),
        )
        .group_by(variant)
    )
    numbers = {row[0]: (row[1], row[2]) for row in rows}
    subjects = _subjects(test, issue)
    replies = _replies(issue, test)
    return [
        Result(subject, *numbers.get(number, (0, 0)), replies[number])
        for number, subject in enumerate(subjects)
    ]


def counts_replies() -> bool:
    """Whether a mailbox is read where replies arrive, so that staff need not count."""
    return bool(current_app.config["REPLY_IMAP_URL"])


def _replies(issue: Issue, test: SubjectTest) -> Sequence[int]:
    """How many replied to each subject: those that came to the mailbox, or that staff counted."""
    if not counts_replies():
        return test.replies
    bucket = _bucket(test, Reply.person_id)
    variant = (bucket % _number(test)).label("variant")
    rows = db.execute(
        select(variant, func.count())
        .where(Reply.mailing_id == issue.mailing_id, bucket < _limit(test))
        .group_by(variant)
    )
    counted = {row[0]: row[1] for row in rows}
    return [counted.get(number, 0) for number in range(_number(test))]


def note_replies(issue_id: int, replies: Sequence[int]) -> bool:
    """Keep how many replies staff counted for each subject; False once it is decided."""
    test = _locked(issue_id)
    settled = test is None or test.winner is not None or counts_replies()
    if test is None or settled or len(replies) != len(test.replies):
        return False
    test.replies = list(replies)
    return True


def decide(issue_id: int, winner: int, *, by_id: int) -> bool:
    """Staff's own choice, now; False if it was decided before."""
    test = _locked(issue_id)
    if test is None or test.winner is not None or not 0 <= winner < _number(test):
        return False
    _settle(test, winner, by_id)
    return True


def settle_due() -> None:
    """Decide the tests whose time came, each once; hold the rest where too many unsubscribed."""
    with edge.reading():
        rows = db.execute(
            select(SubjectTest, Mailing)
            .join(Issue, Issue.id == SubjectTest.issue_id)
            .join(Mailing, Mailing.id == Issue.mailing_id)
            .where(
                SubjectTest.winner.is_(None),
                SubjectTest.held_at.is_(None),
                Mailing.state.in_((MailingState.SENDING, MailingState.PAUSED)),
            )
        ).all()
        now = clock.now()
        due_ids = [test.issue_id for test, mailing in rows if decided_from(test, mailing) <= now]
    for issue_id in due_ids:
        with edge.step():
            _settle_by_itself(issue_id)


def _settle_by_itself(issue_id: int) -> None:
    test = _locked(issue_id)
    if test is None or test.winner is not None or test.held_at is not None:
        return
    found = results(db.get_one(Issue, issue_id), test)
    unsubscribed = sum(result.unsubscribed for result in found)
    sent = sum(result.sent for result in found)
    if unsubscribed >= HOLD_FROM and unsubscribed > sent * HOLD_ABOVE:
        test.held_at = clock.now()
        audit("digests", "subject test held", issue_id, unsubscribed=unsubscribed, sent=sent)
        return
    best = min(range(len(found)), key=lambda number: (found[number].rank, number))
    _settle(test, best, None)


def _settle(test: SubjectTest, winner: int, by_id: int | None) -> None:
    test.winner = winner
    test.decided_at = clock.now()
    test.decided_by_id = by_id
    audit("digests", "subject decided", test.issue_id, winner=winner)


def _locked(issue_id: int) -> SubjectTest | None:
    return db.get(SubjectTest, issue_id, with_for_update=True, populate_existing=True)


def _subjects(test: SubjectTest, issue: Issue) -> list[str]:
    return [issue.subject, *test.others]


def _number(test: SubjectTest) -> int:
    return len(test.others) + 1


def _limit(test: SubjectTest) -> int:
    return test.share * BUCKETS // 100


def _bucket(test: SubjectTest, person_id: Any) -> ColumnElement[int]:
    factor, offset = _key(test)
    bucket: ColumnElement[int] = (person_id * factor + offset) % PRIME % BUCKETS
    return bucket


def _key(test: SubjectTest) -> tuple[int, int]:
    """Factor and offset of the hash, both below the prime."""
    return 1 + test.salt % (PRIME - 1), test.salt // PRIME % PRIME


def _salt(issue_id: int) -> int:
    return int(tokens.keyed_digest("subject test", str(issue_id))[:15], 16)
