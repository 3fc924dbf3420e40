"""ZIP codes come into the table once, each with a place on the map and a real time zone."""

from __future__ import annotations

from sqlalchemy import func, select

from app.foundation import clock, edge, geo
from app.foundation.geo import Place
from seeds import places


def seed() -> int:
    with edge.step():
        return places.seed()


def test_places_are_filled_once(db) -> None:
    there = seed()

    assert there == db.scalar(select(func.count()).select_from(Place))
    assert there > places.COMPLETE
    assert seed() == there


def test_each_place_has_a_real_time_zone_and_a_point(db) -> None:
    seed()
    zones = set(db.scalars(select(Place.time_zone).distinct()))
    nowhere = db.scalars(select(Place.zip).where(Place.latitude == 0, Place.longitude == 0)).all()

    assert zones - clock.ZONES == set()
    assert nowhere == []


def test_known_places_are_where_they_are(db) -> None:
    seed()
    phoenix = geo.place("85001")
    napakiak = geo.place("99634")  # the package names its town as its time zone

    assert (phoenix.city, phoenix.state, phoenix.time_zone) == ("Phoenix", "AZ", "America/Phoenix")
    assert napakiak.time_zone == "America/Anchorage"
    assert geo.place("00601").state == "PR"
