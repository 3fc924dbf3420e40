"""What people pass on about an event: on paper, in a chat, by a code to point a phone at."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.events import words
from app.events.models import Event
from app.foundation import language, links, pagecontext, qr, text

SHORT = 240
FLYER = "events/print/flyer.typ"


def link(event: Event) -> str:
    """The address of the event's page in the reader's language."""
    return links.absolute("events.event", language=language.current(), slug=event.slug)


def printed(event: Event, *, quarters: bool) -> dict[str, Any]:
    """What a flyer says."""
    return {
        "language": language.current(),
        "title": event.title,
        "held_by": event.alliance.name,
        "day": pagecontext.long_date(event.wall_start.date()),
        "hours": words.hours(event),
        "place": words.place(event),
        "words": text.excerpt(text.plain(event.description), SHORT),
        "access": text.excerpt(event.access, SHORT),
        "ask": _("Sign up: point your phone here"),
        "link": link(event).partition("://")[2],
        "code": qr.picture(link(event)),
        "quarters": quarters,
    }
