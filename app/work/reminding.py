"""Who is reminded when: by each owner's own clock, on the mornings of Monday and of the day before.

The sweep asks every minute; the key of each mail makes it one. A morning that was missed is not
made up for: the next one says what is late.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, cast, exists, literal

from app.foundation import clock
from app.foundation.db import db
from app.mail.models import Message
from app.people.models import Person
from app.work import mails, queries
from app.work.models import ToDo

FIRST_HOUR = 7
LAST_HOUR = 19
MONDAY = 0
A_DAY = timedelta(days=1)
AT_ONCE = 200


@dataclass(frozen=True)
class Round:
    """One kind of mail for the people of a zone today: its key, what is due, who posts it."""

    key: str
    due: ColumnElement[bool]
    until: date
    post: Callable[[Person, Sequence[ToDo], date], None]


def remind() -> int:
    """Post the mails of this hour, some hundred at a time; how many that were."""
    return sum(_remind_zone(zone) for zone in queries.zones())


def next_morning(after: datetime) -> datetime | None:
    """When the next of those who have something to do can be reminded; None where nobody has."""
    return min((_morning(after, zone) for zone in queries.zones()), default=None)


def _morning(after: datetime, zone: str) -> datetime:
    local = after.astimezone(ZoneInfo(zone)).date()
    mornings = (
        clock.instant(datetime.combine(d, time(FIRST_HOUR)), zone) for d in (local, local + A_DAY)
    )
    return next(each for each in mornings if each > after)


def _remind_zone(zone: str) -> int:
    local = clock.now().astimezone(ZoneInfo(zone))
    if not FIRST_HOUR <= local.hour <= LAST_HOUR:
        return 0
    return sum(_remind(zone, local.date(), each) for each in _rounds(local))


def _rounds(local: datetime) -> Sequence[Round]:
    today = local.date()
    tomorrow = today + A_DAY
    rounds = [Round(mails.TOMORROW, ToDo.due_on == tomorrow, tomorrow, mails.post_tomorrow)]
    if local.weekday() == MONDAY:
        sunday = today + timedelta(days=6)
        rounds = [Round(mails.WEEK, ToDo.due_on <= sunday, sunday, mails.post_week)]
    return rounds


def _remind(zone: str, today: date, this: Round) -> int:
    people = db.scalars(
        queries.owners(zone, this.due).where(~_has_it(this.key, today)).limit(AT_ONCE)
    ).all()
    for person in people:
        owed = queries.owed_by(person.id, this.until)
        if this.key == mails.TOMORROW:
            owed = [to_do for to_do in owed if to_do.due_on == this.until]
        this.post(person, owed, today)
    return len(people)


def _has_it(key: str, today: date) -> ColumnElement[bool]:
    """Whether the mail with the key of `mails.once` was posted."""
    wanted = literal(f"{key}:") + cast(Person.id, String) + literal(f":{today.isoformat()}")
    return exists().where(Message.once == wanted).correlate(Person)
