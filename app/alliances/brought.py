"""Alliances and organizations that were there before this site, brought along by staff."""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts.audit import audit
from app.alliances import organizations, proposals
from app.alliances.models import Alliance, Joining, LifeCycle
from app.alliances.organization_models import Organization, OrganizationKind, OrganizationState
from app.foundation import clock, geo
from app.foundation.db import db


@dataclass(frozen=True)
class AllianceTold:
    """An alliance as a file tells of it."""

    name: str
    place: geo.Place
    description: str
    joining: Joining
    life_cycle: LifeCycle


@dataclass(frozen=True)
class OrganizationTold:
    """An organization as a file tells of it; `place` may be unknown."""

    name: str
    kind: OrganizationKind
    website: str
    description: str
    place: geo.Place | None


def alliance(told: AllianceTold) -> Alliance:
    """An alliance that staff bring is approved; who coordinates it is said apart."""
    place, now = told.place, clock.now()
    made = Alliance(
        slug=proposals.free_slug(told.name),
        name=told.name,
        life_cycle=told.life_cycle,
        joining=told.joining,
        description=told.description,
        zip=place.zip,
        city=place.city,
        state=place.state,
        latitude=place.latitude,
        longitude=place.longitude,
        time_zone=place.time_zone,
        created_at=now,
        approved_at=now,
    )
    db.add(made)
    db.flush()
    audit("alliances", "alliance brought", made.id)
    return made


def organization(told: OrganizationTold) -> Organization:
    """An organization that we know of: national membership and its name in public come later,
    with a commitment and an authority on file."""
    place = told.place
    made = Organization(
        slug=organizations.free_slug(told.name),
        name=told.name,
        kind=told.kind,
        website=told.website,
        description=told.description,
        zip=place.zip if place else "",
        city=place.city if place else "",
        us_state=place.state if place else "",
        state=OrganizationState.PROSPECT,
        created_at=clock.now(),
    )
    db.add(made)
    db.flush()
    audit("alliances", "organization brought", made.id)
    return made
