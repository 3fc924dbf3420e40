"""Invented members in any number, for measuring: the demo's shapes without its care."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import count
from typing import Any

from sqlalchemy import func, insert, select

from app.alliances.models import Alliance, Joining, LifeCycle, Membership, MembershipState
from app.foundation import clock, edge, geo
from app.foundation.db import db, is_postgresql
from app.people.actions import address_digest
from app.people.models import Address, DigestEvery, Person, Standing
from seeds.names import FIRST, LAST

CHUNK = 10_000
TOWNS = 60


def seed(people: int) -> int:
    """Bring the number of invented members up to `people`; how many there are."""
    with edge.step():
        alliances = _alliances()
        there = db.scalar(select(func.count()).where(Person.phone == _MARK)) or 0
    for first in range(there, people, CHUNK):
        with edge.step():
            _chunk(range(first, min(first + CHUNK, people)), alliances)
    return max(there, people)


_MARK = "scale"


def _alliances() -> list[tuple[int, geo.Place]]:
    """Sixty alliances spread over the ZIP codes, made once."""
    zips = db.scalars(select(geo.Place.zip).order_by(geo.Place.zip)).all()
    places = [db.get_one(geo.Place, zips[i * len(zips) // TOWNS]) for i in range(TOWNS)]
    there = {a.slug: a.id for a in db.execute(select(Alliance.slug, Alliance.id))}
    found = []
    for place in places:
        slug = f"scale-{place.zip}"
        if slug not in there:
            there[slug] = _alliance(slug, place)
        found.append((there[slug], place))
    return found


def _alliance(slug: str, place: geo.Place) -> int:
    alliance = Alliance(
        slug=slug,
        name=f"{place.city} Alliance {place.zip}",
        life_cycle=LifeCycle.ACTIVE,
        joining=Joining.OPEN,
        zip=place.zip,
        city=place.city,
        state=place.state,
        latitude=place.latitude,
        longitude=place.longitude,
        time_zone=place.time_zone,
        created_at=clock.now(),
    )
    db.add(alliance)
    db.flush()
    return alliance.id


def _chunk(numbers: range, alliances: list[tuple[int, geo.Place]]) -> None:
    """Add some people. Their ids are chosen here: asking the database for each takes ten times
    as long."""
    first_address, first_person = _next_id(Address), _next_id(Person)
    rows = [
        _row(number, first_person + n, first_address + n, alliances[number % len(alliances)][1])
        for n, number in enumerate(numbers)
    ]
    db.execute(insert(Address), list(_emails(numbers, first_address)))
    db.execute(insert(Person), rows)
    db.execute(insert(Membership), list(_memberships(numbers, first_person, alliances)))
    if is_postgresql():
        for table in (Address, Person):
            sequence = func.pg_get_serial_sequence(table.__tablename__, "id")
            db.execute(select(func.setval(sequence, _next_id(table) - 1)))


def _next_id(table: type[Address] | type[Person]) -> int:
    return (db.scalar(select(func.max(table.id))) or 0) + 1


def _emails(numbers: range, first_id: int) -> Iterator[dict[str, Any]]:
    now = clock.now()
    for number, address_id in zip(numbers, count(first_id)):
        email = f"person{number}@scale.example.org"
        yield {
            "id": address_id,
            "email": email,
            "digest": address_digest(email),
            "created_at": now,
            "confirmed_at": now,
        }


def _memberships(
    numbers: range, first_id: int, alliances: list[tuple[int, geo.Place]]
) -> Iterator[dict[str, Any]]:
    now = clock.now()
    for number, person_id in zip(numbers, count(first_id)):
        yield {
            "alliance_id": alliances[number % len(alliances)][0],
            "person_id": person_id,
            "state": MembershipState.ACTIVE,
            "how": _MARK,
            "since": now,
        }


def _row(number: int, person_id: int, address_id: int, place: geo.Place) -> dict[str, Any]:
    chance = random.Random(number)  # noqa: S311  the same people everywhere
    now = clock.now()
    return {
        "id": person_id,
        "name": f"{chance.choice(FIRST)} {chance.choice(LAST)}",
        "address_id": address_id,
        "phone": _MARK,
        "zip": place.zip,
        "city": place.city,
        "state": place.state,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "time_zone": place.time_zone,
        "language": "es" if number % 8 == 0 else "en",
        "digest_every": DigestEvery.MONTHLY,
        "digest_hour": 9,
        "standing": Standing.ACTIVE,
        "created_at": now,
        "confirmed_at": now,
    }
