"""Counting days and hours backwards and forwards, as rules of councils count them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from app.work import working_days

A_DAY = timedelta(days=1)
AN_HOUR = timedelta(hours=1)
AN_INSTANT = timedelta.resolution
SUNDAY = 6


class Counting(StrEnum):
    """Which days a rule counts."""

    CALENDAR = "calendar"
    WORKING = "working"
    NO_SUNDAYS = "no_sundays"


def counts(day: date, counting: Counting) -> bool:
    """Whether a rule counts this day."""
    match counting:
        case Counting.CALENDAR:
            return True
        case Counting.WORKING:
            return working_days.works(day)
        case Counting.NO_SUNDAYS:
            return day.weekday() != SUNDAY


def back(day: date, number: int, counting: Counting) -> date:
    """The day that lies `number` counted days before `day`, which itself is not counted."""
    return _gone(day, number, counting, -A_DAY)


def ahead(day: date, number: int, counting: Counting) -> date:
    """The last of the `number` counted days that follow `day`."""
    return _gone(day, number, counting, A_DAY)


def _gone(day: date, number: int, counting: Counting, by: timedelta) -> date:
    if counting == Counting.CALENDAR:
        return day + number * by
    while number > 0:
        day += by
        number -= counts(day, counting)
    return day


def hours_back(wall: datetime, hours: int, *, weekends: bool) -> datetime:
    """The wall time `hours` before another; without `weekends` no hour of a weekend or of a
    federal holiday counts (as Massachusetts has it, G.L. c. 30A, s. 20)."""
    left, moment = hours * AN_HOUR, wall
    if weekends or not hours:
        return wall - left
    while True:
        start = datetime.combine((moment - AN_INSTANT).date(), time())
        if working_days.works(start.date()):
            if moment - start >= left:
                return moment - left
            left -= moment - start
        moment = start
