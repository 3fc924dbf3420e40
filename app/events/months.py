"""A month of public events, day by day: what the calendar page draws."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.events import listed, listings
from app.events.forms import EventFilter
from app.events.listed import OfAlliance
from app.events.models import Event
from app.foundation.db import db

SHOWN = 3
"""Events of a day in the month; the rest is on the day's own list."""
MOST = 1000
SUNDAY = 6


class NoSuchMonth(LookupError):
    """Not a month that a calendar shows."""


@dataclass(frozen=True)
class Day:
    """One day with its events, the earliest first; `inside` is false in the weeks' loose ends."""

    on: date
    inside: bool
    events: Sequence[OfAlliance]

    @property
    def shown(self) -> Sequence[OfAlliance]:
        return self.events[:SHOWN]

    @property
    def more(self) -> int:
        return len(self.events) - len(self.shown)


@dataclass(frozen=True)
class Month:
    """Whole weeks from Sunday on."""

    first: date
    days: Sequence[Day]

    @property
    def previous(self) -> date:
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def following(self) -> date:
        return (self.first + timedelta(days=31)).replace(day=1)

    def day(self, number: int) -> Day | None:
        """The day of this number, if the month has it."""
        inside = [day for day in self.days if day.inside and day.on.day == number]
        return inside[0] if inside else None


def first_of(raw: str) -> date:
    """The first day of `2027-07`; raises NoSuchMonth."""
    try:
        found = datetime.strptime(raw, "%Y-%m").date()  # noqa: DTZ007  a month has no zone
    except ValueError:
        raise NoSuchMonth(raw) from None
    if not 2000 <= found.year <= 2100:
        raise NoSuchMonth(raw)
    return found


def month(first: date, filters: EventFilter) -> Month:
    """The month that begins on `first`, with the events that the filters leave; one statement."""
    weeks = calendar.Calendar(firstweekday=SUNDAY).monthdatescalendar(first.year, first.month)
    days = [day for week in weeks for day in week]
    by_day: dict[date, list[OfAlliance]] = {}
    for event in _between(first, (first + timedelta(days=31)).replace(day=1), filters):
        by_day.setdefault(event.wall_start.date(), []).append(event)
    return Month(first, [Day(d, d.month == first.month, by_day.get(d, ())) for d in days])


def _between(first: date, end: date, filters: EventFilter) -> Sequence[OfAlliance]:
    """By the clock of each event's own place."""
    query = (
        listed.published()
        .where(
            Event.wall_start >= datetime.combine(first, time()),
            Event.wall_start < datetime.combine(end, time()),
        )
        .order_by(Event.wall_start, Event.id)
        .limit(MOST)
    )
    return db.execute(listings.narrowed(query, filters)).all()
