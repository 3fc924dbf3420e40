"""Calls of mail providers: what both have in common, whoever signs them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.foundation import clock, text
from app.mail import returns
from app.mail.models import BounceKind

LARGEST = 1_000_000
MOST_EVENTS = 2000
WINDOW = 24 * 3600
"""Seconds that a signature is good for: both repeat a call that was not answered for hours."""


class Forged(Exception):
    """The signature does not fit, or is too old."""


class Nonsense(Exception):
    """The signature fits and what it signs cannot be read."""


@dataclass(frozen=True, slots=True)
class Event:
    """What a provider told of a mail to one address."""

    email: str
    message_id: str
    kind: BounceKind
    words: str
    once: str


def take(events: Sequence[Event]) -> int:
    """Do what follows from the events; how many were news."""
    return sum(
        returns.told(event.email, event.message_id, event.kind, event.words, event.once)
        for event in events
    )


def event(
    email: str, message_id: str, kind: BounceKind | None, words: str, once: str
) -> Iterator[Event]:
    """The event, if it is of a kind that matters and names an address and itself."""
    if kind is not None and "@" in email and not once.endswith(":"):
        yield Event(text.canonical_email(email), message_id, kind, words, once)


def check_time(timestamp: str) -> None:
    if not timestamp.isascii() or not timestamp.isdecimal() or len(timestamp) > 12:
        raise Forged("there is no time")
    if abs(clock.now().timestamp() - int(timestamp)) > WINDOW:
        raise Forged("the signature is too old")


def parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Nonsense("not JSON") from error


def mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def word(row: Mapping[str, Any], name: str) -> str:
    """A field as one clean line; a number is a word as well, anything else is nothing."""
    value = row.get(name)
    if not isinstance(value, str | int):
        return ""
    return text.one_line(str(value)[:1000].encode("utf-8", "replace").decode())[:500]
