"""How often an event comes again: the part of RFC 5545's RRULE that people use, and its words.

Weekly or every two weeks, monthly by weekday; until a day, so many times, or without end. Rules
are of wall time, so that a meeting at seven stays at seven when the clocks change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum

from dateutil.rrule import rrulestr
from flask_babel import gettext as _
from flask_babel import ngettext

from app.foundation import pagecontext

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LAST = -1
END_OF_DAY = time(23, 59, 59)


class Every(StrEnum):
    """What can be chosen; the weekday, and which one of its month, are the first date's."""

    WEEK = "week"
    SECOND_WEEK = "second_week"
    MONTH = "month"
    LAST_OF_MONTH = "last_of_month"


@dataclass(frozen=True)
class Rhythm:
    """`nth` counts the weekday within a month, -1 is the last; `until` is the last possible day."""

    every: Every
    weekday: int
    nth: int = 0
    until: date | None = None
    count: int | None = None

    def rule(self) -> str:
        """As RFC 5545 writes it."""
        day = WEEKDAYS[self.weekday]
        parts = {
            Every.WEEK: ["FREQ=WEEKLY", f"BYDAY={day}"],
            Every.SECOND_WEEK: ["FREQ=WEEKLY", "INTERVAL=2", f"BYDAY={day}"],
            Every.MONTH: ["FREQ=MONTHLY", f"BYDAY={self.nth}{day}"],
            Every.LAST_OF_MONTH: ["FREQ=MONTHLY", f"BYDAY={LAST}{day}"],
        }[self.every]
        if self.until is not None:
            parts.append(f"UNTIL={datetime.combine(self.until, END_OF_DAY):%Y%m%dT%H%M%S}")
        elif self.count is not None:
            parts.append(f"COUNT={self.count}")
        return ";".join(parts)


def starting(every: Every, first: date) -> Rhythm:
    """The rhythm whose first date this is; a fifth weekday of a month is its last."""
    nth = (first.day - 1) // 7 + 1
    if every == Every.MONTH and nth > 4:
        every = Every.LAST_OF_MONTH
    return Rhythm(every, first.weekday(), nth if every == Every.MONTH else 0)


def fits(every: Every, first: date) -> bool:
    """Whether a rhythm can begin on a day: the last Tuesday begins on a last Tuesday."""
    is_last = (first.day + 7) > _days_of_month(first)
    nth = (first.day - 1) // 7 + 1
    if every == Every.LAST_OF_MONTH:
        return is_last
    return every != Every.MONTH or nth <= 4


def read(rule: str) -> Rhythm:
    """The rhythm that a stored rule says."""
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    by_day = parts["BYDAY"]
    nth = int(by_day[:-2] or 0)
    if parts["FREQ"] == "WEEKLY":
        every = Every.SECOND_WEEK if parts.get("INTERVAL") == "2" else Every.WEEK
    else:
        every = Every.LAST_OF_MONTH if nth == LAST else Every.MONTH
    until = parts.get("UNTIL")
    return Rhythm(
        every,
        WEEKDAYS.index(by_day[-2:]),
        max(nth, 0),
        datetime.strptime(until[:8], "%Y%m%d").date() if until else None,  # noqa: DTZ007  a day
        int(parts["COUNT"]) if "COUNT" in parts else None,
    )


def days(rule: str, wall_start: datetime, *, after: date, until: date) -> Iterator[date]:
    """The days of a rule after a day, up to and with another."""
    begin = datetime.combine(after, END_OF_DAY)
    for wall in rrulestr(rule, dtstart=wall_start).xafter(begin):
        if wall.date() > until:
            return
        yield wall.date()


def until(rule: str, last: date) -> str:
    """The same rule, which ends on a day."""
    return replace(read(rule), until=last, count=None).rule()


def often_by(rule: str | None) -> str:
    """How often an event of a list comes again, or nothing."""
    return often(read(rule)) if rule else ""


def in_words(rule: str) -> str:
    """Every two weeks on Tuesday, until June 1, 2027."""
    rhythm = read(rule)
    return ", ".join(part for part in (often(rhythm), _end(rhythm)) if part)


def often(rhythm: Rhythm) -> str:
    """Every two weeks on Tuesday; the second Tuesday of each month."""
    weekday = pagecontext.day_as(date(2024, 1, 1 + rhythm.weekday), "EEEE")  # a Monday was the 1st
    if rhythm.every == Every.WEEK:
        return str(_("every %(weekday)s", weekday=weekday))
    if rhythm.every == Every.SECOND_WEEK:
        return str(_("every two weeks on %(weekday)s", weekday=weekday))
    sentence = {
        1: _("the first %(weekday)s of each month", weekday=weekday),
        2: _("the second %(weekday)s of each month", weekday=weekday),
        3: _("the third %(weekday)s of each month", weekday=weekday),
        4: _("the fourth %(weekday)s of each month", weekday=weekday),
    }
    last = _("the last %(weekday)s of each month", weekday=weekday)
    return str(sentence.get(rhythm.nth, last))


def _end(rhythm: Rhythm) -> str:
    if rhythm.until is not None:
        return str(_("until %(day)s", day=pagecontext.short_date(rhythm.until)))
    if rhythm.count is not None:
        return str(ngettext("%(num)s time", "%(num)s times", rhythm.count))
    return ""


def _days_of_month(day: date) -> int:
    first_of_next = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return (first_of_next - date(day.year, day.month, 1)).days
