"""What everything is measured on: 60 alliances, their members, and 20 events with 50 sign-ups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, insert, inspect, literal, select

from app.alliances.models import Alliance, Membership
from app.events.models import Event, EventKind, EventState, SignUp, SignUpState
from app.foundation import clock, edge
from app.foundation.db import Base, database, db
from app.people.models import Address, Person
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
            alliance = alliances[number * len(alliances) // EVENTS]
            _sign_up(_event(number, alliance), SIGN_UPS)


def more_events(number: int, sign_ups: int) -> Sequence[Event]:
    """Events of one alliance, each with so many people who come."""
    with edge.step():
        alliance = db.scalars(select(Alliance).order_by(Alliance.id).limit(1)).one()
        made = [_event(EVENTS + nth, alliance) for nth in range(number)]
        for event in made:
            _sign_up(event, sign_ups)
    return made


def event_of_today() -> Event:
    """One more event of the first alliance, this evening."""
    alliance = db.scalars(select(Alliance).order_by(Alliance.id).limit(1)).one()
    return _event(-FIRST_IN_DAYS, alliance)


def multiply(times: int) -> None:
    """Everybody so many times: the same people with addresses of their own."""
    with edge.reading():
        step = max(db.scalar(select(func.max(table.id))) or 0 for table in (Address, Person))
    for nth in range(1, times):
        shift = nth * step
        with edge.step():
            _copy(
                Address,
                Address.id <= step,
                id=Address.id + shift,
                email=literal(f"{nth}-") + Address.email,
                digest=literal(f"{nth}-") + Address.digest,
            )
            _copy(
                Person,
                Person.id <= step,
                id=Person.id + shift,
                address_id=Person.address_id + shift,
            )
            _copy(
                Membership,
                Membership.person_id <= step,
                person_id=Membership.person_id + shift,
            )


def _copy(model: type[Base], which: ColumnElement[bool], **changed: ColumnElement[Any]) -> None:
    """Copy some rows, with some columns changed; they get new ids unless these are given."""
    columns = [each for each in inspect(model).columns if each.name in changed or each.name != "id"]
    rows = select(*[changed.get(each.name, each) for each in columns]).where(which)
    db.execute(insert(model).from_select([each.name for each in columns], rows))


def analyze() -> None:
    """Tell the planner what is there, as autovacuum does within minutes."""
    with edge.step():
        db.connection().exec_driver_sql("ANALYZE")


def vacuum() -> None:
    """Do now what PostgreSQL does in the background after so many rows, and counts as its work."""
    with database().engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for command in ("VACUUM ANALYZE", "CHECKPOINT"):
            connection.exec_driver_sql(command)


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


def _sign_up(event: Event, number: int) -> None:
    members = db.scalars(
        select(Membership.person_id)
        .where(Membership.alliance_id == event.alliance_id)
        .order_by(Membership.person_id)
        .limit(number)
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
