"""The demo's events: last July 17 with its sign-ups, the coming one, and the weeks ahead."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from app.alliances.models import Alliance, CoordinatorTerm
from app.events import plans, reminders
from app.events.models import (
    Edition,
    Event,
    EventKind,
    EventState,
    Observance,
    SignUp,
    SignUpState,
)
from app.foundation import clock, text
from app.foundation.db import db
from app.work import actions as work
from app.work import queries as to_dos
from seeds.world import (
    ACCESS,
    ANSWERED_NEXT,
    COMING,
    DESCRIPTION,
    JUSTICE_DAY,
    TOWNS,
    Plan,
    World,
)

DAY = "justice-day"
WILL_COME_LAST_YEAR = 0.7
TOWN = {town.slug: town for town in TOWNS}


def seed(world: World) -> None:
    last, coming = _july_seventeenths(world.now.date())
    for slug, kind, title, at, capacity in JUSTICE_DAY:
        event = hold(world, Plan(slug, kind, title, None, at, 120, capacity), last)
        many = int(len(world.members[slug]) * WILL_COME_LAST_YEAR)
        _sign_ups(world, event, min(many, capacity or many), last.on - timedelta(days=30))
        if slug in ANSWERED_NEXT:
            event = hold(world, Plan(slug, kind, title, None, at, 120, capacity), coming)
            _sign_ups(world, event, 6, world.now.date() - timedelta(days=9))
            _plan(event, done=("format", "speakers"))
    for plan in COMING:
        event = hold(world, plan, _edition_of(plan, world.now.date()))
        _sign_ups(world, event, plan.sign_ups, world.now.date() - timedelta(days=12))
        _plan(event, done=("format", "speakers", "page-live"))


def _plan(event: Event, done: Collection[str]) -> None:
    """The small plan, in the hands of who coordinates; some of it is done."""
    serves = select(CoordinatorTerm.person_id).where(
        CoordinatorTerm.alliance_id == event.alliance_id
    )
    plans.begin(event, full=False, owner_id=db.scalar(serves.limit(1)))
    for to_do in to_dos.about(plans.SUBJECT, event.id):
        if to_do.key in done:
            work.finish(to_do)


def _july_seventeenths(today: date) -> tuple[Edition, Edition]:
    """The latest July 17 that has passed and the next one."""
    year = today.year if today > date(today.year, 7, 17) else today.year - 1
    return year_of(DAY, year), year_of(DAY, year + 1)


def _edition_of(plan: Plan, today: date) -> Edition | None:
    if not plan.observance:
        return None
    day = db.get_one(Observance, plan.observance)
    this_year = date(today.year, day.month or 1, day.day or 1)
    return year_of(plan.observance, today.year + (this_year < today))


def year_of(key: str, year: int) -> Edition:
    found = db.scalars(
        select(Edition).where(Edition.observance_key == key, Edition.year == year)
    ).first()
    if found is None:
        day = db.get_one(Observance, key)
        on = date(year, day.month or 1, day.day or 1)
        found = Edition(observance_key=key, year=year, on=on, opened_at=clock.now())
        db.add(found)
        db.flush()
    return found


def hold(world: World, plan: Plan, edition: Edition | None) -> Event:
    alliance = world.alliances[plan.town]
    wall = datetime.combine(_day(world.now.date(), plan, edition), plan.wall)
    starts = clock.instant(wall, alliance.time_zone)
    made = min(world.now, starts) - timedelta(days=40)
    event = Event(
        slug=text.slug(f"{plan.title} {plan.town} {wall:%Y}"),
        alliance_id=alliance.id,
        edition_id=edition.id if edition else None,
        kind=plan.kind,
        title=plan.title,
        description=DESCRIPTION,
        state=EventState.DRAFT if plan.draft else EventState.PUBLISHED,
        wall_start=wall,
        time_zone=alliance.time_zone,
        minutes=plan.minutes,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=plan.minutes),
        is_online=plan.online,
        capacity=plan.capacity,
        created_at=made,
        updated_at=made,
        published_at=None if plan.draft else made,
    )
    _locate(event, plan, alliance)
    db.add(event)
    db.flush()
    if event.state == EventState.PUBLISHED and starts > world.now:
        reminders.schedule(event)
    return event


def _day(today: date, plan: Plan, edition: Edition | None) -> date:
    if plan.days is None and edition is not None:
        return edition.on
    return today + timedelta(days=plan.days or 0)


def _locate(event: Event, plan: Plan, alliance: Alliance) -> None:
    event.zip = alliance.zip
    event.city = alliance.city
    event.us_state = alliance.state
    event.latitude = alliance.latitude
    event.longitude = alliance.longitude
    if plan.online:
        event.online_link = f"https://meet.example.org/{plan.town}"
        return
    event.venue = TOWN[plan.town].venue
    event.street = TOWN[plan.town].street
    event.access = ACCESS if plan.kind != EventKind.PICNIC else "Paved paths, picnic tables."


def _sign_ups(world: World, event: Event, many: int, first_day: date) -> None:
    """So many members of the alliance; beyond the capacity they wait in order."""
    people = world.chance.sample(world.members[_slug(world, event)], many)
    first = datetime.combine(first_day, time(15), tzinfo=world.now.tzinfo)
    for place, person in enumerate(people, start=1):
        seated = event.capacity is None or place <= event.capacity
        at = first + timedelta(hours=place * 5 % 200, minutes=place)
        db.add(
            SignUp(
                event_id=event.id,
                person_id=person.id,
                state=SignUpState.CONFIRMED if seated else SignUpState.WAITING,
                place=place,
                created_at=at,
                confirmed_at=at if seated else None,
            )
        )


def _slug(world: World, event: Event) -> str:
    return next(s for s, a in world.alliances.items() if a.id == event.alliance_id)
