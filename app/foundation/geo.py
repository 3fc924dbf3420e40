"""Places of the United States: ZIP codes with their point and time zone, states, distances."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from typing import Any

from flask import current_app
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Index, and_, func, inspect, select
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from app.foundation.db import Base, db

EARTH_RADIUS_MILES = 3958.8
MILES_PER_DEGREE = 69.0
DEGREE = radians(1)
MILES_OF_A_DEGREE = DEGREE * EARTH_RADIUS_MILES

STATES = {
    "AL": "Alabama",
    "AK": "Alaska",
    "AZ": "Arizona",
    "AR": "Arkansas",
    "CA": "California",
    "CO": "Colorado",
    "CT": "Connecticut",
    "DE": "Delaware",
    "DC": "District of Columbia",
    "FL": "Florida",
    "GA": "Georgia",
    "HI": "Hawaii",
    "ID": "Idaho",
    "IL": "Illinois",
    "IN": "Indiana",
    "IA": "Iowa",
    "KS": "Kansas",
    "KY": "Kentucky",
    "LA": "Louisiana",
    "ME": "Maine",
    "MD": "Maryland",
    "MA": "Massachusetts",
    "MI": "Michigan",
    "MN": "Minnesota",
    "MS": "Mississippi",
    "MO": "Missouri",
    "MT": "Montana",
    "NE": "Nebraska",
    "NV": "Nevada",
    "NH": "New Hampshire",
    "NJ": "New Jersey",
    "NM": "New Mexico",
    "NY": "New York",
    "NC": "North Carolina",
    "ND": "North Dakota",
    "OH": "Ohio",
    "OK": "Oklahoma",
    "OR": "Oregon",
    "PA": "Pennsylvania",
    "RI": "Rhode Island",
    "SC": "South Carolina",
    "SD": "South Dakota",
    "TN": "Tennessee",
    "TX": "Texas",
    "UT": "Utah",
    "VT": "Vermont",
    "VA": "Virginia",
    "WA": "Washington",
    "WV": "West Virginia",
    "WI": "Wisconsin",
    "WY": "Wyoming",
}

_IN_TRANSLATION = {
    "DC": _l("District of Columbia"),
    "HI": _l("Hawaii"),
    "LA": _l("Louisiana"),
    "MI": _l("Michigan"),
    "MS": _l("Mississippi"),
    "MO": _l("Missouri"),
    "NC": _l("North Carolina"),
    "ND": _l("North Dakota"),
    "NH": _l("New Hampshire"),
    "NJ": _l("New Jersey"),
    "NM": _l("New Mexico"),
    "NY": _l("New York"),
    "OR": _l("Oregon"),
    "PA": _l("Pennsylvania"),
    "SC": _l("South Carolina"),
    "SD": _l("South Dakota"),
    "WV": _l("West Virginia"),
}
"""What other languages call the states that they do not call as English does."""


class WrongZip(ValueError):
    """Not five digits (or ZIP+4)."""


class UnknownZip(LookupError):
    """Five digits that no post office uses, as far as we know."""


class Place(Base):
    """One ZIP code; filled from the `zipcodes` package by `flask seed reference`."""

    __tablename__ = "place"
    __table_args__ = (Index(None, "city", "state"),)

    zip: Mapped[str] = mapped_column(primary_key=True)
    city: Mapped[str]
    state: Mapped[str]
    county: Mapped[str]
    time_zone: Mapped[str]
    latitude: Mapped[float]
    longitude: Mapped[float]


def zip_code(raw: str) -> str:
    """The five digits of a ZIP code as typed, or WrongZip."""
    match = re.fullmatch(r"\s*(\d{5})(?:[-\s]\d{4})?\s*", raw)
    if not match:
        raise WrongZip(raw)
    return match[1]


def place(raw: str) -> Place:
    """The place of a ZIP code as typed; raises WrongZip or UnknownZip."""
    code = zip_code(raw)
    known: dict[str, Place] = current_app.extensions.setdefault("places", {})
    if code not in known:
        found = db.get(Place, code)
        if found is None:
            raise UnknownZip(raw)
        known[code] = copy_of(found)  # for all who ask: the post office hardly changes its mind
    return known[code]


def copy_of(place: Place, **changed: str) -> Place:
    """A place that belongs to no session."""
    facts = {column.key: getattr(place, column.key) for column in inspect(Place).columns}
    return Place(**facts | changed)


def place_in_city(raw: str) -> Place | None:
    """A place for `Columbus, OH` or `Columbus Ohio`; None if the state is missing or unknown."""
    by_name = _by_name()
    words = re.split(r"[,\s]+", raw.strip())
    for tail in (1, 2, 3):
        state = by_name.get(" ".join(words[-tail:]).casefold())
        if state and len(words) > tail:
            city = " ".join(words[:-tail])
            return db.scalars(
                select(Place)
                .where(func.lower(Place.city) == city.lower(), Place.state == state)
                .order_by(Place.zip)
                .limit(1)
            ).first()
    return None


def miles(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance in miles between two points in degrees."""
    lat1, lon1, lat2, lon2 = map(radians, (lat1, lon1, lat2, lon2))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_MILES * asin(sqrt(half))


