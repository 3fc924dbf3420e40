"""ZIP codes with their point and time zone, from the `zipcodes` package into our own table.

Only the seed command reads the package: its list is large, so it is taken a tenth at a time and
let go; pages read the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import zipcodes
from sqlalchemy import delete, func, select

from app.foundation import clock
from app.foundation.db import db
from app.foundation.geo import Place

COMPLETE = 40_000
"""So many places mean that the table was filled; there are about 41,700."""

COLUMNS = "zip, city, state, county, time_zone, latitude, longitude"
INSERT = f"INSERT INTO place ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608  constants

ZONE_OF_STATE = {"AK": "America/Anchorage"}
"""Where the package has no real time zone for a place."""


def seed() -> int:
    """Fill the table of places if it is not full yet; how many are there."""
    there = db.scalar(select(func.count()).select_from(Place)) or 0
    if there >= COMPLETE:
        return there
    db.execute(delete(Place))
    return sum(_insert(list(_places(digit))) for digit in "0123456789")


def _insert(rows: list[tuple[Any, ...]]) -> int:
    """Add one tenth, in the way that each driver does fastest."""
    connection = db.connection()
    if connection.dialect.name == "postgresql":
        cursor: Any = connection.connection.cursor()
        with cursor, cursor.copy(f"COPY place ({COLUMNS}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        connection.exec_driver_sql(INSERT, rows)
    return len(rows)


def _places(digit: str) -> Iterator[tuple[Any, ...]]:
    """The ZIP codes that begin with a digit and have a point on the map, as COLUMNS say."""
    tenth: list[dict[str, Any]] = zipcodes.similar_to(digit)  # type: ignore[no-untyped-call]
    for found in tenth:
        latitude, longitude = float(found["lat"]), float(found["long"])
        zone = found["timezone"]
        if zone not in clock.ZONES:
            zone = ZONE_OF_STATE.get(found["state"])
        if not found["active"] or not zone or not (latitude or longitude):
            continue
        yield (
            found["zip_code"],
            found["city"],
            found["state"],
            found["county"],
            zone,
            latitude,
            longitude,
        )
