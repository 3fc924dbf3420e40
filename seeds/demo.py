"""The demo world: 12 alliances, 600 people, July 17 of last year and next, digests, log-ins."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from app.accounts import passwords
from app.accounts.models import LastSignIn, NationalRole, Role
from app.alliances.models import Alliance, CoordinatorTerm, Membership, MembershipState
from app.foundation import clock, geo
from app.foundation.db import db
from app.people import actions as people
from app.people.models import Address, DigestEvery, Person, Standing
from seeds import (
    demo_calls,
    demo_campaigns,
    demo_councils,
    demo_events,
    demo_library,
    demo_mail,
    demo_organizations,
    demo_past,
    demo_reports,
    demo_seats,
    demo_series,
    demo_support,
)
from seeds.names import FIRST, LAST
from seeds.world import TOWNS, Town, World

PASSWORD = "justice-2027"  # noqa: S105  of the demo alone, and printed when it starts
LOG_INS = {
    "member@example.org": ("Maria Reyes", "columbus"),
    "coordinator@example.org": ("Ana Reyes", "columbus"),
    "staff@example.org": ("Jo Miller", "new-york"),
    "admin@example.org": ("Sam Clark", "new-york"),
}
NEIGHBOURHOOD_MILES = 15
SILENT_DAYS = {"austin": 47, "phoenix": 62}
"""Whose coordinator has not been seen for a while; the others were here within ten days."""
PARTS = (
    demo_events,
    demo_seats,
    demo_reports,
    demo_councils,
    demo_campaigns,
    demo_calls,
    demo_mail,
    demo_organizations,
    demo_series,
    demo_support,
    demo_past,
    demo_library,
)
"""What fills the world, in this order."""


def is_there() -> bool:
    """Whether the demo world was made before."""
    return db.scalar(select(Address.id).where(Address.email.in_(LOG_INS)).limit(1)) is not None


def seed() -> bool:
    """Make the demo world unless it is there; whether it was made now."""
    if is_there():
        return False
    world = World(random.Random(20270717), clock.now())  # noqa: S311  the same world everywhere
    for town in TOWNS:
        _found(world, town)
    _log_ins(world)
    _coordinators(world)
    for part in PARTS:
        part.seed(world)
    return True


def coming_year() -> int:
    """The year of the next International Justice Day."""
    today = clock.today()
    return today.year + (today > date(today.year, 7, 17))


def _found(world: World, town: Town) -> None:
    """One alliance and its members, who live around it."""
    place = geo.place(town.zip)
    alliance = Alliance(
        slug=town.slug,
        name=town.name,
        life_cycle=town.life_cycle,
        joining=town.joining,
        description=(
            f"Neighbors and groups in and around {place.city} who bring the case for the "
            "International Criminal Court to our own city. We meet every month."
        ),
        zip=place.zip,
        city=place.city,
        state=place.state,
        latitude=place.latitude,
        longitude=place.longitude,
        time_zone=place.time_zone,
        created_at=world.now - timedelta(days=900),
        approved_at=world.now - timedelta(days=880),
    )
    places = _around(place)
    members = [_person(world, town.slug, number, places) for number in range(town.members)]
    db.add_all([alliance, *members])
    db.flush()
    _join(world, alliance, members)
    world.alliances[town.slug] = alliance
    world.members[town.slug] = members


def _around(place: geo.Place) -> Sequence[geo.Place]:
    center = (place.latitude, place.longitude)
    box = geo.in_box(geo.Place.latitude, geo.Place.longitude, center, NEIGHBOURHOOD_MILES)
    return db.scalars(select(geo.Place).where(box).order_by(geo.Place.zip)).all()


def _person(world: World, slug: str, number: int, places: Sequence[geo.Place]) -> Person:
    chance = world.chance
    name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
    email = f"{name.split()[0]}.{slug}.{number}@example.org".lower()
    joined = world.now - timedelta(days=chance.randrange(20, 860), minutes=chance.randrange(900))
    person = _confirmed(name, email, joined)
    person.language = "es" if chance.random() < 0.12 else "en"
    person.discreet = chance.random() < 0.04
    person.digest_every = DigestEvery.WEEKLY if chance.random() < 0.25 else DigestEvery.MONTHLY
    people.settle(person, chance.choice(places))
    return person


def _confirmed(name: str, email: str, joined: datetime) -> Person:
    address = Address(
        email=email,
        digest=people.address_digest(email),
        created_at=joined,
        confirmed_at=joined,
    )
    return Person(
        name=name,
        address=address,
        standing=Standing.ACTIVE,
        created_at=joined,
        confirmed_at=joined,
    )


def _join(world: World, alliance: Alliance, members: Iterable[Person]) -> None:
    asked = 2 if alliance.slug == "minneapolis" else 0
    db.add_all(
        Membership(
            alliance_id=alliance.id,
            person_id=person.id,
            state=MembershipState.ASKED if number < asked else MembershipState.ACTIVE,
            how="demo",
            since=person.created_at,
        )
        for number, person in enumerate(members)
    )


def _log_ins(world: World) -> None:
    """The four people whom the demo's visitors can sign in as."""
    for email, (name, slug) in LOG_INS.items():
        person = _confirmed(name, email, world.now - timedelta(days=400))
        people.settle(person, geo.place(world.alliances[slug].zip))
        db.add(person)
        db.flush()
        passwords.set_password(person.id, PASSWORD)
        _join(world, world.alliances[slug], [person])
        world.members[slug].append(person)
        if email.startswith("staff"):
            world.staff = person
            _appoint(person, Role.STAFF, world.now.date())
        if email.startswith("admin"):
            _appoint(person, Role.ADMIN, world.now.date())


def _appoint(person: Person, role: Role, today: date) -> None:
    db.add(NationalRole(person_id=person.id, role=role, since=today - timedelta(days=390)))


def _coordinators(world: World) -> None:
    """One for each alliance; in Columbus the one whose log-in is printed."""
    since = world.now.date() - timedelta(days=300)
    for slug, members in world.members.items():
        leader = next((p for p in members if p.name == "Ana Reyes"), members[0])
        db.add(
            CoordinatorTerm(
                alliance_id=world.alliances[slug].id,
                person_id=leader.id,
                since=since,
                until=since + timedelta(days=365 if slug == "columbus" else 730),
            )
        )
        days = SILENT_DAYS.get(slug, 1 + len(slug) % 9)
        db.add(LastSignIn(person_id=leader.id, at=world.now - timedelta(days=days)))
