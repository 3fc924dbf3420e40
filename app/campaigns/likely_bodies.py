"""The council that a place most likely has, until somebody says what it is called."""

from __future__ import annotations

from app.campaigns import divisions, records
from app.campaigns.body_models import BodyKind
from app.campaigns.place_models import Division

_KINDS = {
    "country": BodyKind.CONGRESS,
    "state": BodyKind.LEGISLATURE,
    "territory": BodyKind.LEGISLATURE,
    **dict.fromkeys(divisions.COUNTIES, BodyKind.COUNTY_BOARD),
}
_NAMES = {
    BodyKind.CITY_COUNCIL: "City Council",
    BodyKind.COUNTY_BOARD: "Board",
    BodyKind.LEGISLATURE: "Legislature",
    BodyKind.CONGRESS: "Congress",
    BodyKind.EXECUTIVE: "Office of the Mayor",
    BodyKind.ORGANIZATION: "Assembly",
    BodyKind.VOTERS: "Voters",
}


def kind_of(division: Division) -> BodyKind:
    """Two counties are cities, and the capital's council is called one."""
    if division.id in divisions.CITY_COUNTIES:
        return BodyKind.CITY_COUNCIL
    return _KINDS.get(division.kind, BodyKind.CITY_COUNCIL)


def name_of(division: Division, kind: BodyKind) -> str:
    return f"{records.place_name(division)} {_NAMES[kind]}"
