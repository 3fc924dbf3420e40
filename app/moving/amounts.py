"""Days, times and numbers as spreadsheets of this country write them."""

from __future__ import annotations

import re
from datetime import date, datetime

from flask_babel import gettext as _

from app.moving.judging import Refused

DAYS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y", "%B %d, %Y", "%b %d, %Y", "%d %B %Y")
TIMES = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M%p", "%I %p", "%I%p")


def day_of(raw: str) -> date:
    """A day as spreadsheets of this country write it. Raises Refused."""
    for form in DAYS:
        try:
            return datetime.strptime(raw, form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    raise Refused(_("“%(day)s” is not a day, such as 2026-07-17.", day=raw[:30]))


def time_of(raw: str) -> tuple[int, int] | None:
    """Hour and minute; None if nothing is said. Raises Refused."""
    for form in TIMES:
        try:
            found = datetime.strptime(raw.upper().replace(".", ""), form)  # noqa: DTZ007
        except ValueError:
            continue
        return found.hour, found.minute
    if raw:
        raise Refused(_("“%(time)s” is not a time, such as 18:30.", time=raw[:30]))
    return None


def number_of(raw: str, most: int = 1_000_000) -> int | None:
    """A whole number; None if nothing is said. Raises Refused."""
    if not raw:
        return None
    match = re.fullmatch(r"(\d{1,7})(?:\.0)?", raw.replace(",", ""))
    if match is None or int(match[1]) > most:
        raise Refused(_("“%(number)s” is not a number that can be.", number=raw[:20]))
    return int(match[1])