def in_box(
    latitude: InstrumentedAttribute[float] | InstrumentedAttribute[float | None],
    longitude: InstrumentedAttribute[float] | InstrumentedAttribute[float | None],
    center: tuple[float, float],
    radius_miles: float,
) -> ColumnElement[bool]:
    """A box around a point that holds every place within the radius, for an index to answer."""
    lat, lon = center
    up = radius_miles / MILES_PER_DEGREE
    across = up / max(cos(radians(lat)), 0.1)
    return and_(latitude.between(lat - up, lat + up), longitude.between(lon - across, lon + across))


def flat_miles_squared(latitude: Any, longitude: Any, center: tuple[float, float]) -> Any:
    """The square of the distance from a point, of numbers or of columns.

    Reckoned on a plane as wide as the latitude midway: for up to 500 miles within one mile in a
    thousand, and without trigonometry of the database, which not every SQLite has. The square of
    that width is multiplied out in `_width_squared`, which leaves a database few steps for a row.
    """
    lat, lon = center
    north, east = latitude - lat, longitude - lon
    width, *lower = _width_squared(lat)
    for factor in lower:
        width = width * north + factor
    return north * north * MILES_OF_A_DEGREE**2 + east * east * width


def _width_squared(latitude: float) -> Sequence[Any]:
    """The square of a degree of longitude in miles, halfway to a latitude that is so many degrees
    farther north: the factors of the powers of these, the fourth first."""
    half = DEGREE / 2
    here, slope = cos(radians(latitude)), -sin(radians(latitude)) * half
    bend = -here * half**2 / 2
    powers = (bend**2, 2 * slope * bend, slope**2 + 2 * here * bend, 2 * here * slope, here**2)
    return [each * MILES_OF_A_DEGREE**2 for each in powers]


def within(
    latitude: InstrumentedAttribute[float | None],
    longitude: InstrumentedAttribute[float | None],
    center: tuple[float, float],
    radius_miles: float,
) -> ColumnElement[bool]:
    """Whether a point lies within the radius."""
    box = in_box(latitude, longitude, center, radius_miles)
    squared = flat_miles_squared(latitude, longitude, center)
    return and_(box, squared <= float(radius_miles) ** 2)


def state_choices() -> Sequence[tuple[str, Any]]:
    """The states for a form, in the order of their English names."""
    return [(code, _IN_TRANSLATION.get(code, name)) for code, name in STATES.items()]


def states() -> dict[str, str]:
    """The names of the states in the page's language, by their codes."""
    return _states_in(str(get_locale() or ""))


@lru_cache
def _states_in(_locale: str) -> dict[str, str]:
    return {code: state_name(code) for code in STATES}


def state_name(code: str) -> str:
    """Nueva York on a page in Spanish; what is no code is said as it is."""
    return str(_IN_TRANSLATION.get(code) or STATES.get(code, code))


def names_state(words: str) -> bool:
    """Whether this is a state: its code, or its name in English or the page's language."""
    return words.casefold() in _by_name()


def _by_name() -> dict[str, str]:
    names = [(each, code) for code, name in STATES.items() for each in (code, name)]
    names += [(str(name), code) for code, name in _IN_TRANSLATION.items()]
    return {name.casefold(): code for name, code in names}
