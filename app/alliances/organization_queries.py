"""Reads about organizations: who represents them, and which are part of an alliance."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import contains_eager

from app.alliances.models import Alliance
from app.alliances.organization_models import (
    Constituency,
    Organization,
    OrganizationConstituency,
    OrganizationInAlliance,
    OrganizationState,
    Representative,
)
from app.foundation import clock
from app.foundation.db import db


def by_slug(slug: str) -> Organization | None:
    return db.scalars(select(Organization).where(Organization.slug == slug)).first()


def listed() -> Select[Organization]:
    """The organizations that said they may be named in public."""
    return select(Organization).where(
        Organization.listed, Organization.state == OrganizationState.MEMBER
    )


def of_alliance(alliance_id: int, *, listed_only: bool = False) -> Sequence[Organization]:
    """The organizations that are part of an alliance today, by name."""
    return db.scalars(
        (listed() if listed_only else select(Organization))
        .join(OrganizationInAlliance, OrganizationInAlliance.organization_id == Organization.id)
        .where(OrganizationInAlliance.alliance_id == alliance_id, is_part_today())
        .order_by(Organization.name, Organization.id)
    ).all()


def representatives(organization_id: int) -> Sequence[Representative]:
    """Whoever speaks for an organization today, with their persons."""
    return db.scalars(
        select(Representative)
        .join(Representative.person)
        .options(contains_eager(Representative.person))
        .where(Representative.organization_id == organization_id, speaks_today())
        .order_by(Representative.since, Representative.id)
    ).all()


def represented_by(person_id: int) -> Sequence[Organization]:
    """The organizations for which a person speaks today, by name."""
    return db.scalars(
        select(Organization)
        .join(Representative, Representative.organization_id == Organization.id)
        .where(Representative.person_id == person_id, speaks_today())
        .order_by(Organization.name, Organization.id)
    ).all()


def is_part_today() -> ColumnElement[bool]:
    today = clock.today()
    return (OrganizationInAlliance.since <= today) & or_(
        OrganizationInAlliance.until.is_(None), OrganizationInAlliance.until >= today
    )


def speaks_today() -> ColumnElement[bool]:
    today = clock.today()
    return (Representative.since <= today) & or_(
        Representative.until.is_(None), Representative.until >= today
    )


def known() -> Select[Organization]:
    """All but those that were merged into another; for staff."""
    return select(Organization).where(Organization.merged_into_id.is_(None))


def applications() -> Sequence[Organization]:
    """What waits for an answer of staff, the oldest first."""
    return db.scalars(
        known()
        .where(Organization.state == OrganizationState.APPLIED)
        .order_by(Organization.applied_at, Organization.id)
    ).all()


def alliances_of(organization_id: int) -> Sequence[tuple[OrganizationInAlliance, Alliance]]:
    """The alliances that an organization is part of today."""
    rows = db.execute(
        select(OrganizationInAlliance, Alliance)
        .join(Alliance, Alliance.id == OrganizationInAlliance.alliance_id)
        .where(OrganizationInAlliance.organization_id == organization_id, is_part_today())
        .order_by(Alliance.name, Alliance.id)
    ).all()
    return [(part, alliance) for part, alliance in rows]


def constituencies(organization_id: int) -> Sequence[Constituency]:
    return db.scalars(
        select(OrganizationConstituency.constituency)
        .where(OrganizationConstituency.organization_id == organization_id)
        .order_by(OrganizationConstituency.constituency)
    ).all()


def chapters(organization_id: int) -> Sequence[Organization]:
    """The local chapters of an organization that the public may see."""
    return db.scalars(
        listed()
        .where(Organization.chapter_of_id == organization_id)
        .order_by(Organization.name, Organization.id)
    ).all()


def may_be_parent() -> Sequence[Organization]:
    """National members that chapters may belong to."""
    return db.scalars(
        known()
        .where(Organization.state == OrganizationState.MEMBER, Organization.chapter_of_id.is_(None))
        .order_by(Organization.name)
    ).all()


def unrepresented() -> Sequence[Organization]:
    """Members for which nobody speaks today."""
    spoken_for = select(Representative.organization_id).where(speaks_today())
    return db.scalars(
        known()
        .where(Organization.state == OrganizationState.MEMBER, Organization.id.not_in(spoken_for))
        .order_by(Organization.name)
    ).all()
