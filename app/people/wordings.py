"""The words that people agreed to, by version. A changed sentence gets a new version."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from app.people.models import Purpose

TEXTS: Mapping[str, Any] = MappingProxyType(
    {
        "digest-1": _l("Send me the digest, as often as I chose."),
        "events-1": _l("Send me confirmations and reminders of events that I sign up for."),
        "co-hosts-1": _l("The alliances that hold an event with ours may see my name for it."),
        "event-by-voice-1": _l("Keep my name and phone number for an event."),
        "announcements-1": _l("The coordinators of my alliance may write to me about local plans."),
    }
)
CURRENT: Mapping[Purpose, str] = MappingProxyType(
    {
        Purpose.DIGEST: "digest-1",
        Purpose.EVENTS: "events-1",
        Purpose.ANNOUNCEMENTS: "announcements-1",
    }
)


def text_of(version: str) -> str:
    """The sentence of a version; a version that came with an import names itself."""
    return str(TEXTS.get(version, version))
