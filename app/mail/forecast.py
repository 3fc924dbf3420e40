"""When a mailing will be through: from its size, what waits before it, rates, nights, warm-up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import func, or_, select

from app.foundation import clock
from app.foundation.db import db
from app.mail import lanes, quiet_hours, tallies, warm_up
from app.mail.lanes import RELAY
from app.mail.models import Delivery, Lane, Mailing, MailingState, SendState
from app.mail.rates import Limits
from app.mail.reasons import Reason

USUAL_PACE = 20.0
"""Mails a second, where we have not seen yet how many it are."""
FURTHEST_DAYS = 400
SOON = timedelta(minutes=90)
OPEN_HOURS = timedelta(hours=quiet_hours.EVENING - quiet_hours.MORNING)


@dataclass(frozen=True)
class Load:
    """What is to be sent; `by_provider` where these have limits of their own."""

    people: int
    by_provider: Mapping[str, int] = field(default_factory=dict)
    at_any_hour: bool = False


def finish(load: Load, begin: datetime, *, pace: float = 0.0) -> datetime:
    """When the last copy leaves, if nothing unforeseen happens; `pace` if it was measured."""
    limits = Limits.configured()
    pace = pace or _usual_pace(limits)
    ends = [_end(load.people, pace, begin, load)]
    for provider, people in load.by_provider.items():
        rate = limits.of(provider)
        if rate:
            ends.append(_end(people, min(rate, pace), begin, load))
    return max(ends)


def waiting_before(mailing: Mailing | None = None) -> int:
    """How many copies of other digests and news wait to leave first.

    Who had enough for this week waits for days, and in nobody's way.
    """
    unasked = or_(*(Mailing.purpose == purpose for purpose in quiet_hours.UNASKED))
    others = select(Mailing.id).where(Mailing.state == MailingState.SENDING, unasked)
    if mailing is not None:
        others = others.where(Mailing.id != mailing.id)
    waiting = select(func.count()).where(
        Delivery.mailing_id.in_(others),
        Delivery.state == SendState.WAITING,
        Delivery.reason != Reason.FULL,
    )
    return db.scalar(waiting) or 0


def in_words(end: datetime, zone: str) -> str:
    """An instant to come as people say it: in 20 minutes, today at 4 PM, Saturday at 4 PM."""
    now = clock.now()
    minutes = max(1, round((end - now).total_seconds() / 60))
    if end - now < SOON:
        return str(ngettext("in about %(num)s minute", "in about %(num)s minutes", minutes))
    local = _next_hour(end).astimezone(ZoneInfo(zone))
    today = now.astimezone(ZoneInfo(zone)).date()
    hour = format_time(local.timetz().replace(tzinfo=None), "short", locale=get_locale())
    if local.date() == today:
        return str(_("today at %(time)s", time=hour))
    pattern = "EEEE" if (local.date() - today).days < 7 else "EEEE, MMMM d"
    return str(
        _(
            "%(day)s at %(time)s",
            day=format_date(local.date(), pattern, locale=get_locale()),
            time=hour,
        )
    )


def _next_hour(moment: datetime) -> datetime:
    """Rounded up: who comes later is not disappointed."""
    return (moment + timedelta(minutes=59, seconds=59)).replace(minute=0, second=0, microsecond=0)


def _usual_pace(limits: Limits) -> float:
    pace = tallies.best_pace() or USUAL_PACE
    return min(pace, limits.overall) if limits.overall else pace


def _end(mails: int, pace: float, begin: datetime, load: Load) -> datetime:
    """When so many mails are through, day by day: each has its hours, and perhaps an allowance."""
    left, now = float(mails), begin
    woken = begin + quiet_hours.NOW_MEANS if load.at_any_hour else begin
    for _nth in range(FURTHEST_DAYS):
        day = warm_up.day_of(now)
        closes = max(warm_up.begin_of(day) + OPEN_HOURS, woken)
        room = max(0.0, (closes - now).total_seconds()) * pace
        allowed = warm_up.allowance(day)
        if allowed is not None:
            room = min(room, allowed - (_used_today() if day == _today() else 0))
        if left <= room:
            return now + timedelta(seconds=left / pace)
        left -= max(0.0, room)
        now = warm_up.begin_of(day + timedelta(days=1))
    return now


def _today() -> object:
    return warm_up.day_of(clock.now())


def _used_today() -> int:
    used = select(Lane.on_day).where(
        Lane.sender == lanes.sender(), Lane.provider == RELAY, Lane.day == _today()
    )
    return db.scalar(used) or 0
