"""Invented members in any number, for measuring: the demo's shapes without its care."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, insert, select

from app.alliances.models import Alliance, Joining, LifeCycle, Membership, MembershipState
from app.foundation import clock, edge, geo
from app.foundation.db import db
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
    addresses = db.scalars(
        insert(Address).returning(Address.id, sort_by_parameter_order=True), list(_emails(numbers))
    ).all()
    rows = [
        _row(number, address, alliances[number % len(alliances)][1])
        for number, address in zip(numbers, addresses, strict=True)
    ]
    people = db.scalars(
        insert(Person).returning(Person.id, sort_by_parameter_order=True), rows
    ).all()
    db.execute(
        insert(Membership),
        [
            {
                "alliance_id": alliances[number % len(alliances)][0],
                "person_id": person,
                "state": MembershipState.ACTIVE,
                "how": _MARK,
                "since": clock.now(),
            }
            for number, person in zip(numbers, people, strict=True)
        ],
    )


def _emails(numbers: range) -> Iterator[dict[str, Any]]:
    now = clock.now()
    for number in numbers:
        email = f"person{number}@scale.example.org"
        digest = address_digest(email)
        yield {"email": email, "digest": digest, "created_at": now, "confirmed_at": now}


def _row(number: int, address_id: int, place: geo.Place) -> dict[str, Any]:
    chance = random.Random(number)  # noqa: S311  the same people everywhere
    now = clock.now()
    return {
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
