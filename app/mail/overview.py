"""All mail at a glance, for the page of staff and for /metrics: how fast, how much, what hangs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import format_number
from flask_babel import gettext as _
from sqlalchemy import and_, case, func, select

from app.foundation import clock
from app.foundation.db import db
from app.foundation.pagecontext import local_time
from app.mail import breakers, lanes, queries, tallies, warm_up
from app.mail.lanes import RELAY
from app.mail.models import Delivery, Lane, Mailing, MailingState, Message, SendState
from app.mail.rates import Limits

OPEN = (MailingState.SENDING, MailingState.PAUSED)
FAILURES_SHOWN = 20
RECENT = timedelta(days=30)


@dataclass(frozen=True)
class Resting:
    """A receiver that puts us off, or our own relay."""

    provider: str
    until: datetime
    since: datetime
    times: int
    words: str


@dataclass(frozen=True)
class WarmUp:
    """Where a new sending domain stands on its way."""

    nth_day: int
    used: int
    allowance: int


@dataclass(frozen=True)
class Flow:
    """How mail moves: what its figures and the poll of its page show."""

    last_minute: int
    last_hour: int
    done: int
    waiting: int
    later: int
    oldest: datetime | None
    resting: Sequence[Resting]

    @property
    def total(self) -> int:
        return self.done + self.waiting + self.later

    @property
    def phase(self) -> str:
        """Changes when more of the page than its numbers must be drawn anew."""
        rests = (f"{rest.provider or 'relay'}-{rest.times}" for rest in self.resting)
        return " ".join(("going" if self.waiting else "still", *rests))

    @property
    def sentence(self) -> str:
        told = [
            _("%(number)s sent in the last minute", number=format_number(self.last_minute)),
            _("%(number)s in the last hour", number=format_number(self.last_hour)),
        ]
        if self.oldest is not None:
            since = local_time(self.oldest, clock.HOME_ZONE)
            told.append(_("the oldest that could go waits since %(time)s", time=since))
        return " · ".join(told)

    @property
    def states(self) -> list[tuple[str, str, int]]:
        return [
            ("minute", _("Sent in the last minute"), self.last_minute),
            ("hour", _("Sent in the last hour"), self.last_hour),
            ("waiting", _("Waiting to go now"), self.waiting),
            ("later", _("Waiting for later"), self.later),
        ]

    def as_json(self) -> dict[str, Any]:
        return {
            "done": self.done,
            "total": self.total,
            "states": {key: number for key, _name, number in self.states},
            "sentence": self.sentence,
            "phase": self.phase,
            "finished": False,
            "oldest": None if self.oldest is None else self.oldest.isoformat(),
        }


def flow() -> Flow:
    """How mail moves just now; of mailings, those that go out are counted."""
    now = clock.now()
    states = _by_state(now)
    return Flow(
        last_minute=round(tallies.sent_a_minute()),
        last_hour=tallies.sent_in_an_hour(),
        done=states["done"],
        waiting=states["waiting"],
        later=states["later"],
        oldest=queries.oldest_due(now),
        resting=resting(),
    )


def resting() -> Sequence[Resting]:
    """Whom we leave alone, the relay first."""
    rows = db.execute(
        select(Lane.provider, Lane.rests_until, Lane.since, Lane.rests, Lane.words)
        .where(Lane.sender == lanes.sender(), Lane.rests > 0)
        .order_by(Lane.provider)
    )
    return [
        Resting(provider, until, since, times, words)
        for provider, until, since, times, words in rows
        if until is not None and since is not None
    ]


def by_provider() -> Sequence[tuple[str, int, int, int, float]]:
    """By large provider what was sent, failed and was put off in the last hour, and the limit."""
    limits = Limits.configured()
    lately = tallies.lately()
    return [(name, *numbers, limits.of(name)) for name, numbers in lately.items()]


def warming_up() -> WarmUp | None:
    today = warm_up.day_of(clock.now())
    nth, allowance = warm_up.nth_day(today), warm_up.allowance(today)
    if nth is None or allowance is None:
        return None
    used = select(Lane.on_day).where(
        Lane.sender == lanes.sender(), Lane.provider == RELAY, Lane.day == today
    )
    return WarmUp(nth, db.scalar(used) or 0, allowance)


def failures() -> Sequence[tuple[str, int]]:
    """What servers said when they refused for good in 30 days; addresses in it are masked."""
    since = clock.now() - RECENT
    found: Counter[str] = Counter()
    recent = select(Mailing.id).where(Mailing.created_at >= since)
    for table, is_recent in (
        (Delivery, Delivery.mailing_id.in_(recent)),
        (Message, Message.created_at >= since),
    ):
        said = select(table.reason, func.count()).where(table.state == SendState.FAILED, is_recent)
        for words, times in db.execute(said.group_by(table.reason)):
            found[breakers.masked(words)] += times
    return found.most_common(FAILURES_SHOWN)


def _by_state(now: datetime) -> Mapping[str, int]:
    """Copies of open mailings and single messages that are done, wait, or wait for later."""
    going = select(Mailing.id).where(Mailing.state.in_(OPEN)).scalar_subquery()
    place = case(
        (and_(Delivery.state == SendState.WAITING, Delivery.due_at <= now), "waiting"),
        (Delivery.state == SendState.WAITING, "later"),
        else_="done",
    )
    copies = (
        select(place.label("place"), func.count())
        .where(Delivery.mailing_id.in_(going))
        .group_by(place)
    )
    found: Counter[str] = Counter({row[0]: row[1] for row in db.execute(copies)})
    when = case((Message.due_at <= now, "waiting"), else_="later")
    messages = select(when.label("place"), func.count()).where(
        Message.state.in_((SendState.WAITING, SendState.SENDING))
    )
    for row in db.execute(messages.group_by(when)):
        found[row[0]] += row[1]
    return found
