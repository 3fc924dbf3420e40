"""What waits on the demo staff's desk: the press, a partner's paper, records that look alike.

It comes last and leaves nothing to chance, so that the rest of the world stays as it is.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from app.alliances import duplicates, organization_duplicates
from app.alliances.models import Membership, MembershipState
from app.alliances.organization_models import Organization, OrganizationKind, OrganizationState
from app.alliances.partner_models import SharedItem
from app.foundation.db import db
from app.library import actions, queries
from app.library.actions import PressText
from app.library.reading_models import PressState
from app.people import actions as people
from app.people.models import Address, Person, Standing
from seeds.demo_organizations import PARTNER
from seeds.world import World

TOWN = "columbus"
TWICE = "The Survivors' Network of Columbus"
NATIONAL = "Veterans for Justice"
PRESS = (
    ("answer-our-troops", "The Olentangy Courier", "Who would judge our soldiers?", 2, False),
    ("answer-not-local", "Radio Scioto", "A city hall is no court, says a caller", 9, True),
)
"""The point that answers it, where it was seen, what it was called, days ago, somebody writes."""


def seed(world: World) -> None:
    _press(world)
    _partner(world)
    _chapters(world)
    _person_twice(world)
    db.flush()
    duplicates.find()
    organization_duplicates.find()


def _press(world: World) -> None:
    by = world.staff.id if world.staff else None
    for key, outlet, title, days, is_taken in PRESS:
        point = queries.point(key)
        seen_on = (world.now - timedelta(days=days)).date()
        claim = point.claim if point else ""
        told = PressText(outlet, title, "", seen_on, claim, "")
        item = actions.see_in_press(told, point, by=by)
        if is_taken:
            actions.move_letter(item, PressState.TAKEN, by=by)


def _partner(world: World) -> None:
    partner = db.scalars(select(Organization).where(Organization.name == PARTNER)).one()
    db.add(
        SharedItem(
            organization_id=partner.id,
            title="A page for visits: five questions that offices ask",
            note="Questions that staff of members of Congress asked us, with short answers.",
            link="https://example.org/working-group/five-questions",
            on=(world.now - timedelta(days=12)).date(),
            added_at=world.now - timedelta(days=12),
        )
    )


def _chapters(world: World) -> None:
    """One organization whose chapters are in the alliances, and one that we know twice."""
    national = Organization(
        slug="veterans-for-justice",
        name=NATIONAL,
        kind=OrganizationKind.VETERANS,
        description="Veterans who want crimes of war tried wherever they happen.",
        state=OrganizationState.MEMBER,
        listed=True,
        authority_by="Robin Hale",
        authority_title="Executive director",
        authority_on=(world.now - timedelta(days=640)).date(),
        created_at=world.now - timedelta(days=700),
        decided_at=world.now - timedelta(days=650),
    )
    known_twice = Organization(
        slug="survivors-network-of-columbus",
        name=TWICE,
        kind=OrganizationKind.NONPROFIT,
        city=world.alliances[TOWN].city,
        us_state=world.alliances[TOWN].state,
        created_at=world.now - timedelta(days=20),
    )
    db.add_all([national, known_twice])
    db.flush()
    local = Organization.name.endswith(f" {NATIONAL}")
    for chapter in db.scalars(select(Organization).where(local).order_by(Organization.id)):
        chapter.chapter_of_id = national.id


def _person_twice(world: World) -> None:
    """A neighbor who joined a second time, with the address at work."""
    first, joined = world.members[TOWN][1], world.now - timedelta(days=15)
    email = f"{first.name.split()[0]}@work.example.org".lower()
    second = Person(
        name=first.name,
        address=Address(
            email=email,
            digest=people.address_digest(email),
            created_at=joined,
            confirmed_at=joined,
        ),
        standing=Standing.ACTIVE,
        created_at=joined,
        confirmed_at=joined,
    )
    for part in ("zip", "city", "state", "latitude", "longitude", "time_zone"):
        setattr(second, part, getattr(first, part))
    db.add(second)
    db.flush()
    db.add(
        Membership(
            alliance_id=world.alliances[TOWN].id,
            person_id=second.id,
            state=MembershipState.ACTIVE,
            how="demo",
            since=joined,
        )
    )
