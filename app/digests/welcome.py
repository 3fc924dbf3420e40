"""Three mails for new members: what their alliance is, how a council decides, how to help.

Each goes out on a date at the reader's hour, one, four and eleven days after the day (UTC) on
which they confirmed. Everybody belongs to exactly one mailing of each step, which makes it come
once without a list of who had it. A mail is left out when the next one is due, so that two never
come at once; until then it waits where its reader had enough mail for a week.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, case, exists, null, select

from app.alliances.models import Membership, MembershipState
from app.digests import audience, series_rows, welcome_copies
from app.digests.models import SeriesName
from app.foundation import clock
from app.foundation.db import db
from app.mail import mailings, registry
from app.mail.models import Mailing
from app.mail.registry import Composer, Reader
from app.people.models import Person, Purpose, Standing

KIND = "welcome"
DAYS = {1: 1, 2: 4, 3: 11}
"""How many days after the day of the confirmation each of the three goes out."""
GOOD_FOR = {1: timedelta(days=3), 2: timedelta(days=7), 3: timedelta(days=7)}
"""Until the next one is due."""
LATEST = 2
"""So many days back a missed mailing is still made."""
UNCONFIRMED_FOR = timedelta(days=30)
"""Nobody stays unconfirmed for so long; it lets the database look at few people."""


@dataclass(frozen=True)
class Step:
    """One of the three mails on one date."""

    number: int
    on: date

    @property
    def once(self) -> str:
        return f"welcome:{self.number}:{self.on}"

    @property
    def confirmed(self) -> tuple[datetime, datetime]:
        """From when until when its readers confirmed."""
        day = datetime.combine(self.on - timedelta(days=DAYS[self.number]), time(), UTC)
        return day, day + timedelta(days=1)


def arrange() -> None:
    """Schedule today's mails and those of missed days, each once, if the welcome is on."""
    series = series_rows.of(SeriesName.WELCOME)
    if not series.is_on or series.on_since is None:
        return
    steps = list(_due())
    known = set(
        db.scalars(select(Mailing.once).where(Mailing.once.in_([step.once for step in steps])))
    )
    for step in steps:
        if step.once not in known and db.scalar(select(_readers(step, series.on_since).exists())):
            _schedule(step, series.on_since)


def _due() -> Iterator[Step]:
    today = clock.now().date()
    for back in range(LATEST, -1, -1):
        for number in DAYS:
            yield Step(number, today - timedelta(days=back))


def _schedule(step: Step, on_since: datetime) -> None:
    due_at = datetime.combine(step.on, time(), UTC)
    mailings.schedule(
        kind=KIND,
        purpose=Purpose.DIGEST,
        once=step.once,
        subject_id=step.number,
        title=welcome_copies.title(step.number),
        due_at=due_at,
        expires_at=due_at + GOOD_FOR[step.number],
        facts={"on": step.on.isoformat(), "on_since": on_since.isoformat()},
    )


def _readers(step: Step, on_since: datetime) -> Select[Any]:
    """Who confirmed on the day of a step, since the welcome is on."""
    first, last = step.confirmed
    return select(Person.id).where(
        Person.created_at >= first - UNCONFIRMED_FOR,
        Person.confirmed_at >= max(first, on_since),
        Person.confirmed_at < last,
        Person.standing == Standing.ACTIVE,
    )


class WelcomeKind:
    """A mailing whose subject is the number of a step; its facts hold the date (`on`)."""

    name = KIND

    def audience(self, mailing: Mailing) -> Select[Any]:
        on = date.fromisoformat(mailing.facts["on"])
        on_since = datetime.fromisoformat(mailing.facts["on_since"])
        due_at = audience.due_on(on, Person.time_zone, Person.digest_hour)  # type: ignore[arg-type]
        readers = _readers(Step(mailing.subject_id, on), on_since)
        return readers.with_only_columns(Person.id.label("person_id"), due_at.label("due_at"))

    def refusal(self, mailing: Mailing) -> ColumnElement[Any]:
        """Whoever left their alliance, and is in no other, is greeted no more."""
        own = Membership.person_id == Person.id
        left = exists().where(own, Membership.state == MembershipState.LEFT)
        stays = exists().where(own, Membership.state == MembershipState.ACTIVE)
        return case((and_(left, ~stays), "left"), else_=null())

    def composer(self, mailing: Mailing, readers: Sequence[Reader]) -> Composer:
        return welcome_copies.composer(mailing.subject_id, readers)


registry.register(WelcomeKind())
registry.explain(left=_l("Left the alliance meanwhile"))
