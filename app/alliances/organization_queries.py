"""Reads about organizations: who represents them, and which are part of an alliance."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, or_, select

from app.alliances.organization_models import (
    Organization,
    OrganizationInAlliance,
    OrganizationState,
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


def of_alliance(alliance_id: int) -> Sequence[Organization]:
    """The organizations that are part of an alliance today, by name."""
    return db.scalars(
        select(Organization)
        .join(OrganizationInAlliance, OrganizationInAlliance.organization_id == Organization.id)
        .where(OrganizationInAlliance.alliance_id == alliance_id, is_part_today())
        .order_by(Organization.name, Organization.id)
    ).all()


def is_part_today() -> ColumnElement[bool]:
    today = clock.today()
    return (OrganizationInAlliance.since <= today) & or_(
        OrganizationInAlliance.until.is_(None), OrganizationInAlliance.until >= today
    )
