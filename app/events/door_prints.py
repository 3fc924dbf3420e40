"""What is printed for the door: a sheet with a row for each party; slips, badges for each person.

First name and initial only, and nobody who is known only to the coordinator or takes part online.
A guest whom nobody named has a line to write on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from app.events import words
from app.events.door import Guest
from app.events.models import Event
from app.foundation import language, qr

TEMPLATES: Mapping[str, str] = {
    "sheet": "events/print/sheet.typ",
    "slips": "events/print/slips.typ",
    "badges": "events/print/badges.typ",
}


def values(event: Event, guests: Sequence[Guest]) -> dict[str, Any]:
    """What all three say; each takes what it needs."""
    named = [guest for guest in guests if guest.name and not guest.online]
    return {
        "language": language.current(),
        "title": words.title(event),
        "held_by": event.alliance.name,
        "when": words.when(event),
        "heads": [_("Name"), _("People"), _("Here"), _("To note")],
        "no_photo": _("No photo"),
        "waits": _("Waiting list"),
        "check": _("I am here"),
        "stay": _("I want to hear from you. My e-mail address:"),
        "pictures": {guest.code: qr.picture(guest.code) for guest in named},
        "parties": [
            {
                "name": guest.name,
                "seats": guest.seats,
                "no_photo": guest.no_photo,
                "waits": guest.waits,
            }
            for guest in named
        ],
        "people": [
            {
                "name": name,
                "first": name.split()[0] if name else "",
                "brought_by": _("with %(name)s", name=guest.name) if number else "",
                "code": guest.code,
                "no_photo": guest.no_photo,
                "waits": guest.waits,
            }
            for guest in named
            for number, name in enumerate(_each(guest))
        ],
    }


def _each(guest: Guest) -> Sequence[str]:
    """The names of a party, as many as it has seats; empty ones for whom nobody named."""
    names = (guest.name, *guest.others)[: guest.seats]
    return (*names, *[""] * (guest.seats - len(names)))
