"""ZIP codes come into the table once, each with a place on the map and a real time zone."""

from __future__ import annotations

from sqlalchemy import func, select

from app.foundation import clock, edge, geo
from app.foundation.geo import Place
from seeds import places


def test_places_are_filled_once_and_each_is_somewhere(db) -> None:
    """One test, because filling the table takes a second."""
    with edge.step():
        there = places.seed()
    with edge.step():
        again = places.seed()
    zones = set(db.scalars(select(Place.time_zone).distinct()))
    nowhere = db.scalars(select(Place.zip).where(Place.latitude == 0, Place.longitude == 0)).all()
    phoenix = geo.place("85001")
    napakiak = geo.place("99634")  # the package names its town as its time zone

    assert again == there == db.scalar(select(func.count()).select_from(Place))
    assert there > places.COMPLETE
    assert zones - clock.ZONES == set()
    assert nowhere == []
    assert (phoenix.city, phoenix.state, phoenix.time_zone) == ("Phoenix", "AZ", "America/Phoenix")
    assert napakiak.time_zone == "America/Anchorage"
    assert geo.place("00601").state == "PR"
