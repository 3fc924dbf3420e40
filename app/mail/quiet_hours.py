"""Nobody's phone rings at night for a digest: what would arrive then waits for the morning."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.foundation import clock
from app.mail.models import Mailing
from app.people.models import Purpose

UNASKED = (Purpose.DIGEST, Purpose.ANNOUNCEMENTS)
"""What we write of our own accord; a reminder of an event belongs to a sign-up."""
EVENING = 21
MORNING = 8
NOW_MEANS = timedelta(hours=3)
"""How long staff's "at any hour" holds: what is late by then waits for the morning, too."""


def keeps(mailing: Mailing) -> bool:
    """Whether the copies of a mailing rest at night."""
    if mailing.purpose not in UNASKED:
        return False
    begin = mailing.started_at or mailing.due_at
    return not (mailing.at_any_hour and clock.now() < begin + NOW_MEANS)


def until(zone: str, own_hour: int, now: datetime) -> datetime | None:
    """The morning for which a reader's mail waits, or None where it may come now.

    The hour that a reader chose for the digest is never too late for them.
    """
    return _until(zone, own_hour, now.replace(second=0, microsecond=0))


@lru_cache(maxsize=1024)
def _until(zone: str, own_hour: int, minute: datetime) -> datetime | None:
    zone = zone if zone in clock.ZONES else clock.HOME_ZONE
    local = minute.astimezone(ZoneInfo(zone))
    if MORNING <= local.hour < EVENING or local.hour == own_hour:
        return None
    day = local.date() + timedelta(days=local.hour >= EVENING)
    return clock.instant(datetime.combine(day, time(MORNING)), zone)
