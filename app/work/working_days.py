"""Days on which public offices work: Monday to Friday but for the federal holidays.

The eleven of 5 U.S.C. 6103 (a), and in lieu of a Saturday the Friday before, of a Sunday the
Monday after, as there in (b) and in Executive Order 11582. A package that knows all holidays of
the world would cost each process 46 MB.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6
A_DAY = timedelta(days=1)
FIXED = ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))
"""New Year's Day, Juneteenth, Independence Day, Veterans Day, Christmas Day: month and day."""
NTH = ((1, MONDAY, 3), (2, MONDAY, 3), (9, MONDAY, 1), (10, MONDAY, 2), (11, THURSDAY, 4))
"""Birthday of Martin Luther King, Washington's Birthday, Labor Day, Columbus Day, Thanksgiving."""


def works(day: date) -> bool:
    """Whether offices work on a day."""
    return day.weekday() < SATURDAY and not is_holiday(day)


def is_holiday(day: date) -> bool:
    """Whether offices are closed on a day although it may be one from Monday to Friday."""
    return day in _closed(day.year)


def nearest(day: date, *, from_day: date) -> date:
    """The working day on or before a day; where that is before `from_day`, the first from it on."""
    before = day
    while not works(before):
        before -= A_DAY
    if before >= from_day:
        return before
    after = from_day
    while not works(after):
        after += A_DAY
    return after


@lru_cache(maxsize=16)
def _closed(year: int) -> frozenset[date]:
    """The days of a year on which holidays are observed, among them the next New Year's Day."""
    fixed = [_observed(date(year, month, day)) for month, day in FIXED]
    nth = [_nth(year, month, weekday, number) for month, weekday, number in NTH]
    memorial_day = _nth(year, 6, MONDAY, 1) - timedelta(days=7)
    return frozenset([*fixed, *nth, memorial_day, _observed(date(year + 1, 1, 1))])


def _observed(day: date) -> date:
    shift = {SATURDAY: -A_DAY, SUNDAY: A_DAY}.get(day.weekday(), timedelta())
    return day + shift


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))
