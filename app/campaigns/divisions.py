"""A jurisdiction by its Open Civic Data id.

Before anybody imports the official list, the places of our ZIP codes are suggested. Their ids are
put together from names and so not verified: two in five differ from the official ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, select

from app.campaigns.place_models import Division, DivisionAlias
from app.foundation import geo
from app.foundation.among import among
from app.foundation.db import db
from app.foundation.text import folded

COUNTRY = "ocd-division/country:us"
DC, DC_NAME = f"{COUNTRY}/district:dc", "Washington, District of Columbia"
ID = re.compile(r"ocd-division/country:us(?:/[a-z_]+:[\w.~-]+)*")
KNOWN_ALIASES = {
    f"{COUNTRY}/state:ca/place:san_francisco": f"{COUNTRY}/state:ca/county:san_francisco",
    f"{COUNTRY}/state:co/place:denver": f"{COUNTRY}/state:co/county:denver",
    f"{COUNTRY}/state:dc": DC,
    f"{COUNTRY}/state:dc/place:washington": DC,
    f"{COUNTRY}/district:dc/place:washington": DC,
}
"""The ones that people run into before the official aliases are there."""
CITY_COUNTIES = frozenset(
    (f"{COUNTRY}/state:ca/county:san_francisco", f"{COUNTRY}/state:co/county:denver")
)
"""Counties that are a city at the same time."""
COUNTIES = ("county", "parish", "borough", "census_area", "municipio", "municipality")
RANKS = {"place": 1, "school_district": 4, **dict.fromkeys(COUNTIES, 2)}
STATE_KINDS = ("country", "state", "district", "territory")
A_TOWNSHIP = 3
TERRITORIES = ("as", "gu", "mp", "pr", "vi", "dt", "pi", "ot")


class MalformedDivision(ValueError):
    """Not written as an Open Civic Data id of the United States."""


class UnknownDivision(LookupError):
    """Written as one, but neither listed nor suggested."""


@dataclass(frozen=True)
class Shape:
    """What an id itself says."""

    kind: str
    state: str
    county: str
    rank: int | None


def checked_id(raw: str) -> str:
    """The id as typed, without spaces around it; raises MalformedDivision."""
    raw = unicodedata.normalize("NFC", raw.strip())
    if not ID.fullmatch(raw) or raw != raw.lower():
        raise MalformedDivision(raw)
    return raw


def names_no_state(division_id: str) -> bool:
    """Whether it names a state or territory that does not exist, such as `state:zz`."""
    kind, _, code = "".join(division_id.split("/")[2:3]).partition(":")
    real = code.upper() in geo.STATES or code in TERRITORIES
    return kind in STATE_KINDS and not real


def shape(division_id: str) -> Shape:
    """State, county and kind from the id; a rank only for what may have a council of its own."""
    parts = [part.partition(":") for part in division_id.split("/")[1:]]
    kind = parts[-1][0]
    by_kind = {name: value for name, _, value in parts}
    state = by_kind.get("state") or by_kind.get("district") or by_kind.get("territory") or ""
    county = next((by_kind[name] for name in COUNTIES if name in by_kind), "")
    state = "" if len(state) != 2 else state.upper()
    rank = RANKS.get(kind)
    if kind in STATE_KINDS and len(parts) <= 2:
        rank = 0
    elif rank and kind == "place" and len(parts) > 3:
        rank = A_TOWNSHIP
    elif rank and len(parts) > 3:
        rank = None
    return Shape(kind, state, county, None if division_id in KNOWN_ALIASES else rank)


def sought(name: str) -> str:
    """A name as it is compared: without accents and without `City of` before it."""
    straight = folded(name).replace("\u2019", "'")  # as phones type it
    plain = unicodedata.normalize("NFKD", straight).encode("ascii", "ignore").decode()
    return re.sub(r"^(city|town|village|township|county|borough) of ", "", plain)


def canonical(division_id: str) -> str:
    """The official id for one that only means the same place."""
    if division_id in KNOWN_ALIASES:
        return KNOWN_ALIASES[division_id]
    alias = db.get(DivisionAlias, division_id)
    return alias.division_id if alias else division_id


def canonicals(division_ids: Collection[str]) -> Mapping[str, str]:
    """The official ids of many, by the ids given."""
    aliases = select(DivisionAlias).where(among(DivisionAlias.id, division_ids))
    imported = {alias.id: alias.division_id for alias in db.scalars(aliases)}
    return {each: KNOWN_ALIASES.get(each) or imported.get(each, each) for each in division_ids}


def division(raw: str) -> Division:
    """The jurisdiction of an id; raises MalformedDivision or UnknownDivision.

    While no official list is there, a suggestion that is asked for by its id is kept, unverified.
    """
    division_id = canonical(checked_id(raw))
    found = by_id(division_id)
    if found is None:
        raise UnknownDivision(division_id)
    db.add(found)
    db.flush()
    return found


def by_id(division_id: str) -> Division | None:
    """The one with this official id, be it only suggested."""
    return db.get(Division, division_id) or next(_suggested_by_id(division_id), None)


def is_imported() -> bool:
    """Whether somebody imported the official list."""
    return bool(db.scalar(select(exists().where(Division.verified))))


def suggestions(beginning: str, state: str = "") -> Iterator[Division]:
    """States, then cities and counties of our ZIP codes; each once."""
    places = geo.Place
    here = [places.state == state] if state else []
    seen = set()
    for suggestion in _states(state):
        if suggestion.sought.startswith(beginning):
            seen.add(suggestion.id)
            yield suggestion
    for city, code, county in cities(_begins(places.city, beginning), *here):
        suggestion = suggested_city(city, code, county)
        if suggestion.id not in seen:
            seen.add(suggestion.id)
            yield suggestion
    counties = select(places.county, places.state).where(
        _begins(places.county, beginning), places.county != "", *here
    )
    for county, code in db.execute(counties.distinct().order_by(places.county, places.state)):
        suggestion = suggested_county(county, code)
        if suggestion.id not in seen:
            yield suggestion


def _states(only: str) -> Iterator[Division]:
    """The states and the capital, or one of them, and the country, which has a legislature too."""
    for code in geo.STATES:
        if only in ("", code):
            yield unlisted(_id_of_state(code))
    if not only:
        yield unlisted(COUNTRY)


def _id_of_state(code: str) -> str:
    wanted = f"{COUNTRY}/state:{code.lower()}"
    return KNOWN_ALIASES.get(wanted, wanted)


def cities(*conditions: ColumnElement[bool]) -> Iterator[tuple[str, str, str]]:
    """The cities of our ZIP codes with state and county; the county with most of them first."""
    places = geo.Place
    columns = (places.city, places.state, places.county)
    query = select(*columns).where(*conditions).group_by(*columns)
    commonest = query.order_by(places.city, places.state, func.count().desc(), places.county)
    for city, state, county in db.execute(commonest):
        yield str(city), str(state), str(county)


def _begins(column: ColumnElement[str] | object, beginning: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = func.lower(column).startswith(beginning, autoescape=True)
    return found


def _suggested_by_id(division_id: str) -> Iterator[Division]:
    """The suggestion that has this id, if the list is not there yet."""
    parts = division_id.rpartition(":")
    beginning = re.split(r"[_~.-]", parts[2])[0]
    its = shape(division_id)
    if is_imported() or its.rank is None:
        return
    if its.rank == 0:
        yield from (each for each in _states(its.state) if each.id == division_id)
        return
    for suggestion in suggestions(beginning, its.state):
        if suggestion.id == division_id:
            yield suggestion


def suggested_city(city: str, state: str, county: str) -> Division:
    """A city of a ZIP code as a jurisdiction with the id that it probably has."""
    wanted = f"{COUNTRY}/state:{state.lower()}/place:{_key(city)}"
    division_id = KNOWN_ALIASES.get(wanted, wanted)
    return _suggestion(division_id, DC_NAME if division_id == DC else city, state, county)


def suggested_county(county: str, state: str) -> Division:
    """A county of a ZIP code, likewise."""
    kind = next((kind for kind in COUNTIES[:3] if county.casefold().endswith(f" {kind}")), "")
    name = county[: -len(kind) - 1] if kind else county
    wanted = f"{COUNTRY}/state:{state.lower()}/{kind or 'county'}:{_key(name)}"
    return _suggestion(wanted, county, state, county)


def _suggestion(division_id: str, name: str, state: str, county: str) -> Division:
    known = shape(division_id)
    return Division(
        id=division_id,
        name=name,
        sought=sought(name),
        state=state,
        county=county,
        kind=known.kind,
        rank=known.rank,
        verified=False,
    )


def unlisted(division_id: str) -> Division:
    """A jurisdiction that nobody suggests, with the name that its id tells."""
    known = shape(division_id)
    name = division_id.rpartition(":")[2].replace("_", " ").replace("~", "'").title()
    if known.rank == 0:
        name = geo.STATES.get(known.state, "United States" if known.kind == "country" else name)
        name = DC_NAME if division_id == DC else name
    elif known.kind in COUNTIES:
        name = f"{name} {known.kind.replace('_', ' ').title()}"
    return _suggestion(division_id, name, known.state, "")


def _key(name: str) -> str:
    """A name as ids have it: lower case, `_` for spaces, `~` for an apostrophe."""
    return re.sub(r"[^\w~-]+", "_", folded(name).replace(".", "").replace("'", "~")).strip("_")
