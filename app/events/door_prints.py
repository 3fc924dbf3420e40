"""What is printed for the door: a sheet to sign, slips, and badges.

First name and initial only, and nobody who is known only to the coordinator.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from app.events import share, words
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
    named = [guest for guest in guests if guest.name]
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
        "thanks": _("Thank you for coming."),
        "link": share.link(event).partition("://")[2],
        "guests": [
            {
                "name": guest.name,
                "first": guest.name.split()[0],
                "seats": guest.seats,
                "code": guest.code,
                "picture": qr.picture(guest.code),
                "no_photo": guest.no_photo,
                "waits": guest.waits,
            }
            for guest in named
        ],
    }
