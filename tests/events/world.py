"""What tests of the door and of what follows share: an event that is today, and its door."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from app.events import door
from app.events.models import Event, SignUp
from app.foundation import clock
from tests.factories import EventFactory, PersonFactory, SignUpFactory

NEW_YORK = "America/New_York"


def event_today(**values: Any) -> Event:
    """A published event that began an hour ago."""
    begun = datetime.combine(clock.today(NEW_YORK), clock.now().time()).replace(tzinfo=None)
    start = clock.now() - timedelta(hours=1)
    event: Event = EventFactory(
        starts_at=start,
        wall_start=begun.replace(hour=12, minute=0),
        ends_at=start + timedelta(minutes=90),
        **values,
    )
    return event


def door_of(event: Event) -> str:
    """The secret part of a new link to its door."""
    return door.token_of(door.new_link(event, None))


def coming(event: Event, name: str, **values: Any) -> SignUp:
    """A confirmed sign-up of somebody of this name."""
    own: SignUp = SignUpFactory(event=event, person=PersonFactory(name=name), **values)
    return own
