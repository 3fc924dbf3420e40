"""A time zone as calendars want it: each change of its clocks in some years, written out.

The calendar library can make these too, but lets summer time begin an hour late.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import icalendar

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@lru_cache(maxsize=200)
def vtimezone(zone: str, first_year: int, last_year: int) -> icalendar.Timezone:
    """The VTIMEZONE of an IANA zone, valid in these years."""
    tz = ZoneInfo(zone)
    start = datetime(first_year, 1, 1, tzinfo=UTC)
    component = icalendar.Timezone()
    component.add("tzid", zone)
    component.add_component(_part(tz, start, start))
    for change in _changes(tz, start, datetime(last_year + 1, 1, 1, tzinfo=UTC)):
        component.add_component(_part(tz, change, change - MINUTE))
    return component


def _part(
    tz: ZoneInfo, at: datetime, before: datetime
) -> icalendar.TimezoneDaylight | icalendar.TimezoneStandard:
    """What the clocks show from `at` on; its start is said in the time that held before."""
    now, then = at.astimezone(tz), before.astimezone(tz)
    offset_before = then.utcoffset() or timedelta()
    part = icalendar.TimezoneDaylight() if now.dst() else icalendar.TimezoneStandard()
    part.add("dtstart", (at + offset_before).replace(tzinfo=None))
    part.add("tzoffsetfrom", offset_before)
    part.add("tzoffsetto", now.utcoffset())
    part.add("tzname", now.tzname())
    return part


def _changes(tz: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """The instants at which the clocks jump, found day by day and then to the minute."""
    day = start
    while day < end:
        before = day.astimezone(tz).utcoffset()
        if (day + DAY).astimezone(tz).utcoffset() != before:
            low, high = 0, DAY // MINUTE
            while high - low > 1:
                middle = (low + high) // 2
                if (day + middle * MINUTE).astimezone(tz).utcoffset() == before:
                    low = middle
                else:
                    high = middle
            yield day + high * MINUTE
        day += DAY
