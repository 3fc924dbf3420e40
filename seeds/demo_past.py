"""Columbus's three evenings of the last weeks: who came, so that there is a history to count on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time, timedelta

from app.events import door
from app.events.door import Said
from app.events.models import Event, EventKind, SignUp, SignUpState
from app.foundation.db import db
from app.people.models import Person
from seeds import demo_events
from seeds.world import Plan, World

TOWN = "columbus"
EVENINGS = (
    ("Planning evening: who asks whom", 24, 14, 10),
    ("Letters to the council, a first evening", 52, 11, 8),
    ("Planning evening: the year ahead", 80, 9, 7),
)
"""The title, how many days ago, how many signed up, and how many of these were seen at the door."""


def seed(world: World) -> None:
    people = world.members[TOWN]
    for title, ago, signed_up, came in EVENINGS:
        plan = Plan(TOWN, EventKind.ORGANIZING, title, -ago, time(18, 30))
        event = demo_events.hold(world, plan, None)
        seats = _sign_ups(event, people[:signed_up])
        said = [Said(f"s{own.id}", 1, event.starts_at, "") for own in seats[:came]]
        door.record(event, None, said)


def _sign_ups(event: Event, people: Sequence[Person]) -> Sequence[SignUp]:
    """A seat for each, one a day."""
    seats = [
        SignUp(
            event_id=event.id,
            person_id=person.id,
            state=SignUpState.CONFIRMED,
            place=place,
            created_at=event.starts_at - timedelta(days=place),
            confirmed_at=event.starts_at - timedelta(days=place),
        )
        for place, person in enumerate(people, start=1)
    ]
    db.add_all(seats)
    db.flush()
    return seats
