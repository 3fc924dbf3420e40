"""An event in the words of schema.org, for search engines; safe to stand in a page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from app.events import words
from app.events.models import Event, EventState
from app.foundation import links, text

ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&'\u2028\u2029"}
"""What could end the script element, or a line of an old parser; JSON reads it back."""


def json_ld(event: Event) -> Markup:
    """The JSON-LD of a published or cancelled event."""
    return Markup(json.dumps(_described(event)).translate(ESCAPES))  # noqa: S704  escaped here


def _described(event: Event) -> Mapping[str, Any]:
    url = links.absolute("events.event", slug=event.slug)
    return {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": words.title(event),
        "url": url,
        "description": text.excerpt(words.description(event), 300),
        "startDate": _local(event.starts_at, event),
        "endDate": _local(event.ends_at, event),
        "eventStatus": _status(event),
        "eventAttendanceMode": _mode(event),
        "location": _location(event, url),
        "organizer": {
            "@type": "Organization",
            "name": event.alliance.name,
            "url": links.absolute("pages.alliance", slug=event.alliance.slug),
        },
        "isAccessibleForFree": True,
    }


def _local(at: datetime, event: Event) -> str:
    return at.astimezone(ZoneInfo(event.time_zone)).isoformat()


def _status(event: Event) -> str:
    cancelled = event.state == EventState.CANCELLED
    return f"https://schema.org/Event{'Cancelled' if cancelled else 'Scheduled'}"


def _mode(event: Event) -> str:
    mode = "Offline"
    if event.is_online:
        mode = "Online" if words.is_online_only(event) else "Mixed"
    return f"https://schema.org/{mode}EventAttendanceMode"


def _location(event: Event, url: str) -> Any:
    """The place, and for those who take part online this page: the link itself is not public."""
    virtual = {"@type": "VirtualLocation", "url": url}
    if words.is_online_only(event):
        return virtual
    place = {
        "@type": "Place",
        "name": event.shown_venue or event.city,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": "" if event.address_is_private else event.street,
            "addressLocality": event.city,
            "addressRegion": event.us_state,
            "postalCode": "" if event.address_is_private else event.zip or "",
            "addressCountry": "US",
        },
    }
    return [place, virtual] if event.is_online else place
