"""What becomes of organizations' representatives when something happens to a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, or_, select, update

from app.alliances import organization_merging, organizations
from app.alliances import organization_queries as queries
from app.alliances.duplicate_models import PersonMerge
from app.alliances.organization_models import Organization, PersonConstituency, Representative
from app.alliances.partner_models import SharedItem
from app.foundation import signals
from app.foundation.db import db
from app.people.models import Person


@signals.person_merged.connect
def move_to(from_id: int, *, into_id: int, **_more: Any) -> None:
    """Two records are one person, who speaks for all that either spoke for."""
    db.flush()
    db.execute(
        update(Representative).where(Representative.person_id == from_id).values(person_id=into_id)
    )
    for column in (Organization.applied_by_id, Organization.decided_by_id, SharedItem.added_by_id):
        db.execute(update(column.class_).where(column == from_id).values({column.key: into_id}))
    kept = select(PersonConstituency.constituency).where(PersonConstituency.person_id == into_id)
    theirs = PersonConstituency.person_id == from_id
    db.execute(delete(PersonConstituency).where(theirs, PersonConstituency.constituency.in_(kept)))
    db.execute(update(PersonConstituency).where(theirs).values(person_id=into_id))


@signals.person_erased.connect
def forget(person: Person, **_more: Any) -> None:
    """A person goes: the organization stays, and nobody learns what they belonged to."""
    db.flush()
    left = queries.represented_by(person.id)
    _forget_authority(person)
    db.execute(delete(Representative).where(Representative.person_id == person.id))
    for organization in left:
        organizations.tell_if_nobody_speaks(organization)
    of_them = (PersonMerge.kept_id == person.id) | (PersonMerge.gone_id == person.id)
    db.execute(update(PersonMerge).where(of_them).values(moved={}))
    db.execute(delete(PersonConstituency).where(PersonConstituency.person_id == person.id))
    organization_merging.forget(person.id)


def _forget_authority(person: Person) -> None:
    """They allowed that the organization is named; that somebody did stays."""
    spoken_for = select(Representative.organization_id).where(Representative.person_id == person.id)
    theirs = or_(Organization.applied_by_id == person.id, Organization.id.in_(spoken_for))
    db.execute(
        update(Organization)
        .where(theirs, Organization.authority_by == person.name)
        .values(authority_by="", authority_title="")
        .execution_options(synchronize_session="fetch")
    )
