"""The council that an imported row means, made where nobody knows it yet."""

from __future__ import annotations

from sqlalchemy import exists, select

from app.campaigns import divisions, likely_bodies
from app.campaigns.body_models import Body, BodyKind, Instrument
from app.campaigns.cases import Case, WrongCase
from app.campaigns.place_models import Division
from app.foundation import clock, text
from app.foundation.db import db


def body_of(case: Case) -> Body:
    """By its name, else the one of its kind in the place. Raises WrongCase."""
    division = _division(case.division)
    kind = _kind(case, division)
    query = select(Body).where(Body.division_id == division.id).order_by(Body.id)
    query = query.where(Body.name == case.body) if case.body else query.where(Body.kind == kind)
    body = db.scalars(query.limit(1)).first()
    if body is not None:
        return body
    name = case.body or likely_bodies.name_of(division, kind)
    taken = set(db.scalars(select(Body.slug).where(Body.slug.startswith(text.slug(name)))))
    body = Body(
        slug=text.free_slug(text.slug(name), taken),
        name=name,
        division_id=division.id,
        kind=kind,
        time_zone="America/New_York",
        created_at=clock.now(),
        updated_at=clock.now(),
    )
    db.add(body)
    db.flush()
    return body


def _division(raw: str) -> Division:
    """The division of an id; one that nobody knows is refused where the official list is loaded."""
    try:
        return divisions.division(raw)
    except divisions.UnknownDivision:
        division = divisions.unlisted(raw)
    if db.scalar(select(exists().where(Division.verified, Division.state == division.state))):
        raise WrongCase(f"division {raw}: not in the official list")
    db.add(division)
    db.flush()
    return division


def _kind(case: Case, division: Division) -> BodyKind:
    by_instrument = {
        Instrument.PROCLAMATION: BodyKind.EXECUTIVE,
        Instrument.BALLOT_MEASURE: BodyKind.VOTERS,
        Instrument.ORGANIZATIONAL: BodyKind.ORGANIZATION,
    }
    return by_instrument.get(case.instrument, likely_bodies.kind_of(division))
