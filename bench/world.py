"""What everything is measured on: 60 alliances, their members, and 20 events with 50 sign-ups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import insert, select

from app.alliances.models import Alliance, Membership
from app.events.models import Event, EventKind, EventState, SignUp, SignUpState
from app.foundation import clock, edge
from app.foundation.db import db
from seeds import commands, scale

PEOPLE = 20_000
EVENTS = 20
SIGN_UPS = 50
FIRST_IN_DAYS = 7
EVERY_DAYS = 1

DESCRIPTION = (
    "Come and meet neighbors who care about **international justice**.\n\n"
    "- What the International Criminal Court does, in plain words\n"
    "- What our city can do this year\n"
    "- Time for questions\n\nEverybody is welcome; no knowledge needed."
)


def fill(people: int = PEOPLE) -> None:
    """Make the world in the empty database of the current app."""
    commands.reference()
    scale.seed(people)
    with edge.step():
        alliances = db.scalars(select(Alliance).order_by(Alliance.id)).all()
        for number in range(EVENTS):
            _sign_up(_event(number, alliances[number * len(alliances) // EVENTS]))


def analyze() -> None:
    """Tell the planner what is there, as autovacuum does within minutes."""
    with edge.step():
        db.connection().exec_driver_sql("ANALYZE")


def paths_of_events() -> Sequence[str]:
    return [f"/events/{slug}" for slug in db.scalars(select(Event.slug).order_by(Event.id))]


def path_of_an_alliance() -> str:
    """The page of an alliance that has an event."""
    slug = db.scalars(select(Alliance.slug).join(Event).order_by(Event.id).limit(1)).one()
    return f"/alliances/{slug}"


def _event(number: int, alliance: Alliance) -> Event:
    day = clock.today(alliance.time_zone) + timedelta(days=FIRST_IN_DAYS + number * EVERY_DAYS)
    wall = datetime.combine(day, time(18, 30))
    starts_at = clock.instant(wall, alliance.time_zone)
    event = Event(
        slug=f"evening-{number}",
        alliance_id=alliance.id,
        kind=EventKind.TEACH_IN,
        title=f"How a city passes a resolution, evening {number}",
        description=DESCRIPTION,
        state=EventState.PUBLISHED,
        wall_start=wall,
        time_zone=alliance.time_zone,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=90),
        venue="Main Library",
        street="96 S Grant Ave",
        zip=alliance.zip,
        city=alliance.city,
        us_state=alliance.state,
        latitude=alliance.latitude,
        longitude=alliance.longitude,
        access="Step-free entrance, hearing loop.",
        capacity=100_000,
        created_at=clock.now(),
        updated_at=clock.now(),
        published_at=clock.now(),
    )
    db.add(event)
    db.flush()
    return event


def _sign_up(event: Event) -> None:
    members = db.scalars(
        select(Membership.person_id)
        .where(Membership.alliance_id == event.alliance_id)
        .order_by(Membership.person_id)
        .limit(SIGN_UPS)
    )
    now = clock.now()
    rows = [
        {
            "event_id": event.id,
            "person_id": person_id,
            "state": SignUpState.CONFIRMED,
            "place": place,
            "created_at": now,
            "confirmed_at": now,
        }
        for place, person_id in enumerate(members, 1)
    ]
    db.execute(insert(SignUp), rows)
