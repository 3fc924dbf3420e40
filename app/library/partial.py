"""Dates as far as they are known: `2021`, `2021-05` or `2021-05-24`."""

from __future__ import annotations

import re
from datetime import date

from flask_babel import gettext as _

from app.foundation import pagecontext

_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def parsed(raw: str) -> str:
    """The date in its one form. Raises ValueError for what is not one."""
    found = _FORM.fullmatch(raw.strip())
    if found is None:
        raise ValueError(f"not a date: {raw!r}")
    begins(found.string)
    return found.string


def begins(partial: str) -> date:
    """The first day that a partial date can mean; for comparing."""
    year, month, day = (*map(int, partial.split("-")), 1, 1)[:3]
    return date(year, month, day)


def shown(partial: str) -> str:
    """`2021`, `May 2021` or `May 24, 2021`, in the page's language."""
    if len(partial) == len("2021"):
        return partial
    pattern = "LLLL y" if len(partial) == len("2021-05") else "medium"
    return pagecontext.day_as(begins(partial), pattern)


def as_of(partial: str) -> str:
    return str(_("As of %(date)s", date=shown(partial)))
