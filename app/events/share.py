"""What people pass on about an event: on paper, in a chat, by a code to point a phone at.

Drawing a picture takes a child process, so the newest ones are remembered.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from flask import current_app
from flask_babel import gettext as _

from app.events import access, words
from app.events.models import Event
from app.foundation import documents, language, links, pagecontext, qr, text

SHORT = 240
FLYER = "events/print/flyer.typ"
PICTURE = "events/print/picture.typ"


def link(event: Event) -> str:
    """The address of the event's page in the reader's language."""
    return links.absolute("events.event", language=language.current(), slug=event.slug)


def chat_text(event: Event) -> str:
    """A few lines for a group chat."""
    lines = [words.title(event), words.when(event), words.place(event), "", link(event)]
    return "\n".join(lines)


def sms_url(event: Event) -> str:
    """Opens the phone's own messages with the text; we send none ourselves."""
    return f"sms:?&body={quote(chat_text(event))}"


@lru_cache(maxsize=32)
def _picture(values: str) -> bytes:
    return documents.png(PICTURE, json.loads(values))


def picture(event: Event) -> bytes:
    """What chats and networks show beside the link, 1200 by 630 pixels."""
    values = {
        "language": language.current(),
        "title": words.title(event),
        "held_by": event.alliance.name,
        "day": pagecontext.long_date(event.wall_start.date()),
        "hours": words.hours(event),
        "place": words.short_place(event),
        "site": current_app.config["SITE_NAME"],
    }
    return _picture(json.dumps(values, sort_keys=True))


def on_paper(event: Event) -> Sequence[str]:
    """What a flyer says in the organizers' own words."""
    says = printed(event, quarters=False)
    return [says[name] for name in ("held_by", "title", "place", "words", "access")]


def printed(event: Event, *, quarters: bool) -> dict[str, Any]:
    """What a flyer says."""
    return {
        "language": language.current(),
        "title": words.title(event),
        "held_by": event.alliance.name,
        "day": pagecontext.long_date(event.wall_start.date()),
        "hours": words.hours(event),
        "place": words.place(event),
        "words": text.excerpt(text.plain(words.description(event)), SHORT),
        "access": text.excerpt(access.in_words(event), SHORT),
        "ask": _("Sign up: point your phone here"),
        "link": link(event).partition("://")[2],
        "code": qr.picture(link(event)),
        "quarters": quarters,
    }
