"""The councils and mayors of the demo's campaigns, with invented people in their seats."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from app.campaigns import council_actions, council_queries, divisions, records, seat_actions
from app.campaigns.body_models import Body, BodyKind, Instrument, SeatKind
from app.campaigns.place_models import Division
from app.foundation.db import db
from seeds.campaign_plans import Running
from seeds.names import FIRST, LAST
from seeds.world import World

PLACES = {
    "los-angeles": ("ca", "los_angeles", "Los Angeles city", 15),
    "columbus": ("oh", "columbus", "Columbus city", 9),
    "chicago": ("il", "chicago", "Chicago city", 9),
    "new-york": ("ny", "new_york", "New York city", 9),
    "boston": ("ma", "boston", "Boston city", 13),
    "seattle": ("wa", "seattle", "Seattle city", 9),
    "denver": ("co", "denver", "Denver County", 13),
    "portland": ("or", "portland", "Portland city", 12),
    "minneapolis": ("mn", "minneapolis", "Minneapolis city", 13),
    "austin": ("tx", "austin", "Austin city", 11),
    "madison": ("wi", "madison", "Madison city", 9),
    "phoenix": ("az", "phoenix", "Phoenix city", 9),
}
"""State, end of the place's id, its name, and seats that the demo gives its council."""


def body_of(world: World, running: Running) -> Body:
    """The council, or for a proclamation the mayor; kept by the alliance, with its seats."""
    alliance = world.alliances[running.town]
    state, place, name, seats = PLACES[running.town]
    is_paper = running.instrument == Instrument.PROCLAMATION
    kind = BodyKind.EXECUTIVE if is_paper else BodyKind.CITY_COUNCIL
    wanted = f"{divisions.COUNTRY}/state:{state}/place:{place}"
    division = _division(divisions.canonical(wanted), name)
    for known in council_queries.at(division.id):
        if known.kind == kind:
            return known
    city = records.place_name(division)
    about = council_actions.About(
        name=f"Mayor of {city}" if is_paper else f"{city} City Council",
        kind=kind,
        time_zone=alliance.time_zone,
        members=1 if is_paper else seats,
    )
    body = council_actions.keep(alliance, division, about)
    labels = ["Mayor"] if is_paper else [f"District {n}" for n in range(1, seats + 1)]
    _fill(world, body, labels)
    return body


def county_board(world: World) -> Body:
    """The three commissioners of Franklin County, kept by the alliance of Columbus."""
    alliance = world.alliances["columbus"]
    division = _division("ocd-division/country:us/state:oh/county:franklin", "Franklin County")
    about = council_actions.About(
        name="Franklin County Board of Commissioners",
        kind=BodyKind.COUNTY_BOARD,
        time_zone=alliance.time_zone,
        members=3,
    )
    body = council_actions.keep(alliance, division, about)
    _fill(world, body, [f"Commissioner {number}" for number in range(1, 4)])
    return body


def _fill(world: World, body: Body, labels: Iterable[str]) -> None:
    today = world.now.date()
    for label in labels:
        kind = SeatKind.PRESIDING if label == "Mayor" else SeatKind.DISTRICT
        seat = seat_actions.add_seat(body, label, kind)
        name = f"{world.chance.choice(FIRST)} {world.chance.choice(LAST)}"
        since = today - timedelta(days=500)
        seat_actions.save_term(
            seat, seat_actions.Official(name, since, since + timedelta(days=4 * 365))
        )


def _division(raw: str, name: str) -> Division:
    found = db.get(Division, raw)
    if found is None:
        shape = divisions.shape(raw)
        found = Division(
            id=raw,
            name=name,
            sought=divisions.sought(name),
            state=shape.state,
            kind=shape.kind,
            rank=shape.rank,
            verified=False,
        )
        db.add(found)
        db.flush()
    return found
