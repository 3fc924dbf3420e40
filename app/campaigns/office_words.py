"""Offices and seats in the reader's language; a council's own name, and any other, stays."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.campaigns.body_models import Body, BodyKind

_SEATS = {
    "mayor": _l("Mayor"),
    "governor": _l("Governor"),
    "county executive": _l("County Executive"),
    "council president": _l("Council President"),
    "president": _l("President"),
    "commissioner": _l("Commissioner"),
    "at large": _l("At large"),
    "district": _l("District"),
    "ward": _l("Ward"),
}
_NUMBERED = re.compile(r"(?P<title>.+?)(?P<number>\s+\w{1,4})?", re.ASCII)
_OFFICE = re.compile(r"(?P<title>Mayor|Governor|County Executive) of (?P<place>.+)")


def seat(label: str) -> str:
    """`Distrito 2` for `District 2`; a label with a name of its own stays."""
    whole = _SEATS.get(label.lower())
    if whole is not None:
        return str(whole)
    parts = _NUMBERED.fullmatch(label)
    title = parts and _SEATS.get(parts["title"].lower())
    return f"{title}{parts['number']}" if parts and title else label


def council(body: Body) -> str:
    """Who decides: a council by its own name, the office of one who decides alone by its title."""
    office = _OFFICE.fullmatch(body.name) if body.kind == BodyKind.EXECUTIVE else None
    if office is None:
        return body.name
    names = {
        "Mayor": _("Mayor of %(place)s", place=office["place"]),
        "Governor": _("Governor of %(place)s", place=office["place"]),
        "County Executive": _("County Executive of %(place)s", place=office["place"]),
    }
    return str(names[office["title"]])


def titled(name: str, label: str) -> str:
    """`Alcalde/sa Frida Lee`, with the title once where the name brings it."""
    own = name.removeprefix(label).strip() if name.startswith(f"{label} ") else name
    return seat(label) if own == label else f"{seat(label)} {own}".strip()
