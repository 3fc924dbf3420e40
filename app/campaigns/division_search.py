"""Finding a jurisdiction as people type it: by its name, with a state or without, or its id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, product

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from app.campaigns import divisions
from app.campaigns.place_models import Division, DivisionAlias
from app.foundation import geo
from app.foundation.db import db

DC_ALSO = ("dc", "d.c.", "district of columbia", "washington dc", "washington d.c.")
SHORTEST, MOST_FOUND = 2, 30
BEYOND = "\U0010ffff"
SPELLINGS = {
    word: (word, *(other for other in words if other != word))
    for words in (("saint", "st.", "st"), ("fort", "ft.", "ft"), ("mount", "mt.", "mt"))
    for word in words
}
MOST_SPELLINGS = 9


@dataclass(frozen=True)
class Found:
    """One page of what was found, at most thirty, and whether another follows."""

    places: Sequence[Division] = ()
    page: int = 1
    has_more: bool = False


def search(raw: str, page: int = 1) -> Found:
    """Jurisdictions whose name begins so; `Columbus, OH` keeps to a state."""
    found: Sequence[Division] = [place] if (place := _by_id(raw)) else []
    for name, state in _readings(raw):
        found = found or _by_name(name, state, (page - 1) * MOST_FOUND)
    return Found(found[:MOST_FOUND], page, len(found) > MOST_FOUND)


def _by_id(raw: str) -> Division | None:
    """The one with this id, or with this end of one after the country: `district:dc`."""
    wanted = f"{divisions.COUNTRY}/{raw.strip().removeprefix(divisions.COUNTRY + '/')}"
    try:
        place = divisions.by_id(divisions.canonical(divisions.checked_id(wanted)))
    except divisions.MalformedDivision:
        return None
    return place if place is not None and place.rank is not None else None


def _readings(raw: str) -> Iterator[tuple[str, str]]:
    """What a name and its state may be, the likeliest first."""
    by_name = {word.casefold(): code for code, name in geo.STATES.items() for word in (code, name)}
    name, comma, state = raw.rpartition(",")
    if comma and state.strip().casefold() in by_name:
        yield name, by_name[state.strip().casefold()]
        return
    words = raw.split()
    if len(words) > 1 and words[-1] in geo.STATES:
        yield " ".join(words[:-1]), words[-1]
        return
    yield raw, ""
    for number in range(1, len(words)):
        if code := by_name.get(" ".join(words[number:]).casefold()):
            yield " ".join(words[:number]), code


def _by_name(name: str, state: str, skipped: int) -> Sequence[Division]:
    """One more than a page shows."""
    beginning = divisions.sought(name)
    if beginning in DC_ALSO:
        beginning = divisions.sought(divisions.DC_NAME)
    if len(beginning) < SHORTEST:
        return []
    ways = _spellings(beginning)
    if not divisions.is_imported():
        suggested = chain.from_iterable(divisions.suggestions(way, state) for way in ways)
        return list(islice(suggested, skipped, skipped + MOST_FOUND + 1))
    other = aliased(Division)
    by_alias = (
        select(DivisionAlias.division_id)
        .join(other, other.id == DivisionAlias.id)
        .where(_begins(other, ways))
    )
    named = or_(_begins(Division, ways), Division.id.in_(by_alias))
    in_state = [Division.state == state] if state else []
    query = select(Division).where(Division.rank.is_not(None), named, *in_state)
    order = (Division.rank, Division.sought, Division.id)
    return db.scalars(query.order_by(*order).offset(skipped).limit(MOST_FOUND + 1)).all()


def _spellings(beginning: str) -> Sequence[str]:
    """As it was typed, then as a list may write it: `st. louis` for `saint louis`. The last word
    may be the beginning of another."""
    words = beginning.split()
    ways = product(*(SPELLINGS.get(word, (word,)) for word in words[:-1]), words[-1:])
    return [" ".join(way) for way in islice(ways, MOST_SPELLINGS)]


def _begins(table: type[Division], ways: Sequence[str]) -> ColumnElement[bool]:
    return or_(*(and_(table.sought >= way, table.sought < way + BEYOND) for way in ways))
