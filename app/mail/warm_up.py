"""How many mails a new sending domain may send on each of its days: receivers trust it slowly."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import current_app

from app.foundation import clock

RAMP = (
    *(50, 100, 500, 1_000, 2_500, 5_000, 7_500, 10_000, 15_000, 20_000),
    *(30_000, 40_000, 60_000, 80_000, 120_000, 160_000, 240_000, 320_000, 480_000, 640_000),
)
"""Mails on the first day, the second, and so on; then there is no limit any more."""
DAY_BEGINS = 8
"""O'clock: a new allowance is of no use while readers sleep."""


def day_of(moment: datetime) -> date:
    """The sending day in which an instant lies."""
    return (moment.astimezone(ZoneInfo(clock.HOME_ZONE)) - timedelta(hours=DAY_BEGINS)).date()


def begin_of(day: date) -> datetime:
    return clock.instant(datetime.combine(day, time(DAY_BEGINS)), clock.HOME_ZONE)


def nth_day(day: date) -> int | None:
    """Which day of the ramp it is, from 1; None without a ramp, or after it."""
    since: date | None = current_app.config["WARM_UP_SINCE"]
    if since is None:
        return None
    nth = max(1, (day - since).days + 1)
    return nth if nth <= len(RAMP) else None


def allowance(day: date) -> int | None:
    """How many mails to many may leave on a day; None is no limit."""
    nth = nth_day(day)
    return None if nth is None else RAMP[nth - 1]
