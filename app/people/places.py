"""Where somebody says they live: a ZIP code, a city with its state, or both."""

from __future__ import annotations

import re

from app.foundation import geo


class UnknownCity(LookupError):
    """No city of this name in this state, as far as we know."""


class StateMissing(ValueError):
    """A city without its state; several states have a Columbus."""


def place_of(raw: str) -> geo.Place:
    """The place that was typed; raises WrongZip, UnknownZip, UnknownCity or StateMissing.

    A ZIP code that we do not know is kept if the city stands beside it: ours is not the last list.
    """
    zips = re.findall(r"(?<!\d)\d{5}(?:-\d{4})?(?!\d)", raw)
    city = re.sub(r"[\d-]+", " ", raw).strip(" ,") if zips else raw.strip()
    if re.fullmatch(r"[\d\s.-]*", raw) or (zips and not city):
        return geo.place(zips[0] if zips else raw)
    if not zips:
        return _in_city(city)
    try:
        return geo.place(zips[0])
    except geo.UnknownZip:
        return geo.copy_of(_in_city(city), zip=geo.zip_code(zips[0]))


def _in_city(raw: str) -> geo.Place:
    found = geo.place_in_city(raw)
    if found is None and not _names_state(raw):
        raise StateMissing(raw)
    if found is None:
        raise UnknownCity(raw)
    return found


def _names_state(raw: str) -> bool:
    words = [word for word in re.split(r"[,\s]+", raw) if word]
    tails = (" ".join(words[-tail:]) for tail in (1, 2, 3) if len(words) > tail)
    return any(geo.names_state(tail) for tail in tails)
