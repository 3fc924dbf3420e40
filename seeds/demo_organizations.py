"""The demo's 60 organizations: members of their alliances, applicants, a partner coalition."""

from __future__ import annotations

from datetime import timedelta

from app.alliances.organization_models import (
    Constituency,
    Organization,
    OrganizationConstituency,
    OrganizationInAlliance,
    OrganizationKind,
    OrganizationState,
    Representative,
)
from app.foundation import text
from app.foundation.db import db
from seeds.world import World

KINDS = (
    ("Bar Association", OrganizationKind.BAR, Constituency.BAR),
    ("Interfaith Council", OrganizationKind.FAITH, Constituency.FAITH),
    ("Veterans for Justice", OrganizationKind.VETERANS, Constituency.VETERANS),
    ("Students for Human Rights", OrganizationKind.STUDENT, Constituency.STUDENTS),
    ("Survivors' Network", OrganizationKind.NONPROFIT, Constituency.VICTIMS),
)
PARTNER = "Washington Working Group on the ICC"
APPLY_EVERY = 11
LIST_EVERY = 3


def seed(world: World) -> None:
    """Five for each of the twelve alliances; some apply, and most of the others are named."""
    number = 0
    for slug, alliance in sorted(world.alliances.items()):
        for name, kind, constituency in KINDS:
            number += 1
            made = Organization(
                name=f"{alliance.city} {name}",
                kind=kind,
                description=f"We work with our neighbors in {alliance.city} for justice.",
                zip=alliance.zip,
                city=alliance.city,
                us_state=alliance.state,
                created_at=world.now - timedelta(days=700 - number),
            )
            _settle(world, made, number)
            db.add(OrganizationConstituency(organization_id=made.id, constituency=constituency))
            _speak(world, made, slug, number)
            if made.is_member:
                since = world.now.date() - timedelta(days=600 - number)
                db.add(
                    OrganizationInAlliance(
                        organization_id=made.id, alliance_id=alliance.id, since=since
                    )
                )
    db.flush()


def _settle(world: World, made: Organization, number: int) -> None:
    """Where its membership stands; one in eleven still waits for an answer."""
    made.slug = text.slug(made.name)
    if number == 1:
        made.name, made.kind = PARTNER, OrganizationKind.PARTNER_COALITION
        made.slug = text.slug(PARTNER)
    if number % APPLY_EVERY == 0:
        made.state = OrganizationState.APPLIED
        made.applied_at = world.now - timedelta(days=number % 9)
    else:
        made.state = OrganizationState.MEMBER
        made.decided_at = world.now - timedelta(days=650 - number)
        if number % LIST_EVERY:
            made.listed = True
            made.authority_by, made.authority_title = "Robin Hale", "Executive director"
            made.authority_on = (world.now - timedelta(days=640 - number)).date()
    db.add(made)
    db.flush()


def _speak(world: World, made: Organization, slug: str, number: int) -> None:
    """One of the alliance's members speaks for it; for one in twenty nobody does."""
    members = world.members[slug]
    if members and number % 20:
        db.add(
            Representative(
                organization_id=made.id,
                person_id=members[number % len(members)].id,
                title="Program officer",
                since=world.now.date() - timedelta(days=500 - number),
            )
        )
