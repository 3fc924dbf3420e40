"""Which alliances are nearest to a place: two statements, whatever their number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from app.alliances.models import PUBLIC, Alliance
from app.alliances.queries import public
from app.foundation import geo
from app.foundation.db import db

RINGS = (25, 50, 100, 250, 500, 1000, 3000)
"""Miles at which the search for the nearest alliances widens."""


@dataclass(frozen=True)
class Near:
    """An alliance and how many miles away it is."""

    alliance: Alliance
    miles: float


def nearest(center: geo.Place, least: int = 3) -> Sequence[Near]:
    """At least so many alliances around a place if there are any within 3,000 miles, near first.

    The corners of a box are farther than its radius by less than a half; so the ring that holds
    enough is read once more, half as wide again.
    """
    point = (center.latitude, center.longitude)
    reach = _ring_with(least, point) * 1.5
    found = db.scalars(
        public().where(geo.in_box(Alliance.latitude, Alliance.longitude, point, reach))
    )
    near = [Near(a, geo.miles(*point, a.latitude, a.longitude)) for a in found]
    return sorted(
        (each for each in near if each.miles <= min(reach, RINGS[-1])),
        key=lambda each: (each.miles, each.alliance.name),
    )


def _ring_with(least: int, point: tuple[float, float]) -> int:
    """The narrowest ring around a point whose box holds so many public alliances."""
    numbers = db.execute(
        select(
            *(
                func.count().filter(geo.in_box(Alliance.latitude, Alliance.longitude, point, ring))
                for ring in RINGS
            )
        )
        .select_from(Alliance)
        .where(Alliance.life_cycle.in_(PUBLIC))
    ).one()
    enough = (ring for ring, number in zip(RINGS, numbers, strict=True) if number >= least)
    return next(enough, RINGS[-1])
