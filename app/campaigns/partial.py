"""Dates of which only the year or the month may be known: `2007`, `2008-07`, `2008-07-28`."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from flask_babel import gettext as _

from app.foundation import pagecontext

_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
OLDEST, NEWEST = 1776, 2199


class WrongDate(ValueError):
    """No day, month or year of a calendar, such as 2015-06-31."""


def checked(raw: str) -> str:
    """A date as typed, if it exists; raises WrongDate."""
    stripped = raw.strip()
    match = _FORM.fullmatch(stripped)
    if match is None or not OLDEST <= int(match[1]) <= NEWEST:
        raise WrongDate(raw)
    try:
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        raise WrongDate(raw) from None
    return stripped


def first_day(raw: str) -> date:
    """The earliest day that a date can mean."""
    year, month, day = _parts(raw)
    return date(year, month or 1, day or 1)


def last_day(raw: str) -> date:
    """The latest day that a date can mean."""
    year, month, day = _parts(raw)
    month = month or 12
    return date(year, month, day or calendar.monthrange(year, month)[1])


def year_of(raw: str) -> int:
    return int(raw[:4])


def out_of_order(dates: Iterable[str]) -> Sequence[tuple[str, str]]:
    """The pairs of which the second certainly lies before the first; unknown days never do."""
    known = [each for each in dates if each]
    return [(one, two) for one, two in pairwise(known) if last_day(two) < first_day(one)]


def spoken(raw: str) -> str:
    """July 28, 2008; July 2008; 2008; empty for an unknown day."""
    if not raw:
        return ""
    if len(raw) == len("2008"):
        return raw
    if len(raw) == len("2008-07"):
        return pagecontext.day_as(first_day(raw), _("MMMM yyyy"))
    return pagecontext.day_as(first_day(raw), _("MMMM d, yyyy"))


def _parts(raw: str) -> tuple[int, int | None, int | None]:
    match = _FORM.fullmatch(raw)
    if match is None:
        raise WrongDate(raw)
    return int(match[1]), int(match[2]) if match[2] else None, int(match[3]) if match[3] else None
